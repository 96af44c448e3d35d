use std::collections::BTreeSet;

use model::{Offset, ProducerId, SeededRandom};

use crate::samples::{offset, range};
use crate::{AbortedTransaction, BatchKind, FetchedBatch};

/// The partition's log as a leader reads it: batches, some of transactions, some compacted away.
pub(super) struct PartitionLog {
    batches: Vec<FetchedBatch>,
    /// With their markers' offsets.
    aborted: Vec<(AbortedTransaction, Offset)>,
    /// Records that readers of committed records may never see.
    aborted_offsets: BTreeSet<Offset>,
    pub(super) start: Offset,
    pub(super) end: Offset,
}

impl PartitionLog {
    pub(super) fn new(start: Offset) -> Self {
        Self {
            batches: Vec::new(),
            aborted: Vec::new(),
            aborted_offsets: BTreeSet::new(),
            start,
            end: start,
        }
    }

    pub(super) fn append(&mut self, random: &mut SeededRandom) {
        if random.one_in(3) {
            self.append_transactions(random);
        } else {
            self.push(random, BatchKind::Records);
        }
    }

    /// One or two that are mixed, each with its marker at the end.
    fn append_transactions(&mut self, random: &mut SeededRandom) {
        let all = [1, 2].map(|id| ProducerId::from_wire(id).unwrap());
        let producers = if random.one_in(2) { &all[..1] } else { &all[..] };
        let mut firsts = vec![None; producers.len()];
        for _ in 0..1 + random.below(3) {
            let which = usize::try_from(random.below(producers.len() as u64)).unwrap();
            let first = self.push(random, BatchKind::Transactional(producers[which]));
            firsts[which].get_or_insert(first);
        }
        for (first, producer) in firsts.into_iter().zip(producers) {
            let Some(first) = first else { continue };
            let aborts = random.one_in(2);
            if aborts {
                let of_it = |batch: &&FetchedBatch| {
                    batch.kind == BatchKind::Transactional(*producer)
                        && batch.range.first() >= first
                };
                for batch in self.batches.iter().filter(of_it) {
                    self.aborted_offsets.extend(offsets(batch));
                }
                let transaction = AbortedTransaction { first, producer: *producer };
                self.aborted.push((transaction, self.end));
            }
            let marker =
                if aborts { BatchKind::AbortMarker(*producer) } else { BatchKind::Control };
            let at = self.end.to_wire();
            self.batches.push(FetchedBatch { range: range(at, at), kind: marker });
            self.end = offset(at + 1);
        }
    }

    fn push(&mut self, random: &mut SeededRandom, kind: BatchKind) -> Offset {
        let first = self.end;
        let last = first.to_wire() + i64::try_from(random.below(6)).unwrap();
        self.batches.push(FetchedBatch { range: range(first.to_wire(), last), kind });
        self.end = offset(last + 1);
        first
    }

    /// A batch goes, and its offsets with it; the last one stays, as in a real log.
    pub(super) fn compact(&mut self, random: &mut SeededRandom) {
        if self.batches.len() > 1 {
            let at = random.below(self.batches.len() as u64 - 1);
            let at = usize::try_from(at).unwrap();
            // The marker has to outlive its records.
            if !matches!(self.batches[at].kind, BatchKind::AbortMarker(_)) {
                self.batches.remove(at);
            }
        }
    }

    pub(super) fn move_start(&mut self, random: &mut SeededRandom) {
        let span = self.end.records_since(self.start);
        let by = random.below(span.min(10) + 1);
        self.start = offset(self.start.to_wire() + i64::try_from(by).unwrap());
        self.batches.retain(|batch| batch.range.end() > self.start);
    }

    /// From the batch with the offset on.
    pub(super) fn read(&self, from: Offset, batch_count: usize) -> Vec<FetchedBatch> {
        let behind = self.batches.iter().filter(|batch| batch.range.end() > from);
        behind.take(batch_count).copied().collect()
    }

    /// What the log's index tells about a read.
    pub(super) fn aborted_in(&self, fetched: &[FetchedBatch]) -> Vec<AbortedTransaction> {
        let Some((first, last)) = fetched.first().zip(fetched.last()) else { return Vec::new() };
        let concerns = |(aborted, marker): &&(AbortedTransaction, Offset)| {
            aborted.first < last.range.end() && *marker >= first.range.first()
        };
        self.aborted.iter().filter(concerns).map(|(aborted, _)| *aborted).collect()
    }

    /// Whether there is a record that readers may see.
    pub(super) fn has(&self, at: Offset, committed_only: bool) -> bool {
        let batch = self.batches.iter().find(|batch| batch.range.contains(at));
        let is_record = batch.is_some_and(|batch| {
            matches!(batch.kind, BatchKind::Records | BatchKind::Transactional(_))
        });
        is_record && !(committed_only && self.aborted_offsets.contains(&at))
    }
}

pub(super) fn offsets(batch: &FetchedBatch) -> impl Iterator<Item = Offset> {
    (batch.range.first().to_wire()..batch.range.end().to_wire()).map(offset)
}
