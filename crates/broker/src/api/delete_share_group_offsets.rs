use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use group::{Assignment, GroupId};
use metadata::Image;
use model::TopicId;
use wire::ErrorCode;
use wire::messages::delete_share_group_offsets_response::DeleteShareGroupOffsetsResponseTopic as Topic;
use wire::messages::{DeleteShareGroupOffsetsRequest, DeleteShareGroupOffsetsResponse};

use crate::error_map::{group_error, state_refused, unavailable};
use crate::shares::delete_states;
use crate::{Broker, ReplyTo, Request};

/// Forgets what a group without members has read of topics.
pub fn handle(
    broker: &Arc<Broker>,
    request: Request<DeleteShareGroupOffsetsRequest>,
    reply: ReplyTo,
) {
    let message = request.message;
    let Some(group) = GroupId::new(&message.group_id).filter(|group| !group.is_empty()) else {
        return reply.send(&refused(ErrorCode::InvalidGroupId, "not a group id"));
    };
    let image = broker.image();
    let names: Vec<String> = message.topics.into_iter().map(|topic| topic.topic_name).collect();
    let topics: BTreeSet<TopicId> =
        names.iter().filter_map(|name| Some(image.topic(name)?.id)).collect();
    let (answering, of_group) = (Arc::clone(broker), group.clone());
    broker.groups().decide(
        &message.group_id,
        move |shard, soft, _| shard.delete_share_offsets(soft, &of_group, Some(&topics)),
        move |result| match result {
            Ok(Ok(partitions)) => delete(&answering, group, names, &partitions, reply),
            Ok(Err(error)) => reply.send(&refused(group_error(&error), &error.to_string())),
            Err(why) => reply.send(&refused(unavailable(&why), &why.to_string())),
        },
    );
}

fn delete(
    broker: &Arc<Broker>,
    group: GroupId,
    names: Vec<String>,
    partitions: &Assignment,
    reply: ReplyTo,
) {
    let answering = Arc::clone(broker);
    let known: BTreeSet<TopicId> = partitions.topics().map(|(topic, _)| topic).collect();
    delete_states(broker, &group.clone(), partitions, move |results| {
        let mut failed: BTreeMap<TopicId, ErrorCode> = BTreeMap::new();
        for (partition, result) in results {
            if let Err(error) = result {
                failed.insert(partition.topic, state_refused(&error));
            }
        }
        let deleted: BTreeSet<TopicId> =
            known.iter().filter(|topic| !failed.contains_key(topic)).copied().collect();
        let image = answering.image();
        answering.groups().decide(
            group.clone().as_str(),
            move |shard, _, _| shard.share_offsets_deleted(&group, &deleted),
            move |result| match result {
                Ok(()) => reply.send(&response(&image, names, &known, &failed)),
                Err(why) => reply.send(&refused(unavailable(&why), &why.to_string())),
            },
        );
    });
}

fn response(
    image: &Image,
    names: Vec<String>,
    known: &BTreeSet<TopicId>,
    failed: &BTreeMap<TopicId, ErrorCode>,
) -> DeleteShareGroupOffsetsResponse {
    let topic = |name: String| {
        let id = image.topic(&name).map(|topic| topic.id);
        let error = match id {
            Some(id) if known.contains(&id) => failed.get(&id).copied().unwrap_or_default(),
            // There is no such topic, or the group has nothing of it.
            Some(_) | None => ErrorCode::UnknownTopicOrPartition,
        };
        Topic {
            topic_name: name,
            topic_id: id.map_or(model::Uuid::ZERO, TopicId::uuid),
            error_code: error.code(),
            ..Topic::default()
        }
    };
    DeleteShareGroupOffsetsResponse {
        responses: names.into_iter().map(topic).collect(),
        ..DeleteShareGroupOffsetsResponse::default()
    }
}

fn refused(error: ErrorCode, why: &str) -> DeleteShareGroupOffsetsResponse {
    DeleteShareGroupOffsetsResponse {
        error_code: error.code(),
        error_message: Some(why.to_owned()),
        ..DeleteShareGroupOffsetsResponse::default()
    }
}
