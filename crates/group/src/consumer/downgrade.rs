//! A consumer group becomes a classic one while it runs, once only members of the classic protocol are left in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{PartitionId, PartitionIndex};

use super::classic_protocol::{Subscription, assignment};
use super::heartbeat::View;
use super::{ClassicFacts, ConsumerChange, ConsumerGroup, MemberMetadata};
use crate::classic::ClassicGroup;
use crate::decision::Outcome;
use crate::subscription::CONSUMER_PROTOCOL_TYPE;
use crate::{
    Generation, GroupId, GroupRecord, GroupSettings, MemberId, Soft, StoredGroup, StoredMember,
};

/// Whether nothing holds the group in its type: nobody speaks the new protocol, and the policy lets it go.
pub(super) fn is_due(group: &ConsumerGroup, settings: &GroupSettings) -> bool {
    settings.consumer.migration.downgrade
        && !group.members.is_empty()
        && group.members.len() <= settings.member_count_max
        && group.members.values().all(|member| member.classic.is_some())
        && common_protocol(group).is_some()
}

/// A protocol that all members support.
fn common_protocol(group: &ConsumerGroup) -> Option<Arc<str>> {
    let mut members = group.members.values().filter_map(|member| member.classic.as_ref());
    let first = members.next()?;
    let rest: Vec<&ClassicFacts> = members.collect();
    let supports = |facts: &&ClassicFacts, name: &Arc<str>| {
        facts.protocols.iter().any(|protocol| protocol.name == *name)
    };
    let names = first.protocols.iter().map(|protocol| &protocol.name);
    names.into_iter().find(|name| rest.iter().all(|facts| supports(facts, name))).cloned()
}

/// Turns the group into a classic one that rebalances. `group` is as the records so far leave it.
pub(super) fn downgrade(
    soft: &mut Soft,
    view: View<'_>,
    id: &GroupId,
    group: &ConsumerGroup,
    out: &mut Outcome,
) {
    let Some(protocol) = common_protocol(group) else { return };
    let member = |(id, metadata): (&MemberId, &Arc<MemberMetadata>)| {
        let facts = metadata.classic.as_ref()?;
        let named = |own: &&crate::Protocol| own.name == protocol;
        let subscription = facts.protocols.iter().find(named)?.metadata.clone();
        let version = Subscription::parse(&subscription).map_or(0, |parsed| parsed.version);
        // What it shall have, as Apache Kafka writes it: nobody is given that before the group has rebalanced.
        let assigned = named_topics(group.target_of(id).partitions(), view);
        Some(StoredMember {
            id: id.clone(),
            instance: metadata.instance.clone(),
            client_id: metadata.client.id.clone(),
            client_host: metadata.client.host.clone(),
            rebalance_timeout: metadata.rebalance_timeout,
            session_timeout: facts.session_timeout,
            subscription,
            assignment: assignment(version, &assigned).unwrap_or_default(),
        })
    };
    let members: Vec<StoredMember> = group.members.iter().filter_map(member).collect();
    let stored = StoredGroup {
        protocol_type: Some(CONSUMER_PROTOCOL_TYPE.into()),
        generation: Generation::from_wire(group.stored.epoch.to_wire()).unwrap_or_default(),
        leader: members.first().map(|member| member.id.clone()),
        protocol: Some(protocol),
        state_since: Some(view.now.wall),
        members,
    };
    let removed = |change: ConsumerChange| GroupRecord::Consumer { group: id.clone(), change };
    out.records.extend(group.removal().into_iter().map(removed));
    out.records.push(GroupRecord::Group { group: id.clone(), state: stored.clone() });
    soft.forget_consumer_group(id);
    soft.put_group(ClassicGroup::from_stored(id.clone(), &stored));
    soft.step_group(view.now, id, out, ClassicGroup::downgraded);
}

/// By name; a topic that is gone is left out.
pub(super) fn named_topics(
    partitions: impl Iterator<Item = PartitionId>,
    view: View<'_>,
) -> Vec<(Arc<str>, Vec<PartitionIndex>)> {
    let mut topics = BTreeMap::<Arc<str>, Vec<PartitionIndex>>::new();
    for partition in partitions {
        if let Some(name) = view.cluster.topic_name(partition.topic) {
            topics.entry(name.as_str().into()).or_default().push(partition.partition);
        }
    }
    topics.into_iter().collect()
}
