use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Arc;

use io::arena::Arena;
use io::{Clock, Disk, SimDisk};
use model::{BrokerId, LeaderEpoch, Offset, PartitionEpoch, PartitionId, TopicPartition};
use record::patch_base_offset_and_epoch;
use replica::{
    Acks, Append, AppendError, BatchFacts, Effect, Effects, FetchFrom, FetchVerdict, Guard, Input,
    Leader, LeaderSettings, LeaderTerm, Origin, ParkedProduces, Reader, Released, ReplicaLog,
};
use storage::{
    AbortedTransaction, AppendBatch, Appended, Captured, Checkpoint, CheckpointResult, DrainGoal,
    LaneSequence, LogConfig, LogDir, OpenSettings, PartitionLog, Partitions, StorageError, Topics,
    WriteJob,
};

use super::Key;
use super::cleaning::UnderWay;
use crate::clock::SimClock;
use crate::failure::Broken;
use crate::limits::PRODUCE_WAIT_MAX;
use crate::stop::{Stop, stop_of};
use crate::store::{PATH, StoreConfig, read_log};

/// Memory for produced bytes, per simulated process.
const ARENA_SIZE: usize = 8 << 20;

/// Names an append until it is answered.
pub(super) type Ticket = u64;

/// One partition as its leader has it.
pub(super) struct Led {
    pub(super) log: PartitionLog,
    pub(super) leader: Leader,
    parked: ParkedProduces<Ticket>,
    /// Appends that wait for the lane, oldest first, each with where the log ended behind it.
    appends: VecDeque<(LaneSequence, Offset)>,
}

/// All partitions of one broker, which leads them, on one log directory; driven from one thread.
pub(super) struct Logs {
    disk: SimDisk,
    pub(super) clock: SimClock,
    pub(super) dir: Arc<LogDir>,
    led: BTreeMap<Key, RefCell<Led>>,
    pub(super) cleaning: Option<UnderWay>,
    group: Option<(WriteJob, Option<storage::Result<()>>)>,
    checkpoint: Option<Checkpoint>,
    released: Vec<Released<Ticket>>,
}

struct Configs {
    deleted: Arc<LogConfig>,
    compacted: Arc<LogConfig>,
}

impl Configs {
    fn new(config: StoreConfig) -> Self {
        let deleted = LogConfig {
            segment_bytes: config.segment_bytes,
            index_interval_bytes: config.index_interval_bytes,
            ..LogConfig::default()
        };
        let compacted = LogConfig {
            delete: false,
            compact: true,
            min_cleanable_ratio: 0.0,
            delete_retention_ms: 1_000,
            ..deleted.clone()
        };
        Self { deleted: Arc::new(deleted), compacted: Arc::new(compacted) }
    }
}

impl Topics for Configs {
    fn config(&self, name: &TopicPartition) -> Arc<LogConfig> {
        let is_compacted = Key::named(name).is_some_and(Key::is_compacted);
        Arc::clone(if is_compacted { &self.compacted } else { &self.deleted })
    }
}

impl Partitions for Logs {
    fn capture(&self, partition: PartitionId) -> Option<Captured> {
        let mut all = self.led.values().map(RefCell::borrow);
        let led = all.find(|led| led.log.id() == partition)?;
        Some(led.log.capture(led.leader.log()))
    }
}

impl Logs {
    /// Recovers what the disk holds, and leads all of it in a new epoch.
    pub(super) fn open(
        disk: &SimDisk,
        clock: &SimClock,
        config: StoreConfig,
        leader: LeaderSettings,
        leader_epoch: LeaderEpoch,
    ) -> Result<Self, Stop> {
        let settings = OpenSettings {
            disk: Arc::new(disk.clone()),
            arena: Arena::new(ARENA_SIZE),
            lane: config.lane,
            open_files_max: storage::limits::OPEN_FILES_MAX,
            workers: Arc::new(storage::InTurn),
            salt: disk.operations(),
            wall: clock.wall(),
        };
        let topics = Configs::new(config);
        let formatted =
            disk.create_dir_all(Path::new(PATH)).and_then(|()| disk.sync_dir(Path::new("/")));
        formatted.map_err(|source| {
            stop_of(disk, &StorageError::Io { verb: "format", path: PATH.into(), source })
        })?;
        let opened = LogDir::open(Path::new(PATH), &settings, &topics)
            .map_err(|error| stop_of(disk, &error))?;
        if let Some(failed) = opened.failed.first() {
            return Err(stop_of(disk, &failed.error));
        }
        let mut found: BTreeMap<Key, (PartitionLog, ReplicaLog)> = BTreeMap::new();
        for recovered in opened.partitions {
            if let Some(key) = Key::named(recovered.log.name()) {
                found.insert(key, (recovered.log, recovered.replica));
            }
        }
        let mut logs = Self {
            disk: disk.clone(),
            clock: clock.clone(),
            dir: opened.dir,
            led: BTreeMap::new(),
            cleaning: None,
            group: None,
            checkpoint: None,
            released: Vec::new(),
        };
        for key in Key::all() {
            let (log, replica) = found.remove(&key).unwrap_or_else(|| {
                let config = topics.config(&key.name());
                let log = logs.dir.create_log(key.id(), key.name(), config, Offset::ZERO);
                (log, ReplicaLog::empty(Offset::ZERO))
            });
            logs.lead(key, log, replica, leader, leader_epoch);
        }
        Ok(logs)
    }

    fn lead(
        &mut self,
        key: Key,
        log: PartitionLog,
        replica: ReplicaLog,
        settings: LeaderSettings,
        leader_epoch: LeaderEpoch,
    ) {
        let me = BrokerId::from_wire(0).unwrap_or_else(|| unreachable!("0 is a broker"));
        let term = LeaderTerm {
            me,
            leader_epoch,
            partition_epoch: PartitionEpoch::ZERO,
            replicas: vec![me],
            in_sync: vec![me],
        };
        let mut effects = Effects::<Ticket, Arc<[u8]>>::new();
        let leader = Leader::new(self.clock.now(), replica, term, settings, &mut effects);
        let (parked, appends) = (ParkedProduces::new(), VecDeque::new());
        self.led.insert(key, RefCell::new(Led { log, leader, parked, appends }));
    }

    pub(super) fn led(&self, key: Key) -> &RefCell<Led> {
        self.led.get(&key).unwrap_or_else(|| unreachable!("all partitions are led"))
    }

    /// Appends a batch; the answer comes from [`Self::drain_released`]. Gives its first offset if it was written.
    pub(super) fn append(
        &mut self,
        key: Key,
        ticket: Ticket,
        facts: BatchFacts,
        batch: &[u8],
        origin: Origin,
    ) -> Result<Result<Offset, AppendError>, Stop> {
        if self.dir.lane().must_pause() {
            self.commit_all()?;
            self.drain()?;
            self.checkpoint()?;
        }
        let (now, wall) = (self.clock.now(), self.clock.wall());
        let mut led = self.led(key).borrow_mut();
        let Led { log, leader, parked, appends } = &mut *led;
        let replica = leader.log();
        let last = replica.log_end().plus(facts.offset_count - 1).unwrap_or(Offset::MAX);
        log.roll_for(batch.len(), last, facts.max_timestamp, wall, replica.producers());
        let mut effects = Effects::new();
        let append = Append { ticket, facts, batch: (), acks: Acks::AllInSync, origin };
        leader.step(now, wall, Input::Append(append), &mut effects);
        let progress = leader.progress();
        let mut answer = Err(AppendError::Storage);
        let mut released = Vec::new();
        for effect in effects.drain() {
            match effect {
                Effect::Write { base, leader_epoch, batch: () } => {
                    let mut patched = batch.to_vec();
                    patch_base_offset_and_epoch(&mut patched, base, leader_epoch);
                    let bytes = self.dir.arena().copy_of(&patched).map_err(Broken::crash)?;
                    let mut batch = AppendBatch::parse(bytes).map_err(Broken::crash)?;
                    if let Some(gathered) = log.gather(&batch.bytes) {
                        batch.bytes = gathered;
                    }
                    if let Appended::InLane(sequence) = log.append(batch, wall) {
                        appends.push_back((sequence, log.log_end()));
                    }
                }
                Effect::Answer { ticket, result, once } => {
                    answer = result.map(|appended| appended.base);
                    let deadline = now.plus(PRODUCE_WAIT_MAX);
                    parked.park(ticket, result, once, deadline, &progress, &mut released);
                }
                // In the lane, so there is nothing to write here.
                Effect::TransactionEnded(ended) => drop(log.transaction_ended(&ended)),
                _ => {}
            }
        }
        drop(led);
        self.released.extend(released);
        Ok(answer)
    }

    pub(super) fn guard_for(&self, key: Key, producer: txn::Producer) -> Option<Guard> {
        self.led(key).borrow_mut().leader.guard_for(producer.id, producer.epoch, None)
    }

    /// What may be answered by now.
    pub(super) fn drain_released(&mut self) -> Vec<Released<Ticket>> {
        std::mem::take(&mut self.released)
    }

    pub(super) fn high_watermark(&self, key: Key) -> Offset {
        self.led(key).borrow().leader.log().high_watermark()
    }

    pub(super) fn log_start(&self, key: Key) -> Offset {
        self.led(key).borrow().leader.log().log_start()
    }

    pub(super) fn leader_epoch(&self, key: Key) -> LeaderEpoch {
        self.led(key).borrow().leader.leader_epoch()
    }

    /// Whole batches from `from` on that a reader may have; `None` for all that the log holds.
    pub(super) fn read(&self, key: Key, from: Offset, reader: Reader) -> Result<Vec<u8>, Stop> {
        let led = self.led(key).borrow();
        let asked =
            FetchFrom { reader, offset: from, leader_epoch: None, last_fetched_epoch: None };
        match led.leader.check_fetch(&asked) {
            Ok(FetchVerdict::Read { end }) => {
                read_log(&led.log, from, end, 8_000).map_err(|error| self.stop_of(&error))
            }
            Ok(FetchVerdict::Diverging(_)) | Err(_) => {
                let text = format!("{key:?} refuses a read at {from}");
                Err(Broken::correctness("seen_stays", text).into())
            }
        }
    }

    pub(super) fn aborted(&self, key: Key, from: Offset) -> Result<Vec<AbortedTransaction>, Stop> {
        let led = self.led(key).borrow();
        let search = led.log.search_aborted(from, led.leader.log().last_stable());
        search.run().map_err(|error| self.stop_of(&error))
    }

    /// As the broker does when a log directory gives an error.
    pub(super) fn stop_of(&self, error: &StorageError) -> Stop {
        let stop = stop_of(&self.disk, error);
        if matches!(stop, Stop::Storage(_)) {
            self.dir.fail();
        }
        stop
    }

    pub(super) fn begin_group(&mut self) -> Result<(), Stop> {
        if self.group.is_none() {
            self.group = self.dir.lane().next_group().map(|job| (job, None));
        }
        self.look_at_durable();
        Ok(())
    }

    pub(super) fn write_group(&mut self) {
        if let Some((job, written @ None)) = &mut self.group {
            *written = Some(job.run());
        }
    }

    pub(super) fn end_group(&mut self) -> Result<(), Stop> {
        match self.group.take() {
            Some((job, Some(written))) => {
                let told = self.dir.lane().group_written(job, written, &mut Vec::new());
                told.map_err(|error| self.stop_of(&error))?;
            }
            other => self.group = other,
        }
        self.look_at_durable();
        Ok(())
    }

    /// What a loop of the broker does when it is woken.
    fn look_at_durable(&mut self) {
        let (now, wall) = (self.clock.now(), self.clock.wall());
        let durable = self.dir.lane().durable();
        for led in self.led.values() {
            let Led { leader, parked, appends, .. } = &mut *led.borrow_mut();
            let mut end = None;
            while let Some((_, appended)) = appends.pop_front_if(|(at, _)| *at <= durable) {
                end = Some(appended);
            }
            if let Some(end) = end {
                let input = Input::<Ticket, ()>::DurableEnd(end);
                leader.step(now, wall, input, &mut Effects::new());
                parked.release(&leader.progress(), &mut self.released);
            }
            parked.expire(now, &mut self.released);
        }
    }

    pub(super) fn commit_all(&mut self) -> Result<(), Stop> {
        loop {
            self.begin_group()?;
            if self.group.is_none() {
                return Ok(());
            }
            self.write_group();
            self.end_group()?;
        }
    }

    pub(super) fn drain(&mut self) -> Result<(), Stop> {
        let lane = self.dir.lane();
        lane.drain_step(DrainGoal::All).map_err(|error| self.stop_of(&error))?;
        lane.prepare_step().map_err(|error| self.stop_of(&error))?;
        Ok(())
    }

    /// A checkpoint: begun now, and finished now or by a later call.
    pub(super) fn checkpoint(&mut self) -> Result<(), Stop> {
        let begun = self.checkpoint.take().unwrap_or_else(|| self.dir.begin_checkpoint(self));
        match self.dir.finish_checkpoint(begun).map_err(|error| self.stop_of(&error))? {
            CheckpointResult::Done => {}
            CheckpointResult::NotYet(begun) => self.checkpoint = Some(begun),
        }
        Ok(())
    }

    /// A clean stop.
    pub(super) fn close(mut self) -> Result<(), Stop> {
        self.stop_cleaning()?;
        self.commit_all()?;
        if self.checkpoint.is_some() {
            self.checkpoint()?;
        }
        self.dir.close(&self, None, &mut Vec::new()).map_err(|error| self.stop_of(&error))
    }
}
