use std::sync::Arc;

use model::Offset;
use share::StateSummary;
use wire::messages::read_share_group_state_summary_response::{
    PartitionResult, ReadStateSummaryResult,
};
use wire::messages::{ReadShareGroupStateSummaryRequest, ReadShareGroupStateSummaryResponse};

use super::share_group_state::{Said, ask_each, by_topic};
use crate::{Broker, ReplyTo, Request};

pub fn handle(
    broker: &Arc<Broker>,
    request: Request<ReadShareGroupStateSummaryRequest>,
    reply: ReplyTo,
) {
    let message = request.message;
    let asked = message.topics.iter().flat_map(|topic| {
        topic.partitions.iter().map(|asked| (topic.topic_id, asked.partition, ()))
    });
    ask_each(
        broker,
        &message.group_id,
        asked.collect(),
        |shard, _, _, key, ()| Ok(shard.read_summary(&key)),
        move |said| {
            let topic = |topic_id, said: Vec<Said<StateSummary>>| ReadStateSummaryResult {
                topic_id,
                partitions: said.into_iter().map(partition).collect(),
            };
            reply.send(&ReadShareGroupStateSummaryResponse { results: by_topic(said, topic) });
        },
    );
}

fn partition(said: Said<StateSummary>) -> PartitionResult {
    let default = PartitionResult { partition: said.partition, ..PartitionResult::default() };
    match said.result {
        Ok(summary) => PartitionResult {
            state_epoch: summary.state_epoch.to_wire(),
            leader_epoch: summary.leader_epoch.to_wire(),
            start_offset: summary.start_offset.map_or(-1, Offset::to_wire),
            delivery_complete_count: summary
                .delivery_complete_count
                .map_or(-1, |count| i32::try_from(count).unwrap_or(i32::MAX)),
            ..default
        },
        Err(refused) => PartitionResult {
            error_code: refused.error.code(),
            error_message: Some(refused.why),
            ..default
        },
    }
}
