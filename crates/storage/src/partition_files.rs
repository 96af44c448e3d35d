mod making;
mod replacing;

use std::io::{ErrorKind, IoSlice};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use io::{Entry, File, Open};
use model::{Offset, PartitionId, TopicId, TopicPartition};
use parking_lot::Mutex;

use self::replacing::Replacing;
pub(crate) use self::replacing::ReplacingHold;
use crate::checked_bytes::CheckedBytes;
use crate::checkpoint::{BadForm, decode_partition_metadata};
use crate::direct::DirectWriter;
use crate::dirty::Dirty;
use crate::error::{Result, StorageError};
use crate::file_name;
use crate::lane::PageRun;
use crate::limits::RUNS_CACHED_FOR_READERS;
use crate::place::{FileKey, Kind, Place};

/// The files of one partition: found, opened and written here, always outside of the partition's lock. All calls
/// that take `&mut Dirty` or return a file may block.
#[derive(Debug)]
pub(crate) struct PartitionFiles {
    pub(crate) id: PartitionId,
    pub(crate) name: TopicPartition,
    pub(crate) serial: u64,
    pub(crate) place: Arc<Place>,
    /// The directory and `partition.metadata` exist.
    made: AtomicBool,
    /// Its deletion is queued: what never had a directory needs none any more, and a later topic may have the name.
    deleted: AtomicBool,
    /// Names were given in the directory, or to it, that may not be durable.
    new_names: AtomicBool,
    /// A try to make them durable came to nothing, and nobody may try again by himself.
    doubted_names: AtomicBool,
    /// A segment was given its name by this process.
    named_segment: AtomicBool,
    pub(crate) marks: LaneMarks,
    /// Entries of transaction indexes that have reached the files since the process began.
    pub(crate) aborted_drained: AtomicU64,
    /// Made with the first read of what an earlier process wrote.
    checked: OnceLock<Box<CheckedBytes>>,
    /// Made with the first write past the write-ahead log.
    direct: OnceLock<Box<DirectWriter>>,
    /// Where the next batches are gathered. Held for a copy at most.
    pub(crate) run: Mutex<PageRun>,
    replacing: Replacing,
}

/// What the lane notes on a partition, so that it needs no map. Written under the lane's lock, but for
/// `structural`, which the drain counts down.
#[derive(Debug, Default)]
pub(crate) struct LaneMarks {
    /// Sequence of the newest frame.
    pub(crate) last_sequence: AtomicU64,
    /// Number of the checkpoint period in which the partition was last written to.
    pub(crate) touched_in: AtomicU64,
    /// Group in which the topic's name was last written.
    pub(crate) named_in: AtomicU64,
    /// Number of the open group that the partition last brought a batch for, and bytes of its batches in there.
    pub(crate) queued_for: AtomicU64,
    pub(crate) queued_size: AtomicU64,
    /// Truncations, resets and the like that are queued: their place in the order of writes matters.
    pub(crate) structural: AtomicU32,
    /// Runs that the drain still leaves in the page cache. Written by readers and the drain.
    pub(crate) runs_for_readers: AtomicU32,
    /// Rolls and cuts of the log that the newest checkpoint knows: segments that were sealed by one of them lie below its
    /// recovery point.
    pub(crate) checkpointed_changes: AtomicU64,
}

impl PartitionFiles {
    pub(crate) fn new(
        place: &Arc<Place>,
        id: PartitionId,
        name: TopicPartition,
        made: bool,
    ) -> Self {
        Self {
            id,
            name,
            serial: place.next_serial(),
            place: Arc::clone(place),
            made: AtomicBool::new(made),
            deleted: AtomicBool::new(false),
            new_names: AtomicBool::new(!made),
            doubted_names: AtomicBool::new(false),
            named_segment: AtomicBool::new(false),
            marks: LaneMarks::default(),
            run: Mutex::default(),
            aborted_drained: AtomicU64::new(0),
            checked: OnceLock::new(),
            direct: OnceLock::new(),
            replacing: Replacing::default(),
        }
    }

    pub(crate) fn checked(&self) -> &CheckedBytes {
        self.checked.get_or_init(Box::default)
    }

    pub(crate) fn direct(&self) -> &DirectWriter {
        self.direct.get_or_init(Box::default)
    }

    /// The writer, if anything was ever written past the write-ahead log.
    pub(crate) fn used_direct(&self) -> Option<&DirectWriter> {
        self.direct.get().map(Box::as_ref)
    }

    pub(crate) fn sync_direct_writes(&self) -> Result<()> {
        self.used_direct().map_or(Ok(()), |direct| direct.sync(self, &self.place))
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.place.path.join(self.name.to_string())
    }

    pub(crate) fn path(&self, base: Offset, kind: Kind) -> PathBuf {
        file_name::segment_file(&self.dir(), base, kind.extension())
    }

    const fn key(&self, base: Offset, kind: Kind) -> FileKey {
        FileKey { partition: self.serial, base, kind }
    }

    /// An existing file, as it is now: for who writes, and where nobody cleans. [`StorageError::Gone`] when it was deleted.
    pub(crate) fn open(&self, base: Offset, kind: Kind) -> Result<Arc<dyn File>> {
        let key = self.key(base, kind);
        if let Some(file) = self.place.open_file(key) {
            return Ok(file);
        }
        let file = self.open_by_name(base, kind)?;
        self.place.keep_open(key, &file);
        Ok(file)
    }

    /// As [`Self::open`], to be read once.
    pub(crate) fn open_once(&self, base: Offset, kind: Kind) -> Result<Arc<dyn File>> {
        match self.place.open_file(self.key(base, kind)) {
            Some(file) => Ok(file),
            None => self.open_as(base, kind, Open::READ),
        }
    }

    fn open_by_name(&self, base: Offset, kind: Kind) -> Result<Arc<dyn File>> {
        self.open_as(base, kind, Open::WRITE)
    }

    fn open_as(&self, base: Offset, kind: Kind, how: Open) -> Result<Arc<dyn File>> {
        // What lies under the name may belong to an earlier topic of it.
        if !self.is_made() {
            return Err(StorageError::Gone);
        }
        let path = self.path(base, kind);
        match self.place.disk.open(&path, how) {
            Ok(file) => Ok(file),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(StorageError::Gone),
            Err(source) => Err(StorageError::io("open", &path)(source)),
        }
    }

    /// An existing log for writes past the page cache; `None` where the file system has none.
    pub(crate) fn open_direct(&self, base: Offset) -> Result<Option<Arc<dyn File>>> {
        if self.place.refuses_direct() {
            return Ok(None);
        }
        let key = self.key(base, Kind::DirectLog);
        if let Some(file) = self.place.open_file(key) {
            return Ok(Some(file));
        }
        let path = self.path(base, Kind::Log);
        match self.place.disk.open(&path, Open::DIRECT) {
            Ok(file) => {
                self.place.keep_open(key, &file);
                Ok(Some(file))
            }
            Err(error)
                if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) =>
            {
                self.place.refuse_direct();
                Ok(None)
            }
            Err(source) => Err(StorageError::io("open", &path)(source)),
        }
    }

    /// Somebody reads the newest segments from the file: what is drained next will be read from there too.
    pub(crate) fn note_file_reader(&self) {
        self.marks.runs_for_readers.store(RUNS_CACHED_FOR_READERS, Ordering::Relaxed);
    }

    /// Whether the run that is drained now should stay in the page cache.
    pub(crate) fn take_run_for_readers(&self) -> bool {
        let runs = &self.marks.runs_for_readers;
        runs.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }

    /// The file, made if need be, with the directory.
    pub(crate) fn open_for_write(
        &self,
        base: Offset,
        kind: Kind,
        dirty: &mut Dirty,
    ) -> Result<Arc<dyn File>> {
        let file = match self.open(base, kind) {
            Err(StorageError::Gone) => self.create(base, kind, dirty)?,
            other => other?,
        };
        dirty.file(&self.place, self.key(base, kind), &file, || self.path(base, kind));
        if self.doubted_names.load(Ordering::Relaxed)
            && self.doubted_names.swap(false, Ordering::AcqRel)
        {
            dirty.dir(&self.dir());
            dirty.dir(&self.place.path);
        }
        Ok(file)
    }

    fn create(&self, base: Offset, kind: Kind, dirty: &mut Dirty) -> Result<Arc<dyn File>> {
        self.make_dir(dirty)?;
        if kind == Kind::Log {
            self.sync_names_before_segment()?;
        }
        let path = self.path(base, kind);
        let open = self.place.disk.open(&path, Open::CREATE);
        let file = open.map_err(StorageError::io("create", &path))?;
        dirty.dir(&self.dir());
        self.new_names.store(true, Ordering::Release);
        self.place.keep_open(self.key(base, kind), &file);
        Ok(file)
    }

    /// Names may reach the disk in any order, and of a log whose second segment survives a crash without the first nothing
    /// tells that it did not begin there. So one gets its name when those before it have theirs for good.
    fn sync_names_before_segment(&self) -> Result<()> {
        if !self.named_segment.swap(true, Ordering::AcqRel) {
            return Ok(());
        }
        let dir = self.dir();
        self.place.disk.sync_dir(&dir).map_err(StorageError::io("sync directory", &dir))
    }

    /// Adds the directories to what is to be synced, if a file that is about to be synced could have a name that is not
    /// durable: the drain may have made it since the last checkpoint.
    pub(crate) fn sync_names_too(&self, dirty: &mut Dirty) {
        if self.new_names.swap(false, Ordering::AcqRel) {
            dirty.dir(&self.dir());
            dirty.dir(&self.place.path);
        }
    }

    /// What [`Self::sync_names_too`] added was not synced.
    pub(crate) fn doubt_names(&self) {
        self.new_names.store(true, Ordering::Release);
        self.doubted_names.store(true, Ordering::Release);
    }

    pub(crate) fn note_deletion(&self) {
        self.deleted.store(true, Ordering::Release);
    }

    /// The partition is deleted and has no directory of its own (any more): nothing of it matters, and what lies under
    /// its name is another's.
    pub(crate) fn is_forgotten(&self) -> bool {
        let deleted = self.deleted.load(Ordering::Acquire);
        deleted && (!self.is_made() || self.place.is_taken_over(&self.name, self.serial))
    }

    /// Another topic's directory lies under the name: its deletion has not been carried out.
    pub(crate) fn is_blocked(&self) -> Result<bool> {
        if self.is_made() {
            return Ok(false);
        }
        let dir = self.dir();
        self.place.disk.is_dir(&dir).map_err(StorageError::io("read", &dir))
    }

    /// It has no directory, or will have none.
    pub(crate) fn is_gone(&self) -> bool {
        self.deleted.load(Ordering::Acquire) || !self.is_made()
    }

    pub(crate) fn is_made(&self) -> bool {
        self.made.load(Ordering::Acquire)
    }

    /// Writes batches that lie back to back.
    pub(crate) fn write_batches(
        &self,
        base: Offset,
        position: u32,
        batches: &[IoSlice<'_>],
        dirty: &mut Dirty,
    ) -> Result<()> {
        let file = self.open_for_write(base, Kind::Log, dirty)?;
        file.write_vectored_at(batches, u64::from(position))
            .map_err(|source| StorageError::io("write", &self.path(base, Kind::Log))(source))
    }

    pub(crate) fn write(
        &self,
        base: Offset,
        kind: Kind,
        position: u64,
        bytes: &[u8],
        dirty: &mut Dirty,
    ) -> Result<()> {
        let file = self.open_for_write(base, kind, dirty)?;
        file.write_at(bytes, position)
            .map_err(|source| StorageError::io("write", &self.path(base, kind))(source))
    }

    /// Cuts a file to at most `size` bytes, if it is there.
    pub(crate) fn cut(&self, base: Offset, kind: Kind, size: u64, dirty: &mut Dirty) -> Result<()> {
        self.finish_replacing()?;
        match self.open(base, kind) {
            Err(StorageError::Gone) => Ok(()),
            file => {
                let file = file?;
                let fail = |source| StorageError::io("cut", &self.path(base, kind))(source);
                // Even if it is cut already: that may not be durable, if it was done by a process that died.
                dirty.file(&self.place, self.key(base, kind), &file, || self.path(base, kind));
                if file.size().map_err(fail)? <= size {
                    return Ok(());
                }
                file.set_len(size).map_err(fail)
            }
        }
    }

    /// Adds a file to what is to be synced that was found as it is to be.
    pub(crate) fn mark(&self, base: Offset, kind: Kind, dirty: &mut Dirty) {
        dirty.closed_file(self.key(base, kind), || self.path(base, kind));
    }

    /// Removes the files of a segment, the snapshot of the same offset among them.
    pub(crate) fn remove_segment(&self, base: Offset, dirty: &mut Dirty) -> Result<()> {
        if !self.is_made() {
            return Ok(());
        }
        self.finish_replacing()?;
        if let Some(checked) = self.checked.get() {
            checked.forget(base);
        }
        for kind in Kind::ALL {
            let key = self.key(base, kind);
            self.place.close_file(key);
            dirty.forget(key);
            self.remove(self.path(base, kind))?;
        }
        self.place.close_file(self.key(base, Kind::DirectLog));
        self.remove(file_name::segment_file(&self.dir(), base, file_name::SNAPSHOT))?;
        dirty.dir(&self.dir());
        Ok(())
    }

    /// Adds every segment to what is to be synced.
    pub(crate) fn mark_logs(&self, dirty: &mut Dirty) -> Result<()> {
        for entry in self.list_names()? {
            if let Some((base, file_name::LOG)) = file_name::parse_segment_file(&entry.name) {
                self.open_for_write(base, Kind::Log, dirty)?;
            }
        }
        Ok(())
    }

    /// Names in the directory, without sizes; nothing when it was not made yet, whatever lies under its name.
    pub(crate) fn list_names(&self) -> Result<Vec<Entry>> {
        self.list(&|_| false)
    }

    /// As [`Self::list_names`], with the sizes of files whose name `sized` takes.
    pub(crate) fn list(&self, sized: &dyn Fn(&str) -> bool) -> Result<Vec<Entry>> {
        if !self.is_made() {
            return Ok(Vec::new());
        }
        let dir = self.dir();
        match self.place.disk.list_sizing(&dir, sized) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            entries => entries.map_err(StorageError::io("list", &dir)),
        }
    }

    pub(crate) fn remove(&self, path: PathBuf) -> Result<()> {
        match self.place.disk.remove_file(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            other => other.map_err(StorageError::io("remove", &path)),
        }
    }

    /// Takes the directory out of the way under a name that marks it for removal; gives that name.
    pub(crate) fn mark_deleted(&self, id: u128, dirty: &mut Dirty) -> Result<Option<PathBuf>> {
        self.finish_replacing()?;
        self.place.close_partition(self.serial);
        let dir = self.dir();
        self.made.store(false, Ordering::Release);
        // A later topic of the same name may have taken the place already.
        if read_topic_id(&self.place, &dir)?.is_some_and(|topic| topic != self.id.topic) {
            return Ok(None);
        }
        dirty.forget_partition(self.serial, &dir);
        let target = self.place.path.join(file_name::deleted_dir(&self.name, id));
        match self.place.disk.rename(&dir, &target) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            other => {
                other.map_err(StorageError::io("rename", &dir))?;
                dirty.dir(&self.place.path);
                Ok(Some(target))
            }
        }
    }
}

/// Which topic a partition's directory belongs to; `None` when there is no directory, or none that says so.
fn read_topic_id(place: &Place, dir: &Path) -> Result<Option<TopicId>> {
    Ok(read_stated_topic_id(place, dir)?.and_then(std::result::Result::ok))
}

/// As [`read_topic_id`], with the difference between nothing and what cannot be read.
pub(crate) fn read_stated_topic_id(
    place: &Place,
    dir: &Path,
) -> Result<Option<std::result::Result<TopicId, BadForm>>> {
    let path = dir.join(file_name::PARTITION_METADATA);
    match place.disk.read(&path).map_err(StorageError::io("read", &path)) {
        Err(error) if error.is_missing() => Ok(None),
        bytes => Ok(Some(decode_partition_metadata(&bytes?))),
    }
}
