use std::ops::Range;

use model::{BrokerId, LeaderEpoch, Offset, Timestamp};

use crate::batch_facts::BatchFacts;
use crate::effects::{Effect, Effects};
use crate::leader_epochs::EpochEnd;
use crate::producer_states::ProducerStates;
use crate::read::{FetchFrom, FetchRefused, FetchVerdict};
use crate::replica_log::ReplicaLog;

/// What a follower asks of its leader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchRequest {
    pub leader: BrokerId,
    pub leader_epoch: LeaderEpoch,
    pub offset: Offset,
    pub last_fetched_epoch: Option<LeaderEpoch>,
    pub log_start: Offset,
    /// Where the leader is an own broker, it counts this one; it may lie behind `offset`.
    pub durable_end: Offset,
}

/// What can happen to a follower.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FollowerInput<B> {
    /// One batch of a fetch answer, as the leader wrote it.
    Fetched {
        base: Offset,
        /// As it stands in the batch: the epoch of the leader that took it in.
        leader_epoch: LeaderEpoch,
        facts: BatchFacts,
        batch: B,
        /// Where the answer says that the leader's log starts.
        leader_log_start: Offset,
    },
    /// The end of a fetch answer.
    LeaderIsAt { high_watermark: Offset, log_start: Offset },
    /// The answer says that the logs part.
    Diverging(EpochEnd),
    /// The fetch offset is out of the leader's range, which begins at its log start.
    OutOfRange { leader_log_start: Offset, leader_log_end: Offset },
    /// `Truncate` or `Restart` is done in the log and durable, so that no commit of what is gone can be reported any
    /// more; and this is what its producers are now: snapshot and replay to the new end, see [`ProducerStates`].
    Truncated { producers: ProducerStates },
    /// The own log is durable up to here.
    DurableEnd(Offset),
}

/// A fetch answer that does not fit the log. The shell drops the rest of the answer and fetches again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchedRefused {
    /// An answer to a fetch from before a truncation, or one that came twice.
    #[error("batch at {base} in a log that ends at {log_end}")]
    OutOfPlace { base: Offset, log_end: Offset },
    #[error("batch of leader epoch {got} after one of epoch {last}")]
    EpochGoesBack { got: LeaderEpoch, last: LeaderEpoch },
    #[error("no offsets are left")]
    OffsetsExhausted,
    /// Nothing is taken in before the truncation is done.
    #[error("the log is being truncated")]
    Truncating,
}

/// The follower of one partition. It takes in the leader's batches as they are, and truncates where its own log parts
/// from the leader's.
///
/// Invariants, beyond those of [`ReplicaLog`]:
/// - the high watermark is `min(leader's, own end)`, and goes back only with a truncation;
/// - batches are taken in only at the log's end or beyond (the leader may have compacted what lies between);
/// - leader epochs of batches never go back.
#[derive(Clone, Debug)]
pub struct Follower {
    log: ReplicaLog,
    leader: BrokerId,
    leader_epoch: LeaderEpoch,
    truncating: bool,
}

impl Follower {
    pub fn new(log: ReplicaLog, leader: BrokerId, leader_epoch: LeaderEpoch) -> Self {
        log.assert_invariants();
        Self { log, leader, leader_epoch, truncating: false }
    }

    /// The next fetch; `None` while the log is being truncated.
    pub fn fetch(&self) -> Option<FetchRequest> {
        (!self.truncating).then(|| FetchRequest {
            leader: self.leader,
            leader_epoch: self.leader_epoch,
            offset: self.log.log_end,
            last_fetched_epoch: self.log.epochs.latest(),
            log_start: self.log.log_start,
            durable_end: self.log.durable_end,
        })
    }

    /// Fetching from another leader, or from the same in a new epoch. A truncation under way goes on.
    pub fn follow(&mut self, leader: BrokerId, leader_epoch: LeaderEpoch) {
        assert!(leader_epoch >= self.leader_epoch, "leader epochs never go back");
        self.leader = leader;
        self.leader_epoch = leader_epoch;
    }

    pub fn step<T, B>(
        &mut self,
        wall: Timestamp,
        input: FollowerInput<B>,
        out: &mut Effects<T, B>,
    ) -> Result<(), FetchedRefused> {
        let done = match input {
            FollowerInput::Truncated { producers } => {
                self.truncated(producers);
                Ok(())
            }
            FollowerInput::DurableEnd(end) => {
                self.durable_end(end);
                Ok(())
            }
            _ if self.truncating => Err(FetchedRefused::Truncating),
            FollowerInput::Fetched { base, leader_epoch, facts, batch, leader_log_start } => self
                .place(base, &facts, leader_log_start, out)
                .and_then(|end| self.fetched(wall, base..end, leader_epoch, &facts, batch, out)),
            FollowerInput::LeaderIsAt { high_watermark, log_start } => {
                self.leader_is_at(high_watermark, log_start, out);
                Ok(())
            }
            FollowerInput::Diverging(leader_end) => {
                self.diverging(leader_end, out);
                Ok(())
            }
            FollowerInput::OutOfRange { leader_log_start, leader_log_end } => {
                self.out_of_range(leader_log_start, leader_log_end, out);
                Ok(())
            }
        };
        if !self.truncating {
            self.log.assert_invariants();
        }
        done
    }

    pub fn log(&self) -> &ReplicaLog {
        &self.log
    }

    pub fn leader(&self) -> BrokerId {
        self.leader
    }

    pub fn leader_epoch(&self) -> LeaderEpoch {
        self.leader_epoch
    }

    pub fn is_truncating(&self) -> bool {
        self.truncating
    }

    /// What a consumer may read here (KIP-392).
    pub fn check_fetch(&self, from: &FetchFrom) -> Result<FetchVerdict, FetchRefused> {
        self.log.check_fetch(self.leader_epoch, from)
    }

    /// Stops following; the log goes on in another role. Not while it is being truncated: `None`.
    pub fn resign(self) -> Option<ReplicaLog> {
        (!self.truncating).then_some(self.log)
    }

    /// Where the batch ends, if it goes to the log's end or beyond.
    ///
    /// A log may start within a batch. The leader sends that batch whole, so it may begin before this log's end. An empty
    /// log begins with it, as in Kafka, wherever the leader's own begins: an earlier leader's start may be later. Another
    /// log ends between batches, so all that it holds is older than the leader's start: it drops it and starts anew.
    fn place<T, B>(
        &mut self,
        base: Offset,
        facts: &BatchFacts,
        leader_log_start: Offset,
        out: &mut Effects<T, B>,
    ) -> Result<Offset, FetchedRefused> {
        let end = base.plus(facts.offset_count).ok_or(FetchedRefused::OffsetsExhausted)?;
        let log_end = self.log.log_end;
        if base >= log_end {
            return Ok(end);
        }
        let is_empty = self.log.log_start == log_end;
        if end <= log_end || (leader_log_start < log_end && !is_empty) {
            return Err(FetchedRefused::OutOfPlace { base, log_end });
        }
        if !is_empty {
            self.restart(log_end, out);
            return Err(FetchedRefused::Truncating);
        }
        self.log = ReplicaLog::empty(base);
        out.push(Effect::BeginAt { start: base });
        Ok(end)
    }

    fn fetched<T, B>(
        &mut self,
        wall: Timestamp,
        offsets: Range<Offset>,
        leader_epoch: LeaderEpoch,
        facts: &BatchFacts,
        batch: B,
        out: &mut Effects<T, B>,
    ) -> Result<(), FetchedRefused> {
        let Range { start: base, end } = offsets;
        if let Some(last) = self.log.epochs.latest().filter(|last| leader_epoch < *last) {
            return Err(FetchedRefused::EpochGoesBack { got: leader_epoch, last });
        }
        if self.log.epochs.assign(leader_epoch, base) {
            out.push(Effect::EpochStarted { epoch: leader_epoch, start: base });
        }
        self.log.log_end = end;
        let ended = self.log.producers.replay(base, facts, Some(wall));
        out.push(Effect::Write { base, leader_epoch, batch });
        if let Some(ended) = ended {
            out.push(Effect::TransactionEnded(ended));
        }
        Ok(())
    }

    fn leader_is_at<T, B>(
        &mut self,
        high_watermark: Offset,
        log_start: Offset,
        out: &mut Effects<T, B>,
    ) {
        let stable_before = self.log.last_stable();
        let high_watermark = high_watermark.min(self.log.log_end);
        if self.log.raise_high_watermark(high_watermark) {
            out.push(Effect::HighWatermarkMoved(high_watermark));
        }
        if self.log.raise_log_start(log_start.min(self.log.high_watermark)) {
            out.push(Effect::LogStartMoved(self.log.log_start));
        }
        let stable = self.log.last_stable();
        if stable > stable_before {
            out.push(Effect::LastStableMoved(stable));
        }
    }

    /// Where both logs know the epoch, the common part ends at the earlier of its two ends (KIP-101, KIP-595). Where
    /// this one does not, all that is later than what it does know goes, and the next fetch asks with that earlier
    /// epoch; to cut at the leader's number could cut a batch in two.
    fn diverging<T, B>(&mut self, leader_end: EpochEnd, out: &mut Effects<T, B>) {
        let end = match self.log.end_of_epoch(leader_end.epoch) {
            Some(own) if own.epoch == leader_end.epoch => own.end.min(leader_end.end),
            Some(own) => own.end,
            None => leader_end.end,
        };
        // A leadership that wrote nothing is known at the log's very end, and must go even if no batch goes.
        self.log.epochs.truncate_to(end);
        if end >= self.log.log_end {
            return;
        }
        if end < self.log.log_start {
            self.restart(end, out);
            return;
        }
        self.log.log_end = end;
        self.log.durable_end = self.log.durable_end.min(end);
        self.log.high_watermark = self.log.high_watermark.min(end);
        self.truncating = true;
        out.push(Effect::Truncate { end });
    }

    /// Own log too short: what the leader still has begins later. Own log too long: the leader lost what it had, by
    /// an unclean election, and this follower gives way.
    fn out_of_range<T, B>(
        &mut self,
        leader_log_start: Offset,
        leader_log_end: Offset,
        out: &mut Effects<T, B>,
    ) {
        if self.log.log_end < leader_log_start {
            self.restart(leader_log_start, out);
        } else if self.log.log_end > leader_log_end {
            let epoch = self.log.epochs.epoch_at(leader_log_end).unwrap_or(self.leader_epoch);
            self.diverging(EpochEnd { epoch, end: leader_log_end }, out);
        }
    }

    fn restart<T, B>(&mut self, start: Offset, out: &mut Effects<T, B>) {
        self.log = ReplicaLog::empty(start);
        self.truncating = true;
        out.push(Effect::Restart { start });
    }

    fn truncated(&mut self, mut producers: ProducerStates) {
        assert!(self.truncating, "a truncation ends once");
        // The log may end earlier than asked: a batch that lay across the cut is gone as a whole.
        let end = producers.end();
        assert!(end <= self.log.log_end, "the log was cut as asked");
        self.log.log_end = end;
        self.log.epochs.truncate_to(end);
        self.log.log_start = self.log.log_start.min(end);
        self.log.high_watermark = self.log.high_watermark.min(end);
        producers.remember(&self.log.producers);
        self.log.producers = producers;
        // The order of the disk's work is the order in which it was asked for: what was before the cut is durable.
        self.log.durable_end = self.log.log_end;
        self.log.producers.high_watermark_moved(self.log.high_watermark);
        self.truncating = false;
    }

    fn durable_end(&mut self, end: Offset) {
        // A commit that was under way during the truncation tells of what is gone.
        if !self.truncating {
            self.log.raise_durable_end(end.min(self.log.log_end));
        }
    }
}

#[cfg(test)]
mod tests;
