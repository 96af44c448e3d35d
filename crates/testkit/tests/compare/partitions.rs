//! What is in partitions: produce, fetch, offsets, records deleted, directories.

use bytes::Bytes;
use model::{ProducerEpoch, ProducerId, Sequence, Timestamp};
use record::{BatchBuilder, BatchStamp, Compressor, ProducerStamp};
use testkit::Failed;
use testkit::compare::{Comparison, Side};
use wire::messages::delete_records_request::{DeleteRecordsPartition, DeleteRecordsTopic};
use wire::messages::describe_log_dirs_request::DescribableLogDirTopic;
use wire::messages::describe_producers_request::TopicRequest;
use wire::messages::fetch_request::{FetchPartition, FetchTopic};
use wire::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use wire::messages::offset_for_leader_epoch_request::{
    OffsetForLeaderPartition, OffsetForLeaderTopic,
};
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::{
    DeleteRecordsRequest, DescribeLogDirsRequest, DescribeProducersRequest, FetchRequest,
    FetchResponse, ListOffsetsRequest, OffsetForLeaderEpochRequest, ProduceRequest,
};

use crate::topics::prepare;

/// Milliseconds; recent enough that no retention removes it during the run.
fn now() -> i64 {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("a clock after 1970");
    i64::try_from(since.as_millis()).expect("milliseconds in an i64")
}

/// A batch of `count` records a second apart, ending an hour ago.
fn batch(count: u32, producer: Option<ProducerStamp>) -> Vec<u8> {
    let first = now() / 3_600_000 * 3_600_000 - 7_200_000;
    let mut builder = BatchBuilder::new();
    for i in 0..count {
        let time = Timestamp::from_millis(first + i64::from(i) * 1000);
        builder.append(time, Some(format!("k{i}").as_bytes()), Some(b"value"), &[]).expect("room");
    }
    let stamp = BatchStamp { producer, ..Default::default() };
    builder.finish(&stamp, &mut Compressor::new()).expect("batch").to_vec()
}

fn stamp(id: i64, epoch: i16, sequence: i32) -> Option<ProducerStamp> {
    Some(ProducerStamp {
        id: ProducerId::from_wire(id).expect("id"),
        epoch: ProducerEpoch::from_wire(epoch).expect("epoch"),
        base_sequence: Sequence::from_wire(sequence),
    })
}

/// Names the topic as the version does: by name up to 12, by id from 13.
fn produce(
    side: &mut Side,
    v: i16,
    topic: &str,
    index: i32,
    records: Option<Vec<u8>>,
) -> ProduceRequest {
    let topic_id = if v >= 13 { id_or_unknown(side, topic) } else { model::Uuid::ZERO };
    ProduceRequest {
        transactional_id: None,
        acks: -1,
        timeout_ms: 10_000,
        topic_data: vec![TopicProduceData {
            name: if v >= 13 { String::new() } else { topic.into() },
            topic_id,
            partition_data: vec![PartitionProduceData { index, records: records.map(Bytes::from) }],
        }],
    }
}

fn id_or_unknown(side: &mut Side, topic: &str) -> model::Uuid {
    let id = side.topic_id(topic);
    if id.is_zero() { model::Uuid::from_bytes([5; 16]) } else { id }
}

fn fetch(side: &mut Side, v: i16, topic: &str, partition: i32, fetch_offset: i64) -> FetchRequest {
    let topic_id = if v >= 13 { id_or_unknown(side, topic) } else { model::Uuid::ZERO };
    FetchRequest {
        max_wait_ms: 100,
        min_bytes: 1,
        max_bytes: 1 << 20,
        session_epoch: -1,
        topics: vec![FetchTopic {
            topic: if v >= 13 { String::new() } else { topic.into() },
            topic_id,
            partitions: vec![FetchPartition {
                partition,
                fetch_offset,
                partition_max_bytes: 1 << 20,
                ..Default::default()
            }],
        }],
        ..Default::default()
    }
}

pub(crate) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    prepare(c, "data", 2, &[("max.message.bytes", "2000")])?;
    prepare(c, "compacted", 1, &[("cleanup.policy", "compact")])?;
    prepare(c, "own-time", 1, &[("message.timestamp.type", "LogAppendTime")])?;
    produces(c)?;
    idempotent_produces(c)?;
    fetches(c)?;
    sessions(c)?;
    offsets(c)?;
    directories(c)
}

fn produces(c: &mut Comparison) -> Result<(), Failed> {
    for v in 3..=13 {
        c.case("accepted", v, |s| produce(s, v, "data", 0, Some(batch(3, None))))?;
        c.case("acks 1", v, |s| ProduceRequest {
            acks: 1,
            ..produce(s, v, "data", 0, Some(batch(1, None)))
        })?;
        c.case("unknown topic", v, |s| produce(s, v, "not-there", 0, Some(batch(1, None))))?;
        c.case("unknown partition", v, |s| produce(s, v, "data", 9, Some(batch(1, None))))?;
        c.case("too large", v, |s| produce(s, v, "data", 0, Some(batch(300, None))))?;
        c.case("wrong checksum", v, |s| {
            let mut bytes = batch(1, None);
            let last = bytes.len() - 1;
            bytes[last] ^= 1;
            produce(s, v, "data", 0, Some(bytes))
        })?;
        c.case("acks that do not exist", v, |s| ProduceRequest {
            acks: 5,
            ..produce(s, v, "data", 0, Some(batch(1, None)))
        })?;
        c.case("the log's own time", v, |s| produce(s, v, "own-time", 0, Some(batch(2, None))))?;
        c.case("no key in a compacted topic", v, |s| {
            let mut builder = BatchBuilder::new();
            builder.append(Timestamp::from_millis(now()), None, Some(b"x"), &[]).expect("room");
            let bytes = builder
                .finish(&BatchStamp::default(), &mut Compressor::new())
                .expect("batch")
                .to_vec();
            produce(s, v, "compacted", 0, Some(bytes))
        })?;
        c.case("two batches for one partition", v, |s| {
            let bytes = [batch(1, None), batch(1, None)].concat();
            produce(s, v, "data", 0, Some(bytes))
        })?;
        c.case("an older format of batches", v, |s| {
            let mut bytes = batch(1, None);
            bytes[16] = 1;
            produce(s, v, "data", 0, Some(bytes))
        })?;
    }
    for v in 0..=2_i16 {
        let body = [0_u8; 16];
        let wanted = c.kafka.exchange(wire::ApiKey::Produce, v, &body)?;
        let found = c.ottla.exchange(wire::ApiKey::Produce, v, &body)?;
        c.note("Produce of a version that is only advertised", &wanted.is_some(), &found.is_some());
    }
    Ok(())
}

fn idempotent_produces(c: &mut Comparison) -> Result<(), Failed> {
    for v in 3..=13 {
        let id = 9000 + i64::from(v);
        let send = |s: &mut Side, epoch, sequence| {
            produce(s, v, "data", 1, Some(batch(2, stamp(id, epoch, sequence))))
        };
        c.case("first of a producer", v, |s| send(s, 0, 0))?;
        c.case("next", v, |s| send(s, 0, 2))?;
        c.case("the same again", v, |s| send(s, 0, 2))?;
        c.case("an older one again", v, |s| send(s, 0, 0))?;
        c.case("a gap", v, |s| send(s, 0, 9))?;
        c.case("new epoch", v, |s| send(s, 1, 0))?;
        c.case("old epoch", v, |s| send(s, 0, 4))?;
        c.case("new epoch that starts late", v, |s| send(s, 2, 5))?;
    }
    let producers = |topic: &str| DescribeProducersRequest {
        topics: vec![TopicRequest { name: topic.into(), partition_indexes: vec![0] }],
    };
    c.case("no producers", 0, |_| producers("data"))?;
    c.case("producers of an unknown topic", 0, |_| producers("not-there"))?;
    Ok(())
}

fn fetches(c: &mut Comparison) -> Result<(), Failed> {
    for v in 4..=18 {
        c.case("from the start", v, |s| fetch(s, v, "data", 0, 0))?;
        c.case("from within a batch", v, |s| fetch(s, v, "data", 0, 1))?;
        c.case("beyond the end", v, |s| fetch(s, v, "data", 0, 1_000_000))?;
        c.case("unknown topic", v, |s| fetch(s, v, "not-there", 0, 0))?;
        c.case("unknown partition", v, |s| fetch(s, v, "data", 9, 0))?;
        c.case("nothing new", v, |s| {
            let end = end_of(s);
            fetch(s, v, "data", 0, end)
        })?;
        c.case("read committed", v, |s| FetchRequest {
            isolation_level: 1,
            ..fetch(s, v, "data", 0, 0)
        })?;
        c.case("one byte at most", v, |s| {
            let mut request = FetchRequest { max_bytes: 1, ..fetch(s, v, "data", 0, 0) };
            request.topics[0].partitions[0].partition_max_bytes = 1;
            request
        })?;
        if v >= 9 {
            c.case("an older leader", v, |s| with_epoch(fetch(s, v, "data", 0, 0), 0))?;
            c.case("a leader to come", v, |s| with_epoch(fetch(s, v, "data", 0, 0), 99))?;
        }
    }
    Ok(())
}

fn with_epoch(mut request: FetchRequest, epoch: i32) -> FetchRequest {
    request.topics[0].partitions[0].current_leader_epoch = epoch;
    request
}

fn end_of(side: &mut Side) -> i64 {
    let response = side.call(&list("data", 0, -1), 7).ok().flatten();
    response.and_then(|r| r.topics.first().map(|t| t.partitions[0].offset)).unwrap_or(0)
}

/// KIP-227: a session is asked for, used, used wrongly and closed.
fn sessions(c: &mut Comparison) -> Result<(), Failed> {
    for v in 7..=18 {
        let in_session = |s: &mut Side, epoch: i32, all: bool| {
            let session_id =
                s.memory.get("session").and_then(|text| text.parse().ok()).unwrap_or(0);
            let end = end_of(s);
            let mut request =
                FetchRequest { session_id, session_epoch: epoch, ..fetch(s, v, "data", 0, end) };
            if !all {
                request.topics.clear();
            }
            request
        };
        for side in [&mut c.kafka, &mut c.ottla] {
            side.memory.remove("session");
        }
        let opened = c.case("a session is asked for", v, |s| in_session(s, 0, true))?;
        for (side, opened) in [(&mut c.kafka, opened.0), (&mut c.ottla, opened.1)] {
            let id = opened.as_ref().map_or(0, |r: &FetchResponse| r.session_id);
            side.memory.insert("session".into(), id.to_string());
        }
        c.case("nothing new in the session", v, |s| in_session(s, 1, false))?;
        for side in [&mut c.kafka, &mut c.ottla] {
            let request = produce(side, 7, "data", 0, Some(batch(1, None)));
            side.call(&request, 7)?;
        }
        c.case("news in the session", v, |s| in_session(s, 2, false))?;
        c.case("a wrong epoch", v, |s| in_session(s, 9, false))?;
        c.case("a session that is not there", v, |s| FetchRequest {
            session_id: 123_456_789,
            ..in_session(s, 1, false)
        })?;
        c.case("closed", v, |s| in_session(s, -1, true))?;
    }
    Ok(())
}

fn list(topic: &str, partition_index: i32, timestamp: i64) -> ListOffsetsRequest {
    ListOffsetsRequest {
        replica_id: -1,
        isolation_level: 0,
        topics: vec![ListOffsetsTopic {
            name: topic.into(),
            partitions: vec![ListOffsetsPartition {
                partition_index,
                timestamp,
                current_leader_epoch: -1,
            }],
        }],
        timeout_ms: 10_000,
    }
}

fn offsets(c: &mut Comparison) -> Result<(), Failed> {
    prepare(c, "offsets", 1, &[])?;
    for side in [&mut c.kafka, &mut c.ottla] {
        for _ in 0..3 {
            let request = produce(side, 7, "offsets", 0, Some(batch(5, None)));
            side.call(&request, 7)?;
        }
    }
    let first = now() / 3_600_000 * 3_600_000 - 7_200_000;
    for v in 1..=11 {
        c.case("earliest", v, |_| list("offsets", 0, -2))?;
        c.case("latest", v, |_| list("offsets", 0, -1))?;
        c.case("largest timestamp", v, |_| list("offsets", 0, -3))?;
        c.case("earliest local", v, |_| list("offsets", 0, -4))?;
        c.case("latest tiered", v, |_| list("offsets", 0, -5))?;
        c.case("earliest pending upload", v, |_| list("offsets", 0, -6))?;
        c.case("no such special time", v, |_| list("offsets", 0, -9))?;
        c.case("by time", v, |_| list("offsets", 0, first + 2500))?;
        c.case("by a time to come", v, |_| list("offsets", 0, now() + 86_400_000))?;
        c.case("unknown topic", v, |_| list("not-there", 0, -1))?;
        c.case("unknown partition", v, |_| list("offsets", 7, -1))?;
        c.case("one partition twice", v, |_| {
            let mut request = list("offsets", 0, -1);
            let again = request.topics[0].partitions[0];
            request.topics[0].partitions.push(again);
            request
        })?;
        if v >= 4 {
            c.case("a leader to come", v, |_| {
                let mut request = list("offsets", 0, -1);
                request.topics[0].partitions[0].current_leader_epoch = 50;
                request
            })?;
        }
    }
    for v in 2..=4 {
        let ask = |topic: &str, current_leader_epoch: i32, leader_epoch: i32| {
            OffsetForLeaderEpochRequest {
                replica_id: -1,
                topics: vec![OffsetForLeaderTopic {
                    topic: topic.into(),
                    partitions: vec![OffsetForLeaderPartition {
                        partition: 0,
                        current_leader_epoch,
                        leader_epoch,
                    }],
                }],
            }
        };
        c.case("of the epoch", v, |_| ask("offsets", -1, 0))?;
        c.case("of an epoch to come", v, |_| ask("offsets", -1, 10))?;
        c.case("asked of a leader to come", v, |_| ask("offsets", 10, 0))?;
        c.case("unknown topic", v, |_| ask("not-there", -1, 0))?;
    }
    for v in 0..=2 {
        let delete = |topic: &str, offset: i64| DeleteRecordsRequest {
            topics: vec![DeleteRecordsTopic {
                name: topic.into(),
                partitions: vec![DeleteRecordsPartition { partition_index: 0, offset }],
            }],
            timeout_ms: 10_000,
        };
        c.case("up to an offset", v, |_| delete("offsets", 4 + i64::from(v)))?;
        c.case("up to an earlier one", v, |_| delete("offsets", 1))?;
        c.case("beyond the end", v, |_| delete("offsets", 1000))?;
        c.case("negative", v, |_| delete("offsets", -5))?;
        c.case("unknown topic", v, |_| delete("not-there", 1))?;
        c.case("from a compacted topic", v, |_| delete("compacted", 0))?;
    }
    c.case("fetch below the log start", 11, |s| fetch(s, 11, "offsets", 0, 0))?;
    c.case("earliest after deleting records", 7, |_| list("offsets", 0, -2))?;
    Ok(())
}

fn directories(c: &mut Comparison) -> Result<(), Failed> {
    for v in 1..=5 {
        let ask = |topic: &str| DescribeLogDirsRequest {
            topics: Some(vec![DescribableLogDirTopic { topic: topic.into(), partitions: vec![0] }]),
        };
        c.case("of one partition", v, |_| ask("offsets"))?;
        c.case("of an unknown topic", v, |_| ask("not-there"))?;
    }
    Ok(())
}
