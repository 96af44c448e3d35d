use std::cmp::Reverse;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::wal_file::{Trimmed, WalFile};
use super::{Inner, Lane, LaneSequence, Short};
use crate::apply::Applied;
use crate::dirty::Dirty;
use crate::error::{Result, StorageError};
use crate::frame::{Action, Frame};
use crate::limits::{WAL_SPARE_COUNT, WAL_SPARE_COUNT_MAX};
use crate::partition_files::PartitionFiles;
use crate::past_cache::PastCache;

/// How eagerly to drain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrainGoal {
    /// Only when enough has gathered for runs that are worth a write.
    Runs,
    /// All that is durable: memory is short, or a checkpoint or a stop wants it.
    All,
}

/// What a drain did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    pub frames: usize,
    /// Bytes written to segments.
    pub bytes: u64,
}

/// What a checkpoint begins with: the partitions that were written to, and the first sequence it does not cover.
pub(crate) struct Begun {
    pub(crate) touched: Vec<Arc<PartitionFiles>>,
    pub(crate) covers_before: u64,
}

impl Lane {
    /// Carries durable frames out on the segments. Blocks; one thread at a time, others get "nothing done". On a full disk
    /// the write-ahead log keeps all, and a later call tries again; what makes room is carried out even then.
    pub fn drain_step(&self, goal: DrainGoal) -> Result<Drained> {
        self.check_running()?;
        let mut inner = self.inner.lock();
        let worth = match goal {
            DrainGoal::Runs => self.is_worth_draining(&inner),
            DrainGoal::All => !inner.undrained.is_empty(),
        };
        if inner.draining {
            return Ok(Drained::default());
        }
        if inner.undrained.is_empty() {
            // Nothing is left that could want room.
            self.room.has(Short::Segments);
        }
        if !worth {
            return Ok(Drained::default());
        }
        inner.draining = true;
        let mut frames = inner.spare_frames.pop().unwrap_or_default();
        frames.extend(inner.undrained.drain(..));
        inner.held.clear();
        let past_cache = self.config.direct.then(|| {
            let size_min = self.config.past_cache_size_min;
            inner.past_cache.take().unwrap_or_else(|| Box::new(PastCache::new(size_min)))
        });
        drop(inner);

        // Taken from the end, oldest partition first: a deletion goes before what took its name.
        frames.sort_unstable_by_key(|frame| (Reverse(frame.files.serial), frame.sequence));
        let mut applied = Applied::for_drain(past_cache, goal == DrainGoal::Runs);
        let mut done = Drained::default();
        let mut kept = Vec::new();
        let result = self
            .make_dirs(&frames, &mut applied)
            .and_then(|()| self.drain_partitions(&mut frames, &mut applied, &mut kept, &mut done));

        let mut inner = self.inner.lock();
        inner.draining = false;
        inner.past_cache = applied.take_past_cache();
        inner.unsynced_size += applied.written;
        done.bytes = applied.written;
        inner.dirty.merge(applied.dirty);
        inner.doomed_dirs.extend(applied.doomed_dirs);
        // What is left of them waits for the next drain.
        frames.append(&mut kept);
        frames.sort_unstable_by_key(|frame| frame.sequence);
        let drained = frames.first().map_or(inner.newest_done, |oldest| oldest.sequence - 1);
        while let Some(frame) = frames.pop() {
            inner.held.note(&frame);
            inner.undrained.push_front(frame);
        }
        if let Err(error) = result {
            drop(inner);
            self.note_failure(Short::Segments, &error);
            return Err(error);
        }
        self.room.has(Short::Segments);
        inner.drained = inner.drained.max(drained);
        inner.keep_spare(frames);
        Ok(done)
    }

    /// Directories of the partitions that have none yet, with few syncs for all. Each would make its own, but with two syncs; so
    /// where there is no room, it is left to them to find some.
    fn make_dirs(&self, frames: &[Frame], applied: &mut Applied) -> Result<()> {
        let mut missing = Vec::new();
        for run in frames.chunk_by(|a, b| a.files.serial == b.files.serial) {
            let Some(files) = run.first().map(|frame| &frame.files) else { continue };
            // Where another topic's directory lies, that goes first, in its turn.
            if wants_dir(files, run) && !files.is_blocked()? {
                missing.push(Arc::clone(files));
            }
        }
        if missing.len() < 2 {
            return Ok(());
        }
        match PartitionFiles::make_dirs(&self.place, &missing, &mut applied.dirty) {
            Err(error) if error.is_full() => Ok(()),
            made => made,
        }
    }

    /// Carries frames out, sorted by partition; lets go of each partition's when they are done, so that produce, which may
    /// wait for their memory, waits for no more than that. What found no room goes to `kept`, and batches that are not
    /// written to their end: a full disk stops only what needs room, and the first error comes when all have had their turn.
    fn drain_partitions(
        &self,
        frames: &mut Vec<Frame>,
        applied: &mut Applied,
        kept: &mut Vec<Frame>,
        done: &mut Drained,
    ) -> Result<()> {
        let mut full = Ok(());
        while let Some(start) = last_partition(frames) {
            let run = frames.get(start..).unwrap_or_default();
            match applied.apply_or_make_room(run) {
                Ok(()) => {
                    kept.extend(unfinished(frames, applied));
                    let run = frames.get(start..).unwrap_or_default();
                    done.frames += run.len();
                    self.inner.lock().run_drained(run);
                    if let Some(last) = run.last() {
                        // Not if a later batch was kept.
                        Self::close_run(&last.files, last.sequence);
                    }
                    frames.truncate(start);
                }
                Err(error) if error.is_full() => {
                    full = full.and(Err(error));
                    kept.extend(frames.drain(start..));
                }
                Err(error) => return Err(error),
            }
        }
        full
    }

    /// Whether [`DrainGoal::Runs`] would do something: whoever commits calls the one who drains, before produce must pause.
    pub fn wants_drain(&self) -> bool {
        let inner = self.inner.lock();
        !inner.draining && self.is_worth_draining(&inner)
    }

    fn is_worth_draining(&self, inner: &Inner) -> bool {
        inner.undrained_size >= self.config.drain_size_min()
            || inner.held.size() >= self.config.held_size_max
    }

    /// What `short` does failed: on a full disk it waits for room, else the directory goes offline.
    pub(crate) fn note_failure(&self, short: Short, error: &StorageError) {
        if error.is_full() {
            self.room.lacks(short);
        } else {
            self.fail();
        }
    }

    /// What `short` does went well.
    pub(crate) fn note_room(&self, short: Short) {
        self.room.has(short);
    }

    /// Whether a checkpoint found no room: then it is due as soon as there may be some.
    pub fn owes_checkpoint(&self) -> bool {
        self.room.lacked(Short::Checkpoint)
    }

    /// Whether a checkpoint should be taken soon: half of what may stay unsynced is there.
    pub fn wants_checkpoint(&self) -> bool {
        let inner = self.inner.lock();
        inner.owes_trim
            || inner.replay_size() * 2 >= self.config.unsynced_size_max
            || inner.dirty.count() >= crate::limits::OPEN_FILES_MAX
    }

    /// Bytes that wait for the drain.
    pub fn undrained_size(&self) -> u64 {
        self.inner.lock().undrained_size
    }

    /// Pre-writes one file of the write-ahead log if a spare one is missing. Blocks. `direct` comes back `false` where the
    /// file system has no direct writes. Where there is no room, but a checkpoint would free files of the log, the disk does
    /// not count as full yet: the checkpoint is due then.
    pub fn prepare_step(&self) -> Result<Prepared> {
        self.check_running()?;
        let number = {
            let mut inner = self.inner.lock();
            let Some(committer) = inner.committer.as_mut() else { return Ok(Prepared::Busy) };
            if committer.files.spare_count() >= WAL_SPARE_COUNT {
                self.room.has(Short::WalFile);
                return Ok(Prepared::Nothing);
            }
            committer.files.reserve_number()
        };
        match WalFile::prepare(&self.place, number, &self.config) {
            Ok((file, direct)) => {
                self.add_spare(file);
                self.room.has(Short::WalFile);
                Ok(Prepared::File { direct })
            }
            Err(error) if error.is_full() && self.inner.lock().owe_trim() => Ok(Prepared::Nothing),
            Err(error) => {
                self.note_failure(Short::WalFile, &error);
                Err(error)
            }
        }
    }

    /// On a full disk: removes the files of the write-ahead log that are only kept to be fast. Blocks.
    pub fn give_room(&self) -> Result<()> {
        let surplus = {
            let mut inner = self.inner.lock();
            let Some(committer) = inner.committer.as_mut() else { return Ok(()) };
            committer.files.take_surplus(WAL_SPARE_COUNT)
        };
        self.remove_files(surplus)
    }

    fn remove_files(&self, files: Vec<WalFile>) -> Result<()> {
        if files.is_empty() {
            return Ok(());
        }
        files.into_iter().try_for_each(|file| file.remove(&self.place))?;
        let path = &self.place.path;
        self.place.disk.sync_dir(path).map_err(StorageError::io("sync directory", path))
    }

    pub(crate) fn begin_checkpoint(&self) -> Begun {
        let mut inner = self.inner.lock();
        inner.period += 1;
        // Drained, so that the list keeps its memory: appends push to it.
        let touched = inner.touched.drain(..).collect();
        Begun { touched, covers_before: inner.next_sequence }
    }

    /// Puts partitions back that a checkpoint could not take in.
    pub(crate) fn touch_again(&self, partitions: impl IntoIterator<Item = Arc<PartitionFiles>>) {
        let mut inner = self.inner.lock();
        partitions.into_iter().for_each(|files| inner.touch(&files));
    }

    /// Whether frames up to `sequence` have been carried out.
    pub(crate) fn is_drained(&self, sequence: LaneSequence) -> bool {
        self.inner.lock().drained >= sequence.0
    }

    pub(crate) fn take_dirty(&self) -> Dirty {
        let mut inner = self.inner.lock();
        inner.unsynced_size = 0;
        std::mem::take(&mut inner.dirty)
    }

    /// Removes what deleted partitions left. Blocks.
    pub fn purge(&self) -> Result<()> {
        let doomed: Vec<PathBuf> = std::mem::take(&mut self.inner.lock().doomed_dirs);
        for dir in doomed {
            match self.place.disk.remove_dir_all(&dir) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                other => other.map_err(StorageError::io("remove", &dir))?,
            }
        }
        Ok(())
    }

    pub(crate) fn add_doomed(&self, dirs: Vec<PathBuf>) {
        self.inner.lock().doomed_dirs.extend(dirs);
    }

    /// The oldest group that replay needs once a checkpoint covers all sequences before `covered`.
    pub(crate) fn oldest_needed(&self, covered: u64) -> u64 {
        let inner = self.inner.lock();
        // A group that is being written now will have the next number.
        let oldest = inner.groups.iter().find(|group| group.newest_sequence >= covered);
        oldest.map_or(inner.next_group, |group| group.number)
    }

    /// Lets go of the groups before `oldest_needed`: their files are used again, or removed. Blocks. Call it when the
    /// checkpoint that says so, and that covers all sequences before `covered`, is durable.
    pub(crate) fn trim(&self, oldest_needed: u64, covered: u64) -> Result<()> {
        self.checkpointed.fetch_max(covered, Ordering::AcqRel);
        let trimmed = {
            let mut inner = self.inner.lock();
            inner.oldest_needed = oldest_needed;
            inner.owes_trim = false;
            while let Some(group) = inner.groups.pop_front_if(|group| group.number < oldest_needed)
            {
                inner.wal_size -= group.size;
            }
            if let Some(committer) = inner.committer.as_mut() {
                committer.oldest_needed = oldest_needed;
            }
            // On a full disk what is not needed is not kept.
            let spare_count_max =
                if self.room.is_short() { WAL_SPARE_COUNT } else { WAL_SPARE_COUNT_MAX };
            let keep_max = spare_count_max.saturating_sub(inner.spare_count());
            inner.full.take_trimmed(oldest_needed, self.config.wal_file_size, keep_max)
        };
        let Trimmed { keep, mut remove } = trimmed;
        for mut file in keep {
            match file.recycle(&self.place, self.config.direct) {
                Ok(()) => self.add_spare(file),
                Err(error) if error.is_full() => remove.push(file),
                Err(error) => return Err(error),
            }
        }
        self.remove_files(remove)
    }

    fn add_spare(&self, file: WalFile) {
        let mut inner = self.inner.lock();
        match inner.committer.as_mut() {
            Some(committer) => committer.files.add_spare(file),
            None => inner.late_spares.push(file),
        }
    }
}

/// What [`Lane::prepare_step`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prepared {
    Nothing,
    /// A group is being written; ask again.
    Busy,
    File {
        direct: bool,
    },
}

impl Inner {
    /// Spare files of the write-ahead log; while a group is being written it may have taken one of them.
    fn spare_count(&self) -> usize {
        let there = self.committer.as_ref().map(|committer| committer.files.spare_count());
        there.unwrap_or(self.spare_count_away) + self.late_spares.len()
    }

    /// Has a checkpoint free files of the write-ahead log, if one would.
    fn owe_trim(&mut self) -> bool {
        self.owes_trim = !self.full.is_empty();
        self.owes_trim
    }

    fn run_drained(&mut self, run: &[Frame]) {
        for frame in run {
            self.undrained_size -= frame.size();
            self.newest_done = self.newest_done.max(frame.sequence);
            frame.structural_done();
            if matches!(frame.action, Action::Delete { .. }) {
                self.dirty.forget_files(frame.files.serial);
            }
        }
    }
}

/// Takes the last frame out if it is a batch that was not written to its end.
fn unfinished(frames: &mut Vec<Frame>, applied: &mut Applied) -> Option<Frame> {
    let written_now = applied.take_unfinished()?;
    let mut last = frames.pop()?;
    if let Action::Batch(batch) = &mut last.action {
        batch.written = written_now;
    }
    Some(last)
}

/// Whether the frames of one partition are about to make its directory.
fn wants_dir(files: &PartitionFiles, frames: &[Frame]) -> bool {
    let is_batch = |frame: &Frame| matches!(frame.action, Action::Batch(_));
    let is_deletion = |frame: &Frame| matches!(frame.action, Action::Delete { .. });
    let is_missing = !files.is_made() && !files.is_forgotten();
    is_missing && frames.iter().any(is_batch) && !frames.iter().any(is_deletion)
}

/// Where the frames of the last partition begin, of frames that are sorted by partition.
fn last_partition(frames: &[Frame]) -> Option<usize> {
    let last = frames.last()?.files.serial;
    let count = frames.iter().rev().take_while(|frame| frame.files.serial == last).count();
    Some(frames.len() - count)
}
