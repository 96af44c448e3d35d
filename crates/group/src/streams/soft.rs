use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use model::Instant;

use super::{ConfiguredTopology, TaskOffsets};
use crate::consumer::View;
use crate::timers::{Timer, TimerKey, Timers};
use crate::{GroupId, MemberId, Now, Soft};

/// What is known of a streams group and not in the log: who was heard of when, which metadata it was held against, how far
/// the state of its tasks has come.
#[derive(Debug, Default)]
pub(crate) struct StreamsSoft {
    members: BTreeMap<MemberId, MemberTimers>,
    offsets: BTreeMap<MemberId, TaskOffsets>,
    configured: Option<Arc<ConfiguredTopology>>,
    /// [`crate::Cluster::version`] when the group's topics were looked at last.
    seen: Option<u64>,
    /// Until when the first assignment waits for more members.
    delayed_until: Option<Instant>,
    /// Counts changes of who answers queries about what.
    pub(super) endpoint_epoch: i32,
    /// Who wants all members to stop.
    pub(super) shut_down_by: Option<MemberId>,
}

#[derive(Debug, Default)]
struct MemberTimers {
    session: Timer,
    /// Until when it must have let go of tasks.
    rebalance: Timer,
    has_rebalance: bool,
}

const NO_OFFSETS: &TaskOffsets =
    &TaskOffsets { offsets: BTreeMap::new(), end_offsets: BTreeMap::new() };

impl StreamsSoft {
    pub(super) fn configured(&self) -> Option<&Arc<ConfiguredTopology>> {
        self.configured.as_ref()
    }

    /// Nothing has happened since that the group's topics could have changed by.
    pub(super) fn is_fresh(&self, view: View<'_>) -> bool {
        self.seen == Some(view.cluster.version())
    }

    pub(super) fn remember(&mut self, configured: Arc<ConfiguredTopology>, view: View<'_>) {
        self.configured = Some(configured);
        self.seen = Some(view.cluster.version());
    }

    /// A group that was empty got a member. A delay that runs already goes on.
    pub(super) fn delay_first_assignment(&mut self, now: Now, delay: Duration) {
        if !delay.is_zero() && !self.is_delayed(now) {
            self.delayed_until = Some(now.instant.plus(delay));
        }
    }

    pub(super) fn is_delayed(&self, now: Now) -> bool {
        self.delayed_until.is_some_and(|until| until > now.instant)
    }

    pub(super) fn offsets_of(&self, id: &MemberId) -> &TaskOffsets {
        self.offsets.get(id).unwrap_or(NO_OFFSETS)
    }

    pub(super) fn set_offsets(&mut self, id: &MemberId, offsets: TaskOffsets) {
        self.offsets.insert(id.clone(), offsets);
    }

    fn clear(&mut self, timers: &mut Timers, group: &GroupId, id: &MemberId) {
        self.offsets.remove(id);
        if let Some(mut member) = self.members.remove(id) {
            let session = || TimerKey::StreamsSession(group.clone(), id.clone());
            timers.clear(&mut member.session, session);
            let rebalance = || TimerKey::StreamsRebalance(group.clone(), id.clone());
            timers.clear(&mut member.rebalance, rebalance);
        }
    }
}

impl Soft {
    /// A member is alive: its session begins anew.
    pub(super) fn streams_member_heard(
        &mut self,
        now: Now,
        group: &GroupId,
        id: &MemberId,
        session_timeout: Duration,
    ) {
        let Self { streams, timers, .. } = self;
        let streams = match streams.get_mut(group) {
            Some(streams) => streams,
            None => streams.entry(group.clone()).or_default(),
        };
        let member = match streams.members.get_mut(id) {
            Some(member) => member,
            None => streams.members.entry(id.clone()).or_default(),
        };
        let deadline = now.instant.plus(session_timeout);
        let key = || TimerKey::StreamsSession(group.clone(), id.clone());
        timers.set(&mut member.session, deadline, key);
    }

    /// Starts the time that a member has for letting go of tasks. A deadline that runs already goes on.
    pub(super) fn time_streams_revocation(
        &mut self,
        now: Now,
        group: &GroupId,
        id: &MemberId,
        timeout: Duration,
    ) {
        let Self { streams, timers, .. } = self;
        let streams = streams.get_mut(group);
        let member = streams.and_then(|streams| streams.members.get_mut(id));
        if let Some(member) = member.filter(|member| !member.has_rebalance) {
            let key = || TimerKey::StreamsRebalance(group.clone(), id.clone());
            timers.set(&mut member.rebalance, now.instant.plus(timeout), key);
            member.has_rebalance = true;
        }
    }

    pub(super) fn end_streams_revocation(&mut self, group: &GroupId, id: &MemberId) {
        let Self { streams, timers, .. } = self;
        let streams = streams.get_mut(group);
        let member = streams.and_then(|streams| streams.members.get_mut(id));
        if let Some(member) = member.filter(|member| member.has_rebalance) {
            let key = || TimerKey::StreamsRebalance(group.clone(), id.clone());
            timers.clear(&mut member.rebalance, key);
            member.has_rebalance = false;
        }
    }

    /// Whether a deadline of the member's that came up is really over.
    pub(super) fn is_streams_deadline_over(&mut self, now: Now, key: &TimerKey) -> bool {
        let Self { streams, timers, .. } = self;
        let (TimerKey::StreamsSession(group, id) | TimerKey::StreamsRebalance(group, id)) = key
        else {
            return false;
        };
        let streams = streams.get_mut(group);
        let Some(member) = streams.and_then(|streams| streams.members.get_mut(id)) else {
            return false;
        };
        let timer = match key {
            TimerKey::StreamsRebalance(..) => &mut member.rebalance,
            _ => &mut member.session,
        };
        timers.is_due(timer, now.instant, key.clone())
    }

    pub(super) fn forget_streams_member(&mut self, group: &GroupId, id: &MemberId) {
        let Self { streams, timers, .. } = self;
        if let Some(streams) = streams.get_mut(group) {
            streams.clear(timers, group, id);
        }
    }

    /// The wish that all members stop is fulfilled.
    pub(super) fn streams_group_is_empty(&mut self, group: &GroupId) {
        if let Some(streams) = self.streams.get_mut(group) {
            streams.shut_down_by = None;
        }
    }

    /// The group is gone.
    pub(crate) fn forget_streams_group(&mut self, group: &GroupId) {
        let Self { streams, timers, .. } = self;
        if let Some(mut streams) = streams.remove(group) {
            let ids: Vec<MemberId> = streams.members.keys().cloned().collect();
            ids.iter().for_each(|id| streams.clear(timers, group, id));
        }
    }
}
