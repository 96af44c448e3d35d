use std::collections::BTreeMap;
use std::time::Duration;

use model::Instant;

use crate::timers::{Timer, TimerKey};
use crate::{GroupId, MemberId, Now, Soft};

/// What is known of a share group and not in the log.
#[derive(Debug, Default)]
pub(crate) struct ShareSoft {
    sessions: BTreeMap<MemberId, Timer>,
    /// [`crate::Cluster::version`] when the group's topics were looked at last.
    pub(super) seen: Option<u64>,
    /// Until then it is waited for word of the partitions that are being set up.
    pub(super) initializing_until: Option<Instant>,
}

impl Soft {
    /// A member is alive: its session begins anew.
    pub(super) fn share_member_heard(
        &mut self,
        now: Now,
        group: &GroupId,
        id: &MemberId,
        session_timeout: Duration,
    ) {
        let Self { shares, timers, .. } = self;
        let share = shares.entry(group.clone()).or_default();
        let session = share.sessions.entry(id.clone()).or_default();
        let deadline = now.instant.plus(session_timeout);
        timers.set(session, deadline, || TimerKey::ShareSession(group.clone(), id.clone()));
    }

    /// Whether a session whose end came up is really over.
    pub(super) fn is_share_session_over(&mut self, now: Now, key: &TimerKey) -> bool {
        let Self { shares, timers, .. } = self;
        let TimerKey::ShareSession(group, id) = key else { return false };
        let session = shares.get_mut(group).and_then(|share| share.sessions.get_mut(id));
        session.is_some_and(|session| timers.is_due(session, now.instant, key.clone()))
    }

    pub(super) fn forget_share_member(&mut self, group: &GroupId, id: &MemberId) {
        let Self { shares, timers, .. } = self;
        let Some(share) = shares.get_mut(group) else { return };
        if let Some(mut session) = share.sessions.remove(id) {
            timers.clear(&mut session, || TimerKey::ShareSession(group.clone(), id.clone()));
        }
        if share.sessions.is_empty() {
            shares.remove(group);
        }
    }

    /// The group is gone.
    pub(crate) fn forget_share_group(&mut self, group: &GroupId) {
        let share = self.shares.get(group);
        let ids: Vec<MemberId> =
            share.map(|share| share.sessions.keys().cloned().collect()).unwrap_or_default();
        ids.iter().for_each(|id| self.forget_share_member(group, id));
        self.shares.remove(group);
    }
}
