use std::collections::BTreeSet;

use model::{Offset, ProducerId};

use crate::{OffsetRange, Planted, PlantedBug};

/// What a leader needs to know of a batch that was read from the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchedBatch {
    pub range: OffsetRange,
    pub kind: BatchKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchKind {
    Records,
    /// Records of a transaction of this producer.
    Transactional(ProducerId),
    /// The producer's transaction was aborted here.
    AbortMarker(ProducerId),
    /// Any other control record.
    Control,
}

/// A transaction that was aborted, as the log's index has it: from its first record on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AbortedTransaction {
    pub first: Offset,
    pub producer: ProducerId,
}

/// The offsets of batches with records to deliver, in order. What lies between them is missing.
///
/// `aborted` is empty for readers of uncommitted records; the others are told of every transaction that was aborted
/// and has records in `fetched`, and read no further than the last stable offset.
pub(crate) fn deliverable(
    fetched: &[FetchedBatch],
    aborted: &[AbortedTransaction],
    planted: Planted,
) -> Vec<OffsetRange> {
    let mut aborted = aborted.to_vec();
    aborted.sort_unstable();
    let mut to_come = aborted.iter().peekable();
    let mut open = BTreeSet::new();
    let mut found: Vec<OffsetRange> = Vec::with_capacity(fetched.len());
    for batch in fetched {
        while let Some(next) = to_come.next_if(|next| next.first < batch.range.end()) {
            open.insert(next.producer);
        }
        let delivers = match batch.kind {
            BatchKind::Records => true,
            BatchKind::Transactional(producer) => {
                !open.contains(&producer) || planted.has(PlantedBug::DeliverAborted)
            }
            BatchKind::AbortMarker(producer) => {
                open.remove(&producer);
                false
            }
            BatchKind::Control => false,
        };
        // Batches of one read follow each other; one that does not is not believed twice.
        let after = found.last().map_or(Offset::ZERO, |last| last.end());
        if delivers && let Some(range) = batch.range.from(after) {
            found.push(range);
        }
    }
    found
}

/// What of `region` is in none of `parts`, which are in order.
pub(crate) fn gaps(region: OffsetRange, parts: &[OffsetRange]) -> Vec<OffsetRange> {
    let mut at = region.first();
    let mut found = Vec::new();
    for part in parts.iter().filter_map(|part| part.intersect(region)) {
        found.extend(OffsetRange::between(at, part.first()));
        at = part.end();
    }
    found.extend(OffsetRange::between(at, region.end()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{offset, range};

    fn batch(first: i64, last: i64, kind: BatchKind) -> FetchedBatch {
        FetchedBatch { range: range(first, last), kind }
    }

    fn producer(id: i64) -> ProducerId {
        ProducerId::from_wire(id).unwrap()
    }

    fn all(fetched: &[FetchedBatch], aborted: &[AbortedTransaction]) -> Vec<OffsetRange> {
        deliverable(fetched, aborted, Planted::default())
    }

    #[test]
    fn an_aborted_transaction_is_skipped_up_to_its_marker() {
        let fetched = [
            batch(0, 4, BatchKind::Records),
            batch(5, 6, BatchKind::Transactional(producer(1))),
            batch(7, 8, BatchKind::Transactional(producer(2))),
            batch(9, 9, BatchKind::AbortMarker(producer(1))),
            batch(10, 11, BatchKind::Transactional(producer(1))),
            batch(12, 12, BatchKind::Control),
        ];
        let aborted = [AbortedTransaction { first: offset(5), producer: producer(1) }];
        assert_eq!(all(&fetched, &aborted), [range(0, 4), range(7, 8), range(10, 11)]);
        let uncommitted = [range(0, 4), range(5, 6), range(7, 8), range(10, 11)];
        assert_eq!(all(&fetched, &[]), uncommitted);
    }

    #[test]
    fn two_aborted_transactions_of_one_producer_are_both_skipped() {
        let fetched = [
            batch(0, 0, BatchKind::Transactional(producer(1))),
            batch(1, 1, BatchKind::AbortMarker(producer(1))),
            batch(2, 2, BatchKind::Transactional(producer(1))),
            batch(3, 3, BatchKind::AbortMarker(producer(1))),
            batch(4, 4, BatchKind::Transactional(producer(1))),
        ];
        let aborted =
            [0, 2].map(|first| AbortedTransaction { first: offset(first), producer: producer(1) });
        assert_eq!(all(&fetched, &aborted), [range(4, 4)]);
    }

    #[test]
    fn a_batch_that_was_read_twice_counts_once() {
        let fetched = [batch(0, 4, BatchKind::Records), batch(3, 6, BatchKind::Records)];
        assert_eq!(all(&fetched, &[]), [range(0, 4), range(5, 6)]);
    }

    #[test]
    fn gaps_are_what_is_left() {
        assert_eq!(gaps(range(0, 9), &[range(2, 3), range(6, 12)]), [range(0, 1), range(4, 5)]);
        assert_eq!(gaps(range(5, 9), &[range(0, 9)]), []);
        assert_eq!(gaps(range(5, 9), &[]), [range(5, 9)]);
    }
}
