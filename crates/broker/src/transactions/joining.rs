use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use model::Instant;
use txn::{
    AddPartitions, PartitionKey, Producer, TransactionError, TransactionVersion, TransactionalId,
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
    pub(crate) fn ask(
        self,
        broker: &Arc<Broker>,
        done: impl FnOnce(Result<(), Refused>) + Send + 'static,
    ) {
        let HowToJoin::Add(version) = self.how else {
            return self.verify(broker, done);
        };
        let wait = u64::from(broker.config().settings().transactions.join_wait_ms_max);
        let until = broker.clock().now().plus(Duration::from_millis(wait));
        let request = AddPartitions {
            id: self.id,
            producer: self.producer,
            partitions: self.partitions,
            version,
        };
        add(broker, Arc::new(request), until, done);
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
    until: Instant,
    done: impl FnOnce(Result<(), Refused>) + Send + 'static,
) {
    let asking = Arc::clone(broker);
    let again = Arc::clone(&request);
    broker.transactions().coordinator().decide(
        request.id.as_str(),
        |shard, soft, now| shard.add_partitions(soft, now, &request),
        move |result| match flatten(result) {
            Err(Refused::Transaction(TransactionError::ConcurrentTransactions))
                if asking.clock().now() < until =>
            {
                let broker = Arc::clone(&asking);
                let id = again.id.clone();
                let look_again = move |worth_it| match worth_it {
                    true => add(&broker, again, until, done),
                    false => done(Err(TransactionError::ConcurrentTransactions.into())),
                };
                asking.transactions().completions().wait(&id, until, Box::new(look_again));
            }
            result => done(result),
        },
    );
}
