//! One request to a broker and what its answer says.

use std::collections::HashMap;

use model::{Offset, Timestamp, TopicPartition, Uuid};
use wire::ErrorCode;
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::produce_response::PartitionProduceResponse;
use wire::messages::{ProduceRequest, ProduceResponse};

use crate::error_map::{Reaction, Refused};
use crate::producer::Shared;
use crate::producer::accumulator::{Parcel, Verdict};
use crate::{ClientError, Connection, Result};

/// The version from which topics are named by their ids (KIP-516).
const TOPIC_ID_VERSION: i16 = 13;

/// The version from which partitions join their transaction with what is written (KIP-890).
const JOINING_VERSION: i16 = 12;

pub(super) fn build(
    shared: &Shared,
    connection: &Connection,
    parcels: &[Parcel],
) -> Result<(ProduceRequest, i16)> {
    let mut topics: HashMap<&str, TopicProduceData> = HashMap::new();
    for parcel in parcels {
        let name = parcel.partition.topic.as_str();
        let topic = topics.entry(name).or_insert_with(|| TopicProduceData {
            name: name.to_owned(),
            topic_id: shared.client.with_known(|k| k.topics.get(name).map_or(Uuid::ZERO, |t| t.id)),
            ..TopicProduceData::default()
        });
        topic.partition_data.push(PartitionProduceData {
            index: parcel.partition.partition.to_wire(),
            records: Some(parcel.bytes.clone()),
        });
    }
    let topic_data: Vec<_> = topics.into_values().collect();
    let has_ids = topic_data.iter().all(|topic| !topic.topic_id.is_zero());
    let max = if has_ids { i16::MAX } else { TOPIC_ID_VERSION - 1 };
    let transactions = shared.transactions.as_ref();
    let joins = transactions.is_none_or(|it| it.machine.lock().is_version_2());
    let max = if joins { max } else { max.min(JOINING_VERSION - 1) };
    let version = connection.version_of::<ProduceRequest>(max)?;
    let timeout = shared.client.config().request_timeout.as_millis();
    let request = ProduceRequest {
        acks: shared.config.acks.to_wire(),
        timeout_ms: i32::try_from(timeout).unwrap_or(i32::MAX),
        topic_data,
        transactional_id: transactions.map(|it| it.config.transactional_id.clone()),
    };
    Ok((request, version))
}

pub(super) fn by_partition<'a>(
    shared: &Shared,
    parcels: &[Parcel],
    response: &'a ProduceResponse,
) -> HashMap<TopicPartition, &'a PartitionProduceResponse> {
    let mut answers = HashMap::new();
    for topic in &response.responses {
        // Newer versions name topics by their ids only.
        let is_it = |name: &str| {
            name == topic.name
                || topic.name.is_empty()
                    && shared.client.with_known(|known| {
                        known.topics.get(name).is_some_and(|known| known.id == topic.topic_id)
                    })
        };
        for parcel in parcels.iter().filter(|parcel| is_it(parcel.partition.topic.as_str())) {
            let index = parcel.partition.partition.to_wire();
            let answer = topic.partition_responses.iter().find(|answer| answer.index == index);
            answers.extend(answer.map(|answer| (parcel.partition.clone(), answer)));
        }
    }
    answers
}

pub(super) fn judge(
    partition: &TopicPartition,
    answer: &PartitionProduceResponse,
    is_transactional: bool,
) -> Verdict {
    let code = ErrorCode::from_code(answer.error_code);
    if code == Some(ErrorCode::None) {
        return Verdict::Delivered {
            base_offset: Offset::from_wire(answer.base_offset),
            append_time: Timestamp::from_millis(answer.log_append_time_ms),
        };
    }
    if code == Some(ErrorCode::DuplicateSequenceNumber) {
        return Verdict::Delivered { base_offset: None, append_time: None };
    }
    let message = answer.error_message.as_deref();
    let Err(refused) = Refused::check(answer.error_code, || partition.to_string(), message) else {
        return Verdict::Delivered { base_offset: None, append_time: None };
    };
    let is_retriable = refused.is_retriable() || refused.reaction() != Reaction::Fail;
    let error = ClientError::Refused(refused);
    match code {
        // The id and its epochs are the coordinator's: it says whether somebody else has them.
        Some(ErrorCode::InvalidProducerIdMapping | ErrorCode::InvalidProducerEpoch)
            if is_transactional =>
        {
            Verdict::Failed(error)
        }
        Some(
            ErrorCode::OutOfOrderSequenceNumber
            | ErrorCode::UnknownProducerId
            | ErrorCode::InvalidProducerIdMapping
            | ErrorCode::InvalidProducerEpoch,
        ) => Verdict::SequenceLost(error),
        Some(code) if is_retriable => {
            let maybe_written = matches!(
                code,
                ErrorCode::RequestTimedOut
                    | ErrorCode::NotEnoughReplicasAfterAppend
                    | ErrorCode::NetworkException
                    | ErrorCode::KafkaStorageError
            );
            Verdict::Retry { error, maybe_written }
        }
        _ => Verdict::Failed(error),
    }
}
