use std::sync::Arc;

use group::{GroupError, GroupId, PartResults, PartitionKey};
use metadata::Image;
use model::PartitionIndex;
use wire::ErrorCode;
use wire::messages::offset_delete_request::OffsetDeleteRequestTopic;
use wire::messages::offset_delete_response::{
    OffsetDeleteResponsePartition, OffsetDeleteResponseTopic,
};
use wire::messages::{OffsetDeleteRequest, OffsetDeleteResponse};

use crate::coordinator::Unavailable;
use crate::error_map::{group_error, unavailable};
use crate::{Broker, ReplyTo, Request};

/// Marks a partition whose result the coordinator gives. No code is that small.
const ASKED: i16 = i16::MIN;

pub fn handle(broker: &Arc<Broker>, request: Request<OffsetDeleteRequest>, reply: ReplyTo) {
    let message = request.message;
    let mut keys = Vec::new();
    let image = broker.image();
    let topics: Vec<OffsetDeleteResponseTopic> =
        message.topics.into_iter().map(|topic| take_topic(&image, topic, &mut keys)).collect();
    let Some(group) = GroupId::new(&message.group_id) else {
        return reply.send(&response(topics, Ok(Err(GroupError::InvalidGroupId))));
    };
    broker.groups().decide(
        &message.group_id,
        |shard, soft, _| shard.delete_offsets(soft, &group, &keys),
        move |result| reply.send(&response(topics, result)),
    );
}

fn take_topic(
    image: &Image,
    asked: OffsetDeleteRequestTopic,
    keys: &mut Vec<PartitionKey>,
) -> OffsetDeleteResponseTopic {
    let topic = image.topic(&asked.name);
    let partitions = asked.partitions.iter().map(|partition| {
        let key = topic.and_then(|topic| {
            let partition = PartitionIndex::from_wire(partition.partition_index)?;
            topic.partitions.get(&partition)?;
            Some(PartitionKey { topic: topic.name.clone(), partition })
        });
        let error_code = match key {
            Some(key) => {
                keys.push(key);
                ASKED
            }
            None => ErrorCode::UnknownTopicOrPartition.code(),
        };
        OffsetDeleteResponsePartition { partition_index: partition.partition_index, error_code }
    });
    OffsetDeleteResponseTopic { partitions: partitions.collect(), name: asked.name }
}

fn response(
    mut topics: Vec<OffsetDeleteResponseTopic>,
    result: Result<PartResults, Unavailable>,
) -> OffsetDeleteResponse {
    let error = match &result {
        Ok(Ok(_)) => ErrorCode::None,
        Ok(Err(error)) => group_error(error),
        Err(why) => unavailable(why),
    };
    if error != ErrorCode::None {
        return OffsetDeleteResponse {
            error_code: error.code(),
            ..OffsetDeleteResponse::default()
        };
    }
    let mut results = result.ok().and_then(Result::ok).unwrap_or_default().into_iter();
    for partition in topics.iter_mut().flat_map(|topic| &mut topic.partitions) {
        if partition.error_code == ASKED {
            partition.error_code = match results.next() {
                Some(Err(error)) => group_error(&error).code(),
                Some(Ok(())) | None => ErrorCode::None.code(),
            };
        }
    }
    OffsetDeleteResponse { topics, ..OffsetDeleteResponse::default() }
}
