use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use controller::{Activate, Context, Controller, FenceSilentBrokers, RegisterController, Soft};
use metadata::{Image, METADATA_VERSION, MetadataRecord};
use model::{Instant, LeaderEpoch, Offset, SeededRandom, Timestamp};
use raft::{Batch, Effect, Input, Raft, RaftSettings, SnapshotId};
use record::{BatchStamp, ControlStamp};

use crate::batch::{Content, Encoder, LogBatch, encode_control};
use crate::error::{QuorumError, Result};
use crate::handle::{QuorumStatus, Shared};
use crate::job::{Job, Request, Unavailable};
use crate::limits::{GROUP_REQUEST_COUNT_MAX, GROUP_SIZE_MAX, IDLE_MAX};
use crate::metadata_log::MetadataLog;
use crate::options::QuorumOptions;
use crate::recovery::{Found, metadata_dir, recover};
use crate::snapshots::Snapshots;
use crate::state_file::StateFile;

/// The quorum's thread: carries out what `raft` wants and lets `controller` decide.
///
/// Order of one turn: take what has arrived, decide it and replay it into the controller, write and sync once, tell
/// `raft`, and with the high watermark apply to the committed image, publish, and let replies leave.
pub(crate) struct Shell {
    shared: Arc<Shared>,
    options: QuorumOptions,
    raft: Raft,
    log: MetadataLog,
    state_file: StateFile,
    encoder: Encoder,
    random: SeededRandom,
    /// Everything below the high watermark.
    committed: Image,
    /// Batches in the log that are not committed.
    pending: VecDeque<LogBatch>,
    bootstrap: Vec<MetadataRecord>,
    /// Requests that were taken from the queue and not decided yet.
    arrived: VecDeque<Box<dyn Job>>,
    /// Here while this node is the active controller.
    active: Option<Active>,
    snapshots: Snapshots,
    /// When the next sign of life is written, if any is wanted.
    idle_at: Option<Instant>,
    newest: Timestamp,
}

/// What the active controller has, and what is lost with it.
struct Active {
    controller: Controller,
    soft: Soft,
    /// Replies that may leave once the log is committed up to an offset.
    waiting: VecDeque<(Offset, Box<dyn Job>)>,
}

impl Shell {
    /// Recovers what is on disk and, being the only voter, becomes the leader and the active controller.
    pub(crate) fn start(shared: Arc<Shared>, options: QuorumOptions) -> Result<Self> {
        let found = recover(&options)?;
        let Found { log, state_file, raft, image, pending, bootstrap, kraft_version, .. } = found;
        let now = options.clock.now();
        let mut random = SeededRandom::new(options.seed);
        let settings = RaftSettings {
            own: options.own,
            election_timeout: options.log.election_timeout,
            fetch_timeout: options.log.fetch_timeout,
        };
        let start = raft.log.start();
        let raft = Raft::new(settings, random.fork(), raft, now);
        let dir = metadata_dir(&options.log_dir);
        let snapshots = Snapshots::new(dir, &options, kraft_version, start, now);
        let mut snapshots = snapshots;
        snapshots.set_voters(raft.voters().clone());
        // Lives that are short each would otherwise never take one.
        snapshots.wrote(found.pending_bytes);
        let mut shell = Self {
            shared,
            raft,
            log,
            state_file,
            encoder: Encoder::new(),
            random,
            committed: image,
            pending,
            bootstrap,
            arrived: VecDeque::new(),
            active: None,
            snapshots,
            idle_at: options.log.idle_interval.map(|interval| now.plus(interval)),
            newest: found.newest.unwrap_or_else(|| options.clock.wall()),
            options,
        };
        shell.step(Input::Tick)?;
        shell.activate()?;
        shell.sync()?;
        Ok(shell)
    }

    /// Works until the handle is closed, or until the disk or the log fails.
    pub(crate) fn run(mut self) -> Result<()> {
        loop {
            let (jobs, closed) = self.shared.take(GROUP_REQUEST_COUNT_MAX, self.sleep());
            if closed.0 {
                self.arrived.extend(jobs);
                return self.stop();
            }
            self.arrived.extend(jobs);
            if let Err(error) = self.turn() {
                self.shared.close();
                self.abandon(Unavailable::OutcomeUnknown);
                self.refuse_arrived();
                // What it says matters no more, but nobody shall write here once this thread has ended.
                let _ = self.snapshots.stop();
                return Err(error);
            }
        }
    }

    fn turn(&mut self) -> Result<()> {
        let now = self.options.clock.now();
        if self.raft.next_timeout().is_some_and(|at| now >= at) {
            self.step(Input::Tick)?;
        }
        while let Some(job) = self.arrived.pop_front() {
            self.decide(job)?;
            if self.log.waiting() > GROUP_SIZE_MAX {
                self.sync()?;
            }
        }
        self.on_timers(now)?;
        self.sync()?;
        let taken = self.snapshots.poll(now, &self.committed, self.newest, &mut self.log)?;
        if let Some((snapshot, start)) = taken {
            self.step(Input::SnapshotTaken { snapshot, start })?;
        }
        Ok(())
    }

    fn on_timers(&mut self, now: Instant) -> Result<()> {
        let session = self.options.controller.session;
        let due = |active: &Active| active.soft.next_timeout(session).is_some_and(|at| now >= at);
        // Each decision fences one broker, for the next must see what it changed.
        while self.active.as_ref().is_some_and(due) {
            self.decide(Box::new(Request::new(FenceSilentBrokers, |fenced: Fenced| {
                for broker in fenced.into_iter().flatten() {
                    tracing::warn!(%broker, "fence broker that was silent for a session");
                }
            })))?;
        }
        if let Some(interval) = self.options.log.idle_interval
            && self.idle_at.is_some_and(|at| now >= at)
        {
            self.idle_at = Some(now.plus(interval));
            if self.active.is_some() {
                self.write(&[MetadataRecord::NoOp], true)?;
            }
        }
        Ok(())
    }

    /// How long there is nothing to do, if no request arrives.
    fn sleep(&self) -> Duration {
        let session = self.options.controller.session;
        let fencing = self.active.as_ref().and_then(|active| active.soft.next_timeout(session));
        let idle = self.idle_at.filter(|_| self.active.is_some());
        let timers = [self.raft.next_timeout(), fencing, idle, self.snapshots.next_timeout()];
        let next = timers.into_iter().flatten().min();
        let now = self.options.clock.now();
        let sleep = next.map_or(IDLE_MAX, |at| at.since(now)).min(IDLE_MAX);
        self.options.clock.bounded(sleep)
    }

    /// Lets the controller decide, writes the records, and keeps the reply until they are committed.
    fn decide(&mut self, mut job: Box<dyn Job>) -> Result<()> {
        let leading = self.raft.leading();
        let Some((active, (_, next_offset))) = self.active.as_mut().zip(leading) else {
            job.finish(Err(Unavailable::NotActive));
            return Ok(());
        };
        let mut context = Context {
            now: self.options.clock.now(),
            next_offset,
            random: &mut self.random,
            rules: self.options.rules.as_ref(),
            soft: &mut active.soft,
        };
        let records = job.decide(&active.controller, &mut context);
        let written =
            if records.is_empty() { Ok(true) } else { self.write(&records, job.is_atomic()) };
        match written {
            Ok(true) => {}
            Ok(false) => {
                job.finish(Err(Unavailable::TooLarge));
                return Ok(());
            }
            Err(error) => {
                job.finish(Err(Unavailable::OutcomeUnknown));
                return Err(error);
            }
        }
        let end = self.raft.log().end();
        if let Some(active) = &mut self.active {
            // What was decided may rest on records that are not committed: it waits for them, too.
            active.waiting.push_back((end, job));
        }
        Ok(())
    }

    /// Appends records in as few batches as possible and replays them. `false`, and nothing done, when they should be
    /// one batch and are too many.
    fn write(&mut self, records: &[MetadataRecord], is_atomic: bool) -> Result<bool> {
        let timestamp = self.options.clock.wall();
        self.newest = timestamp;
        let mut rest = records;
        while !rest.is_empty() {
            let Some((epoch, base)) = self.raft.leading() else {
                return Err(QuorumError::Log("leadership was lost while writing".to_owned()));
            };
            let stamp = BatchStamp {
                base_offset: base,
                leader_epoch: Some(epoch),
                ..BatchStamp::default()
            };
            let version = self.metadata_version();
            let mut bytes = Vec::new();
            let count = self.encoder.encode(rest, version, &stamp, timestamp, &mut bytes);
            let count = count.map_err(QuorumError::Log)?;
            if is_atomic && count < records.len() {
                return Ok(false);
            }
            let (now, later) = rest.split_at(count);
            let end = base.plus(u32::try_from(count).unwrap_or(u32::MAX)).unwrap_or(Offset::MAX);
            self.replay(now, end)?;
            let content = Content::Metadata(now.to_vec());
            let timestamp = Some(timestamp);
            self.pending.push_back(LogBatch { end, epoch, timestamp, content });
            self.step(Input::Append(Batch { base, end, epoch, bytes: Bytes::from(bytes) }))?;
            rest = later;
        }
        Ok(true)
    }

    fn replay(&mut self, records: &[MetadataRecord], end: Offset) -> Result<()> {
        let Some(active) = &mut self.active else { return Ok(()) };
        for record in records {
            active
                .controller
                .replay(record)
                .map_err(|error| QuorumError::Log(error.to_string()))?;
        }
        active.controller.advance_to(end);
        Ok(())
    }

    fn metadata_version(&self) -> i16 {
        let image = self.active.as_ref().map_or(&self.committed, |a| a.controller.image());
        let bootstrap = || {
            self.bootstrap.iter().find_map(|record| match record {
                MetadataRecord::FeatureLevel { name, level } if name == METADATA_VERSION => {
                    Some(*level)
                }
                _ => None,
            })
        };
        match image.feature(METADATA_VERSION) {
            0 => bootstrap().unwrap_or(0),
            level => level,
        }
    }

    /// Becomes the active controller, if this node has just come to lead.
    fn activate(&mut self) -> Result<()> {
        if self.active.is_some() || self.raft.leading().is_none() {
            return Ok(());
        }
        let mut controller =
            Controller::new(self.committed.clone(), self.options.controller.clone());
        let mut is_log_empty = self.committed.end() == Offset::ZERO;
        for batch in &self.pending {
            if let Content::Metadata(records) = &batch.content {
                is_log_empty = false;
                for record in records {
                    let replayed = controller.replay(record);
                    replayed.map_err(|error| QuorumError::Log(error.to_string()))?;
                }
            }
            controller.advance_to(batch.end);
        }
        let own = Some(self.options.own.id);
        let soft = Soft::start(controller.image(), self.options.clock.now(), own);
        self.active = Some(Active { controller, soft, waiting: VecDeque::new() });
        let bootstrap = self.bootstrap.clone();
        let nothing = |_: std::result::Result<(), Unavailable>| {};
        self.decide(Box::new(Request::new(Activate { is_log_empty, bootstrap }, nothing)))?;
        let register = RegisterController {
            id: self.options.own.id,
            incarnation: self.options.incarnation,
            endpoints: self.options.endpoints.clone(),
            features: self.options.features.clone(),
        };
        self.decide(Box::new(Request::new(register, nothing)))
    }

    /// Writes and syncs what the log took in, and tells the machine.
    fn sync(&mut self) -> Result<()> {
        let end = self.raft.log().end();
        if self.log.waiting() > 0 {
            self.log.flush()?;
            self.step(Input::Synced(end))?;
        }
        self.finish_committed();
        self.publish_status();
        Ok(())
    }

    fn step(&mut self, input: Input) -> Result<()> {
        let mut effects = Vec::new();
        self.raft.step(self.options.clock.now(), input, &mut effects);
        for effect in effects {
            self.carry_out(effect)?;
        }
        Ok(())
    }

    fn carry_out(&mut self, effect: Effect) -> Result<()> {
        match effect {
            Effect::Save(state) => self.state_file.write(self.options.disk.as_ref(), &state),
            Effect::Write(batch) => {
                self.snapshots.wrote(batch.bytes.len() as u64);
                self.log.append(&batch)
            }
            Effect::WriteControl { epoch, records } => self.write_control(epoch, &records),
            Effect::HighWatermark(end) => self.commit(end),
            Effect::Leader { leader, epoch } => {
                match leader {
                    Some(leader) => tracing::info!(%leader, %epoch, "metadata quorum has a leader"),
                    None => tracing::debug!(%epoch, "metadata quorum has no leader"),
                }
                if leader != Some(self.options.own.id) {
                    self.abandon(Unavailable::OutcomeUnknown);
                }
                Ok(())
            }
            Effect::Truncate(_)
            | Effect::Send { .. }
            | Effect::Answer { .. }
            | Effect::AnswerFetch { .. }
            | Effect::SnapshotNeeded(_) => {
                // There is nobody to talk to: `recover` accepts a single voter only.
                Err(QuorumError::Log(format!("a single voter cannot carry out {effect:?}")))
            }
        }
    }

    fn write_control(&mut self, epoch: LeaderEpoch, records: &[raft::ControlRecord]) -> Result<()> {
        let base = self.raft.log().end();
        let timestamp = self.options.clock.wall();
        self.newest = timestamp;
        let stamp = ControlStamp { base_offset: base, leader_epoch: Some(epoch), timestamp };
        let mut bytes = Vec::new();
        encode_control(records, stamp, &mut bytes).map_err(QuorumError::Log)?;
        let count = u32::try_from(records.len()).unwrap_or(u32::MAX);
        let end = base.plus(count).unwrap_or(Offset::MAX);
        // What they say is known already; they are kept for their offsets.
        let content = Content::Control(Vec::new());
        let timestamp = Some(timestamp);
        self.pending.push_back(LogBatch { end, epoch, timestamp, content });
        self.step(Input::Append(Batch { base, end, epoch, bytes: Bytes::from(bytes) }))
    }

    /// Applies what is committed now and shows it to everybody.
    fn commit(&mut self, high_watermark: Offset) -> Result<()> {
        while let Some(batch) = self.pending.pop_front_if(|batch| batch.end <= high_watermark) {
            if let Content::Metadata(records) = &batch.content {
                for record in records {
                    let replayed = self.committed.replay(record);
                    replayed.map_err(|error| QuorumError::Log(error.to_string()))?;
                }
            }
            self.committed.advance_to(batch.end);
            let (end, epoch) = (batch.end, batch.epoch);
            self.snapshots.committed(SnapshotId { end, epoch });
        }
        if !self.committed.is_in_transaction() {
            self.shared.publish(self.committed.clone());
        }
        Ok(())
    }

    /// Lets the replies leave whose records are committed.
    fn finish_committed(&mut self) {
        let Some(active) = &mut self.active else { return };
        let high_watermark = self.raft.high_watermark().unwrap_or(Offset::ZERO);
        while let Some((_, job)) = active.waiting.pop_front_if(|(end, _)| *end <= high_watermark) {
            job.finish(Ok(()));
        }
    }

    fn publish_status(&self) {
        let ends = self.raft.replica_ends();
        let end_of = |key| ends.iter().find(|(other, _)| *other == key).and_then(|(_, end)| *end);
        let voters = self.raft.voters().iter().map(|v| (v.clone(), end_of(v.key))).collect();
        self.shared.set_status(QuorumStatus {
            leader: self.raft.leader(),
            epoch: self.raft.epoch(),
            high_watermark: self.raft.high_watermark().unwrap_or(Offset::ZERO),
            log_end: self.raft.log().end(),
            voters,
            kraft_version: self.snapshots.kraft_version(),
        });
    }

    /// Leads no more: nobody will learn here what became of what waits.
    fn abandon(&mut self, why: Unavailable) {
        let Some(active) = self.active.take() else { return };
        for (_, job) in active.waiting {
            job.finish(Err(why));
        }
    }

    /// Answers those whose requests will not be looked at.
    fn refuse_arrived(&mut self) {
        let (queued, _) = self.shared.take(usize::MAX, Duration::ZERO);
        for job in self.arrived.drain(..).chain(queued) {
            job.finish(Err(Unavailable::NotActive));
        }
    }

    fn stop(mut self) -> Result<()> {
        let synced = self.sync();
        self.refuse_arrived();
        self.abandon(Unavailable::OutcomeUnknown);
        let stopped = synced.and_then(|()| self.step(Input::Stop)).and_then(|()| self.log.close());
        let snapshot = self.snapshots.stop();
        self.publish_status();
        stopped.and(snapshot)
    }
}

type Fenced = std::result::Result<Vec<model::BrokerId>, Unavailable>;

/// Where the thread's files are, for messages.
impl std::fmt::Debug for Shell {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let dir: PathBuf = metadata_dir(&self.options.log_dir);
        formatter.debug_struct("Shell").field("dir", &dir).finish_non_exhaustive()
    }
}
