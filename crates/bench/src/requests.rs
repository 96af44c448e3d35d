//! The requests of the loads, encoded once.

use std::time::UNIX_EPOCH;

use bytes::Bytes;
use model::Timestamp;
use record::{BatchBuilder, BatchStamp, Compressor};
use testkit::Failed;
use testkit::compare::Side;
use wire::messages::create_topics_request::CreatableTopic;
use wire::messages::fetch_request::{FetchPartition, FetchTopic};
use wire::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::{
    CreateTopicsRequest, DeleteTopicsRequest, FetchRequest, ListOffsetsRequest, ProduceRequest,
};
use wire::{Message, Request, RequestHeader};

/// The last versions without flexible fields: their answers have error codes at fixed places.
const PRODUCE_VERSION: i16 = 7;
const FETCH_VERSION: i16 = 11;

/// Places of the error code of the only partition in an answer about `topic`, from the correlation id.
pub(crate) const fn produce_code_at(topic: &str) -> usize {
    4 + 4 + 2 + topic.len() + 4 + 4
}

pub(crate) const fn fetch_code_at(topic: &str) -> usize {
    4 + 4 + 2 + 4 + 4 + 2 + topic.len() + 4 + 4
}

/// Makes a topic; the answer may come before its leaders are there.
pub(crate) fn create(side: &mut Side, name: &str, partitions: i32) -> Result<(), Failed> {
    let topic = CreatableTopic {
        name: name.into(),
        num_partitions: partitions,
        replication_factor: 1,
        ..Default::default()
    };
    let request =
        CreateTopicsRequest { topics: vec![topic], timeout_ms: 30_000, ..Default::default() };
    let answer = side.call(&request, 5)?;
    let code = answer.and_then(|answer| answer.topics.first().map(|topic| topic.error_code));
    // A repeated attempt finds what the first one made.
    match code {
        Some(0 | 36) => Ok(()),
        other => Err(Failed(format!("create {name}: code {other:?}"))),
    }
}

/// Deletes a topic; its files may go later.
pub(crate) fn delete(side: &mut Side, name: &str) -> Result<(), Failed> {
    let request = DeleteTopicsRequest {
        topic_names: vec![name.into()],
        timeout_ms: 30_000,
        ..Default::default()
    };
    let answer = side.call(&request, 5)?;
    let code = answer.and_then(|answer| answer.responses.first().map(|topic| topic.error_code));
    match code {
        Some(0) => Ok(()),
        other => Err(Failed(format!("delete {name}: code {other:?}"))),
    }
}

/// A batch of `count` records with values of `size` bytes, which do not compress.
pub(crate) fn batch(count: usize, size: usize) -> Result<Bytes, Failed> {
    let mut builder = BatchBuilder::new();
    let now = UNIX_EPOCH.elapsed().map_or(0, |since| since.as_millis());
    let now = Timestamp::from_millis(i64::try_from(now).unwrap_or(0));
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut value = vec![0; size];
    for _ in 0..count {
        for byte in &mut value {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *byte = state.to_be_bytes()[0];
        }
        let appended = builder.append(now, None, Some(&value), &[]);
        appended.map_err(|error| Failed(format!("make a batch: {error}")))?;
    }
    let batch = builder.finish(&BatchStamp::default(), &mut Compressor::new());
    batch.map(|b| Bytes::copy_from_slice(b)).map_err(|e| Failed(format!("make a batch: {e}")))
}

pub(crate) fn produce(topic: &str, partition: i32, records: Bytes) -> ProduceRequest {
    let partition = PartitionProduceData { index: partition, records: Some(records) };
    let topic = TopicProduceData {
        name: topic.into(),
        partition_data: vec![partition],
        ..Default::default()
    };
    ProduceRequest { acks: 1, timeout_ms: 30_000, topic_data: vec![topic], ..Default::default() }
}

pub(crate) fn produce_frame(
    topic: &str,
    partition: i32,
    records: Bytes,
) -> Result<Vec<u8>, Failed> {
    frame(&produce(topic, partition, records), PRODUCE_VERSION)
}

/// Where a partition ends.
pub(crate) fn end_offset(side: &mut Side, topic: &str, partition: i32) -> Result<i64, Failed> {
    let asked = ListOffsetsPartition {
        partition_index: partition,
        current_leader_epoch: -1,
        timestamp: -1,
    };
    let topics = vec![ListOffsetsTopic { name: topic.into(), partitions: vec![asked] }];
    let request = ListOffsetsRequest { replica_id: -1, topics, ..Default::default() };
    let answer = side.call(&request, 4)?;
    let offset = answer.and_then(|answer| Some(answer.topics.first()?.partitions.first()?.offset));
    offset.ok_or_else(|| Failed(format!("no end offset of {topic} {partition}")))
}

/// Asks for up to 1 MiB from `offset`, and waits so long for something to be there.
pub(crate) fn fetch_frame(
    topic: &str,
    partition: i32,
    offset: i64,
    wait_ms: i32,
) -> Result<Vec<u8>, Failed> {
    let partition = FetchPartition {
        partition,
        current_leader_epoch: -1,
        fetch_offset: offset,
        log_start_offset: -1,
        partition_max_bytes: 1 << 20,
        ..Default::default()
    };
    let topics =
        vec![FetchTopic { topic: topic.into(), partitions: vec![partition], ..Default::default() }];
    let request = FetchRequest {
        replica_id: -1,
        max_wait_ms: wait_ms,
        min_bytes: 1,
        max_bytes: 1 << 20,
        session_epoch: -1,
        topics,
        ..Default::default()
    };
    frame(&request, FETCH_VERSION)
}

fn frame<R: Request>(request: &R, version: i16) -> Result<Vec<u8>, Failed> {
    let failed = |error| Failed(format!("encode {}: {error}", R::NAME));
    let header = RequestHeader {
        api_key: R::KEY.code(),
        api_version: version,
        correlation_id: 0,
        client_id: Some("bench".into()),
    };
    let mut bytes = vec![0; 4];
    header.encode(&mut bytes, R::KEY.request_header_version(version)).map_err(failed)?;
    request.encode(&mut bytes, version).map_err(failed)?;
    let size = u32::try_from(bytes.len() - 4).map_err(|_| Failed("request too large".into()))?;
    bytes[..4].copy_from_slice(&size.to_be_bytes());
    Ok(bytes)
}
