use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use model::{Instant, Timestamp, TopicName};

use super::{Joined, JoinedMember, Member, Protocol, Step};
use crate::history::Who;
use crate::subscription::{CONSUMER_PROTOCOL_TYPE, subscribed_topics};
use crate::timers::{Timer, TimerKey};
use crate::{
    Generation, GroupError, GroupId, GroupRecord, InstanceId, MemberId, StoredGroup, StoredMember,
    Ticket,
};

/// Where a classic group stands in its rebalance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody is in it.
    Empty,
    /// Members are asked to join again.
    PreparingRebalance,
    /// All have joined; the leader owes the assignment.
    CompletingRebalance,
    /// All know, or can ask for, their assignment.
    Stable,
}

impl State {
    /// As clients spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::PreparingRebalance => "PreparingRebalance",
            Self::CompletingRebalance => "CompletingRebalance",
            Self::Stable => "Stable",
        }
    }
}

/// The first rebalance of an empty group waits, so that members started together land in one generation.
#[derive(Clone, Copy, Debug)]
pub(super) struct InitialDelay {
    /// How long the wait that runs now was meant to be.
    pub(super) delay: Duration,
    /// How much longer it may be made.
    pub(super) remaining: Duration,
    /// Somebody joined during this wait.
    pub(super) member_added: bool,
}

/// A classic group with somebody in it, or about to be.
#[derive(Debug)]
pub(crate) struct ClassicGroup {
    pub(super) id: GroupId,
    pub(super) state: State,
    pub(super) state_since: Option<Timestamp>,
    pub(super) protocol_type: Option<Arc<str>>,
    pub(super) protocol: Option<Arc<str>>,
    pub(super) generation: Generation,
    pub(super) leader: Option<MemberId>,
    pub(super) members: BTreeMap<MemberId, Member>,
    pub(super) instances: BTreeMap<InstanceId, MemberId>,
    /// Ids handed out whose owners have not joined yet.
    pub(super) pending: BTreeMap<MemberId, Timer>,
    pub(super) pending_sync: BTreeSet<MemberId>,
    pub(super) awaiting_join_count: usize,
    /// How many members support a protocol.
    pub(super) supporters: BTreeMap<Arc<str>, usize>,
    /// Bytes that the members take.
    pub(crate) members_size: usize,
    /// What the members of the current generation read; `None` when that is not known.
    pub(super) subscribed: Option<BTreeSet<TopicName>>,
    /// While the group prepares its first rebalance.
    pub(super) initial: Option<InitialDelay>,
    pub(super) join_timer: Timer,
    pub(super) sync_timer: Timer,
    /// Who came or went last: the cause of a rebalance that begins now.
    pub(super) set_off_by: Option<Who>,
    /// When all had joined.
    pub(super) joined_at: Option<Instant>,
    next_joined_as: u64,
}

impl ClassicGroup {
    /// A group as the log has it; one that nobody has heard of is the default.
    pub(crate) fn from_stored(id: GroupId, stored: &StoredGroup) -> Self {
        let mut group = Self {
            id,
            state: State::Empty,
            state_since: stored.state_since,
            protocol_type: stored.protocol_type.clone(),
            protocol: stored.protocol.clone(),
            generation: stored.generation,
            leader: None,
            members: BTreeMap::new(),
            instances: BTreeMap::new(),
            pending: BTreeMap::new(),
            pending_sync: BTreeSet::new(),
            awaiting_join_count: 0,
            supporters: BTreeMap::new(),
            members_size: 0,
            subscribed: None,
            initial: None,
            join_timer: Timer::default(),
            sync_timer: Timer::default(),
            set_off_by: None,
            joined_at: None,
            next_joined_as: 0,
        };
        if let Some(protocol) = &stored.protocol {
            for member in &stored.members {
                // A damaged record must not break the invariants.
                let held =
                    member.instance.as_ref().is_some_and(|id| group.instances.contains_key(id));
                if held || group.members.contains_key(&member.id) {
                    continue;
                }
                let joined_as = group.next_joined_as();
                group.insert(member.id.clone(), Member::from_stored(member, protocol, joined_as));
            }
        }
        if !group.members.is_empty() {
            group.state = State::Stable;
            let stored_leader = stored.leader.clone().filter(|id| group.members.contains_key(id));
            group.leader = stored_leader.or_else(|| group.first_joined().cloned());
        }
        group.subscribed = group.compute_subscribed();
        group
    }

    pub(crate) fn id(&self) -> &GroupId {
        &self.id
    }

    pub(crate) fn state(&self) -> State {
        self.state
    }

    pub(crate) fn protocol_type(&self) -> Option<&Arc<str>> {
        self.protocol_type.as_ref()
    }

    pub(crate) fn protocol(&self) -> Option<&Arc<str>> {
        self.protocol.as_ref()
    }

    pub(crate) fn generation(&self) -> Generation {
        self.generation
    }

    pub(crate) fn members(&self) -> &BTreeMap<MemberId, Member> {
        &self.members
    }

    /// Nothing is left that the log does not know.
    pub(crate) fn is_vacant(&self) -> bool {
        self.state == State::Empty && self.pending.is_empty()
    }

    pub(crate) fn uses_consumer_protocol(&self) -> bool {
        self.protocol_type.as_deref() == Some(CONSUMER_PROTOCOL_TYPE)
    }

    /// Whether the members' subscriptions are known, so that offsets of other topics may expire.
    pub(crate) fn knows_subscription(&self) -> bool {
        self.subscribed.is_some()
    }

    /// Consumers whose subscription cannot be read count as subscribed to everything.
    pub(crate) fn is_subscribed_to(&self, topic: &TopicName) -> bool {
        match &self.subscribed {
            Some(topics) => topics.contains(topic),
            None => self.uses_consumer_protocol(),
        }
    }

    /// The member that a request comes from: known, and not fenced by a newer holder of its instance id.
    pub(super) fn check_member(
        &self,
        member: Option<&MemberId>,
        instance: Option<&InstanceId>,
    ) -> Result<MemberId, GroupError> {
        if let Some(instance) = instance {
            let holder = self.instances.get(instance).ok_or(GroupError::UnknownMember)?;
            if member != Some(holder) {
                return Err(GroupError::FencedInstance);
            }
        }
        let member = member.ok_or(GroupError::UnknownMember)?;
        let (id, _) = self.members.get_key_value(member).ok_or(GroupError::UnknownMember)?;
        Ok(id.clone())
    }

    /// Whether a member with these protocols would leave the group one that all support.
    pub(super) fn supports(&self, protocol_type: &Arc<str>, protocols: &[Protocol]) -> bool {
        if self.state == State::Empty {
            return !protocol_type.is_empty() && !protocols.is_empty();
        }
        self.protocol_type.as_ref() == Some(protocol_type)
            && protocols.iter().any(|protocol| self.is_supported_by_all(&protocol.name))
    }

    fn is_supported_by_all(&self, protocol: &str) -> bool {
        self.supporters.get(protocol).copied().unwrap_or(0) == self.members.len()
    }

    pub(crate) fn is_leader(&self, member: &MemberId) -> bool {
        self.leader.as_ref() == Some(member)
    }

    pub(super) fn all_have_joined(&self) -> bool {
        self.awaiting_join_count == self.members.len() && self.pending.is_empty()
    }

    /// The largest of the members' timeouts.
    pub(super) fn rebalance_timeout(&self) -> Duration {
        self.members.values().map(|member| member.rebalance_timeout).max().unwrap_or_default()
    }

    pub(super) fn first_joined(&self) -> Option<&MemberId> {
        self.members.iter().min_by_key(|(_, member)| member.joined_as).map(|(id, _)| id)
    }

    pub(super) fn next_joined_as(&mut self) -> u64 {
        let next = self.next_joined_as;
        self.next_joined_as += 1;
        next
    }

    pub(super) fn insert(&mut self, id: MemberId, member: Member) {
        if let Some(instance) = &member.instance {
            let previous = self.instances.insert(instance.clone(), id.clone());
            assert!(previous.is_none(), "an instance id has one holder");
        }
        if self.leader.is_none() {
            self.leader = Some(id.clone());
        }
        self.count_supporters(&member.protocols, true);
        self.members_size += member.size();
        self.awaiting_join_count += usize::from(member.awaiting_join.is_some());
        let previous = self.members.insert(id, member);
        assert!(previous.is_none(), "a member joins once");
    }

    /// Takes a member out, or an id that nobody came back with. Whatever it waits for ends with "unknown member", so
    /// that a client still alive starts over.
    pub(super) fn remove(&mut self, step: &mut Step<'_>, id: &MemberId) {
        if let Some(mut timer) = self.pending.remove(id) {
            step.timers.clear(&mut timer, || TimerKey::Session(self.id.clone(), id.clone()));
        }
        self.pending_sync.remove(id);
        self.answer_join_with_error(step, id, None, GroupError::UnknownMember);
        let Some(mut member) = self.members.remove(id) else { return };
        self.set_off_by = Some(Who::new(id, &member.client));
        step.timers.clear(&mut member.session, || TimerKey::Session(self.id.clone(), id.clone()));
        if let Some(ticket) = member.awaiting_sync.take() {
            step.out.answer_sync(ticket, Err(GroupError::UnknownMember));
        }
        self.count_supporters(&member.protocols, false);
        self.members_size -= member.size();
        if let Some(instance) = &member.instance {
            self.instances.remove(instance);
        }
        if self.is_leader(id) {
            self.leader = self.first_joined().cloned();
        }
    }

    pub(super) fn count_supporters(&mut self, protocols: &[Protocol], joining: bool) {
        for protocol in protocols {
            let count = self.supporters.entry(protocol.name.clone()).or_default();
            *count = if joining { *count + 1 } else { *count - 1 };
        }
        self.supporters.retain(|_, count| *count > 0);
    }

    /// After a change of many members.
    pub(super) fn count_size(&mut self) {
        self.members_size = self.members.values().map(Member::size).sum();
    }

    /// Parks a join. One of the same member that is parked already ends: its client has given it up.
    pub(super) fn park_join(&mut self, step: &mut Step<'_>, id: &MemberId, ticket: Ticket) {
        let given_up = Some(id.clone());
        self.answer_join_with_error(step, id, given_up, GroupError::RebalanceInProgress);
        if let Some(member) = self.members.get_mut(id) {
            member.awaiting_join = Some(ticket);
            member.came_at = Some(step.now.instant);
            member.pulse.heard(step.now.instant);
            self.awaiting_join_count += 1;
        }
    }

    pub(super) fn take_join(&mut self, id: &MemberId) -> Option<Ticket> {
        let ticket = self.members.get_mut(id)?.awaiting_join.take()?;
        self.awaiting_join_count -= 1;
        Some(ticket)
    }

    pub(super) fn answer_join_with_error(
        &mut self,
        step: &mut Step<'_>,
        id: &MemberId,
        reply_id: Option<MemberId>,
        error: GroupError,
    ) {
        if let Some(ticket) = self.take_join(id) {
            step.out.refuse_join(ticket, reply_id, error);
        }
    }

    /// A member shows by itself that it is alive.
    pub(super) fn heard(&mut self, step: &mut Step<'_>, id: &MemberId) {
        if let Some(member) = self.members.get_mut(id) {
            member.pulse.heard(step.now.instant);
        }
        self.renew_session(step, id);
    }

    pub(super) fn who(&self, id: &MemberId) -> Option<Who> {
        self.members.get(id).map(|member| Who::new(id, &member.client))
    }

    pub(super) fn renew_session(&mut self, step: &mut Step<'_>, id: &MemberId) {
        if let Some(member) = self.members.get_mut(id) {
            let deadline = step.now.instant.plus(member.session_timeout);
            let key = || TimerKey::Session(self.id.clone(), id.clone());
            step.timers.set(&mut member.session, deadline, key);
        }
    }

    /// The current generation, as told to a member.
    pub(super) fn joined(&self, member: &MemberId) -> Joined {
        Joined {
            member: member.clone(),
            generation: self.generation,
            protocol_type: self.protocol_type.clone(),
            protocol: self.protocol.clone(),
            leader: self.leader.clone(),
            skip_assignment: false,
            members: if self.is_leader(member) { self.joined_members() } else { Vec::new() },
        }
    }

    pub(super) fn joined_members(&self) -> Vec<JoinedMember> {
        let metadata = |member: &Member| {
            self.protocol
                .as_ref()
                .and_then(|name| member.metadata(name))
                .cloned()
                .unwrap_or_default()
        };
        let told = |(id, member): (&MemberId, &Member)| JoinedMember {
            id: id.clone(),
            instance: member.instance.clone(),
            metadata: metadata(member),
        };
        self.members.iter().map(told).collect()
    }

    /// The protocol with the most votes among those that all support; `None` without members.
    pub(super) fn select_protocol(&self) -> Option<Arc<str>> {
        let all = self.members.len();
        let candidates: BTreeSet<Arc<str>> = self
            .supporters
            .iter()
            .filter(|(_, count)| **count == all)
            .map(|(name, _)| name.clone())
            .collect();
        let mut votes = BTreeMap::<&Arc<str>, usize>::new();
        for name in self.members.values().filter_map(|member| member.vote(&candidates)) {
            *votes.entry(name).or_default() += 1;
        }
        votes.into_iter().max_by_key(|(_, count)| *count).map(|(name, _)| name.clone())
    }

    pub(super) fn compute_subscribed(&self) -> Option<BTreeSet<TopicName>> {
        if !self.uses_consumer_protocol() {
            return None;
        }
        let mut topics = BTreeSet::new();
        if self.members.is_empty() {
            return Some(topics);
        }
        let protocol = self.protocol.as_ref()?;
        for member in self.members.values() {
            subscribed_topics(member.metadata(protocol)?, &mut topics)?;
        }
        Some(topics)
    }

    pub(super) fn enter(&mut self, step: &Step<'_>, state: State) {
        self.state = state;
        self.state_since = Some(step.now.wall);
    }

    pub(super) fn to_record(&self) -> GroupRecord {
        let stored = |(id, member): (&MemberId, &Member)| StoredMember {
            id: id.clone(),
            instance: member.instance.clone(),
            client_id: member.client.id.clone(),
            client_host: member.client.host.clone(),
            rebalance_timeout: member.rebalance_timeout,
            session_timeout: member.session_timeout,
            subscription: self
                .protocol
                .as_ref()
                .and_then(|protocol| member.metadata(protocol))
                .cloned()
                .unwrap_or_default(),
            assignment: member.assignment.clone(),
        };
        GroupRecord::Group {
            group: self.id.clone(),
            state: StoredGroup {
                protocol_type: self.protocol_type.clone(),
                generation: self.generation,
                protocol: self.protocol.clone(),
                leader: self.leader.clone(),
                state_since: self.state_since,
                members: self.members.iter().map(stored).collect(),
            },
        }
    }

    pub(crate) fn assert_invariants(&self) {
        let is_member = |id: &MemberId| self.members.contains_key(id);
        assert!(self.leader.as_ref().is_none_or(is_member), "the leader is a member");
        assert!(self.instances.values().all(is_member), "instance ids belong to members");
        assert!(self.pending_sync.iter().all(is_member), "only members owe a sync");
        let both = if self.pending.len() < self.members.len() {
            self.pending.keys().any(is_member)
        } else {
            self.members.keys().any(|id| self.pending.contains_key(id))
        };
        assert!(!both, "a pending id is not a member's");
        let size: usize = self.members.values().map(Member::size).sum();
        assert!(size == self.members_size, "bytes of members are counted");
        let joining = self.members.values().filter(|member| member.awaiting_join.is_some()).count();
        assert!(joining == self.awaiting_join_count, "parked joins are counted");
        assert!(
            joining == 0 || self.state == State::PreparingRebalance,
            "joins are parked while preparing"
        );
        let syncing = self.members.values().any(|member| member.awaiting_sync.is_some());
        assert!(
            !syncing || self.state == State::CompletingRebalance,
            "syncs are parked while completing"
        );
        assert!(self.initial.is_none() || self.state == State::PreparingRebalance);
        match self.state {
            State::Empty => assert!(self.members.is_empty(), "an empty group has no members"),
            State::PreparingRebalance => {}
            State::CompletingRebalance | State::Stable => {
                assert!(self.leader.is_some(), "a generation has a leader");
                let protocol = self.protocol.as_deref();
                assert!(
                    protocol.is_some_and(|name| self.is_supported_by_all(name)),
                    "all support the protocol"
                );
            }
        }
    }
}
