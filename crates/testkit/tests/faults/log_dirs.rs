//! Several log directories of which one fails: only what lies in it goes offline, and it comes back whole.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use testkit::Ottla;
use wire::messages::MetadataRequest;
use wire::messages::metadata_request::MetadataRequestTopic;

use crate::client::{
    Client, KAFKA_STORAGE_ERROR, LEADER_NOT_AVAILABLE, NONE, NOT_LEADER_OR_FOLLOWER, PATIENCE,
    batch, others_are_served,
};

/// A topic and how many of its records were acknowledged, after the one that it began with.
struct Filled {
    name: String,
    acknowledged: usize,
}

impl Filled {
    /// A batch large enough to go to a segment of its own at once.
    fn produce(&mut self, client: &mut Client) -> i16 {
        let value = format!("{:08}{}", self.acknowledged, "x".repeat(600_000));
        let code = client.produce_code(&self.name, batch(&[value], None));
        self.acknowledged += usize::from(code == NONE);
        code
    }

    fn assert_all_there(&self, client: &mut Client) {
        let found = client.read(&self.name).expect("read");
        assert!(found.len() > self.acknowledged, "{} lost acknowledged records", self.name);
        for (index, value) in found[1..=self.acknowledged].iter().enumerate() {
            assert!(value.starts_with(format!("{index:08}").as_bytes()), "another record");
        }
    }

    fn lies_in(&self, dir: &Path) -> bool {
        dir.join(format!("{}-0", self.name)).exists()
    }
}

/// The error and the leader that Metadata gives for partition 0.
fn leader(client: &mut Client, topic: &str) -> (i16, i32) {
    let topic = MetadataRequestTopic { name: Some(topic.into()), ..Default::default() };
    let request = MetadataRequest { topics: Some(vec![topic]), ..Default::default() };
    let answer = client.side.call(&request, 12).expect("metadata").expect("an answer");
    let partition = &answer.topics[0].partitions[0];
    (partition.error_code, partition.leader_id)
}

fn wait_until_leaderless(client: &mut Client, topic: &str) {
    let end = Instant::now() + PATIENCE;
    while leader(client, topic) != (LEADER_NOT_AVAILABLE, -1) {
        assert!(Instant::now() < end, "{topic} has a leader still: {:?}", leader(client, topic));
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Takes the directory away under the broker, so that whatever opens a file in it fails.
fn break_dir(dir: &Path) -> PathBuf {
    let away = dir.with_extension("away");
    fs::rename(dir, &away).expect("rename");
    fs::write(dir, b"no directory").expect("write");
    away
}

fn mend_dir(dir: &Path, away: &Path) {
    fs::remove_file(dir).expect("remove");
    fs::rename(away, dir).expect("rename back");
}

#[test]
fn one_failing_log_directory_takes_only_its_partitions_offline() {
    let own = TempDir::new().expect("a directory");
    let (first, second) = (own.path().join("first"), own.path().join("second"));
    // The option takes a list, as the setting does.
    let both = PathBuf::from(format!("{},{}", first.display(), second.display()));
    let mut ottla = Ottla::start_in(&both, &[]).expect("Ottla");
    let mut client = Client::new(&ottla.bootstrap());
    let mut topics: Vec<Filled> = (0..6)
        .map(|_| client.create("dirs", &[("segment.bytes", "1048576")]))
        .map(|name| Filled { name, acknowledged: 0 })
        .collect();
    for topic in &mut topics {
        assert_eq!(topic.produce(&mut client), NONE);
    }
    let (mut good, mut bad): (Vec<_>, Vec<_>) =
        topics.into_iter().partition(|topic| topic.lies_in(&first));
    assert!(!good.is_empty() && !bad.is_empty(), "all partitions lie in one directory");
    assert!(bad.iter().all(|topic| topic.lies_in(&second)));

    // It fails while the broker runs.
    let away = break_dir(&second);
    let end = Instant::now() + PATIENCE;
    let code = loop {
        let code = bad[0].produce(&mut client);
        if code != NONE {
            break code;
        }
        assert!(Instant::now() < end, "the directory is gone, and nobody noticed");
    };
    assert_eq!(code, KAFKA_STORAGE_ERROR);
    for topic in &mut bad {
        let code = topic.produce(&mut client);
        assert!([KAFKA_STORAGE_ERROR, NOT_LEADER_OR_FOLLOWER].contains(&code), "code {code}");
        wait_until_leaderless(&mut client, &topic.name);
    }
    let go_on = |client: &mut Client, good: &mut Vec<Filled>, address: &str| {
        for topic in good.iter_mut() {
            assert_eq!(topic.produce(client), NONE);
            topic.assert_all_there(client);
        }
        others_are_served(address);
    };
    go_on(&mut client, &mut good, &ottla.bootstrap());

    // It is missing at a start.
    ottla.kill().expect("the kill");
    ottla.restart().expect("a start with one directory missing");
    let mut client = Client::new(&ottla.bootstrap());
    go_on(&mut client, &mut good, &ottla.bootstrap());
    for topic in &mut bad {
        assert_eq!(leader(&mut client, &topic.name), (LEADER_NOT_AVAILABLE, -1));
        assert_eq!(topic.produce(&mut client), NOT_LEADER_OR_FOLLOWER);
        assert!(!topic.lies_in(&first), "a second log of {} was begun", topic.name);
    }
    ottla.stop().expect("a clean stop");

    // It is back.
    mend_dir(&second, &away);
    ottla.restart().expect("a start with all directories");
    let mut client = Client::new(&ottla.bootstrap());
    go_on(&mut client, &mut good, &ottla.bootstrap());
    go_on(&mut client, &mut bad, &ottla.bootstrap());
}
