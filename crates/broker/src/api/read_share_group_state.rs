use std::sync::Arc;

use model::{LeaderEpoch, Offset};
use share::{Read, ReadState, StateBatch};
use wire::messages::read_share_group_state_response::{
    PartitionResult, ReadStateResult, StateBatch as WireBatch,
};
use wire::messages::{ReadShareGroupStateRequest, ReadShareGroupStateResponse};

use super::share_group_state::{Said, ask_each, by_topic};
use crate::{Broker, ReplyTo, Request};

pub fn handle(broker: &Arc<Broker>, request: Request<ReadShareGroupStateRequest>, reply: ReplyTo) {
    let message = request.message;
    let asked = message.topics.iter().flat_map(|topic| {
        topic.partitions.iter().map(|it| (topic.topic_id, it.partition, it.leader_epoch))
    });
    ask_each(
        broker,
        &message.group_id,
        asked.collect(),
        |shard, soft, now, key, epoch| {
            let leader_epoch = LeaderEpoch::from_wire(epoch).unwrap_or(LeaderEpoch::ZERO);
            shard.read(soft, now, &Read { key, leader_epoch })
        },
        move |said| {
            let topic = |topic_id, said: Vec<Said<ReadState>>| ReadStateResult {
                topic_id,
                partitions: said.into_iter().map(partition).collect(),
            };
            reply.send(&ReadShareGroupStateResponse { results: by_topic(said, topic) });
        },
    );
}

fn partition(said: Said<ReadState>) -> PartitionResult {
    let default = PartitionResult { partition: said.partition, ..PartitionResult::default() };
    match said.result {
        Ok(state) => PartitionResult {
            state_epoch: state.state_epoch.to_wire(),
            start_offset: state.start_offset.map_or(-1, Offset::to_wire),
            state_batches: state.batches.iter().map(batch).collect(),
            ..default
        },
        Err(refused) => PartitionResult {
            error_code: refused.error.code(),
            error_message: Some(refused.why),
            ..default
        },
    }
}

fn batch(batch: &StateBatch) -> WireBatch {
    WireBatch {
        first_offset: batch.range.first().to_wire(),
        last_offset: batch.range.last().to_wire(),
        delivery_state: batch.state.to_wire(),
        delivery_count: i16::try_from(batch.delivery_count).unwrap_or(i16::MAX),
    }
}
