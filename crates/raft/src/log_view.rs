use model::{LeaderEpoch, Offset};

/// Names a snapshot: it holds every record below `end`, the last of which was written in `epoch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SnapshotId {
    pub end: Offset,
    pub epoch: LeaderEpoch,
}

/// What the machine knows of the log; the bytes are the shell's.
///
/// Invariants: `start ≤ end`; epochs and their starts ascend strictly; the first epoch starts at or after the
/// snapshot's end or the log's start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogView {
    start: Offset,
    end: Offset,
    /// Each epoch that has records, with the offset of its first.
    epochs: Vec<(LeaderEpoch, Offset)>,
    snapshot: Option<SnapshotId>,
}

/// Whether a replica's log is a part of this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Divergence {
    None,
    /// Both agree only up to the end of this epoch.
    Diverges {
        epoch: LeaderEpoch,
        end: Offset,
    },
    /// What the replica lacks is no longer in the log.
    NeedsSnapshot(SnapshotId),
}

impl LogView {
    /// An empty log after a snapshot, if there is one. Add what it holds with [`LogView::append`].
    pub fn new(snapshot: Option<SnapshotId>) -> Self {
        let start = snapshot.map_or(Offset::ZERO, |snapshot| snapshot.end);
        Self { start, end: start, epochs: Vec::new(), snapshot }
    }

    /// As a log that begins before the snapshot.
    #[must_use]
    pub fn starting_at(mut self, start: Offset) -> Self {
        self.start = start;
        self.end = start;
        self
    }

    pub const fn start(&self) -> Offset {
        self.start
    }

    pub const fn end(&self) -> Offset {
        self.end
    }

    pub const fn snapshot(&self) -> Option<SnapshotId> {
        self.snapshot
    }

    /// The epoch of the last record, be it in the log or in the snapshot.
    pub fn last_epoch(&self) -> LeaderEpoch {
        let in_log = self.epochs.last().map(|(epoch, _)| *epoch);
        let in_snapshot = self.snapshot.map(|snapshot| snapshot.epoch);
        in_log.max(in_snapshot).unwrap_or(LeaderEpoch::ZERO)
    }

    /// Notes a batch that was added at the end.
    pub fn append(&mut self, epoch: LeaderEpoch, end: Offset) {
        assert!(
            self.end < end,
            "a batch that ends at {end} is added to a log that ends at {}",
            self.end
        );
        let last = self.epochs.last().map(|(last, _)| *last);
        assert!(last <= Some(epoch), "epoch {epoch} comes after {last:?}");
        if last != Some(epoch) {
            self.epochs.push((epoch, self.end));
        }
        self.end = end;
    }

    pub(crate) fn truncate(&mut self, end: Offset) {
        assert!(self.start <= end, "truncating to {end}, before the start {}", self.start);
        if end < self.end {
            self.end = end;
            self.epochs.retain(|(_, start)| *start < end);
        }
    }

    /// Notes a new snapshot, and that records below `start` are gone.
    pub fn snapshot_taken(&mut self, snapshot: SnapshotId, start: Offset) {
        assert!(self.snapshot <= Some(snapshot), "{snapshot:?} is older than {:?}", self.snapshot);
        assert!(start <= snapshot.end && snapshot.end <= self.end, "{snapshot:?}, start {start}");
        self.snapshot = Some(snapshot);
        if start > self.start {
            self.start = start;
            let first = self.epochs.partition_point(|(_, at)| *at <= start).saturating_sub(1);
            self.epochs.drain(..first);
            if let Some((_, at)) = self.epochs.first_mut() {
                *at = (*at).max(start);
            }
        }
    }

    /// The newest epoch not after `epoch`, and where it ends. What lies before the log counts as one epoch.
    pub fn end_of_epoch(&self, epoch: LeaderEpoch) -> (LeaderEpoch, Offset) {
        let next = self.epochs.partition_point(|(other, _)| *other <= epoch);
        let end = self.epochs.get(next).map_or(self.end, |(_, start)| *start);
        let before = next.checked_sub(1).and_then(|index| self.epochs.get(index));
        match (before, self.snapshot) {
            (Some((epoch, _)), _) => (*epoch, end),
            (None, Some(snapshot)) if snapshot.epoch <= epoch => (snapshot.epoch, end),
            (None, _) => (LeaderEpoch::ZERO, self.start),
        }
    }

    /// How a log whose end and last epoch are given stands to this one.
    pub fn compare(&self, end: Offset, last_epoch: LeaderEpoch) -> Divergence {
        if end == Offset::ZERO && last_epoch == LeaderEpoch::ZERO && self.start == Offset::ZERO {
            return Divergence::None;
        }
        if let Some(snapshot) = self.snapshot.filter(|snapshot| {
            let too_old = self.start > Offset::ZERO && last_epoch < self.oldest_epoch();
            end < self.start || (too_old && snapshot.epoch > last_epoch)
        }) {
            return Divergence::NeedsSnapshot(snapshot);
        }
        let (epoch, epoch_end) = self.end_of_epoch(last_epoch);
        if epoch == last_epoch && end <= epoch_end {
            return Divergence::None;
        }
        Divergence::Diverges { epoch, end: epoch_end }
    }

    fn oldest_epoch(&self) -> LeaderEpoch {
        let in_log = self.epochs.first().map(|(epoch, _)| *epoch);
        let in_snapshot = self.snapshot.map(|snapshot| snapshot.epoch);
        match (in_log, in_snapshot) {
            (Some(log), Some(snapshot)) => log.min(snapshot),
            (log, snapshot) => log.or(snapshot).unwrap_or(LeaderEpoch::ZERO),
        }
    }

    /// The epochs with their first offsets, as `leader-epoch-checkpoint` keeps them.
    pub fn epochs(&self) -> &[(LeaderEpoch, Offset)] {
        &self.epochs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offset(raw: i64) -> Offset {
        Offset::from_wire(raw).unwrap()
    }

    fn epoch(raw: i32) -> LeaderEpoch {
        LeaderEpoch::from_wire(raw).unwrap()
    }

    /// Epoch 1 at 0..5, epoch 3 at 5..8.
    fn view() -> LogView {
        let mut view = LogView::new(None);
        view.append(epoch(1), offset(2));
        view.append(epoch(1), offset(5));
        view.append(epoch(3), offset(8));
        view
    }

    #[test]
    fn an_epoch_ends_where_the_next_begins() {
        let view = view();
        assert_eq!(view.end_of_epoch(epoch(1)), (epoch(1), offset(5)));
        assert_eq!(view.end_of_epoch(epoch(2)), (epoch(1), offset(5)));
        assert_eq!(view.end_of_epoch(epoch(9)), (epoch(3), offset(8)));
        assert_eq!(view.end_of_epoch(epoch(0)), (epoch(0), offset(0)));
    }

    #[test]
    fn a_log_that_went_another_way_diverges_at_the_common_epoch() {
        let view = view();
        assert_eq!(view.compare(offset(0), epoch(0)), Divergence::None);
        assert_eq!(view.compare(offset(4), epoch(1)), Divergence::None);
        assert_eq!(view.compare(offset(8), epoch(3)), Divergence::None);
        let at_five = Divergence::Diverges { epoch: epoch(1), end: offset(5) };
        assert_eq!(view.compare(offset(6), epoch(1)), at_five);
        assert_eq!(view.compare(offset(7), epoch(2)), at_five);
    }

    #[test]
    fn truncating_forgets_later_epochs() {
        let mut view = view();
        view.truncate(offset(5));
        assert_eq!((view.end(), view.last_epoch()), (offset(5), epoch(1)));
    }

    #[test]
    fn what_lies_before_the_log_needs_the_snapshot() {
        let mut view = view();
        let snapshot = SnapshotId { end: offset(6), epoch: epoch(3) };
        view.snapshot_taken(snapshot, offset(6));
        assert_eq!(view.epochs(), [(epoch(3), offset(6))]);
        assert_eq!(view.compare(offset(4), epoch(1)), Divergence::NeedsSnapshot(snapshot));
        assert_eq!(view.compare(offset(0), epoch(0)), Divergence::NeedsSnapshot(snapshot));
        assert_eq!(view.compare(offset(7), epoch(3)), Divergence::None);
    }

    #[test]
    fn a_log_that_follows_the_bootstrap_snapshot_begins_at_zero() {
        let bootstrap = SnapshotId { end: Offset::ZERO, epoch: LeaderEpoch::ZERO };
        let mut view = LogView::new(Some(bootstrap));
        view.append(epoch(1), offset(3));
        assert_eq!(view.compare(offset(0), epoch(0)), Divergence::None);
        assert_eq!(view.last_epoch(), epoch(1));
    }
}
