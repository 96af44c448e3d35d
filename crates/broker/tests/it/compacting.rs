//! Retention and compaction, as they act from the settings of the file and of the topic.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use io::{Clock, SystemClock};
use model::{SeededRandom, Timestamp};
use record::{BatchBuilder, BatchStamp, Batches, Compression, Compressor, Decompressor, ZstdLevel};
use wire::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use wire::messages::{ListOffsetsRequest, ListOffsetsResponse};

use crate::fetching::fetch_all;
use crate::harness::*;

/// The machine's clock, whose wall can be moved.
struct MovedClock {
    system: SystemClock,
    ahead_ms: AtomicI64,
}

impl MovedClock {
    fn new() -> Arc<Self> {
        Arc::new(Self { system: SystemClock::new(), ahead_ms: AtomicI64::new(0) })
    }

    fn ahead(&self, ms: i64) {
        self.ahead_ms.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for MovedClock {
    fn now(&self) -> model::Instant {
        self.system.now()
    }

    fn wall(&self) -> Timestamp {
        let ms = self.system.wall().as_millis() + self.ahead_ms.load(Ordering::SeqCst);
        Timestamp::from_millis(ms).unwrap()
    }
}

const HOUR_MS: i64 = 3_600_000;

/// Looks all the time.
const EAGER: [(&str, &str); 3] = [
    ("log.cleaner.backoff.ms", "20"),
    ("log.initial.task.delay.ms", "0"),
    ("log.retention.check.interval.ms", "20"),
];

fn start(clock: &Arc<MovedClock>, data: &Path, settings: &[(&str, &str)]) -> TestBroker {
    let all: Vec<(&str, &str)> = EAGER.iter().chain(settings).copied().collect();
    let clock: Arc<dyn Clock> = Arc::clone(clock) as Arc<dyn Clock>;
    TestBroker::start_by(&clock, data, &all)
}

type Table = BTreeMap<Vec<u8>, Vec<u8>>;
type Record<'a> = (&'a [u8], Option<&'a [u8]>);

fn keyed(time: Timestamp, records: &[Record<'_>], compression: Compression) -> Vec<u8> {
    let mut builder = BatchBuilder::new();
    for (key, value) in records {
        builder.append(Some(time), Some(key), *value, &[]).unwrap();
    }
    let stamp = BatchStamp { compression, ..BatchStamp::default() };
    builder.finish(&stamp, &mut Compressor::new()).unwrap().to_vec()
}

/// What a reader from the start makes of the log, and how many records he saw, how many of them without a value.
fn read(bytes: &[u8]) -> (Table, usize, usize) {
    let (mut table, mut count, mut tombstones) = (Table::new(), 0, 0);
    let mut decompressor = Decompressor::new();
    for batch in Batches::checked(bytes) {
        let batch = batch.unwrap();
        for record in batch.records(&mut decompressor, 1 << 20).unwrap() {
            let record = record.unwrap();
            count += 1;
            let key = record.key.unwrap().to_vec();
            match record.value {
                Some(value) => table.insert(key, value.to_vec()),
                None => {
                    tombstones += 1;
                    table.remove(&key)
                }
            };
        }
    }
    (table, count, tombstones)
}

/// Waits until it holds.
fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn earliest(client: &mut Client, topic: &str) -> i64 {
    let partition =
        ListOffsetsPartition { partition_index: 0, current_leader_epoch: -1, timestamp: -2 };
    let topics = vec![ListOffsetsTopic { name: topic.to_owned(), partitions: vec![partition] }];
    let request = ListOffsetsRequest { replica_id: -1, topics, ..ListOffsetsRequest::default() };
    let response: ListOffsetsResponse = client.call(5, &request);
    response.topics[0].partitions[0].offset
}

#[test]
fn a_compacted_topic_is_cleaned_while_it_is_written_and_read() {
    let data = tempfile::tempdir().unwrap();
    let clock = MovedClock::new();
    let broker = start(&clock, data.path(), &[]);
    let topic = [
        ("cleanup.policy", "compact"),
        ("internal.segment.bytes", "20000"),
        ("min.cleanable.dirty.ratio", "0.01"),
    ];
    broker.create_topic("table", 1, &topic);
    broker.create_topic("os", 1, &[&topic[..], &[("ottla.durability", "os")]].concat());
    let mut client = broker.connect();
    let mut random = SeededRandom::new(1);
    let done = AtomicBool::new(false);
    let mut table = Table::new();
    let reads = std::thread::scope(|scope| {
        let mut reader = broker.connect();
        let done = &done;
        let reader = scope.spawn(move || {
            let mut reads = 0_u32;
            while !done.load(Ordering::Relaxed) {
                let _ = read(&fetch_all(&mut reader, "table"));
                reads += 1;
            }
            reads
        });
        for at in 0..400_u32 {
            let records: Vec<(Vec<u8>, Option<Vec<u8>>)> = (0..10)
                .map(|_| {
                    let key = format!("key-{}", random.below(50)).into_bytes();
                    let value = format!("{at}-{}", "v".repeat(60)).into_bytes();
                    (key, Some(value).filter(|_| !random.one_in(10)))
                })
                .collect();
            for (key, value) in &records {
                match value {
                    Some(value) => table.insert(key.clone(), value.clone()),
                    None => table.remove(key),
                };
            }
            let records: Vec<Record<'_>> =
                records.iter().map(|(key, value)| (&key[..], value.as_deref())).collect();
            let codec = [Compression::None, Compression::Zstd(ZstdLevel::DEFAULT)];
            let batch = keyed(clock.wall(), &records, codec[at as usize % 2]);
            client.produce("table", 0, batch.clone());
            client.produce("os", 0, batch);
        }
        for topic in ["table", "os"] {
            let is_small = || read(&fetch_all(&mut client, topic)).1 < 600;
            eventually("4,000 records of 50 keys become few", is_small);
        }
        done.store(true, Ordering::Relaxed);
        reader.join().unwrap()
    });
    assert!(reads > 10, "{reads}");
    for topic in ["table", "os"] {
        assert_eq!(read(&fetch_all(&mut client, topic)).0, table, "{topic}");
    }
    let file = data.path().join("cleaner-offset-checkpoint");
    let is_noted = |text: String| text.starts_with("0\n2\nos 0 ");
    eventually("the checkpoint", || std::fs::read_to_string(&file).is_ok_and(is_noted));
    broker.crash();
    let broker = start(&clock, data.path(), &[]);
    let mut client = broker.connect();
    for topic in ["table", "os"] {
        assert_eq!(read(&fetch_all(&mut client, topic)).0, table, "{topic}");
    }
    broker.stop();
}

#[test]
fn compaction_and_deletion_act_from_the_settings_of_the_file() {
    let data = tempfile::tempdir().unwrap();
    let clock = MovedClock::new();
    let settings = [
        ("log.cleanup.policy", "compact,delete"),
        ("log.retention.hours", "168"),
        ("log.cleaner.min.cleanable.ratio", "0.01"),
        ("log.cleaner.delete.retention.ms", "7200000"),
    ];
    let broker = start(&clock, data.path(), &settings);
    broker.create_topic("t", 1, &[("internal.segment.bytes", "2000")]);
    let mut client = broker.connect();
    let mut put = |key: &str, value: Option<&str>| {
        let record = (key.as_bytes(), value.map(str::as_bytes));
        let batch = keyed(clock.wall(), &[record], Compression::None);
        client.produce("t", 0, batch)
    };
    put("kept", Some("1"));
    put("deleted", Some("1"));
    put("deleted", None);
    let mut roll = |by: &str| {
        let mut last = 0;
        for at in 0..60 {
            last = put("other", Some(&format!("{by}-{at}")));
        }
        last
    };
    roll("a");
    let mut reader = broker.connect();
    let mut seen = || read(&fetch_all(&mut reader, "t"));
    eventually("the other's values go", || seen().1 < 40);
    assert_eq!(seen().2, 1, "readers are still to see the deletion");
    clock.ahead(HOUR_MS);
    roll("b");
    eventually("the other's values go", || seen().1 < 40);
    assert_eq!(seen().2, 1, "too early by an hour");
    clock.ahead(HOUR_MS + 60_000);
    let last = roll("c");
    eventually("the tombstone goes", || seen().2 == 0);
    assert_eq!(seen().0.get(&b"kept"[..]), Some(&b"1"[..].to_vec()));
    // Nobody writes any more; all of it is too old in a week.
    clock.ahead(167 * HOUR_MS);
    std::thread::sleep(Duration::from_millis(200));
    let mut client = broker.connect();
    assert!(earliest(&mut client, "t") < last);
    clock.ahead(2 * HOUR_MS);
    eventually("all is deleted", || earliest(&mut client, "t") == last + 1);
    broker.stop();
}

#[test]
fn milliseconds_come_before_minutes_before_hours() {
    let cases = [
        (&[("log.retention.hours", "2")][..], 2 * HOUR_MS),
        (&[("log.retention.hours", "2"), ("log.retention.minutes", "60")][..], HOUR_MS),
        (
            &[
                ("log.retention.hours", "2"),
                ("log.retention.minutes", "60"),
                ("log.retention.ms", "600000"),
            ][..],
            600_000,
        ),
    ];
    for (settings, kept_ms) in cases {
        let data = tempfile::tempdir().unwrap();
        let clock = MovedClock::new();
        let broker = start(&clock, data.path(), settings);
        broker.create_topic("t", 1, &[]);
        let mut client = broker.connect();
        client.produce("t", 0, keyed(clock.wall(), &[(b"k", Some(b"v"))], Compression::None));
        clock.ahead(kept_ms - 60_000);
        std::thread::sleep(Duration::from_millis(150));
        assert_eq!(earliest(&mut client, "t"), 0, "{settings:?}");
        clock.ahead(60_001);
        eventually("it is too old", || earliest(&mut client, "t") == 1);
        broker.stop();
    }
}

#[test]
fn retention_by_size_is_of_each_partition() {
    let data = tempfile::tempdir().unwrap();
    let clock = MovedClock::new();
    let broker = start(&clock, data.path(), &[("log.retention.bytes", "50000")]);
    broker.create_topic("t", 2, &[("internal.segment.bytes", "10000")]);
    let mut client = broker.connect();
    let value = [7; 900];
    for _ in 0..100 {
        client.produce("t", 0, keyed(clock.wall(), &[(b"k", Some(&value))], Compression::None));
    }
    client.produce("t", 1, keyed(clock.wall(), &[(b"k", Some(&value))], Compression::None));
    eventually("the first half goes", || earliest(&mut client, "t") > 30);
    // As much as is allowed stays, and at most a segment more.
    let start = earliest(&mut client, "t");
    assert!((40..=51).contains(&start), "{start}");
    broker.stop();
}
