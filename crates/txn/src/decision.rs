use std::collections::BTreeSet;

use model::{Instant, Offset, Timestamp};

use crate::{
    Outcome, PartitionKey, Producer, State, Transaction, TransactionRecord, TransactionVersion,
    TransactionalId,
};

/// The time of a step: the monotonic clock for deadlines, the wall clock for what is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    pub instant: Instant,
    pub wall: Timestamp,
}

/// What to do about one step. The reply leaves once the records are committed and the log is committed up to `seen`; with
/// neither, at once.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub struct Decision<R> {
    /// To be appended in this order, then replayed.
    pub records: Vec<TransactionRecord>,
    pub reply: R,
    /// To be begun when the reply may leave, and not earlier: until then another outcome is possible.
    pub completions: Vec<Completion>,
    pub events: Vec<Event>,
    /// The newest record that the reply rests on.
    pub seen: Option<Offset>,
}

/// A transaction whose outcome is decided: its end is to be written to all its partitions, and then
/// [`crate::TransactionShard::complete`] is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    pub id: TransactionalId,
    /// The markers carry it.
    pub producer: Producer,
    pub outcome: Outcome,
    /// By whose rules partitions check the markers' epoch (KIP-1228).
    pub version: TransactionVersion,
    pub partitions: BTreeSet<PartitionKey>,
}

/// Something that an operator may want to read about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A transaction is aborted because it was open for too long.
    TimedOut { id: TransactionalId, producer: Producer },
    /// A transaction is aborted because another producer has taken the id over.
    TakenOver { id: TransactionalId, producer: Producer },
    /// Ids that were idle for too long are forgotten.
    Expired { count: usize },
}

impl<R> Decision<R> {
    /// Nothing is written.
    pub(crate) fn reply(reply: R, seen: Option<Offset>) -> Self {
        Self { records: Vec::new(), reply, completions: Vec::new(), events: Vec::new(), seen }
    }

    /// The same decision with the reply in other words.
    pub fn map<S>(self, word: impl FnOnce(R) -> S) -> Decision<S> {
        let Self { records, reply, completions, events, seen } = self;
        Decision { records, reply: word(reply), completions, events, seen }
    }
}

impl Completion {
    /// `None` for a transaction whose outcome is not decided, and for one that is complete.
    pub(crate) fn of(id: &TransactionalId, transaction: &Transaction) -> Option<Self> {
        let State::Prepare(outcome) = transaction.state else { return None };
        Some(Self {
            id: id.clone(),
            producer: transaction.producer,
            outcome,
            version: transaction.version,
            partitions: transaction.partitions.clone(),
        })
    }
}
