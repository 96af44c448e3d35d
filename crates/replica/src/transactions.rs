use model::{Offset, ProducerId};

use crate::batch_facts::Outcome;

/// A transaction that a marker has ended. An aborted one becomes an entry of the transaction index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedTransaction {
    pub producer: ProducerId,
    /// Its first record.
    pub first: Offset,
    /// Its marker.
    pub last: Offset,
    pub outcome: Outcome,
    /// Where the next open transaction begins, or right after the marker: as the transaction index wants it.
    pub last_stable: Offset,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Open {
    first: Offset,
    producer: ProducerId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ended {
    first: Offset,
    last: Offset,
}

/// The transactions that keep the last stable offset down: open ones, and ended ones whose marker is not below the
/// high watermark.
///
/// Both lists are in the order of first offsets. A producer has at most one open transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Transactions {
    open: Vec<Open>,
    ended: Vec<Ended>,
}

impl Transactions {
    pub(crate) fn begin(&mut self, first: Offset, producer: ProducerId) {
        let at = self.open.partition_point(|open| open.first < first);
        self.open.insert(at, Open { first, producer });
    }

    pub(crate) fn end(
        &mut self,
        producer: ProducerId,
        first: Offset,
        last: Offset,
        outcome: Outcome,
    ) -> EndedTransaction {
        self.open.retain(|open| open.producer != producer);
        let at = self.ended.partition_point(|ended| ended.first < first);
        self.ended.insert(at, Ended { first, last });
        let after_marker = last.plus(1).unwrap_or(Offset::MAX);
        let last_stable = self.open.first().map_or(after_marker, |open| open.first);
        EndedTransaction { producer, first, last, outcome, last_stable }
    }

    /// The first offset that readers of committed records must not see; `None` when nothing is in doubt.
    pub(crate) fn first_unstable(&self) -> Option<Offset> {
        let open = self.open.first().map(|open| open.first);
        let ended = self.ended.first().map(|ended| ended.first);
        match (open, ended) {
            (Some(open), Some(ended)) => Some(open.min(ended)),
            (open, ended) => open.or(ended),
        }
    }

    /// First offset of the oldest open transaction.
    pub(crate) fn first_open(&self) -> Option<Offset> {
        self.open.first().map(|open| open.first)
    }

    /// Transactions whose marker lies below `offset` (the high watermark or the log start) are settled.
    pub(crate) fn settle_below(&mut self, offset: Offset) {
        if !self.ended.is_empty() {
            self.ended.retain(|ended| ended.last >= offset);
        }
    }

    pub(crate) fn open_count(&self) -> usize {
        self.open.len()
    }
}
