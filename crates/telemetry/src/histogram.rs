//! How numbers are spread, in fixed memory and without a lock.

use std::sync::atomic::{AtomicU64, Ordering};

/// Eight buckets for each power of two: a quantile is off by an eighth at most. Covers every `u64`, in 4 KB.
const BUCKETS_PER_POWER: usize = 8;
const BUCKET_COUNT: usize = 62 * BUCKETS_PER_POWER;

/// Numbers seen, by size. Recording is two or three atomic additions.
#[derive(Debug)]
pub struct Histogram {
    buckets: Box<[AtomicU64]>,
    sum: AtomicU64,
}

impl Default for Histogram {
    fn default() -> Self {
        let buckets = (0..BUCKET_COUNT).map(|_| AtomicU64::new(0)).collect();
        Self { buckets, sum: AtomicU64::new(0) }
    }
}

impl Histogram {
    pub fn record(&self, value: u64) {
        if let Some(bucket) = self.buckets.get(bucket_of(value)) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let counts = self.buckets.iter().map(|bucket| bucket.load(Ordering::Relaxed)).collect();
        Snapshot::new(counts, self.sum.load(Ordering::Relaxed), Scale::Eighths)
    }
}

/// What the buckets of a histogram stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Scale {
    /// [`BUCKETS_PER_POWER`].
    #[default]
    Eighths,
    /// Numbers of as many bits.
    Powers,
}

/// What one histogram, or several of the same scale together, held at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Snapshot {
    counts: Vec<u64>,
    pub(crate) sum: u64,
    scale: Scale,
}

impl Snapshot {
    pub(crate) const fn new(counts: Vec<u64>, sum: u64, scale: Scale) -> Self {
        Self { counts, sum, scale }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.counts.resize(self.counts.len().max(other.counts.len()), 0);
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count = count.saturating_add(*more);
        }
        self.sum = self.sum.saturating_add(other.sum);
    }

    pub(crate) fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// A number that `share` of all numbers are not above, to an eighth; 0 when nothing was seen.
    pub(crate) fn quantile(&self, per_mille: u64) -> u64 {
        let rank = self.count().saturating_mul(per_mille).div_ceil(1000).max(1);
        let mut seen = 0;
        for (index, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= rank {
                return self.upper_end(index);
            }
        }
        0
    }

    fn upper_end(&self, bucket: usize) -> u64 {
        match self.scale {
            Scale::Eighths => upper_end(bucket),
            Scale::Powers => {
                let bits = u32::try_from(bucket).unwrap_or(u64::BITS);
                1_u64.checked_shl(bits).map_or(u64::MAX, |end| end - 1)
            }
        }
    }
}

/// Numbers below eight have a bucket each; above, the three bits after the first choose one.
fn bucket_of(value: u64) -> usize {
    let Some(power) = value.checked_ilog2().filter(|power| *power >= 3) else {
        return usize::try_from(value).unwrap_or(0);
    };
    let fraction = usize::try_from((value >> (power - 3)) & 7).unwrap_or(0);
    let power = usize::try_from(power).unwrap_or(0);
    (power - 2) * BUCKETS_PER_POWER + fraction
}

/// The largest number of a bucket.
fn upper_end(bucket: usize) -> u64 {
    let number = u64::try_from(bucket).unwrap_or(u64::MAX);
    if bucket < BUCKETS_PER_POWER {
        return number;
    }
    let power = number / 8 + 2;
    let fraction = number % 8;
    let start = (8 + fraction) << (power - 3);
    start + ((1 << (power - 3)) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_falls_in_the_bucket_that_ends_at_or_above_it() {
        for power in 0..64 {
            for value in [1_u64 << power, (1 << power) + 1, (1_u64 << power).wrapping_mul(3) / 2] {
                let bucket = bucket_of(value);
                assert!(bucket < BUCKET_COUNT, "{value}");
                assert!(upper_end(bucket) >= value, "{value}");
                assert!(bucket == 0 || upper_end(bucket - 1) < value, "{value}");
            }
        }
        assert_eq!(upper_end(bucket_of(u64::MAX)), u64::MAX);
    }

    #[test]
    fn quantiles_are_right_to_an_eighth() {
        let histogram = Histogram::default();
        for value in 1..=1000 {
            histogram.record(value);
        }
        let snapshot = histogram.snapshot();
        assert_eq!((snapshot.count(), snapshot.sum), (1000, 500_500));
        for (per_mille, exact) in [(500, 500), (990, 990), (1000, 1000)] {
            let found = snapshot.quantile(per_mille);
            assert!(found >= exact && found <= exact + exact / 8, "{per_mille}: {found}");
        }
        assert_eq!(Histogram::default().snapshot().quantile(990), 0);
    }

    #[test]
    fn histograms_of_several_loops_add_up() {
        let (one, other) = (Histogram::default(), Histogram::default());
        one.record(5);
        other.record(7);
        let mut both = Snapshot::default();
        both.add(&one.snapshot());
        both.add(&other.snapshot());
        assert_eq!((both.count(), both.sum, both.quantile(1000)), (2, 12, 7));
    }
}
