use std::sync::Arc;

use model::{LeaderEpoch, PartitionIndex};
use wire::ErrorCode;
use wire::messages::offset_for_leader_epoch_request::OffsetForLeaderPartition;
use wire::messages::offset_for_leader_epoch_response::{
    EpochEndOffset, OffsetForLeaderTopicResult,
};
use wire::messages::{OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse};

use crate::{Broker, ReplyTo, Request, error_map};

/// Where a leader epoch ended: for consumers to find out whether they read what was cut off since (KIP-320).
pub fn handle(broker: &Arc<Broker>, request: Request<OffsetForLeaderEpochRequest>, reply: ReplyTo) {
    let topics = request.message.topics.iter().map(|topic| OffsetForLeaderTopicResult {
        topic: topic.topic.clone(),
        partitions: topic
            .partitions
            .iter()
            .map(|asked| {
                find(broker, &topic.topic, asked).unwrap_or_else(|error| EpochEndOffset {
                    error_code: error.code(),
                    partition: asked.partition,
                    ..EpochEndOffset::default()
                })
            })
            .collect(),
    });
    reply.send(&OffsetForLeaderEpochResponse { throttle_time_ms: 0, topics: topics.collect() });
}

fn find(
    broker: &Broker,
    topic: &str,
    asked: &OffsetForLeaderPartition,
) -> Result<EpochEndOffset, ErrorCode> {
    let index =
        PartitionIndex::from_wire(asked.partition).ok_or(ErrorCode::UnknownTopicOrPartition)?;
    let refused = |error| error_map::partition_error(&error);
    let partition = broker.partition_of(topic, index).map_err(refused)?;
    let state = partition.lock();
    let leader = state.leader().map_err(refused)?;
    leader
        .check_leader_epoch(LeaderEpoch::from_wire(asked.current_leader_epoch))
        .map_err(|error| error_map::fetch_refused(&error))?;
    let epoch = LeaderEpoch::from_wire(asked.leader_epoch);
    let end = epoch.and_then(|epoch| leader.log().end_of_epoch(epoch));
    Ok(EpochEndOffset {
        error_code: ErrorCode::None.code(),
        partition: asked.partition,
        leader_epoch: end.map_or(-1, |end| end.epoch.to_wire()),
        end_offset: end.map_or(-1, |end| end.end.to_wire()),
    })
}
