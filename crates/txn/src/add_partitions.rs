use std::collections::BTreeSet;

use crate::{
    Decision, Now, PartitionKey, PlantedBug, Producer, Soft, State, Transaction, TransactionError,
    TransactionShard, TransactionVersion, TransactionalId,
};

/// A producer wants to write to partitions in its transaction; the first of them begins it.
#[derive(Clone, Debug)]
pub struct AddPartitions {
    pub id: TransactionalId,
    pub producer: Producer,
    pub partitions: BTreeSet<PartitionKey>,
    /// By whose rules the client goes.
    pub version: TransactionVersion,
}

impl TransactionShard {
    pub fn add_partitions(
        &self,
        soft: &mut Soft,
        now: Now,
        request: &AddPartitions,
    ) -> Decision<Result<(), TransactionError>> {
        soft.now = now;
        let id = &request.id;
        let seen = self.seen(id);
        let current = match self.open_to(id, request.producer) {
            Ok(current) => current,
            Err(error) => return Decision::reply(Err(error), seen),
        };
        let is_open = current.state == State::Ongoing;
        if is_open && request.partitions.is_subset(&current.partitions) {
            return Decision::reply(Ok(()), seen);
        }
        let mut partitions = current.partitions.clone();
        partitions.extend(request.partitions.iter().cloned());
        let next = Transaction {
            previous_id: Some(current.producer.id),
            state: State::Ongoing,
            partitions,
            started_at: if is_open { current.started_at } else { Some(now.wall) },
            updated_at: now.wall,
            version: request.version,
            ..current.clone()
        };
        self.store_if_it_fits(soft, id, next, ())
    }

    /// Whether partitions are part of the producer's transaction: one result for each, in their order.
    pub fn verify_partitions<'a>(
        &self,
        id: &TransactionalId,
        producer: Producer,
        partitions: impl IntoIterator<Item = &'a PartitionKey>,
    ) -> Decision<Result<Vec<Result<(), TransactionError>>, TransactionError>> {
        let verified = self.open_to(id, producer).map(|current| {
            let is_part = |partition| match current.partitions.contains(partition) {
                true => Ok(()),
                false => Err(TransactionError::NotInTransaction),
            };
            partitions.into_iter().map(is_part).collect()
        });
        Decision::reply(verified, self.seen(id))
    }

    /// The id's state, if this producer may write in a transaction now.
    fn open_to(
        &self,
        id: &TransactionalId,
        producer: Producer,
    ) -> Result<&Transaction, TransactionError> {
        let current = &self.entry(id)?.transaction;
        let is_let_pass = self.planted.has(PlantedBug::AcceptStaleEpoch)
            && producer.epoch < current.producer.epoch;
        if current.producer.id != producer.id {
            Err(TransactionError::InvalidProducerIdMapping)
        } else if current.producer.epoch != producer.epoch && !is_let_pass {
            Err(TransactionError::ProducerFenced)
        } else if matches!(current.state, State::Prepare(_)) {
            Err(TransactionError::ConcurrentTransactions)
        } else {
            Ok(current)
        }
    }
}
