//! Records of coordinators that nobody can read, and coordinators' logs that rot: said, left where they are, and nobody else
//! suffers.

use std::fs;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use bytes::Bytes;
use model::{SeededRandom, Timestamp, Uuid};
use record::{BatchBuilder, BatchStamp, Compressor};
use tempfile::TempDir;
use testkit::Ottla;
use testkit::compare::Side;
use wire::frame::{encode_coordinator_key, encode_coordinator_value};
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::{InitProducerIdRequest, ProduceRequest};
use wire::records::transaction::transaction_log_value::PartitionsSchema;
use wire::records::transaction::{
    TransactionKey, TransactionLogKey, TransactionLogValue, TransactionValue,
};

use crate::producer::Producer;
use crate::reader::Reader;
use crate::world::{COME_AGAIN, NONE, create, described, stored, until_state, wait_for};

const TRANSACTIONS: &str = "__transaction_state";
const OFFSETS: &str = "__consumer_offsets";
const TOPIC: &str = "data";
/// Clients of this name may write to internal topics.
const ADMIN: &str = "__admin_client";

type Record = (Vec<u8>, Option<Vec<u8>>);

fn key_of(id: &str) -> Vec<u8> {
    let mut key = Vec::new();
    let of = TransactionLogKey { transactional_id: id.to_owned() };
    encode_coordinator_key(&TransactionKey::from(of), &mut key).expect("a key");
    key
}

fn value_of(value: TransactionLogValue) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode_coordinator_value(&TransactionValue::from(value), 1, &mut bytes).expect("a value");
    bytes
}

fn sound() -> TransactionLogValue {
    TransactionLogValue {
        producer_id: 77,
        producer_epoch: 1,
        transaction_timeout_ms: 60_000,
        transaction_status: 1,
        transaction_partitions: Some(vec![PartitionsSchema {
            topic: TOPIC.to_owned(),
            partition_ids: vec![0],
        }]),
        transaction_last_update_timestamp_ms: 1,
        transaction_start_timestamp_ms: 1,
        ..TransactionLogValue::default()
    }
}

/// Records of a transactional id that say nothing sensible, each in its own way.
fn spoilt(id: &str) -> Vec<Record> {
    let partitions = |topic: &str, partition: i32| {
        Some(vec![PartitionsSchema { topic: topic.to_owned(), partition_ids: vec![partition] }])
    };
    let whole = value_of(sound());
    let mut values = vec![
        Vec::new(),
        vec![0],
        vec![0, 99, 1, 2, 3],
        vec![0xff; 40],
        whole[..whole.len() / 2].to_vec(),
        // As many partitions as there are numbers.
        [&whole[..20], &[0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2, 3]].concat(),
    ];
    for value in [
        TransactionLogValue { transaction_status: 77, ..sound() },
        TransactionLogValue { transaction_status: -1, ..sound() },
        TransactionLogValue { producer_id: -9, ..sound() },
        TransactionLogValue { producer_epoch: -2, ..sound() },
        TransactionLogValue { transaction_partitions: partitions("a/b", 0), ..sound() },
        TransactionLogValue { transaction_partitions: partitions(TOPIC, -4), ..sound() },
    ] {
        values.push(value_of(value));
    }
    values.into_iter().map(|value| (key_of(id), Some(value))).collect()
}

/// Keys of every type, known or not, with bodies that do not belong to them.
fn garbage() -> Vec<Record> {
    let mut random = SeededRandom::new(23);
    let mut bytes = |count: u64| {
        let mut bytes = vec![0; usize::try_from(random.below(count)).expect("small")];
        random.fill(&mut bytes);
        bytes
    };
    let mut records = vec![(Vec::new(), None), (vec![0], Some(vec![1]))];
    for number in -1..40_i16 {
        for _ in 0..8 {
            let key = [number.to_be_bytes().to_vec(), bytes(30)].concat();
            let value = bytes(60);
            // Versions are small, so that more than the first two bytes are looked at.
            let value = [vec![0, value.first().copied().unwrap_or(0) % 4], value].concat();
            records.push((key, Some(value)));
        }
    }
    records
}

fn write_raw(address: &str, topic: &str, records: &[Record]) {
    let mut builder = BatchBuilder::new();
    for (key, value) in records {
        let now = Timestamp::from_millis(1_700_000_000_000);
        builder.append(now, Some(key), value.as_deref(), &[]).expect("room");
    }
    let batch = builder.finish(&BatchStamp::default(), &mut Compressor::new()).expect("a batch");
    let partition = PartitionProduceData { index: 0, records: Some(Bytes::copy_from_slice(batch)) };
    let data = TopicProduceData {
        name: topic.to_owned(),
        topic_id: Uuid::ZERO,
        partition_data: vec![partition],
    };
    let request = ProduceRequest {
        transactional_id: None,
        acks: -1,
        timeout_ms: 20_000,
        topic_data: vec![data],
    };
    let answer = Side::named(address.to_owned(), ADMIN).call(&request, 9).expect("produce");
    let part = &answer.expect("an answer").responses[0].partition_responses[0];
    assert_eq!(part.error_code, NONE, "{topic}: {:?}", part.error_message);
}

/// A broker whose log lines go to a file.
fn start(own: &TempDir, settings: &[&str]) -> (Ottla, std::path::PathBuf) {
    let (data, words) = (own.path().join("data"), own.path().join("words"));
    let redirect = format!("exec \"$0\" \"$@\" >>'{}'", words.display());
    let wrapper = ["sh", "-c", &redirect];
    (Ottla::start_through(&wrapper, Some(&data), settings).expect("Ottla"), words)
}

#[test]
fn malformed_records_of_coordinators_are_left_and_said_and_hurt_nobody() {
    let own = TempDir::new().expect("a directory");
    let settings = ["transaction.state.log.num.partitions=1", "offsets.topic.num.partitions=1"];
    let (mut ottla, words) = start(&own, &settings);
    let address = ottla.bootstrap();
    create(&address, TOPIC, 1, &[]);
    let mut victim = Producer::new(&address, "victim", 600_000);
    victim.send(TOPIC, 0, &["before"]);
    victim.send_offset("group", TOPIC, 0, 5);
    victim.end(true);
    until_state(&address, "victim", "CompleteCommit");
    let mut open = Producer::new(&address, "open", 600_000);
    open.send(TOPIC, 0, &["open"]);
    let spoilt = spoilt("victim");
    write_raw(&address, TRANSACTIONS, &spoilt);
    // Decided for a topic that is gone: it can be read, and is closed.
    let gone = TransactionLogValue {
        transaction_status: 2,
        transaction_partitions: Some(vec![PartitionsSchema {
            topic: "gone".to_owned(),
            partition_ids: vec![3],
        }]),
        ..sound()
    };
    write_raw(&address, TRANSACTIONS, &[(key_of("gone"), Some(value_of(gone)))]);
    write_raw(&address, TRANSACTIONS, &garbage());
    write_raw(&address, OFFSETS, &garbage());
    for turn in 0..3 {
        if turn < 2 {
            ottla.kill().expect("the kill");
        } else {
            ottla.stop().expect("a clean stop");
        }
        let before = fs::read_to_string(&words).expect("its words").len();
        ottla.restart().expect("a start");
        let pid = ottla.pid();
        victim.reconnect();
        open.reconnect();
        assert_eq!(described(&address, "victim").transaction_state, "CompleteCommit");
        assert_eq!(described(&address, "open").transaction_state, "Ongoing");
        until_state(&address, "gone", "CompleteCommit");
        let offset = 5 + turn;
        assert_eq!(stored(&address, "group", (TOPIC, 0), true), Ok(offset), "turn {turn}");
        victim.send(TOPIC, 0, &["after"]);
        victim.send_offset("group", TOPIC, 0, offset + 1);
        victim.end(true);
        until_state(&address, "victim", "CompleteCommit");
        assert_eq!(ottla.pid(), pid);
        let said = fs::read_to_string(&words).expect("its words").split_off(before);
        // The first ones are named; what a log is full of would fill the lines too.
        let skipped = said.lines().filter(|line| line.contains("skip unreadable")).count();
        assert!((2..=40).contains(&skipped), "{skipped} records are named");
        let counts = ["transaction", "group"].map(|kind| {
            let sum = format!("unreadable {kind} records stay in the log");
            let line = said.lines().find(|line| line.contains(&sum));
            count_in(line.unwrap_or_else(|| panic!("no sum of {kind} records")))
        });
        let all: usize = counts.iter().sum();
        assert!(all >= spoilt.len() + 100, "{counts:?} records are said to be unreadable");
        assert!(!said.contains("panicked"), "{said}");
    }
    open.end(true);
    let mut reader = Reader::new(&address, TOPIC, 0);
    reader.until_stable();
    assert_eq!(reader.values_to_the_end(), ["before", "open", "after", "after", "after"]);
}

/// `unreadable_count` of a log line.
fn count_in(line: &str) -> usize {
    let text = line.split("unreadable_count=").nth(1).unwrap_or_default();
    let digits = text.split(|it: char| !it.is_ascii_digit()).next().unwrap_or_default();
    digits.parse().unwrap_or_else(|_| panic!("no count in {line}"))
}

/// Where Kafka's clients and coordinators find a key.
fn partition_of(key: &str, count: i32) -> i32 {
    let hash = key
        .encode_utf16()
        .fold(0_i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)));
    (hash & i32::MAX) % count
}

fn name_in(partition: i32) -> String {
    let mut names = (0..).map(|n| format!("name-{n}"));
    names.find(|name| partition_of(name, 4) == partition).expect("a name")
}

fn flip_in_the_middle(path: &Path) {
    let mut file = fs::File::options().read(true).write(true).open(path).expect("open");
    let middle = SeekFrom::Start(file.metadata().expect("its size").len() / 2);
    let mut byte = [0; 1];
    file.seek(middle).expect("seek");
    file.read_exact(&mut byte).expect("read");
    file.seek(middle).expect("seek");
    file.write_all(&[byte[0] ^ 0x10]).expect("write");
}

#[test]
fn a_coordinators_log_that_rots_takes_only_its_own_partition() {
    let own = TempDir::new().expect("a directory");
    let settings = ["transaction.state.log.num.partitions=4", "offsets.topic.num.partitions=4"];
    let (mut ottla, words) = start(&own, &settings);
    let address = ottla.bootstrap();
    create(&address, TOPIC, 1, &[]);
    let names: Vec<String> = (0..4).map(name_in).collect();
    for name in &names {
        let mut producer = Producer::new(&address, name, 600_000);
        for offset in 1..=5 {
            producer.send(TOPIC, 0, &["before"]);
            producer.send_offset(name, TOPIC, 0, offset);
            producer.end(true);
        }
        until_state(&address, name, "CompleteCommit");
        assert_eq!(stored(&address, name, (TOPIC, 0), true), Ok(5));
    }
    ottla.stop().expect("a clean stop");
    let first = "00000000000000000000.log";
    for topic in [TRANSACTIONS, OFFSETS] {
        flip_in_the_middle(&ottla.data().join(format!("{topic}-2")).join(first));
    }
    ottla.restart().expect("a start in spite of the damage");
    let pid = ottla.pid();
    for name in [&names[0], &names[1], &names[3]] {
        let mut producer = Producer::new(&address, name, 600_000);
        producer.send(TOPIC, 0, &["after"]);
        producer.send_offset(name, TOPIC, 0, 6);
        producer.end(true);
        until_state(&address, name, "CompleteCommit");
        assert_eq!(stored(&address, name, (TOPIC, 0), true), Ok(6));
    }
    // Those of the damaged partition are asked to come again, and nothing is made up for them.
    let ask = InitProducerIdRequest {
        transactional_id: Some(names[2].clone()),
        transaction_timeout_ms: 60_000,
        producer_id: -1,
        producer_epoch: -1,
        ..Default::default()
    };
    let end = Instant::now() + Duration::from_secs(12);
    while Instant::now() < end {
        let answer = Side::new(address.clone()).call(&ask, 4).expect("init").expect("an answer");
        assert!(COME_AGAIN.contains(&answer.error_code), "{}", answer.error_code);
        sleep(Duration::from_millis(200));
    }
    assert_eq!(ottla.pid(), pid);
    let said = fs::read_to_string(&words).expect("its words");
    let named = format!("{TRANSACTIONS}-2");
    assert!(said.lines().any(|line| line.contains("ERROR") && line.contains(&named)), "{said}");
    let lines = said.lines().count();
    assert!(lines < 300, "{lines} lines are a flood");
    // Whoever mends the files has it back.
    ottla.stop().expect("a clean stop");
    for topic in [TRANSACTIONS, OFFSETS] {
        flip_in_the_middle(&ottla.data().join(format!("{topic}-2")).join(first));
    }
    ottla.restart().expect("a start");
    assert_eq!(stored(&address, &names[2], (TOPIC, 0), true), Ok(5));
    let again = wait_for("the id", || {
        let answer = Side::new(address.clone()).call(&ask, 4).ok()??;
        (!COME_AGAIN.contains(&answer.error_code)).then_some(answer.error_code)
    });
    assert_eq!(again, NONE);
}
