use std::collections::BTreeSet;
use std::sync::Arc;

use model::{Offset, PartitionIndex};
use wire::ErrorCode;
use wire::messages::delete_records_request::DeleteRecordsPartition;
use wire::messages::delete_records_response::{
    DeleteRecordsPartitionResult, DeleteRecordsTopicResult,
};
use wire::messages::{DeleteRecordsRequest, DeleteRecordsResponse};

use crate::committer::Committer;
use crate::partition::StepOutput;
use crate::{Broker, ReplyTo, Request, error_map, topics};

const NONE: i16 = ErrorCode::None.code();

/// As the offset to delete before: all that is committed.
const HIGH_WATERMARK: i64 = -1;

/// Deletes what lies before an offset (KIP-107). Without followers, what the leader has deleted is deleted everywhere. It is
/// answered when no crash can bring it back, but for topics of durability `os`.
pub fn handle(broker: &Arc<Broker>, request: Request<DeleteRecordsRequest>, reply: ReplyTo) {
    let mut dirs = BTreeSet::new();
    let topics = request.message.topics.iter().map(|topic| DeleteRecordsTopicResult {
        name: topic.name.clone(),
        partitions: topic
            .partitions
            .iter()
            .map(|asked| {
                let result = delete(broker, &topic.name, asked, &mut dirs);
                DeleteRecordsPartitionResult {
                    partition_index: asked.partition_index,
                    low_watermark: result.map_or(-1, Offset::to_wire),
                    error_code: result.err().unwrap_or_default().code(),
                }
            })
            .collect(),
    });
    let response = DeleteRecordsResponse { throttle_time_ms: 0, topics: topics.collect() };
    answer_when_durable(broker, dirs, response, reply);
}

/// Waits for one directory after the other: by the time of the second it is mostly durable there too.
fn answer_when_durable(
    broker: &Arc<Broker>,
    mut dirs: BTreeSet<usize>,
    mut response: DeleteRecordsResponse,
    reply: ReplyTo,
) {
    let committer = dirs.pop_first().and_then(|dir| broker.committers().get(dir));
    let Some(committer) = committer else { return reply.send(&response) };
    let broker = Arc::clone(broker);
    committer.when_durable(Box::new(move |durable| {
        if !durable {
            let partitions = response.topics.iter_mut().flat_map(|topic| &mut topic.partitions);
            for done in partitions.filter(|partition| partition.error_code == NONE) {
                done.error_code = ErrorCode::KafkaStorageError.code();
                done.low_watermark = -1;
            }
        }
        answer_when_durable(&broker, dirs, response, reply);
    }));
}

/// Notes in `dirs` the log directory in which the deletion is written.
fn delete(
    broker: &Broker,
    topic: &str,
    asked: &DeleteRecordsPartition,
    dirs: &mut BTreeSet<usize>,
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
    let dir = |committer: &Committer| Arc::ptr_eq(committer.dir(), partition.dir());
    dirs.extend(broker.committers().iter().position(dir));
    match deleted {
        Some(Ok(_)) => Ok(partition.lock().leader().map_err(refused)?.low_watermark()),
        Some(Err(error)) => Err(error_map::delete_records_error(&error)),
        None => Err(ErrorCode::NotLeaderOrFollower),
    }
}
