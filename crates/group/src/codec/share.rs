//! Records about share groups.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::{Timestamp, TopicId};
use wire::records::group::share_group_current_member_assignment_value as current_value;
use wire::records::group::share_group_state_partition_metadata_value as state_value;
use wire::records::group::share_group_target_assignment_member_value as target_value;
use wire::records::group::{
    GroupKey, GroupValue, ShareGroupCurrentMemberAssignmentKey,
    ShareGroupCurrentMemberAssignmentValue, ShareGroupMemberMetadataKey,
    ShareGroupMemberMetadataValue, ShareGroupMetadataKey, ShareGroupMetadataValue,
    ShareGroupStatePartitionMetadataKey, ShareGroupStatePartitionMetadataValue,
    ShareGroupTargetAssignmentMemberKey, ShareGroupTargetAssignmentMemberValue,
    ShareGroupTargetAssignmentMetadataKey, ShareGroupTargetAssignmentMetadataValue,
};

use super::consumer::partitions_of;
use super::{CodecError, KeyValue, group_id, key_value};
use crate::{
    Assignment, Client, GroupEpoch, GroupId, GroupRecord, MemberEpoch, MemberId, ShareChange,
    ShareCurrent, ShareMember, StatePartitions, StoredEpoch, TargetEpoch,
};

/// The numbers of their keys.
pub(super) const NUMBERS: [i16; 6] = [10, 11, 12, 13, 14, 15];

/// Each of their values has one version yet.
const VALUE_VERSION: i16 = 0;

/// A member of a share group is on its way nowhere: Kafka knows the same states as for consumer groups.
const STABLE: i8 = 0;

pub(super) fn encode(group: &GroupId, change: &ShareChange) -> Result<KeyValue, CodecError> {
    let value = match change {
        ShareChange::Group(stored) => stored.as_ref().map(|stored| {
            GroupValue::from(ShareGroupMetadataValue {
                epoch: stored.epoch.to_wire(),
                metadata_hash: stored.metadata_hash,
            })
        }),
        ShareChange::Member(_, member) => member.as_deref().map(member_metadata),
        ShareChange::TargetEpoch(target) => target.as_ref().map(|target| {
            GroupValue::from(ShareGroupTargetAssignmentMetadataValue {
                assignment_epoch: target.epoch.to_wire(),
                assignment_timestamp: target.assigned_at.map_or(0, Timestamp::as_millis),
            })
        }),
        ShareChange::Target(_, target) => target.as_deref().map(target_assignment),
        ShareChange::Current(_, current) => current.as_deref().map(current_assignment),
        ShareChange::Partitions(partitions) => partitions.as_deref().map(state_partitions),
    };
    key_value(&key(group, change), value.as_ref().map(|value| (value, VALUE_VERSION)))
}

fn key(group: &GroupId, change: &ShareChange) -> GroupKey {
    let group_id = group.as_str().to_owned();
    let text = |id: &MemberId| id.as_str().to_owned();
    match change {
        ShareChange::Group(_) => GroupKey::from(ShareGroupMetadataKey { group_id }),
        ShareChange::Member(id, _) => {
            GroupKey::from(ShareGroupMemberMetadataKey { group_id, member_id: text(id) })
        }
        ShareChange::TargetEpoch(_) => {
            GroupKey::from(ShareGroupTargetAssignmentMetadataKey { group_id })
        }
        ShareChange::Target(id, _) => {
            GroupKey::from(ShareGroupTargetAssignmentMemberKey { group_id, member_id: text(id) })
        }
        ShareChange::Current(id, _) => {
            GroupKey::from(ShareGroupCurrentMemberAssignmentKey { group_id, member_id: text(id) })
        }
        ShareChange::Partitions(_) => {
            GroupKey::from(ShareGroupStatePartitionMetadataKey { group_id })
        }
    }
}

/// `None` for a record of another kind, and for one whose member has no name: nobody could be that.
pub(super) fn decode(
    key: &GroupKey,
    value: Option<GroupValue>,
) -> Result<Option<GroupRecord>, CodecError> {
    let (group, change) = match (key, value) {
        (GroupKey::ShareGroupMetadata(key), value) => {
            let stored = match value {
                Some(GroupValue::ShareGroupMetadata(value)) => Some(StoredEpoch {
                    epoch: GroupEpoch::from_wire(value.epoch).unwrap_or_default(),
                    metadata_hash: value.metadata_hash,
                }),
                _ => None,
            };
            (&key.group_id, Some(ShareChange::Group(stored)))
        }
        (GroupKey::ShareGroupTargetAssignmentMetadata(key), value) => {
            let target = match value {
                Some(GroupValue::ShareGroupTargetAssignmentMetadata(value)) => Some(TargetEpoch {
                    epoch: GroupEpoch::from_wire(value.assignment_epoch).unwrap_or_default(),
                    assigned_at: Timestamp::from_millis(value.assignment_timestamp)
                        .filter(|at| at.as_millis() > 0),
                }),
                _ => None,
            };
            (&key.group_id, Some(ShareChange::TargetEpoch(target)))
        }
        (GroupKey::ShareGroupStatePartitionMetadata(key), value) => {
            let partitions = match value {
                Some(GroupValue::ShareGroupStatePartitionMetadata(value)) => {
                    Some(Arc::new(state_partitions_of(value)))
                }
                _ => None,
            };
            (&key.group_id, Some(ShareChange::Partitions(partitions)))
        }
        (key, value) => match of_member(key, value) {
            Some(found) => found,
            None => return Ok(None),
        },
    };
    let group = group_id(group)?;
    Ok(change.map(|change| GroupRecord::Share { group, change }))
}

fn of_member(key: &GroupKey, value: Option<GroupValue>) -> Option<(&String, Option<ShareChange>)> {
    Some(match (key, value) {
        (GroupKey::ShareGroupMemberMetadata(key), value) => {
            let member = match value {
                Some(GroupValue::ShareGroupMemberMetadata(value)) => Some(Arc::new(ShareMember {
                    rack: value.rack_id.map(Into::into),
                    client: Client { id: value.client_id.into(), host: value.client_host.into() },
                    topics: value.subscribed_topic_names.into_iter().map(Into::into).collect(),
                })),
                _ => None,
            };
            let id = MemberId::new(&key.member_id);
            (&key.group_id, id.map(|id| ShareChange::Member(id, member)))
        }
        (GroupKey::ShareGroupTargetAssignmentMember(key), value) => {
            let target = match value {
                Some(GroupValue::ShareGroupTargetAssignmentMember(value)) => {
                    let topics = value.topic_partitions.into_iter();
                    let partitions =
                        topics.flat_map(|topic| partitions_of(topic.topic_id, topic.partitions));
                    Some(Arc::new(partitions.collect()))
                }
                _ => None,
            };
            let id = MemberId::new(&key.member_id);
            (&key.group_id, id.map(|id| ShareChange::Target(id, target)))
        }
        (GroupKey::ShareGroupCurrentMemberAssignment(key), value) => {
            let current = match value {
                Some(GroupValue::ShareGroupCurrentMemberAssignment(value)) => {
                    let topics = value.assigned_partitions.into_iter();
                    let partitions =
                        topics.flat_map(|topic| partitions_of(topic.topic_id, topic.partitions));
                    Some(Arc::new(ShareCurrent {
                        epoch: MemberEpoch::from_log(value.member_epoch),
                        previous_epoch: MemberEpoch::from_log(value.previous_member_epoch),
                        assigned: partitions.collect(),
                    }))
                }
                _ => None,
            };
            let id = MemberId::new(&key.member_id);
            (&key.group_id, id.map(|id| ShareChange::Current(id, current)))
        }
        _ => return None,
    })
}

fn member_metadata(member: &ShareMember) -> GroupValue {
    GroupValue::from(ShareGroupMemberMetadataValue {
        rack_id: member.rack.as_deref().map(str::to_owned),
        client_id: member.client.id.to_string(),
        client_host: member.client.host.to_string(),
        subscribed_topic_names: member.topics.iter().map(ToString::to_string).collect(),
    })
}

fn target_assignment(target: &Assignment) -> GroupValue {
    let topics = target.topics().map(|(topic, indexes)| target_value::TopicPartition {
        topic_id: topic.uuid(),
        partitions: indexes.iter().map(|index| index.to_wire()).collect(),
    });
    GroupValue::from(ShareGroupTargetAssignmentMemberValue { topic_partitions: topics.collect() })
}

fn current_assignment(current: &ShareCurrent) -> GroupValue {
    let topics = current.assigned.topics().map(|(topic, indexes)| current_value::TopicPartitions {
        topic_id: topic.uuid(),
        partitions: indexes.iter().map(|index| index.to_wire()).collect(),
    });
    GroupValue::from(ShareGroupCurrentMemberAssignmentValue {
        member_epoch: current.epoch.to_wire(),
        previous_member_epoch: current.previous_epoch.to_wire(),
        state: STABLE,
        assigned_partitions: topics.collect(),
    })
}

fn state_partitions(known: &StatePartitions) -> GroupValue {
    let name =
        |topic: TopicId| known.names.get(&topic).map(ToString::to_string).unwrap_or_default();
    let infos = |of: &Assignment| {
        let info = |(topic, indexes): (TopicId, &BTreeSet<_>)| state_value::TopicPartitionsInfo {
            topic_id: topic.uuid(),
            topic_name: name(topic),
            partitions: indexes
                .iter()
                .map(|index: &model::PartitionIndex| index.to_wire())
                .collect(),
        };
        of.topics().map(info).collect()
    };
    let deleting = known.deleting.iter();
    GroupValue::from(ShareGroupStatePartitionMetadataValue {
        initializing_topics: infos(&known.initializing),
        initialized_topics: infos(&known.initialized),
        deleting_topics: deleting
            .map(|topic| state_value::TopicInfo {
                topic_id: topic.uuid(),
                topic_name: name(*topic),
            })
            .collect(),
    })
}

fn state_partitions_of(value: ShareGroupStatePartitionMetadataValue) -> StatePartitions {
    let mut known = StatePartitions::default();
    let mut take = |infos: Vec<state_value::TopicPartitionsInfo>| -> Assignment {
        let partitions = infos.into_iter().flat_map(|info| {
            let partitions: Vec<_> = partitions_of(info.topic_id, info.partitions).collect();
            // Of a topic without partitions nothing is known.
            if let Some(topic) = TopicId::new(info.topic_id)
                && !partitions.is_empty()
            {
                known.names.insert(topic, info.topic_name.into());
            }
            partitions
        });
        partitions.collect()
    };
    let (initializing, initialized) =
        (take(value.initializing_topics), take(value.initialized_topics));
    (known.initializing, known.initialized) = (initializing, initialized);
    for info in value.deleting_topics {
        if let Some(topic) = TopicId::new(info.topic_id) {
            known.names.insert(topic, info.topic_name.into());
            known.deleting.insert(topic);
        }
    }
    // A topic of which the record has no partition needs no name.
    let StatePartitions { initializing, initialized, deleting, names } = &mut known;
    let topics = initializing.topics().chain(initialized.topics()).map(|(topic, _)| topic);
    let needed: BTreeSet<TopicId> = topics.chain(deleting.iter().copied()).collect();
    names.retain(|topic, _| needed.contains(topic));
    known
}
