//! A disk that is full: produce is refused with Kafka's code, reads go on, and room heals it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use testkit::{Ottla, Step};

use crate::client::{Client, KAFKA_STORAGE_ERROR, NONE, PATIENCE, batch, others_are_served};

/// A file system of its own, of so many megabytes.
struct SmallDisk {
    _own: TempDir,
    place: PathBuf,
}

impl SmallDisk {
    /// Needs root, or a user that may mount; the message says so where neither is given.
    fn new(megabytes: u32) -> Self {
        let own = TempDir::new().expect("a directory");
        let place = own.path().join("disk");
        fs::create_dir(&place).expect("make");
        Step::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"])
            .args([&place])
            .run()
            .expect("this test mounts a tmpfs, which needs root");
        Self { _own: own, place }
    }

    fn path(&self) -> &Path {
        &self.place
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // A process that is just dying may hold it for a moment more.
        let _ = Step::new("umount").args(["-l"]).args([&self.place]).run();
    }
}

/// An idempotent producer of large batches, one record each, that knows what was acknowledged.
struct Producer {
    topic: String,
    id: (i64, i16),
    acknowledged: usize,
}

impl Producer {
    fn new(client: &mut Client, topic: &str) -> Self {
        Self { topic: topic.to_owned(), id: client.new_producer(), acknowledged: 0 }
    }

    fn value(index: usize) -> String {
        format!("{index:08}{}", "x".repeat(900_000))
    }

    /// Sends the next batch, which may be one that was refused before.
    fn send(&mut self, client: &mut Client) -> i16 {
        let sequence = i32::try_from(self.acknowledged).expect("few");
        let records =
            batch(&[Self::value(self.acknowledged)], Some((self.id.0, self.id.1, sequence)));
        let code = client.produce_code(&self.topic, records);
        self.acknowledged += usize::from(code == NONE);
        code
    }

    /// Sends until the broker refuses; gives its code.
    fn fill(&mut self, client: &mut Client) -> i16 {
        loop {
            let code = self.send(client);
            if code != NONE {
                return code;
            }
            assert!(self.acknowledged < 300, "more than the disk holds was acknowledged");
        }
    }

    /// Sends the batch that was refused again and again, until it is taken.
    fn send_until_taken(&mut self, client: &mut Client) {
        let end = Instant::now() + PATIENCE;
        loop {
            match self.send(client) {
                NONE => return,
                code => assert_eq!(code, KAFKA_STORAGE_ERROR),
            }
            assert!(Instant::now() < end, "no produce though there is room again");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// All that was acknowledged is there, once and in order, after the record that the topic began with.
    fn assert_all_there(&self, client: &mut Client) {
        let found = client.read(&self.topic).expect("read");
        assert_eq!(found.len(), self.acknowledged + 1, "records in {}", self.topic);
        for (index, value) in found[1..].iter().enumerate() {
            assert!(*value == Self::value(index).into_bytes(), "another record at {index}");
        }
    }
}

#[test]
fn a_full_disk_refuses_produce_serves_reads_and_heals() {
    refuses_serves_and_heals(&[("segment.bytes", "4194304")]);
}

#[test]
fn a_full_disk_refuses_produce_of_durability_os_too() {
    refuses_serves_and_heals(&[("segment.bytes", "4194304"), ("ottla.durability", "os")]);
}

/// The page says it soon.
fn says(ottla: &Ottla, path: &str, words: &str) {
    let end = Instant::now() + PATIENCE;
    loop {
        let page = ottla.page(path).expect("a page");
        if page.contains(words) {
            return;
        }
        assert!(Instant::now() < end, "{path} does not say {words}: {page}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn refuses_serves_and_heals(settings: &[(&str, &str)]) {
    let disk = SmallDisk::new(160);
    let ballast = disk.path().join("ballast");
    let mut ottla = Ottla::start_in(&disk.path().join("data"), &[]).expect("Ottla");
    let mut client = Client::new(&ottla.bootstrap());
    let topic = client.create("full", settings);
    let mut producer = Producer::new(&mut client, &topic);
    fs::write(&ballast, vec![1; 60 << 20]).expect("ballast");
    for _ in 0..2 {
        let acknowledged = producer.acknowledged;
        assert_eq!(producer.fill(&mut client), KAFKA_STORAGE_ERROR);
        assert!(producer.acknowledged > acknowledged, "nothing was taken though there was room");
        producer.assert_all_there(&mut client);
        says(&ottla, "/health/ready", "is full");
        says(&ottla, "/metrics", "\nottla_log_fulldirectorycount 1\n");
        let ballast_size = fs::metadata(&ballast).expect("ballast").len();
        let file = fs::File::options().write(true).open(&ballast).expect("open");
        file.set_len(ballast_size / 2).expect("make room");
        producer.send_until_taken(&mut client);
        producer.assert_all_there(&mut client);
    }
    fs::remove_file(&ballast).expect("remove");
    producer.send_until_taken(&mut client);
    others_are_served(&ottla.bootstrap());
    says(&ottla, "/health/ready", "\"ready\"");
    ottla.kill().expect("the kill");
    ottla.restart().expect("a start after the kill");
    let mut client = Client::new(&ottla.bootstrap());
    producer.assert_all_there(&mut client);
    producer.send_until_taken(&mut client);
    producer.assert_all_there(&mut client);
}

#[test]
fn deleting_a_topic_heals_a_full_disk() {
    let disk = SmallDisk::new(120);
    let ottla = Ottla::start_in(&disk.path().join("data"), &[]).expect("Ottla");
    let mut client = Client::new(&ottla.bootstrap());
    let (doomed, kept) = (client.create("doomed", &[]), client.create("kept", &[]));
    let mut first = Producer::new(&mut client, &doomed);
    let mut second = Producer::new(&mut client, &kept);
    assert_eq!(first.fill(&mut client), KAFKA_STORAGE_ERROR);
    assert_eq!(second.send(&mut client), KAFKA_STORAGE_ERROR);
    assert_eq!(client.delete_code(&doomed), NONE);
    second.send_until_taken(&mut client);
    second.assert_all_there(&mut client);
}

#[test]
fn a_kill_on_a_full_disk_loses_nothing_acknowledged() {
    let disk = SmallDisk::new(160);
    let mut ottla = Ottla::start_in(&disk.path().join("data"), &[]).expect("Ottla");
    let mut client = Client::new(&ottla.bootstrap());
    let topic = client.create("full", &[("segment.bytes", "4194304")]);
    let ballast = disk.path().join("ballast");
    fs::write(&ballast, vec![1; 60 << 20]).expect("ballast");
    let large = "x".repeat(900_000);
    let mut acknowledged = 1;
    while client.produce(&topic, -1, batch(&[&large], None)).is_some_and(|p| p.error_code == NONE) {
        acknowledged += 1;
        assert!(acknowledged < 200, "more than the disk holds was acknowledged");
    }
    ottla.kill().expect("the kill");
    fs::remove_file(&ballast).expect("remove");
    ottla.restart().expect("a start after the kill");
    let found = Client::new(&ottla.bootstrap()).read(&topic).expect("read").len();
    assert!(found >= acknowledged, "{found} of {acknowledged} acknowledged records are there");
}
