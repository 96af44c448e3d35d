//! Requests, encoded once.
//!
//! Produce 7 and Fetch 11 are the last versions without flexible fields: error codes are at fixed places in their answers,
//! and every broker from Apache Kafka 2.3 to 4.4 takes them.

use bytes::Bytes;
use model::{SeededRandom, Timestamp};
use record::{BatchBuilder, BatchStamp, Compression, Compressor};
use wire::messages::fetch_request::{FetchPartition, FetchTopic};
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::{ApiVersionsRequest, FetchRequest, ProduceRequest};
use wire::{Message, Request, RequestHeader};

use crate::error::{LoadError, Result};
use crate::run::Answers;

pub const PRODUCE_VERSION: i16 = 7;
pub const FETCH_VERSION: i16 = 11;

/// A batch of records with values that look like nothing in particular.
#[derive(Clone, Debug)]
pub struct Batch {
    pub bytes: Bytes,
    pub record_count: u32,
    /// Bytes of the values, before compression.
    pub value_bytes: u64,
}

/// How large a batch is to be.
#[derive(Clone, Copy, Debug)]
pub struct BatchShape {
    /// Bytes of a record's value.
    pub value_size: usize,
    /// Records at most, and at least one.
    pub count_max: u64,
    /// Bytes at most before compression, unless one record has more.
    pub size_max: usize,
}

impl BatchShape {
    /// So many records, however large.
    pub const fn records(count: u64, value_size: usize) -> Self {
        Self { value_size, count_max: count, size_max: usize::MAX }
    }
}

/// Makes a batch of lower case letters: they do not compress to nothing.
pub fn batch(shape: BatchShape, compression: Compression, now: Timestamp) -> Result<Batch> {
    let mut random = SeededRandom::new(1);
    let mut builder = BatchBuilder::new();
    let mut value = vec![0; shape.value_size];
    let mut value_bytes = 0;
    while builder.is_empty() || u64::from(builder.record_count()) < shape.count_max {
        for byte in &mut value {
            *byte = b'a' + u8::try_from(random.below(26)).unwrap_or(0);
        }
        let next = BatchBuilder::record_size_max(None, Some(&value), &[]);
        if !builder.is_empty() && builder.size().saturating_add(next) > shape.size_max {
            break;
        }
        builder.append(Some(now), None, Some(&value), &[])?;
        value_bytes += u64::try_from(value.len()).unwrap_or(0);
    }
    let record_count = builder.record_count();
    let stamp = BatchStamp { compression, ..BatchStamp::default() };
    let bytes = Bytes::copy_from_slice(builder.finish(&stamp, &mut Compressor::new())?);
    Ok(Batch { bytes, record_count, value_bytes })
}

/// A request to append `records` to one partition.
pub fn produce(topic: &str, partition: i32, records: Bytes, acks: i16) -> ProduceRequest {
    let partition = PartitionProduceData { index: partition, records: Some(records) };
    let topic = TopicProduceData {
        name: topic.into(),
        partition_data: vec![partition],
        ..TopicProduceData::default()
    };
    ProduceRequest {
        acks,
        timeout_ms: 30_000,
        topic_data: vec![topic],
        ..ProduceRequest::default()
    }
}

pub fn produce_frame(topic: &str, partition: i32, records: Bytes, acks: i16) -> Result<Vec<u8>> {
    frame(&produce(topic, partition, records, acks), PRODUCE_VERSION)
}

/// What answers to [`produce_frame`] say of its only partition.
pub const fn produce_answers(topic: &str, acks: i16) -> Answers {
    match acks {
        0 => Answers::None,
        _ => Answers::WithCode { at: 4 + 4 + 2 + topic.len() + 4 + 4 },
    }
}

/// A request for up to `size_max` bytes of one partition from `offset` on, that waits for some to be there.
pub fn fetch(
    topic: &str,
    partition: i32,
    offset: i64,
    size_max: i32,
    wait_ms: i32,
) -> FetchRequest {
    let partition = FetchPartition {
        partition,
        current_leader_epoch: -1,
        fetch_offset: offset,
        log_start_offset: -1,
        partition_max_bytes: size_max,
        ..FetchPartition::default()
    };
    let topic =
        FetchTopic { topic: topic.into(), partitions: vec![partition], ..FetchTopic::default() };
    FetchRequest {
        replica_id: -1,
        max_wait_ms: wait_ms,
        min_bytes: 1,
        max_bytes: size_max,
        session_epoch: -1,
        topics: vec![topic],
        ..FetchRequest::default()
    }
}

pub fn fetch_frame(
    topic: &str,
    partition: i32,
    offset: i64,
    size_max: i32,
    wait_ms: i32,
) -> Result<Vec<u8>> {
    frame(&fetch(topic, partition, offset, size_max, wait_ms), FETCH_VERSION)
}

/// What answers to [`fetch_frame`] say of its only partition.
pub const fn fetch_answers(topic: &str) -> Answers {
    Answers::WithCode { at: 4 + 4 + 2 + 4 + 4 + 2 + topic.len() + 4 + 4 }
}

/// One that is answered where others are not: its answer is a correlation id and an error code first.
pub(crate) fn last_frame() -> Result<Vec<u8>> {
    frame(&ApiVersionsRequest::default(), 0)
}

/// A request as it goes over the wire, its size first.
pub fn frame<R: Request>(request: &R, version: i16) -> Result<Vec<u8>> {
    let header = RequestHeader {
        api_key: R::KEY.code(),
        api_version: version,
        correlation_id: 0,
        client_id: Some("ottla-bench".into()),
    };
    let mut bytes = vec![0; 4];
    header.encode(&mut bytes, R::KEY.request_header_version(version))?;
    request.encode(&mut bytes, version)?;
    let size = bytes.len() - 4;
    let head = i32::try_from(size).map_err(|_| LoadError::TooLarge(size))?.to_be_bytes();
    for (byte, of_size) in bytes.iter_mut().zip(head) {
        *byte = of_size;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use wire::messages::{FetchResponse, ProduceResponse, fetch_response, produce_response};

    use super::*;

    const TOPIC: &str = "orders";
    const CODE: i16 = 0x4b4b;

    fn place<M: Message>(answer: &M, version: i16) -> usize {
        let mut bytes = vec![0; 4];
        answer.encode(&mut bytes, version).unwrap();
        bytes.windows(2).position(|two| two == CODE.to_be_bytes()).unwrap()
    }

    #[test]
    fn error_codes_are_where_answers_have_them() {
        let partition =
            produce_response::PartitionProduceResponse { error_code: CODE, ..Default::default() };
        let topic = produce_response::TopicProduceResponse {
            name: TOPIC.into(),
            partition_responses: vec![partition],
            ..Default::default()
        };
        let answer = ProduceResponse { responses: vec![topic], ..Default::default() };
        let at = place(&answer, PRODUCE_VERSION);
        assert_eq!(produce_answers(TOPIC, 1), Answers::WithCode { at });

        let partition = fetch_response::PartitionData { error_code: CODE, ..Default::default() };
        let topic = fetch_response::FetchableTopicResponse {
            topic: TOPIC.into(),
            partitions: vec![partition],
            ..Default::default()
        };
        let answer = FetchResponse { responses: vec![topic], ..Default::default() };
        assert_eq!(fetch_answers(TOPIC), Answers::WithCode { at: place(&answer, FETCH_VERSION) });
    }

    #[test]
    fn a_batch_ends_at_its_count_or_its_size_and_has_one_record_at_least() {
        let make = |shape| batch(shape, Compression::default(), Timestamp::from_millis(1).unwrap());
        assert_eq!(make(BatchShape::records(16, 1_000)).unwrap().record_count, 16);
        let small = BatchShape { value_size: 100, count_max: u64::MAX, size_max: 2_000 };
        let small = make(small).unwrap();
        assert!(small.bytes.len() <= 2_000 && small.bytes.len() > 1_800, "{}", small.bytes.len());
        assert_eq!(small.value_bytes, u64::from(small.record_count) * 100);
        let large = BatchShape { value_size: 3_000, count_max: u64::MAX, size_max: 2_000 };
        assert_eq!(make(large).unwrap().record_count, 1);
    }
}
