use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use model::{Instant, Timestamp};

use crate::limits::SETTABLE_SLEEP_MAX;

/// The two clocks. Machines get their readings as arguments; only shells ask.
pub trait Clock: Send + Sync {
    /// Monotonic; its zero means nothing.
    fn now(&self) -> Instant;
    /// Wall-clock time, as records carry it. May jump in both directions.
    fn wall(&self) -> Timestamp;
    /// How long a thread that has nothing to do for `sleep` may really sleep: less where this clock may be set meanwhile.
    fn bounded(&self, sleep: Duration) -> Duration {
        sleep
    }
}

/// The machine's own clocks. `now` counts from when this value was made.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    start: std::time::Instant,
}

impl SystemClock {
    pub fn new() -> Self {
        Self { start: std::time::Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::ZERO.plus(self.start.elapsed())
    }

    fn wall(&self) -> Timestamp {
        // A clock before 1970 reads as 1970: records cannot carry a negative time.
        let millis =
            SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX)).unwrap_or(EPOCH)
    }
}

/// The machine's clocks, and what a test puts on top of them: hours pass in a moment. Clones are the same clock.
#[derive(Clone, Debug, Default)]
pub struct SettableClock {
    machine: SystemClock,
    ahead: Arc<AtomicU64>,
}

impl SettableClock {
    /// Both clocks go forward by so much, at once. Who sleeps until some moment looks again within
    /// [`SETTABLE_SLEEP_MAX`].
    pub fn advance(&self, by: Duration) {
        let by = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
        let add = |ahead: u64| Some(ahead.saturating_add(by));
        let _ = self.ahead.fetch_update(Ordering::AcqRel, Ordering::Acquire, add);
    }

    fn ahead(&self) -> Duration {
        Duration::from_nanos(self.ahead.load(Ordering::Acquire))
    }
}

impl Clock for SettableClock {
    fn now(&self) -> Instant {
        self.machine.now().plus(self.ahead())
    }

    fn wall(&self) -> Timestamp {
        let ahead = i64::try_from(self.ahead().as_millis()).unwrap_or(i64::MAX);
        let wall = self.machine.wall().as_millis();
        Timestamp::from_millis(wall.saturating_add(ahead)).unwrap_or(EPOCH)
    }

    fn bounded(&self, sleep: Duration) -> Duration {
        sleep.min(SETTABLE_SLEEP_MAX)
    }
}

const EPOCH: Timestamp = match Timestamp::from_millis(0) {
    Some(epoch) => epoch,
    None => unreachable!(),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_clocks_go_forward_when_they_are_set() {
        let clock = SettableClock::default();
        let (now, wall) = (clock.now(), clock.wall());
        clock.clone().advance(Duration::from_secs(3_600));
        assert!(clock.now().since(now) >= Duration::from_secs(3_600));
        assert!(clock.wall().as_millis() - wall.as_millis() >= 3_600_000);
        assert_eq!(clock.bounded(Duration::from_secs(9)), SETTABLE_SLEEP_MAX);
    }

    #[test]
    fn the_monotonic_clock_never_goes_back() {
        let clock = SystemClock::new();
        let first = clock.now();
        assert!(clock.now() >= first);
        assert!(clock.wall().as_millis() > 1_600_000_000_000);
    }
}
