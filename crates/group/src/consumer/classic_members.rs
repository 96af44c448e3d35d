//! Members of the classic protocol in a consumer group. They join, sync and send heartbeats as ever; the coordinator assigns,
//! so nobody leads. A generation is the member's epoch.

use std::sync::Arc;

use model::PartitionId;

use super::classic_protocol::{Subscription, assignment};
use super::downgrade::{self, named_topics};
use super::heartbeat::{View, refresh_epoch, step_member, why};
use super::leave::fence;
use super::membership::{check_room, replace};
use super::{
    Assignment, ClassicFacts, ConsumerChange, ConsumerGroup, Draft, MemberMetadata, MemberState,
    MigrationPolicy, target,
};
use crate::classic::{Join, Joined, LeavingMember, Sync, Synced, new_member_id};
use crate::decision::Outcome;
use crate::history::Who;
use crate::subscription::CONSUMER_PROTOCOL_TYPE;
use crate::{
    Generation, GroupError, GroupId, GroupShard, Heartbeat, InstanceId, MemberId, Soft, Why,
};

impl GroupShard {
    /// The answer is among this step's: nothing is waited for.
    pub(crate) fn join_consumer_as_classic(
        &self,
        soft: &mut Soft,
        view: View<'_>,
        group: &ConsumerGroup,
        request: Join,
        out: &mut Outcome,
    ) {
        let ticket = request.ticket;
        let asked = request.member.clone();
        match join(soft, view, group, request, out) {
            Ok(joined) => out.answer_join(ticket, Ok(joined)),
            Err(Refused { member, error }) => out.refuse_join(ticket, member.or(asked), error),
        }
    }

    pub(crate) fn sync_consumer_as_classic(
        &self,
        soft: &mut Soft,
        view: View<'_>,
        group: &ConsumerGroup,
        request: &Sync,
        out: &mut Outcome,
    ) {
        let synced = sync(soft, view, group, request);
        out.answer_sync(request.ticket, synced);
    }

    pub(crate) fn heartbeat_consumer_as_classic(
        &self,
        soft: &mut Soft,
        view: View<'_>,
        group: &ConsumerGroup,
        request: &Heartbeat,
        out: &mut Outcome,
    ) -> Result<(), GroupError> {
        let (id, metadata) =
            find(group, request.member.as_ref(), request.instance.as_ref(), request.generation)?;
        let facts = metadata.classic.as_ref().ok_or(GroupError::UnknownMember)?;
        if downgrade::is_due(group, &soft.settings) {
            downgrade::downgrade(soft, view, &request.group, group, out);
            return Err(GroupError::RebalanceInProgress);
        }
        soft.consumer_member_heard(view.now, &request.group, id, facts.session_timeout);
        if must_rejoin(group, id) {
            let timeout = Some(metadata.rebalance_timeout);
            soft.time_rebalance(view.now, &request.group, id, timeout);
            return Err(GroupError::RebalanceInProgress);
        }
        Ok(())
    }

    /// One result for each, in the request's order.
    pub(crate) fn leave_consumer_as_classic(
        &self,
        soft: &mut Soft,
        view: View<'_>,
        (id, group): (&GroupId, &ConsumerGroup),
        leaving: &[LeavingMember],
        out: &mut Outcome,
    ) -> Vec<Result<(), GroupError>> {
        let mut gone = Vec::new();
        let mut results = Vec::with_capacity(leaving.len());
        for one in leaving {
            let found = find_leaving(group, one).and_then(|id| {
                let is_twice = gone.iter().any(|(other, _): &(MemberId, Why)| *other == id);
                if is_twice { Err(GroupError::UnknownMember) } else { Ok(id) }
            });
            results.push(found.clone().map(|_| ()));
            gone.extend(found.ok().map(|id| (id, Why::MemberLeft)));
        }
        if !gone.is_empty() {
            let left = fence(soft, view.now, Draft::of(group), (id, &gone), out);
            if downgrade::is_due(&left, &soft.settings) {
                downgrade::downgrade(soft, view, id, &left, out);
            }
        }
        results
    }
}

struct Refused {
    member: Option<MemberId>,
    error: GroupError,
}

impl From<GroupError> for Refused {
    fn from(error: GroupError) -> Self {
        Self { member: None, error }
    }
}

fn join(
    soft: &mut Soft,
    view: View<'_>,
    group: &ConsumerGroup,
    request: Join,
    out: &mut Outcome,
) -> Result<Joined, Refused> {
    let mut draft = Draft::of(group);
    check_room(&draft, &soft.settings.consumer, request.member.as_ref())?;
    check_policy(soft, group, &request)?;
    let subscription = check_protocols(group, &request)?;
    let (id, replaced) = find_joining(soft, &mut draft, &request)?;
    let before = group.members.get(replaced.as_ref().unwrap_or(&id));
    let protocol = request.protocols.first().map(|protocol| protocol.name.clone());
    let metadata = Arc::new(MemberMetadata {
        instance: request.instance.clone(),
        rack: subscription.rack,
        client: request.client,
        topics: subscription.topics,
        pattern: Some("".into()),
        rebalance_timeout: request.rebalance_timeout,
        assignor: None,
        classic: Some(ClassicFacts {
            session_timeout: request.session_timeout,
            protocols: request.protocols,
        }),
    });
    if draft.member(&id).as_ref() != Some(&metadata) {
        draft.change(ConsumerChange::Member(id.clone(), Some(metadata.clone())));
    }
    draft.check_room(group.members_size, soft)?;
    if let Some(pattern) = before.and_then(|before| before.pattern()) {
        draft.forget_pattern(pattern);
    }
    let changed = match before {
        Some(before) => before.topics != metadata.topics || before.pattern().is_some(),
        None => !metadata.topics.is_empty(),
    };
    refresh_epoch(&mut draft, view, changed);
    let times = view.cluster.consumer_times(&request.group);
    if target::is_due(&draft, view.now, times.assignment_interval) {
        target::assign(&mut draft, view, &soft.settings.consumer);
    }
    let owned = owned(&subscription.owned, view);
    let current = step_member(&mut draft, view, &id, &metadata, Some(&owned));
    if draft.is_changed() {
        let step = (&request.group, group.stored.epoch, draft.group());
        let why = why(before.is_none(), replaced.is_some(), changed);
        soft.note_consumer_step(view.now, step, (why, Some(Who::new(&id, &metadata.client))));
    }
    draft.finish(&request.group, out);
    if let Some(replaced) = &replaced {
        soft.forget_consumer_member(&request.group, replaced);
    }
    soft.consumer_member_heard(view.now, &request.group, &id, request.session_timeout);
    // It must sync in time.
    soft.end_revocation(&request.group, &id);
    soft.time_rebalance(view.now, &request.group, &id, Some(request.rebalance_timeout));
    Ok(Joined {
        member: id,
        generation: Generation::from_wire(current.epoch.to_wire()).unwrap_or_default(),
        protocol_type: Some(CONSUMER_PROTOCOL_TYPE.into()),
        protocol,
        leader: None,
        skip_assignment: false,
        members: Vec::new(),
    })
}

/// Where no group may change its type, none may become one of both protocols either. Who is in the group already stays.
fn check_policy(soft: &Soft, group: &ConsumerGroup, request: &Join) -> Result<(), GroupError> {
    let MigrationPolicy { upgrade, downgrade } = soft.settings.consumer.migration;
    let is_member = request.member.as_ref().is_some_and(|id| group.members.contains_key(id));
    if upgrade || downgrade || is_member {
        return Ok(());
    }
    Err(GroupError::InconsistentProtocol)
}

/// The protocols must be those of consumers, and one of them known to all other members of the classic protocol.
fn check_protocols(group: &ConsumerGroup, request: &Join) -> Result<Subscription, GroupError> {
    let first = request.protocols.first().ok_or(GroupError::InconsistentProtocol)?;
    let others = group.members.iter().filter(|(id, _)| Some(*id) != request.member.as_ref());
    let others: Vec<&ClassicFacts> =
        others.filter_map(|(_, member)| member.classic.as_ref()).collect();
    let all_know = |name: &Arc<str>| {
        let knows = |facts: &&ClassicFacts| facts.protocols.iter().any(|own| own.name == *name);
        others.iter().all(knows)
    };
    let is_shared = request.protocols.iter().any(|protocol| all_know(&protocol.name));
    if &*request.protocol_type != CONSUMER_PROTOCOL_TYPE || !is_shared {
        return Err(GroupError::InconsistentProtocol);
    }
    Subscription::parse(&first.metadata).ok_or(GroupError::InconsistentProtocol)
}

/// The id that a member joins under, and the one whose place it takes.
fn find_joining(
    soft: &mut Soft,
    draft: &mut Draft<'_>,
    request: &Join,
) -> Result<(MemberId, Option<MemberId>), Refused> {
    let prefix = request.instance.as_ref().map_or(&*request.client.id, InstanceId::as_str);
    let Some(instance) = &request.instance else {
        if let Some(id) = &request.member {
            return Ok((id.clone(), None));
        }
        let id = new_member_id(&mut soft.random, prefix);
        if request.knows_member_id_required {
            return Err(Refused { member: Some(id), error: GroupError::MemberIdRequired });
        }
        return Ok((id, None));
    };
    let holder = draft.group().instances.get(instance).cloned();
    match (&request.member, holder) {
        (None, None) => Ok((new_member_id(&mut soft.random, prefix), None)),
        (None, Some(holder)) => {
            let id = new_member_id(&mut soft.random, prefix);
            replace(draft, &holder, &id);
            Ok((id, Some(holder)))
        }
        (Some(_), None) => Err(GroupError::UnknownMember.into()),
        (Some(id), Some(holder)) if *id == holder => Ok((holder, None)),
        (Some(_), Some(_)) => Err(GroupError::FencedInstance.into()),
    }
}

fn owned(topics: &[(Arc<str>, Vec<model::PartitionIndex>)], view: View<'_>) -> Assignment {
    let mut owned = Assignment::new();
    for (name, indexes) in topics {
        let Some(topic) = view.cluster.topic(name) else { continue };
        for &partition in indexes {
            owned.insert(PartitionId { topic: topic.id, partition });
        }
    }
    owned
}

/// A member of the classic protocol that a request comes from.
fn find<'a>(
    group: &'a ConsumerGroup,
    member: Option<&MemberId>,
    instance: Option<&InstanceId>,
    generation: Option<Generation>,
) -> Result<(&'a MemberId, &'a Arc<MemberMetadata>), GroupError> {
    let id = member.ok_or(GroupError::UnknownMember)?;
    if let Some(instance) = instance {
        let holder = group.instances.get(instance).ok_or(GroupError::UnknownMember)?;
        if holder != id {
            return Err(GroupError::FencedInstance);
        }
    }
    let found = group.members.get_key_value(id).ok_or(GroupError::UnknownMember)?;
    if found.1.classic.is_none() {
        return Err(GroupError::UnknownMember);
    }
    if generation.map(Generation::to_wire) != Some(group.current(id).epoch.to_wire()) {
        return Err(GroupError::IllegalGeneration);
    }
    Ok(found)
}

fn sync(
    soft: &mut Soft,
    view: View<'_>,
    group: &ConsumerGroup,
    request: &Sync,
) -> Result<Synced, GroupError> {
    let (id, metadata) =
        find(group, request.member.as_ref(), request.instance.as_ref(), request.generation)?;
    let facts = metadata.classic.as_ref().ok_or(GroupError::UnknownMember)?;
    let first = facts.protocols.first().ok_or(GroupError::InconsistentProtocol)?;
    let is_other_type =
        request.protocol_type.as_deref().is_some_and(|name| name != CONSUMER_PROTOCOL_TYPE);
    let is_other = request.protocol.as_ref().is_some_and(|name| *name != first.name);
    if is_other_type || is_other {
        return Err(GroupError::InconsistentProtocol);
    }
    let current = group.current(id);
    let is_behind = group.stored.epoch.to_wire() > current.epoch.to_wire();
    if is_behind && current.state != MemberState::UnrevokedPartitions {
        let timeout = Some(metadata.rebalance_timeout);
        soft.time_rebalance(view.now, &request.group, id, timeout);
        return Err(GroupError::RebalanceInProgress);
    }
    soft.end_revocation(&request.group, id);
    soft.consumer_member_heard(view.now, &request.group, id, facts.session_timeout);
    let version = Subscription::parse(&first.metadata).map_or(0, |parsed| parsed.version);
    let topics = named_topics(current.assigned.partitions(), view);
    Ok(Synced {
        protocol_type: Some(CONSUMER_PROTOCOL_TYPE.into()),
        protocol: Some(first.name.clone()),
        assignment: assignment(version, &topics).unwrap_or_default(),
    })
}

/// The group has moved on, the member owes partitions, or partitions that it waits for are free now.
fn must_rejoin(group: &ConsumerGroup, id: &MemberId) -> bool {
    let current = group.current(id);
    if current.epoch.to_wire() < group.stored.epoch.to_wire() {
        return true;
    }
    match current.state {
        MemberState::Stable => false,
        MemberState::UnrevokedPartitions => true,
        MemberState::UnreleasedPartitions => {
            let target = group.target_of(id);
            let mut missing =
                target.partitions().filter(|partition| !current.assigned.contains(*partition));
            missing.all(|partition| group.is_free_for(id, partition))
        }
    }
}

fn find_leaving(group: &ConsumerGroup, leaving: &LeavingMember) -> Result<MemberId, GroupError> {
    let holder = |instance| group.instances.get(instance).ok_or(GroupError::UnknownMember);
    match (&leaving.member, &leaving.instance) {
        (None, None) => Err(GroupError::UnknownMember),
        (None, Some(instance)) => Ok(holder(instance)?.clone()),
        (Some(id), Some(instance)) if holder(instance)? != id => Err(GroupError::FencedInstance),
        (Some(id), _) => {
            let (id, _) = group.members.get_key_value(id).ok_or(GroupError::UnknownMember)?;
            Ok(id.clone())
        }
    }
}
