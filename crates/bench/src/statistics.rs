//! Medians, and how far to trust them.

use model::SeededRandom;

/// Resamples of which the interval is taken.
const RESAMPLE_COUNT: usize = 2_000;

/// The median, and between which values it lies in nine of ten resamples of the same values (bootstrap).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Estimate {
    pub(crate) median: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) count: usize,
}

/// `None` without values.
pub(crate) fn estimate(values: &[f64]) -> Option<Estimate> {
    let median = median(values.to_vec())?;
    // The same values give the same interval.
    let mut random = SeededRandom::new(1);
    let mut medians = Vec::with_capacity(RESAMPLE_COUNT);
    let count = u64::try_from(values.len()).unwrap_or(1);
    for _ in 0..RESAMPLE_COUNT {
        let pick = |_| {
            let at = usize::try_from(random.below(count)).unwrap_or(0);
            values.get(at).copied().unwrap_or(median)
        };
        medians.extend(self::median((0..values.len()).map(pick).collect()));
    }
    medians.sort_by(f64::total_cmp);
    let at = |share: usize| medians.get(medians.len() * share / 100).copied().unwrap_or(median);
    Some(Estimate { median, low: at(5), high: at(95), count: values.len() })
}

pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.get(middle.wrapping_sub(1)) {
        Some(below) if values.len().is_multiple_of(2) => {
            Some(f64::midpoint(*below, *values.get(middle)?))
        }
        _ => values.get(middle).copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_holds_the_median_and_no_outlier() {
        let values = [1.0, 1.1, 0.9, 1.05, 0.95, 1.02, 9.0];
        let found = estimate(&values).unwrap();
        assert_eq!(found.median, 1.02);
        assert!(found.low >= 0.9 && found.low <= 1.02, "{found:?}");
        assert!(found.high >= 1.02 && found.high < 9.0, "{found:?}");
        assert_eq!(estimate(&values), Some(found), "the same values give the same interval");
    }

    #[test]
    fn a_single_value_is_its_own_interval_and_none_has_none() {
        let one = Estimate { median: 2.0, low: 2.0, high: 2.0, count: 1 };
        assert_eq!(estimate(&[2.0]), Some(one));
        assert_eq!(estimate(&[]), None);
        assert_eq!(median(vec![1.0, 2.0]), Some(1.5));
    }
}
