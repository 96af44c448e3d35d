mod checkpointing;
mod cleaned;
mod closing;
mod draining;
mod left_wal;
mod opening;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use io::Lock;
use io::arena::Arena;
use model::{BrokerEpoch, Offset, PartitionId, TopicPartition};
use parking_lot::Mutex;

pub use self::checkpointing::{Checkpoint, CheckpointResult};
pub use self::draining::{DrainedDir, drain_log_dir};
pub use self::opening::{FailedPartition, OpenSettings, Opened, RecoveredPartition, Topics};
use crate::checkpoint::MetaProperties;
use crate::cleaner::CleanedOffsets;
use crate::config::LogConfig;
use crate::dirty::Dirty;
use crate::error::{Result, StorageError};
use crate::lane::codec::Salt;
use crate::lane::{Lane, Short};
use crate::partition_files::PartitionFiles;
use crate::partition_log::{Captured, DirectWrite, LogState, PartitionLog};
use crate::place::Place;

/// One log directory in use: its lane, its lock, and what it needs to make and checkpoint logs. Shared by its
/// partitions.
pub struct LogDir {
    place: Arc<Place>,
    lane: Lane,
    arena: Arena,
    properties: Option<MetaProperties>,
    /// As the last clean stop left it, for the registration of the broker.
    broker_epoch_before: Option<BrokerEpoch>,
    /// Partitions with writes that bypassed the write-ahead log and are not synced.
    direct: Mutex<BTreeMap<u64, Arc<PartitionFiles>>>,
    /// Of these, the ones that a full disk stopped.
    stopped: Mutex<BTreeMap<u64, Arc<PartitionFiles>>>,
    cleaned: Mutex<CleanedOffsets>,
    /// One writer of their file at a time.
    writing_cleaned: Mutex<()>,
    deletions: AtomicU64,
    salt: u64,
    /// The empty file that the write-ahead log begins with.
    first_wal: PathBuf,
    /// One checkpoint, or close, at a time.
    checkpointing: Mutex<()>,
    lock: Mutex<Option<Box<dyn Lock>>>,
}

/// How a checkpoint gets at the partitions, which are locked one by one, and only for the moment of the call.
pub trait Partitions {
    /// [`PartitionLog::capture`], under the partition's lock. `None` when there is no such partition any more.
    fn capture(&self, partition: PartitionId) -> Option<Captured>;
}

impl LogDir {
    pub fn path(&self) -> &Path {
        &self.place.path
    }

    pub const fn lane(&self) -> &Lane {
        &self.lane
    }

    pub const fn arena(&self) -> &Arena {
        &self.arena
    }

    /// `meta.properties`; `None` in a directory that was never formatted.
    pub const fn properties(&self) -> Option<&MetaProperties> {
        self.properties.as_ref()
    }

    /// The broker epoch that the clean stop before this start wrote; `None` after an unclean one.
    pub const fn broker_epoch_before(&self) -> Option<BrokerEpoch> {
        self.broker_epoch_before
    }

    /// Whether an I/O error, or a broken invariant, took the directory offline: its partitions answer
    /// KAFKA_STORAGE_ERROR (56).
    pub fn is_offline(&self) -> bool {
        self.lane.state() == crate::lane::LaneState::Failed
    }

    /// Takes the directory offline if somebody removed it or its write-ahead log, or put another in its place: what is written
    /// to files that have no name any more is acknowledged and lost. Call it now and then. Blocks.
    pub fn check_there(&self) -> Result<()> {
        // A clean stop takes the log away by itself.
        let Some(_not_closing) = self.checkpointing.try_lock() else { return Ok(()) };
        if self.is_offline() {
            return Ok(());
        }
        let salt = Salt(self.salt.to_be_bytes());
        let is_there = left_wal::is_there(&self.place, &self.first_wal, salt);
        let checked = match is_there {
            Ok(true) => Ok(()),
            Ok(false) => Err(StorageError::Exchanged { path: self.place.path.clone() }),
            Err(error) => Err(error),
        };
        checked.inspect_err(|_| self.lane.fail())
    }

    /// Takes the directory offline by decision of the shell, for example when a read failed.
    pub fn fail(&self) {
        self.lane.fail();
    }

    /// A new, empty log that begins at `start`. Files are made with the first drain.
    pub fn create_log(
        self: &Arc<Self>,
        id: PartitionId,
        name: TopicPartition,
        config: Arc<LogConfig>,
        start: Offset,
    ) -> PartitionLog {
        // Under its name there may have been another topic.
        self.forget_cleaned(&name);
        let files = Arc::new(PartitionFiles::new(&self.place, id, name, false));
        let state = LogState { log_start: start, log_end: start, segments: Vec::new() };
        PartitionLog::new(Arc::clone(self), files, config, state)
    }

    pub(crate) fn next_deletion_id(&self) -> u128 {
        let count = self.deletions.fetch_add(1, Ordering::Relaxed);
        u128::from(self.salt) << 64 | u128::from(count)
    }

    pub(crate) fn direct_written(&self, files: &Arc<PartitionFiles>) {
        self.lane.add_doomed(files.direct().take_doomed_dirs());
        self.direct.lock().entry(files.serial).or_insert_with(|| Arc::clone(files));
    }

    /// Writes of `os` topics that a full disk stopped, to be run again: call it now and then while the lane is full.
    pub fn stopped_writes(self: &Arc<Self>) -> Vec<DirectWrite> {
        // First: one that is stopped again says so again.
        self.lane.note_room(Short::Direct);
        let stopped = std::mem::take(&mut *self.stopped.lock()).into_values();
        stopped.filter_map(|files| DirectWrite::again(&files, self)).collect()
    }

    pub(crate) fn wants_room(&self, files: &Arc<PartitionFiles>) {
        self.stopped.lock().insert(files.serial, Arc::clone(files));
    }

    /// Syncs what `os` topics wrote: call it each second, and each [`crate::limits::BACKGROUND_SYNC_SIZE`]. Gives the
    /// bytes that were synced. Blocks.
    pub fn sync_direct_writes(&self) -> Result<u64> {
        self.lane.check_running()?;
        let (dirty, size, partitions) = self.take_direct_dirty();
        let synced = dirty.sync(&self.place);
        partitions.iter().for_each(|files| files.direct().dirty_synced());
        synced.inspect_err(|_| self.lane.fail())?;
        Ok(size)
    }

    fn take_direct_dirty(&self) -> (Dirty, u64, Vec<Arc<PartitionFiles>>) {
        let partitions: Vec<_> = std::mem::take(&mut *self.direct.lock()).into_values().collect();
        let mut all = Dirty::default();
        let mut size = 0;
        for files in &partitions {
            let (dirty, written) = files.direct().take_dirty();
            all.merge(dirty);
            size += written;
        }
        (all, size, partitions)
    }

    fn read_optional(&self, name: &str) -> Result<Option<Vec<u8>>> {
        read_optional(&self.place, name)
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        replace(&self.place, name, bytes)
    }
}

fn read_optional(place: &Place, name: &str) -> Result<Option<Vec<u8>>> {
    let path = place.path.join(name);
    match place.disk.read(&path).map_err(StorageError::io("read", &path)) {
        Err(error) if error.is_missing() => Ok(None),
        bytes => bytes.map(Some),
    }
}

fn replace(place: &Place, name: &str, bytes: &[u8]) -> Result<()> {
    let path = place.path.join(name);
    place.disk.replace(&path, bytes).map_err(StorageError::io("write", &path))
}

fn sync_dir(place: &Place) -> Result<()> {
    let path = &place.path;
    place.disk.sync_dir(path).map_err(StorageError::io("sync directory", path))
}

fn remove_if_there(place: &Place, name: &str) -> Result<bool> {
    let path = place.path.join(name);
    match place.disk.remove_file(&path).map_err(StorageError::io("remove", &path)) {
        Err(error) if error.is_missing() => Ok(false),
        other => other.map(|()| true),
    }
}

impl fmt::Debug for LogDir {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "LogDir({})", self.place.path.display())
    }
}
