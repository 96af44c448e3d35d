//! Requests that no client library sends: an idempotent batch once more, one with a gap before it, and all bytes of a log.

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use model::{ProducerEpoch, ProducerId, Sequence, Timestamp, Uuid};
use record::{BatchBuilder, BatchStamp, Compressor, ProducerStamp};
use testkit::compare::Side;
use wire::ErrorCode;
use wire::messages::fetch_request::{FetchPartition, FetchTopic};
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::{FetchRequest, InitProducerIdRequest, ProduceRequest};

/// In versions that name a topic by its name.
const PRODUCE: i16 = 9;
const FETCH: i16 = 12;
/// Records in each of its batches.
const BATCH: i32 = 3;

/// An idempotent producer for one partition that remembers its sequence and nothing of the broker.
pub(crate) struct RawProducer {
    topic: String,
    id: ProducerId,
    epoch: ProducerEpoch,
    next: i32,
    /// Where the last batch went.
    last: i64,
    /// Of all its records. A producer of old records is forgotten with a restart.
    time: i64,
}

impl RawProducer {
    pub(crate) fn new(address: &str, topic: &str) -> Self {
        let request = InitProducerIdRequest { transactional_id: None, ..Default::default() };
        let mut side = Side::new(address.to_owned());
        let answer = side.call(&request, 4).expect("InitProducerId").expect("an answer");
        assert_eq!(answer.error_code, 0, "InitProducerId");
        let id = ProducerId::from_wire(answer.producer_id).expect("an id");
        let epoch = ProducerEpoch::from_wire(answer.producer_epoch).expect("an epoch");
        let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970");
        let time = i64::try_from(since.as_millis()).expect("milliseconds in an i64");
        Self { topic: topic.to_owned(), id, epoch, next: 0, last: -1, time }
    }

    /// The next batch, whatever broker there is.
    pub(crate) fn send(&mut self, address: &str) {
        let (code, offset) = self.produce(address, self.next);
        assert_eq!(code, 0, "sequence {} is next", self.next);
        assert!(offset > self.last, "offset {offset} after {}", self.last);
        (self.next, self.last) = (self.next + BATCH, offset);
    }

    /// A repeat is known by this broker, a gap is refused, and the next batch is taken.
    pub(crate) fn go_on(&mut self, address: &str) {
        let repeat = self.produce(address, self.next - BATCH);
        assert_eq!(repeat, (0, self.last), "the last batch once more");
        let gap = self.produce(address, self.next + BATCH).0;
        assert_eq!(gap, ErrorCode::OutOfOrderSequenceNumber.code(), "a batch after a gap");
        self.send(address);
    }

    /// Error code and base offset.
    fn produce(&self, address: &str, sequence: i32) -> (i16, i64) {
        let mut builder = BatchBuilder::new();
        for at in 0..BATCH {
            let time = Timestamp::from_millis(self.time);
            let value = format!("{} of {}", sequence + at, self.id);
            builder.append(time, None, Some(value.as_bytes()), &[]).expect("room");
        }
        let (id, epoch) = (self.id, self.epoch);
        let stamp = ProducerStamp { id, epoch, base_sequence: Sequence::from_wire(sequence) };
        let stamp = BatchStamp { producer: Some(stamp), ..Default::default() };
        let batch = builder.finish(&stamp, &mut Compressor::new()).expect("a batch").to_vec();
        let partition = PartitionProduceData { index: 0, records: Some(Bytes::from(batch)) };
        let topic = TopicProduceData {
            name: self.topic.clone(),
            topic_id: Uuid::ZERO,
            partition_data: vec![partition],
        };
        let (acks, timeout_ms) = (-1, 10_000);
        let request =
            ProduceRequest { transactional_id: None, acks, timeout_ms, topic_data: vec![topic] };
        let mut side = Side::new(address.to_owned());
        let answer = side.call(&request, PRODUCE).expect("Produce").expect("an answer");
        let partition = &answer.responses[0].partition_responses[0];
        (partition.error_code, partition.base_offset)
    }
}

/// All that a reader of uncommitted records is given of a partition, from this offset on.
pub(crate) fn fetch(address: &str, topic: &str, partition: i32, from: i64) -> Vec<u8> {
    let mut side = Side::new(address.to_owned());
    let (mut all, mut offset) = (Vec::new(), from);
    loop {
        let wanted = FetchPartition {
            partition,
            fetch_offset: offset,
            partition_max_bytes: 8 << 20,
            ..FetchPartition::default()
        };
        let topic =
            FetchTopic { topic: topic.to_owned(), partitions: vec![wanted], ..Default::default() };
        let request =
            FetchRequest { max_bytes: 8 << 20, topics: vec![topic], ..Default::default() };
        let answer = side.call(&request, FETCH).expect("Fetch").expect("an answer");
        let found = &answer.responses[0].partitions[0];
        assert_eq!(found.error_code, 0, "fetch from {offset}");
        let bytes = found.records.clone().unwrap_or_default();
        if bytes.is_empty() {
            assert_eq!(offset, found.high_watermark, "nothing at {offset}");
            return all;
        }
        let mut whole = 0;
        for batch in record::Batches::checked(&bytes) {
            let Ok(batch) = batch else { break };
            whole += batch.header().size();
            offset = batch.header().next_offset().to_wire();
        }
        assert!(whole > 0, "no whole batch at {offset}");
        all.extend_from_slice(&bytes[..whole]);
    }
}
