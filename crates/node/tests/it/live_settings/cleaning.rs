//! Compaction. Each batch is too large for a segment with another, so only the newest is in the active one.

use model::Timestamp;
use record::{BatchBuilder, BatchStamp, Batches, Compressor, Decompressor};
use wire::messages::FetchRequest;
use wire::messages::fetch_request::{FetchPartition, FetchTopic};

use super::{Own, Patience, Suite, both, of_broker, wait};
use crate::protocol::{World, now_ms};

const COMPACTED: Own = &[("cleanup.policy", "compact"), ("internal.segment.bytes", "1500")];
const SOON_DIRTY: Own = &[
    ("cleanup.policy", "compact"),
    ("internal.segment.bytes", "1500"),
    ("min.cleanable.dirty.ratio", "0.01"),
];

const HOUR_MS: i64 = 3_600_000;

/// Nothing is ever dirty enough, and what is younger than an hour is left alone.
pub(super) const CLEANING: Suite = Suite {
    start: &[
        "ottla.durability=os",
        "log.cleaner.backoff.ms=20",
        "log.cleaner.min.cleanable.ratio=1",
        "log.cleaner.min.compaction.lag.ms=3600000",
    ],
    probes: &[
        both(
            "min.cleanable.dirty.ratio",
            "log.cleaner.min.cleanable.ratio",
            "0.01",
            COMPACTED,
            cleans_old,
        ),
        both(
            "max.compaction.lag.ms",
            "log.cleaner.max.compaction.lag.ms",
            "3600000",
            COMPACTED,
            cleans_old,
        ),
        both(
            "min.compaction.lag.ms",
            "log.cleaner.min.compaction.lag.ms",
            "0",
            SOON_DIRTY,
            cleans_new,
        ),
        both(
            "delete.retention.ms",
            "log.cleaner.delete.retention.ms",
            "1",
            SOON_DIRTY,
            forgets_deletions,
        ),
    ],
};

/// The cleaner looked when the node started, and would look again much later than anybody waits.
pub(super) const REST: Suite = Suite {
    start: &["ottla.durability=os", "log.cleaner.backoff.ms=3600000"],
    probes: &[of_broker("log.cleaner.backoff.ms", "20", SOON_DIRTY, cleans_new)],
};

/// A cleaning would take hours.
pub(super) const RATE: Suite = Suite {
    start: &[
        "ottla.durability=os",
        "log.cleaner.backoff.ms=20",
        "log.cleaner.io.max.bytes.per.second=1",
    ],
    probes: &[of_broker(
        "log.cleaner.io.max.bytes.per.second",
        "1000000000",
        SOON_DIRTY,
        cleans_new,
    )],
};

/// Whether old values of a key go from what is written now.
fn cleans_new(world: &mut World, name: &str, patience: Patience) -> String {
    cleans(world, name, now_ms(), patience)
}

/// Whether they go from what was written some hours ago.
fn cleans_old(world: &mut World, name: &str, patience: Patience) -> String {
    cleans(world, name, now_ms() - 2 * HOUR_MS, patience)
}

fn cleans(world: &mut World, name: &str, time_ms: i64, patience: Patience) -> String {
    for _ in 0..4 {
        append(world, name, time_ms, b"key", true);
    }
    wait(patience, || {
        let log = read(world, name);
        log.records.len() < log.end
    })
    .to_string()
}

/// Whether a deletion goes, some cleanings after the one that saw it first.
fn forgets_deletions(world: &mut World, name: &str, patience: Patience) -> String {
    let time_ms = now_ms() - 2 * HOUR_MS;
    let key = format!("deleted-{}", now_ms()).into_bytes();
    append(world, name, time_ms, &key, false);
    wait(patience, || {
        append(world, name, time_ms, b"key", true);
        append(world, name, time_ms, b"key", true);
        !read(world, name).records.contains(&key)
    })
    .to_string()
}

/// Appends a batch of one record with or without a value.
fn append(world: &mut World, name: &str, time_ms: i64, key: &[u8], has_value: bool) {
    let mut builder = BatchBuilder::new();
    let value = [b'x'; 1000];
    let value = has_value.then_some(&value[..]);
    builder.append(Timestamp::from_millis(time_ms), Some(key), value, &[]).expect("it fits");
    let batch = builder.finish(&BatchStamp::default(), &mut Compressor::new());
    let produced = world.produce(name, 0, batch.expect("it is built").to_vec());
    assert_eq!(produced.error_code, 0);
}

/// What a reader from the start sees of the first partition.
struct Log {
    /// The keys of its records.
    records: Vec<Vec<u8>>,
    /// So many were appended.
    end: usize,
}

fn read(world: &mut World, name: &str) -> Log {
    let (mut records, mut next) = (Vec::new(), 0);
    let mut decompressor = Decompressor::new();
    loop {
        let mut response = world.call(12, &fetch(name, next));
        let partition = response.responses.remove(0).partitions.remove(0);
        assert_eq!(partition.error_code, 0);
        for batch in Batches::checked(partition.records.as_deref().unwrap_or_default()) {
            let batch = batch.expect("a batch");
            for record in batch.records(&mut decompressor, 1 << 20).expect("records") {
                records.push(record.expect("a record").key.expect("a key").to_vec());
            }
            next = batch.header().next_offset().to_wire();
        }
        if next == partition.high_watermark {
            return Log { records, end: usize::try_from(next).expect("an offset") };
        }
    }
}

fn fetch(name: &str, fetch_offset: i64) -> FetchRequest {
    let partition = FetchPartition {
        partition: 0,
        fetch_offset,
        current_leader_epoch: -1,
        partition_max_bytes: 1 << 20,
        ..FetchPartition::default()
    };
    let topic =
        FetchTopic { topic: name.to_owned(), partitions: vec![partition], ..FetchTopic::default() };
    FetchRequest {
        replica_id: -1,
        max_wait_ms: 0,
        min_bytes: 1,
        max_bytes: 1 << 20,
        session_epoch: -1,
        topics: vec![topic],
        ..FetchRequest::default()
    }
}
