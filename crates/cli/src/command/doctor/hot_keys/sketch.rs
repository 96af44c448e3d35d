use std::collections::BTreeMap;

use crate::limits::SKETCH_KEYS_MAX;

/// Finds the most frequent of any number of keys in little memory (Metwally et al., "Space-Saving", 2005): a key that is not
/// known takes the place of the least frequent one, and inherits its count as its error. A key with more than one record in
/// [`SKETCH_KEYS_MAX`] is never missed.
#[derive(Debug, Default)]
pub(super) struct Sketch {
    counts: BTreeMap<Vec<u8>, Count>,
    total: u64,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    at_most: u64,
    /// So much of it may be other keys'.
    error: u64,
}

impl Sketch {
    /// Records without a key are counted as such only.
    pub(super) fn count(&mut self, key: Option<&[u8]>) {
        self.total += 1;
        let Some(key) = key else { return };
        if let Some(count) = self.counts.get_mut(key) {
            count.at_most += 1;
            return;
        }
        let mut error = 0;
        if self.counts.len() >= SKETCH_KEYS_MAX {
            let least = self.counts.iter().min_by_key(|(_, count)| count.at_most);
            if let Some((least, count)) = least.map(|(key, count)| (key.clone(), *count)) {
                self.counts.remove(&least);
                error = count.at_most;
            }
        }
        self.counts.insert(key.to_vec(), Count { at_most: error + 1, error });
    }

    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// With how often it was seen at least.
    pub(super) fn most_frequent(&self) -> Option<(&[u8], u64)> {
        let at_least = |count: &Count| count.at_most - count.error;
        let (key, count) = self.counts.iter().max_by_key(|(_, count)| at_least(count))?;
        Some((key, at_least(count)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::SeededRandom;

    #[test]
    fn a_frequent_key_is_found_among_many_and_its_count_is_not_too_high() {
        let mut random = SeededRandom::new(5);
        let mut sketch = Sketch::default();
        let mut hot = 0;
        for number in 0..20_000_u64 {
            if random.below(4) == 0 {
                hot += 1;
                sketch.count(Some(b"hot"));
            } else {
                sketch.count(Some(&number.to_be_bytes()));
            }
        }
        let (key, at_least) = sketch.most_frequent().unwrap();
        assert_eq!((key, sketch.total()), (&b"hot"[..], 20_000));
        assert!(at_least <= hot && at_least * 10 >= hot * 9, "{at_least} of {hot}");
        assert!(sketch.counts.len() <= SKETCH_KEYS_MAX);
    }

    #[test]
    fn records_without_a_key_have_no_hot_key() {
        let mut sketch = Sketch::default();
        (0..10).for_each(|_| sketch.count(None));
        assert_eq!((sketch.total(), sketch.most_frequent()), (10, None));
    }
}
