use model::Instant;

use crate::slab::{Slab, SlabKey};

/// Slots of one level; six bits of the deadline choose one.
const SLOT_COUNT: usize = 64;
const SLOT_BITS: u32 = 6;
/// Levels: 64⁶ ms are two years. Later deadlines wait in the last level and are looked at again there.
const LEVEL_COUNT: usize = 6;
const TICKS_MAX: u64 = (1 << 36) - 1;

/// Names one timer until it fires or is cancelled.
pub type TimerKey = SlabKey;

#[derive(Debug)]
struct Timer<T> {
    /// Milliseconds on the loop's clock.
    deadline: u64,
    value: T,
    previous: Option<TimerKey>,
    next: Option<TimerKey>,
    level: usize,
    slot: usize,
}

#[derive(Clone, Copy, Debug)]
struct Level {
    heads: [Option<TimerKey>; SLOT_COUNT],
    occupied: u64,
}

/// Deadlines with millisecond grain: setting, cancelling and firing one cost the same however many there are.
///
/// A timer never fires early, and at most one tick late by the wheel's own doing. Timers of one tick fire in no
/// meaningful order.
#[derive(Debug)]
pub struct TimerWheel<T> {
    timers: Slab<Timer<T>>,
    levels: [Level; LEVEL_COUNT],
    /// All ticks before this one have fired.
    current: u64,
}

impl<T> TimerWheel<T> {
    pub fn new(now: Instant) -> Self {
        let empty = Level { heads: [None; SLOT_COUNT], occupied: 0 };
        Self { timers: Slab::default(), levels: [empty; LEVEL_COUNT], current: now.as_millis() }
    }

    pub fn len(&self) -> usize {
        self.timers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.timers.is_empty()
    }

    /// Fires `value` at `deadline`, or at the next look when that has passed.
    pub fn set(&mut self, deadline: Instant, value: T) -> TimerKey {
        // A deadline inside a millisecond is reached when that millisecond is over.
        let ticks = deadline.as_nanos().div_ceil(1_000_000);
        let key = self.timers.insert(Timer {
            deadline: ticks,
            value,
            previous: None,
            next: None,
            level: 0,
            slot: 0,
        });
        self.link(key);
        key
    }

    /// Takes the timer back; `None` when it has fired already.
    pub fn cancel(&mut self, key: TimerKey) -> Option<T> {
        self.timers.get(key)?;
        self.unlink(key);
        self.timers.remove(key).map(|timer| timer.value)
    }

    /// The next timer whose deadline is not after `now`.
    pub fn pop_expired(&mut self, now: Instant) -> Option<T> {
        let now = now.as_millis();
        loop {
            let (level, slot, at) = self.next_slot()?;
            if at > now {
                return None;
            }
            self.current = self.current.max(at);
            let key = self.levels[level].heads[slot]?;
            self.unlink(key);
            let due = self.timers.get(key).is_some_and(|timer| timer.deadline <= now);
            if due {
                return self.timers.remove(key).map(|timer| timer.value);
            }
            self.link(key);
        }
    }

    /// When to look again: no timer fires before it. `None` without timers.
    pub fn next_timeout(&self) -> Option<Instant> {
        self.next_slot().map(|(_, _, at)| Instant::from_millis(at))
    }

    /// The slot that comes first and the tick at which it must be looked at. Of slots with one tick that of the highest
    /// level, for its timers belong into lower slots by then.
    fn next_slot(&self) -> Option<(usize, usize, u64)> {
        let slots = self.levels.iter().enumerate().filter(|(_, level)| level.occupied != 0);
        slots
            .map(|(number, level)| {
                let (slot, at) = self.first_of(number, level);
                (number, slot, at)
            })
            .min_by_key(|(number, _, at)| (*at, LEVEL_COUNT - number))
    }

    /// The first occupied slot of a level, seen from now, and its tick.
    fn first_of(&self, number: usize, level: &Level) -> (usize, u64) {
        let shift = SLOT_BITS * u32::try_from(number).unwrap_or(0);
        let now_slot = (self.current >> shift) % SLOT_COUNT as u64;
        let turned = level.occupied.rotate_right(u32::try_from(now_slot).unwrap_or(0));
        let slot = (now_slot + u64::from(turned.trailing_zeros())) % SLOT_COUNT as u64;
        let span = 1_u64 << (shift + SLOT_BITS);
        let mut at = self.current / span * span + (slot << shift);
        if slot < now_slot {
            at += span;
        }
        (usize::try_from(slot).unwrap_or(0), at.max(self.current))
    }

    fn link(&mut self, key: TimerKey) {
        let current = self.current;
        let Some(timer) = self.timers.get_mut(key) else { return };
        let deadline = timer.deadline.clamp(current, current.saturating_add(TICKS_MAX));
        let highest = (deadline ^ current | 1).ilog2();
        let level = ((highest / SLOT_BITS) as usize).min(LEVEL_COUNT - 1);
        let shift = SLOT_BITS * u32::try_from(level).unwrap_or(0);
        let slot = usize::try_from((deadline >> shift) % SLOT_COUNT as u64).unwrap_or(0);
        let head = self.levels[level].heads[slot];
        (timer.level, timer.slot) = (level, slot);
        (timer.previous, timer.next) = (None, head);
        if let Some(second) = head.and_then(|head| self.timers.get_mut(head)) {
            second.previous = Some(key);
        }
        self.levels[level].heads[slot] = Some(key);
        self.levels[level].occupied |= 1 << slot;
    }

    fn unlink(&mut self, key: TimerKey) {
        let Some(timer) = self.timers.get(key) else { return };
        let (previous, next) = (timer.previous, timer.next);
        let (level, slot) = (timer.level, timer.slot);
        if let Some(next) = next.and_then(|next| self.timers.get_mut(next)) {
            next.previous = previous;
        }
        match previous.and_then(|previous| self.timers.get_mut(previous)) {
            Some(previous) => previous.next = next,
            None => self.levels[level].heads[slot] = next,
        }
        if self.levels[level].heads[slot].is_none() {
            self.levels[level].occupied &= !(1 << slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use model::SeededRandom;

    use super::*;

    fn expired(wheel: &mut TimerWheel<u64>, now: u64) -> Vec<u64> {
        let mut values: Vec<_> =
            std::iter::from_fn(|| wheel.pop_expired(Instant::from_millis(now))).collect();
        values.sort_unstable();
        values
    }

    #[test]
    fn timers_fire_at_their_tick_and_not_before() {
        let mut wheel = TimerWheel::new(Instant::ZERO);
        for deadline in [1, 63, 64, 65, 4_096, 300_000] {
            wheel.set(Instant::from_millis(deadline), deadline);
        }
        assert_eq!(expired(&mut wheel, 0), []);
        assert_eq!(expired(&mut wheel, 63), [1, 63]);
        assert_eq!(expired(&mut wheel, 64), [64]);
        assert_eq!(expired(&mut wheel, 4_095), [65]);
        assert_eq!(expired(&mut wheel, 299_999), [4_096]);
        assert_eq!(expired(&mut wheel, 300_000), [300_000]);
        assert!(wheel.is_empty());
    }

    #[test]
    fn a_cancelled_timer_never_fires() {
        let mut wheel = TimerWheel::new(Instant::ZERO);
        let key = wheel.set(Instant::from_millis(5), 5);
        wheel.set(Instant::from_millis(5), 6);
        assert_eq!(wheel.cancel(key), Some(5));
        assert_eq!(wheel.cancel(key), None);
        assert_eq!(expired(&mut wheel, 10), [6]);
    }

    #[test]
    fn the_wheel_agrees_with_a_sorted_list_under_random_use() {
        for seed in 0..50 {
            let mut random = SeededRandom::new(seed);
            let mut now = random.below(1 << 20);
            let mut wheel = TimerWheel::new(Instant::from_millis(now));
            let mut model: Vec<(u64, TimerKey)> = Vec::new();
            for _ in 0..400 {
                match random.below(4) {
                    0 | 1 => {
                        let span = 1 << random.below(24);
                        let deadline = now + random.below(span);
                        model.push((deadline, wheel.set(Instant::from_millis(deadline), deadline)));
                    }
                    2 if !model.is_empty() => {
                        let place = usize::try_from(random.below(model.len() as u64)).unwrap();
                        let (deadline, key) = model.swap_remove(place);
                        assert_eq!(wheel.cancel(key), Some(deadline));
                    }
                    _ => {
                        let next = model.iter().map(|(deadline, _)| *deadline).min();
                        let hint = wheel.next_timeout().map(Instant::as_millis);
                        assert_eq!(hint.is_some(), next.is_some());
                        assert!(hint <= next.map(|next| next.max(now)));
                        let span = 1 << random.below(20);
                        now += random.below(span);
                        let mut due: Vec<_> = model
                            .iter()
                            .map(|(deadline, _)| *deadline)
                            .filter(|d| *d <= now)
                            .collect();
                        due.sort_unstable();
                        model.retain(|(deadline, _)| *deadline > now);
                        assert_eq!(expired(&mut wheel, now), due);
                    }
                }
            }
        }
    }
}
