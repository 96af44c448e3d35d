use record::InvalidBatch;
use wire::ProduceResponseWriter;
use wire::messages::produce_request::ProduceRequestView;
use wire::messages::produce_response::{
    BatchIndexAndErrorMessage, LeaderIdAndEpoch, PartitionProduceResponse,
};

use super::{PartResult, PendingProduce};

pub(super) fn write_answer(pending: &PendingProduce, out: &mut Vec<u8>) -> Result<(), WriteError> {
    let version = pending.head.version;
    let frame = pending.frame.as_deref().unwrap_or_default();
    let body = frame.get(pending.head.body..).unwrap_or_default();
    let request = ProduceRequestView::parse(body, version)?;
    let mut results = pending.parts.iter();
    let mut writer = ProduceResponseWriter::begin(out, version, request.topic_data.len())?;
    for topic in request.topic_data {
        writer.topic(topic.name, topic.topic_id, topic.partition_data.len())?;
        for (partition, part) in topic.partition_data.iter().zip(results.by_ref()) {
            writer.partition(&response(partition.index, &part.result, version))?;
        }
    }
    Ok(writer.finish(0, &[])?)
}

fn response(index: i32, result: &PartResult, version: i16) -> PartitionProduceResponse {
    let invalid = result.invalid.filter(|_| version >= ERROR_TEXT_VERSION_MIN);
    let mut current_leader = LeaderIdAndEpoch::default();
    if let Some((leader_id, leader_epoch)) = result.leader
        && version >= LEADER_VERSION_MIN
    {
        current_leader = LeaderIdAndEpoch { leader_id, leader_epoch };
    }
    PartitionProduceResponse {
        index,
        error_code: result.error.code(),
        base_offset: result.base,
        log_append_time_ms: result.log_append_time,
        log_start_offset: result.log_start,
        record_errors: invalid.as_ref().map(record_errors).unwrap_or_default(),
        error_message: invalid.map(|invalid| invalid.to_string()),
        current_leader,
    }
}

/// Errors of single records come with their place in the batch (KIP-467).
fn record_errors(invalid: &InvalidBatch) -> Vec<BatchIndexAndErrorMessage> {
    match invalid {
        InvalidBatch::NoKey { index } | InvalidBatch::OffsetDelta { index, .. } => {
            vec![BatchIndexAndErrorMessage {
                batch_index: i32::try_from(*index).unwrap_or(i32::MAX),
                batch_index_error_message: Some(invalid.to_string()),
            }]
        }
        _ => Vec::new(),
    }
}

/// From this version on an answer says in words what is wrong (KIP-467).
const ERROR_TEXT_VERSION_MIN: i16 = 8;
/// From this version on an answer names the new leader (KIP-951).
const LEADER_VERSION_MIN: i16 = 10;

#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    #[error(transparent)]
    Decode(#[from] wire::DecodeError),
    #[error(transparent)]
    Encode(#[from] wire::EncodeError),
}
