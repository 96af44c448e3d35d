use std::sync::Arc;

use wire::ErrorCode;
use wire::messages::delete_share_group_state_response::{DeleteStateResult, PartitionResult};
use wire::messages::{DeleteShareGroupStateRequest, DeleteShareGroupStateResponse};

use super::share_group_state::{Said, ask_each, by_topic};
use crate::{Broker, ReplyTo, Request};

pub fn handle(
    broker: &Arc<Broker>,
    request: Request<DeleteShareGroupStateRequest>,
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
        |shard, _, _, key, ()| Ok(shard.delete(&key)),
        move |said| {
            let topic = |topic_id, said: Vec<Said<()>>| DeleteStateResult {
                topic_id,
                partitions: said.into_iter().map(partition).collect(),
            };
            reply.send(&DeleteShareGroupStateResponse { results: by_topic(said, topic) });
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
