use std::collections::BTreeSet;
use std::time::Duration;

use model::{ProducerId, Timestamp};

use crate::{
    Decision, PartitionKey, Producer, State, Transaction, TransactionError, TransactionShard,
    TransactionalId,
};

/// A transactional id as DescribeTransactions shows it (KIP-664).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    pub producer: Producer,
    pub state: State,
    pub timeout: Duration,
    pub started_at: Option<Timestamp>,
    pub partitions: BTreeSet<PartitionKey>,
}

/// A transactional id as ListTransactions shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub id: TransactionalId,
    pub producer_id: ProducerId,
    pub state: State,
}

/// Which ids are listed; an empty set asks for all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub producer_ids: BTreeSet<ProducerId>,
    /// `None`: any.
    pub states: Option<BTreeSet<State>>,
    /// Only those whose transaction has run for longer (KIP-994).
    pub longer_than: Option<Duration>,
}

impl TransactionShard {
    pub fn describe(&self, id: &TransactionalId) -> Decision<Result<Described, TransactionError>> {
        let described = self.entry(id).map_err(|_| TransactionError::UnknownId).map(|entry| {
            let Transaction { producer, state, timeout, started_at, partitions, .. } =
                entry.transaction.clone();
            Described { producer, state, timeout, started_at, partitions }
        });
        Decision::reply(described, self.seen(id))
    }

    pub fn list(&self, now: Timestamp, filter: &Filter) -> Decision<Vec<Listed>> {
        let listed = |(id, entry): (&TransactionalId, &crate::shard::Entry)| Listed {
            id: id.clone(),
            producer_id: entry.transaction.producer.id,
            state: entry.transaction.state,
        };
        let all = self.iter().filter(|(_, entry)| filter.passes(now, &entry.transaction));
        Decision::reply(all.map(listed).collect(), self.newest())
    }
}

impl Filter {
    fn passes(&self, now: Timestamp, transaction: &Transaction) -> bool {
        let id = &transaction.producer.id;
        let longer = self.longer_than.is_none_or(|than| {
            // What never began has run since 1970, as in Kafka, where that time is -1.
            let started = transaction.started_at.map_or(-1, Timestamp::as_millis);
            let running = now.as_millis().saturating_sub(started);
            u128::try_from(running).is_ok_and(|running| running > than.as_millis())
        });
        longer
            && (self.producer_ids.is_empty() || self.producer_ids.contains(id))
            && self.states.as_ref().is_none_or(|states| states.contains(&transaction.state))
    }
}
