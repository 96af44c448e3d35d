use group::MemberId;
use model::{Instant, Offset};

use super::run::{Limit, RunState};
use crate::{DeadLetterCause, Effects, LOCK_CHECK_PAUSE, PlantedBug, SharePartition};

impl SharePartition {
    /// Gives back what the member holds: it has closed its session, or is lost. The delivery counts either way, as in Kafka: a
    /// record that its members fail on would come back for ever otherwise. Counts at once; it is written when the coordinator
    /// has time.
    pub fn release_member(&mut self, member: &MemberId, out: &mut Effects) {
        let limit = self.limit();
        let mut first_available = None;
        for (range, run) in self.runs.iter_mut() {
            if !run.is_held_by(member) {
                continue;
            }
            if run.come_back(&limit) {
                first_available.get_or_insert_with(|| range.first());
            }
            self.writes.is_wanted = true;
        }
        self.settle_down(first_available, out);
    }

    /// Ends the locks whose time is over, and tries again what could not be written.
    pub fn time_passed(&mut self, now: Instant, out: &mut Effects) {
        let is_due = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        if is_due(self.next_lock_check()) {
            self.end_locks(now, out);
        }
        if is_due(self.writes.retry_at) {
            self.writes.retry_at = None;
            self.flush(out);
        }
        self.assert_invariants();
    }

    fn end_locks(&mut self, now: Instant, out: &mut Effects) {
        let limit = self.limit();
        let mut first_available = None;
        let mut next: Option<Instant> = None;
        for (range, run) in self.runs.iter_mut() {
            match &run.state {
                RunState::Acquired(hold) if hold.until <= now => {
                    self.lock_timeout_count += 1;
                    if run.come_back(&limit) {
                        first_available.get_or_insert_with(|| range.first());
                    }
                    self.writes.is_wanted = true;
                }
                RunState::Acquired(hold) => {
                    next = Some(next.map_or(hold.until, |next| next.min(hold.until)));
                }
                // A lock that ends while its record settles is looked at when the write is done.
                _ => {}
            }
        }
        self.next_lock_end = next;
        // Not at once again, for one lock after the other.
        self.lock_check_from = now.plus(LOCK_CHECK_PAUSE);
        self.settle_down(first_available, out);
    }

    fn settle_down(&mut self, first_available: Option<Offset>, out: &mut Effects) {
        if let Some(first) = first_available {
            self.became_available(first, out);
        }
        self.advance_start(out);
        self.flush(out);
        self.assert_invariants();
    }

    /// When locks are to be looked at.
    pub(crate) fn next_lock_check(&self) -> Option<Instant> {
        self.next_lock_end.map(|end| end.max(self.lock_check_from))
    }

    pub(crate) fn note_lock_end(&mut self, until: Instant) {
        self.next_lock_end = Some(self.next_lock_end.map_or(until, |end| end.min(until)));
    }

    pub(crate) fn delivery_count_limit(&self) -> u16 {
        if self.settings.planted.has(PlantedBug::IgnoreDeliveryLimit) {
            return u16::MAX;
        }
        self.settings.delivery_count_limit
    }

    pub(crate) fn limit(&self) -> Limit {
        let beyond = match self.settings.dead_letters {
            true => RunState::Archiving(DeadLetterCause::DeliveryCountLimit),
            false => RunState::Archived,
        };
        Limit { delivery_count: self.delivery_count_limit(), beyond }
    }
}
