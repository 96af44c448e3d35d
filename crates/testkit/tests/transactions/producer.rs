//! A transactional producer made of single requests, so that a test decides which are late, repeated or lost.

use std::collections::BTreeMap;

use bytes::Bytes;
use model::{ProducerEpoch, ProducerId, Sequence, Timestamp, Uuid};
use record::{BatchBuilder, BatchStamp, Compressor, ProducerStamp};
use testkit::compare::Side;
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::txn_offset_commit_request::{
    TxnOffsetCommitRequestPartition, TxnOffsetCommitRequestTopic,
};
use wire::messages::{
    EndTxnRequest, EndTxnResponse, InitProducerIdRequest, ProduceRequest, TxnOffsetCommitRequest,
};

use crate::world::{COME_AGAIN, NONE, find_coordinators, wait_for};

/// Partitions join by being written to; topics have names.
pub(crate) const PRODUCE: i16 = 12;
pub(crate) const END: i16 = 5;
/// The last version by the rules before KIP-890.
pub(crate) const END_OLD: i16 = 4;
const OFFSETS: i16 = 5;

/// One life of a transactional id.
pub(crate) struct Producer {
    pub(crate) side: Side,
    pub(crate) address: String,
    pub(crate) id: String,
    pub(crate) producer: (i64, i16),
    sequences: BTreeMap<(String, i32), i32>,
}

impl Producer {
    pub(crate) fn new(address: &str, id: &str, timeout_ms: i32) -> Self {
        find_coordinators(address);
        let mut producer = Self {
            side: Side::new(address.to_owned()),
            address: address.to_owned(),
            id: id.to_owned(),
            producer: (-1, -1),
            sequences: BTreeMap::new(),
        };
        producer.init(timeout_ms);
        producer
    }

    /// Begins a life, which fences the one before.
    pub(crate) fn init(&mut self, timeout_ms: i32) {
        let request = InitProducerIdRequest {
            transactional_id: Some(self.id.clone()),
            transaction_timeout_ms: timeout_ms,
            producer_id: -1,
            producer_epoch: -1,
            ..Default::default()
        };
        let side = &mut self.side;
        let given = wait_for("a producer id", || {
            let answer = side.call(&request, 5).ok()??;
            if COME_AGAIN.contains(&answer.error_code) {
                return None;
            }
            assert_eq!(answer.error_code, NONE, "init");
            Some((answer.producer_id, answer.producer_epoch))
        });
        self.goes_on_as(given);
    }

    pub(crate) fn goes_on_as(&mut self, producer: (i64, i16)) {
        if self.producer != producer {
            self.producer = producer;
            self.sequences.clear();
        }
    }

    /// After the broker was away.
    pub(crate) fn reconnect(&mut self) {
        self.side = Side::new(self.address.clone());
    }

    /// The next batch for a partition, as it goes over the wire.
    pub(crate) fn request(
        &mut self,
        topic: &str,
        index: i32,
        records: &[(&str, &str)],
    ) -> ProduceRequest {
        let next = self.sequences.entry((topic.to_owned(), index)).or_default();
        let batch = batch(self.producer, *next, records);
        *next += i32::try_from(records.len()).expect("few");
        let partition = PartitionProduceData { index, records: Some(batch) };
        let topic = TopicProduceData {
            name: topic.to_owned(),
            topic_id: Uuid::ZERO,
            partition_data: vec![partition],
        };
        ProduceRequest {
            transactional_id: Some(self.id.clone()),
            acks: -1,
            timeout_ms: 30_000,
            topic_data: vec![topic],
        }
    }

    /// Gives the base offset, or the code. Asks again while the transaction before is being ended, or the broker is away.
    pub(crate) fn try_send(
        &mut self,
        topic: &str,
        index: i32,
        records: &[(&str, &str)],
    ) -> Result<i64, i16> {
        let request = self.request(topic, index, records);
        let side = &mut self.side;
        wait_for("a produce", || {
            let answer = side.call(&request, PRODUCE).ok()??;
            let part = answer.responses[0].partition_responses[0].clone();
            match part.error_code {
                NONE => Some(Ok(part.base_offset)),
                // A leader that is not there yet, too.
                code if COME_AGAIN.contains(&code) || matches!(code, 3 | 5 | 6 | 19) => None,
                code => Some(Err(code)),
            }
        })
    }

    pub(crate) fn send(&mut self, topic: &str, index: i32, values: &[&str]) -> i64 {
        let records: Vec<(&str, &str)> = values.iter().map(|value| ("key", *value)).collect();
        self.try_send(topic, index, &records).expect("a produce that is taken")
    }

    /// Commits an offset of a group that has no members as part of the transaction.
    pub(crate) fn send_offset(&mut self, group: &str, topic: &str, partition: i32, offset: i64) {
        let request = TxnOffsetCommitRequest {
            transactional_id: self.id.clone(),
            group_id: group.to_owned(),
            producer_id: self.producer.0,
            producer_epoch: self.producer.1,
            generation_id_or_member_epoch: -1,
            topics: vec![TxnOffsetCommitRequestTopic {
                name: topic.to_owned(),
                partitions: vec![TxnOffsetCommitRequestPartition {
                    partition_index: partition,
                    committed_offset: offset,
                    committed_leader_epoch: -1,
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Default::default()
        };
        let side = &mut self.side;
        wait_for("offsets", || {
            let answer = side.call(&request, OFFSETS).ok()??;
            match answer.topics[0].partitions[0].error_code {
                NONE => Some(()),
                code if COME_AGAIN.contains(&code) => None,
                code => panic!("offsets: {code}"),
            }
        });
    }

    pub(crate) fn end_request(&self, committed: bool) -> EndTxnRequest {
        EndTxnRequest {
            transactional_id: self.id.clone(),
            producer_id: self.producer.0,
            producer_epoch: self.producer.1,
            committed,
        }
    }

    /// What is answered for good; the producer stays as it is.
    pub(crate) fn try_end(&mut self, committed: bool) -> EndTxnResponse {
        let request = self.end_request(committed);
        ended(&mut self.side, &request)
    }

    /// Ends the transaction and goes on as the producer that the answer names.
    pub(crate) fn end(&mut self, committed: bool) {
        let answer = self.try_end(committed);
        assert_eq!(answer.error_code, NONE, "end of {} as {:?}", self.id, self.producer);
        self.goes_on_as((answer.producer_id, answer.producer_epoch));
    }
}

/// Asks for the end until the answer is for good.
pub(crate) fn ended(side: &mut Side, request: &EndTxnRequest) -> EndTxnResponse {
    wait_for("an end", || {
        let answer = side.call(request, END).ok()??;
        Some(answer).filter(|answer| !COME_AGAIN.contains(&answer.error_code))
    })
}

/// One uncompressed batch of a transaction.
pub(crate) fn batch((id, epoch): (i64, i16), first: i32, records: &[(&str, &str)]) -> Bytes {
    let mut builder = BatchBuilder::new();
    let now = std::time::UNIX_EPOCH.elapsed().expect("after 1970").as_millis();
    let now = Timestamp::from_millis(i64::try_from(now).expect("not that late"));
    for (key, value) in records {
        let (key, value) = (Some(key.as_bytes()), Some(value.as_bytes()));
        builder.append(now, key, value, &[]).expect("room");
    }
    let producer = ProducerStamp {
        id: ProducerId::from_wire(id).expect("an id"),
        epoch: ProducerEpoch::from_wire(epoch).expect("an epoch"),
        base_sequence: Sequence::from_wire(first),
    };
    let stamp =
        BatchStamp { producer: Some(producer), transactional: true, ..BatchStamp::default() };
    Bytes::copy_from_slice(builder.finish(&stamp, &mut Compressor::new()).expect("a batch"))
}
