use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use model::Instant;

use crate::limits::{INLINE_COMMIT_MAX, SLOW_DEVICE_PAUSE};

/// Whether a device has lately been so slow that no event loop should wait for it: what a loop commits by itself holds up all
/// of its connections.
#[derive(Debug, Default)]
pub(crate) struct SlowDevice {
    /// Nanoseconds of the clock.
    slow_until: AtomicU64,
}

impl SlowDevice {
    /// A commit has ended that began `took` before `now`.
    pub(crate) fn note(&self, now: Instant, took: Duration) {
        if took > INLINE_COMMIT_MAX {
            self.slow_until.store(now.plus(SLOW_DEVICE_PAUSE).as_nanos(), Ordering::Relaxed);
        }
    }

    pub(crate) fn is_slow(&self, now: Instant) -> bool {
        now.as_nanos() < self.slow_until.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_commit_keeps_loops_from_committing_for_a_while() {
        let device = SlowDevice::default();
        let now = Instant::default().plus(Duration::from_secs(5));
        device.note(now, INLINE_COMMIT_MAX);
        assert!(!device.is_slow(now));
        device.note(now, INLINE_COMMIT_MAX + Duration::from_nanos(1));
        assert!(device.is_slow(now));
        // A fast one in between, by the committer's thread, does not end it: half of a slow device's may be fast.
        device.note(now, Duration::ZERO);
        assert!(device.is_slow(now));
        assert!(!device.is_slow(now.plus(SLOW_DEVICE_PAUSE)));
    }
}
