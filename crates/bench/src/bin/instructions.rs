//! `instructions CASE COUNT`: does one kernel of the data path so many times and nothing else, for a tool that counts the
//! instructions of a process. Kernels that choose their code by the machine's CPU, such as checksums, are not among them.

use std::hint::black_box;
use std::process::ExitCode;

use model::{
    BrokerId, Instant, LeaderEpoch, Offset, PartitionEpoch, ProducerEpoch, ProducerId, Sequence,
    Timestamp, Uuid,
};
use record::BatchBuilder;
use replica::{
    Acks, Append, BatchFacts, Effects, Input, Leader, LeaderSettings, LeaderTerm, Origin,
    ProducerFacts, ReplicaLog,
};
use wire::messages::fetch_response::PartitionData;
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::produce_response::PartitionProduceResponse;
use wire::messages::{ProduceRequest, ProduceRequestView};
use wire::{FetchResponseHead, FetchResponseWriter, Message, ProduceResponseWriter};

const PRODUCE_VERSION: i16 = 12;
const FETCH_VERSION: i16 = 12;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [case, count] = arguments.as_slice() else { return ExitCode::FAILURE };
    let Ok(count) = count.parse::<i32>() else { return ExitCode::FAILURE };
    let done = match case.as_str() {
        "produce-decode" => produce_decode(count),
        "produce-answer" => produce_answer(count),
        "fetch-answer" => fetch_answer(count),
        "append" => append(count),
        "builder" => builder(count),
        _ => None,
    };
    if done.is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A request of four topics with four partitions each, read as the broker reads it.
fn produce_decode(count: i32) -> Option<()> {
    let partition =
        |index| PartitionProduceData { index, records: Some(bytes::Bytes::from_static(&[7; 200])) };
    let topic = |name: &str| TopicProduceData {
        name: name.into(),
        partition_data: (0..4).map(partition).collect(),
        ..Default::default()
    };
    let topic_data = ["orders", "payments", "shipments", "returns"].map(topic).into();
    let request = ProduceRequest { acks: 1, topic_data, ..Default::default() };
    let mut body = Vec::new();
    request.encode(&mut body, PRODUCE_VERSION).ok()?;
    for _ in 0..count {
        let view = ProduceRequestView::parse(black_box(&body), PRODUCE_VERSION).ok()?;
        let mut size = 0;
        for topic in view.topic_data {
            for partition in topic.partition_data {
                size += partition.records.map_or(0, <[u8]>::len);
            }
        }
        black_box(size);
    }
    Some(())
}

/// The answer of one partition into a buffer that is used again.
fn produce_answer(count: i32) -> Option<()> {
    let mut out = Vec::with_capacity(1_000);
    for _ in 0..count {
        out.clear();
        let mut writer = ProduceResponseWriter::begin(&mut out, PRODUCE_VERSION, 1).ok()?;
        writer.topic("orders", Uuid::ONE, 1).ok()?;
        let partition = PartitionProduceResponse { base_offset: 7, ..Default::default() };
        writer.partition(&partition).ok()?;
        writer.finish(0, &[]).ok()?;
        black_box(&out);
    }
    Some(())
}

/// An answer of sixteen partitions, whose records come from where they lie.
fn fetch_answer(count: i32) -> Option<()> {
    let mut out = Vec::with_capacity(4_000);
    for _ in 0..count {
        out.clear();
        let head = FetchResponseHead { topic_count: 1, ..Default::default() };
        let mut writer = FetchResponseWriter::begin(&mut out, FETCH_VERSION, head).ok()?;
        writer.topic("orders", Uuid::ONE, 16).ok()?;
        for partition_index in 0..16 {
            let partition =
                PartitionData { partition_index, high_watermark: 9, ..Default::default() };
            writer.partition(black_box(&partition), 1_000).ok()?;
        }
        writer.finish(&[]).ok()?;
        black_box(&out);
    }
    Some(())
}

/// One batch of an idempotent producer, decided by the partition's leader, and its commit.
fn append(count: i32) -> Option<()> {
    let me = BrokerId::from_wire(0)?;
    let term = LeaderTerm {
        me,
        leader_epoch: LeaderEpoch::ZERO,
        partition_epoch: PartitionEpoch::ZERO,
        replicas: vec![me],
        in_sync: vec![me],
    };
    let mut effects: Effects<u32, ()> = Effects::new();
    let log = ReplicaLog::empty(Offset::ZERO);
    let mut leader = Leader::new(Instant::ZERO, log, term, LeaderSettings::default(), &mut effects);
    let (now, wall) = (Instant::from_millis(1), Timestamp::from_millis(1)?);
    for number in 0..count {
        let producer = ProducerFacts {
            id: ProducerId::from_wire(1)?,
            epoch: ProducerEpoch::ZERO,
            base_sequence: Sequence::from_wire(number * 10),
        };
        let facts = BatchFacts {
            offset_count: 10,
            size_bytes: 1_000,
            max_timestamp: Some(wall),
            producer: Some(producer),
            transactional: false,
            control: false,
            marker: None,
        };
        let (acks, origin) = (Acks::AllInSync, Origin::CLIENT);
        let append = Append { ticket: 0, facts, batch: (), acks, origin };
        leader.step(now, wall, Input::Append(append), &mut effects);
        let end = leader.log().log_end();
        leader.step(now, wall, Input::DurableEnd(end), &mut effects);
        black_box(effects.drain().count());
    }
    Some(())
}

/// A hundred records of 100 bytes into one batch, which is not closed: its checksum is the machine's affair.
fn builder(count: i32) -> Option<()> {
    let now = Timestamp::from_millis(1);
    for _ in 0..count {
        let mut builder = BatchBuilder::new();
        for _ in 0..100 {
            builder.append(now, Some(b"key"), Some(black_box(&[7; 100])), &[]).ok()?;
        }
        black_box(builder.size());
    }
    Some(())
}
