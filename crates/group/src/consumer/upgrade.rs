//! A classic group of consumers becomes a consumer group while it runs: its members stay, and go on speaking the classic
//! protocol.

use std::sync::Arc;

use model::PartitionId;

use super::classic_protocol::{Subscription, parse_assignment};
use super::{
    ClassicFacts, Cluster, ConsumerChange, CurrentAssignment, Draft, GroupEpoch, Held, MemberEpoch,
    MemberMetadata, MemberState, StoredEpoch, TargetEpoch,
};
use crate::classic::{ClassicGroup, Member, State};
use crate::{Generation, MemberId, Soft};

/// Whether the group may become one, and what it then is. `None`: not by the policy, not with such members.
pub(super) fn upgrade(
    soft: &Soft,
    live: &ClassicGroup,
    cluster: &dyn Cluster,
) -> Option<Draft<'static>> {
    let settings = &soft.settings.consumer;
    let has_room = live.members().len() < settings.member_count_max;
    if !settings.migration.upgrade || !live.uses_consumer_protocol() || !has_room {
        return None;
    }
    let mut draft = Draft::new();
    let epoch = GroupEpoch::from_wire(live.generation().to_wire()).unwrap_or_default();
    let mut targets = Vec::new();
    for (id, member) in live.members() {
        let metadata = metadata_of(live, member)?;
        draft.change(ConsumerChange::Member(id.clone(), Some(Arc::new(metadata))));
        let held = held_by(&draft, live, id, member, cluster);
        targets.push((id.clone(), held));
    }
    let stored = StoredEpoch { epoch, metadata_hash: draft.metadata_hash(cluster) };
    draft.change(ConsumerChange::Group(Some(stored)));
    let mut taken = Held::default();
    for (id, held) in targets {
        // A leader may have assigned a partition twice: the first one has it.
        let own: Held = held.iter().filter(|(partition, _)| !taken.contains(*partition)).collect();
        own.iter().for_each(|(partition, since)| taken.insert(partition, since));
        let target = Arc::new(own.assignment());
        draft.change(ConsumerChange::Target(id.clone(), Some(target)));
        let current = CurrentAssignment {
            epoch: MemberEpoch::reached(epoch),
            previous_epoch: MemberEpoch::reached(epoch),
            state: MemberState::Stable,
            assigned: own,
            revoking: Held::default(),
        };
        draft.change(ConsumerChange::Current(id, Some(Arc::new(current))));
    }
    draft.change(ConsumerChange::TargetEpoch(Some(TargetEpoch { epoch, assigned_at: None })));
    Some(draft)
}

fn metadata_of(live: &ClassicGroup, member: &Member) -> Option<MemberMetadata> {
    let protocol = live.protocol().and_then(|name| member.metadata(name));
    let bytes = protocol.or_else(|| member.protocols.first().map(|first| &first.metadata))?;
    let subscription = Subscription::parse(bytes)?;
    Some(MemberMetadata {
        instance: member.instance.clone(),
        rack: subscription.rack,
        client: member.client.clone(),
        topics: subscription.topics,
        pattern: Some("".into()),
        rebalance_timeout: member.rebalance_timeout,
        assignor: None,
        classic: Some(ClassicFacts {
            session_timeout: member.session_timeout,
            protocols: member.protocols.clone(),
        }),
    })
}

/// What the group's leader gave a member. In the middle of a rebalance that is nothing.
fn held_by(
    draft: &Draft<'_>,
    live: &ClassicGroup,
    id: &MemberId,
    member: &Member,
    cluster: &dyn Cluster,
) -> Held {
    let since = since(live.generation());
    let is_assigned = live.state() == State::Stable && draft.group().members.contains_key(id);
    let topics = is_assigned.then(|| parse_assignment(&member.assignment)).flatten();
    let mut held = Held::default();
    for (name, indexes) in topics.unwrap_or_default() {
        let Some(topic) = cluster.topic(&name) else { continue };
        for partition in indexes {
            held.insert(PartitionId { topic: topic.id, partition }, since);
        }
    }
    held
}

fn since(generation: Generation) -> MemberEpoch {
    MemberEpoch::from_wire(generation.to_wire()).unwrap_or_default()
}
