use model::{Offset, Timestamp};

use super::{Append, Leader};
use crate::batch_facts::{MarkerEpochRule, Origin, ProducerFacts};
use crate::effects::{Acks, AppendError, Appended, Effect, Effects, Novelty, Once};
use crate::membership::Membership;
use crate::planted::PlantedBug;
use crate::producer_state::{ProducerError, WrittenBatch};
use crate::producer_states::Verdict;

impl Leader {
    pub(super) fn append<T: Copy, B>(
        &mut self,
        wall: Timestamp,
        append: Append<T, B>,
        out: &mut Effects<T, B>,
    ) {
        let ticket = append.ticket;
        match self.admit(&append) {
            Err(error) => {
                out.push(Effect::Answer { ticket, result: Err(error), once: Once::Now });
            }
            Ok(Admitted::Duplicate(batch)) => {
                let appended = self.duplicate(&batch);
                let early = self.settings.planted.has(PlantedBug::AckDuplicateEarly);
                let once = if early { Once::Now } else { once(append.acks, appended.end) };
                out.push(Effect::Answer { ticket, result: Ok(appended), once });
            }
            Ok(Admitted::Next { end }) => self.write(wall, append, end, out),
        }
    }

    fn admit<T, B>(&self, append: &Append<T, B>) -> Result<Admitted, AppendError> {
        let needed = self.in_sync_needed();
        let in_sync = self.in_sync.committed().len();
        if append.acks == Acks::AllInSync && in_sync < needed {
            return Err(AppendError::NotEnoughReplicas { in_sync, needed });
        }
        if append.facts.control && matches!(append.origin, Origin::Client { .. }) {
            return Err(AppendError::ControlBatch);
        }
        let lets_stale_pass = self.settings.planted.has(PlantedBug::AcceptStaleEpoch);
        let verdict = match self.log.producers.check(&append.facts, append.origin) {
            Err(ProducerError::FencedEpoch { .. }) if lets_stale_pass => Verdict::Next,
            verdict => verdict?,
        };
        match verdict {
            Verdict::Duplicate(batch) => Ok(Admitted::Duplicate(batch)),
            Verdict::Next => {
                if !lets_stale_pass {
                    self.check_membership(append)?;
                }
                let end = self.log.log_end.plus(append.facts.offset_count);
                Ok(Admitted::Next { end: end.ok_or(AppendError::OffsetsExhausted)? })
            }
        }
    }

    /// After the checks of epoch and sequence, so that a fenced producer hears that it is.
    fn check_membership<T, B>(&self, append: &Append<T, B>) -> Result<(), ProducerError> {
        let facts = &append.facts;
        let (Membership::Proved(guard), true, Some(producer)) =
            (append.origin.membership(), facts.transactional, facts.producer)
        else {
            return Ok(());
        };
        let is_open = self.log.producers.has_open(producer.id, producer.epoch);
        let holds = guard.is_some_and(|guard| {
            self.guards.as_ref().is_some_and(|guards| guards.holds(producer.id, guard))
        });
        if !is_open && !holds {
            return Err(ProducerError::NotInTransaction);
        }
        self.check_overtaking(producer)
    }

    /// Of a producer that the partition does not know any sequence may be the next. One that comes while an earlier batch
    /// was refused, and will come again, is not.
    fn check_overtaking(&self, producer: ProducerFacts) -> Result<(), ProducerError> {
        let unknown = self.log.producers.get(producer.id).is_none();
        let Some(got) = producer.base_sequence.filter(|_| unknown) else { return Ok(()) };
        match self.guards.as_ref().is_some_and(|guards| guards.is_overtaken(producer.id, got)) {
            true => Err(ProducerError::OutOfOrder { got, last: None }),
            false => Ok(()),
        }
    }

    fn write<T: Copy, B>(
        &mut self,
        wall: Timestamp,
        append: Append<T, B>,
        end: Offset,
        out: &mut Effects<T, B>,
    ) {
        let base = self.log.log_end;
        self.log.log_end = end;
        let leader_epoch = self.leader_epoch;
        if self.log.epochs.assign(leader_epoch, base) {
            out.push(Effect::EpochStarted { epoch: leader_epoch, start: base });
        }
        let ended = self.log.producers.replay(base, &append.facts, Some(wall));
        if let (Some(guards), Some(producer), true) =
            (&mut self.guards, append.facts.producer, append.facts.transactional)
        {
            match append.origin {
                Origin::Marker { epoch_rule: MarkerEpochRule::Later } => {
                    guards.forget_before(producer.id, producer.epoch);
                }
                Origin::Client { .. } | Origin::Coordinator { .. } | Origin::Marker { .. } => {
                    guards.forget(producer.id, producer.epoch);
                }
            }
        }
        out.push(Effect::Write { base, leader_epoch, batch: append.batch });
        if let Some(ended) = ended {
            out.push(Effect::TransactionEnded(ended));
        }
        let log_start = self.log.log_start;
        let appended = Appended { base, end, log_start, novelty: Novelty::New };
        let once = once(append.acks, end);
        out.push(Effect::Answer { ticket: append.ticket, result: Ok(appended), once });
    }

    /// The answer that the original got, or waits for as well if it is not there yet.
    fn duplicate(&self, batch: &WrittenBatch) -> Appended {
        Appended {
            base: batch.first_offset(),
            end: batch.last_offset.plus(1).unwrap_or(Offset::MAX),
            log_start: self.log.log_start,
            novelty: Novelty::Duplicate { max_timestamp: batch.max_timestamp },
        }
    }
}

enum Admitted {
    Next { end: Offset },
    Duplicate(WrittenBatch),
}

fn once(acks: Acks, end: Offset) -> Once {
    match acks {
        Acks::None => Once::Now,
        Acks::Leader => Once::Local(end),
        Acks::AllInSync => Once::Committed(end),
    }
}
