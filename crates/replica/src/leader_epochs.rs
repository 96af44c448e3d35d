use model::{LeaderEpoch, Offset};

use crate::limits::LEADER_EPOCH_COUNT_MAX;

/// Where a leader epoch starts in the log. One line of `leader-epoch-checkpoint`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochStart {
    pub epoch: LeaderEpoch,
    pub start: Offset,
}

/// The answer to "where does this epoch end": the largest known epoch that is not later, and its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochEnd {
    pub epoch: LeaderEpoch,
    pub end: Offset,
}

/// Which leader epoch wrote which part of the log (KIP-101). By it a follower finds where its log and the leader's
/// part.
///
/// Epochs and starts both grow strictly from entry to entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeaderEpochs {
    starts: Vec<EpochStart>,
}

impl LeaderEpochs {
    /// Takes the entries of a checkpoint, in file order. One that contradicts an earlier one replaces it, as an
    /// append would.
    pub fn from_checkpoint(entries: impl IntoIterator<Item = EpochStart>) -> Self {
        let mut epochs = Self::default();
        for entry in entries {
            epochs.assign(entry.epoch, entry.start);
        }
        epochs
    }

    /// What a checkpoint has to hold, oldest first.
    pub fn entries(&self) -> &[EpochStart] {
        &self.starts
    }

    /// The epoch of the log's newest batch, or of a leadership that has begun after it.
    pub fn latest(&self) -> Option<LeaderEpoch> {
        self.starts.last().map(|entry| entry.epoch)
    }

    /// Notes that `epoch` begins at `start`, if that is news; says whether it was. Entries that would no longer be
    /// in order go: they described a log that was replaced.
    pub fn assign(&mut self, epoch: LeaderEpoch, start: Offset) -> bool {
        if self.starts.last().is_some_and(|last| last.epoch == epoch && last.start <= start) {
            return false;
        }
        while self.starts.last().is_some_and(|last| last.epoch >= epoch || last.start >= start) {
            self.starts.pop();
        }
        self.starts.push(EpochStart { epoch, start });
        if self.starts.len() > LEADER_EPOCH_COUNT_MAX {
            // The second entry goes, so the first reaches over it.
            self.starts.remove(1);
        }
        true
    }

    /// Forgets epochs that begin at `end` or after it; says whether there were any.
    pub fn truncate_to(&mut self, end: Offset) -> bool {
        let before = self.starts.len();
        while self.starts.last().is_some_and(|last| last.start >= end) {
            self.starts.pop();
        }
        self.starts.len() != before
    }

    /// Forgets epochs that begin at the end of a log from `start` to `end`, or after it. One from which everything was deleted
    /// keeps the epoch of what came last: nothing else says which one that was.
    pub fn end_at(&mut self, start: Offset, end: Offset) {
        let reaching = self.starts.iter().rev().find(|entry| entry.start <= start).copied();
        self.truncate_to(end);
        if let Some(reaching) = reaching
            && start == end
            && start > Offset::ZERO
        {
            self.assign(reaching.epoch, start);
        }
    }

    /// Forgets epochs that lie wholly before `start`; the one that reaches over it now begins there. Says whether
    /// anything changed.
    pub fn start_at(&mut self, start: Offset) -> bool {
        let gone = self.starts.partition_point(|entry| entry.start <= start);
        let Some(over) = gone.checked_sub(1) else { return false };
        let changed = over > 0 || self.starts[over].start != start;
        self.starts.drain(..over);
        if let Some(first) = self.starts.first_mut() {
            first.start = start;
        }
        changed
    }

    pub fn clear(&mut self) {
        self.starts.clear();
    }

    /// Where `epoch` ends in a log that ends at `log_end`. `None` when the log has heard of no epoch so late, or of
    /// none at all. An epoch before all known ones ends where the first known one starts: its records are gone.
    pub fn end_of(&self, epoch: LeaderEpoch, log_end: Offset) -> Option<EpochEnd> {
        let later = self.starts.partition_point(|entry| entry.epoch <= epoch);
        let end = match self.starts.get(later) {
            Some(next) => next.start,
            None if self.latest() == Some(epoch) => log_end,
            None => return None,
        };
        let floor = later.checked_sub(1).map_or(epoch, |index| self.starts[index].epoch);
        Some(EpochEnd { epoch: floor, end })
    }

    /// The epoch of the record at `offset`; `None` before the first known start.
    pub fn epoch_at(&self, offset: Offset) -> Option<LeaderEpoch> {
        let index = self.starts.partition_point(|entry| entry.start <= offset).checked_sub(1)?;
        Some(self.starts[index].epoch)
    }

    pub(crate) fn assert_invariants(&self, log_end: Offset) {
        // Changes happen at the end, so looking there keeps every step short.
        if let [.., before, last] = self.starts.as_slice() {
            assert!(before.epoch < last.epoch, "leader epochs grow");
            assert!(before.start < last.start, "starts of leader epochs grow");
        }
        if let Some(last) = self.starts.last() {
            assert!(last.start <= log_end, "no leader epoch begins after the log's end");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(raw: i32) -> LeaderEpoch {
        LeaderEpoch::from_wire(raw).unwrap()
    }

    fn offset(raw: i64) -> Offset {
        Offset::from_wire(raw).unwrap()
    }

    fn epochs(entries: &[(i32, i64)]) -> LeaderEpochs {
        LeaderEpochs::from_checkpoint(
            entries.iter().map(|&(e, o)| EpochStart { epoch: epoch(e), start: offset(o) }),
        )
    }

    fn end_of(entries: &[(i32, i64)], asked: i32) -> Option<(i32, i64)> {
        let answer = epochs(entries).end_of(epoch(asked), offset(100))?;
        Some((answer.epoch.to_wire(), answer.end.to_wire()))
    }

    #[test]
    fn an_epoch_keeps_its_first_start() {
        let mut cache = epochs(&[(1, 0)]);
        assert!(!cache.assign(epoch(1), offset(5)));
        assert!(cache.assign(epoch(2), offset(5)));
        assert_eq!(cache, epochs(&[(1, 0), (2, 5)]));
    }

    #[test]
    fn entries_out_of_order_give_way_to_the_new_one() {
        let mut cache = epochs(&[(1, 0), (2, 5), (3, 9)]);
        assert!(cache.assign(epoch(4), offset(5)));
        assert_eq!(cache, epochs(&[(1, 0), (4, 5)]));
        let mut cache = epochs(&[(1, 0), (5, 5)]);
        assert!(cache.assign(epoch(3), offset(7)));
        assert_eq!(cache, epochs(&[(1, 0), (3, 7)]));
    }

    #[test]
    fn end_of_an_epoch_is_the_start_of_the_next_known_one() {
        let known = [(2, 10), (4, 20), (5, 30)];
        assert_eq!(end_of(&known, 2), Some((2, 20)));
        assert_eq!(end_of(&known, 3), Some((2, 20)), "the largest known epoch below answers");
        assert_eq!(end_of(&known, 4), Some((4, 30)));
        assert_eq!(end_of(&known, 5), Some((5, 100)), "the newest ends with the log");
        assert_eq!(end_of(&known, 6), None, "not yet heard of");
        assert_eq!(end_of(&known, 1), Some((1, 10)), "before all: its records are gone");
        assert_eq!(end_of(&[], 0), None);
    }

    #[test]
    fn truncation_removes_epochs_at_or_after_the_end() {
        let mut cache = epochs(&[(1, 0), (2, 5), (3, 9)]);
        assert!(cache.truncate_to(offset(9)));
        assert!(!cache.truncate_to(offset(6)));
        assert_eq!(cache, epochs(&[(1, 0), (2, 5)]));
        assert!(cache.truncate_to(offset(0)));
        assert_eq!(cache.latest(), None);
    }

    #[test]
    fn a_log_that_was_emptied_keeps_the_epoch_of_what_came_last() {
        let emptied = |entries: &[(i32, i64)], start: i64, end: i64| {
            let mut cache = epochs(entries);
            cache.end_at(offset(start), offset(end));
            cache.start_at(offset(start));
            cache
        };
        assert_eq!(emptied(&[(3, 9)], 9, 9), epochs(&[(3, 9)]));
        assert_eq!(emptied(&[(1, 0), (2, 5)], 9, 9), epochs(&[(2, 9)]));
        assert_eq!(emptied(&[(1, 0), (3, 9)], 9, 9), epochs(&[(3, 9)]));
        assert_eq!(emptied(&[(1, 0), (3, 12)], 9, 9), epochs(&[(1, 9)]), "beyond its end");
        assert_eq!(emptied(&[(1, 0), (3, 9)], 5, 9), epochs(&[(1, 5)]), "not emptied");
        assert_eq!(emptied(&[(1, 0)], 0, 0), epochs(&[]), "never held anything");
    }

    #[test]
    fn a_later_log_start_raises_the_first_epoch() {
        let mut cache = epochs(&[(1, 0), (2, 5), (3, 9)]);
        assert!(cache.start_at(offset(7)));
        assert_eq!(cache, epochs(&[(2, 7), (3, 9)]));
        assert!(cache.start_at(offset(9)));
        assert_eq!(cache, epochs(&[(3, 9)]));
        assert!(!cache.start_at(offset(3)), "an earlier start changes nothing");
    }

    #[test]
    fn the_epoch_of_an_offset_is_that_of_the_last_start_before_it() {
        let cache = epochs(&[(1, 3), (4, 9)]);
        assert_eq!(cache.epoch_at(offset(2)), None);
        assert_eq!(cache.epoch_at(offset(3)), Some(epoch(1)));
        assert_eq!(cache.epoch_at(offset(8)), Some(epoch(1)));
        assert_eq!(cache.epoch_at(offset(50)), Some(epoch(4)));
    }

    #[test]
    fn the_table_stays_within_its_bound() {
        let mut cache = LeaderEpochs::default();
        for raw in 0..i32::try_from(LEADER_EPOCH_COUNT_MAX).unwrap() + 10 {
            cache.assign(epoch(raw), offset(i64::from(raw)));
        }
        assert_eq!(cache.entries().len(), LEADER_EPOCH_COUNT_MAX);
        assert_eq!(cache.entries()[0].epoch, epoch(0));
        cache.assert_invariants(Offset::MAX);
    }
}
