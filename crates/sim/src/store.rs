use std::fmt;
use std::path::Path;
use std::sync::Arc;

use io::arena::Arena;
use io::{Clock, Disk, SimDisk};
use model::{
    LeaderEpoch, Offset, PartitionId, PartitionIndex, SeededRandom, Timestamp, TopicId, TopicName,
    TopicPartition, Uuid,
};
use record::patch_base_offset_and_epoch;
use replica::{BatchFacts, EndedTransaction, ProducerStates, ReplicaLog};
use storage::{
    AppendBatch, Appended, Captured, Checkpoint, CheckpointResult, DrainGoal, LaneConfig,
    LogConfig, LogDir, LogRange, OpenSettings, PartitionLog, Partitions, ReadPlan, Resolved,
    StorageError, Topics, WriteJob,
};

use crate::clock::SimClock;
use crate::failure::Broken;
use crate::node::Stop;

/// Memory for produced bytes, per simulated process.
const ARENA_SIZE: usize = 8 << 20;
const PATH: &str = "/data";

/// Sizes of a log: small ones, so that every edge comes often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreConfig {
    pub lane: LaneConfig,
    pub segment_bytes: u32,
    pub index_interval_bytes: u32,
}

impl StoreConfig {
    pub fn small(random: &mut SeededRandom) -> Self {
        let mut between = |low: u64, high: u64| low + random.below(high - low);
        Self {
            lane: LaneConfig {
                wal_file_size: 1 << between(15, 19),
                group_size_max: 1 << between(12, 16),
                bulk_size_min: 1 << between(11, 15),
                unsynced_size_max: 1 << between(17, 20),
                undrained_size_max: 1 << between(16, 19),
                direct: between(0, 2) == 0,
                past_cache_size_min: 1 << between(10, 15),
            },
            segment_bytes: 1 << between(12, 17),
            index_interval_bytes: 1 << between(7, 13),
        }
    }
}

/// The log of one partition on a simulated disk, driven from one thread: nothing is written to disk until somebody
/// says so.
pub struct Store {
    disk: SimDisk,
    dir: Arc<LogDir>,
    log: PartitionLog,
    group: Option<Group>,
    checkpoint: Option<Checkpoint>,
}

/// A group under way.
struct Group {
    job: WriteJob,
    written: Option<storage::Result<()>>,
}

struct OneTopic(Arc<LogConfig>);

impl Topics for OneTopic {
    fn config(&self, _name: &TopicPartition) -> Arc<LogConfig> {
        Arc::clone(&self.0)
    }
}

struct OnePartition<'a> {
    log: &'a PartitionLog,
    replica: &'a ReplicaLog,
}

impl Partitions for OnePartition<'_> {
    fn capture(&self, partition: PartitionId) -> Option<Captured> {
        (partition == self.log.id()).then(|| self.log.capture(self.replica))
    }
}

fn crash(error: impl fmt::Display) -> Stop {
    Stop::Broken(Broken::crash(error))
}

/// Any error is the power's doing while the power is off; else it is a failure of the run.
fn stop_of(disk: &SimDisk, error: &StorageError) -> Stop {
    if disk.is_off() {
        Stop::PowerCut
    } else {
        crash(format_args!("{error}\n    {}", listing(disk)))
    }
}

impl Store {
    /// Recovers what the disk holds.
    pub fn open(
        disk: &SimDisk,
        clock: &SimClock,
        config: StoreConfig,
    ) -> Result<(Self, ReplicaLog), Stop> {
        let settings = OpenSettings {
            disk: Arc::new(disk.clone()),
            arena: Arena::new(ARENA_SIZE),
            lane: config.lane,
            salt: disk.operations(),
            wall: clock.wall(),
        };
        let topics = OneTopic(Arc::new(LogConfig {
            segment_bytes: config.segment_bytes,
            index_interval_bytes: config.index_interval_bytes,
            ..LogConfig::default()
        }));
        // As formatting does: the directory's own name is durable before anything is written to it.
        disk.create_dir_all(Path::new(PATH))
            .and_then(|()| disk.sync_dir(Path::new("/")))
            .map_err(|error| if disk.is_off() { Stop::PowerCut } else { crash(error) })?;
        let opened = LogDir::open(Path::new(PATH), &settings, &topics)
            .map_err(|error| stop_of(disk, &error))?;
        if let Some(failed) = opened.failed.first() {
            return Err(stop_of(disk, &failed.error));
        }
        let (log, replica) = match opened.partitions.into_iter().next() {
            Some(recovered) => (recovered.log, recovered.replica),
            None => {
                let (id, name) = partition()?;
                let log = opened.dir.create_log(id, name, topics.0, Offset::ZERO);
                (log, ReplicaLog::empty(Offset::ZERO))
            }
        };
        let disk = disk.clone();
        Ok((Self { disk, dir: opened.dir, log, group: None, checkpoint: None }, replica))
    }

    fn stop_of(&self, error: &StorageError) -> Stop {
        stop_of(&self.disk, error)
    }

    pub fn must_pause(&self) -> bool {
        self.dir.lane().must_pause()
    }

    /// Begins a new segment if the batch needs one. Before the batch is stepped into the replica.
    pub fn roll_for(
        &mut self,
        replica: &ReplicaLog,
        size: usize,
        facts: &BatchFacts,
        wall: Timestamp,
    ) {
        let last = replica.log_end().plus(facts.offset_count - 1).unwrap_or(Offset::MAX);
        self.log.roll_for(size, last, facts.max_timestamp, wall, replica.producers());
    }

    /// Appends a batch after patching it, as a leader does.
    pub fn append_patched(
        &mut self,
        batch: &[u8],
        base: Offset,
        leader_epoch: LeaderEpoch,
        wall: Timestamp,
    ) -> Result<(), Stop> {
        let mut patched = batch.to_vec();
        patch_base_offset_and_epoch(&mut patched, base, leader_epoch);
        self.append(&patched, wall)
    }

    /// Appends a batch as it is.
    pub fn append(&mut self, batch: &[u8], wall: Timestamp) -> Result<(), Stop> {
        let bytes = self.dir.arena().copy_of(batch).map_err(crash)?;
        let batch = AppendBatch::parse(bytes).map_err(crash)?;
        match self.log.append(batch, wall) {
            Appended::InLane(_) => Ok(()),
            Appended::Direct(_) => Err(crash("an fsync topic bypassed the write-ahead log")),
        }
    }

    pub fn transaction_ended(&mut self, ended: &EndedTransaction) {
        // In the lane, so there is nothing to write here.
        drop(self.log.transaction_ended(ended));
    }

    pub fn raise_start(&mut self, start: Offset) {
        drop(self.log.raise_start(start));
    }

    /// Cuts the log. What [`Self::producers`] says afterwards is true once all is committed and drained.
    pub fn truncate(&mut self, end: Offset) -> Result<(), Stop> {
        let Some(search) = self.log.search_truncation(end) else { return Ok(()) };
        let truncation = search.run().map_err(|error| self.stop_of(&error))?;
        drop(self.log.truncate(truncation));
        Ok(())
    }

    /// Drops everything.
    pub fn restart_at(&mut self, start: Offset) {
        drop(self.log.reset_to(start));
    }

    /// The producers of the log as it is now, read from it.
    pub fn producers(&self) -> Result<ProducerStates, Stop> {
        let end = self.log.log_end();
        self.log.scan_producers(end).run().map_err(|error| self.stop_of(&error))
    }

    pub fn has_group(&self) -> bool {
        self.group.is_some()
    }

    pub fn begin_group(&mut self) {
        if self.group.is_none() {
            let job = self.dir.lane().next_group();
            self.group = job.map(|job| Group { job, written: None });
        }
    }

    pub fn write_group(&mut self) {
        if let Some(group) = &mut self.group
            && group.written.is_none()
        {
            group.written = Some(group.job.run());
        }
    }

    /// How far the log is durable now. `None` when no group was written, or it held no batch.
    pub fn end_group(&mut self) -> Result<Option<Offset>, Stop> {
        let Some(group) = self.group.take() else { return Ok(None) };
        let Some(written) = group.written else {
            self.group = Some(group);
            return Ok(None);
        };
        let mut ends = Vec::new();
        let told = self.dir.lane().group_written(group.job, written, &mut ends);
        told.map_err(|error| self.stop_of(&error))?;
        Ok(ends.last().map(|durable| durable.end))
    }

    /// Carries what is durable out on the segments, and prepares the write-ahead log's next file.
    pub fn drain(&mut self) -> Result<(), Stop> {
        let lane = self.dir.lane();
        lane.drain_step(DrainGoal::All).map_err(|error| self.stop_of(&error))?;
        lane.prepare_step().map_err(|error| self.stop_of(&error))?;
        Ok(())
    }

    /// A checkpoint: begun now, and finished now or by a later call.
    pub fn checkpoint(&mut self, replica: &ReplicaLog) -> Result<(), Stop> {
        let checkpoint = self.checkpoint.take().unwrap_or_else(|| {
            self.dir.begin_checkpoint(&OnePartition { log: &self.log, replica })
        });
        match self.dir.finish_checkpoint(checkpoint).map_err(|error| self.stop_of(&error))? {
            CheckpointResult::Done => {}
            CheckpointResult::NotYet(checkpoint) => self.checkpoint = Some(checkpoint),
        }
        Ok(())
    }

    /// A clean stop.
    pub fn close(mut self, replica: &ReplicaLog) -> Result<(), Stop> {
        if self.checkpoint.is_some() {
            self.checkpoint(replica)?;
        }
        let partitions = OnePartition { log: &self.log, replica };
        let mut ends = Vec::new();
        self.dir.close(&partitions, None, &mut ends).map_err(|error| self.stop_of(&error))
    }

    /// Whole batches from `offset` on that begin below `end`: at least one, about `size_max` bytes.
    pub fn read(&self, offset: Offset, end: Offset, size_max: u32) -> Result<Vec<u8>, Stop> {
        let mut offset = offset;
        loop {
            let mut ranges = Vec::new();
            match self.log.read(offset, end, size_max, true, &mut ranges) {
                ReadPlan::Nothing => return Ok(Vec::new()),
                ReadPlan::Memory => return self.bytes_of(&ranges),
                ReadPlan::File(read) => {
                    match read.resolve().map_err(|error| self.stop_of(&error))? {
                        Resolved::Range(range) => return self.bytes_of(&[LogRange::File(range)]),
                        Resolved::ContinueAt(next) => offset = next,
                        Resolved::Nothing => return Ok(Vec::new()),
                    }
                }
            }
        }
    }

    fn bytes_of(&self, ranges: &[LogRange]) -> Result<Vec<u8>, Stop> {
        let mut bytes = Vec::new();
        for range in ranges {
            match range {
                LogRange::Memory(slice) => bytes.extend_from_slice(slice),
                LogRange::File(file) => {
                    let read = file.read();
                    let off = self.disk.is_off();
                    let read =
                        read.map_err(|error| if off { Stop::PowerCut } else { crash(error) })?;
                    bytes.extend_from_slice(&read);
                }
            }
        }
        Ok(bytes)
    }
}

/// What lies on the disk, for a failure's text.
pub(crate) fn listing(disk: &SimDisk) -> String {
    let mut lines = Vec::new();
    let mut dirs = vec![std::path::PathBuf::from(PATH)];
    while let Some(dir) = dirs.pop() {
        for entry in disk.list(&dir).unwrap_or_default() {
            let path = dir.join(&entry.name);
            lines.push(format!("{} {}", path.display(), entry.size));
            if entry.is_dir {
                dirs.push(path);
            }
        }
    }
    lines.sort_unstable();
    lines.join("\n    ")
}

fn partition() -> Result<(PartitionId, TopicPartition), Stop> {
    let topic = TopicId::new(Uuid::from_bytes([7; 16])).ok_or_else(|| crash("topic id"))?;
    let name = TopicName::new("simulated").map_err(crash)?;
    let partition = PartitionIndex::ZERO;
    Ok((PartitionId { topic, partition }, TopicPartition { topic: name, partition }))
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Store({:?})", self.log)
    }
}
