use std::collections::BTreeMap;
use std::ops::Bound;

use model::Offset;

use super::run::{Run, RunState, range_of};
use crate::OffsetRange;

/// The records in flight: each offset from the share-partition's start up to the first one that was never read is in
/// exactly one run.
///
/// Kafka keeps batches as they were acquired, and a state for each offset where that is needed; runs are cut where
/// it is needed, which is the same and knows no two ways.
#[derive(Clone, Debug)]
pub(crate) struct Runs {
    map: BTreeMap<Offset, Run>,
    start: Offset,
    end: Offset,
    /// Offsets in runs that are missing; they take no room from records.
    missing_count: u64,
}

impl Runs {
    pub(crate) const fn starting_at(start: Offset) -> Self {
        Self { map: BTreeMap::new(), start, end: start, missing_count: 0 }
    }

    pub(crate) const fn start(&self) -> Offset {
        self.start
    }

    pub(crate) const fn end(&self) -> Offset {
        self.end
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    pub(crate) fn run_count(&self) -> usize {
        self.map.len()
    }

    pub(crate) fn span(&self) -> Option<OffsetRange> {
        OffsetRange::between(self.start, self.end)
    }

    /// Records between start and end, decided or not, without those that are missing.
    pub(crate) const fn record_count(&self) -> u64 {
        self.end.records_since(self.start) - self.missing_count
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (OffsetRange, &Run)> {
        self.map.iter().map(|(first, run)| (range_of(*first, run), run))
    }

    /// All runs; the caller may change their state, and never their end, nor whether they are missing.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (OffsetRange, &mut Run)> {
        self.map.iter_mut().map(|(first, run)| (range_of(*first, run), run))
    }

    /// The runs that have offsets of `range`, whole.
    pub(crate) fn overlapping(
        &self,
        range: OffsetRange,
    ) -> impl Iterator<Item = (OffsetRange, &Run)> {
        let before = self.map.range(..range.first()).next_back();
        let before = before.filter(move |(_, run)| run.end > range.first());
        let from = before.map_or_else(|| range.first(), |(first, _)| *first);
        self.map.range(from..range.end()).map(|(first, run)| (range_of(*first, run), run))
    }

    /// The run that begins with the offset or later.
    pub(crate) fn next_from(&self, offset: Offset) -> impl Iterator<Item = (OffsetRange, &Run)> {
        OffsetRange::between(offset.max(self.start), self.end)
            .into_iter()
            .flat_map(|range| self.overlapping(range))
    }

    /// The runs that lie in `range` after those at its borders were cut; the same rule as for [`Self::iter_mut`].
    pub(crate) fn cut_out(
        &mut self,
        range: OffsetRange,
    ) -> impl Iterator<Item = (OffsetRange, &mut Run)> {
        self.cut_at(range.first());
        self.cut_at(range.end());
        let inside = self.map.range_mut(range.first()..range.end());
        inside.map(|(first, run)| (range_of(*first, run), run))
    }

    /// Makes the offset the first one of a run, if it is inside of one.
    fn cut_at(&mut self, offset: Offset) {
        let before = (Bound::Unbounded, Bound::Excluded(offset));
        let Some((_, run)) = self.map.range_mut(before).next_back() else { return };
        if run.end > offset {
            let rest = run.clone();
            run.end = offset;
            self.map.insert(offset, rest);
        }
    }

    /// Adds records that follow the end.
    pub(crate) fn push(&mut self, range: OffsetRange, run: Run) {
        assert!(range.first() == self.end, "records are read one after the other");
        assert!(run.end == range.end(), "a run is as long as its range");
        self.end = range.end();
        if run.state == RunState::Missing {
            self.missing_count += range.count();
            let last = self.map.last_entry();
            if let Some(mut last) = last.filter(|last| is_same_gap(last.get(), &run)) {
                last.get_mut().end = run.end;
                return;
            }
        }
        self.map.insert(range.first(), run);
    }

    /// What is available in the range turned out to be missing. Whether there was something.
    pub(crate) fn mark_missing(&mut self, range: OffsetRange) -> bool {
        let mut found = 0;
        for (range, run) in self.cut_out(range) {
            if run.state == RunState::Available {
                run.become_dirty(RunState::Missing);
                found += range.count();
            }
        }
        self.missing_count += found;
        found > 0
    }

    /// Takes out the run at the start.
    pub(crate) fn pop_first(&mut self) -> Option<Run> {
        let (first, run) = self.map.pop_first()?;
        if run.state == RunState::Missing {
            self.missing_count -= range_of(first, &run).count();
        }
        self.start = run.end;
        Some(run)
    }

    pub(crate) fn first(&self) -> Option<&Run> {
        self.map.first_key_value().map(|(_, run)| run)
    }

    /// Everything before the offset is gone, whoever holds it.
    pub(crate) fn start_at(&mut self, start: Offset) {
        assert!(start >= self.start, "the start offset never goes back");
        self.cut_at(start);
        while self.map.first_key_value().is_some_and(|(first, _)| *first < start) {
            let _gone = self.pop_first();
        }
        self.start = start;
        self.end = self.end.max(start);
    }

    pub(crate) fn clear(&mut self) {
        self.map.clear();
        self.missing_count = 0;
        self.end = self.start;
    }

    /// Each offset in exactly one run, and the count of missing ones right.
    pub(crate) fn assert_invariants(&self) {
        let mut at = self.start;
        let mut missing_count = 0;
        for (range, run) in self.iter() {
            assert!(range.first() == at, "runs follow each other");
            at = range.end();
            if run.state == RunState::Missing {
                missing_count += range.count();
            }
        }
        assert!(at == self.end, "runs reach to the end");
        assert!(missing_count == self.missing_count, "missing records are counted");
    }
}

fn is_same_gap(run: &Run, next: &Run) -> bool {
    run.state == RunState::Missing && run.mark == next.mark
}
