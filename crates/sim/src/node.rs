use std::collections::BTreeSet;
use std::sync::Arc;

use io::{Clock, SimDisk};
use model::{BrokerId, LeaderEpoch, Offset, PartitionEpoch};
use record::BatchView;
use replica::{
    Acks, Append, BatchFacts, Effect, Effects, FetchFrom, FetchRefused, FetchRequest, FetchVerdict,
    FetchedRefused, Follower, FollowerFetched, FollowerInput, Input, Leader, LeaderSettings,
    LeaderTerm, Membership, Origin, ParkedProduces, Reader, Released, ReplicaLog, UnknownProducer,
};
use storage::LaneState;

use crate::clock::SimClock;
use crate::failure::Broken;
use crate::limits::PRODUCE_WAIT_MAX;
use crate::stop::Stop;
use crate::store::{Store, StoreConfig};
use crate::stored::{LogContents, StoredBatch};

/// How a node's shell is made.
#[derive(Clone, Copy, Debug)]
pub struct NodeConfig {
    pub store: StoreConfig,
    pub leader: LeaderSettings,
    /// The shell tells the leader what is durable once the disk has said so. Without, it tells at once: a planted
    /// bug, which the invariants must catch.
    pub waits_for_commit: bool,
}

/// What the leader asks of the controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub in_sync: Vec<BrokerId>,
    pub leader_epoch: LeaderEpoch,
    pub partition_epoch: PartitionEpoch,
}

/// What a follower's fetch is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchAnswer {
    Batches {
        bytes: Arc<[u8]>,
        high_watermark: Offset,
        log_start: Offset,
    },
    Diverging(replica::EpochEnd),
    OutOfRange {
        log_start: Offset,
        log_end: Offset,
    },
    /// Not the leader, or not of that epoch.
    NotLeader,
}

#[derive(Debug)]
enum Role {
    Idle(ReplicaLog),
    Leader(Leader),
    Follower(Follower),
}

impl Role {
    fn log(&self) -> &ReplicaLog {
        match self {
            Self::Idle(log) => log,
            Self::Leader(leader) => leader.log(),
            Self::Follower(follower) => follower.log(),
        }
    }
}

/// One broker with one partition: the shell around a replica and its log, as the broker has it, without sockets.
#[derive(Debug)]
pub struct Node<T> {
    id: BrokerId,
    disk: SimDisk,
    clock: SimClock,
    config: NodeConfig,
    store: Store,
    /// `None` only within a change of role.
    role: Option<Role>,
    effects: Effects<T, Arc<[u8]>>,
    parked: ParkedProduces<T>,
    released: Vec<Released<T>>,
    proposals: Vec<Proposal>,
    /// Batches that truncations took away, and that were not taken in again.
    cut_away: CutAway,
    /// A truncation that is not yet durable, and what it takes away.
    cutting: Option<CutAway>,
}

/// Batches by base offset and leader epoch, which no two of a partition share.
pub type CutAway = BTreeSet<(Offset, Option<LeaderEpoch>)>;

impl<T: Copy> Node<T> {
    /// Starts on whatever the disk holds.
    pub fn start(
        id: BrokerId,
        disk: SimDisk,
        clock: SimClock,
        config: NodeConfig,
    ) -> Result<Self, Stop> {
        let (store, log) = Store::open(&disk, &clock, config.store)?;
        Ok(Self {
            id,
            disk,
            clock,
            config,
            store,
            role: Some(Role::Idle(log)),
            effects: Effects::new(),
            parked: ParkedProduces::new(),
            released: Vec::new(),
            proposals: Vec::new(),
            cut_away: CutAway::new(),
            cutting: None,
        })
    }

    pub fn cut_away(&self) -> &CutAway {
        &self.cut_away
    }

    pub fn id(&self) -> BrokerId {
        self.id
    }

    pub fn log(&self) -> &ReplicaLog {
        match &self.role {
            Some(role) => role.log(),
            None => unreachable!("a role is missing only within its change"),
        }
    }

    pub fn leader(&self) -> Option<&Leader> {
        match &self.role {
            Some(Role::Leader(leader)) => Some(leader),
            _ => None,
        }
    }

    /// Begins to lead. What waits on an earlier leadership is answered with an error.
    pub fn lead(&mut self, term: LeaderTerm) -> Result<(), Stop> {
        let Some(log) = self.take_log() else { return Ok(()) };
        let now = self.clock.now();
        let leader = Leader::new(now, log, term, self.config.leader, &mut self.effects);
        self.role = Some(Role::Leader(leader));
        self.carry_out()
    }

    pub fn follow(&mut self, leader: BrokerId, leader_epoch: LeaderEpoch) {
        if let Some(Role::Follower(follower)) = &mut self.role {
            follower.follow(leader, leader_epoch);
            return;
        }
        let Some(log) = self.take_log() else { return };
        self.role = Some(Role::Follower(Follower::new(log, leader, leader_epoch)));
    }

    fn take_log(&mut self) -> Option<ReplicaLog> {
        self.parked.fail_all(replica::AppendError::NotLeader, &mut self.released);
        match self.role.take() {
            Some(Role::Idle(log)) => Some(log),
            Some(Role::Leader(leader)) => Some(leader.resign()),
            // A truncation under way goes on in no other role: the shell waits for its end.
            Some(Role::Follower(follower)) => follower.resign(),
            None => None,
        }
    }

    /// A leader's step.
    pub fn step(&mut self, input: Input<T, Arc<[u8]>>) -> Result<(), Stop> {
        let (now, wall) = (self.clock.now(), self.clock.wall());
        let Some(Role::Leader(leader)) = &mut self.role else { return Ok(()) };
        leader.step(now, wall, input, &mut self.effects);
        self.carry_out()
    }

    fn step_follower(&mut self, input: FollowerInput<Arc<[u8]>>) -> Result<bool, Stop> {
        let wall = self.clock.wall();
        let Some(Role::Follower(follower)) = &mut self.role else { return Ok(false) };
        let result = follower.step(wall, input, &mut self.effects);
        self.carry_out()?;
        Ok(!matches!(result, Err(FetchedRefused::OutOfPlace { .. } | FetchedRefused::Truncating)))
    }

    /// A client's batch. `false` when this node does not lead.
    pub fn produce(&mut self, ticket: T, bytes: &Arc<[u8]>, acks: Acks) -> Result<bool, Stop> {
        let wall = self.clock.wall();
        self.relieve()?;
        let Some(Role::Leader(leader)) = &self.role else { return Ok(false) };
        let facts = facts_of(bytes)?;
        self.store.roll_for(leader.log(), bytes.len(), &facts, wall);
        // Nothing here forgets producers, so one that is not known has never written.
        let origin = Origin::Client {
            unknown_producer: UnknownProducer::MustStartAtZero,
            membership: Membership::Trusted,
        };
        let append = Append { ticket, facts, batch: Arc::clone(bytes), acks, origin };
        self.step(Input::Append(append))?;
        if !self.config.waits_for_commit {
            let end = self.log().log_end();
            self.step(Input::DurableEnd(end))?;
        }
        Ok(true)
    }

    /// Whether produce is answered with an error: the disk is full, or failed.
    pub fn refuses(&self) -> bool {
        self.store.state() != LaneState::Running
    }

    pub fn state(&self) -> LaneState {
        self.store.state()
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Answers all that waits with an error: the directory failed, or what waits finds no room.
    pub fn refuse_waiting(&mut self) {
        self.parked.fail_all(replica::AppendError::Storage, &mut self.released);
    }

    /// Produces that wait for their answer.
    pub fn waiting_count(&self) -> usize {
        self.parked.len()
    }

    /// One look around while the disk is full.
    pub fn find_room(&mut self) -> Result<(), Stop> {
        let log = self.role.as_ref().map(Role::log);
        self.store.find_room(log.filter(|_| self.cutting.is_none()))
    }

    /// Where the lane would have produce wait, the disk's work is done at once.
    fn relieve(&mut self) -> Result<(), Stop> {
        if self.store.must_pause() {
            self.commit_all()?;
            self.drain()?;
            self.checkpoint()?;
        }
        Ok(())
    }

    fn carry_out(&mut self) -> Result<(), Stop> {
        let mut cut = None;
        let mut committed = false;
        let wall = self.clock.wall();
        let deadline = self.clock.now().plus(PRODUCE_WAIT_MAX);
        let leads = matches!(self.role, Some(Role::Leader(_)));
        let progress = self.leader().map(Leader::progress);
        for effect in self.effects.drain() {
            match effect {
                Effect::Write { base, leader_epoch, batch } if leads => {
                    self.store.append_patched(&batch, base, leader_epoch, wall)?;
                }
                Effect::Write { base, leader_epoch, batch } => {
                    self.cut_away.remove(&(base, Some(leader_epoch)));
                    self.store.append(&batch, wall)?;
                }
                Effect::Answer { ticket, result, once } => {
                    if let Some(progress) = &progress {
                        let out = &mut self.released;
                        self.parked.park(ticket, result, once, deadline, progress, out);
                    }
                }
                Effect::HighWatermarkMoved(_) => committed = true,
                Effect::LogStartMoved(start) => {
                    let log = self.role.as_ref().map(Role::log);
                    let Some(log) = log else { continue };
                    self.store.raise_start(start, log.producers());
                }
                Effect::TransactionEnded(ended) => self.store.transaction_ended(&ended),
                Effect::BeginAt { start } => self.store.restart_at(start),
                Effect::ProposeInSync { in_sync, leader_epoch, partition_epoch } => {
                    self.proposals.push(Proposal { in_sync, leader_epoch, partition_epoch });
                }
                Effect::Truncate { end } => cut = Some((end, false)),
                Effect::Restart { start } => cut = Some((start, true)),
                Effect::DeletedRecords { .. }
                | Effect::LastStableMoved(_)
                | Effect::LowWatermarkMoved(_)
                | Effect::EpochStarted { .. } => {}
            }
        }
        if let Some(progress) = progress.filter(|_| committed) {
            self.parked.release(&progress, &mut self.released);
        }
        if let Some((at, whole)) = cut {
            self.cutting = Some(if whole {
                self.store.restart_at(at);
                CutAway::new()
            } else {
                let gone = self.batches_from(at)?;
                self.store.truncate(at)?;
                gone
            });
            self.end_cut()?;
        }
        Ok(())
    }

    /// Everything before the cut is made durable, and the cut itself, before anything is taken in after it. On a full disk
    /// that is tried again.
    pub fn end_cut(&mut self) -> Result<(), Stop> {
        let Some(gone) = self.cutting.clone() else { return Ok(()) };
        self.commit_all()?;
        self.cut_away.extend(gone);
        self.store.drain()?;
        let producers = self.store.producers()?;
        self.cutting = None;
        self.step_follower(FollowerInput::Truncated { producers })?;
        Ok(())
    }

    pub fn is_cutting(&self) -> bool {
        self.cutting.is_some()
    }

    /// What a cut at `from` takes away.
    fn batches_from(&self, from: Offset) -> Result<CutAway, Stop> {
        let end = self.store.log_end();
        let mut batches = CutAway::new();
        let mut next = from;
        while next < end {
            let read = StoredBatch::parse_all(&self.store.read(next, end, 1 << 20)?)?;
            let Some(last) = read.last().filter(|last| last.end > next) else { break };
            next = last.end;
            batches.extend(read.iter().map(|batch| (batch.base, batch.leader_epoch)));
        }
        Ok(batches)
    }

    /// Takes what queued as one group. Nothing happens while one is being written.
    pub fn begin_group(&mut self) -> Result<(), Stop> {
        self.store.begin_group();
        self.look_at_durable()
    }

    /// Writes the group that was taken.
    pub fn write_group(&mut self) {
        self.store.write_group();
    }

    /// Tells the lane, and the replica, that the group is written.
    pub fn end_group(&mut self) -> Result<(), Stop> {
        self.store.end_group()?;
        self.look_at_durable()
    }

    /// What a loop of the broker does when it is woken, or of itself.
    fn look_at_durable(&mut self) -> Result<(), Stop> {
        match self.store.take_durable() {
            Some(end) => self.durable(end),
            None => Ok(()),
        }
    }

    fn durable(&mut self, end: Offset) -> Result<(), Stop> {
        if !self.config.waits_for_commit && self.leader().is_some() {
            return Ok(());
        }
        match self.role {
            Some(Role::Leader(_)) => {
                self.step(Input::DurableEnd(end.min(self.log().log_end())))?;
                let progress = self.leader().map(Leader::progress);
                if let Some(progress) = progress {
                    self.parked.release(&progress, &mut self.released);
                }
                Ok(())
            }
            _ => self.step_follower(FollowerInput::DurableEnd(end)).map(|_| ()),
        }
    }

    /// Writes groups until nothing is queued.
    pub fn commit_all(&mut self) -> Result<(), Stop> {
        loop {
            self.begin_group()?;
            if !self.store.has_group() {
                return Ok(());
            }
            self.write_group();
            self.end_group()?;
        }
    }

    pub fn drain(&mut self) -> Result<(), Stop> {
        self.store.drain()
    }

    /// Makes a recovery short: see the storage's own words.
    pub fn checkpoint(&mut self) -> Result<(), Stop> {
        // In the middle of a truncation, or of a step that the disk's failure broke off, there is nothing to be captured.
        let is_whole =
            |log: &&ReplicaLog| self.cutting.is_none() && log.log_end() == self.store.log_end();
        let log = self.role.as_ref().map(Role::log).filter(is_whole);
        log.map_or(Ok(()), |log| self.store.checkpoint(log))
    }

    /// A clean stop. The disk can then be started from.
    pub fn stop(mut self) -> Result<(), Stop> {
        self.commit_all()?;
        let Some(log) = self.take_log() else { return Ok(()) };
        self.store.close(&log)
    }

    /// Whether the power is off under it.
    pub fn is_off(&self) -> bool {
        self.disk.is_off()
    }

    /// Answers that may leave.
    pub fn drain_released(&mut self) -> impl Iterator<Item = Released<T>> + '_ {
        self.released.drain(..)
    }

    pub fn drain_proposals(&mut self) -> impl Iterator<Item = Proposal> + '_ {
        self.proposals.drain(..)
    }

    /// The time has moved on.
    pub fn tick(&mut self) -> Result<(), Stop> {
        self.parked.expire(self.clock.now(), &mut self.released);
        self.step(Input::Tick)
    }

    /// The follower's next fetch.
    pub fn fetch(&self) -> Option<FetchRequest> {
        match &self.role {
            Some(Role::Follower(follower)) => follower.fetch(),
            _ => None,
        }
    }

    /// Answers a follower's fetch, and counts what it says. `eligible`: see [`FollowerFetched`].
    pub fn answer_fetch(
        &mut self,
        from: BrokerId,
        request: &FetchRequest,
        size_max: u32,
        eligible: bool,
    ) -> Result<FetchAnswer, Stop> {
        let Some(Role::Leader(leader)) = &self.role else { return Ok(FetchAnswer::NotLeader) };
        let asked = FetchFrom {
            reader: Reader::Follower,
            offset: request.offset,
            leader_epoch: Some(request.leader_epoch),
            last_fetched_epoch: request.last_fetched_epoch,
        };
        let end = match leader.check_fetch(&asked) {
            Ok(FetchVerdict::Read { end }) => end,
            Ok(FetchVerdict::Diverging(end)) => return Ok(FetchAnswer::Diverging(end)),
            Err(FetchRefused::OutOfRange { log_start, log_end }) => {
                return Ok(FetchAnswer::OutOfRange { log_start, log_end });
            }
            Err(FetchRefused::FencedEpoch { .. } | FetchRefused::UnknownEpoch { .. }) => {
                return Ok(FetchAnswer::NotLeader);
            }
        };
        self.step(Input::FollowerFetched(FollowerFetched {
            replica: from,
            end: request.durable_end,
            log_start: request.log_start,
            eligible,
        }))?;
        let bytes = self.store.read(request.offset, end, size_max)?;
        let log = self.log();
        Ok(FetchAnswer::Batches {
            bytes: bytes.into(),
            high_watermark: log.high_watermark(),
            log_start: log.log_start(),
        })
    }

    /// Takes in the answer to its own fetch.
    pub fn fetched(&mut self, answer: &FetchAnswer) -> Result<(), Stop> {
        match answer {
            FetchAnswer::NotLeader => Ok(()),
            FetchAnswer::Diverging(end) => {
                self.step_follower(FollowerInput::Diverging(*end)).map(|_| ())
            }
            FetchAnswer::OutOfRange { log_start, log_end } => {
                let input = FollowerInput::OutOfRange {
                    leader_log_start: *log_start,
                    leader_log_end: *log_end,
                };
                self.step_follower(input).map(|_| ())
            }
            FetchAnswer::Batches { bytes, high_watermark, log_start } => {
                for stored in StoredBatch::parse_all(bytes)? {
                    if !self.take_in(stored, *log_start)? {
                        return Ok(());
                    }
                }
                let (high_watermark, log_start) = (*high_watermark, *log_start);
                let input = FollowerInput::LeaderIsAt { high_watermark, log_start };
                self.step_follower(input).map(|_| ())
            }
        }
    }

    fn take_in(&mut self, stored: StoredBatch, leader_log_start: Offset) -> Result<bool, Stop> {
        if self.refuses() {
            return Ok(false);
        }
        self.relieve()?;
        let wall = self.clock.wall();
        let facts = facts_of(&stored.bytes)?;
        let Some(Role::Follower(follower)) = &self.role else { return Ok(false) };
        self.store.roll_for(follower.log(), stored.bytes.len(), &facts, wall);
        self.step_follower(FollowerInput::Fetched {
            base: stored.base,
            leader_epoch: stored.leader_epoch.unwrap_or(LeaderEpoch::ZERO),
            facts,
            batch: stored.bytes,
            leader_log_start,
        })
    }

    /// What a consumer may read from `offset` on, or from the log's start where that is later.
    pub fn consume(&mut self, offset: Offset, size_max: u32) -> Result<Vec<StoredBatch>, Stop> {
        let offset = offset.max(self.log().log_start());
        let asked = FetchFrom {
            reader: Reader::Uncommitted,
            offset,
            leader_epoch: None,
            last_fetched_epoch: None,
        };
        let verdict = match &self.role {
            Some(Role::Leader(leader)) => leader.check_fetch(&asked),
            Some(Role::Follower(follower)) => follower.check_fetch(&asked),
            Some(Role::Idle(_)) | None => return Ok(Vec::new()),
        };
        // One that lags does not know the offset yet.
        let Ok(FetchVerdict::Read { end }) = verdict else { return Ok(Vec::new()) };
        let bytes = self.store.read(offset, end, size_max)?;
        Ok(StoredBatch::parse_all(&bytes)?)
    }

    /// All that the log holds, read back.
    pub fn contents(&mut self) -> Result<LogContents, Stop> {
        let log = self.log();
        let (log_start, high_watermark, log_end) =
            (log.log_start(), log.high_watermark(), log.log_end());
        let mut batches: Vec<StoredBatch> = Vec::new();
        let mut offset = log_start;
        while offset < log_end {
            let bytes = self.store.read(offset, log_end, 1 << 20)?;
            let read = StoredBatch::parse_all(&bytes)?;
            let Some(last) = read.last().filter(|last| last.end > offset) else { break };
            offset = last.end;
            batches.extend(read);
        }
        Ok(LogContents { log_start, high_watermark, log_end, batches })
    }
}

fn facts_of(bytes: &[u8]) -> Result<BatchFacts, Broken> {
    let view =
        BatchView::parse(bytes).map_err(|error| Broken::correctness("batches_are_whole", error))?;
    BatchFacts::of_stored(&view).map_err(|error| Broken::correctness("batches_are_whole", error))
}
