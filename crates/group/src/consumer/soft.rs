use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use model::{Instant, Uuid};

use super::heartbeat::View;
use super::{ConsumerGroup, ConsumerState, CurrentAssignment, GroupEpoch, MemberState};
use crate::history::{Pulse, SlowStep, Who};
use crate::timers::{Timer, TimerKey, Timers};
use crate::{GroupId, MemberId, Now, Soft, Why};

/// What is known of a consumer group and not in the log: who was heard of when, and which metadata it was held against.
#[derive(Debug, Default)]
pub(crate) struct ConsumerSoft {
    members: BTreeMap<MemberId, MemberTimers>,
    /// [`super::Cluster::version`] when the group's topics were looked at last.
    seen: Option<u64>,
    names_seen: Option<u64>,
    /// When patterns are to be resolved again, whatever the names.
    patterns_until: Instant,
}

#[derive(Debug, Default)]
struct MemberTimers {
    session: Timer,
    pulse: Pulse,
    /// Until when it must have let go of partitions; of a member that speaks the classic protocol, have joined or synced.
    rebalance: Timer,
    /// `rebalance` runs.
    has_rebalance: bool,
}

impl ConsumerSoft {
    /// Nothing has happened since that the group's topics could have changed by.
    pub(super) fn is_fresh(&self, view: View<'_>) -> bool {
        self.seen == Some(view.cluster.version()) && self.patterns_until > view.now.instant
    }

    pub(super) fn knows_names(&self, view: View<'_>) -> bool {
        self.names_seen == Some(view.cluster.names_version())
            && self.patterns_until > view.now.instant
    }

    pub(super) fn refreshed(&mut self, view: View<'_>, interval: Duration) {
        if !self.knows_names(view) {
            self.names_seen = Some(view.cluster.names_version());
            self.patterns_until = view.now.instant.plus(interval);
        }
        self.seen = Some(view.cluster.version());
    }

    pub(crate) fn pulse(&self, id: &MemberId) -> Option<Pulse> {
        self.members.get(id).map(|member| member.pulse)
    }

    fn clear(&mut self, timers: &mut Timers, group: &GroupId, id: &MemberId) {
        if let Some(mut member) = self.members.remove(id) {
            let session = || TimerKey::ConsumerSession(group.clone(), id.clone());
            timers.clear(&mut member.session, session);
            let rebalance = || TimerKey::ConsumerRebalance(group.clone(), id.clone());
            timers.clear(&mut member.rebalance, rebalance);
        }
    }
}

impl Soft {
    /// A member is alive: its session begins anew.
    pub(super) fn consumer_member_heard(
        &mut self,
        now: Now,
        group: &GroupId,
        id: &MemberId,
        session_timeout: Duration,
    ) {
        let Self { consumers, timers, .. } = self;
        let consumer = match consumers.get_mut(group) {
            Some(consumer) => consumer,
            None => consumers.entry(group.clone()).or_default(),
        };
        let member = match consumer.members.get_mut(id) {
            Some(member) => member,
            None => consumer.members.entry(id.clone()).or_default(),
        };
        member.pulse.heard(now.instant);
        let deadline = now.instant.plus(session_timeout);
        let key = || TimerKey::ConsumerSession(group.clone(), id.clone());
        timers.set(&mut member.session, deadline, key);
    }

    /// Starts, or ends, the time that a member has for letting go of partitions.
    pub(super) fn time_revocation(
        &mut self,
        now: Now,
        group: &GroupId,
        id: &MemberId,
        current: &Arc<CurrentAssignment>,
        rebalance_timeout: Duration,
    ) {
        let owes = current.state == MemberState::UnrevokedPartitions;
        self.time_rebalance(now, group, id, owes.then_some(rebalance_timeout));
    }

    /// A deadline that runs already goes on.
    pub(super) fn time_rebalance(
        &mut self,
        now: Now,
        group: &GroupId,
        id: &MemberId,
        timeout: Option<Duration>,
    ) {
        let Self { consumers, timers, .. } = self;
        let consumer = consumers.get_mut(group);
        let Some(member) = consumer.and_then(|consumer| consumer.members.get_mut(id)) else {
            return;
        };
        let key = || TimerKey::ConsumerRebalance(group.clone(), id.clone());
        match timeout {
            Some(timeout) if !member.has_rebalance => {
                timers.set(&mut member.rebalance, now.instant.plus(timeout), key);
                member.has_rebalance = true;
            }
            None if member.has_rebalance => {
                timers.clear(&mut member.rebalance, key);
                member.has_rebalance = false;
            }
            Some(_) | None => {}
        }
    }

    /// Whether a deadline of the member's that came up is really over.
    pub(super) fn is_consumer_deadline_over(&mut self, now: Now, key: &TimerKey) -> bool {
        let Self { consumers, timers, .. } = self;
        let (TimerKey::ConsumerSession(group, id) | TimerKey::ConsumerRebalance(group, id)) = key
        else {
            return false;
        };
        let consumer = consumers.get_mut(group);
        let Some(member) = consumer.and_then(|consumer| consumer.members.get_mut(id)) else {
            return false;
        };
        let timer = match key {
            TimerKey::ConsumerRebalance(..) => &mut member.rebalance,
            _ => &mut member.session,
        };
        timers.is_due(timer, now.instant, key.clone())
    }

    pub(super) fn end_revocation(&mut self, group: &GroupId, id: &MemberId) {
        let Self { consumers, timers, .. } = self;
        let consumer = consumers.get_mut(group);
        if let Some(member) = consumer.and_then(|consumer| consumer.members.get_mut(id)) {
            let key = || TimerKey::ConsumerRebalance(group.clone(), id.clone());
            timers.clear(&mut member.rebalance, key);
            member.has_rebalance = false;
        }
    }

    pub(super) fn forget_consumer_member(&mut self, group: &GroupId, id: &MemberId) {
        let Self { consumers, timers, .. } = self;
        if let Some(consumer) = consumers.get_mut(group) {
            consumer.clear(timers, group, id);
        }
    }

    /// The group is gone, or is a classic one now.
    pub(crate) fn forget_consumer_group(&mut self, group: &GroupId) {
        let Self { consumers, timers, .. } = self;
        if let Some(mut consumer) = consumers.remove(group) {
            let ids: Vec<MemberId> = consumer.members.keys().cloned().collect();
            ids.iter().for_each(|id| consumer.clear(timers, group, id));
        }
    }

    /// Keeps for the history what a step has made of a group that was at epoch `before`.
    pub(super) fn note_consumer_step(
        &mut self,
        now: Now,
        (id, before, after): (&GroupId, GroupEpoch, &ConsumerGroup),
        (why, who): (Why, Option<Who>),
    ) {
        if after.stored.epoch != before {
            self.histories.entry(id).begin(now, why, None, who.clone());
        }
        let is_over = matches!(after.state(), ConsumerState::Stable | ConsumerState::Empty);
        if is_over && let Some(history) = self.histories.known(id) {
            // Who comes last has kept the others waiting.
            if let (Some(began), Some(who)) = (history.began(), who) {
                history.slow(who, SlowStep::Reconcile, now.instant.since(began));
            }
            history.end(now, after.stored.epoch.to_wire(), after.members.len());
        }
    }

    /// An id for a member whose client makes none.
    pub(super) fn new_consumer_member_id(&mut self) -> MemberId {
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes);
        MemberId::from_text(Uuid::from_bytes(bytes).to_string())
    }
}
