use std::collections::BTreeSet;
use std::time::Duration;

use model::{ProducerEpoch, ProducerId};

use crate::{
    Decision, Event, Now, Outcome, Producer, Soft, State, Transaction, TransactionError,
    TransactionShard, TransactionalId,
};

/// A producer begins its life under a transactional id, or goes on after an error (KIP-360).
#[derive(Clone, Debug)]
pub struct InitProducer {
    pub id: TransactionalId,
    pub timeout: Duration,
    /// What the producer believes to be, when it goes on.
    pub expected: Option<Producer>,
    /// An id that nobody has, for when one is needed; see [`TransactionError::FreshIdNeeded`].
    pub fresh: Option<ProducerId>,
}

impl TransactionShard {
    /// Gives the producer its id and an epoch that fences its earlier lives. An open transaction of theirs is aborted
    /// first, and [`TransactionError::ConcurrentTransactions`] asks to come again.
    pub fn init_producer(
        &self,
        soft: &mut Soft,
        now: Now,
        request: &InitProducer,
    ) -> Decision<Result<Producer, TransactionError>> {
        soft.now = now;
        let id = &request.id;
        if request.timeout.is_zero() || request.timeout > soft.settings.timeout_max {
            return Decision::reply(Err(TransactionError::InvalidTimeout), None);
        }
        let Ok(entry) = self.entry(id) else { return self.first_producer(soft, now, request) };
        let current = &entry.transaction;
        let refused = |error| Decision::reply(Err(error), self.seen(id));
        if request.expected.is_some_and(|expected| !may_be(expected, current)) {
            return refused(TransactionError::ProducerFenced);
        }
        match current.state {
            State::Prepare(_) => refused(TransactionError::ConcurrentTransactions),
            State::Ongoing => {
                let fenced = Event::TakenOver { id: id.clone(), producer: current.producer };
                let error = Err(TransactionError::ConcurrentTransactions);
                Decision { events: vec![fenced], ..self.fence(soft, now, id, current, error) }
            }
            State::Empty | State::Complete(_) => {
                let last = soft.last_epochs.get(id).copied();
                match next_producer(current.producer, last, request) {
                    Err(error) => refused(error),
                    Ok((producer, last)) => {
                        let next = Transaction {
                            producer,
                            previous_id: Some(current.producer.id),
                            timeout: request.timeout,
                            state: State::Empty,
                            partitions: BTreeSet::new(),
                            started_at: None,
                            updated_at: now.wall,
                            ..current.clone()
                        };
                        let decision = self.store_if_it_fits(soft, id, next, producer);
                        if decision.reply.is_ok() {
                            soft.set_last_epoch(id, last);
                        }
                        decision
                    }
                }
            }
        }
    }

    fn first_producer(
        &self,
        soft: &mut Soft,
        now: Now,
        request: &InitProducer,
    ) -> Decision<Result<Producer, TransactionError>> {
        let Some(fresh) = request.fresh else {
            return Decision::reply(Err(TransactionError::FreshIdNeeded), self.newest());
        };
        let producer = Producer::new(fresh);
        let transaction = Transaction {
            producer,
            previous_id: Some(fresh),
            next_id: None,
            timeout: request.timeout,
            state: State::Empty,
            partitions: BTreeSet::new(),
            started_at: None,
            updated_at: now.wall,
            version: crate::TransactionVersion::V0,
        };
        let decision = self.store_if_it_fits(soft, &request.id, transaction, producer);
        if decision.reply.is_ok() {
            soft.set_last_epoch(&request.id, None);
        }
        decision
    }

    /// Aborts an open transaction over its producer's head: with an epoch that the producer does not have. If it is alive, it may
    /// ask for that one and go on (KIP-588).
    pub(crate) fn fence<R>(
        &self,
        soft: &mut Soft,
        now: Now,
        id: &TransactionalId,
        current: &Transaction,
        reply: R,
    ) -> Decision<R> {
        soft.set_last_epoch(id, Some(current.producer.epoch));
        let next = Transaction {
            producer: current.producer.bumped(),
            previous_id: Some(current.producer.id),
            state: State::Prepare(Outcome::Abort),
            updated_at: now.wall,
            version: soft.settings.version,
            ..current.clone()
        };
        self.store(soft, id, next, reply)
    }
}

/// Whether a producer that names itself may be the present one, or one whose request to take over a new id was answered
/// and the answer lost.
fn may_be(expected: Producer, current: &Transaction) -> bool {
    expected.id == current.producer.id
        || (Some(expected.id) == current.previous_id && expected.is_exhausted())
}

/// The producer that comes next, and the epoch that may still ask for it again.
fn next_producer(
    current: Producer,
    last: Option<ProducerEpoch>,
    request: &InitProducer,
) -> Result<(Producer, Option<ProducerEpoch>), TransactionError> {
    let expected = request.expected.map(|expected| expected.epoch);
    let goes_on = expected == Some(current.epoch);
    if expected.is_none() || goes_on {
        let next = match current.is_exhausted() {
            true => Producer::new(request.fresh.ok_or(TransactionError::FreshIdNeeded)?),
            false => current.bumped(),
        };
        return Ok((next, goes_on.then_some(current.epoch)));
    }
    // The answer to the same request was lost, or the transaction was aborted for it. A new producer would have made the last
    // epoch forgotten, so it is no zombie.
    if expected != last {
        return Err(TransactionError::ProducerFenced);
    }
    // The last epoch of all is the coordinator's own, for an abort over a producer's head.
    let is_coordinators = current.epoch.next().is_none();
    let next = match is_coordinators {
        true => Producer::new(request.fresh.ok_or(TransactionError::FreshIdNeeded)?),
        false => current,
    };
    Ok((next, last))
}
