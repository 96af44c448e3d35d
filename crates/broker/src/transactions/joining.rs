use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use model::Instant;
use storage::LogDir;
use txn::{
    AddPartitions, PartitionKey, Producer, TransactionError, TransactionShard, TransactionVersion,
    TransactionalId,
};

use super::{Refused, flatten};
use crate::Broker;

/// Partitions that a producer wants to write to in its transaction.
#[derive(Clone, Debug)]
pub(crate) struct Join {
    pub(crate) id: TransactionalId,
    pub(crate) producer: Producer,
    pub(crate) partitions: BTreeSet<PartitionKey>,
    pub(crate) how: HowToJoin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HowToJoin {
    /// They join now, by a client of these rules.
    Add(TransactionVersion),
    /// They must have joined.
    Verify,
}

impl Join {
    /// Asks the coordinator, on this broker. While the transaction before is being ended, partitions that join wait a
    /// little, so that the client need not ask again.
    ///
    /// `before`: the directory of the one partition that joins, if what is written there is as durable as its write-ahead log
    /// and no more. If the coordinator writes to the same, the answer does not wait until that is committed.
    pub(crate) fn ask(
        self,
        broker: &Arc<Broker>,
        before: Option<Arc<LogDir>>,
        done: impl FnOnce(Result<(), Refused>, Uncommitted) + Send + 'static,
    ) {
        let HowToJoin::Add(version) = self.how else {
            return self.verify(broker, |result| done(result, Uncommitted(None)));
        };
        let wait = u64::from(broker.config().settings().transactions.join_wait_ms_max);
        let until = broker.clock().now().plus(Duration::from_millis(wait));
        let request = AddPartitions {
            id: self.id,
            producer: self.producer,
            partitions: self.partitions,
            version,
        };
        add(broker, Arc::new(request), before, until, done);
    }

    fn verify(self, broker: &Arc<Broker>, done: impl FnOnce(Result<(), Refused>) + Send + 'static) {
        broker.transactions().coordinator().decide(
            self.id.as_str(),
            |shard, _, _| shard.verify_partitions(&self.id, self.producer, &self.partitions),
            move |result| {
                done(
                    flatten(result)
                        .and_then(|parts| Ok(parts.into_iter().collect::<Result<(), _>>()?)),
                );
            },
        );
    }
}

fn add(
    broker: &Arc<Broker>,
    request: Arc<AddPartitions>,
    before: Option<Arc<LogDir>>,
    until: Instant,
    done: impl FnOnce(Result<(), Refused>, Uncommitted) + Send + 'static,
) {
    let asking = Arc::clone(broker);
    let again = Arc::clone(&request);
    let coordinator = broker.transactions().coordinator();
    let decide = |shard: &TransactionShard, soft: &mut txn::Soft, now| {
        shard.add_partitions(soft, now, &request)
    };
    let dir = before.clone();
    let done = move |result, is_uncommitted| {
        let dir = before.filter(|_| is_uncommitted);
        let uncommitted = Uncommitted(dir.clone().map(|dir| (Arc::clone(&asking), dir)));
        match flatten(result) {
            Err(Refused::Transaction(TransactionError::ConcurrentTransactions))
                if asking.clock().now() < until =>
            {
                let broker = Arc::clone(&asking);
                let id = again.id.clone();
                let look_again = move |worth_it| match worth_it {
                    true => add(&broker, again, dir, until, done),
                    false => {
                        let refused = TransactionError::ConcurrentTransactions;
                        done(Err(refused.into()), uncommitted);
                    }
                };
                asking.transactions().completions().wait(&id, until, Box::new(look_again));
            }
            result => done(result, uncommitted),
        }
    };
    match dir {
        Some(dir) => coordinator.decide_before(request.id.as_str(), &dir, decide, done),
        None => coordinator.decide(request.id.as_str(), decide, |result| done(result, false)),
    }
}

/// That a partition has joined may not be committed yet. When this is dropped it is seen to: by then the batch that it was
/// asked for should be in the log, so that both take one commit.
#[must_use]
pub(crate) struct Uncommitted(Option<(Arc<Broker>, Arc<LogDir>)>);

impl Uncommitted {
    /// Somebody else is about to have the directory committed.
    pub(crate) fn leave(mut self) {
        self.0 = None;
    }
}

impl Drop for Uncommitted {
    fn drop(&mut self) {
        if let Some((broker, dir)) = self.0.take() {
            broker.call_committer(&dir);
        }
    }
}

impl fmt::Debug for Uncommitted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Uncommitted({})", self.0.is_some())
    }
}
