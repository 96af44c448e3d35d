use std::sync::Arc;

use model::{Offset, PartitionIndex};
use wire::ErrorCode;
use wire::messages::delete_records_request::DeleteRecordsPartition;
use wire::messages::delete_records_response::{
    DeleteRecordsPartitionResult, DeleteRecordsTopicResult,
};
use wire::messages::{DeleteRecordsRequest, DeleteRecordsResponse};

use crate::partition::StepOutput;
use crate::{Broker, ReplyTo, Request, error_map, topics};

/// As the offset to delete before: all that is committed.
const HIGH_WATERMARK: i64 = -1;

/// Deletes what lies before an offset (KIP-107). Without followers, what the leader has deleted is deleted everywhere.
pub fn handle(broker: &Arc<Broker>, request: Request<DeleteRecordsRequest>, reply: ReplyTo) {
    let topics = request.message.topics.iter().map(|topic| DeleteRecordsTopicResult {
        name: topic.name.clone(),
        partitions: topic
            .partitions
            .iter()
            .map(|asked| {
                let result = delete(broker, &topic.name, asked);
                DeleteRecordsPartitionResult {
                    partition_index: asked.partition_index,
                    low_watermark: result.map_or(-1, Offset::to_wire),
                    error_code: result.err().unwrap_or_default().code(),
                }
            })
            .collect(),
    });
    reply.send(&DeleteRecordsResponse { throttle_time_ms: 0, topics: topics.collect() });
}

fn delete(
    broker: &Broker,
    topic: &str,
    asked: &DeleteRecordsPartition,
) -> Result<Offset, ErrorCode> {
    let index = PartitionIndex::from_wire(asked.partition_index)
        .ok_or(ErrorCode::UnknownTopicOrPartition)?;
    let refused = |error| error_map::partition_error(&error);
    let partition = broker.partition_of(topic, index).map_err(refused)?;
    if topics::is_internal(&partition.name().topic) {
        return Err(ErrorCode::InvalidTopicException);
    }
    if !partition.lock().settings().cleanup.delete {
        return Err(ErrorCode::PolicyViolation);
    }
    let before = match asked.offset {
        HIGH_WATERMARK => None,
        offset => Some(Offset::from_wire(offset).ok_or(ErrorCode::OffsetOutOfRange)?),
    };
    let mut out = StepOutput::default();
    partition.delete_records(broker.now(), before, &mut out).map_err(refused)?;
    let deleted = out.deleted.take();
    broker.carry_out(&partition, &mut out);
    match deleted {
        Some(Ok(_)) => Ok(partition.lock().leader().map_err(refused)?.low_watermark()),
        Some(Err(error)) => Err(error_map::delete_records_error(&error)),
        None => Err(ErrorCode::NotLeaderOrFollower),
    }
}
