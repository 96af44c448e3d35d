use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use io::{Disk, File, FileSystem};
use model::{Offset, TopicPartition};
use parking_lot::Mutex;

use crate::error::{Result, StorageError};
use crate::file_name;
use crate::limits::OPEN_FILES_MIN;

/// Which of a segment's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Log,
    Index,
    TimeIndex,
    TransactionIndex,
    /// The log once more, for writes past the page cache. Not a file of its own.
    DirectLog,
}

impl Kind {
    /// The files that a segment has.
    pub(crate) const ALL: [Self; 4] =
        [Self::Log, Self::Index, Self::TimeIndex, Self::TransactionIndex];

    pub(crate) const fn extension(self) -> &'static str {
        match self {
            Self::Log | Self::DirectLog => file_name::LOG,
            Self::Index => file_name::INDEX,
            Self::TimeIndex => file_name::TIME_INDEX,
            Self::TransactionIndex => file_name::TRANSACTION_INDEX,
        }
    }
}

/// One file of one partition; `partition` is its serial number in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FileKey {
    pub(crate) partition: u64,
    pub(crate) base: Offset,
    pub(crate) kind: Kind,
}

/// A log directory as its partitions see it: the disk, the path and the files that are open.
pub(crate) struct Place {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) path: PathBuf,
    open: Mutex<OpenFiles>,
    open_files_max: usize,
    /// Files that stay open until they are synced; a quarter of the others, at most.
    held: Arc<AtomicUsize>,
    /// Names that a later topic took while the deletion of an earlier one still waited, and who has them now.
    taken_over: Mutex<BTreeMap<TopicPartition, u64>>,
    next_serial: AtomicU64,
    /// The file system has no writes past the page cache.
    refuses_direct: AtomicBool,
    /// Opened before anything is written, since it tells of failed writes from then on.
    file_system: OnceLock<Box<dyn FileSystem>>,
}

/// A file that is to be synced, counted as long as this lives.
#[derive(Debug)]
pub(crate) struct HeldFile {
    file: Arc<dyn File>,
    held: Arc<AtomicUsize>,
}

impl std::ops::Deref for HeldFile {
    type Target = dyn File;

    fn deref(&self) -> &Self::Target {
        &*self.file
    }
}

impl Drop for HeldFile {
    fn drop(&mut self) {
        self.held.fetch_sub(1, Ordering::AcqRel);
    }
}

#[derive(Default)]
struct OpenFiles {
    files: BTreeMap<FileKey, (Arc<dyn File>, u64)>,
    clock: u64,
}

impl Place {
    /// Keeps `open_files_max` files open, and a quarter more until they are synced.
    pub(crate) fn new(disk: Arc<dyn Disk>, path: &Path, open_files_max: usize) -> Self {
        Self {
            disk,
            path: path.to_path_buf(),
            open: Mutex::new(OpenFiles::default()),
            open_files_max: open_files_max.max(OPEN_FILES_MIN),
            held: Arc::default(),
            taken_over: Mutex::new(BTreeMap::new()),
            next_serial: AtomicU64::new(1),
            refuses_direct: AtomicBool::new(false),
            file_system: OnceLock::new(),
        }
    }

    /// From here on no failed write goes unnoticed by a sync of the whole file system. Blocks.
    pub(crate) fn open_file_system(&self) -> Result<&dyn FileSystem> {
        if let Some(file_system) = self.file_system.get() {
            return Ok(&**file_system);
        }
        let opened = self.disk.file_system(&self.path);
        let opened = opened.map_err(StorageError::io("open file system of", &self.path))?;
        Ok(&**self.file_system.get_or_init(|| opened))
    }

    /// Makes all that was written to it durable, if that is one call; `false`, and nothing done, where it is not. Blocks.
    pub(crate) fn sync_file_system(&self) -> Result<bool> {
        let synced = self.open_file_system()?.sync();
        synced.map_err(StorageError::io("sync file system of", &self.path))
    }

    pub(crate) fn next_serial(&self) -> u64 {
        self.next_serial.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn refuse_direct(&self) {
        self.refuses_direct.store(true, Ordering::Relaxed);
    }

    pub(crate) fn refuses_direct(&self) -> bool {
        self.refuses_direct.load(Ordering::Relaxed)
    }

    pub(crate) fn take_over(&self, name: &TopicPartition, serial: u64) {
        self.taken_over.lock().insert(name.clone(), serial);
    }

    /// Whether what lies under the name belongs to a later partition than this one.
    pub(crate) fn is_taken_over(&self, name: &TopicPartition, serial: u64) -> bool {
        self.taken_over.lock().get(name).is_some_and(|owner| *owner > serial)
    }

    pub(crate) fn open_file(&self, key: FileKey) -> Option<Arc<dyn File>> {
        let mut open = self.open.lock();
        open.clock += 1;
        let now = open.clock;
        let (file, used) = open.files.get_mut(&key)?;
        *used = now;
        Some(Arc::clone(file))
    }

    /// Keeps `file` open. When there are too many, an eighth of them, used longest ago, is closed as soon as nobody
    /// holds them.
    pub(crate) fn keep_open(&self, key: FileKey, file: &Arc<dyn File>) {
        // Closed when the lock is free again.
        let mut closed = Vec::new();
        let mut open = self.open.lock();
        if open.files.len() >= self.open_files_max {
            let mut used: Vec<u64> = open.files.values().map(|(_, used)| *used).collect();
            let (_, oldest, _) = used.select_nth_unstable(self.open_files_max / 8);
            let oldest = *oldest;
            closed.extend(open.files.extract_if(.., |_, (_, used)| *used <= oldest));
        }
        open.clock += 1;
        let now = open.clock;
        open.files.insert(key, (Arc::clone(file), now));
        drop(open);
        drop(closed);
    }

    /// Keeps `file` open beside those, for a later sync; `None` when there are too many of these.
    pub(crate) fn hold(&self, file: &Arc<dyn File>) -> Option<HeldFile> {
        let max = self.open_files_max / 4;
        let more = |count: usize| (count < max).then_some(count + 1);
        self.held.try_update(Ordering::AcqRel, Ordering::Acquire, more).ok()?;
        Some(HeldFile { file: Arc::clone(file), held: Arc::clone(&self.held) })
    }

    pub(crate) fn close_file(&self, key: FileKey) {
        self.open.lock().files.remove(&key);
    }

    pub(crate) fn close_partition(&self, partition: u64) {
        self.open.lock().files.retain(|key, _| key.partition != partition);
    }

    pub(crate) fn close_all(&self) {
        self.open.lock().files.clear();
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Place({})", self.path.display())
    }
}
