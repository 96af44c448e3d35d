use std::collections::{BTreeMap, BTreeSet};

use model::{Offset, Timestamp};

use crate::{
    Completion, Decision, Format, Now, Planted, Soft, State, Transaction, TransactionError,
    TransactionRecord, TransactionalId,
};

/// The transactional ids of one partition of `__transaction_state`, as its log has them.
#[derive(Debug, Default)]
pub struct TransactionShard {
    ids: BTreeMap<TransactionalId, Entry>,
    /// Open transactions by the time at which they have been open for too long.
    pub(crate) deadlines: BTreeSet<(Timestamp, TransactionalId)>,
    /// Ids without an open transaction, by how long nothing has happened to them.
    pub(crate) idle: BTreeSet<(Timestamp, TransactionalId)>,
    /// The newest record replayed.
    newest: Option<Offset>,
    pub(crate) planted: Planted,
}

#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) transaction: Transaction,
    /// Where its newest record lies.
    pub(crate) at: Offset,
}

impl TransactionShard {
    pub fn new() -> Self {
        Self::default()
    }

    /// For the tests that must notice a bug; see [`Planted`].
    pub fn plant(&mut self, planted: Planted) {
        self.planted = planted;
    }

    /// Takes over a record that is in the log at offset `at`. The only writer of this state.
    pub fn replay(&mut self, at: Offset, record: &TransactionRecord) {
        self.newest = Some(at);
        match record {
            TransactionRecord::Stored { id, transaction, format: _ } => {
                transaction.assert_invariants();
                self.forget(id);
                if let Some(deadline) = transaction.deadline() {
                    self.deadlines.insert((deadline, id.clone()));
                }
                if let Some(since) = transaction.idle_since() {
                    self.idle.insert((since, id.clone()));
                }
                let entry = Entry { transaction: transaction.clone(), at };
                self.ids.insert(id.clone(), entry);
            }
            TransactionRecord::Removed { id } => self.forget(id),
        }
    }

    fn forget(&mut self, id: &TransactionalId) {
        let Some(Entry { transaction, .. }) = self.ids.remove(id) else { return };
        if let Some(deadline) = transaction.deadline() {
            self.deadlines.remove(&(deadline, id.clone()));
        }
        if let Some(since) = transaction.idle_since() {
            self.idle.remove(&(since, id.clone()));
        }
    }

    /// To be called once when all of the log is replayed. Transactions whose outcome was decided by an earlier coordinator
    /// are to be completed now.
    pub fn loaded(&self, soft: &mut Soft, now: Now) -> Decision<()> {
        soft.now = now;
        soft.next_expiry = now.instant.plus(soft.settings.expiry_check_interval);
        let completions =
            self.iter().filter_map(|(id, entry)| Completion::of(id, &entry.transaction)).collect();
        Decision { completions, ..Decision::reply((), self.newest) }
    }

    /// Of a producer's own request: the id must be known.
    pub(crate) fn entry(&self, id: &TransactionalId) -> Result<&Entry, TransactionError> {
        self.ids.get(id).ok_or(TransactionError::InvalidProducerIdMapping)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&TransactionalId, &Entry)> {
        self.ids.iter()
    }

    /// The newest record that a reader of the id's state rests on.
    pub(crate) fn seen(&self, id: &TransactionalId) -> Option<Offset> {
        self.ids.get(id).map_or(self.newest, |entry| Some(entry.at))
    }

    pub(crate) fn newest(&self) -> Option<Offset> {
        self.newest
    }

    /// A decision that changes one id.
    pub(crate) fn store<R>(
        &self,
        soft: &Soft,
        id: &TransactionalId,
        transaction: Transaction,
        reply: R,
    ) -> Decision<R> {
        self.assert_follows(id, &transaction);
        let completions = Completion::of(id, &transaction).into_iter().collect();
        let records = vec![stored(soft, id, transaction)];
        Decision { records, completions, ..Decision::reply(reply, self.seen(id)) }
    }

    /// The same for a change that may make the record larger than the topic takes: then it is refused.
    pub(crate) fn store_if_it_fits<R>(
        &self,
        soft: &Soft,
        id: &TransactionalId,
        transaction: Transaction,
        reply: R,
    ) -> Decision<Result<R, TransactionError>> {
        self.assert_follows(id, &transaction);
        let record = stored(soft, id, transaction);
        match soft.record_size_max.check(&record) {
            Err(error) => Decision::reply(Err(error), self.seen(id)),
            Ok(()) => {
                let records = vec![record];
                Decision { records, ..Decision::reply(Ok(reply), self.seen(id)) }
            }
        }
    }

    /// The states that may follow each other, and the order of epochs.
    fn assert_follows(&self, id: &TransactionalId, next: &Transaction) {
        next.assert_invariants();
        let Some(Entry { transaction: before, .. }) = self.ids.get(id) else {
            return assert!(next.state == State::Empty, "a new id has no transaction");
        };
        let allowed = match (before.state, next.state) {
            (State::Empty | State::Complete(_), State::Empty | State::Ongoing)
            | (State::Ongoing, State::Ongoing | State::Prepare(_)) => true,
            (State::Empty | State::Complete(_), State::Prepare(outcome)) => {
                outcome == crate::Outcome::Abort
            }
            (State::Prepare(decided), State::Complete(outcome)) => decided == outcome,
            _ => false,
        };
        assert!(allowed, "{} does not follow {}", next.state.name(), before.state.name());
        let (old, new) = (before.producer, next.producer);
        assert!(old.id != new.id || old.epoch <= new.epoch, "an epoch does not go back");
    }
}

fn stored(soft: &Soft, id: &TransactionalId, transaction: Transaction) -> TransactionRecord {
    let format = Format::of(soft.settings.version);
    TransactionRecord::Stored { id: id.clone(), transaction, format }
}
