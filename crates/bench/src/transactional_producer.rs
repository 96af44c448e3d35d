//! A producer of transactions as Kafka's clients since 4.0 are one (KIP-890): produce, end, and the next epoch comes with the
//! answer.

use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use model::{ProducerEpoch, ProducerId, Sequence, Timestamp};
use record::{BatchBuilder, BatchStamp, Compressor, ProducerStamp};
use testkit::Failed;
use testkit::compare::Side;
use wire::ErrorCode;
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::{EndTxnRequest, InitProducerIdRequest, ProduceRequest};

use crate::requests::is_coming;

/// The last that names topics; it adds partitions to the transaction by itself.
const PRODUCE_VERSION: i16 = 12;
const END_VERSION: i16 = 5;
const INIT_VERSION: i16 = 5;
const TIMEOUT_MS: i32 = 60_000;
/// Between two tries while the coordinator still ends the transaction before.
const BACKOFF: Duration = Duration::from_millis(5);
const PATIENCE: Duration = Duration::from_secs(30);

/// What each transaction consists of.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) partitions: i32,
    pub(crate) records_each: usize,
    pub(crate) value_size: usize,
}

pub(crate) struct TransactionalProducer {
    side: Side,
    id: String,
    topic: String,
    producer: (i64, i16),
    shape: Shape,
    value: Vec<u8>,
    builder: BatchBuilder,
    compressor: Compressor,
}

impl TransactionalProducer {
    /// One whose former transactions are over.
    pub(crate) fn start(
        address: &str,
        id: &str,
        topic: &str,
        shape: Shape,
    ) -> Result<Self, Failed> {
        let mut started = Self {
            side: Side::new(address.to_owned()),
            id: id.to_owned(),
            topic: topic.to_owned(),
            producer: (-1, -1),
            shape,
            value: frames_value(shape.value_size),
            builder: BatchBuilder::new(),
            compressor: Compressor::new(),
        };
        let request = InitProducerIdRequest {
            transactional_id: Some(started.id.clone()),
            transaction_timeout_ms: TIMEOUT_MS,
            producer_id: -1,
            producer_epoch: -1,
            ..InitProducerIdRequest::default()
        };
        started.producer = started.retried("InitProducerId", |own| {
            let answer = own.side.call(&request, INIT_VERSION)?;
            Ok(answer.map(|a| (a.error_code, (a.producer_id, a.producer_epoch))))
        })?;
        Ok(started)
    }

    /// One transaction, from its first record to the answer that it is committed.
    pub(crate) fn transaction(&mut self, now: Timestamp) -> Result<(), Failed> {
        let records = self.records(now)?;
        let data = |index| PartitionProduceData { index, records: Some(records.clone()) };
        let topic = TopicProduceData {
            name: self.topic.clone(),
            partition_data: (0..self.shape.partitions).map(data).collect(),
            ..TopicProduceData::default()
        };
        let request = ProduceRequest {
            transactional_id: Some(self.id.clone()),
            acks: -1,
            timeout_ms: 30_000,
            topic_data: vec![topic],
        };
        self.retried("Produce", |own| {
            let answer = own.side.call(&request, PRODUCE_VERSION)?;
            Ok(answer.map(|answer| {
                let partitions =
                    answer.responses.iter().flat_map(|topic| &topic.partition_responses);
                let codes = partitions.map(|partition| partition.error_code);
                // What was appended already is known by its sequence when it comes again.
                (codes.into_iter().find(|code| *code != 0).unwrap_or(0), ())
            }))
        })?;
        let (producer_id, producer_epoch) = self.producer;
        let request = EndTxnRequest {
            transactional_id: self.id.clone(),
            producer_id,
            producer_epoch,
            committed: true,
        };
        self.producer = self.retried("EndTxn", |own| {
            let answer = own.side.call(&request, END_VERSION)?;
            Ok(answer.map(|a| (a.error_code, (a.producer_id, a.producer_epoch))))
        })?;
        Ok(())
    }

    /// Each epoch begins with its first sequence, and has one transaction.
    fn records(&mut self, now: Timestamp) -> Result<Bytes, Failed> {
        let failed = |error: &dyn std::fmt::Display| Failed(format!("make a batch: {error}"));
        let (id, epoch) = self.producer;
        let stamp = ProducerId::from_wire(id).zip(ProducerEpoch::from_wire(epoch));
        let (id, epoch) = stamp.ok_or_else(|| Failed("no producer id".into()))?;
        let producer = Some(ProducerStamp { id, epoch, base_sequence: Some(Sequence::ZERO) });
        self.builder.clear();
        for _ in 0..self.shape.records_each {
            let appended = self.builder.append(Some(now), None, Some(&self.value), &[]);
            appended.map_err(|error| failed(&error))?;
        }
        let stamp = BatchStamp { producer, transactional: true, ..BatchStamp::default() };
        let batch = self.builder.finish(&stamp, &mut self.compressor);
        Ok(Bytes::copy_from_slice(batch.map_err(|error| failed(&error))?))
    }

    /// Asks again while the coordinator is not there yet or not yet done with what was before.
    fn retried<T>(
        &mut self,
        what: &str,
        mut ask: impl FnMut(&mut Self) -> Result<Option<(i16, T)>, Failed>,
    ) -> Result<T, Failed> {
        let end = Instant::now() + PATIENCE;
        loop {
            let Some((code, value)) = ask(self)? else {
                return Err(Failed(format!("{what} of {}: the connection was closed", self.id)));
            };
            match ErrorCode::from_code(code) {
                Some(ErrorCode::None) => return Ok(value),
                // The second is what a Produce hears of it, which has had no code for that.
                Some(ErrorCode::ConcurrentTransactions | ErrorCode::NotEnoughReplicas)
                    if Instant::now() < end =>
                {
                    thread::sleep(BACKOFF);
                }
                _ if is_coming(code) && Instant::now() < end => thread::sleep(BACKOFF),
                _ => return Err(Failed(format!("{what} of {}: code {code}", self.id))),
            }
        }
    }
}

fn frames_value(size: usize) -> Vec<u8> {
    (b'a'..=b'z').cycle().take(size).collect()
}
