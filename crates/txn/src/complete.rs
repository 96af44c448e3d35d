use std::collections::BTreeSet;

use crate::{Completion, Decision, Now, Producer, Soft, State, Transaction, TransactionShard};

impl TransactionShard {
    /// Whether the transaction is still to be ended so. One that was closed since may have a successor by now, in which a
    /// late marker would do harm.
    pub fn is_prepared(&self, asked: &Completion) -> Decision<bool> {
        let id = &asked.id;
        let entry = self.entry(id).ok();
        let prepared = entry.and_then(|entry| Completion::of(id, &entry.transaction));
        Decision::reply(prepared.as_ref() == Some(asked), self.seen(id))
    }

    /// All partitions were told how the transaction ended. One that is complete already stays as it is.
    pub fn complete(&self, soft: &mut Soft, now: Now, done: &Completion) -> Decision<()> {
        soft.now = now;
        let id = &done.id;
        let current = match self.entry(id) {
            Ok(entry) if Completion::of(id, &entry.transaction).as_ref() == Some(done) => {
                &entry.transaction
            }
            Ok(_) | Err(_) => return Decision::reply((), None),
        };
        let next = Transaction {
            // The producer has heard of the other id, if there is one, when it ended the transaction.
            producer: current.next_id.map_or(current.producer, Producer::new),
            previous_id: Some(current.producer.id),
            next_id: None,
            state: State::Complete(done.outcome),
            partitions: BTreeSet::new(),
            updated_at: now.wall,
            ..current.clone()
        };
        self.store(soft, id, next, ())
    }
}
