//! How numbers are spread, where there may be many thousands of such spreads.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::histogram::{Scale, Snapshot};

/// Numbers seen, by the power of two that they are below: a quantile is less than twice what it should be. Numbers of
/// `POWERS` bits and more count as one. Takes four bytes for each power, and eight.
#[derive(Debug)]
pub struct CoarseHistogram<const POWERS: usize> {
    /// Numbers of so many bits. A count of four thousand million begins again at zero, as counters may.
    counts: [AtomicU32; POWERS],
    sum: AtomicU64,
}

impl<const POWERS: usize> Default for CoarseHistogram<POWERS> {
    fn default() -> Self {
        Self { counts: [const { AtomicU32::new(0) }; POWERS], sum: AtomicU64::new(0) }
    }
}

impl<const POWERS: usize> CoarseHistogram<POWERS> {
    pub fn record(&self, value: u64) {
        let bits = usize::try_from(u64::BITS - value.leading_zeros()).unwrap_or(0);
        if let Some(count) = self.counts.get(bits).or_else(|| self.counts.last()) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// Nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.counts.iter().all(|count| count.load(Ordering::Relaxed) == 0)
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let counts = self.counts.iter().map(|count| u64::from(count.load(Ordering::Relaxed)));
        Snapshot::new(counts.collect(), self.sum.load(Ordering::Relaxed), Scale::Powers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_less_than_twice_what_it_should_be() {
        let histogram = CoarseHistogram::<16>::default();
        assert!(histogram.is_empty());
        assert_eq!(histogram.snapshot().quantile(990), 0);
        (1..=1000).for_each(|value| histogram.record(value));
        let snapshot = histogram.snapshot();
        assert_eq!((snapshot.count(), snapshot.sum), (1000, 500_500));
        for (per_mille, exact) in [(1, 1), (500, 500), (990, 990), (1000, 1000)] {
            let found = snapshot.quantile(per_mille);
            assert!(found >= exact && found < 2 * exact.max(1), "{per_mille}: {found}");
        }
    }

    #[test]
    fn numbers_beyond_the_last_power_are_counted() {
        let histogram = CoarseHistogram::<4>::default();
        for value in [0, 7, 8, u64::from(u32::MAX)] {
            histogram.record(value);
        }
        let snapshot = histogram.snapshot();
        assert_eq!(snapshot.count(), 4);
        assert_eq!((snapshot.quantile(1), snapshot.quantile(1000)), (0, 7));
    }

    #[test]
    fn it_is_small() {
        assert!(size_of::<CoarseHistogram<26>>() <= 112, "one for each share-partition in use");
    }
}
