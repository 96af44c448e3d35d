//! A directory as Apache Kafka makes it when nobody asks for anything else: its voters in the metadata log (kraft.version 1),
//! all features at their defaults, and in it what only Apache Kafka can write so far.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use testkit::{ApacheKafka, Ottla};

use super::hand::Hand;
use super::raw::{self, RawProducer};
use crate::dump::files;

const SETTINGS: &[&str] = &[
    "group.initial.rebalance.delay.ms=0",
    "log.segment.bytes=1048576",
    "log.index.interval.bytes=1024",
    "offsets.topic.num.partitions=3",
    "transaction.state.log.num.partitions=2",
    "share.coordinator.state.topic.num.partitions=2",
    "metadata.log.max.record.bytes.between.snapshots=1500",
    // What a snapshot holds is nowhere else.
    "metadata.max.retention.bytes=1",
    "log.cleaner.backoff.ms=300",
];
/// What Ottla does not have yet is asked of Apache Kafka alone.
const OVERRIDES: &[&str] = &[
    "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users=User:ANONYMOUS",
];
/// Topics that nobody writes to in the first three lives.
const LEFT_ALONE: &[&str] = &["money", "odd", "timed", "compacted"];
/// Records that a group reads in each life.
const READ: usize = 150;

/// Fills a directory with everything that a log can hold.
fn fill(hand: &mut Hand, kafka: &ApacheKafka) {
    hand.ask("topic plain 1");
    hand.ask("topic money 2 segment.ms=300");
    hand.ask("topic odd 2 compression.type=zstd");
    hand.ask("topic timed 1 message.timestamp.type=LogAppendTime compression.type=lz4");
    let compact = "cleanup.policy=compact segment.ms=100 min.cleanable.dirty.ratio=0.01";
    hand.ask(&format!("topic compacted 1 {compact}"));
    hand.ask("topic gone 1");
    hand.ask("topic changed 1 retention.ms=1000000000");
    hand.ask("send one plain 2000");
    hand.ask("group classic old plain 150");
    hand.ask("secure");
    hand.ask("transactions payer money 8");
    hand.ask("odd odd");
    hand.ask("send time-teller timed 50");
    // By a producer that ends: another one would make the topic anew.
    hand.ask("same-key gone 1");
    hand.ask("send one changed 10");
    hand.ask("same-key compacted 8");
    hand.ask("topic shrunk 1");
    hand.ask("same-key shrunk 4");
    hand.ask("delete-records shrunk 3");
    hand.ask("partitions shrunk 2");
    hand.ask("topic dropped 1");
    hand.ask("same-key dropped 1");
    hand.ask("delete dropped");
    hand.ask("group consumer modern plain 150");
    // One whose members have not left.
    hand.ask("join consumer crowded plain");
    hand.ask("share sharers plain");
    // A tombstone, in a segment of its own.
    hand.ask("forget of-payer money");
    let cleaned = kafka.data().join("cleaner-offset-checkpoint");
    let until = Instant::now() + Duration::from_secs(30);
    while !fs::read_to_string(&cleaned).is_ok_and(|text| text.contains("compacted 0")) {
        assert!(Instant::now() < until, "Apache Kafka has not compacted");
        thread::sleep(Duration::from_millis(100));
    }
}

/// Logs and indexes of aborted transactions, of the topics that nobody writes to.
fn logs(data: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let kinds = ["log", "txnindex"];
    let of = |topic: &&str| kinds.map(|kind| files(data, &format!("{topic}-"), kind)).concat();
    let paths = LEFT_ALONE.iter().flat_map(of);
    paths.map(|path| (path.clone(), fs::read(&path).expect("read a log"))).collect()
}

fn is_empty_batch_in(log: &[u8]) -> bool {
    record::Batches::checked(log).any(|batch| batch.expect("a batch").header().record_count() == 0)
}

/// Each partition's batches come over the wire as they lie in its files.
fn check_fetched(address: &str, logs: &BTreeMap<PathBuf, Vec<u8>>) {
    let mut partitions: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (path, bytes) in
        logs.iter().filter(|(path, _)| path.extension().is_some_and(|e| e == "log"))
    {
        let name = path.parent().and_then(Path::file_name).expect("a directory").to_string_lossy();
        partitions.entry(name.into_owned()).or_default().extend(bytes);
    }
    for (name, bytes) in partitions {
        let (topic, partition) = name.rsplit_once('-').expect("a partition");
        let fetched = raw::fetch(address, topic, partition.parse().expect("a number"), 0);
        assert!(fetched == bytes, "{name}: {} bytes instead of {}", fetched.len(), bytes.len());
    }
}

/// What says whose directory it is, and who votes.
fn check_identity(data: &Path, properties: &str) {
    let now = fs::read_to_string(data.join("meta.properties")).expect("meta.properties");
    let lines = |text: &str| -> BTreeSet<String> {
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    };
    assert_eq!(lines(&now), lines(properties));
    let state = fs::read_to_string(data.join("__cluster_metadata-0/quorum-state"));
    let state = state.expect("quorum-state");
    assert!(state.contains("\"data_version\":1"), "{state}");
}

/// The newest snapshot of the metadata, by its name.
fn newest_snapshot(data: &Path) -> String {
    let found = files(data, "__cluster_metadata-", "checkpoint").pop().expect("a snapshot");
    found.file_name().expect("a name").to_string_lossy().into_owned()
}

/// What the group reads next; none of it was read before.
fn read_on(hand: &mut Hand, group: &str, seen: &mut BTreeSet<String>) {
    for offset in hand.ask(&format!("group classic {group} plain {READ}")) {
        assert!(seen.insert(offset.clone()), "{group} has read {offset} before");
    }
}

/// The features are as they were; Ottla says of none that it could be raised here.
fn check_kept_features(hand: &mut Hand) {
    let finalized = hand.ask("finalized");
    for level in [
        "group.version 1",
        "kraft.version 1",
        "metadata.version 33",
        "streams.version 1",
        "transaction.version 2",
    ] {
        assert!(finalized.iter().any(|found| found == level), "{level}: {finalized:?}");
    }
}

/// Lines that only one of two lists has.
fn changed(before: &[String], after: &[String]) -> Vec<String> {
    let (before, after): (BTreeSet<_>, BTreeSet<_>) =
        (before.iter().collect(), after.iter().collect());
    before.symmetric_difference(&after).map(|line| (*line).clone()).collect()
}

#[test]
fn a_directory_as_apache_kafka_ships_it_goes_to_ottla_and_back_twice() {
    let mut kafka = ApacheKafka::start_as_shipped(SETTINGS, OVERRIDES).expect("Apache Kafka");
    let address = kafka.bootstrap();
    let data = kafka.data();
    let mut hand = Hand::start(&address);
    fill(&mut hand, &kafka);
    let mut producer = RawProducer::new(&address, "plain");
    producer.send(&address);
    producer.send(&address);
    let facts = hand.ask("facts");
    let quorum = hand.ask("quorum");
    let of_payer = hand.ask("offsets of-payer");
    assert!(of_payer[0].contains("money-1=6"), "{of_payer:?}");
    let records = hand.read(LEFT_ALONE);
    let shrunk = hand.read(&["shrunk"]);
    assert!(shrunk[0].contains("1 records"), "{shrunk:?}");
    kafka.stop().expect("a stop");
    let properties = fs::read_to_string(data.join("meta.properties")).expect("meta.properties");
    check_identity(&data, &properties);
    let left_alone = logs(&data);
    assert!(left_alone.iter().any(|(path, bytes)| {
        path.to_string_lossy().contains("compacted-0") && is_empty_batch_in(bytes)
    }));
    assert!(left_alone.iter().any(|(path, bytes)| {
        path.extension().is_some_and(|kind| kind == "txnindex") && !bytes.is_empty()
    }));
    let snapshot = newest_snapshot(&data);
    assert!(!snapshot.starts_with("00000000000000000000-"), "Apache Kafka took no snapshot");

    let mut ottla = Ottla::start_for(&kafka).expect("Ottla on Apache Kafka's directory");
    assert_eq!(hand.read(LEFT_ALONE), records, "on Ottla");
    assert_eq!(hand.ask("quorum"), quorum, "on Ottla");
    assert_eq!(hand.ask("offsets of-payer"), of_payer, "on Ottla");
    let refused = hand.refused("group classic sharers plain 1");
    assert!(refused.contains("InconsistentGroupProtocol"), "{refused}");
    assert_eq!(hand.read(&["shrunk"]), shrunk, "on Ottla");
    check_kept_features(&mut hand);
    check_fetched(&address, &left_alone);
    producer.go_on(&address);
    hand.ask("send one plain 300");
    let (mut old, mut modern, mut crowded) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    read_on(&mut hand, "old", &mut old);
    read_on(&mut hand, "modern", &mut modern);
    read_on(&mut hand, "crowded", &mut crowded);
    hand.ask("alter changed retention.ms 2000000000");
    hand.ask("partitions changed 3");
    hand.ask("delete-records changed 4");
    hand.ask("delete gone");
    ottla.stop().expect("a stop");
    check_identity(&data, &properties);
    let counts = hand.dump_all(&data);
    assert!(counts.len() == 6 && counts.values().all(|count| *count > 0), "{counts:?}");
    assert!(logs(&data) == left_alone, "a log that nobody wrote to is another");
    assert!(newest_snapshot(&data) > snapshot, "Ottla took no snapshot");
    let dropped = fs::read_dir(&data).expect("list").filter(|entry| {
        entry.as_ref().is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("dropped"))
    });
    assert_eq!(dropped.count(), 0, "of a topic that was deleted");
    let first = data.join("__cluster_metadata-0/00000000000000000000.log");
    assert!(!first.exists(), "the metadata log still begins where it began");

    kafka.restart().expect("Apache Kafka on Ottla's directory");
    assert_eq!(hand.read(LEFT_ALONE), records, "on Apache Kafka again");
    let after = hand.ask("facts");
    for line in changed(&facts, &after) {
        let expected =
            ["changed", "gone", "plain-0:", "ConfigResource(type=TOPIC, name='changed')"];
        let groups = [
            "ConfigResource(type=TOPIC, name='gone')",
            "offsets old",
            "offsets modern",
            "modern ",
            "offsets crowded",
            "crowded ",
        ];
        let is_expected =
            [&expected[..], &groups[..]].concat().iter().any(|word| line.starts_with(word));
        assert!(is_expected, "this is new, or gone: {line}\n{facts:#?}\n{after:#?}");
    }
    for line in ["changed-0: 4 to 10", "changed-2: 0 to 0", "modern Classic"] {
        assert!(after.iter().any(|found| found == line), "{line} is missing in {after:#?}");
    }
    // A classic member came into a group whose members had not left: it stays what it is until their sessions end.
    let crowded_type = after.iter().find(|line| line.starts_with("crowded "));
    assert!(
        crowded_type.is_some_and(|line| ["crowded Consumer", "crowded Classic"].contains(&&**line)),
        "{after:#?}"
    );
    assert!(!after.iter().any(|line| line.starts_with("gone")), "{after:#?}");
    assert_eq!(hand.ask("quorum"), quorum, "on Apache Kafka again");
    producer.go_on(&address);
    hand.ask("send one plain 300");
    read_on(&mut hand, "old", &mut old);
    read_on(&mut hand, "modern", &mut modern);
    read_on(&mut hand, "crowded", &mut crowded);
    kafka.stop().expect("a stop");

    ottla.restart().expect("Ottla once more");
    assert_eq!(hand.read(LEFT_ALONE), records, "on Ottla again");
    for topic in LEFT_ALONE {
        hand.ask(&format!("send two {topic} 40"));
    }
    ottla.kill().expect("kill -9");
    ottla.restart().expect("Ottla after kill -9");
    producer.go_on(&address);
    // Apache Kafka compacts the last one as soon as it can.
    let records = hand.read(&LEFT_ALONE[..3]);
    producer.go_on(&address);
    hand.ask("send one plain 300");
    read_on(&mut hand, "old", &mut old);
    read_on(&mut hand, "modern", &mut modern);
    ottla.stop().expect("a stop");
    check_identity(&data, &properties);
    hand.dump_all(&data);

    kafka.restart().expect("Apache Kafka, the third time");
    assert_eq!(hand.read(&LEFT_ALONE[..3]), records, "on Apache Kafka at last");
    producer.go_on(&address);
    read_on(&mut hand, "modern", &mut modern);
    let at_last: Vec<String> = hand.ask("facts");
    for line in changed(&after, &at_last) {
        let expected = ["plain", "offsets", "money", "odd", "timed", "compacted"];
        assert!(expected.iter().any(|word| line.starts_with(word)), "{line}");
    }

    // One that is open goes on, whoever began it.
    hand.ask("open debtor money");
    kafka.kill().expect("kill -9");
    ottla.restart().expect("Ottla with an open transaction");
    hand.ask("commit debtor");
    let committed = hand.read(&LEFT_ALONE[..3]);
    assert_ne!(committed, records, "with one more transaction");
    ottla.stop().expect("a stop");
    kafka.restart().expect("Apache Kafka with a transaction that Ottla ended");
    assert_eq!(hand.read(&LEFT_ALONE[..3]), committed);
}
