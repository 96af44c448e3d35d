use group::{MemberId, Ticket};
use model::Instant;

use super::run::{Hold, RunState, Settled};
use crate::{
    ACKNOWLEDGEMENT_BATCH_COUNT_MAX, AcknowledgeError, DeadLetterCause, Effect, Effects,
    OffsetRange, PlantedBug, SharePartition, WAITING_ACKNOWLEDGEMENT_COUNT_MAX,
};

/// What a member says about a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcknowledgeType {
    /// There is no such record.
    Gap,
    Accept,
    Release,
    Reject,
    /// It needs more time (KIP-1222).
    Renew,
}

impl AcknowledgeType {
    pub const fn from_wire(raw: i8) -> Option<Self> {
        match raw {
            0 => Some(Self::Gap),
            1 => Some(Self::Accept),
            2 => Some(Self::Release),
            3 => Some(Self::Reject),
            4 => Some(Self::Renew),
            _ => None,
        }
    }
}

/// Acknowledgements for records in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcknowledgementBatch {
    pub range: OffsetRange,
    /// One for all of them, or one for each.
    pub types: Vec<AcknowledgeType>,
}

impl SharePartition {
    /// Takes a member's decisions: all of them, or none. The answer comes under the request's ticket, at once or when
    /// the coordinator has written them. What lies before the start offset is passed over: it is decided.
    pub fn acknowledge(
        &mut self,
        now: Instant,
        ticket: Ticket,
        member: &MemberId,
        batches: &[AcknowledgementBatch],
        out: &mut Effects,
    ) {
        let result = self.check(member, batches).and_then(|plan| {
            if self.writes.waiting.len() >= WAITING_ACKNOWLEDGEMENT_COUNT_MAX {
                return Err(AcknowledgeError::TooManyWaiting);
            }
            Ok(plan)
        });
        match result {
            Err(error) => out.push(Effect::Answer { ticket, result: Err(error) }),
            Ok(plan) => {
                let is_early = self.settings.planted.has(PlantedBug::AnswerBeforeWritten);
                if self.settle(now, member, &plan) && !is_early {
                    self.writes.waiting.push_back((self.writes.next, ticket));
                } else {
                    out.push(Effect::Answer { ticket, result: Ok(()) });
                }
                self.flush(out);
            }
        }
        self.assert_invariants();
    }

    /// What is to be done about which records, if all of it may be done.
    fn check(
        &self,
        member: &MemberId,
        batches: &[AcknowledgementBatch],
    ) -> Result<Vec<(OffsetRange, AcknowledgeType)>, AcknowledgeError> {
        if self.is_fenced {
            return Err(AcknowledgeError::NotLeader);
        }
        if batches.len() > ACKNOWLEDGEMENT_BATCH_COUNT_MAX {
            return Err(AcknowledgeError::InvalidRequest);
        }
        let mut plan = Vec::with_capacity(batches.len());
        let mut after = None;
        for batch in batches {
            if after.is_some_and(|after| batch.range.first() < after) {
                return Err(AcknowledgeError::InvalidRequest);
            }
            after = Some(batch.range.end());
            let decisions = decisions(batch).ok_or(AcknowledgeError::InvalidRequest)?;
            for (range, kind) in decisions {
                if kind == AcknowledgeType::Renew && !self.settings.renew_allowed {
                    return Err(AcknowledgeError::RenewNotAllowed);
                }
                let Some(range) = range.from(self.runs.start()) else { continue };
                self.check_held(member, range)?;
                plan.push((range, kind));
            }
        }
        Ok(plan)
    }

    fn check_held(&self, member: &MemberId, range: OffsetRange) -> Result<(), AcknowledgeError> {
        if range.end() > self.runs.end() {
            // Kafka's way: with nothing in flight the records are unknown, else the request is wrong.
            return Err(if self.runs.is_empty() {
                AcknowledgeError::InvalidRecordState
            } else {
                AcknowledgeError::InvalidRequest
            });
        }
        let is_held = self.runs.overlapping(range).all(|(_, run)| run.is_held_by(member));
        if is_held { Ok(()) } else { Err(AcknowledgeError::InvalidRecordState) }
    }

    /// Whether there is something to be written.
    fn settle(
        &mut self,
        now: Instant,
        member: &MemberId,
        plan: &[(OffsetRange, AcknowledgeType)],
    ) -> bool {
        let limit = self.delivery_count_limit();
        let until = now.plus(self.settings.record_lock_duration);
        let write = self.writes.next;
        let mut settles = false;
        for (range, kind) in plan {
            let rejected = self.refused_as(DeadLetterCause::Rejected);
            let over_limit = self.refused_as(DeadLetterCause::DeliveryCountLimit);
            let loses = self.settings.planted.has(PlantedBug::LoseReleased);
            for (_, run) in self.runs.cut_out(*range) {
                let RunState::Acquired(hold) = &mut run.state else { continue };
                let to = match kind {
                    AcknowledgeType::Renew => {
                        *hold = Hold { member: member.clone(), until };
                        continue;
                    }
                    AcknowledgeType::Accept => Settled::Acknowledged,
                    AcknowledgeType::Gap => Settled::Archived,
                    AcknowledgeType::Reject => rejected,
                    AcknowledgeType::Release if loses => Settled::Acknowledged,
                    AcknowledgeType::Release if run.delivery_count >= limit => over_limit,
                    AcknowledgeType::Release => Settled::Available,
                };
                run.state = RunState::Settling { hold: hold.clone(), to, write };
                settles = true;
            }
        }
        if plan.iter().any(|(_, kind)| *kind == AcknowledgeType::Renew) {
            self.note_lock_end(until);
        }
        self.writes.is_wanted |= settles;
        settles
    }

    const fn refused_as(&self, cause: DeadLetterCause) -> Settled {
        if self.settings.dead_letters { Settled::Archiving(cause) } else { Settled::Archived }
    }
}

/// The batch's decisions, those about records in a row together. `None` when there are neither one nor as many as
/// records.
fn decisions(batch: &AcknowledgementBatch) -> Option<Vec<(OffsetRange, AcknowledgeType)>> {
    if let [kind] = batch.types.as_slice() {
        return Some(vec![(batch.range, *kind)]);
    }
    if u64::try_from(batch.types.len()).ok()? != batch.range.count() {
        return None;
    }
    let mut rest = Some(batch.range);
    let mut found = Vec::new();
    for alike in batch.types.chunk_by(|kind, next| kind == next) {
        let range = rest?.take(u64::try_from(alike.len()).ok()?)?;
        found.push((range, *alike.first()?));
        rest = rest?.from(range.end());
    }
    Some(found)
}
