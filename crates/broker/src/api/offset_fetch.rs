use std::collections::BTreeMap;
use std::sync::Arc;

use group::{CommittedOffset, Decision, GroupError, GroupId, GroupShard, MemberEpoch, MemberId};
use metadata::Image;
use model::{LeaderEpoch, Offset, PartitionIndex, TopicId, TopicName, Uuid};
use wire::ErrorCode;
use wire::messages::offset_fetch_request::{
    OffsetFetchRequestGroup, OffsetFetchRequestTopic, OffsetFetchRequestTopics,
};
use wire::messages::offset_fetch_response::{
    OffsetFetchResponseGroup, OffsetFetchResponsePartition, OffsetFetchResponsePartitions,
    OffsetFetchResponseTopic, OffsetFetchResponseTopics,
};
use wire::messages::{OffsetFetchRequest, OffsetFetchResponse};

use crate::coordinator::{Gather, Unavailable};
use crate::error_map::{group_error, unavailable};
use crate::{Broker, ReplyTo, Request};

/// From this version on an error may stand above the partitions.
const TOP_LEVEL_ERROR_VERSION_MIN: i16 = 2;
/// From this version on a request is about several groups (KIP-709).
const GROUPS_VERSION_MIN: i16 = 8;
/// From this version on topics are named by id.
const TOPIC_ID_VERSION_MIN: i16 = 10;

pub fn handle(broker: &Arc<Broker>, request: Request<OffsetFetchRequest>, reply: ReplyTo) {
    let Request { version, message, client: _ } = request;
    let require_stable = message.require_stable;
    let groups = groups_of(version, message);
    let gather = Gather::new(groups.len(), move |groups| reply.send(&response(version, groups)));
    let image = broker.image();
    for (index, asked) in groups.into_iter().enumerate() {
        let part = gather.part(index);
        let group_id = asked.group_id.clone();
        let Some(group) = GroupId::new(&group_id) else {
            part.give(refused(version, &asked, ErrorCode::InvalidGroupId));
            continue;
        };
        let (image, again) = (Arc::clone(&image), asked.clone());
        broker.groups().decide(
            &group_id,
            move |shard, _, _| {
                let member = asked.member_id.as_deref().and_then(MemberId::new);
                let epoch = MemberEpoch::from_wire(asked.member_epoch);
                if let Err(error) = shard.check_fetch(&group, member.as_ref(), epoch) {
                    let nothing = fetch_some(shard, &image, version, &group, &[], false);
                    return nothing.map(|_| refused(version, &asked, group_error(&error)));
                }
                match &asked.topics {
                    Some(topics) => {
                        fetch_some(shard, &image, version, &group, topics, require_stable)
                    }
                    None => fetch_all(shard, &image, version, &group, require_stable),
                }
            },
            move |result: Result<OffsetFetchResponseGroup, Unavailable>| {
                part.give(
                    result.unwrap_or_else(|why| refused(version, &again, fetch_unavailable(&why))),
                );
            },
        );
    }
}

/// The request's groups in the form of the newer versions.
fn groups_of(version: i16, message: OffsetFetchRequest) -> Vec<OffsetFetchRequestGroup> {
    if version >= GROUPS_VERSION_MIN {
        return message.groups;
    }
    let topic = |topic: OffsetFetchRequestTopic| OffsetFetchRequestTopics {
        name: topic.name,
        partition_indexes: topic.partition_indexes,
        ..OffsetFetchRequestTopics::default()
    };
    vec![OffsetFetchRequestGroup {
        group_id: message.group_id,
        topics: message.topics.map(|topics| topics.into_iter().map(topic).collect()),
        member_id: None,
        member_epoch: -1,
    }]
}

fn fetch_some(
    shard: &GroupShard,
    image: &Image,
    version: i16,
    group: &GroupId,
    asked: &[OffsetFetchRequestTopics],
    require_stable: bool,
) -> Decision<OffsetFetchResponseGroup> {
    let names: Vec<Result<TopicName, ErrorCode>> =
        asked.iter().map(|topic| name_of(image, version, topic)).collect();
    let mut partitions = Vec::new();
    for (topic, name) in asked.iter().zip(&names) {
        let Ok(name) = name else { continue };
        for partition in
            topic.partition_indexes.iter().filter_map(|raw| PartitionIndex::from_wire(*raw))
        {
            partitions.push((name, TopicId::new(topic.topic_id), partition));
        }
    }
    let fetched = shard.fetch_offsets(group, partitions, require_stable);
    fetched.map(|fetched| {
        let mut fetched = fetched.into_iter();
        let topic = |(topic, name): (&OffsetFetchRequestTopics, &Result<TopicName, ErrorCode>)| {
            let partition = |&raw: &i32| match name {
                Err(error) => without_offset(raw, *error),
                // A negative index was not asked for, and has no offset.
                Ok(_) if raw < 0 => without_offset(raw, ErrorCode::None),
                Ok(_) => fetched_partition(raw, fetched.next().unwrap_or(Ok(None))),
            };
            OffsetFetchResponseTopics {
                partitions: topic.partition_indexes.iter().map(partition).collect(),
                name: topic.name.clone(),
                topic_id: topic.topic_id,
            }
        };
        OffsetFetchResponseGroup {
            group_id: group.as_str().to_owned(),
            topics: asked.iter().zip(&names).map(topic).collect(),
            error_code: ErrorCode::None.code(),
        }
    })
}

/// The name that offsets are stored under.
fn name_of(
    image: &Image,
    version: i16,
    topic: &OffsetFetchRequestTopics,
) -> Result<TopicName, ErrorCode> {
    if version >= TOPIC_ID_VERSION_MIN {
        let name = TopicId::new(topic.topic_id).and_then(|id| image.topic_name(id));
        return name.cloned().ok_or(ErrorCode::UnknownTopicId);
    }
    // A name that no topic can have is none that the metadata lacks: there is no offset, and that is no error.
    let known = image.topic(&topic.name).map(|topic| topic.name.clone());
    match known {
        Some(name) => Ok(name),
        None => TopicName::new(&topic.name).map_err(|_| ErrorCode::None),
    }
}

fn fetch_all(
    shard: &GroupShard,
    image: &Image,
    version: i16,
    group: &GroupId,
    require_stable: bool,
) -> Decision<OffsetFetchResponseGroup> {
    shard.fetch_all_offsets(group, require_stable).map(|fetched| {
        let mut topics: BTreeMap<&TopicName, OffsetFetchResponseTopics> = BTreeMap::new();
        for (name, partition, offset) in fetched {
            let topic_id = image.topic(name.as_str()).map_or(Uuid::ZERO, |topic| topic.id.uuid());
            if version >= TOPIC_ID_VERSION_MIN && topic_id.is_zero() {
                // A topic without id cannot be named here.
                continue;
            }
            let topic = topics.entry(name).or_insert_with(|| OffsetFetchResponseTopics {
                name: name.as_str().to_owned(),
                topic_id,
                partitions: Vec::new(),
            });
            topic.partitions.push(fetched_partition(partition.to_wire(), offset));
        }
        OffsetFetchResponseGroup {
            group_id: group.as_str().to_owned(),
            topics: topics.into_values().collect(),
            error_code: ErrorCode::None.code(),
        }
    })
}

fn fetched_partition(
    partition_index: i32,
    fetched: Result<Option<&CommittedOffset>, GroupError>,
) -> OffsetFetchResponsePartitions {
    match fetched {
        Ok(Some(committed)) => OffsetFetchResponsePartitions {
            partition_index,
            committed_offset: committed.offset.map_or(-1, Offset::to_wire),
            committed_leader_epoch: committed.leader_epoch.map_or(-1, LeaderEpoch::to_wire),
            metadata: Some(committed.metadata.to_string()),
            error_code: ErrorCode::None.code(),
        },
        Ok(None) => without_offset(partition_index, ErrorCode::None),
        Err(error) => without_offset(partition_index, group_error(&error)),
    }
}

fn without_offset(partition_index: i32, error: ErrorCode) -> OffsetFetchResponsePartitions {
    OffsetFetchResponsePartitions {
        partition_index,
        committed_offset: -1,
        committed_leader_epoch: -1,
        metadata: Some(String::new()),
        error_code: error.code(),
    }
}

/// Consumers older than Kafka 3.9 do not know what to do with the other code here.
fn fetch_unavailable(why: &Unavailable) -> ErrorCode {
    match why {
        Unavailable::NotCommitted => ErrorCode::NotCoordinator,
        Unavailable::NotCoordinator
        | Unavailable::Loading
        | Unavailable::TooLarge
        | Unavailable::Producer(_) => unavailable(why),
    }
}

/// An error for a whole group; the oldest versions can only say it of each partition.
fn refused(
    version: i16,
    asked: &OffsetFetchRequestGroup,
    error: ErrorCode,
) -> OffsetFetchResponseGroup {
    let group_id = asked.group_id.clone();
    if version >= TOP_LEVEL_ERROR_VERSION_MIN {
        return OffsetFetchResponseGroup {
            group_id,
            error_code: error.code(),
            ..OffsetFetchResponseGroup::default()
        };
    }
    let topic = |topic: &OffsetFetchRequestTopics| OffsetFetchResponseTopics {
        name: topic.name.clone(),
        topic_id: topic.topic_id,
        partitions: topic.partition_indexes.iter().map(|raw| without_offset(*raw, error)).collect(),
    };
    OffsetFetchResponseGroup {
        group_id,
        topics: asked.topics.iter().flatten().map(topic).collect(),
        error_code: error.code(),
    }
}

fn response(version: i16, mut groups: Vec<OffsetFetchResponseGroup>) -> OffsetFetchResponse {
    if version >= GROUPS_VERSION_MIN {
        return OffsetFetchResponse { groups, ..OffsetFetchResponse::default() };
    }
    let only = groups.pop().unwrap_or_default();
    let partition = |partition: OffsetFetchResponsePartitions| OffsetFetchResponsePartition {
        partition_index: partition.partition_index,
        committed_offset: partition.committed_offset,
        committed_leader_epoch: partition.committed_leader_epoch,
        metadata: partition.metadata,
        error_code: partition.error_code,
    };
    let topic = |topic: OffsetFetchResponseTopics| OffsetFetchResponseTopic {
        name: topic.name,
        partitions: topic.partitions.into_iter().map(partition).collect(),
    };
    OffsetFetchResponse {
        topics: only.topics.into_iter().map(topic).collect(),
        error_code: if version >= TOP_LEVEL_ERROR_VERSION_MIN { only.error_code } else { 0 },
        ..OffsetFetchResponse::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> OffsetFetchRequestGroup {
        OffsetFetchRequestGroup {
            group_id: "readers".to_owned(),
            topics: Some(vec![OffsetFetchRequestTopics {
                name: "orders".to_owned(),
                partition_indexes: vec![0, 1],
                ..OffsetFetchRequestTopics::default()
            }]),
            ..OffsetFetchRequestGroup::default()
        }
    }

    #[test]
    fn a_refusal_stands_where_the_version_has_room_for_it() {
        let error = ErrorCode::NotCoordinator;
        let of = |version| response(version, vec![refused(version, &asked(), error)]);
        let codes = |response: &OffsetFetchResponse| -> Vec<i16> {
            response
                .topics
                .iter()
                .flat_map(|topic| &topic.partitions)
                .map(|part| part.error_code)
                .collect()
        };
        assert_eq!((of(1).error_code, codes(&of(1))), (0, vec![16, 16]));
        assert_eq!((of(2).error_code, codes(&of(2))), (16, vec![]));
        assert_eq!((of(8).error_code, of(8).groups[0].error_code), (0, 16));
    }
}
