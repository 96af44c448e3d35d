//! Two cleaners on two copies of one data directory: what Ottla's leaves and what Apache Kafka's leaves has the same last value
//! of each key, and each program reads what the other's left.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use model::{ProducerId, SeededRandom, Timestamp, Uuid};
use record::{
    BatchBuilder, BatchStamp, BatchView, Codec, Compression, Compressor, Decompressor,
    EndTransactionMarker,
};
use testkit::compare::Side;
use testkit::{ApacheKafka, Ottla};
use wire::messages::ProduceRequest;
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};

use crate::dump::files;
use crate::takeover::hand::Hand;

const AT_REST: &str = "log.cleaner.backoff.ms=3600000";
const AT_WORK: &str = "log.cleaner.backoff.ms=200";
const SETTINGS: &[&str] = &[
    "group.initial.rebalance.delay.ms=0",
    "log.segment.bytes=1048576",
    "offsets.topic.num.partitions=1",
    "transaction.state.log.num.partitions=1",
    "log.initial.task.delay.ms=100",
    AT_REST,
];
const CODECS: [Codec; 5] = [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd];
/// Of each topic.
const BATCHES: usize = 300;
const RECORDS: usize = 60;
const KEYS: u64 = 3_000;

/// What readers of committed records have in the end: the value of each key.
type Table = BTreeMap<Vec<u8>, Vec<u8>>;

fn topic(codec: Codec) -> String {
    format!("clean-{}", codec.name())
}

/// Batches of keys that come again and again, some without a value.
fn fill(address: &str) {
    let mut side = Side::new(address.to_owned());
    let mut random = SeededRandom::new(5);
    let mut compressor = Compressor::new();
    for codec in CODECS {
        for _ in 0..BATCHES {
            let mut builder = BatchBuilder::new();
            for _ in 0..RECORDS {
                let key = format!("key-{}", random.below(KEYS));
                let mut value = vec![0; 250];
                random.fill(&mut value);
                let value = Some(&value[..]).filter(|_| !random.one_in(10));
                let now = Timestamp::from_millis(1_700_000_000_000);
                builder.append(now, Some(key.as_bytes()), value, &[]).expect("room");
            }
            let compression = Compression::with_default_level(codec);
            let stamp = BatchStamp { compression, ..BatchStamp::default() };
            let batch = builder.finish(&stamp, &mut compressor).expect("a batch").to_vec();
            produce(&mut side, &topic(codec), batch);
        }
    }
}

fn produce(side: &mut Side, topic: &str, batch: Vec<u8>) {
    let partition = PartitionProduceData { index: 0, records: Some(Bytes::from(batch)) };
    let (name, topic_id) = (topic.to_owned(), Uuid::ZERO);
    let topic = TopicProduceData { name, topic_id, partition_data: vec![partition] };
    let (acks, timeout_ms) = (-1, 20_000);
    let request =
        ProduceRequest { transactional_id: None, acks, timeout_ms, topic_data: vec![topic] };
    let answer = side.call(&request, 9).expect("Produce").expect("an answer");
    assert_eq!(answer.responses[0].partition_responses[0].error_code, 0);
}

/// The tables of all partitions of the topics that were filled, by what lies in their files, and how many records that is.
fn tables(data: &Path) -> (BTreeMap<String, Table>, usize) {
    let mut logs: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for path in ["clean-", "money-"].iter().flat_map(|prefix| files(data, prefix, "log")) {
        let name = path.parent().and_then(Path::file_name).expect("a directory").to_string_lossy();
        logs.entry(name.into_owned()).or_default().extend(fs::read(&path).expect("read a log"));
    }
    let mut count = 0;
    let table = |(name, bytes): (String, Vec<u8>)| {
        let (table, records) = table(&bytes);
        count += records;
        (name, table)
    };
    let tables = logs.into_iter().map(table).collect();
    (tables, count)
}

fn table(log: &[u8]) -> (Table, usize) {
    let mut decompressor = Decompressor::new();
    let mut committed = BTreeMap::new();
    let mut open: BTreeMap<ProducerId, BTreeMap<_, _>> = BTreeMap::new();
    let mut count = 0;
    for batch in record::Batches::checked(log) {
        let batch = batch.expect("a batch");
        let header = batch.header();
        let producer = header.producer().map(|producer| producer.id);
        if header.attributes().is_control() {
            let of = producer.and_then(|producer| open.remove(&producer)).unwrap_or_default();
            if is_commit(&batch, &mut decompressor) {
                committed.extend(of);
            }
            continue;
        }
        for record in batch.records(&mut decompressor, 64 << 20).expect("records") {
            let record = record.expect("a record");
            count += 1;
            let key = record.key.expect("a key").to_vec();
            let entry = (key, record.value.map(<[u8]>::to_vec));
            match producer.filter(|_| header.attributes().is_transactional()) {
                Some(producer) => open.entry(producer).or_default().insert(record.offset, entry),
                None => committed.insert(record.offset, entry),
            };
        }
    }
    let mut table = Table::new();
    for (key, value) in committed.into_values() {
        match value {
            Some(value) => table.insert(key, value),
            None => table.remove(&key),
        };
    }
    (table, count)
}

fn is_commit(batch: &BatchView<'_>, decompressor: &mut Decompressor) -> bool {
    let mut records = batch.records(decompressor, 1 << 10).expect("records");
    // One that was cleaned away ends nothing that is left.
    let Some(marker) = records.next() else { return true };
    EndTransactionMarker::parse(&marker.expect("a record")).expect("a marker").committed
}

/// Has whoever runs next clean, or not.
fn set_cleaner(kafka: &ApacheKafka, at_work: bool) {
    let path = kafka.properties();
    let text = fs::read_to_string(&path).expect("the settings");
    let (from, to) = if at_work { (AT_REST, AT_WORK) } else { (AT_WORK, AT_REST) };
    assert!(text.contains(from), "{text}");
    fs::write(path, text.replace(from, to)).expect("write the settings");
}

/// Waits until all of the topics are clean.
fn wait_until_clean(data: &Path, names: &[String]) {
    let begun = Instant::now();
    let file = data.join("cleaner-offset-checkpoint");
    let is_clean = |text: &str, name: &String| {
        text.lines().any(|line| line.starts_with(&format!("{name} ")) && !line.ends_with(" 0"))
    };
    loop {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let missing: Vec<&String> = names.iter().filter(|name| !is_clean(&text, name)).collect();
        if missing.is_empty() {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(120), "{missing:?} not cleaned: {text}");
        thread::sleep(Duration::from_millis(200));
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("make a directory");
    for entry in fs::read_dir(from).expect("list") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copy a file");
        }
    }
}

#[test]
fn both_cleaners_leave_the_same_last_values_and_each_reads_what_the_other_left() {
    let mut kafka = ApacheKafka::start(SETTINGS).expect("Apache Kafka");
    let address = kafka.bootstrap();
    let mut hand = Hand::start(&address);
    let compact = "cleanup.policy=compact min.cleanable.dirty.ratio=0.01";
    for codec in CODECS {
        hand.ask(&format!("topic {} 1 {compact}", topic(codec)));
    }
    hand.ask(&format!("topic money 2 {compact} segment.ms=200"));
    for round in 0..4 {
        hand.ask(&format!("transactions payer-{round} money 8"));
        thread::sleep(Duration::from_millis(300));
    }
    fill(&address);
    kafka.stop().expect("a stop");
    let data = kafka.data();
    let before = tempfile::tempdir().expect("a directory");
    copy(&data, before.path());
    let (expected, written) = tables(&data);
    assert!(expected.len() == 7 && expected.values().all(|table| !table.is_empty()));
    let mut names: Vec<String> = CODECS.map(|codec| format!("{} 0", topic(codec))).into();
    names.extend(["money 0".to_owned(), "money 1".to_owned()]);

    set_cleaner(&kafka, true);
    let mut ottla = Ottla::start_for(&kafka).expect("Ottla on Apache Kafka's directory");
    wait_until_clean(&data, &names);
    ottla.stop().expect("a stop");
    let (by_ottla, left_by_ottla) = tables(&data);
    assert!(by_ottla == expected, "Ottla's cleaner keeps the last values");
    assert!(left_by_ottla * 2 < written, "{left_by_ottla} of {written} records are left");
    let dumped = hand.dump_all(&data);
    assert!(dumped["log"] > 8, "{dumped:?}");
    let ours = tempfile::tempdir().expect("a directory");
    copy(&data, ours.path());

    // Apache Kafka goes on with what Ottla cleaned, and reads all of it.
    set_cleaner(&kafka, false);
    kafka.restart().expect("Apache Kafka on what Ottla cleaned");
    for codec in CODECS {
        let read = hand.ask(&format!("read read_committed {}", topic(codec)));
        assert!(!read.is_empty());
    }
    hand.ask("read read_committed money");
    kafka.stop().expect("a stop");

    fs::remove_dir_all(&data).expect("remove the directory");
    copy(before.path(), &data);
    set_cleaner(&kafka, true);
    kafka.restart().expect("Apache Kafka on its own directory");
    wait_until_clean(&data, &names);
    kafka.stop().expect("a stop");
    let (by_kafka, left_by_kafka) = tables(&data);
    assert!(by_kafka == by_ottla, "both cleaners keep the same last values");
    assert!(
        left_by_ottla <= left_by_kafka + left_by_kafka / 10,
        "of {written} records Ottla leaves {left_by_ottla}, Apache Kafka {left_by_kafka}"
    );
    // And Ottla reads what Apache Kafka cleaned, and finds nothing more to do.
    let mut ottla = Ottla::start_for(&kafka).expect("Ottla on what Apache Kafka cleaned");
    hand.ask("read read_uncommitted money");
    ottla.stop().expect("a stop");
    let (again, _) = tables(&data);
    assert!(again == by_kafka, "nothing is lost");
}
