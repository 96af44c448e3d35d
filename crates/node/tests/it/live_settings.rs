//! Each setting that is declared live is changed while the node runs, for a topic, a group and all brokers, and does
//! what it says at once.

mod cleaning;
mod consumer_groups;
mod share_groups;
mod streams_groups;

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use model::{ProducerEpoch, ProducerId, Sequence};
use record::{
    BatchBuilder, BatchHeader, BatchStamp, Compression, Compressor, GzipLevel, ProducerStamp,
    crc32c,
};
use settings::{Effect, Table, broker, group, topic};
use wire::messages::describe_producers_request::TopicRequest;
use wire::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use wire::messages::{DescribeProducersRequest, ListOffsetsRequest};

use crate::protocol::{Resource, World, batch, now_ms};

/// How to see one setting.
struct Probe {
    /// The topic's setting; `None` if only brokers have it.
    topic: Option<&'static str>,
    /// A group's; `None` if only others have it.
    group: Option<&'static str>,
    /// The broker's that stands for it; `None` if only topics have it.
    broker: Option<&'static str>,
    value: &'static str,
    /// What the topic is made with.
    own: &'static [(&'static str, &'static str)],
    /// Does something with the topic and says how it went. `Some` patience: an effect is to be waited for.
    look: fn(&mut World, &str, Patience) -> String,
}

/// Probes, and the settings that the node starts with for them.
struct Suite {
    start: &'static [&'static str],
    probes: &'static [Probe],
}

/// How long to wait for an effect that comes by itself: hardly, while there is none.
#[derive(Clone, Copy)]
struct Patience(Duration);

const NONE: Patience = Patience(Duration::from_millis(50));
const LONG: Patience = Patience(Duration::from_secs(30));

const LOGS: Suite = Suite {
    start: &[
        "ottla.durability=os",
        "log.initial.task.delay.ms=0",
        "log.retention.check.interval.ms=100",
        "producer.id.expiration.check.interval.ms=100",
    ],
    probes: &[
        both("compression.type", "compression.type", "gzip", &[], codec),
        both(
            "compression.gzip.level",
            "compression.gzip.level",
            "1",
            &[("compression.type", "gzip")],
            size,
        ),
        both(
            "compression.lz4.level",
            "compression.lz4.level",
            "1",
            &[("compression.type", "lz4")],
            size,
        ),
        both(
            "compression.zstd.level",
            "compression.zstd.level",
            "19",
            &[("compression.type", "zstd")],
            size,
        ),
        both("cleanup.policy", "log.cleanup.policy", "compact", &[], verdict_without_key),
        both("flush.messages", "log.flush.interval.messages", "1", &[], place),
        both("ottla.durability", "ottla.durability", "fsync", &[], place),
        of_topic("ottla.null.value", "reject", verdict_without_value),
        both("ottla.validate", "ottla.validate", "strict", &[], verdict_of_wrong_count),
        both(
            "index.interval.bytes",
            "log.index.interval.bytes",
            "0",
            &[("segment.index.bytes", "36")],
            rolls_of_small,
        ),
        both(
            "segment.index.bytes",
            "log.index.size.max.bytes",
            "36",
            &[("index.interval.bytes", "0")],
            rolls_of_small,
        ),
        of_topic("internal.segment.bytes", "1500", rolls),
        both("segment.bytes", "log.segment.bytes", "1048576", &[], rolls),
        both("segment.ms", "log.roll.ms", "1000", &[], rolls_by_age),
        both(
            "segment.jitter.ms",
            "log.roll.jitter.ms",
            "86400000",
            &[("segment.ms", "86400000")],
            rolls_by_age,
        ),
        both("max.message.bytes", "message.max.bytes", "100", &[], verdict),
        both(
            "message.timestamp.after.max.ms",
            "log.message.timestamp.after.max.ms",
            "1000",
            &[],
            verdict_ahead,
        ),
        both(
            "message.timestamp.before.max.ms",
            "log.message.timestamp.before.max.ms",
            "1000",
            &[],
            verdict_behind,
        ),
        both("message.timestamp.type", "log.message.timestamp.type", "LogAppendTime", &[], time),
        both(
            "retention.bytes",
            "log.retention.bytes",
            "1",
            &[("internal.segment.bytes", "1500")],
            start,
        ),
        both("retention.ms", "log.retention.ms", "1", &[("internal.segment.bytes", "1500")], start),
        of_broker("producer.id.expiration.ms", "1", &[], producers),
        of_broker("transaction.partition.verification.enable", "false", &[], unverified),
    ],
};

const SUITES: &[&Suite] = &[
    &LOGS,
    &cleaning::CLEANING,
    &cleaning::REST,
    &cleaning::RATE,
    &consumer_groups::GROUPS,
    &share_groups::SHARES,
    &streams_groups::GROUPS,
];

type Own = &'static [(&'static str, &'static str)];
type Look = fn(&mut World, &str, Patience) -> String;

const fn both(
    topic: &'static str,
    broker: &'static str,
    value: &'static str,
    own: Own,
    look: Look,
) -> Probe {
    Probe { topic: Some(topic), group: None, broker: Some(broker), value, own, look }
}

const fn of_topic(topic: &'static str, value: &'static str, look: Look) -> Probe {
    Probe { topic: Some(topic), group: None, broker: None, value, own: &[], look }
}

const fn of_broker(broker: &'static str, value: &'static str, own: Own, look: Look) -> Probe {
    Probe { topic: None, group: None, broker: Some(broker), value, own, look }
}

/// Live, and not to be seen from outside.
const UNSEEN: &[&str] = &[
    // With one replica one in-sync replica is always enough, as in Kafka. The leader's own tests see it change.
    "min.insync.replicas",
    // Sizes of the cleaner's memory: they change how many passes and reads a cleaning takes, not what comes of it. The
    // cleaner's own test sees them change: `a_cleaning_takes_its_share_of_the_sizes_that_were_set_while_the_broker_runs`.
    "log.cleaner.dedupe.buffer.size",
    "log.cleaner.io.buffer.load.factor",
    "log.cleaner.io.buffer.size",
    // Takes groups with offsets. The test of the page of metrics sets it while the node runs.
    "ottla.metrics.group.partitions.max",
    // Takes a transaction to see. The client suite `java-share-groups` has some.
    "share.isolation.level",
    // They take a share group that rejects. The broker's own tests of dead letters and the comparison with Apache Kafka set them
    // while the broker runs.
    "errors.deadletterqueue.auto.create.topics.enable",
    "errors.deadletterqueue.copy.record.enable",
    "errors.deadletterqueue.group.enable",
    "errors.deadletterqueue.topic.name",
    "errors.deadletterqueue.topic.name.prefix",
];

#[test]
fn there_is_a_probe_for_every_live_setting() {
    let probes = || SUITES.iter().flat_map(|suite| suite.probes);
    let check = |table: &'static Table, name: fn(&Probe) -> Option<&'static str>| {
        let live: BTreeSet<&str> = table
            .iter()
            .filter(|setting| setting.effect == Effect::Live)
            .map(|setting| setting.name)
            .collect();
        let unseen = UNSEEN.iter().copied().filter(|name| table.find_exact(name).is_some());
        let probed: BTreeSet<&str> = probes().filter_map(name).chain(unseen).collect();
        assert_eq!(live, probed);
    };
    check(topic(), |probe| probe.topic);
    check(broker(), |probe| probe.broker);
    check(group(), |probe| probe.group);
}

#[test]
fn every_live_setting_counts_at_once() {
    LOGS.run();
}

#[test]
fn every_live_setting_of_compaction_counts_at_once() {
    cleaning::CLEANING.run();
}

#[test]
fn a_cleaner_that_rests_hears_of_a_shorter_rest() {
    cleaning::REST.run();
}

#[test]
fn a_cleaner_that_is_slowed_down_hears_of_a_higher_rate() {
    cleaning::RATE.run();
}

#[test]
fn every_live_setting_of_consumer_groups_counts_at_once() {
    consumer_groups::GROUPS.run();
}

#[test]
fn every_live_setting_of_share_groups_counts_at_once() {
    share_groups::SHARES.run();
}

#[test]
fn every_live_setting_of_streams_groups_counts_at_once() {
    streams_groups::GROUPS.run();
}

impl Suite {
    fn run(&self) {
        let mut world = World::start(self.start);
        for (number, probe) in self.probes.iter().enumerate() {
            if let Some(setting) = probe.topic {
                let name = format!("own-{number}");
                probe.run(&mut world, &name, Resource::Topic(&name), setting);
            }
            if let Some(setting) = probe.group {
                let name = format!("group-{number}");
                probe.run(&mut world, &name, Resource::Group(&name), setting);
            }
            if let Some(setting) = probe.broker {
                let name = format!("inherited-{number}");
                probe.run(&mut world, &name, Resource::AllBrokers, setting);
                world.alter(Resource::AllBrokers, setting, None);
            }
        }
        world.stop();
    }
}

impl Probe {
    fn run(&self, world: &mut World, name: &str, whose: Resource<'_>, setting: &str) {
        world.create_topic(name, PARTITIONS, self.own);
        let before = (self.look)(world, name, NONE);
        world.alter(whose, setting, Some(self.value));
        let after = (self.look)(world, name, LONG);
        assert_ne!(before, after, "{setting}={} shows at {name}", self.value);
    }
}

const PARTITIONS: i32 = 16;

fn plain(value: &[u8]) -> Vec<u8> {
    batch(now_ms(), Some(b"key"), value, &BatchStamp::default())
}

/// Text that every codec makes smaller, the better the harder it tries.
fn text() -> Vec<u8> {
    let mut random = model::SeededRandom::new(7);
    let words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"];
    let word = |_| words[usize::try_from(random.below(8)).expect("below eight")];
    let text: Vec<&str> = (0..8_000).map(word).collect();
    text.join(" ").into_bytes()
}

/// The newest batch of the first partition, as it lies in its file.
fn stored(world: &mut World, name: &str) -> Vec<u8> {
    let text = text();
    let produced = world.produce(name, 0, plain(&text));
    assert_eq!(produced.error_code, 0);
    let last = world.segments(name, 0).pop().expect("a segment");
    let bytes = std::fs::read(last).expect("it is read");
    let mut rest = bytes.as_slice();
    while let Some(length) = rest.get(8..12) {
        let length: [u8; 4] = length.try_into().expect("four bytes");
        let size = 12 + usize::try_from(i32::from_be_bytes(length)).expect("a length");
        if size >= rest.len() {
            break;
        }
        rest = &rest[size..];
    }
    rest.to_vec()
}

fn codec(world: &mut World, name: &str, _: Patience) -> String {
    let batch = stored(world, name);
    let header = BatchHeader::parse(batch.first_chunk().expect("a header")).expect("a batch");
    format!("{:?}", header.attributes().codec())
}

fn size(world: &mut World, name: &str, _: Patience) -> String {
    stored(world, name).len().to_string()
}

fn verdict(world: &mut World, name: &str, _: Patience) -> String {
    world.produce(name, 0, plain(&[b'x'; 1000])).error_code.to_string()
}

fn verdict_without_key(world: &mut World, name: &str, _: Patience) -> String {
    let batch = batch(now_ms(), None, b"value", &BatchStamp::default());
    world.produce(name, 0, batch).error_code.to_string()
}

fn verdict_without_value(world: &mut World, name: &str, _: Patience) -> String {
    let mut builder = BatchBuilder::new();
    builder.append(None, Some(b"key"), None, &[]).expect("it fits");
    let batch = builder.finish(&BatchStamp::default(), &mut Compressor::new()).expect("a batch");
    world.produce(name, 0, batch.to_vec()).error_code.to_string()
}

fn verdict_ahead(world: &mut World, name: &str, _: Patience) -> String {
    let batch = batch(now_ms() + 600_000, None, b"value", &BatchStamp::default());
    world.produce(name, 0, batch).error_code.to_string()
}

fn verdict_behind(world: &mut World, name: &str, _: Patience) -> String {
    let batch = batch(now_ms() - 600_000, None, b"value", &BatchStamp::default());
    world.produce(name, 0, batch).error_code.to_string()
}

/// A batch whose header counts one record more than are compressed in it.
fn verdict_of_wrong_count(world: &mut World, name: &str, _: Patience) -> String {
    let stamp =
        BatchStamp { compression: Compression::Gzip(GzipLevel::DEFAULT), ..BatchStamp::default() };
    let mut batch = batch(now_ms(), Some(b"key"), b"value", &stamp);
    batch[23..27].copy_from_slice(&1_i32.to_be_bytes());
    batch[57..61].copy_from_slice(&2_i32.to_be_bytes());
    let crc = crc32c(&batch[21..]);
    batch[17..21].copy_from_slice(&crc.to_be_bytes());
    world.produce(name, 0, batch).error_code.to_string()
}

fn time(world: &mut World, name: &str, _: Patience) -> String {
    let is_logs_own = world.produce(name, 0, plain(b"value")).log_append_time_ms >= 0;
    is_logs_own.to_string()
}

/// Whether an answered batch lies in its segment, or only in the write-ahead log.
fn place(world: &mut World, name: &str, _: Patience) -> String {
    let size = |world: &World| -> u64 {
        let segments = world.segments(name, 0);
        segments.iter().map(|path| path.metadata().map_or(0, |metadata| metadata.len())).sum()
    };
    let before = size(world);
    assert_eq!(world.produce(name, 0, plain(b"value")).error_code, 0);
    if size(world) > before { "segment".to_owned() } else { "log of its own".to_owned() }
}

/// Whether a few large batches make a new segment.
fn rolls(world: &mut World, name: &str, _: Patience) -> String {
    rolls_with(world, name, 200_000)
}

/// Whether a few small batches make a new segment.
fn rolls_of_small(world: &mut World, name: &str, _: Patience) -> String {
    rolls_with(world, name, 10)
}

fn rolls_with(world: &mut World, name: &str, size: usize) -> String {
    let before = world.segments(name, 0).len();
    for _ in 0..6 {
        assert_eq!(world.produce(name, 0, plain(&vec![b'x'; size])).error_code, 0);
    }
    (world.segments(name, 0).len() > before.max(1)).to_string()
}

/// Whether half a day between two batches makes a new segment, in any partition.
fn rolls_by_age(world: &mut World, name: &str, _: Patience) -> String {
    let mut rolled = false;
    for partition in 0..PARTITIONS {
        let before = world.segments(name, partition).len();
        // A day further at each turn would be refused: the same two times come again in a segment of its own.
        for hours in [13, 1] {
            let old =
                batch(now_ms() - hours * 3_600_000, Some(b"key"), b"value", &BatchStamp::default());
            assert_eq!(world.produce(name, partition, old).error_code, 0);
        }
        rolled |= world.segments(name, partition).len() > before.max(1);
    }
    rolled.to_string()
}

/// Whether old segments go.
fn start(world: &mut World, name: &str, patience: Patience) -> String {
    for _ in 0..3 {
        assert_eq!(world.produce(name, 0, plain(&[b'x'; 1000])).error_code, 0);
    }
    wait(patience, || earliest(world, name) > 0).to_string()
}

fn earliest(world: &mut World, name: &str) -> i64 {
    let partition = ListOffsetsPartition {
        partition_index: 0,
        timestamp: -2,
        ..ListOffsetsPartition::default()
    };
    let topic = ListOffsetsTopic { name: name.to_owned(), partitions: vec![partition] };
    let request =
        ListOffsetsRequest { replica_id: -1, topics: vec![topic], ..ListOffsetsRequest::default() };
    let response = world.call(5, &request);
    response.topics[0].partitions[0].offset
}

/// Whether a partition takes records of a transaction that no coordinator knows.
fn unverified(world: &mut World, name: &str, _: Patience) -> String {
    let producer = ProducerStamp {
        id: ProducerId::from_wire(78).expect("an id"),
        epoch: ProducerEpoch::from_wire(0).expect("an epoch"),
        base_sequence: Sequence::from_wire(0),
    };
    let stamp =
        BatchStamp { producer: Some(producer), transactional: true, ..BatchStamp::default() };
    let batch = batch(now_ms(), Some(b"key"), b"value", &stamp);
    (world.produce_as(Some("nobody"), name, 0, batch).error_code == 0).to_string()
}

/// Whether a silent idempotent producer is forgotten.
fn producers(world: &mut World, name: &str, patience: Patience) -> String {
    let producer = ProducerStamp {
        id: ProducerId::from_wire(77).expect("an id"),
        epoch: ProducerEpoch::from_wire(0).expect("an epoch"),
        base_sequence: Sequence::from_wire(0),
    };
    let stamp = BatchStamp { producer: Some(producer), ..BatchStamp::default() };
    let error_code =
        world.produce(name, 0, batch(now_ms(), Some(b"key"), b"value", &stamp)).error_code;
    // The second time it is a duplicate of what is remembered.
    assert_eq!(error_code, 0);
    let topics = vec![TopicRequest { name: name.to_owned(), partition_indexes: vec![0] }];
    let is_forgotten = wait(patience, || {
        let response = world.call(0, &DescribeProducersRequest { topics: topics.clone() });
        response.topics[0].partitions[0].active_producers.is_empty()
    });
    is_forgotten.to_string()
}

fn wait(patience: Patience, mut happened: impl FnMut() -> bool) -> bool {
    let begin = Instant::now();
    loop {
        if happened() {
            return true;
        }
        if begin.elapsed() > patience.0 {
            return false;
        }
        thread::sleep(Duration::from_millis(20));
    }
}
