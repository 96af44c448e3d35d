//! One segment in the place of others, while readers go on.
//!
//! Memory goes over to the new segment first, under the partition's lock ([`PartitionFiles::begin_replacing`]); its files get
//! their names afterwards ([`PartitionFiles::finish_replacing`]). In between it is read through handles that are kept here.
//! A segment has a generation, by which a read that was planned before the change is told from one that was planned after.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use io::File;
use model::Offset;
use parking_lot::Mutex;

use super::PartitionFiles;
use crate::cleaner::NewFiles;
use crate::error::{Result, StorageError};
use crate::file_name::{self, CLEANED, SWAP, with_suffix};
use crate::limits::REPLACED_SEGMENTS_MAX;
use crate::place::Kind;

/// What replacements a partition has seen. Most never see one, so it is made with the first.
#[derive(Debug, Default)]
pub(crate) struct Replacing {
    state: Mutex<Option<Box<State>>>,
    /// Held while names change: a second one who wants them changed waits.
    renaming: Mutex<()>,
    /// Who looks for a place to cut the log; it must not move under him.
    holds: AtomicU32,
}

#[derive(Debug, Default)]
struct State {
    pending: Option<Arc<Pending>>,
    /// Of a base, from which generation on plans are good; the newest last.
    since: VecDeque<(Offset, u64)>,
}

/// A new segment whose files do not have their names.
#[derive(Debug)]
struct Pending {
    base: Offset,
    generation: u64,
    files: NewFiles,
    /// Bases of the segments that it stands for, its own first.
    replaced: Vec<Offset>,
}

impl State {
    fn is_outdated(&self, base: Offset, generation: u64) -> bool {
        self.since.iter().any(|(of, since)| *of == base && *since > generation)
    }
}

/// No replacement comes as long as it lives.
#[derive(Debug)]
pub(crate) struct ReplacingHold(Arc<PartitionFiles>);

impl ReplacingHold {
    /// Call it under the partition's lock.
    pub(crate) fn new(files: &Arc<PartitionFiles>) -> Self {
        files.replacing.holds.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(files))
    }
}

impl Drop for ReplacingHold {
    fn drop(&mut self) {
        self.0.replacing.holds.fetch_sub(1, Ordering::AcqRel);
    }
}

impl PartitionFiles {
    /// An existing file of a segment as it was planned with. [`StorageError::Replaced`]: plan again. Blocks.
    pub(crate) fn open_of(
        &self,
        base: Offset,
        generation: u64,
        kind: Kind,
    ) -> Result<Arc<dyn File>> {
        if let Some(state) = &*self.replacing.state.lock() {
            if state.is_outdated(base, generation) {
                return Err(StorageError::Replaced);
            }
            if let Some(pending) = &state.pending
                && (pending.base, pending.generation) == (base, generation)
            {
                return pending.files.get(kind).cloned().ok_or(StorageError::Gone);
            }
        }
        let key = self.key(base, kind);
        let open = match self.place.open_file(key) {
            Some(file) => Ok(file),
            None => self.open_by_name(base, kind),
        };
        // It may have been replaced since.
        let state = self.replacing.state.lock();
        if state.as_ref().is_some_and(|state| state.is_outdated(base, generation)) {
            return Err(StorageError::Replaced);
        }
        let file = open?;
        self.place.keep_open(key, &file);
        Ok(file)
    }

    /// Whether a replacement may begin.
    pub(crate) fn can_be_replaced(&self) -> bool {
        let is_pending =
            self.replacing.state.lock().as_ref().is_some_and(|state| state.pending.is_some());
        !is_pending && self.replacing.holds.load(Ordering::Acquire) == 0 && !self.is_gone()
    }

    /// From now on `generation` of `base` is what there is, in the place of all of `replaced`. Call it under the partition's
    /// lock, as its memory changes.
    pub(crate) fn begin_replacing(
        &self,
        base: Offset,
        generation: u64,
        files: NewFiles,
        replaced: Vec<Offset>,
    ) {
        let mut state = self.replacing.state.lock();
        let state = state.get_or_insert_default();
        for old in &replaced {
            state.since.retain(|(base, _)| base != old);
            state.since.push_back((*old, generation));
            for kind in Kind::ALL.into_iter().chain([Kind::DirectLog]) {
                self.place.close_file(self.key(*old, kind));
            }
            if let Some(checked) = self.checked.get() {
                checked.forget(*old);
            }
        }
        while state.since.len() > REPLACED_SEGMENTS_MAX {
            state.since.pop_front();
        }
        state.pending = Some(Arc::new(Pending { base, generation, files, replaced }));
    }

    /// Gives the new segment's files their names, if that is still to be done: whoever changes the files of the log next
    /// does it, or the cleaner. Blocks. After an error it is still to be done.
    pub(crate) fn finish_replacing(&self) -> Result<()> {
        let pending = || self.replacing.state.lock().as_ref()?.pending.clone();
        if pending().is_none() {
            return Ok(());
        }
        let _one_at_a_time = self.replacing.renaming.lock();
        let Some(pending) = pending() else { return Ok(()) };
        if !self.is_gone() {
            self.rename_new(&pending)?;
        }
        if let Some(state) = &mut *self.replacing.state.lock() {
            state.pending = None;
        }
        Ok(())
    }

    /// In this order a power cut anywhere leaves what a start can end: as long as any file is `.cleaned` the old segments
    /// count, and from then on the new one.
    fn rename_new(&self, pending: &Pending) -> Result<()> {
        let dir = self.dir();
        let base = pending.base;
        for kind in pending.files.kinds() {
            let name = self.path(base, kind);
            self.rename_if_there(&with_suffix(&name, CLEANED), &with_suffix(&name, SWAP))?;
        }
        self.sync_names(&dir)?;
        let others = [Kind::Index, Kind::TimeIndex, Kind::TransactionIndex];
        if self.has(&with_suffix(&self.path(base, Kind::Log), SWAP))? {
            for old in &pending.replaced {
                if *old != base {
                    self.remove(self.path(*old, Kind::Log))?;
                    self.remove(file_name::segment_file(&dir, *old, file_name::SNAPSHOT))?;
                }
                others.into_iter().try_for_each(|kind| self.remove(self.path(*old, kind)))?;
            }
            self.sync_names(&dir)?;
            let name = self.path(base, Kind::Log);
            self.rename_if_there(&with_suffix(&name, SWAP), &name)?;
            self.sync_names(&dir)?;
        }
        for kind in others {
            let name = self.path(base, kind);
            self.rename_if_there(&with_suffix(&name, SWAP), &name)?;
        }
        self.sync_names(&dir)
    }

    fn sync_names(&self, dir: &Path) -> Result<()> {
        self.place.disk.sync_dir(dir).map_err(StorageError::io("sync directory", dir))
    }

    fn has(&self, path: &Path) -> Result<bool> {
        let size = self.place.disk.file_size(path).map_err(StorageError::io("read", path))?;
        Ok(size.is_some())
    }

    /// It is not there when an earlier try came further.
    fn rename_if_there(&self, from: &Path, to: &Path) -> Result<()> {
        match self.place.disk.rename(from, to).map_err(StorageError::io("rename", from)) {
            Err(error) if error.is_missing() => Ok(()),
            renamed => renamed,
        }
    }
}
