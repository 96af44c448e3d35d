use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use io::Clock;
use model::{Instant, Timestamp};

/// Where simulated wall time begins: a day in 2024, so that no age in a log looks like 1970.
const WALL_START_MS: i64 = 1_720_000_000_000;

/// A clock that moves only when the simulation moves it. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct SimClock {
    nanos: Arc<AtomicU64>,
}

impl SimClock {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn advance(&self, by: Duration) {
        let nanos = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
        self.nanos.fetch_add(nanos, Ordering::Relaxed);
    }

    /// Moves to `to`, unless it is past.
    pub fn advance_to(&self, to: Instant) {
        self.nanos.fetch_max(to.as_nanos(), Ordering::Relaxed);
    }
}

impl Clock for SimClock {
    fn now(&self) -> Instant {
        Instant::from_nanos(self.nanos.load(Ordering::Relaxed))
    }

    fn wall(&self) -> Timestamp {
        let since = i64::try_from(self.now().as_millis()).unwrap_or(i64::MAX);
        let millis = WALL_START_MS.saturating_add(since);
        Timestamp::from_millis(millis).unwrap_or_else(|| unreachable!("after 1970"))
    }
}
