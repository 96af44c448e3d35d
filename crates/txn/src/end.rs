use model::{ProducerEpoch, ProducerId};

use crate::{
    Decision, Now, Outcome, Producer, Soft, State, Transaction, TransactionError, TransactionShard,
    TransactionVersion, TransactionalId,
};

/// A producer ends its transaction.
#[derive(Clone, Debug)]
pub struct EndTransaction {
    pub id: TransactionalId,
    pub producer: Producer,
    pub outcome: Outcome,
    /// By whose rules the client goes.
    pub version: TransactionVersion,
    /// An id that nobody has, for when one is needed; see [`TransactionError::FreshIdNeeded`].
    pub fresh: Option<ProducerId>,
}

/// What is to be done about it.
enum Verdict {
    /// It ended so already, and the answer was lost.
    Ended,
    End,
}

impl TransactionShard {
    /// Decides the outcome; the reply is the producer of the next transaction. It leaves before the partitions are told.
    pub fn end(
        &self,
        soft: &mut Soft,
        now: Now,
        request: &EndTransaction,
    ) -> Decision<Result<Producer, TransactionError>> {
        soft.now = now;
        let id = &request.id;
        let seen = self.seen(id);
        let current = match self.entry(id) {
            Ok(entry) => &entry.transaction,
            Err(error) => return Decision::reply(Err(error), seen),
        };
        let verdict = match request.version.bumps_epoch() {
            true => judge(current, request),
            false => judge_without_bump(current, request),
        };
        match verdict {
            Err(error) => Decision::reply(Err(error), seen),
            Ok(Verdict::Ended) => Decision::reply(Ok(current.producer), seen),
            Ok(Verdict::End) if request.version.bumps_epoch() => {
                self.end_and_bump(soft, now, request, current)
            }
            Ok(Verdict::End) => {
                let next = Transaction {
                    state: State::Prepare(request.outcome),
                    previous_id: Some(current.producer.id),
                    updated_at: now.wall,
                    version: TransactionVersion::V0,
                    ..current.clone()
                };
                self.store(soft, id, next, Ok(current.producer))
            }
        }
    }

    fn end_and_bump(
        &self,
        soft: &mut Soft,
        now: Now,
        request: &EndTransaction,
        current: &Transaction,
    ) -> Decision<Result<Producer, TransactionError>> {
        let exhausted = current.producer.is_exhausted();
        if exhausted && request.fresh.is_none() {
            let error = Err(TransactionError::FreshIdNeeded);
            return Decision::reply(error, self.seen(&request.id));
        }
        let next_id = request.fresh.filter(|_| exhausted);
        let producer = current.producer.bumped();
        // With nothing written it was never begun, and a transaction needs a beginning.
        let started_at = match current.state {
            State::Ongoing => current.started_at,
            State::Empty | State::Prepare(_) | State::Complete(_) => Some(now.wall),
        };
        let next = Transaction {
            producer,
            previous_id: Some(current.producer.id),
            next_id,
            state: State::Prepare(request.outcome),
            started_at,
            updated_at: now.wall,
            version: request.version,
            ..current.clone()
        };
        soft.set_last_epoch(&request.id, Some(current.producer.epoch));
        self.store(soft, &request.id, next, Ok(next_id.map_or(producer, Producer::new)))
    }
}

/// Before version 2 a retry cannot be told from the end of an empty transaction, and both are harmless.
fn judge_without_bump(
    current: &Transaction,
    request: &EndTransaction,
) -> Result<Verdict, TransactionError> {
    if current.producer.id != request.producer.id {
        return Err(TransactionError::InvalidProducerIdMapping);
    }
    if current.producer.epoch != request.producer.epoch {
        return Err(TransactionError::ProducerFenced);
    }
    match current.state {
        State::Ongoing => Ok(Verdict::End),
        State::Complete(outcome) if outcome == request.outcome => Ok(Verdict::Ended),
        State::Prepare(outcome) if outcome == request.outcome => {
            Err(TransactionError::ConcurrentTransactions)
        }
        State::Empty | State::Prepare(_) | State::Complete(_) => {
            Err(TransactionError::InvalidState)
        }
    }
}

/// In version 2 the epoch tells a retry, which has the epoch before the bump, from the end of the next transaction
/// (KIP-890).
fn judge(current: &Transaction, request: &EndTransaction) -> Result<Verdict, TransactionError> {
    let (own, asked) = (current.producer, request.producer);
    // The bump used up the epochs of the id, and another one took over.
    let retry_over_ids = Some(asked.id) == current.previous_id
        && asked.epoch.to_wire() == i16::MAX - 1
        && own.epoch == ProducerEpoch::ZERO
        && asked.id != own.id;
    let retry = retry_over_ids || asked.epoch.next() == Some(own.epoch);
    if own.id != asked.id && !retry_over_ids {
        return Err(TransactionError::InvalidProducerIdMapping);
    }
    let present = asked.epoch == own.epoch;
    if present && matches!(current.state, State::Prepare(_)) {
        // The producer, told of its new epoch, is through with the next transaction before this one is complete: it wrote
        // nothing in it. Kafka fences it here.
        return Err(TransactionError::ConcurrentTransactions);
    }
    let valid = match current.state {
        State::Ongoing | State::Empty => present,
        State::Prepare(_) => retry,
        State::Complete(_) => retry || present,
    };
    if !valid {
        return Err(TransactionError::ProducerFenced);
    }
    match (current.state, request.outcome) {
        (State::Ongoing, _) => Ok(Verdict::End),
        (State::Complete(decided), outcome) if retry && decided == outcome => Ok(Verdict::Ended),
        (State::Complete(_), _) if retry => Err(TransactionError::InvalidState),
        // An abort before anything was written still fences what may be on its way.
        (State::Empty | State::Complete(_), Outcome::Abort) => Ok(Verdict::End),
        (State::Empty | State::Complete(_), Outcome::Commit) => Err(TransactionError::InvalidState),
        (State::Prepare(decided), outcome) if decided == outcome => {
            Err(TransactionError::ConcurrentTransactions)
        }
        (State::Prepare(_), _) => Err(TransactionError::InvalidState),
    }
}
