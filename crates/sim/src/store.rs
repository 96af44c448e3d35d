use std::collections::VecDeque;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
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
    LaneSequence, LaneState, LogConfig, LogDir, LogRange, Notice, OpenSettings, PartitionLog,
    Partitions, ReadPlan, Resolved, StorageError, Topics, WriteJob,
};

use crate::clock::SimClock;
use crate::failure::Broken;
use crate::stop::{Reason, Refusal, Stop, stop_of};

/// Memory for produced bytes, per simulated process.
const ARENA_SIZE: usize = 8 << 20;
/// Groups of which is known where they went.
const GROUP_COUNT_KEPT: usize = 64;
pub(crate) const PATH: &str = "/data";

/// Sizes of a log: small ones, so that every edge comes often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreConfig {
    pub lane: LaneConfig,
    pub segment_bytes: u32,
    pub index_interval_bytes: u32,
}

impl StoreConfig {
    pub fn small(random: &mut SeededRandom, planted: storage::Planted) -> Self {
        // From a generator of its own, so that seeds that were noted stay what they were.
        let mut runs = random.clone();
        let mut between = |low: u64, high: u64| low + random.below(high - low);
        Self {
            lane: LaneConfig {
                wal_file_size: 1 << between(15, 19),
                group_size_max: 1 << between(12, 16),
                bulk_size_min: 1 << between(11, 15),
                bulk_threads_max: 1,
                unsynced_size_max: 1 << between(17, 20),
                undrained_size_max: 1 << between(16, 19),
                // Chunks of an arena are larger than what a seed writes.
                held_size_max: u64::MAX,
                direct: between(0, 2) == 0,
                past_cache_size_min: 1 << between(10, 15),
                run_size: io::PAGE_SIZE << runs.below(5),
                run_count_max: usize::try_from(runs.below(3)).unwrap_or(0),
                run_batch_size_min: 1 << runs.below(10),
                planted,
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
    notices: Vec<Notice>,
    /// Appends that wait for the lane, oldest first, each with where the log ended behind it.
    appends: VecDeque<(LaneSequence, Offset)>,
    /// Groups that were written say that the log is durable up to here: what the lane says is held against it.
    written_end: Offset,
    groups: VecDeque<WrittenGroup>,
}

/// A group that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenGroup {
    /// Where it lies in the write-ahead log.
    pub path: PathBuf,
    pub place: Range<u64>,
    /// How far the log was durable before it.
    pub end_before: Offset,
}

/// A group under way.
struct Group {
    job: WriteJob,
    written: Option<storage::Result<()>>,
    /// Where it went in the write-ahead log, if it went there.
    place: Option<(PathBuf, Range<u64>)>,
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
            open_files_max: storage::limits::OPEN_FILES_MAX,
            workers: Arc::new(storage::InTurn),
            salt: disk.operations(),
            wall: clock.wall(),
        };
        let topics = OneTopic(Arc::new(LogConfig {
            segment_bytes: config.segment_bytes,
            index_interval_bytes: config.index_interval_bytes,
            ..LogConfig::default()
        }));
        // As formatting does: the directory's own name is durable before anything is written to it.
        disk.create_dir_all(Path::new(PATH)).and_then(|()| disk.sync_dir(Path::new("/"))).map_err(
            |source| stop_of(disk, &StorageError::Io { verb: "format", path: PATH.into(), source }),
        )?;
        let opened = LogDir::open(Path::new(PATH), &settings, &topics)
            .map_err(|error| stop_of(disk, &error))?;
        if let Some(failed) = opened.failed.first() {
            return Err(stop_of(disk, &failed.error));
        }
        let notices = opened.notices;
        let (log, replica) = match opened.partitions.into_iter().next() {
            Some(recovered) => (recovered.log, recovered.replica),
            None => {
                let (id, name) = partition()?;
                let log = opened.dir.create_log(id, name, topics.0, Offset::ZERO);
                (log, ReplicaLog::empty(Offset::ZERO))
            }
        };
        let disk = disk.clone();
        let store = Self {
            disk,
            dir: opened.dir,
            group: None,
            checkpoint: None,
            notices,
            appends: VecDeque::new(),
            written_end: log.log_end(),
            groups: VecDeque::new(),
            log,
        };
        Ok((store, replica))
    }

    /// What recovery had to say.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// How far groups that were written reach.
    pub fn written_end(&self) -> Offset {
        self.written_end
    }

    /// The newest groups, oldest first.
    pub fn groups(&self) -> &VecDeque<WrittenGroup> {
        &self.groups
    }

    pub fn state(&self) -> LaneState {
        self.dir.lane().state()
    }

    /// As the broker does when a log directory gives an error.
    fn stop_of(&self, error: &StorageError) -> Stop {
        let stop = stop_of(&self.disk, error);
        if let Stop::Storage(Refusal { reason: Reason::Failed, .. }) = &stop {
            self.dir.fail();
        }
        stop
    }

    pub fn log_end(&self) -> Offset {
        self.log.log_end()
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
        let mut batch = AppendBatch::parse(bytes).map_err(crash)?;
        if let Some(gathered) = self.log.gather(&batch.bytes) {
            batch.bytes = gathered;
        }
        match self.log.append(batch, wall) {
            Appended::InLane(sequence) => {
                self.appends.push_back((sequence, self.log.log_end()));
                Ok(())
            }
            Appended::Direct(_) => Err(crash("an fsync topic bypassed the write-ahead log")),
        }
    }

    pub fn transaction_ended(&mut self, ended: &EndedTransaction) {
        // In the lane, so there is nothing to write here.
        drop(self.log.transaction_ended(ended));
    }

    pub fn raise_start(&mut self, start: Offset, producers: &ProducerStates) {
        drop(self.log.raise_start(start, producers));
    }

    /// Cuts the log. What [`Self::producers`] says afterwards is true once all is committed and drained.
    pub fn truncate(&mut self, end: Offset) -> Result<(), Stop> {
        let Some(search) = self.log.search_truncation(end) else { return Ok(()) };
        let truncation = search.run().map_err(|error| self.stop_of(&error))?;
        drop(self.log.truncate(truncation));
        let end = self.log.log_end();
        self.appends.retain(|(_, appended)| *appended <= end);
        self.written_end = self.written_end.min(end);
        Ok(())
    }

    /// Drops everything.
    pub fn restart_at(&mut self, start: Offset) {
        drop(self.log.reset_to(start));
        self.appends.clear();
        self.written_end = start;
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
            self.group = job.map(|job| Group { job, written: None, place: None });
        }
    }

    pub fn write_group(&mut self) {
        if let Some(group) = &mut self.group
            && group.written.is_none()
        {
            let before = self.disk.operations();
            group.written = Some(group.job.run());
            group.place = self.disk.last_write_after(before).filter(|(path, _)| is_wal(path));
        }
    }

    /// Tells the lane how the group that was written went.
    pub fn end_group(&mut self) -> Result<(), Stop> {
        let Some(group) = self.group.take() else { return Ok(()) };
        let Some(written) = group.written else {
            self.group = Some(group);
            return Ok(());
        };
        let mut ends = Vec::new();
        let told = self.dir.lane().group_written(group.job, written, &mut ends);
        told.map_err(|error| self.stop_of(&error))?;
        let end_before = self.written_end;
        if let Some(durable) = ends.last() {
            self.written_end = durable.end;
        }
        if let Some((path, place)) = group.place {
            if self.groups.len() == GROUP_COUNT_KEPT {
                self.groups.pop_front();
            }
            self.groups.push_back(WrittenGroup { path, place, end_before });
        }
        Ok(())
    }

    /// How far the log is durable now by what the lane says, if that is news: what a loop of the broker looks at.
    pub fn take_durable(&mut self) -> Option<Offset> {
        let durable = self.dir.lane().durable();
        let mut end = None;
        while let Some((_, appended)) = self.appends.pop_front_if(|(at, _)| *at <= durable) {
            end = Some(appended);
        }
        end
    }

    /// Tries to make room, and to write what found none.
    pub fn find_room(&mut self, replica: Option<&ReplicaLog>) -> Result<(), Stop> {
        self.dir.lane().give_room().map_err(|error| self.stop_of(&error))?;
        let lane = self.dir.lane();
        let prepared = lane.prepare_step().map(|_| ()).map_err(|error| self.stop_of(&error));
        let drained =
            lane.drain_step(DrainGoal::All).map(|_| ()).map_err(|error| self.stop_of(&error));
        for done in [prepared, drained] {
            done.or_else(Stop::unless_full)?;
        }
        if let Some(replica) = replica
            && self.dir.lane().owes_checkpoint()
        {
            self.checkpoint(replica).or_else(Stop::unless_full)?;
        }
        Ok(())
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
        read_log(&self.log, offset, end, size_max).map_err(|error| self.stop_of(&error))
    }

    /// The first record at or after `target`.
    pub fn search_timestamp(&self, target: Timestamp) -> Result<Option<(Offset, Timestamp)>, Stop> {
        let Some(search) = self.log.search_timestamp(target) else { return Ok(None) };
        let found = search.run().map_err(|error| self.stop_of(&error))?;
        Ok(found.map(|found| (found.offset, found.timestamp)))
    }
}

/// Whole batches from `offset` on that begin below `end`: at least one, about `size_max` bytes.
pub(crate) fn read_log(
    log: &PartitionLog,
    offset: Offset,
    end: Offset,
    size_max: u32,
) -> Result<Vec<u8>, StorageError> {
    let mut offset = offset;
    loop {
        let mut ranges = Vec::new();
        match log.read(offset, end, size_max, true, &mut ranges) {
            ReadPlan::Nothing => return Ok(Vec::new()),
            ReadPlan::Memory => return bytes_of(&ranges),
            ReadPlan::File(read) => match read.resolve()? {
                Resolved::Range(range) => return bytes_of(&[LogRange::File(range)]),
                Resolved::ContinueAt(next) => offset = next,
                Resolved::Nothing => return Ok(Vec::new()),
            },
        }
    }
}

fn bytes_of(ranges: &[LogRange]) -> Result<Vec<u8>, StorageError> {
    let mut bytes = Vec::new();
    for range in ranges {
        match range {
            LogRange::Memory(slice) => bytes.extend_from_slice(slice),
            LogRange::File(file) => {
                let read = file.read().map_err(|source| StorageError::Io {
                    verb: "read",
                    path: PATH.into(),
                    source,
                })?;
                bytes.extend_from_slice(&read);
            }
        }
    }
    Ok(bytes)
}

/// Whether it is a file of the write-ahead log.
pub(crate) fn is_wal(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| name.starts_with("ottla.wal."))
}

/// What holds batches or leads to them. A misdirected write damages two places, which are vouched for by what has a checksum
/// somewhere else, so not that too.
pub(crate) fn is_data(path: &Path) -> bool {
    let kinds = ["log", "index", "timeindex"];
    let kind = path.extension().and_then(|kind| kind.to_str());
    is_wal(path) || kind.is_some_and(|kind| kinds.contains(&kind))
}

/// What lies on the disk, for a failure's text.
pub(crate) fn listing(disk: &SimDisk) -> String {
    let mut lines = Vec::new();
    let mut dirs = vec![PathBuf::from(PATH)];
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
