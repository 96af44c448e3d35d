use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use controller::{BrokerHeartbeat, DeleteTopics, TopicKey};
use io::{Disk, RealDisk};
use metadata::ConfigResource;
use quorum::{Quorum, QuorumThread, Unavailable};

use crate::fixture::{ask, content, format, join, options, own, topic};

fn disk() -> Arc<dyn Disk> {
    Arc::new(RealDisk)
}

fn formatted() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    quorum::format(disk().as_ref(), dir.path(), &format()).unwrap();
    dir
}

fn start(dir: &Path) -> (Quorum, QuorumThread) {
    quorum::start(options(disk(), dir), |error| panic!("{error}")).unwrap()
}

fn stop_broker(quorum: &Quorum, epoch: model::BrokerEpoch) {
    let heartbeat = BrokerHeartbeat {
        id: own().id,
        epoch,
        metadata_end: None,
        want_fence: false,
        want_shut_down: true,
        offline_log_dirs: vec![],
    };
    assert!(!ask(quorum, heartbeat.clone()).unwrap().unwrap().should_shut_down);
    assert!(ask(quorum, heartbeat).unwrap().unwrap().should_shut_down);
}

#[test]
fn a_new_directory_serves_at_once_and_a_restart_brings_everything_back() {
    let dir = formatted();
    assert!(quorum::is_formatted(&RealDisk, dir.path()).unwrap());
    let (quorum, thread) = start(dir.path());
    assert_eq!(quorum.image().feature("metadata.version"), 33);
    assert_eq!(quorum.status().epoch.to_wire(), 1);
    let epoch = join(&quorum, 1);
    let created = ask(&quorum, topic("a.b", 3)).unwrap().remove(0).1.unwrap();
    let image = quorum.image();
    let known = image.topic("a.b").unwrap();
    assert_eq!((known.id, known.partitions.len()), (created.id, 3));
    assert_eq!(image.config_value(&ConfigResource::topic("a.b"), "retention.ms"), Some("1000"));
    stop_broker(&quorum, epoch);
    let before = content(&quorum.image());
    thread.stop().unwrap();
    assert_eq!(ask(&quorum, topic("c", 1)), Err(Unavailable::NotActive));

    let (quorum, thread) = start(dir.path());
    assert_eq!(quorum.status().epoch.to_wire(), 2);
    assert_eq!(content(&quorum.image()), before);
    let again = join(&quorum, 2);
    assert!(again > epoch);
    let leader = |image: &metadata::Image| {
        let topic = Arc::clone(image.topic("a.b").unwrap());
        topic.partitions.values().map(|partition| partition.leader).collect::<Vec<_>>()
    };
    assert_eq!(leader(&quorum.image()), [Some(own().id); 3]);
    thread.stop().unwrap();
}

#[test]
fn watchers_see_every_image_in_order_and_the_reply_comes_after_them() {
    let dir = formatted();
    let (quorum, thread) = start(dir.path());
    join(&quorum, 1);
    let ends = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::new(AtomicUsize::new(0));
    let (ends_too, seen_too) = (Arc::clone(&ends), Arc::clone(&seen));
    quorum.watch(Box::new(move |image| {
        ends_too.lock().unwrap().push(image.end());
        seen_too.store(image.topic_count(), Ordering::SeqCst);
    }));
    for count in 1..=20 {
        ask(&quorum, topic(&format!("t{count}"), 1)).unwrap();
        assert_eq!(seen.load(Ordering::SeqCst), count);
        assert_eq!(quorum.image().topic_count(), count);
    }
    let ends = ends.lock().unwrap();
    assert!(ends.len() == 21 && ends.is_sorted());
    thread.stop().unwrap();
}

#[test]
fn a_snapshot_takes_the_place_of_the_log() {
    let dir = formatted();
    let mut small = options(disk(), dir.path());
    small.log.bytes_between_snapshots = 2_000;
    small.log.retention_bytes = Some(1);
    let (quorum, thread) = quorum::start(small.clone(), |error| panic!("{error}")).unwrap();
    join(&quorum, 1);
    for count in 0..60 {
        assert!(ask(&quorum, topic(&format!("t{count}"), 2)).unwrap()[0].1.is_ok());
        if count % 3 == 0 {
            let topics = vec![TopicKey::Name(format!("t{count}"))];
            assert!(ask(&quorum, DeleteTopics { topics }).unwrap()[0].is_ok());
        }
        // Lets the snapshot's thread end in between.
        std::thread::yield_now();
    }
    let before = content(&quorum.image());
    thread.stop().unwrap();
    let names = |suffix: &str| {
        let entries = std::fs::read_dir(dir.path().join(quorum::METADATA_DIR)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name.ends_with(suffix)).collect();
        names.sort();
        names
    };
    let snapshots = names(".checkpoint");
    assert!(!snapshots.iter().any(|name| name.starts_with(&"0".repeat(20))), "{snapshots:?}");
    assert!(!names(".log").contains(&format!("{:020}.log", 0)));

    let (quorum, thread) = quorum::start(small, |error| panic!("{error}")).unwrap();
    assert_eq!(content(&quorum.image()), before);
    assert_eq!(quorum.image().topic_count(), 40);
    thread.stop().unwrap();
}

#[test]
fn short_lives_take_a_snapshot_together() {
    let dir = formatted();
    let mut small = options(disk(), dir.path());
    small.log.bytes_between_snapshots = 3_000;
    let count = || {
        let entries = std::fs::read_dir(dir.path().join(quorum::METADATA_DIR)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names
            .filter(|name| {
                name.ends_with(".checkpoint") && !name.starts_with(&format!("{:020}-", 0))
            })
            .count()
    };
    let mut lives = 0;
    while count() == 0 {
        assert!(lives < 30, "each life writes less than a snapshot's worth, and there are many");
        lives += 1;
        let (quorum, thread) = quorum::start(small.clone(), |error| panic!("{error}")).unwrap();
        join(&quorum, lives);
        thread.stop().unwrap();
    }
    assert!(lives > 2);
}

#[test]
fn a_feature_that_is_too_new_or_not_known_is_refused_before_the_log_is_written_to() {
    for (name, level, command) in [
        ("metadata.version", 34, "downgrade --feature metadata.version=33"),
        ("metadata.version", 6, "upgrade --feature metadata.version=7"),
        ("flux.version", 1, "downgrade --feature flux.version=0"),
        ("group.version", 2, "downgrade --feature group.version=1"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let mut newer = format();
        newer.features.retain(|(known, _)| known != name);
        newer.features.push((name.to_owned(), level));
        quorum::format(disk().as_ref(), dir.path(), &newer).unwrap();
        let refused = quorum::start(options(disk(), dir.path()), |error| panic!("{error}")).err();
        let said = refused.unwrap().to_string();
        assert!(said.contains(command), "{said}");
        let log = dir.path().join(quorum::METADATA_DIR).join(format!("{:020}.log", 0));
        assert_eq!(std::fs::metadata(log).map(|log| log.len()).unwrap_or(0), 0);
    }
}

#[test]
fn requests_of_many_threads_are_all_answered_once() {
    let dir = formatted();
    let (quorum, thread) = start(dir.path());
    join(&quorum, 1);
    let answered = Arc::new(AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (quorum, answered) = (&quorum, &answered);
            scope.spawn(move || {
                for count in 0..50 {
                    let reply = ask(quorum, topic(&format!("t{number}-{count}"), 1)).unwrap();
                    assert!(reply[0].1.is_ok());
                    answered.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    assert_eq!(answered.load(Ordering::SeqCst), 400);
    assert_eq!(quorum.image().topic_count(), 400);
    thread.stop().unwrap();
}

#[test]
fn a_request_too_large_for_one_batch_is_refused_whole() {
    let dir = formatted();
    let (quorum, thread) = start(dir.path());
    join(&quorum, 1);
    let mut request = topic("big", 1);
    request.topics[0].configs =
        (0..400).map(|n| (format!("k{n}"), Some("v".repeat(30_000)))).collect();
    assert_eq!(ask(&quorum, request), Err(Unavailable::TooLarge));
    assert_eq!(quorum.image().topic_count(), 0);
    assert!(ask(&quorum, topic("small", 1)).unwrap()[0].1.is_ok());
    thread.stop().unwrap();
}
