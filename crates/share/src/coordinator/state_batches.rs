use std::collections::BTreeMap;

use model::Offset;

use crate::{DeliveryState, OffsetRange, StateBatch};

/// The state batches of a share-partition: in order, without overlaps, and as few as say the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateBatches(BTreeMap<Offset, Tail>);

/// A batch without its first offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tail {
    end: Offset,
    state: DeliveryState,
    delivery_count: u16,
}

impl StateBatches {
    pub fn of(batches: &[StateBatch]) -> Self {
        let mut merged = Self::default();
        for batch in batches {
            merged.merge(*batch);
        }
        merged
    }

    pub fn iter(&self) -> impl Iterator<Item = StateBatch> {
        self.0.iter().map(|(first, tail)| tail.with(*first))
    }

    pub fn to_vec(&self) -> Vec<StateBatch> {
        self.iter().collect()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds what a batch says. Where something is known already the higher delivery count holds, and of equal ones the
    /// later state: Kafka's rule, by which it does not matter in which order writes come.
    pub(crate) fn merge(&mut self, batch: StateBatch) {
        let mut pieces = Pieces::default();
        let mut rest = Some(batch.range);
        for old in self.take_touching(batch.range) {
            if let Some(before) = old.range.before(batch.range.first()) {
                pieces.add(StateBatch { range: before, ..old });
            }
            if let Some(common) = old.range.intersect(batch.range) {
                if let Some(unknown) = rest.and_then(|rest| rest.before(common.first())) {
                    pieces.add(StateBatch { range: unknown, ..batch });
                }
                let holds = if rank(&old) > rank(&batch) { old } else { batch };
                pieces.add(StateBatch { range: common, ..holds });
                rest = rest.and_then(|rest| rest.from(common.end()));
            }
            if old.range.end() > batch.range.end() {
                if let Some(unknown) = rest.take() {
                    pieces.add(StateBatch { range: unknown, ..batch });
                }
                if let Some(after) = old.range.from(batch.range.end()) {
                    pieces.add(StateBatch { range: after, ..old });
                }
            }
        }
        if let Some(range) = rest {
            pieces.add(StateBatch { range, ..batch });
        }
        for piece in pieces.0 {
            self.0.insert(piece.range.first(), Tail::of(&piece));
        }
    }

    /// Takes out the batches that have a place in common with the range, or border on it.
    fn take_touching(&mut self, range: OffsetRange) -> Vec<StateBatch> {
        let before = self.0.range(..range.first()).next_back();
        let before = before.filter(|(_, tail)| tail.end >= range.first());
        let from = before.map_or_else(|| range.first(), |(first, _)| *first);
        let touching = self.0.range(from..=range.end());
        let found: Vec<StateBatch> = touching.map(|(first, tail)| tail.with(*first)).collect();
        for batch in &found {
            self.0.remove(&batch.range.first());
        }
        found
    }

    /// Forgets what lies before the start.
    pub(crate) fn prune(&mut self, start: Offset) {
        while let Some(first) = self.0.first_entry().filter(|first| *first.key() < start) {
            let tail = first.remove();
            if tail.end > start {
                self.0.insert(start, tail);
            }
        }
    }
}

impl Tail {
    const fn of(batch: &StateBatch) -> Self {
        let StateBatch { range, state, delivery_count } = *batch;
        Self { end: range.end(), state, delivery_count }
    }

    fn with(self, first: Offset) -> StateBatch {
        let Self { end, state, delivery_count } = self;
        StateBatch { range: OffsetRange::spanning(first, end), state, delivery_count }
    }
}

const fn rank(batch: &StateBatch) -> (u16, i8) {
    (batch.delivery_count, batch.state.to_wire())
}

/// Batches that follow each other, joined where they say the same.
#[derive(Default)]
struct Pieces(Vec<StateBatch>);

impl Pieces {
    fn add(&mut self, piece: StateBatch) {
        if let Some(last) = self.0.last_mut() {
            let joins = last.range.end() == piece.range.first() && rank(last) == rank(&piece);
            if joins {
                last.range = OffsetRange::spanning(last.range.first(), piece.range.end());
                return;
            }
        }
        self.0.push(piece);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use model::SeededRandom;

    use super::*;
    use crate::samples::{offset, range};

    fn batch(first: i64, last: i64, state: DeliveryState, delivery_count: u16) -> StateBatch {
        StateBatch { range: range(first, last), state, delivery_count }
    }

    use DeliveryState::{Acknowledged, Archived, Available};

    #[test]
    fn the_higher_delivery_count_holds_and_then_the_later_state() {
        let mut batches = StateBatches::of(&[batch(0, 9, Available, 2)]);
        batches.merge(batch(3, 4, Acknowledged, 1));
        assert_eq!(batches.to_vec(), [batch(0, 9, Available, 2)]);
        batches.merge(batch(3, 4, Acknowledged, 2));
        batches.merge(batch(8, 12, Available, 3));
        let expected = [
            batch(0, 2, Available, 2),
            batch(3, 4, Acknowledged, 2),
            batch(5, 7, Available, 2),
            batch(8, 12, Available, 3),
        ];
        assert_eq!(batches.to_vec(), expected);
    }

    #[test]
    fn neighbours_that_say_the_same_become_one() {
        let mut batches = StateBatches::of(&[batch(0, 4, Archived, 1), batch(10, 14, Archived, 1)]);
        batches.merge(batch(5, 9, Archived, 1));
        assert_eq!(batches.to_vec(), [batch(0, 14, Archived, 1)]);
    }

    #[test]
    fn pruning_cuts_the_batch_at_the_start() {
        let mut batches = StateBatches::of(&[batch(0, 4, Archived, 1), batch(5, 9, Available, 1)]);
        batches.prune(offset(7));
        assert_eq!(batches.to_vec(), [batch(7, 9, Available, 1)]);
        batches.prune(offset(10));
        assert!(batches.is_empty());
    }

    /// Against the rule taken literally: for each offset the greatest of what was said.
    #[test]
    fn merging_is_the_greatest_at_every_offset_whatever_the_order() {
        let states = [Available, Acknowledged, DeliveryState::Archiving, Archived];
        for seed in 0..2_000 {
            let mut random = SeededRandom::new(seed);
            let (mut merged, mut literal) = (StateBatches::default(), BTreeMap::new());
            for _ in 0..12 {
                let first = i64::try_from(random.below(40)).unwrap();
                let last = first + i64::try_from(random.below(12)).unwrap();
                let state = states[usize::try_from(random.below(4)).unwrap()];
                let count = u16::try_from(random.below(3)).unwrap();
                let new = batch(first, last, state, count);
                merged.merge(new);
                for at in first..=last {
                    let known = literal.entry(at).or_insert((count, state));
                    *known = (*known).max((count, state));
                }
            }
            let mut spelled_out = BTreeMap::new();
            let mut previous: Option<StateBatch> = None;
            for batch in merged.iter() {
                if let Some(previous) = previous {
                    assert!(previous.range.end() <= batch.range.first(), "seed {seed}");
                    let touches = previous.range.end() == batch.range.first();
                    assert!(!touches || rank(&previous) != rank(&batch), "seed {seed}");
                }
                previous = Some(batch);
                for at in batch.range.first().to_wire()..batch.range.end().to_wire() {
                    spelled_out.insert(at, (batch.delivery_count, batch.state));
                }
            }
            assert_eq!(spelled_out, literal, "seed {seed}");
        }
    }
}
