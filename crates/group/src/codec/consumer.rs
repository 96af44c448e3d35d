//! Records about consumer groups.

use std::sync::Arc;

use model::{PartitionId, PartitionIndex, Timestamp, TopicId};
use wire::records::group::consumer_group_current_member_assignment_value as current_value;
use wire::records::group::consumer_group_member_metadata_value as member_value;
use wire::records::group::consumer_group_target_assignment_member_value as target_value;
use wire::records::group::{
    ConsumerGroupCurrentMemberAssignmentKey, ConsumerGroupCurrentMemberAssignmentValue,
    ConsumerGroupMemberMetadataKey, ConsumerGroupMemberMetadataValue, ConsumerGroupMetadataKey,
    ConsumerGroupMetadataValue, ConsumerGroupPartitionMetadataKey,
    ConsumerGroupRegularExpressionKey, ConsumerGroupRegularExpressionValue,
    ConsumerGroupTargetAssignmentMemberKey, ConsumerGroupTargetAssignmentMemberValue,
    ConsumerGroupTargetAssignmentMetadataKey, ConsumerGroupTargetAssignmentMetadataValue, GroupKey,
    GroupValue,
};

use super::{CodecError, KeyValue, from_millis, group_id, key_value, to_millis};
use crate::{
    Assignment, ClassicFacts, Client, ConsumerChange, CurrentAssignment, GroupEpoch, GroupId,
    GroupRecord, Held, InstanceId, MemberEpoch, MemberId, MemberMetadata, MemberState, Protocol,
    ResolvedPattern, StoredEpoch, TargetEpoch,
};

/// The numbers of their keys.
pub(super) const NUMBERS: [i16; 7] = [3, 4, 5, 6, 7, 8, 16];

/// Each of their values has one version yet.
const VALUE_VERSION: i16 = 0;

pub(super) fn encode(group: &GroupId, change: &ConsumerChange) -> Result<KeyValue, CodecError> {
    let value = match change {
        ConsumerChange::Group(stored) => stored.as_ref().map(|stored| {
            GroupValue::from(ConsumerGroupMetadataValue {
                epoch: stored.epoch.to_wire(),
                metadata_hash: stored.metadata_hash,
            })
        }),
        ConsumerChange::PartitionMetadata { exists: true } => return Err(CodecError::OtherType),
        ConsumerChange::PartitionMetadata { exists: false } => None,
        ConsumerChange::Member(_, metadata) => metadata.as_deref().map(member_metadata),
        ConsumerChange::TargetEpoch(target) => target.as_ref().map(|target| {
            GroupValue::from(ConsumerGroupTargetAssignmentMetadataValue {
                assignment_epoch: target.epoch.to_wire(),
                assignment_timestamp: target.assigned_at.map_or(0, Timestamp::as_millis),
            })
        }),
        ConsumerChange::Target(_, target) => target.as_deref().map(target_assignment),
        ConsumerChange::Current(_, current) => current.as_deref().map(current_assignment),
        ConsumerChange::Pattern(_, resolved) => resolved.as_deref().map(|resolved| {
            GroupValue::from(ConsumerGroupRegularExpressionValue {
                topics: resolved.topics.iter().map(ToString::to_string).collect(),
                version: resolved.version,
                timestamp: resolved.resolved_at.map_or(-1, Timestamp::as_millis),
            })
        }),
    };
    key_value(&key(group, change), value.as_ref().map(|value| (value, VALUE_VERSION)))
}

fn key(group: &GroupId, change: &ConsumerChange) -> GroupKey {
    let group_id = group.as_str().to_owned();
    let text = |id: &MemberId| id.as_str().to_owned();
    match change {
        ConsumerChange::Group(_) => GroupKey::from(ConsumerGroupMetadataKey { group_id }),
        ConsumerChange::PartitionMetadata { .. } => {
            GroupKey::from(ConsumerGroupPartitionMetadataKey { group_id })
        }
        ConsumerChange::Member(id, _) => {
            GroupKey::from(ConsumerGroupMemberMetadataKey { group_id, member_id: text(id) })
        }
        ConsumerChange::TargetEpoch(_) => {
            GroupKey::from(ConsumerGroupTargetAssignmentMetadataKey { group_id })
        }
        ConsumerChange::Target(id, _) => {
            GroupKey::from(ConsumerGroupTargetAssignmentMemberKey { group_id, member_id: text(id) })
        }
        ConsumerChange::Current(id, _) => GroupKey::from(ConsumerGroupCurrentMemberAssignmentKey {
            group_id,
            member_id: text(id),
        }),
        ConsumerChange::Pattern(pattern, _) => GroupKey::from(ConsumerGroupRegularExpressionKey {
            group_id,
            regular_expression: pattern.to_string(),
        }),
    }
}

/// `None` for a record of another kind, and for one whose member has no name: nobody could be that.
pub(super) fn decode(
    key: &GroupKey,
    value: Option<GroupValue>,
) -> Result<Option<GroupRecord>, CodecError> {
    let (group, change) = match (key, value) {
        (GroupKey::ConsumerGroupMetadata(key), value) => {
            let stored = match value {
                Some(GroupValue::ConsumerGroupMetadata(value)) => Some(StoredEpoch {
                    epoch: GroupEpoch::from_wire(value.epoch).unwrap_or_default(),
                    metadata_hash: value.metadata_hash,
                }),
                _ => None,
            };
            (&key.group_id, Some(ConsumerChange::Group(stored)))
        }
        (GroupKey::ConsumerGroupPartitionMetadata(key), value) => {
            let exists = value.is_some();
            (&key.group_id, Some(ConsumerChange::PartitionMetadata { exists }))
        }
        (GroupKey::ConsumerGroupTargetAssignmentMetadata(key), value) => {
            let target = match value {
                Some(GroupValue::ConsumerGroupTargetAssignmentMetadata(value)) => {
                    Some(TargetEpoch {
                        epoch: GroupEpoch::from_wire(value.assignment_epoch).unwrap_or_default(),
                        assigned_at: Timestamp::from_millis(value.assignment_timestamp)
                            .filter(|at| at.as_millis() > 0),
                    })
                }
                _ => None,
            };
            (&key.group_id, Some(ConsumerChange::TargetEpoch(target)))
        }
        (GroupKey::ConsumerGroupRegularExpression(key), value) => {
            let resolved = match value {
                Some(GroupValue::ConsumerGroupRegularExpression(value)) => {
                    Some(Arc::new(ResolvedPattern {
                        topics: value.topics.into_iter().map(Into::into).collect(),
                        version: value.version,
                        resolved_at: Timestamp::from_millis(value.timestamp),
                    }))
                }
                _ => None,
            };
            let pattern = key.regular_expression.as_str().into();
            (&key.group_id, Some(ConsumerChange::Pattern(pattern, resolved)))
        }
        (key, value) => match of_member(key, value) {
            Some(found) => found,
            None => return Ok(None),
        },
    };
    let group = group_id(group)?;
    Ok(change.map(|change| GroupRecord::Consumer { group, change }))
}

fn of_member(
    key: &GroupKey,
    value: Option<GroupValue>,
) -> Option<(&String, Option<ConsumerChange>)> {
    Some(match (key, value) {
        (GroupKey::ConsumerGroupMemberMetadata(key), value) => {
            let metadata = match value {
                Some(GroupValue::ConsumerGroupMemberMetadata(value)) => {
                    Some(Arc::new(metadata_of(value)))
                }
                _ => None,
            };
            let id = MemberId::new(&key.member_id);
            (&key.group_id, id.map(|id| ConsumerChange::Member(id, metadata)))
        }
        (GroupKey::ConsumerGroupTargetAssignmentMember(key), value) => {
            let target = match value {
                Some(GroupValue::ConsumerGroupTargetAssignmentMember(value)) => {
                    let topics = value.topic_partitions.into_iter();
                    let partitions =
                        topics.flat_map(|topic| partitions_of(topic.topic_id, topic.partitions));
                    Some(Arc::new(partitions.collect()))
                }
                _ => None,
            };
            let id = MemberId::new(&key.member_id);
            (&key.group_id, id.map(|id| ConsumerChange::Target(id, target)))
        }
        (GroupKey::ConsumerGroupCurrentMemberAssignment(key), value) => {
            let current = match value {
                Some(GroupValue::ConsumerGroupCurrentMemberAssignment(value)) => {
                    Some(Arc::new(current_of(value)))
                }
                _ => None,
            };
            let id = MemberId::new(&key.member_id);
            (&key.group_id, id.map(|id| ConsumerChange::Current(id, current)))
        }
        _ => return None,
    })
}

fn member_metadata(metadata: &MemberMetadata) -> GroupValue {
    let text = |text: &Arc<str>| text.to_string();
    let protocol = |protocol: &Protocol| member_value::ClassicProtocol {
        name: protocol.name.to_string(),
        metadata: protocol.metadata.clone(),
    };
    let classic = |classic: &ClassicFacts| member_value::ClassicMemberMetadata {
        session_timeout_ms: to_millis(classic.session_timeout),
        supported_protocols: classic.protocols.iter().map(protocol).collect(),
    };
    GroupValue::from(ConsumerGroupMemberMetadataValue {
        instance_id: metadata.instance.as_ref().map(|id| id.as_str().to_owned()),
        rack_id: metadata.rack.as_ref().map(text),
        client_id: metadata.client.id.to_string(),
        client_host: metadata.client.host.to_string(),
        subscribed_topic_names: metadata.topics.iter().map(text).collect(),
        subscribed_topic_regex: metadata.pattern.as_ref().map(text),
        rebalance_timeout_ms: to_millis(metadata.rebalance_timeout),
        server_assignor: metadata.assignor.as_ref().map(text),
        classic_member_metadata: metadata.classic.as_ref().map(classic),
    })
}

fn metadata_of(value: ConsumerGroupMemberMetadataValue) -> MemberMetadata {
    let protocol = |protocol: member_value::ClassicProtocol| Protocol {
        name: protocol.name.into(),
        metadata: protocol.metadata,
    };
    let classic = |classic: member_value::ClassicMemberMetadata| ClassicFacts {
        session_timeout: from_millis(classic.session_timeout_ms),
        protocols: classic.supported_protocols.into_iter().map(protocol).collect(),
    };
    MemberMetadata {
        instance: value.instance_id.as_deref().map(InstanceId::new),
        rack: value.rack_id.map(Into::into),
        client: Client { id: value.client_id.into(), host: value.client_host.into() },
        topics: value.subscribed_topic_names.into_iter().map(Into::into).collect(),
        pattern: value.subscribed_topic_regex.map(Into::into),
        rebalance_timeout: from_millis(value.rebalance_timeout_ms),
        assignor: value.server_assignor.map(Into::into),
        classic: value.classic_member_metadata.map(classic),
    }
}

fn target_assignment(target: &Assignment) -> GroupValue {
    let topics = target.topics().map(|(topic, indexes)| target_value::TopicPartition {
        topic_id: topic.uuid(),
        partitions: indexes.iter().map(|index| index.to_wire()).collect(),
    });
    GroupValue::from(ConsumerGroupTargetAssignmentMemberValue {
        topic_partitions: topics.collect(),
    })
}

fn current_assignment(current: &CurrentAssignment) -> GroupValue {
    GroupValue::from(ConsumerGroupCurrentMemberAssignmentValue {
        member_epoch: current.epoch.to_wire(),
        previous_member_epoch: current.previous_epoch.to_wire(),
        state: current.state.to_log(),
        assigned_partitions: held(&current.assigned),
        partitions_pending_revocation: held(&current.revoking),
    })
}

fn held(held: &Held) -> Vec<current_value::TopicPartitions> {
    let topics = held.topics().map(|(topic, indexes)| current_value::TopicPartitions {
        topic_id: topic.uuid(),
        partitions: indexes.keys().map(|index| index.to_wire()).collect(),
        assignment_epochs: Some(indexes.values().map(|epoch| epoch.to_wire()).collect()),
    });
    topics.collect()
}

fn current_of(value: ConsumerGroupCurrentMemberAssignmentValue) -> CurrentAssignment {
    let epoch = MemberEpoch::from_log(value.member_epoch);
    let held = |topics: Vec<current_value::TopicPartitions>| -> Held {
        let of_topic = |topic: current_value::TopicPartitions| {
            let mut epochs = topic.assignment_epochs.unwrap_or_default().into_iter();
            let partitions = topic.partitions.into_iter().map(move |raw| {
                // Brokers before 4.4 do not say it: then only the newest epoch counts.
                let since = epochs.next().map_or(epoch, MemberEpoch::from_log);
                (partition_of(topic.topic_id, raw), since)
            });
            partitions.filter_map(|(partition, since)| Some((partition?, since)))
        };
        topics.into_iter().flat_map(of_topic).collect()
    };
    CurrentAssignment {
        epoch,
        previous_epoch: MemberEpoch::from_log(value.previous_member_epoch),
        state: MemberState::from_log(value.state).unwrap_or_default(),
        assigned: held(value.assigned_partitions),
        revoking: held(value.partitions_pending_revocation),
    }
}

pub(super) fn partitions_of(
    topic: model::Uuid,
    indexes: Vec<i32>,
) -> impl Iterator<Item = PartitionId> {
    indexes.into_iter().filter_map(move |raw| partition_of(topic, raw))
}

fn partition_of(topic: model::Uuid, raw: i32) -> Option<PartitionId> {
    Some(PartitionId { topic: TopicId::new(topic)?, partition: PartitionIndex::from_wire(raw)? })
}
