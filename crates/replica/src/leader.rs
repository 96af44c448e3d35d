mod append;
mod replicas;

use std::time::Duration;

use model::{
    BrokerId, Instant, LeaderEpoch, Offset, PartitionEpoch, ProducerEpoch, ProducerId, Sequence,
    Timestamp,
};

use crate::batch_facts::{BatchFacts, Origin};
use crate::effects::{Acks, DeleteRecordsError, Effect, Effects};
use crate::in_sync::{FollowerFetched, FollowerProgress, InSync, LeaderTerm};
use crate::limits::REPLICA_COUNT_MAX;
use crate::membership::{Guard, Guards};
use crate::planted::{Planted, PlantedBug};
use crate::read::{FetchFrom, FetchRefused, FetchVerdict, check_leader_epoch};
use crate::replica_log::ReplicaLog;

/// The settings that a leader goes by. They may change at any time, by [`Input::Settings`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaderSettings {
    /// `min.insync.replicas`; never more than there are replicas.
    pub in_sync_count_min: usize,
    /// `replica.lag.time.max.ms`.
    pub lag_max: Duration,
    /// `producer.id.expiration.ms`.
    pub producer_idle_max: Duration,
    /// `producer.id.expiration.check.interval.ms`: how often idle producers are looked for.
    pub producer_check_interval: Duration,
    pub planted: Planted,
}

impl Default for LeaderSettings {
    /// Kafka's own defaults.
    fn default() -> Self {
        Self {
            in_sync_count_min: 1,
            lag_max: Duration::from_secs(30),
            producer_idle_max: Duration::from_secs(86_400),
            producer_check_interval: Duration::from_secs(600),
            planted: Planted::default(),
        }
    }
}

/// A batch to append. `T` is the shell's own mark for who waits, `B` its handle to the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append<T, B> {
    pub ticket: T,
    pub facts: BatchFacts,
    pub batch: B,
    pub acks: Acks,
    pub origin: Origin,
}

/// What can happen to a leader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input<T, B> {
    Append(Append<T, B>),
    /// The own log is durable up to here: the leader is one replica among others. Told once per group commit, not
    /// per batch.
    DurableEnd(Offset),
    /// A follower's fetch, once `check_fetch` has let it pass.
    FollowerFetched(FollowerFetched),
    /// Delete what lies before an offset; `None` is up to the high watermark.
    DeleteRecords {
        ticket: T,
        before: Option<Offset>,
    },
    /// Retention or tiering made the log begin here.
    LogStart(Offset),
    /// What the controller decided, whether asked for by `ProposeInSync` or not. Older decisions are ignored.
    Decided {
        replicas: Vec<BrokerId>,
        in_sync: Vec<BrokerId>,
        partition_epoch: PartitionEpoch,
    },
    /// The proposal made on that partition epoch was not taken, and no repeat of it that is still under way can be: Kafka's
    /// INELIGIBLE_REPLICA and OPERATION_NOT_ATTEMPTED. Not so INVALID_UPDATE_VERSION and the fences of epochs, which the
    /// repeat of one that was taken is answered with too: then the next [`Input::Decided`] is waited for, since to count
    /// without a replica that is in sync, and may be elected, loses what is acknowledged.
    ProposalFailed {
        partition_epoch: PartitionEpoch,
    },
    Settings(LeaderSettings),
    /// Nothing but that time has passed. Wanted at `next_timeout`.
    Tick,
}

/// The leader of one partition. It decides offsets, what is a duplicate, who is in sync and what is committed.
///
/// Per append: no allocation (but the first of a new producer), one lookup by producer id, two comparisons per
/// follower.
///
/// Invariants, beyond those of [`ReplicaLog`]:
/// - the high watermark is not above the durable end, nor above the end of any replica that is or may become in sync
///   (KIP-966, and DESIGN: durable ends count);
/// - it never goes back;
/// - it does not move while fewer than `min.insync.replicas` are in sync (KIP-966);
/// - this broker is one of its own in-sync replicas.
#[derive(Clone, Debug)]
pub struct Leader {
    log: ReplicaLog,
    me: BrokerId,
    leader_epoch: LeaderEpoch,
    /// Where this epoch began: a follower must have come so far to be in sync.
    epoch_start: Offset,
    in_sync: InSync,
    followers: Vec<FollowerProgress>,
    settings: LeaderSettings,
    next_in_sync_check: Instant,
    next_producer_expiry: Instant,
    low_watermark: Offset,
    /// Seldom anything, and there are many leaders.
    guards: Option<Box<Guards>>,
}

impl Leader {
    /// Begins to lead. The new epoch begins at the log's end, and in-sync followers are given the benefit of the
    /// doubt until `lag_max` has passed.
    pub fn new<T, B>(
        now: Instant,
        mut log: ReplicaLog,
        term: LeaderTerm,
        settings: LeaderSettings,
        out: &mut Effects<T, B>,
    ) -> Self {
        assert!(term.replicas.len() <= REPLICA_COUNT_MAX, "replicas are within their bound");
        assert!(term.in_sync.contains(&term.me), "a leader is in sync with itself");
        let epoch_start = log.log_end;
        if log.epochs.assign(term.leader_epoch, epoch_start) {
            out.push(Effect::EpochStarted { epoch: term.leader_epoch, start: epoch_start });
        }
        let followers = term.replicas.iter().filter(|id| **id != term.me);
        let followers = followers
            .map(|id| FollowerProgress::new(*id, term.in_sync.contains(id).then_some(now)))
            .collect();
        let mut leader = Self {
            low_watermark: log.log_start,
            guards: None,
            log,
            me: term.me,
            leader_epoch: term.leader_epoch,
            epoch_start,
            in_sync: InSync::new(term.in_sync, term.partition_epoch),
            followers,
            settings,
            next_in_sync_check: now.plus(settings.lag_max / 2),
            next_producer_expiry: now.plus(settings.producer_check_interval),
        };
        leader.update_low_watermark(out);
        leader.advance_high_watermark(now, out);
        leader.assert_invariants();
        leader
    }

    /// `wall` is the time of records, `now` that of waiting.
    pub fn step<T: Copy, B>(
        &mut self,
        now: Instant,
        wall: Timestamp,
        input: Input<T, B>,
        out: &mut Effects<T, B>,
    ) {
        let stable_before = self.log.last_stable();
        match input {
            Input::Append(append) => self.append(wall, append, out),
            Input::DurableEnd(end) => {
                self.log.raise_durable_end(end);
                self.advance_high_watermark(now, out);
            }
            Input::FollowerFetched(fetch) => self.follower_fetched(now, &fetch, out),
            Input::DeleteRecords { ticket, before } => self.delete_records(ticket, before, out),
            Input::LogStart(start) => self.raise_log_start(start, out),
            Input::Decided { replicas, in_sync, partition_epoch } => {
                self.decided(now, &replicas, in_sync, partition_epoch, out);
            }
            Input::ProposalFailed { partition_epoch } => {
                self.in_sync.proposal_failed(partition_epoch);
                self.advance_high_watermark(now, out);
            }
            Input::Settings(settings) => {
                self.settings = settings;
                self.advance_high_watermark(now, out);
            }
            Input::Tick => self.tick(now, wall, out),
        }
        let stable = self.log.last_stable();
        if stable > stable_before {
            out.push(Effect::LastStableMoved(stable));
        }
        self.assert_invariants();
    }

    /// When `Tick` is wanted; `None` when nothing here depends on time.
    pub fn next_timeout(&self) -> Option<Instant> {
        let in_sync = (!self.followers.is_empty()).then_some(self.next_in_sync_check);
        let producers = (!self.log.producers.is_empty()).then_some(self.next_producer_expiry);
        match (in_sync, producers) {
            (Some(first), Some(second)) => Some(first.min(second)),
            (first, second) => first.or(second),
        }
    }

    /// What a fetch may read. A follower's that passes is then stepped in as [`Input::FollowerFetched`].
    pub fn check_fetch(&self, from: &FetchFrom) -> Result<FetchVerdict, FetchRefused> {
        let verdict = self.log.check_fetch(self.leader_epoch, from)?;
        if self.settings.planted.has(PlantedBug::ServeBeyondDurable)
            && matches!(verdict, FetchVerdict::Read { .. })
        {
            return Ok(FetchVerdict::Read { end: self.log.log_end });
        }
        Ok(verdict)
    }

    /// What a producer needs whose batch belongs to a transaction: nothing when one of that epoch is open here, else a
    /// guard, with which the coordinator is asked first. `first` is the batch's sequence, if it has one.
    pub fn guard_for(
        &mut self,
        producer: ProducerId,
        epoch: ProducerEpoch,
        first: Option<Sequence>,
    ) -> Option<Guard> {
        if self.log.producers.has_open(producer, epoch) {
            return None;
        }
        Some(self.guards.get_or_insert_default().give(producer, epoch, first))
    }

    /// Whether a request that names a leader epoch speaks to the right leader.
    pub fn check_leader_epoch(&self, believed: Option<LeaderEpoch>) -> Result<(), FetchRefused> {
        check_leader_epoch(self.leader_epoch, believed)
    }

    pub fn log(&self) -> &ReplicaLog {
        &self.log
    }

    pub fn leader_epoch(&self) -> LeaderEpoch {
        self.leader_epoch
    }

    pub fn partition_epoch(&self) -> PartitionEpoch {
        self.in_sync.partition_epoch()
    }

    /// As the controller last decided.
    pub fn in_sync(&self) -> &[BrokerId] {
        self.in_sync.committed()
    }

    pub fn followers(&self) -> &[FollowerProgress] {
        &self.followers
    }

    pub fn settings(&self) -> &LeaderSettings {
        &self.settings
    }

    /// Smallest log start of all replicas.
    pub fn low_watermark(&self) -> Offset {
        self.low_watermark
    }

    /// What decides parked answers, see [`crate::ParkedProduces::release`].
    pub fn progress(&self) -> Progress {
        Progress {
            durable_end: self.log.durable_end,
            high_watermark: self.log.high_watermark,
            enough_in_sync: self.in_sync.count_max() >= self.in_sync_needed(),
        }
    }

    /// Stops leading; the log goes on in another role. The shell answers what is parked with `NotLeader`.
    pub fn resign(self) -> ReplicaLog {
        self.log
    }

    fn tick<T, B>(&mut self, now: Instant, wall: Timestamp, out: &mut Effects<T, B>) {
        if now >= self.next_in_sync_check {
            self.next_in_sync_check = now.plus(self.settings.lag_max / 2);
            self.drop_laggards(now, out);
            self.advance_high_watermark(now, out);
        }
        if now >= self.next_producer_expiry {
            self.next_producer_expiry = now.plus(self.settings.producer_check_interval);
            self.log.producers.expire(wall, self.settings.producer_idle_max);
        }
    }

    fn delete_records<T, B>(&mut self, ticket: T, before: Option<Offset>, out: &mut Effects<T, B>) {
        let high_watermark = self.log.high_watermark;
        let before = before.unwrap_or(high_watermark);
        if before > high_watermark {
            let error = DeleteRecordsError::AboveHighWatermark { asked: before, high_watermark };
            out.push(Effect::DeletedRecords { ticket, result: Err(error) });
            return;
        }
        self.raise_log_start(before, out);
        out.push(Effect::DeletedRecords { ticket, result: Ok(before) });
    }

    fn raise_log_start<T, B>(&mut self, to: Offset, out: &mut Effects<T, B>) {
        // Retention can ask for more than is committed when everything is too old; the rest waits for its turn.
        if self.log.raise_log_start(to.min(self.log.high_watermark)) {
            out.push(Effect::LogStartMoved(self.log.log_start));
            self.update_low_watermark(out);
        }
    }

    fn assert_invariants(&self) {
        self.log.assert_invariants();
        assert!(
            self.in_sync.committed().contains(&self.me),
            "a leader is one of its own in-sync replicas"
        );
        assert!(self.low_watermark <= self.log.log_start, "the low watermark is a minimum");
    }
}

/// How far a leader has come with what produces wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub durable_end: Offset,
    pub high_watermark: Offset,
    /// Whether an answer of acks=all may still say "done" (else NOT_ENOUGH_REPLICAS_AFTER_APPEND).
    pub enough_in_sync: bool,
}

#[cfg(test)]
mod tests;
