use std::time::Duration;

use model::Offset;

/// After a second write in a row that failed, until the shard is loaded again; twice as long after each further one.
const PAUSE_MIN: Duration = Duration::from_millis(100);

/// So long at most: a disk that has room again is noticed by then.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// How long a shard rests after a failed write before it is loaded again: a disk that is full stays so for a while, and loading
/// costs a read of the whole log each time.
#[derive(Debug, Default)]
pub(super) struct ReloadPause {
    /// Failed writes in a row.
    failures: u32,
    /// What was committed at the last of them: more later shows that writes go through again.
    committed: Offset,
}

impl ReloadPause {
    /// A write has failed. The first one is no reason to wait.
    pub(super) fn failed(&mut self, committed: Offset) -> Option<Duration> {
        if committed > self.committed {
            self.failures = 0;
        }
        self.committed = committed;
        self.failures = self.failures.saturating_add(1);
        let doublings = self.failures.checked_sub(2)?;
        let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);
        Some(PAUSE_MIN.saturating_mul(factor).min(PAUSE_MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound_until_something_is_committed() {
        let mut pause = ReloadPause::default();
        let at = |raw| Offset::from_wire(raw).unwrap();
        let millis = |pause: &mut ReloadPause, raw| pause.failed(at(raw)).map(|it| it.as_millis());
        assert_eq!(millis(&mut pause, 7), None);
        let next: Vec<_> = (0..8).map(|_| millis(&mut pause, 7).unwrap()).collect();
        assert_eq!(next, [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
        (0..100).for_each(|_| assert_eq!(millis(&mut pause, 7), Some(5_000)));
        assert_eq!(millis(&mut pause, 8), None);
        assert_eq!(millis(&mut pause, 8), Some(100));
    }
}
