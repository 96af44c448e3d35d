//! Who keeps a group waiting, for its history.

use model::Instant;

use super::{ClassicGroup, Step};
use crate::MemberId;
use crate::history::SlowStep;

impl ClassicGroup {
    /// When the rebalance that runs began.
    pub(super) fn began(&self, step: &mut Step<'_>) -> Option<Instant> {
        step.histories.known(&self.id)?.began()
    }

    /// The join phase is over.
    pub(super) fn note_joins(&mut self, step: &mut Step<'_>) {
        self.joined_at = Some(step.now.instant);
        let Some(began) = self.began(step) else { return };
        for member in self.members.values_mut() {
            let joined = member.awaiting_join.is_some();
            member.join_took = member.came_at.filter(|_| joined).map(|came| came.since(began));
            member.sync_took = None;
        }
        let joins = self.members.iter().filter_map(|(id, it)| Some((it.join_took?, id)));
        let last = joins.max().map(|(took, id)| (took, id.clone()));
        if let Some((took, id)) = last
            && let Some(who) = self.who(&id)
            && let Some(history) = step.histories.known(&self.id)
        {
            history.slow(who, SlowStep::Join, took);
        }
    }

    /// A member has come for its assignment, or the leader has brought all of them.
    pub(super) fn note_sync(&mut self, step: &mut Step<'_>, id: &MemberId) {
        let now = step.now.instant;
        let took = self.joined_at.map(|joined| now.since(joined));
        if let Some(member) = self.members.get_mut(id) {
            member.sync_took = took;
            member.pulse.heard(now);
        }
        // The group waits for its leader only; followers keep but themselves waiting.
        let joined_at = self.joined_at.filter(|_| self.is_leader(id));
        self.note_late(step, id, SlowStep::Sync, joined_at);
    }

    /// A member comes, or is given up, so long after `since`.
    pub(super) fn note_late(
        &self,
        step: &mut Step<'_>,
        id: &MemberId,
        slow: SlowStep,
        since: Option<Instant>,
    ) {
        if let (Some(since), Some(who)) = (since, self.who(id))
            && let Some(history) = step.histories.known(&self.id)
        {
            history.slow(who, slow, step.now.instant.since(since));
        }
    }

    /// A member that waited has its answer: its session begins anew.
    pub(super) fn released(&mut self, step: &mut Step<'_>, id: &MemberId) {
        if let Some(member) = self.members.get_mut(id) {
            member.pulse.released(step.now.instant);
        }
        self.renew_session(step, id);
    }
}
