use std::time::{SystemTime, UNIX_EPOCH};

use model::{Instant, Timestamp};

/// The two clocks. Machines get their readings as arguments; only shells ask.
pub trait Clock: Send + Sync {
    /// Monotonic; its zero means nothing.
    fn now(&self) -> Instant;
    /// Wall-clock time, as records carry it. May jump in both directions.
    fn wall(&self) -> Timestamp;
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

const EPOCH: Timestamp = match Timestamp::from_millis(0) {
    Some(epoch) => epoch,
    None => unreachable!(),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_monotonic_clock_never_goes_back() {
        let clock = SystemClock::new();
        let first = clock.now();
        assert!(clock.now() >= first);
        assert!(clock.wall().as_millis() > 1_600_000_000_000);
    }
}
