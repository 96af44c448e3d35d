use model::{Instant, LeaderEpoch, Offset};

use super::run::{Mark, Run, RunState};
use super::runs::Runs;
use super::share_partition::Writes;
use crate::{
    DeadLetter, DeadLetterCause, DeliveryState, Effect, Effects, OffsetRange, OpenError,
    STATE_BATCH_COUNT_MAX, SharePartition, ShareSettings, StateBatch, StateEpoch,
};

/// What a new leader begins with: the answer to its ReadShareGroupState.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Told apart by this, an answer to a write of an earlier life on this broker is not taken for another's.
    pub life: u64,
    pub state_epoch: StateEpoch,
    pub leader_epoch: LeaderEpoch,
    /// The coordinator's, or the one that was looked up in the log ([`crate::AutoOffsetReset::start_from`]); not
    /// before the log's start.
    pub start_offset: Offset,
    /// The coordinator does not have the start offset yet. It is written at once: a next leader that looked it up anew
    /// would pass over what came in between.
    pub is_start_new: bool,
    pub batches: Vec<StateBatch>,
}

impl SharePartition {
    /// Begins to lead. Records that were in flight and of which the coordinator knows nothing are available.
    pub fn open(
        opening: Opening,
        settings: ShareSettings,
        out: &mut Effects,
    ) -> Result<Self, OpenError> {
        if opening.batches.len() > STATE_BATCH_COUNT_MAX {
            return Err(OpenError::TooManyBatches);
        }
        let mut runs = Runs::starting_at(opening.start_offset);
        for batch in &opening.batches {
            // The log's start may have moved since this was written.
            let Some(range) = batch.range.from(opening.start_offset) else { continue };
            if range.first() < runs.end() || (batch.range.first() < runs.end() && !runs.is_empty())
            {
                return Err(OpenError::BatchesOverlap);
            }
            if let Some(unknown) = OffsetRange::between(runs.end(), range.first()) {
                let run = Run::new(unknown, RunState::Available, 0, Mark::Clean);
                runs.push(unknown, run);
            }
            let state = match batch.state {
                DeliveryState::Available => RunState::Available,
                DeliveryState::Acknowledged => RunState::Acknowledged,
                DeliveryState::Archiving => RunState::Archiving(DeadLetterCause::Unknown),
                // Archived without a delivery is what was never there.
                DeliveryState::Archived if batch.delivery_count == 0 => RunState::Missing,
                DeliveryState::Archived => RunState::Archived,
            };
            runs.push(range, Run::new(range, state, batch.delivery_count, Mark::Clean));
        }
        let mut partition = Self {
            runs,
            settings,
            state_epoch: opening.state_epoch,
            leader_epoch: opening.leader_epoch,
            available_from: opening.start_offset,
            next_lock_end: None,
            lock_check_from: Instant::ZERO,
            writes: Writes::new(opening.life, opening.is_start_new),
            is_fenced: false,
            lock_timeout_count: 0,
        };
        partition.send_letters_of_before(out);
        partition.advance_start(out);
        partition.flush(out);
        partition.assert_invariants();
        Ok(partition)
    }

    /// The earlier leader may have died before the dead-letter topic had them: they go there once more.
    fn send_letters_of_before(&mut self, out: &mut Effects) {
        for (range, run) in self.runs.iter_mut() {
            let RunState::Archiving(cause) = run.state else { continue };
            if self.settings.dead_letters {
                let delivery_count = run.delivery_count;
                out.push(Effect::DeadLetter(DeadLetter { range, delivery_count, cause }));
            } else {
                run.become_dirty(RunState::Archived);
                self.writes.is_wanted = true;
            }
        }
    }
}
