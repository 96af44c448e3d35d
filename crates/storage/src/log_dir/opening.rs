mod loading;
mod replaying;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use io::arena::Arena;
use io::{Disk, Lock};
use model::{PartitionId, Timestamp, TopicId, TopicName, TopicPartition};
use parking_lot::Mutex;
use replica::ReplicaLog;

use super::cleaned::read_cleaned;
use super::closing::Offsets;
use super::left_wal::{begin_wal, read_wal, replace_salt};
use super::{LogDir, read_optional, remove_if_there, replace, sync_dir};
use crate::apply::Applied;
use crate::checkpoint::{BadForm, CleanShutdown, MetaProperties};
use crate::config::{LaneConfig, LogConfig};
use crate::error::{Damage, Result, StorageError};
use crate::file_name;
use crate::lane::codec::Salt;
use crate::lane::{Lane, LaneSequence, LaneStart};
use crate::notice::Notice;
use crate::own_checkpoint::{OwnCheckpoint, decode_present, encode_present};
use crate::partition_log::PartitionLog;
use crate::place::Place;
use crate::producer_windows::ProducerWindows;
use crate::recovery::{
    DirContents, Plan, RecoveringPartition, WalContents, read_offsets, wal_has_content,
};
use crate::workers::Workers;

/// What the metadata says of topics, for the opening of logs.
pub trait Topics: Sync {
    fn config(&self, name: &TopicPartition) -> Arc<LogConfig>;

    /// Whether the topic still exists: frames of one that does not are skipped.
    fn is_known(&self, _topic: TopicId) -> bool {
        true
    }

    /// For a partition directory that does not name its topic's id (Kafka before 2.8).
    fn id_of(&self, _topic: &TopicName) -> Option<TopicId> {
        None
    }
}

/// How to open a log directory.
#[derive(Clone)]
pub struct OpenSettings {
    pub disk: Arc<dyn Disk>,
    pub arena: Arena,
    pub lane: LaneConfig,
    /// Files that the directory keeps open, [`crate::limits::OPEN_FILES_MAX`] at most; a quarter more wait for their sync.
    pub open_files_max: usize,
    /// Random: tells this life's frames from those of others.
    pub salt: u64,
    pub wall: Timestamp,
    /// Who loads many partitions at a time.
    pub workers: Arc<dyn Workers>,
}

/// A log as it came back.
#[derive(Debug)]
pub struct RecoveredPartition {
    pub log: PartitionLog,
    pub replica: ReplicaLog,
}

/// A log that could not be opened; the others were.
#[derive(Debug)]
pub struct FailedPartition {
    pub name: TopicPartition,
    pub error: StorageError,
}

/// An opened log directory.
#[derive(Debug)]
pub struct Opened {
    pub dir: Arc<LogDir>,
    pub partitions: Vec<RecoveredPartition>,
    pub failed: Vec<FailedPartition>,
    pub notices: Vec<Notice>,
}

impl LogDir {
    /// Locks the directory, recovers every log in it and begins a new life of the write-ahead log. Blocks.
    pub fn open(path: &Path, settings: &OpenSettings, topics: &dyn Topics) -> Result<Opened> {
        let lock = Self::lock(&*settings.disk, path)?;
        Self::open_locked(path, lock, settings, topics)
    }

    /// Makes the directory if need be, and locks it against every other process: for who must read it before it is
    /// opened.
    pub fn lock(disk: &dyn Disk, path: &Path) -> Result<Box<dyn Lock>> {
        create_dir(disk, path)?;
        let file = path.join(file_name::LOCK);
        match disk.lock(&file) {
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                Err(StorageError::Locked { path: path.to_path_buf() })
            }
            lock => lock.map_err(StorageError::io("lock", &file)),
        }
    }

    /// As [`LogDir::open`], of a directory that the caller locked.
    pub fn open_locked(
        path: &Path,
        lock: Box<dyn Lock>,
        settings: &OpenSettings,
        topics: &dyn Topics,
    ) -> Result<Opened> {
        let place = Arc::new(Place::new(Arc::clone(&settings.disk), path, settings.open_files_max));
        place.open_file_system()?;
        let mut opening = Opening::read(place, settings, topics)?;
        opening.load()?;
        opening.replay()?;
        opening.begin_life(lock)
    }
}

/// An opening under way.
struct Opening<'a> {
    place: Arc<Place>,
    settings: &'a OpenSettings,
    topics: &'a dyn Topics,
    contents: DirContents,
    offsets: Offsets,
    own: OwnCheckpoint,
    windows: ProducerWindows,
    /// Partitions that Kafka's checkpoints speak of; `None`: all.
    present: Option<BTreeSet<PartitionId>>,
    wal: WalContents,
    plan: Plan,
    properties: Option<MetaProperties>,
    clean: Option<CleanShutdown>,
    partitions: BTreeMap<PartitionId, RecoveringPartition>,
    failed: Vec<FailedPartition>,
    applied: Applied,
    notices: Vec<Notice>,
    next_sequence: u64,
}

impl<'a> Opening<'a> {
    fn read(place: Arc<Place>, settings: &'a OpenSettings, topics: &'a dyn Topics) -> Result<Self> {
        let mut notices = Vec::new();
        let contents = DirContents::read(&place, &mut notices)?;
        if !contents.is_guarded && wal_has_content(&place)? {
            return Err(StorageError::Unguarded { path: place.path.clone() });
        }
        for dir in &contents.deleted {
            place.disk.remove_dir_all(dir).map_err(StorageError::io("remove", dir))?;
        }
        let mut offsets = |name| read_offsets(&place, name, &mut notices);
        let offsets = Offsets {
            recovery_points: offsets(file_name::RECOVERY_POINTS)?,
            high_watermarks: offsets(file_name::HIGH_WATERMARKS)?,
            log_starts: offsets(file_name::LOG_STARTS)?,
        };
        let (own, has_own) = read_own(&place, &contents, &mut notices)?;
        let windows = read_windows(&place, &mut notices)?;
        let present = read_present(&place, &contents, &mut notices)?;
        let oldest_needed = has_own.then_some(own.oldest_needed);
        let wal = read_wal(&place, &contents, oldest_needed, settings.lane.direct)?;
        let properties = match read_optional(&place, file_name::META_PROPERTIES)? {
            Some(bytes) => {
                let path = place.path.join(file_name::META_PROPERTIES);
                let bad = |_| StorageError::corrupt(&path, 0, Damage::Form);
                Some(MetaProperties::decode(&bytes).map_err(bad)?)
            }
            None => None,
        };
        let clean = if contents.is_clean && !contents.is_guarded {
            read_optional(&place, file_name::CLEAN_SHUTDOWN)?
                .map(|bytes| CleanShutdown::decode(&bytes))
        } else {
            None
        };
        if let Some((path, position)) = &wal.torn {
            notices.push(Notice::TornGroup { path: path.clone(), position: *position });
        }
        wal.sync(&place)?;
        let next_sequence = own.covered.max(1);
        let plan = Plan::of(&wal);
        Ok(Self {
            place,
            settings,
            topics,
            contents,
            offsets,
            own,
            windows,
            present,
            wal,
            plan,
            properties,
            clean,
            partitions: BTreeMap::new(),
            failed: Vec::new(),
            applied: Applied::default(),
            notices,
            next_sequence,
        })
    }

    /// Writes down what recovery came to, and only then forgets the old write-ahead log.
    fn begin_life(mut self, lock: Box<dyn Lock>) -> Result<Opened> {
        if !self.failed.is_empty() && self.wal.count() > 0 {
            // Frames of a partition that failed exist nowhere else: keep everything for a person to look at.
            let failed = self.failed.swap_remove(0);
            return Err(failed.error);
        }
        let place = Arc::clone(&self.place);
        let next_group = self.wal.next_group.max(self.own.oldest_needed).max(1);
        let next_file = self.wal.next_file();
        self.offsets.write(&place)?;
        self.write_guard(next_group)?;
        let first_wal = begin_wal(&place, next_file)?;
        let salt = Salt(self.settings.salt.to_be_bytes());
        replace_salt(&place, salt)?;
        for path in self.wal.paths() {
            place.disk.remove_file(path).map_err(StorageError::io("remove", path))?;
        }
        remove_if_there(&place, file_name::CLEAN_SHUTDOWN)?;
        sync_dir(&place)?;

        let known = self
            .partitions
            .iter()
            .filter(|(id, _)| self.present.as_ref().is_none_or(|present| present.contains(id)));
        let known = known.map(|(_, log)| (&log.files.name, log.uncut_end()));
        let cleaned = read_cleaned(&place, known, &mut self.notices)?;
        let next_sequence = self.next_sequence;
        let start = LaneStart { next_sequence, next_group, next_file: next_file + 1, salt };
        let lane = Lane::new(Arc::clone(&place), self.settings.lane, start);
        let dir = Arc::new(LogDir {
            place,
            lane,
            arena: self.settings.arena.clone(),
            properties: self.properties,
            broker_epoch_before: self.clean.and_then(|clean| clean.broker_epoch),
            direct: Mutex::new(BTreeMap::new()),
            stopped: Mutex::new(BTreeMap::new()),
            cleaned: Mutex::new(cleaned),
            writing_cleaned: Mutex::new(()),
            deletions: AtomicU64::new(1),
            salt: self.settings.salt,
            first_wal,
            checkpointing: Mutex::new(()),
            lock: Mutex::new(Some(lock)),
        });
        let planted = self.settings.lane.planted;
        let recovered = |partition: RecoveringPartition| {
            let (state, replica, files, config) = partition.into_log(planted);
            let log = PartitionLog::new(Arc::clone(&dir), files, config, state);
            RecoveredPartition { log, replica }
        };
        let partitions = self.partitions.into_values().map(recovered).collect();
        Ok(Opened { dir, partitions, failed: self.failed, notices: self.notices })
    }

    /// The own checkpoint for the new life, under the guard: nothing of the old log is needed once it is there.
    fn write_guard(&mut self, next_group: u64) -> Result<()> {
        let guard = self.place.path.join(file_name::GUARD);
        self.place.disk.create_dir_all(&guard).map_err(StorageError::io("create", &guard))?;
        sync_dir(&self.place)?;
        let sequence = LaneSequence::new(self.next_sequence - 1);
        let mut own = OwnCheckpoint {
            oldest_needed: next_group,
            covered: self.next_sequence,
            entries: BTreeMap::new(),
        };
        for (id, partition) in &self.partitions {
            if partition.changed {
                own.entries.insert(*id, partition.to_own(sequence).encode());
            }
        }
        // First who is there, then what makes the offsets of this life true.
        let present = guard.join(file_name::PRESENT);
        let bytes = encode_present(self.partitions.keys());
        self.place.disk.replace(&present, &bytes).map_err(StorageError::io("write", &present))?;
        replace(&self.place, file_name::OWN_CHECKPOINT, &own.encode())
    }
}

fn read_own(
    place: &Place,
    contents: &DirContents,
    notices: &mut Vec<Notice>,
) -> Result<(OwnCheckpoint, bool)> {
    if !contents.is_guarded {
        // Left by a stop that was cut short after the guard was gone: Kafka's files are complete.
        remove_if_there(place, file_name::OWN_CHECKPOINT)?;
        return Ok((OwnCheckpoint::default(), false));
    }
    let Some(bytes) = read_optional(place, file_name::OWN_CHECKPOINT)? else {
        return Ok((OwnCheckpoint::default(), false));
    };
    match OwnCheckpoint::decode(&bytes) {
        Ok(own) => Ok((own, true)),
        Err(_) => {
            notices.push(Notice::CheckpointIgnored {
                path: place.path.join(file_name::OWN_CHECKPOINT),
            });
            Ok((OwnCheckpoint::default(), false))
        }
    }
}

pub(super) fn read_windows(place: &Place, notices: &mut Vec<Notice>) -> Result<ProducerWindows> {
    let Some(bytes) = read_optional(place, file_name::PRODUCERS)? else {
        return Ok(ProducerWindows::default());
    };
    Ok(ProducerWindows::decode(&bytes).unwrap_or_else(|BadForm| {
        notices.push(Notice::CheckpointIgnored { path: place.path.join(file_name::PRODUCERS) });
        ProducerWindows::default()
    }))
}

fn read_present(
    place: &Place,
    contents: &DirContents,
    notices: &mut Vec<Notice>,
) -> Result<Option<BTreeSet<PartitionId>>> {
    let path = place.path.join(file_name::GUARD).join(file_name::PRESENT);
    if !contents.is_guarded {
        return Ok(None);
    }
    let bytes = match place.disk.read(&path).map_err(StorageError::io("read", &path)) {
        Err(error) if error.is_missing() => return Ok(None),
        bytes => bytes?,
    };
    let present = decode_present(&bytes).ok();
    if present.is_none() {
        notices.push(Notice::CheckpointIgnored { path });
    }
    Ok(present)
}

/// Makes a log directory with those above it, and their names durable. What exists is left alone: what lies above it may be
/// another's.
fn create_dir(disk: &dyn Disk, path: &Path) -> Result<()> {
    let mut new = Vec::new();
    for dir in path.ancestors().filter(|dir| !dir.as_os_str().is_empty()) {
        if disk.is_dir(dir).map_err(StorageError::io("read", dir))? {
            break;
        }
        new.push(dir);
    }
    disk.create_dir_all(path).map_err(StorageError::io("create", path))?;
    for dir in new.into_iter().filter_map(Path::parent) {
        let parent = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
        disk.sync_dir(parent).map_err(StorageError::io("sync directory", parent))?;
    }
    Ok(())
}
