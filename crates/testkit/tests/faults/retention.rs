//! Retention by Kafka's `server.properties`: what goes is older, by its own timestamps, than the file says, or too much.

use std::time::{Duration, Instant};

use bytes::Bytes;
use model::Timestamp;
use record::{BatchBuilder, BatchStamp, Compressor};
use testkit::{ApacheKafka, Ottla};
use wire::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use wire::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use wire::messages::{IncrementalAlterConfigsRequest, ListOffsetsRequest};

use crate::client::{Client, NONE};

const MINUTE: i64 = 60_000;
/// Retention is looked at at once and often, as a clock that was moved on would have it.
const SOON: [&str; 3] = [
    "log.retention.check.interval.ms=100",
    "log.initial.task.delay.ms=100",
    "log.segment.bytes=1048576",
];
/// Of a value: two batches fill a segment, and the third begins the next one.
const VALUE_SIZE: usize = 500_000;

/// A broker with these lines in its file; their brokers' file is Apache Kafka's too.
fn started(lines: &[&str]) -> (ApacheKafka, Ottla) {
    let kafka = ApacheKafka::unformatted(&[&SOON, lines].concat()).expect("a file of settings");
    let ottla = Ottla::start_for(&kafka).expect("Ottla");
    (kafka, ottla)
}

fn ago(minutes: i64) -> Timestamp {
    let now = std::time::UNIX_EPOCH.elapsed().expect("after 1970").as_millis();
    let now = i64::try_from(now).expect("before the year 292 million");
    Timestamp::from_millis(now - minutes * MINUTE).expect("after 1970")
}

fn batch(key: &str, minutes_ago: i64) -> Bytes {
    let mut builder = BatchBuilder::new();
    let value = vec![b'v'; VALUE_SIZE];
    builder.append(Some(ago(minutes_ago)), Some(key.as_bytes()), Some(&value), &[]).expect("room");
    let batch = builder.finish(&BatchStamp::default(), &mut Compressor::new());
    Bytes::copy_from_slice(batch.expect("a batch"))
}

/// Two records in each segment: so many minutes old, and each with the key of its place.
fn fill(client: &mut Client, topic: &str, ages: &[i64]) {
    for (place, age) in ages.iter().enumerate() {
        for half in 0..2 {
            let key = format!("{place}-{half}");
            assert_eq!(client.produce_code(topic, batch(&key, *age)), NONE);
        }
    }
}

/// The topic's own limits while it is filled: a look at an old record that is still alone would delete it at once.
const NO_LIMITS: [(&str, &str); 2] = [("retention.ms", "-1"), ("retention.bytes", "-1")];

/// Takes these limits away, so that those of the file hold.
fn limit(client: &mut Client, topic: &str) {
    const TOPIC: i8 = 2;
    const DELETE: i8 = 1;
    let config = |(name, _): (&str, &str)| AlterableConfig {
        name: name.into(),
        config_operation: DELETE,
        value: None,
    };
    let resource = AlterConfigsResource {
        resource_type: TOPIC,
        resource_name: topic.into(),
        configs: NO_LIMITS.map(config).into(),
    };
    let request =
        IncrementalAlterConfigsRequest { resources: vec![resource], validate_only: false };
    let answer = client.side.call(&request, 1).expect("alter").expect("an answer");
    assert_eq!(answer.responses[0].error_code, NONE);
}

fn make(client: &mut Client, name: &str, settings: &[(&str, &str)]) {
    assert_eq!(client.create_code(name, &[&NO_LIMITS, settings].concat()), NONE);
    let end = Instant::now() + crate::client::PATIENCE;
    // A topic that is there may have no leader yet.
    while first_offset(client, name).is_none() {
        assert!(Instant::now() < end, "no leader of {name}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn first_offset(client: &mut Client, topic: &str) -> Option<i64> {
    let partition =
        ListOffsetsPartition { partition_index: 0, current_leader_epoch: -1, timestamp: -2 };
    let topics = vec![ListOffsetsTopic { name: topic.into(), partitions: vec![partition] }];
    let request = ListOffsetsRequest { replica_id: -1, topics, ..Default::default() };
    let answer = client.side.call(&request, 4).expect("ListOffsets").expect("an answer");
    let partition = &answer.topics[0].partitions[0];
    (partition.error_code == NONE).then_some(partition.offset)
}

/// Waits until the log begins at `offset`, and sees that it stays there for a few looks.
fn begins_at(client: &mut Client, topic: &str, offset: i64) {
    let end = Instant::now() + crate::client::PATIENCE;
    while first_offset(client, topic) != Some(offset) {
        assert!(Instant::now() < end, "{topic} begins at {:?}", first_offset(client, topic));
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(first_offset(client, topic), Some(offset), "{topic}");
}

/// Segments that are 130, 70, 10 and 0 minutes old, the last one in use.
const AGES: [i64; 4] = [130, 70, 10, 0];

fn kept_from(lines: &[&str], offset: i64) {
    let (_kafka, ottla) = started(lines);
    let mut client = Client::new(&ottla.bootstrap());
    make(&mut client, "aged", &[]);
    fill(&mut client, "aged", &AGES);
    limit(&mut client, "aged");
    begins_at(&mut client, "aged", offset);
}

#[test]
fn hours_of_retention_are_those_of_the_file() {
    kept_from(&["log.retention.hours=2"], 2);
}

#[test]
fn minutes_of_retention_win_over_hours() {
    kept_from(&["log.retention.hours=1000", "log.retention.minutes=60"], 4);
}

#[test]
fn milliseconds_of_retention_win_over_minutes() {
    kept_from(&["log.retention.hours=1", "log.retention.minutes=1", "log.retention.ms=4800000"], 2);
}

#[test]
fn no_limit_of_age_keeps_all() {
    kept_from(&["log.retention.hours=1", "log.retention.ms=-1"], 0);
}

#[test]
fn bytes_of_retention_are_those_of_each_partition() {
    // Two whole segments of some 1,000,000 bytes and what is in the third: as much as stays if one more would be too little.
    kept_from(&["log.retention.ms=-1", "log.retention.bytes=2500000"], 2);
}

/// What of the topic a reader from its start gets, by key.
fn keys(client: &mut Client, topic: &str, from: i64) -> Vec<String> {
    let (mut found, mut offset) = (Vec::new(), from);
    let mut decompressor = record::Decompressor::new();
    loop {
        let answer = client.fetch(topic, offset);
        assert_eq!(answer.error_code, NONE);
        let records = answer.records.unwrap_or_default();
        let before = offset;
        for batch in record::Batches::checked(&records) {
            let Ok(batch) = batch else { break };
            for record in batch.records(&mut decompressor, 1 << 26).expect("records") {
                let record = record.expect("a record");
                found.push(String::from_utf8_lossy(record.key.unwrap_or_default()).into_owned());
                offset = record.offset.to_wire() + 1;
            }
        }
        if offset == before {
            return found;
        }
    }
}

#[test]
fn a_cleanup_policy_of_the_file_compacts_and_with_delete_ages_too() {
    let cleaner = ["log.cleaner.backoff.ms=100", "log.cleaner.min.cleanable.ratio=0.01"];
    let lines = ["log.cleanup.policy=compact,delete", "log.retention.minutes=60"];
    let (_kafka, ottla) = started(&[&cleaner[..], &lines[..]].concat());
    let mut client = Client::new(&ottla.bootstrap());
    make(&mut client, "both", &[]);
    make(&mut client, "compacted", &[("cleanup.policy", "compact")]);
    for topic in ["both", "compacted"] {
        fill(&mut client, topic, &[130, 10]);
        // The keys of the first segment once more.
        fill(&mut client, topic, &[30]);
        // What is in use is not compacted.
        for key in ["2-0", "2-1"] {
            assert_eq!(client.produce_code(topic, batch(key, 0)), NONE);
        }
        limit(&mut client, topic);
    }
    // By age the first segment goes, and it alone; the last of each key stays.
    begins_at(&mut client, "both", 2);
    let end = Instant::now() + crate::client::PATIENCE;
    let wanted = ["1-0", "1-1", "0-0", "0-1", "2-0", "2-1"];
    for (topic, from) in [("both", 2), ("compacted", 0)] {
        while keys(&mut client, topic, from) != wanted {
            let found = keys(&mut client, topic, from);
            assert!(Instant::now() < end, "{topic} has {found:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    assert_eq!(first_offset(&mut client, "compacted"), Some(0), "no age without delete");
}
