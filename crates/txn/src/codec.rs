//! Records as they lie in `__transaction_state`, in the versions that Apache Kafka 4.4 writes; all that it reads are read.

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;
use model::{PartitionIndex, ProducerEpoch, ProducerId, Timestamp, TopicName};
use wire::frame::{
    decode_coordinator_key, decode_coordinator_value, encode_coordinator_key,
    encode_coordinator_value,
};
use wire::records::transaction::transaction_log_value::PartitionsSchema;
use wire::records::transaction::{
    TransactionKey, TransactionLogKey, TransactionLogValue, TransactionValue,
};
use wire::{AnyRecord, DecodeError, EncodeError};

use crate::{
    Format, PartitionKey, Producer, State, Transaction, TransactionRecord, TransactionVersion,
    TransactionalId,
};

/// Key and value of a record; no value deletes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyValue {
    pub key: Vec<u8>,
    pub value: Option<Vec<u8>>,
}

/// What a key and value mean.
#[derive(Clone, Debug, PartialEq)]
pub enum Decoded {
    Record(TransactionRecord),
    /// A record of a type that is not known, with its number: it stays in the log, nothing reads it.
    OtherType(i16),
}

/// Why a record cannot be read, or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    #[error(transparent)]
    Decode(#[from] DecodeError),
    #[error(transparent)]
    Encode(#[from] EncodeError),
    #[error("a transactional id of {0} bytes")]
    TransactionalId(usize),
    #[error("'{0}' cannot be a topic's name")]
    TopicName(String),
    #[error("{0} cannot be a partition's number")]
    Partition(i32),
    #[error("{0} cannot be a producer id")]
    ProducerId(i64),
    #[error("{0} cannot be a producer epoch")]
    ProducerEpoch(i16),
    #[error("{0} is no state of a transaction")]
    State(i8),
}

pub fn encode(record: &TransactionRecord) -> Result<KeyValue, CodecError> {
    let (TransactionRecord::Stored { id, .. } | TransactionRecord::Removed { id }) = record;
    let key = TransactionLogKey { transactional_id: id.as_str().to_owned() };
    let mut encoded = KeyValue { key: Vec::new(), value: None };
    encode_coordinator_key(&TransactionKey::from(key), &mut encoded.key)?;
    if let TransactionRecord::Stored { transaction, format, .. } = record {
        let mut bytes = Vec::new();
        let (value, version) = (value_of(transaction, *format), version_of(*format));
        encode_coordinator_value(&TransactionValue::from(value), version, &mut bytes)?;
        encoded.value = Some(bytes);
    }
    Ok(encoded)
}

pub fn decode(key: &Bytes, value: Option<&Bytes>) -> Result<Decoded, CodecError> {
    // Newer coordinators may know more types than this one, so the body of another is not even looked at.
    if let Some(number) = key.first_chunk().map(|bytes| i16::from_be_bytes(*bytes))
        && number != 0
    {
        return Ok(Decoded::OtherType(number));
    }
    let key: TransactionKey = decode_coordinator_key(key)?;
    let number = key.key();
    let TransactionKey::TransactionLog(key) = key;
    let id = TransactionalId::new(&key.transactional_id)
        .ok_or(CodecError::TransactionalId(key.transactional_id.len()))?;
    let Some(value) = value else {
        return Ok(Decoded::Record(TransactionRecord::Removed { id }));
    };
    let (value, version) = decode_coordinator_value::<TransactionValue>(number, value)?;
    let TransactionValue::TransactionLog(value) = value;
    let transaction = transaction_of(value)?;
    let format = if version == 0 { Format::Plain } else { Format::Tagged };
    Ok(Decoded::Record(TransactionRecord::Stored { id, transaction, format }))
}

const fn version_of(format: Format) -> i16 {
    match format {
        Format::Plain => 0,
        Format::Tagged => 1,
    }
}

fn value_of(transaction: &Transaction, format: Format) -> TransactionLogValue {
    let plain = TransactionLogValue {
        producer_id: transaction.producer.id.to_wire(),
        producer_epoch: transaction.producer.epoch.to_wire(),
        transaction_timeout_ms: i32::try_from(transaction.timeout.as_millis()).unwrap_or(i32::MAX),
        transaction_status: transaction.state.to_wire(),
        transaction_partitions: match transaction.state {
            State::Empty => None,
            _ => Some(grouped(&transaction.partitions)),
        },
        transaction_last_update_timestamp_ms: transaction.updated_at.as_millis(),
        transaction_start_timestamp_ms: transaction.started_at.map_or(-1, Timestamp::as_millis),
        ..TransactionLogValue::default()
    };
    let id = |id: Option<ProducerId>| id.map_or(-1, ProducerId::to_wire);
    match format {
        Format::Plain => plain,
        Format::Tagged => TransactionLogValue {
            previous_producer_id: id(transaction.previous_id),
            next_producer_id: id(transaction.next_id),
            client_transaction_version: transaction.version.level(),
            ..plain
        },
    }
}

fn grouped(partitions: &BTreeSet<PartitionKey>) -> Vec<PartitionsSchema> {
    let mut topics: Vec<PartitionsSchema> = Vec::new();
    for PartitionKey { topic, partition } in partitions {
        match topics.last_mut().filter(|last| last.topic == topic.as_str()) {
            Some(last) => last.partition_ids.push(partition.to_wire()),
            None => topics.push(PartitionsSchema {
                topic: topic.as_str().to_owned(),
                partition_ids: vec![partition.to_wire()],
            }),
        }
    }
    topics
}

fn transaction_of(value: TransactionLogValue) -> Result<Transaction, CodecError> {
    let id = ProducerId::from_wire(value.producer_id)
        .ok_or(CodecError::ProducerId(value.producer_id))?;
    let epoch = ProducerEpoch::from_wire(value.producer_epoch)
        .ok_or(CodecError::ProducerEpoch(value.producer_epoch))?;
    let state = State::from_wire(value.transaction_status)
        .ok_or(CodecError::State(value.transaction_status))?;
    let mut partitions = partitions_of(value.transaction_partitions.unwrap_or_default())?;
    if state.is_idle() {
        // Whoever wrote them so, they are done with.
        partitions.clear();
    }
    let timeout = u64::try_from(value.transaction_timeout_ms).unwrap_or(0);
    // A time before 1970 is as old as 1970 for what it is good for: when to expire.
    let updated_at = value.transaction_last_update_timestamp_ms.max(0);
    Ok(Transaction {
        producer: Producer { id, epoch },
        previous_id: ProducerId::from_wire(value.previous_producer_id),
        next_id: ProducerId::from_wire(value.next_producer_id)
            .filter(|_| matches!(state, State::Prepare(_))),
        timeout: Duration::from_millis(timeout),
        state,
        partitions,
        started_at: Timestamp::from_millis(value.transaction_start_timestamp_ms),
        updated_at: Timestamp::from_millis(updated_at).unwrap_or_else(|| unreachable!()),
        version: TransactionVersion::from_level(value.client_transaction_version),
    })
}

fn partitions_of(topics: Vec<PartitionsSchema>) -> Result<BTreeSet<PartitionKey>, CodecError> {
    let mut partitions = BTreeSet::new();
    for PartitionsSchema { topic, partition_ids } in topics {
        let Ok(topic) = TopicName::new(&topic) else { return Err(CodecError::TopicName(topic)) };
        for raw in partition_ids {
            let partition = PartitionIndex::from_wire(raw).ok_or(CodecError::Partition(raw))?;
            partitions.insert(PartitionKey { topic: topic.clone(), partition });
        }
    }
    Ok(partitions)
}

#[cfg(test)]
mod tests;
