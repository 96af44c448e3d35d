//! Records about streams groups.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::{PartitionIndex, Timestamp};
use wire::records::group::streams_group_current_member_assignment_value::TaskIds as HeldIds;
use wire::records::group::streams_group_member_metadata_value as member_value;
use wire::records::group::streams_group_metadata_value::LastAssignmentConfig;
use wire::records::group::streams_group_target_assignment_member_value::TaskIds;
use wire::records::group::{
    GroupKey, GroupValue, StreamsGroupCurrentMemberAssignmentKey,
    StreamsGroupCurrentMemberAssignmentValue, StreamsGroupMemberMetadataKey,
    StreamsGroupMemberMetadataValue, StreamsGroupMetadataKey, StreamsGroupMetadataValue,
    StreamsGroupTargetAssignmentMemberKey, StreamsGroupTargetAssignmentMemberValue,
    StreamsGroupTargetAssignmentMetadataKey, StreamsGroupTargetAssignmentMetadataValue,
    StreamsGroupTopologyKey,
};

use super::{CodecError, KeyValue, from_millis, group_id, key_value, streams_topology, to_millis};
use crate::{
    Client, CurrentTasks, DescriptionEpochs, Endpoint, GroupEpoch, GroupId, GroupRecord, HeldTasks,
    InstanceId, MemberEpoch, MemberId, MemberState, StreamsChange, StreamsEpoch, StreamsMember,
    TargetEpoch, TaskId, Tasks, TopologyEpoch, by_subtopology,
};

/// The numbers of their keys.
pub(super) const NUMBERS: [i16; 6] = [17, 19, 20, 21, 22, 23];

/// Each of their values has one version yet.
const VALUE_VERSION: i16 = 0;

pub(super) fn encode(group: &GroupId, change: &StreamsChange) -> Result<KeyValue, CodecError> {
    let value = match change {
        StreamsChange::Group(stored) => stored.as_ref().map(group_value),
        StreamsChange::Topology(topology) => {
            topology.as_deref().map(|topology| GroupValue::from(streams_topology::to_log(topology)))
        }
        StreamsChange::Member(_, member) => member.as_deref().map(member_metadata),
        StreamsChange::TargetEpoch(target) => target.as_ref().map(|target| {
            GroupValue::from(StreamsGroupTargetAssignmentMetadataValue {
                assignment_epoch: target.epoch.to_wire(),
                assignment_timestamp: target.assigned_at.map_or(0, Timestamp::as_millis),
            })
        }),
        StreamsChange::Target(_, target) => target.as_deref().map(target_assignment),
        StreamsChange::Current(_, current) => current.as_deref().map(current_assignment),
    };
    key_value(&key(group, change), value.as_ref().map(|value| (value, VALUE_VERSION)))
}

fn key(group: &GroupId, change: &StreamsChange) -> GroupKey {
    let group_id = group.as_str().to_owned();
    let text = |id: &MemberId| id.as_str().to_owned();
    match change {
        StreamsChange::Group(_) => GroupKey::from(StreamsGroupMetadataKey { group_id }),
        StreamsChange::Topology(_) => GroupKey::from(StreamsGroupTopologyKey { group_id }),
        StreamsChange::Member(id, _) => {
            GroupKey::from(StreamsGroupMemberMetadataKey { group_id, member_id: text(id) })
        }
        StreamsChange::TargetEpoch(_) => {
            GroupKey::from(StreamsGroupTargetAssignmentMetadataKey { group_id })
        }
        StreamsChange::Target(id, _) => {
            GroupKey::from(StreamsGroupTargetAssignmentMemberKey { group_id, member_id: text(id) })
        }
        StreamsChange::Current(id, _) => {
            GroupKey::from(StreamsGroupCurrentMemberAssignmentKey { group_id, member_id: text(id) })
        }
    }
}

/// `None` for a record of another kind, and for one whose member has no name: nobody could be that.
pub(super) fn decode(
    key: &GroupKey,
    value: Option<GroupValue>,
) -> Result<Option<GroupRecord>, CodecError> {
    let (group, change) = match (key, value) {
        (GroupKey::StreamsGroupMetadata(key), value) => {
            let stored = match value {
                Some(GroupValue::StreamsGroupMetadata(value)) => Some(stored_epoch(value)),
                _ => None,
            };
            (&key.group_id, StreamsChange::Group(stored))
        }
        (GroupKey::StreamsGroupTopology(key), value) => {
            let topology = match value {
                Some(GroupValue::StreamsGroupTopology(value)) => {
                    Some(Arc::new(streams_topology::from_log(value)))
                }
                _ => None,
            };
            (&key.group_id, StreamsChange::Topology(topology))
        }
        (GroupKey::StreamsGroupTargetAssignmentMetadata(key), value) => {
            let target = match value {
                Some(GroupValue::StreamsGroupTargetAssignmentMetadata(value)) => {
                    Some(TargetEpoch {
                        epoch: GroupEpoch::from_wire(value.assignment_epoch).unwrap_or_default(),
                        assigned_at: Timestamp::from_millis(value.assignment_timestamp)
                            .filter(|at| at.as_millis() > 0),
                    })
                }
                _ => None,
            };
            (&key.group_id, StreamsChange::TargetEpoch(target))
        }
        (key, value) => match of_member(key, value) {
            Some(found) => found,
            None => return Ok(None),
        },
    };
    Ok(Some(GroupRecord::Streams { group: group_id(group)?, change }))
}

fn of_member(key: &GroupKey, value: Option<GroupValue>) -> Option<(&String, StreamsChange)> {
    Some(match (key, value) {
        (GroupKey::StreamsGroupMemberMetadata(key), value) => {
            let member = match value {
                Some(GroupValue::StreamsGroupMemberMetadata(value)) => {
                    Some(Arc::new(metadata_of(value)))
                }
                _ => None,
            };
            (&key.group_id, StreamsChange::Member(MemberId::new(&key.member_id)?, member))
        }
        (GroupKey::StreamsGroupTargetAssignmentMember(key), value) => {
            let target = match value {
                Some(GroupValue::StreamsGroupTargetAssignmentMember(value)) => {
                    Some(Arc::new(Tasks {
                        active: tasks(value.active_tasks),
                        standby: tasks(value.standby_tasks),
                        warmup: tasks(value.warmup_tasks),
                    }))
                }
                _ => None,
            };
            (&key.group_id, StreamsChange::Target(MemberId::new(&key.member_id)?, target))
        }
        (GroupKey::StreamsGroupCurrentMemberAssignment(key), value) => {
            let current = match value {
                Some(GroupValue::StreamsGroupCurrentMemberAssignment(value)) => {
                    Some(Arc::new(current_of(value)))
                }
                _ => None,
            };
            (&key.group_id, StreamsChange::Current(MemberId::new(&key.member_id)?, current))
        }
        _ => return None,
    })
}

fn group_value(stored: &StreamsEpoch) -> GroupValue {
    let configs = stored.assignment_configs.iter();
    let configs =
        configs.map(|(key, value)| LastAssignmentConfig { key: key.clone(), value: value.clone() });
    GroupValue::from(StreamsGroupMetadataValue {
        epoch: stored.epoch.to_wire(),
        metadata_hash: stored.metadata_hash,
        validated_topology_epoch: stored.validated_topology.map_or(-1, TopologyEpoch::to_wire),
        last_assignment_configs: Some(configs.collect()),
        stored_description_topology_epoch: stored.descriptions.stored,
        failed_description_topology_epoch: stored.descriptions.failed,
    })
}

fn stored_epoch(value: StreamsGroupMetadataValue) -> StreamsEpoch {
    let configs = value.last_assignment_configs.unwrap_or_default().into_iter();
    StreamsEpoch {
        epoch: GroupEpoch::from_wire(value.epoch).unwrap_or_default(),
        metadata_hash: value.metadata_hash,
        validated_topology: TopologyEpoch::from_wire(value.validated_topology_epoch),
        assignment_configs: configs.map(|config| (config.key, config.value)).collect(),
        descriptions: DescriptionEpochs {
            stored: value.stored_description_topology_epoch,
            failed: value.failed_description_topology_epoch,
        },
    }
}

fn member_metadata(member: &StreamsMember) -> GroupValue {
    let endpoint = |endpoint: &Endpoint| member_value::Endpoint {
        host: endpoint.host.to_string(),
        port: endpoint.port,
    };
    let tag = |(key, value): (&Arc<str>, &Arc<str>)| member_value::KeyValue {
        key: key.to_string(),
        value: value.to_string(),
    };
    GroupValue::from(StreamsGroupMemberMetadataValue {
        instance_id: member.instance.as_ref().map(|id| id.as_str().to_owned()),
        rack_id: member.rack.as_ref().map(ToString::to_string),
        client_id: member.client.id.to_string(),
        client_host: member.client.host.to_string(),
        rebalance_timeout_ms: to_millis(member.rebalance_timeout),
        topology_epoch: member.topology_epoch.map_or(-1, TopologyEpoch::to_wire),
        process_id: member.process.to_string(),
        user_endpoint: member.endpoint.as_ref().map(endpoint),
        client_tags: member.tags.iter().map(tag).collect(),
    })
}

fn metadata_of(value: StreamsGroupMemberMetadataValue) -> StreamsMember {
    let endpoint = |endpoint: member_value::Endpoint| Endpoint {
        host: endpoint.host.into(),
        port: endpoint.port,
    };
    let tags = value.client_tags.into_iter();
    StreamsMember {
        instance: value.instance_id.as_deref().map(InstanceId::new),
        rack: value.rack_id.map(Into::into),
        client: Client { id: value.client_id.into(), host: value.client_host.into() },
        rebalance_timeout: from_millis(value.rebalance_timeout_ms),
        topology_epoch: TopologyEpoch::from_wire(value.topology_epoch),
        process: value.process_id.into(),
        endpoint: value.user_endpoint.map(endpoint),
        tags: tags.map(|tag| (tag.key.into(), tag.value.into())).collect(),
    }
}

fn target_assignment(target: &Tasks) -> GroupValue {
    let ids = |tasks: &BTreeSet<TaskId>| {
        let parts = by_subtopology(tasks).into_iter();
        let ids = parts.map(|(id, partitions)| TaskIds {
            subtopology_id: id.to_string(),
            partitions: numbers(&partitions),
        });
        ids.collect()
    };
    GroupValue::from(StreamsGroupTargetAssignmentMemberValue {
        active_tasks: ids(&target.active),
        standby_tasks: ids(&target.standby),
        warmup_tasks: ids(&target.warmup),
    })
}

fn current_assignment(current: &CurrentTasks) -> GroupValue {
    GroupValue::from(StreamsGroupCurrentMemberAssignmentValue {
        member_epoch: current.epoch.to_wire(),
        previous_member_epoch: current.previous_epoch.to_wire(),
        state: state_number(current.state),
        active_tasks: active_ids(&current.assigned),
        standby_tasks: copy_ids(&current.assigned.standby),
        warmup_tasks: copy_ids(&current.assigned.warmup),
        active_tasks_pending_revocation: active_ids(&current.revoking),
        standby_tasks_pending_revocation: copy_ids(&current.revoking.standby),
        warmup_tasks_pending_revocation: copy_ids(&current.revoking.warmup),
    })
}

fn active_ids(held: &HeldTasks) -> Vec<HeldIds> {
    let epoch = |id: &Arc<str>, partition: &PartitionIndex| {
        let task = TaskId { subtopology: id.clone(), partition: *partition };
        held.active.get(&task).copied().unwrap_or_default().to_wire()
    };
    let parts = by_subtopology(held.active.keys()).into_iter();
    let ids = parts.map(|(id, partitions)| HeldIds {
        subtopology_id: id.to_string(),
        partitions: numbers(&partitions),
        assignment_epochs: Some(partitions.iter().map(|index| epoch(id, index)).collect()),
    });
    ids.collect()
}

fn copy_ids(tasks: &BTreeSet<TaskId>) -> Vec<HeldIds> {
    let parts = by_subtopology(tasks).into_iter();
    let ids = parts.map(|(id, partitions)| HeldIds {
        subtopology_id: id.to_string(),
        partitions: numbers(&partitions),
        // Only active tasks have some; Apache Kafka writes that there are none.
        assignment_epochs: Some(Vec::new()),
    });
    ids.collect()
}

/// Streams groups count the states of their members from 1, consumer groups from 0.
const fn state_number(state: MemberState) -> i8 {
    match state {
        MemberState::Stable => 1,
        MemberState::UnrevokedPartitions => 2,
        MemberState::UnreleasedPartitions => 3,
    }
}

/// Of a number that means nothing the next step towards the target makes another.
const fn state_of(number: i8) -> MemberState {
    match number {
        2 => MemberState::UnrevokedPartitions,
        3 => MemberState::UnreleasedPartitions,
        _ => MemberState::Stable,
    }
}

fn numbers(partitions: &[PartitionIndex]) -> Vec<i32> {
    partitions.iter().map(|index| index.to_wire()).collect()
}

fn current_of(value: StreamsGroupCurrentMemberAssignmentValue) -> CurrentTasks {
    let epoch = MemberEpoch::from_log(value.member_epoch);
    let active = |ids: Vec<HeldIds>| {
        let of_part = |part: HeldIds| {
            let mut epochs = part.assignment_epochs.unwrap_or_default().into_iter();
            let id = Arc::<str>::from(part.subtopology_id);
            let partitions = part.partitions.into_iter().map(move |raw| {
                // Brokers before 4.4 do not say it: then only the newest epoch counts.
                let since = epochs.next().map_or(epoch, MemberEpoch::from_log);
                (task(&id, raw), since)
            });
            partitions.filter_map(|(task, since)| Some((task?, since)))
        };
        ids.into_iter().flat_map(of_part).collect()
    };
    let copies = |ids: Vec<HeldIds>| {
        let parts = ids.into_iter();
        parts.flat_map(|part| task_set(part.subtopology_id, part.partitions)).collect()
    };
    CurrentTasks {
        epoch,
        previous_epoch: MemberEpoch::from_log(value.previous_member_epoch),
        state: state_of(value.state),
        assigned: HeldTasks {
            active: active(value.active_tasks),
            standby: copies(value.standby_tasks),
            warmup: copies(value.warmup_tasks),
        },
        revoking: HeldTasks {
            active: active(value.active_tasks_pending_revocation),
            standby: copies(value.standby_tasks_pending_revocation),
            warmup: copies(value.warmup_tasks_pending_revocation),
        },
    }
}

fn tasks(ids: Vec<TaskIds>) -> BTreeSet<TaskId> {
    ids.into_iter().flat_map(|part| task_set(part.subtopology_id, part.partitions)).collect()
}

fn task_set(id: String, partitions: Vec<i32>) -> impl Iterator<Item = TaskId> {
    let id = Arc::<str>::from(id);
    partitions.into_iter().filter_map(move |raw| task(&id, raw))
}

fn task(id: &Arc<str>, raw: i32) -> Option<TaskId> {
    Some(TaskId { subtopology: id.clone(), partition: PartitionIndex::from_wire(raw)? })
}
