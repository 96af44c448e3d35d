use std::io::IoSlice;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use io::PAGE_SIZE;
use io::arena::ArenaSlice;
use model::Offset;

use crate::bytes::{to_u32, to_u64};
use crate::dirty::Dirty;
use crate::error::{Result, StorageError};
use crate::file_name;
use crate::frame::{Action, BatchFrame, Frame, TruncateFrame};
use crate::index::{OFFSET_ENTRY_SIZE, TIME_ENTRY_SIZE, TRANSACTION_ENTRY_SIZE};
use crate::limits::{DRAIN_RUN_SIZE_MAX, SMALL_BATCH_SIZE_MAX};
use crate::partition_files::PartitionFiles;
use crate::past_cache::{LastPage, PastCache, write_batches};
use crate::place::Kind;
use crate::segment::IndexEntries;

/// Carries frames out on the files. Applying a frame twice leaves the same files, so a drain that failed half-way is
/// just done again.
#[derive(Debug, Default)]
pub(crate) struct Applied {
    pub(crate) dirty: Dirty,
    /// Directories of deleted partitions, to be removed when there is time.
    pub(crate) doomed_dirs: Vec<PathBuf>,
    /// Bytes written to segments.
    pub(crate) written: u64,
    /// Memory for index entries, used again.
    entries: Vec<u8>,
    /// For who drains: long runs that nobody is about to read go past the page cache.
    past_cache: Option<Box<PastCache>>,
    /// Whether a run that goes past the page cache ends with its last whole page.
    leaves_last_page: bool,
    /// The last batch of the frames that were applied is not done: so many bytes of it are written.
    unfinished: Option<u32>,
}

/// Batches of one write that are gathered without allocating: an append of an `os` topic is seldom more than one.
const FEW: usize = 16;

impl Applied {
    /// `goes_on`: more is expected for the same segments soon, and all will be drained one day.
    pub(crate) fn for_drain(past_cache: Option<Box<PastCache>>, goes_on: bool) -> Self {
        Self { past_cache, leaves_last_page: goes_on, ..Self::default() }
    }

    /// How many bytes of the last batch of the frames that were just applied are written, if not all.
    pub(crate) const fn take_unfinished(&mut self) -> Option<u32> {
        self.unfinished.take()
    }

    /// What [`Self::for_drain`] got, to be used again.
    pub(crate) const fn take_past_cache(&mut self) -> Option<Box<PastCache>> {
        self.past_cache.take()
    }

    /// Adds what was carried out elsewhere.
    pub(crate) fn merge(&mut self, other: Self) {
        self.dirty.merge(other.dirty);
        self.doomed_dirs.extend(other.doomed_dirs);
        self.written += other.written;
    }

    /// Frames of one partition, in order. On a full disk what makes room has been carried out when the error comes. Blocks.
    pub(crate) fn apply_or_make_room(&mut self, frames: &[Frame]) -> Result<()> {
        match self.apply(frames) {
            Err(error) if error.is_full() => {
                self.make_room(frames)?;
                Err(error)
            }
            applied => applied,
        }
    }

    /// Removes ahead of their turn the segments that will be removed anyway. In its turn that is done again: a batch that
    /// waits before it may make one of them once more.
    fn make_room(&mut self, frames: &[Frame]) -> Result<()> {
        for frame in frames {
            if let Action::LogStart { doomed, .. } = &frame.action {
                self.remove_segments(&frame.files, doomed)?;
            }
        }
        Ok(())
    }

    /// Frames of one partition, in order. Blocks.
    pub(crate) fn apply(&mut self, frames: &[Frame]) -> Result<()> {
        self.unfinished = None;
        if frames.first().is_some_and(|first| first.files.is_forgotten()) {
            return Ok(());
        }
        // What comes before a deletion need not be done, and on a full disk could not.
        let deletion =
            frames.iter().rposition(|frame| matches!(frame.action, Action::Delete { .. }));
        let mut rest = frames.get(deletion.unwrap_or(0)..).unwrap_or_default();
        while let Some(first) = rest.first() {
            let count = run_length(rest);
            let (run, after) = rest.split_at(count);
            match &first.action {
                Action::Batch(batch) => {
                    self.write_run(&first.files, batch, run, after.is_empty())?;
                }
                action => self.apply_one(&first.files, action)?,
            }
            rest = after;
        }
        Ok(())
    }

    /// Batches back to back, in one write, and then their index entries.
    fn write_run(
        &mut self,
        files: &PartitionFiles,
        first: &BatchFrame,
        run: &[Frame],
        is_last: bool,
    ) -> Result<()> {
        let mut done = run;
        if !first.in_segment && self.past_cache.is_some() {
            self.unfinished = self.write_past_cache(files, first, run, is_last)?;
            if self.unfinished.is_some() {
                done = run.split_last().map_or(run, |(_, before)| before);
            }
        } else if !first.in_segment {
            self.write_through_cache(files, first, run)?;
        }
        let batches = || done.iter().filter_map(batch_of);
        let offsets = batches().filter_map(|batch| batch.entries.offset);
        let offsets = offsets.map(|(ordinal, entry)| (ordinal, entry.encode()));
        self.write_in_order(files, first.segment, Kind::Index, offsets)?;
        let times = batches().filter_map(|batch| batch.entries.time);
        let times = times.map(|(ordinal, entry)| (ordinal, entry.encode()));
        self.write_in_order(files, first.segment, Kind::TimeIndex, times)
    }

    /// Gives how many bytes of the last batch are written, if its last page was left.
    fn write_past_cache(
        &mut self,
        files: &PartitionFiles,
        first: &BatchFrame,
        run: &[Frame],
        is_last: bool,
    ) -> Result<Option<u32>> {
        let joined = joined(run.iter().filter_map(batch_of));
        let mut slices: Vec<_> = joined.iter().map(|slice| IoSlice::new(slice)).collect();
        if let Some(slice) = slices.first_mut() {
            slice.advance(first.written as usize);
        }
        let position = first.position + first.written;
        let size: usize = slices.iter().map(|slice| slice.len()).sum();
        let last_page = (position as usize + size) % PAGE_SIZE;
        // One that has waited before is not left again: nothing came after it.
        let left = run.split_last().filter(|(_, before)| !before.is_empty() && is_last);
        let left = left.and_then(|(last, _)| written_part(batch_of(last)?, last_page));
        let left = left.filter(|_| self.leaves_last_page);
        let rule = if left.is_some() { LastPage::Leave } else { LastPage::Write };
        let at = (first.segment, position);
        let past_cache = self.past_cache.as_deref_mut();
        let past = write_batches(past_cache, files, at, &slices, rule, &mut self.dirty)?;
        self.written += to_u64(size);
        Ok(left.filter(|_| past))
    }

    fn write_through_cache(
        &mut self,
        files: &PartitionFiles,
        first: &BatchFrame,
        run: &[Frame],
    ) -> Result<()> {
        let batches = || run.iter().filter_map(batch_of);
        let mut few = [IoSlice::new(&[]); FEW];
        let mut many = Vec::new();
        let slices = match few.get_mut(..run.len()) {
            Some(few) => {
                few.iter_mut()
                    .zip(batches())
                    .for_each(|(slice, batch)| *slice = IoSlice::new(&batch.bytes));
                &*few
            }
            None => {
                many.extend(batches().map(|batch| IoSlice::new(&batch.bytes)));
                &many
            }
        };
        files.write_batches(first.segment, first.position, slices, &mut self.dirty)?;
        self.written += batches().map(|batch| batch.bytes.len() as u64).sum::<u64>();
        Ok(())
    }

    /// Index entries, those side by side in one write.
    pub(crate) fn write_in_order<const SIZE: usize>(
        &mut self,
        files: &PartitionFiles,
        segment: Offset,
        kind: Kind,
        entries: impl Iterator<Item = (u32, [u8; SIZE])>,
    ) -> Result<()> {
        let mut bytes = std::mem::take(&mut self.entries);
        let mut entries = entries.peekable();
        let mut result = Ok(());
        while let (Ok(()), Some((first, entry))) = (&result, entries.next()) {
            bytes.clear();
            bytes.extend_from_slice(&entry);
            let mut next = first + 1;
            while let Some((_, entry)) = entries.next_if(|(ordinal, _)| *ordinal == next) {
                bytes.extend_from_slice(&entry);
                next += 1;
            }
            let position = u64::from(first) * to_u64(SIZE);
            result = files.write(segment, kind, position, &bytes, &mut self.dirty);
        }
        self.entries = bytes;
        result
    }

    pub(crate) fn write_entries(
        &mut self,
        files: &PartitionFiles,
        segment: Offset,
        entries: &IndexEntries,
    ) -> Result<()> {
        if let Some((ordinal, entry)) = entries.offset {
            let position = u64::from(ordinal) * OFFSET_ENTRY_SIZE;
            files.write(segment, Kind::Index, position, &entry.encode(), &mut self.dirty)?;
        }
        if let Some((ordinal, entry)) = entries.time {
            let position = u64::from(ordinal) * TIME_ENTRY_SIZE;
            files.write(segment, Kind::TimeIndex, position, &entry.encode(), &mut self.dirty)?;
        }
        Ok(())
    }

    pub(crate) fn apply_one(&mut self, files: &PartitionFiles, action: &Action) -> Result<()> {
        match action {
            Action::Truncate(truncate) => self.truncate(files, truncate),
            Action::LogStart { doomed, .. } => self.remove_segments(files, doomed),
            Action::Reset { doomed, .. } => {
                self.remove_segments(files, doomed)?;
                self.remove_snapshots(files, |_| true)
            }
            Action::Delete { id } => {
                self.doomed_dirs.extend(files.mark_deleted(*id, &mut self.dirty)?);
                Ok(())
            }
            Action::Seal { segment, time, next, snapshot } => {
                let entries = IndexEntries { offset: None, time: *time };
                self.write_entries(files, *segment, &entries)?;
                // Kafka expects both indexes of a sealed segment, be they empty.
                files.open_for_write(*segment, Kind::Index, &mut self.dirty)?;
                files.open_for_write(*segment, Kind::TimeIndex, &mut self.dirty)?;
                match snapshot {
                    Some(bytes) => self.write_snapshot(files, *next, bytes),
                    None => Ok(()),
                }
            }
            Action::Aborted { segment, entry, ordinal } => {
                self.write_aborted(files, *segment, &entry.encode())?;
                files.aborted_drained.fetch_max(ordinal + 1, Ordering::AcqRel);
                Ok(())
            }
            Action::Batch(_) | Action::SyncFirst => Ok(()),
        }
    }

    /// Appends an entry to the transaction index, unless it is there: the drain may be a second try.
    pub(crate) fn write_aborted(
        &mut self,
        files: &PartitionFiles,
        segment: Offset,
        entry: &[u8; 34],
    ) -> Result<()> {
        let file = files.open_for_write(segment, Kind::TransactionIndex, &mut self.dirty)?;
        let fail = |source| {
            StorageError::io("append to", &files.path(segment, Kind::TransactionIndex))(source)
        };
        let size = file.size().map_err(fail)? / TRANSACTION_ENTRY_SIZE * TRANSACTION_ENTRY_SIZE;
        let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
        file.read_exact_at(&mut bytes, 0).map_err(fail)?;
        if bytes.chunks_exact(entry.len()).any(|old| old == entry) {
            return Ok(());
        }
        file.write_at(entry, size).map_err(fail)
    }

    pub(crate) fn write_snapshot(
        &mut self,
        files: &PartitionFiles,
        end: Offset,
        bytes: &[u8],
    ) -> Result<()> {
        files.make_dir(&mut self.dirty)?;
        let path = file_name::segment_file(&files.dir(), end, file_name::SNAPSHOT);
        files.place.disk.replace(&path, bytes).map_err(StorageError::io("write", &path))
    }

    fn truncate(&mut self, files: &PartitionFiles, truncate: &TruncateFrame) -> Result<()> {
        self.remove_segments(files, &truncate.doomed)?;
        let segment = truncate.segment;
        let sizes = [
            (Kind::Log, u64::from(truncate.position)),
            (Kind::Index, u64::from(truncate.offset_entries) * OFFSET_ENTRY_SIZE),
            (Kind::TimeIndex, u64::from(truncate.time_entries) * TIME_ENTRY_SIZE),
        ];
        for (kind, size) in sizes {
            files.cut(segment, kind, size, &mut self.dirty)?;
        }
        self.truncate_aborted(files, segment, truncate.end)?;
        // A snapshot from beyond the log's end describes a log that is gone.
        self.remove_snapshots(files, |offset| offset > truncate.end)
    }

    /// Entries of the transaction index are in the order of their markers.
    pub(crate) fn truncate_aborted(
        &mut self,
        files: &PartitionFiles,
        segment: Offset,
        end: Offset,
    ) -> Result<()> {
        let path = files.path(segment, Kind::TransactionIndex);
        let file = match files.open(segment, Kind::TransactionIndex) {
            Err(StorageError::Gone) => return Ok(()),
            file => file?,
        };
        let size = file.size().map_err(StorageError::io("read", &path))?;
        let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
        file.read_exact_at(&mut bytes, 0).map_err(StorageError::io("read", &path))?;
        let entries = crate::index::AbortedTransaction::decode_all(&bytes);
        let kept = entries.iter().take_while(|entry| entry.last < end).count() as u64;
        if kept * TRANSACTION_ENTRY_SIZE == size {
            return Ok(());
        }
        files.cut(segment, Kind::TransactionIndex, kept * TRANSACTION_ENTRY_SIZE, &mut self.dirty)
    }

    pub(crate) fn remove_snapshots(
        &mut self,
        files: &PartitionFiles,
        is_wrong: impl Fn(Offset) -> bool,
    ) -> Result<()> {
        let dir = files.dir();
        for entry in files.list_names()? {
            if let Some((offset, file_name::SNAPSHOT)) = file_name::parse_segment_file(&entry.name)
                && is_wrong(offset)
            {
                files.remove(dir.join(&entry.name))?;
                self.dirty.dir(&dir);
            }
        }
        Ok(())
    }

    fn remove_segments(&mut self, files: &PartitionFiles, doomed: &[Offset]) -> Result<()> {
        doomed.iter().try_for_each(|base| files.remove_segment(*base, &mut self.dirty))
    }
}

const fn batch_of(frame: &Frame) -> Option<&BatchFrame> {
    match &frame.action {
        Action::Batch(batch) => Some(batch),
        _ => None,
    }
}

/// How many bytes of a run's last batch are written if the run's last `last_page` bytes wait for the next one; `None` where that
/// would be all of it, or would hold more memory than it is worth: it should lie in its partition's page run.
fn written_part(batch: &BatchFrame, last_page: usize) -> Option<u32> {
    let in_place = batch.bytes.as_ptr().addr() % PAGE_SIZE == batch.position as usize % PAGE_SIZE;
    let is_small = to_u64(batch.bytes.len()) <= SMALL_BATCH_SIZE_MAX;
    let written = batch.bytes.len().checked_sub(last_page).filter(|written| *written > 0)?;
    (last_page > 0 && in_place && is_small).then_some(to_u32(written))
}

/// The batches' bytes, those that lie side by side in memory as one.
pub(crate) fn joined<'a>(batches: impl Iterator<Item = &'a BatchFrame>) -> Vec<ArenaSlice> {
    let mut joined: Vec<ArenaSlice> = Vec::new();
    for batch in batches {
        if !joined.last_mut().is_some_and(|last| last.extend(&batch.bytes)) {
            joined.push(batch.bytes.clone());
        }
    }
    joined
}

/// How many frames at the front can be done as one: batches that lie back to back in one segment.
fn run_length(frames: &[Frame]) -> usize {
    let mut batches = frames.iter().map_while(batch_of);
    let Some(first) = batches.next() else { return 1 };
    let mut size = first.bytes.len();
    let mut count = 1;
    for batch in batches {
        let follows = batch.segment == first.segment
            && batch.in_segment == first.in_segment
            && batch.position as usize == first.position as usize + size;
        if !follows || size + batch.bytes.len() > DRAIN_RUN_SIZE_MAX {
            break;
        }
        size += batch.bytes.len();
        count += 1;
    }
    count
}
