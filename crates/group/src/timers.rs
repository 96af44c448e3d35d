use std::collections::BTreeSet;

use model::Instant;

use crate::{GroupId, MemberId, STALL_GRACE, STALL_MIN};

/// What a deadline is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TimerKey {
    /// The session of a member, or of one that was given an id and has not joined yet.
    Session(GroupId, MemberId),
    /// The end of the join phase.
    Join(GroupId),
    /// The end of the sync phase.
    Sync(GroupId),
    /// The session of a member of a consumer group.
    ConsumerSession(GroupId, MemberId),
    /// Until when such a member must have let go of partitions, or joined or synced.
    ConsumerRebalance(GroupId, MemberId),
    /// The session of a member of a share group.
    ShareSession(GroupId, MemberId),
    /// The session of a member of a streams group.
    StreamsSession(GroupId, MemberId),
    /// Until when such a member must have let go of tasks.
    StreamsRebalance(GroupId, MemberId),
    /// The next step of the expiry job.
    Expiry,
}

/// All deadlines of a shard, in order.
///
/// A heartbeat moves a deadline further away, thousands of times a second, so that costs nothing here: the owner
/// remembers the new deadline, and the entry in the queue, when it comes up, goes back in for the rest.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    queue: BTreeSet<(Instant, TimerKey)>,
    /// Until then nobody looked at deadlines, for a while.
    stalled_until: Option<Instant>,
}

/// One deadline, held by whom it concerns.
#[derive(Debug, Default)]
pub(crate) struct Timer {
    deadline: Option<Instant>,
    /// Where the queue's entry stands; never later than the deadline.
    queued: Option<Instant>,
    /// A stall has put it off once.
    is_excused: bool,
}

impl Timers {
    pub(crate) fn set(&mut self, timer: &mut Timer, at: Instant, key: impl FnOnce() -> TimerKey) {
        timer.deadline = Some(at);
        timer.is_excused = false;
        match timer.queued {
            Some(queued) if queued <= at => {}
            Some(queued) => {
                let key = key();
                self.queue.remove(&(queued, key.clone()));
                self.queue.insert((at, key));
                timer.queued = Some(at);
            }
            None => {
                self.queue.insert((at, key()));
                timer.queued = Some(at);
            }
        }
    }

    pub(crate) fn clear(&mut self, timer: &mut Timer, key: impl FnOnce() -> TimerKey) {
        timer.deadline = None;
        if let Some(queued) = timer.queued.take() {
            self.queue.remove(&(queued, key()));
        }
    }

    /// When [`Timers::pop`] will have something.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.queue.first().map(|(at, _)| *at)
    }

    pub(crate) fn pop(&mut self, now: Instant) -> Option<TimerKey> {
        let next = self.next()?;
        if next > now {
            return None;
        }
        if now.since(next) >= STALL_MIN {
            self.stalled_until = Some(now);
        }
        self.queue.pop_first().map(|(_, key)| key)
    }

    /// Called with an entry that came up: whether the deadline is really over. If it has moved, the entry goes back in; so it does
    /// once when it fell into a stall.
    pub(crate) fn is_due(&mut self, timer: &mut Timer, now: Instant, key: TimerKey) -> bool {
        timer.queued = None;
        match timer.deadline {
            None => false,
            Some(deadline) if self.stalled_until >= Some(deadline) && !timer.is_excused => {
                timer.is_excused = true;
                let later = now.plus(STALL_GRACE);
                (timer.deadline, timer.queued) = (Some(later), Some(later));
                self.queue.insert((later, key));
                false
            }
            Some(deadline) if deadline <= now => {
                timer.deadline = None;
                true
            }
            Some(deadline) => {
                timer.queued = Some(deadline);
                self.queue.insert((deadline, key));
                false
            }
        }
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.queue.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Instant {
        Instant::from_millis(millis)
    }

    #[test]
    fn a_deadline_that_moved_away_comes_up_once_more_and_then_is_due() {
        let (mut timers, mut timer) = (Timers::default(), Timer::default());
        timers.set(&mut timer, at(10), || TimerKey::Expiry);
        timers.set(&mut timer, at(25), || TimerKey::Expiry);
        assert_eq!(timers.next(), Some(at(10)));
        let key = timers.pop(at(10)).unwrap();
        assert!(!timers.is_due(&mut timer, at(10), key));
        assert_eq!(timers.pop(at(24)), None);
        let key = timers.pop(at(25)).unwrap();
        assert!(timers.is_due(&mut timer, at(25), key));
        assert_eq!(timers.len(), 0);
    }

    #[test]
    fn a_deadline_that_fell_into_a_stall_waits_once_more() {
        let (mut timers, mut early, mut late) =
            (Timers::default(), Timer::default(), Timer::default());
        let group = || TimerKey::Join(GroupId::new("g").unwrap());
        timers.set(&mut early, at(10), || TimerKey::Expiry);
        timers.set(&mut late, at(59_990), group);
        let key = timers.pop(at(60_000)).unwrap();
        assert!(!timers.is_due(&mut early, at(60_000), key));
        let key = timers.pop(at(60_001)).unwrap();
        assert!(!timers.is_due(&mut late, at(60_001), key), "it fell into the same stall");
        let key = timers.pop(at(70_000)).unwrap();
        assert!(timers.is_due(&mut early, at(70_000), key));
        let key = timers.pop(at(90_000)).unwrap();
        assert!(timers.is_due(&mut late, at(90_000), key), "only once");
        timers.set(&mut early, at(91_000), || TimerKey::Expiry);
        let key = timers.pop(at(91_000)).unwrap();
        assert!(timers.is_due(&mut early, at(91_000), key), "that stall is over");
    }

    #[test]
    fn a_deadline_that_moved_closer_is_not_missed() {
        let (mut timers, mut timer) = (Timers::default(), Timer::default());
        timers.set(&mut timer, at(50), || TimerKey::Expiry);
        timers.set(&mut timer, at(20), || TimerKey::Expiry);
        assert_eq!(timers.next(), Some(at(20)));
        assert_eq!(timers.len(), 1);
        timers.clear(&mut timer, || TimerKey::Expiry);
        assert_eq!(timers.next(), None);
    }
}
