//! What only a transactional producer's queues do: they wait until their partition is in the transaction, and a failure is
//! the whole transaction's.

use model::TopicPartition;

use super::{Accumulator, Identity};
use crate::ClientError;

/// Beside the queues of a transactional producer.
#[derive(Debug, Default)]
pub(super) struct InTransaction {
    fault: Option<Fault>,
    /// The transaction is being aborted: what comes back is not sent again.
    pub(super) is_dropping: bool,
}

/// The first failure of a batch of the transaction.
#[derive(Clone, Debug)]
pub(in crate::producer) struct Fault {
    pub(in crate::producer) error: ClientError,
    /// A sequence was taken that the broker may never see.
    pub(in crate::producer) leaves_gap: bool,
}

/// How the queues are, as far as transactions ask.
#[derive(Clone, Debug, Default)]
pub(in crate::producer) struct Ground {
    /// Partitions that have batches and are not in the transaction.
    pub(in crate::producer) outside: Vec<TopicPartition>,
    /// Batches wait to leave.
    pub(in crate::producer) is_waiting: bool,
    /// Nothing waits, and every answer has come.
    pub(in crate::producer) is_idle: bool,
    /// Batches that come back are not sent again.
    pub(in crate::producer) is_dropping: bool,
}

impl InTransaction {
    pub(super) fn fail(&mut self, error: &ClientError, leaves_gap: bool) {
        match &mut self.fault {
            Some(fault) => fault.leaves_gap |= leaves_gap,
            None => self.fault = Some(Fault { error: error.clone(), leaves_gap }),
        }
    }
}

impl Accumulator {
    /// For a transactional producer.
    pub(in crate::producer) fn transactional(mut self) -> Self {
        self.transaction = Some(InTransaction::default());
        self
    }

    pub(in crate::producer) fn ground(&self) -> Ground {
        let mut ground = Ground { is_idle: true, ..Ground::default() };
        ground.is_dropping = self.is_dropping();
        for queue in &self.queues {
            let is_waiting = !queue.waiting.is_empty();
            ground.is_waiting |= is_waiting;
            ground.is_idle &= !is_waiting && queue.in_flight.is_empty();
            if is_waiting && !queue.is_admitted {
                ground.outside.push(queue.partition.clone());
            }
        }
        ground
    }

    pub(super) fn is_dropping(&self) -> bool {
        self.transaction.as_ref().is_some_and(|it| it.is_dropping)
    }

    /// These partitions are in the transaction.
    pub(in crate::producer) fn admit(&mut self, partitions: &[TopicPartition]) {
        for partition in partitions {
            let place = self.places.get(partition).copied();
            if let Some(queue) = place.and_then(|place| self.queues.get_mut(place)) {
                queue.is_admitted = true;
            }
        }
    }

    /// The transaction is being aborted: what waits never leaves, and what is under way is not sent again.
    pub(in crate::producer) fn drop_waiting(&mut self, error: &ClientError) {
        let Some(transaction) = &mut self.transaction else { return };
        transaction.is_dropping = true;
        for queue in &mut self.queues {
            for batch in queue.waiting.drain(..) {
                self.buffered_size -= batch.size;
                if batch.sequence.is_some() {
                    transaction.fail(error, true);
                }
                batch.settle(Err(error.clone()));
            }
        }
    }

    /// The next transaction begins, under this identity. Sequences go on where it is the same.
    pub(in crate::producer) fn restart(&mut self, identity: Identity) {
        let Some(transaction) = &mut self.transaction else { return };
        *transaction = InTransaction::default();
        self.identity = Some(identity);
        for queue in &mut self.queues {
            queue.is_admitted = false;
            if queue.identity != Some(identity) {
                queue.identity = None;
            }
        }
    }

    /// What failed since this was asked.
    pub(in crate::producer) fn take_fault(&mut self) -> Option<Fault> {
        self.transaction.as_mut()?.fault.take()
    }
}
