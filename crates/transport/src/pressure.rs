use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use model::Instant;
use parking_lot::Mutex;

use crate::limits;

/// A place among the frames that wait to be admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Turn(u64);

/// What the loops of a server share about memory for input, so that no client's half of a frame, and no answer that nobody
/// takes, keeps it from the others.
///
/// - A large frame is received only once it is *admitted*: then there will be room for all of it, so two half frames never
///   wait for each other. All admitted ones together take half of the arena at most. Those that wait for it have their turns in
///   the order in which they began to: else one of many could find others' frames there each time it asks.
/// - When a loop finds the arena full, it calls for *relief*: every loop copies what its connections hold there for long
///   (unfinished input, answers that their sockets do not take) into memory of its own, which is bounded too, and closes
///   those that have not moved for a while.
#[derive(Debug)]
pub(crate) struct Pressure {
    admitted: AtomicUsize,
    admitted_max: usize,
    /// Frames that wait to be admitted, oldest first, and when each last asked. One connection has one at most.
    waiting: Mutex<BTreeMap<Turn, Instant>>,
    next_turn: AtomicU64,
    copied: AtomicUsize,
    copied_max: usize,
    calls: AtomicU64,
}

impl Pressure {
    /// For an arena of `arena_size` bytes.
    pub(crate) fn new(arena_size: usize) -> Self {
        Self {
            admitted: AtomicUsize::new(0),
            admitted_max: arena_size / 2,
            waiting: Mutex::default(),
            next_turn: AtomicU64::new(0),
            copied: AtomicUsize::new(0),
            copied_max: arena_size,
            calls: AtomicU64::new(0),
        }
    }

    /// Lets a frame of `size` bytes be received, if not too many others are and none waits for longer. `turn` is the frame's
    /// place among those that wait, as long as it does: ask again soon, or others go first.
    pub(crate) fn admit(&self, size: usize, now: Instant, turn: &mut Option<Turn>) -> bool {
        let mut waiting = self.waiting.lock();
        while let Some(oldest) = waiting.first_entry()
            && now.since(*oldest.get()) >= limits::TURN_KEPT_MAX
        {
            // Its connection is gone, or takes no input for another reason.
            oldest.remove();
        }
        let next = || Turn(self.next_turn.fetch_add(1, Ordering::Relaxed));
        let own = *turn.get_or_insert_with(next);
        let is_first = waiting.first_key_value().is_none_or(|(oldest, _)| own <= *oldest);
        if is_first && take(&self.admitted, size, self.admitted_max) {
            waiting.remove(&own);
            *turn = None;
            return true;
        }
        waiting.insert(own, now);
        false
    }

    /// An admitted frame is there whole, or will never be.
    pub(crate) fn leave(&self, size: usize) {
        self.admitted.fetch_sub(size, Ordering::AcqRel);
    }

    /// A copy of `bytes` outside of the arena; `None` when there is too much of that.
    pub(crate) fn copy(self: &Arc<Self>, bytes: &[u8]) -> Option<CopiedBytes> {
        take(&self.copied, bytes.len(), self.copied_max)
            .then(|| CopiedBytes { bytes: bytes.into(), pressure: Arc::clone(self) })
    }

    /// Asks all loops for relief. They must be woken besides.
    pub(crate) fn call(&self) {
        self.calls.fetch_add(1, Ordering::AcqRel);
    }

    /// Counts the calls for relief.
    pub(crate) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Acquire)
    }
}

fn take(number: &AtomicUsize, more: usize, max: usize) -> bool {
    let fits = |taken: usize| taken.checked_add(more).filter(|sum| *sum <= max);
    number.fetch_update(Ordering::AcqRel, Ordering::Acquire, fits).is_ok()
}

/// Bytes that were copied out of the arena, counted as long as they live.
#[derive(Debug)]
pub struct CopiedBytes {
    bytes: Box<[u8]>,
    pressure: Arc<Pressure>,
}

impl std::ops::Deref for CopiedBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for CopiedBytes {
    fn drop(&mut self) {
        self.pressure.copied.fetch_sub(self.bytes.len(), Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_bounded_and_count_only_while_they_live() {
        let pressure = Arc::new(Pressure::new(100));
        let first = pressure.copy(&[1; 60]).unwrap();
        assert!(pressure.copy(&[2; 41]).is_none());
        assert_eq!(&*first, &[1; 60]);
        drop(first);
        assert!(pressure.copy(&[2; 41]).is_some());
    }

    #[test]
    fn frames_are_admitted_up_to_half_of_the_arena() {
        let pressure = Pressure::new(100);
        let mut turn = None;
        assert!(pressure.admit(30, Instant::ZERO, &mut None));
        assert!(!pressure.admit(21, Instant::ZERO, &mut turn));
        pressure.leave(30);
        assert!(pressure.admit(50, Instant::ZERO, &mut turn));
        assert_eq!(turn, None);
    }

    #[test]
    fn who_has_waited_longest_is_admitted_first_though_others_would_fit() {
        let pressure = Pressure::new(100);
        let (mut large, mut small) = (None, None);
        assert!(pressure.admit(40, Instant::ZERO, &mut None));
        assert!(!pressure.admit(50, Instant::ZERO, &mut large));
        assert!(!pressure.admit(10, Instant::ZERO, &mut small), "it came later");
        pressure.leave(40);
        assert!(!pressure.admit(10, Instant::ZERO, &mut small));
        assert!(pressure.admit(50, Instant::ZERO, &mut large));
        pressure.leave(50);
        assert!(pressure.admit(10, Instant::ZERO, &mut small));
    }

    #[test]
    fn one_that_asks_no_more_keeps_nobody_waiting_and_has_its_turn_when_it_asks_again() {
        let pressure = Pressure::new(100);
        let (mut silent, mut other) = (None, None);
        assert!(pressure.admit(50, Instant::ZERO, &mut None));
        assert!(!pressure.admit(50, Instant::ZERO, &mut silent));
        pressure.leave(50);
        let later = Instant::ZERO.plus(limits::TURN_KEPT_MAX);
        assert!(pressure.admit(50, later, &mut other), "the first asks no more");
        assert!(!pressure.admit(10, later, &mut silent));
        assert!(!pressure.admit(10, later, &mut other));
        pressure.leave(50);
        assert!(!pressure.admit(10, later, &mut other), "the first is back");
        assert!(pressure.admit(10, later, &mut silent));
    }
}
