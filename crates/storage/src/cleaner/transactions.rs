use std::collections::{BTreeMap, BTreeSet, VecDeque};

use model::{Offset, ProducerId};
use record::{BatchHeader, BatchView, ControlType, Decompressor};

use crate::index::AbortedTransaction;

/// Bytes that the records of a marker may have; they are a few.
const MARKER_SIZE_MAX: usize = 64 << 10;

/// Which transactions a walk through the log is in: what of aborted ones goes, and which markers are still needed.
///
/// A marker goes only when a walk met no batch of its transaction: as long as there is one, readers need to be told how it
/// ended. (KIP-98, KIP-534.)
#[derive(Debug, Default)]
pub(crate) struct TransactionWalk {
    /// Aborted ones that the walk has not come to, by their first offset.
    ahead: VecDeque<AbortedTransaction>,
    /// Aborted ones that it is in, and whether it met a batch of them.
    aborted: BTreeMap<ProducerId, (AbortedTransaction, bool)>,
    /// Producers of whose open transaction, which will be committed, it met a batch.
    committed: BTreeSet<ProducerId>,
}

/// What a control batch means for who cleans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MarkerFate {
    /// Batches of its transaction are there. Of an aborted one, its entry in the transaction index stays too.
    Needed(Option<AbortedTransaction>),
    /// Nothing is left that it could say anything of.
    Done,
}

impl TransactionWalk {
    /// Adds aborted transactions that touch what the walk comes to next.
    pub(crate) fn add(&mut self, mut found: Vec<AbortedTransaction>) {
        found.sort_by_key(|transaction| transaction.first);
        self.ahead = found.into();
    }

    /// Whether the records of a data batch belong to an aborted transaction.
    pub(crate) fn is_aborted(&mut self, header: &BatchHeader) -> bool {
        self.come_to(header.last_offset());
        let Some(producer) = header.producer() else { return false };
        if !header.attributes().is_transactional() {
            return false;
        }
        match self.aborted.get_mut(&producer.id) {
            Some((_, met)) => {
                *met = true;
                true
            }
            None => {
                self.committed.insert(producer.id);
                false
            }
        }
    }

    /// Takes in a control batch.
    pub(crate) fn control(&mut self, batch: &BatchView<'_>) -> MarkerFate {
        self.come_to(batch.header().last_offset());
        let mut decompressor = Decompressor::new();
        let record = batch.records(&mut decompressor, MARKER_SIZE_MAX);
        let record = record.ok().and_then(|mut records| records.next()?.ok());
        // An empty one has been cleaned before.
        let Some(record) = record else { return MarkerFate::Done };
        let producer = batch.header().producer().map(|producer| producer.id);
        match (ControlType::parse_key(record.key), producer) {
            (Ok(ControlType::Abort), Some(producer)) => match self.aborted.remove(&producer) {
                Some((transaction, true)) => MarkerFate::Needed(Some(transaction)),
                _ => MarkerFate::Done,
            },
            (Ok(ControlType::Commit), Some(producer)) => {
                let met = self.committed.remove(&producer);
                if met { MarkerFate::Needed(None) } else { MarkerFate::Done }
            }
            // What nobody here understands stays.
            _ => MarkerFate::Needed(None),
        }
    }

    fn come_to(&mut self, offset: Offset) {
        while let Some(next) = self.ahead.pop_front_if(|next| next.first <= offset) {
            self.aborted.entry(next.producer).or_insert((next, false));
        }
    }
}
