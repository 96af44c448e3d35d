use record::InvalidBatch;
use wire::messages::produce_response::{
    BatchIndexAndErrorMessage, LeaderIdAndEpoch, PartitionProduceResponse,
};
use wire::{EncodeError, ProduceResponseWriter};

use super::{PartResult, Parts, PendingProduce};

pub(super) fn write_answer(pending: &PendingProduce, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let version = pending.head.version;
    let Parts { list, topics, names } = &pending.parts;
    let mut parts = list.iter();
    let mut writer = ProduceResponseWriter::begin(out, version, topics.len())?;
    for topic in topics {
        let name = names.get(topic.name.clone()).unwrap_or_default();
        writer.topic(name, topic.id, topic.part_count)?;
        for part in parts.by_ref().take(topic.part_count) {
            writer.partition(&response(part.index, &part.result, version))?;
        }
    }
    writer.finish(0, &[])
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
        InvalidBatch::NoKey { index }
        | InvalidBatch::NullValue { index }
        | InvalidBatch::UnmarkedNullValue { index }
        | InvalidBatch::OffsetDelta { index, .. } => {
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
