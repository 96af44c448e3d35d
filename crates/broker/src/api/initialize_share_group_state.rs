use std::sync::Arc;

use model::Offset;
use share::StateEpoch;
use wire::ErrorCode;
use wire::messages::initialize_share_group_state_response::{
    InitializeStateResult, PartitionResult,
};
use wire::messages::{InitializeShareGroupStateRequest, InitializeShareGroupStateResponse};

use super::share_group_state::{Said, ask_each, by_topic};
use crate::{Broker, ReplyTo, Request};

pub fn handle(
    broker: &Arc<Broker>,
    request: Request<InitializeShareGroupStateRequest>,
    reply: ReplyTo,
) {
    let message = request.message;
    let asked = message.topics.iter().flat_map(|topic| {
        let one = |it: &wire::messages::initialize_share_group_state_request::PartitionData| {
            (topic.topic_id, it.partition, (it.state_epoch, it.start_offset))
        };
        topic.partitions.iter().map(one)
    });
    ask_each(
        broker,
        &message.group_id,
        asked.collect(),
        |shard, soft, now, key, (epoch, start)| {
            let epoch = StateEpoch::from_wire(epoch).unwrap_or(StateEpoch::ZERO);
            shard.initialize(soft, now, &key, epoch, Offset::from_wire(start))
        },
        move |said| {
            let topic = |topic_id, said: Vec<Said<()>>| InitializeStateResult {
                topic_id,
                partitions: said.into_iter().map(partition).collect(),
            };
            reply.send(&InitializeShareGroupStateResponse { results: by_topic(said, topic) });
        },
    );
}

fn partition(said: Said<()>) -> PartitionResult {
    let refused = said.result.err();
    PartitionResult {
        partition: said.partition,
        error_code: refused.as_ref().map_or(ErrorCode::None, |refused| refused.error).code(),
        error_message: refused.map(|refused| refused.why),
    }
}
