use std::collections::BTreeMap;

use bytes::Bytes;
use group::{Client, Decision, GroupId, GroupShard, GroupState, MemberId, Soft};
use metadata::Image;
use model::{Offset, PartitionIndex, Timestamp, TopicName};
use wire::records::client::ConsumerProtocolAssignment;
use wire::{Message, Reader};

/// What lag is made of, of one group at one moment.
#[derive(Debug)]
pub(crate) struct GroupView {
    pub(crate) group: GroupId,
    pub(crate) state: GroupState,
    pub(crate) rows: BTreeMap<(TopicName, PartitionIndex), Row>,
}

/// A partition that the group has to do with.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// What was committed, and when.
    pub(crate) committed: Option<(Offset, Timestamp)>,
    pub(crate) member: Option<Assigned>,
}

/// Who reads the partition for the group.
#[derive(Clone, Debug)]
pub(crate) struct Assigned {
    pub(crate) member: MemberId,
    pub(crate) client: Client,
}

/// Looks at a group, under its shard's lock; `None` when there is none of this name.
pub(crate) fn view(
    shard: &GroupShard,
    soft: &Soft,
    image: &Image,
    group: &GroupId,
) -> Decision<Option<GroupView>> {
    let mut rows: BTreeMap<(TopicName, PartitionIndex), Row> = BTreeMap::new();
    let mut assign = |topic: TopicName, partition, assigned: &Assigned| {
        rows.entry((topic, partition)).or_default().member = Some(assigned.clone());
    };
    let classic = shard.describe(soft, group).reply.ok();
    for member in classic.iter().flat_map(|classic| &classic.members) {
        let assigned = Assigned { member: member.id.clone(), client: member.client.clone() };
        for (topic, partition) in partitions_in(&member.assignment) {
            assign(topic, partition, &assigned);
        }
    }
    let consumer = shard.describe_consumer_group(soft, group).reply.ok();
    for member in consumer.iter().flat_map(|consumer| &consumer.members) {
        let client = member.metadata.client.clone();
        let assigned = Assigned { member: member.id.clone(), client };
        for held in member.assignment.partitions() {
            if let Some(topic) = image.topic_name(held.topic) {
                assign(topic.clone(), held.partition, &assigned);
            }
        }
    }
    let state = match (&classic, &consumer) {
        (Some(classic), _) => Some(GroupState::Classic(classic.state)),
        (None, Some(consumer)) => Some(GroupState::Consumer(consumer.state)),
        (None, None) => None,
    };
    shard.fetch_all_offsets(group, false).map(|offsets| {
        for (topic, partition, fetched) in offsets {
            let Ok(Some(committed)) = fetched else { continue };
            let Some(offset) = committed.offset else { continue };
            let row = rows.entry((topic.clone(), partition)).or_default();
            row.committed = Some((offset, committed.committed_at));
        }
        state.map(|state| GroupView { group: group.clone(), state, rows })
    })
}

/// The partitions in a classic member's assignment; none when it is not one of a consumer.
fn partitions_in(assignment: &Bytes) -> Vec<(TopicName, PartitionIndex)> {
    let decoded = || {
        let mut input = Reader::shared(assignment);
        // Later versions only append.
        let version = input.i16()?.clamp(0, ConsumerProtocolAssignment::VERSIONS.max);
        ConsumerProtocolAssignment::decode(&mut input, version)
    };
    let topics = decoded().map(|decoded| decoded.assigned_partitions).unwrap_or_default();
    let mut found = Vec::new();
    for topic in topics {
        let Ok(name) = TopicName::new(&topic.topic) else { continue };
        let indexes = topic.partitions.iter().filter_map(|raw| PartitionIndex::from_wire(*raw));
        found.extend(indexes.map(|index| (name.clone(), index)));
    }
    found
}
