use std::sync::Arc;

use txn::{TransactionError, TransactionalId};

use super::{Refused, flatten};
use crate::Broker;

/// For a request whose producer cannot be one: that the transactional id is not known, or has another producer, is said
/// before anything of the epoch, as of all others.
pub(crate) fn refuse_nobody(
    broker: &Arc<Broker>,
    id: &TransactionalId,
    producer_id: i64,
    refused: Refused,
    done: impl FnOnce(Refused) + Send + 'static,
) {
    if refused != Refused::Transaction(TransactionError::ProducerFenced) {
        return done(refused);
    }
    broker.transactions().coordinator().decide(
        id.as_str(),
        |shard, _, _| shard.describe(id),
        move |result| {
            done(match flatten(result) {
                Ok(described) if described.producer.id.to_wire() == producer_id => refused,
                Ok(_) | Err(Refused::Transaction(_)) => {
                    TransactionError::InvalidProducerIdMapping.into()
                }
                Err(unavailable) => unavailable,
            });
        },
    );
}
