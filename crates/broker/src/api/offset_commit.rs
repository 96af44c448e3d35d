use std::sync::Arc;
use std::time::Duration;

use group::{
    CommitOffsets, Generation, GroupError, GroupId, InstanceId, MemberId, OffsetToCommit,
    PartResults, PartitionKey,
};
use metadata::{Image, Topic};
use model::{LeaderEpoch, Offset, PartitionIndex, TopicId};
use wire::ErrorCode;
use wire::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use wire::messages::offset_commit_response::{
    OffsetCommitResponsePartition, OffsetCommitResponseTopic,
};
use wire::messages::{OffsetCommitRequest, OffsetCommitResponse};

use crate::coordinator::Unavailable;
use crate::error_map::{group_error, unavailable};
use crate::{Broker, ReplyTo, Request};

/// From this version on clients know that a group may not exist.
const GROUP_NOT_FOUND_VERSION_MIN: i16 = 9;
/// From this version on a request may carry a member's epoch in place of a generation (KIP-848).
const MEMBER_EPOCH_VERSION_MIN: i16 = 9;
/// From this version on topics are named by id.
const TOPIC_ID_VERSION_MIN: i16 = 10;

pub fn handle(broker: &Arc<Broker>, request: Request<OffsetCommitRequest>, reply: ReplyTo) {
    let Request { version, message, client: _ } = request;
    let mut offsets = Vec::new();
    let parts = take_topics(&broker.image(), version, message.topics, &mut offsets);
    if offsets.is_empty() {
        return reply.send(&response(version, parts, Ok(Ok(Vec::new()))));
    }
    let Some(group) = GroupId::new(&message.group_id) else {
        return reply.send(&response(version, parts, Ok(Err(GroupError::InvalidGroupId))));
    };
    let commit = CommitOffsets {
        group,
        member: MemberId::new(&message.member_id),
        instance: message.group_instance_id.as_deref().map(InstanceId::new),
        generation: Generation::from_wire(message.generation_id_or_member_epoch),
        knows_member_epochs: version >= MEMBER_EPOCH_VERSION_MIN,
        retention: u64::try_from(message.retention_time_ms).ok().map(Duration::from_millis),
        offsets,
    };
    broker.groups().decide(
        &message.group_id,
        |shard, soft, now| shard.commit_offsets(soft, now, commit),
        move |result| reply.send(&response(version, parts, result)),
    );
}

/// The answer for all topics as far as the metadata decides it: what goes on to the coordinator has no error yet.
struct Parts(Vec<OffsetCommitResponseTopic>);

/// Marks a partition whose result the coordinator gives. No code is that small.
const ASKED: i16 = i16::MIN;

fn take_topics(
    image: &Image,
    version: i16,
    topics: Vec<OffsetCommitRequestTopic>,
    offsets: &mut Vec<OffsetToCommit>,
) -> Parts {
    let take = |asked: OffsetCommitRequestTopic| {
        let by_id = version >= TOPIC_ID_VERSION_MIN;
        let (topic, unknown) = if by_id {
            let id = TopicId::new(asked.topic_id);
            (id.and_then(|id| image.topic_by_id(id)), ErrorCode::UnknownTopicId)
        } else {
            (image.topic(&asked.name), ErrorCode::UnknownTopicOrPartition)
        };
        let partitions = asked.partitions.into_iter().map(|partition| {
            let partition_index = partition.partition_index;
            let error_code = match topic.map(|topic| to_commit(topic, partition)) {
                None => unknown.code(),
                Some(None) => ErrorCode::UnknownTopicOrPartition.code(),
                Some(Some(offset)) => {
                    offsets.push(offset);
                    ASKED
                }
            };
            OffsetCommitResponsePartition { partition_index, error_code }
        });
        OffsetCommitResponseTopic {
            partitions: partitions.collect(),
            name: asked.name,
            topic_id: asked.topic_id,
        }
    };
    Parts(topics.into_iter().map(take).collect())
}

/// `None` when the topic has no such partition.
fn to_commit(topic: &Topic, asked: OffsetCommitRequestPartition) -> Option<OffsetToCommit> {
    let partition = PartitionIndex::from_wire(asked.partition_index)?;
    topic.partitions.get(&partition)?;
    Some(OffsetToCommit {
        partition: PartitionKey { topic: topic.name.clone(), partition },
        topic_id: Some(topic.id),
        offset: Offset::from_wire(asked.committed_offset),
        leader_epoch: LeaderEpoch::from_wire(asked.committed_leader_epoch),
        metadata: asked.committed_metadata.unwrap_or_default().into(),
    })
}

fn response(
    version: i16,
    parts: Parts,
    result: Result<PartResults, Unavailable>,
) -> OffsetCommitResponse {
    let knows_group_not_found = version >= GROUP_NOT_FOUND_VERSION_MIN;
    let for_all = match &result {
        Ok(Ok(_)) => ErrorCode::None,
        Ok(Err(GroupError::GroupNotFound)) if !knows_group_not_found => {
            ErrorCode::IllegalGeneration
        }
        Ok(Err(error)) => group_error(error),
        Err(why) => unavailable(why),
    };
    let mut results = result.ok().and_then(Result::ok).unwrap_or_default().into_iter();
    let Parts(mut topics) = parts;
    for partition in topics.iter_mut().flat_map(|topic| &mut topic.partitions) {
        if partition.error_code == ASKED {
            partition.error_code = match results.next() {
                Some(Err(error)) => group_error(&error).code(),
                Some(Ok(())) | None => for_all.code(),
            };
        }
    }
    OffsetCommitResponse { topics, ..OffsetCommitResponse::default() }
}
