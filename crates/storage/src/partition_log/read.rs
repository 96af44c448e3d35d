mod past_damage;

use std::sync::Arc;

use io::arena::ArenaSlice;
use io::{Advice, File};
use model::Offset;

use super::PartitionLog;
use crate::bytes::to_u64;
use crate::error::{Damage, Result, StorageError};
use crate::index;
use crate::limits::{READ_AHEAD_LOOK_STEP, READ_RANGES_MAX, SCAN_SIZE};
use crate::partition_files::PartitionFiles;
use crate::place::Kind;
use crate::scan::{HeaderAt, HeaderScan, ScanError};
use crate::segment::Segment;
use crate::tail::TailEntry;

pub use self::past_damage::PastDamage;

/// Whole batches, where they lie.
#[derive(Clone, Debug)]
pub enum LogRange {
    Memory(ArenaSlice),
    File(FileRange),
}

impl LogRange {
    pub fn size(&self) -> u64 {
        match self {
            Self::Memory(slice) => slice.len() as u64,
            Self::File(range) => u64::from(range.size),
        }
    }
}

/// Bytes of a segment, for `sendfile` or a read.
#[derive(Clone, Debug)]
pub struct FileRange {
    pub file: Arc<dyn File>,
    pub position: u64,
    pub size: u32,
}

impl FileRange {
    /// The bytes themselves. Blocks.
    pub fn read(&self) -> std::io::Result<Vec<u8>> {
        let mut bytes = vec![0; self.size as usize];
        self.file.read_exact_at(&mut bytes, self.position)?;
        Ok(bytes)
    }
}

/// What a read comes to, decided under the partition's lock.
#[derive(Debug)]
#[must_use]
pub enum ReadPlan {
    /// No batch begins below the bound.
    Nothing,
    /// Ranges from memory were appended.
    Memory,
    /// It is in the file: [`FileRead::resolve`], outside of the lock.
    File(FileRead),
}

/// A read that needs the segment's file.
#[derive(Debug)]
pub struct FileRead {
    files: Arc<PartitionFiles>,
    segment: Offset,
    generation: u64,
    offset: Offset,
    /// First offset that must not be read.
    end: Offset,
    size_max: u32,
    at_least_one: bool,
    /// Bytes of the file that are sure to be written.
    limit: u32,
    /// Bytes that an earlier process wrote.
    inherited: u32,
    /// Index entries that are sure to be written.
    entries: u32,
    relative: u32,
    /// Where offsets end that are below `limit`.
    written_end: Offset,
    next: Option<Offset>,
}

/// What the file says.
#[derive(Debug)]
#[must_use]
pub enum Resolved {
    Range(FileRange),
    /// Nothing at or after the offset in this segment (compaction), or another took its place meanwhile: read on from here.
    ContinueAt(Offset),
    Nothing,
}

/// Fetches a range into the page cache, so that sending it later does not wait for the device. Blocks; for a helper.
#[derive(Clone, Debug)]
pub struct ReadAhead(pub FileRange);

impl ReadAhead {
    /// `None` when the range is there already, as far as a few looks can tell.
    pub fn needed(range: &FileRange) -> Option<Self> {
        let last = u64::from(range.size.saturating_sub(1));
        let mut looks = (0..=last).step_by(READ_AHEAD_LOOK_STEP).chain([last]);
        let cold = looks.any(|at| !range.file.is_cached(range.position + at));
        cold.then(|| Self(range.clone()))
    }

    pub fn run(&self) {
        let Self(FileRange { file, position, size }) = self;
        file.advise(Advice::WillNeed, *position, u64::from(*size));
        // The advice begins the reads, all at once; this waits for them.
        let mut buffer = vec![0; SCAN_SIZE];
        let mut at = 0;
        while at < u64::from(*size) {
            // A failure is met again by who sends the range, and told there.
            match file.read_at(&mut buffer, position + at) {
                Ok(count @ 1..) => at += to_u64(count),
                Ok(0) | Err(_) => return,
            }
        }
    }
}

impl PartitionLog {
    /// Batches from the one that holds `offset`, as long as they begin before `end` and fit in `size_max` bytes; with
    /// `at_least_one` the first in any case. From memory they are appended to `out` at once. The caller has checked that
    /// `offset` is not before the log's start.
    pub fn read(
        &self,
        offset: Offset,
        end: Offset,
        size_max: u32,
        at_least_one: bool,
        out: &mut Vec<LogRange>,
    ) -> ReadPlan {
        if offset >= end.min(self.log_end) {
            return ReadPlan::Nothing;
        }
        let tail_index = self.tail.index_of(offset);
        // The entry must hold the offset: between the file's end and the tail's start there is nothing in between.
        let in_tail = self.tail.first().is_some_and(|first| first.base <= offset);
        if in_tail {
            let read = self.read_tail(tail_index, end, size_max, at_least_one, out);
            if let Some(plan) = read {
                return plan;
            }
        }
        self.plan_file(offset, end, size_max, at_least_one, tail_index)
    }

    /// `None` when the first batch is no longer in memory.
    fn read_tail(
        &self,
        index: usize,
        end: Offset,
        size_max: u32,
        at_least_one: bool,
        out: &mut Vec<LogRange>,
    ) -> Option<ReadPlan> {
        let view = self.dir.arena().view();
        let before = out.len();
        let mut left = size_max as usize;
        for entry in self.tail.from(index) {
            let first = out.len() == before;
            if entry.base >= end || out.len() - before >= READ_RANGES_MAX {
                break;
            }
            let size = entry.place.len();
            if size > left && !(first && at_least_one) {
                break;
            }
            let Some(slice) = view.get(&entry.place) else {
                if first {
                    return None;
                }
                break;
            };
            left = left.saturating_sub(size);
            push_range(out, before, slice);
        }
        Some(if out.len() == before { ReadPlan::Nothing } else { ReadPlan::Memory })
    }

    fn plan_file(
        &self,
        offset: Offset,
        end: Offset,
        size_max: u32,
        at_least_one: bool,
        tail_index: usize,
    ) -> ReadPlan {
        let index = self.segment_index(offset);
        let Some(segment) = self.segments.get(index) else { return ReadPlan::Nothing };
        let next = self.segments.get(index + 1).map(|next| next.base);
        if index + 2 >= self.segments.len() {
            self.files.note_file_reader();
        }
        let live = self.tail.first_live(tail_index, self.dir.arena());
        let written = self.written_part(segment, next, live);
        ReadPlan::File(FileRead {
            files: Arc::clone(&self.files),
            segment: segment.base,
            generation: segment.generation,
            offset,
            end,
            size_max,
            at_least_one,
            limit: written.size,
            inherited: segment.inherited,
            entries: written.offset_entries,
            relative: segment.relative(offset).unwrap_or(0),
            written_end: written.end,
            next,
        })
    }

    /// The part of a segment that comes before the batch at `from` of the tail: what is in the files for certain, if all
    /// batches before that one are.
    pub(super) fn written_part(
        &self,
        segment: &Segment,
        next: Option<Offset>,
        from: usize,
    ) -> Written {
        let whole = Written {
            size: segment.size,
            offset_entries: segment.offset_entries,
            time_entries: segment.time_entries,
            end: next.unwrap_or(self.log_end).min(self.log_end),
        };
        let inside = |entry: &&TailEntry| next.is_none_or(|next| entry.base < next);
        let Some(first) = self.tail.from(from).next().filter(inside) else { return whole };
        if first.base < segment.base {
            return Written { size: 0, offset_entries: 0, time_entries: 0, end: segment.base };
        }
        let count = |wanted: fn(&&TailEntry) -> bool| {
            let later = self.tail.from(from).take_while(inside);
            u32::try_from(later.filter(wanted).count()).unwrap_or(u32::MAX)
        };
        Written {
            size: first.position,
            offset_entries: segment.offset_entries.saturating_sub(count(|entry| entry.indexed)),
            time_entries: segment.time_entries.saturating_sub(count(|entry| entry.timed.is_some())),
            end: first.base,
        }
    }
}

/// The part of a segment that is in its files.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    pub(super) size: u32,
    pub(super) offset_entries: u32,
    pub(super) time_entries: u32,
    /// Offsets below it are in that part.
    pub(super) end: Offset,
}

/// Batches of one frame may lie side by side: fewer, longer slices.
fn push_range(out: &mut Vec<LogRange>, before: usize, slice: ArenaSlice) {
    if out.len() > before
        && let Some(LogRange::Memory(last)) = out.last_mut()
        && let Some(joined) = last.join(&slice)
    {
        *last = joined;
        return;
    }
    out.push(LogRange::Memory(slice));
}

impl FileRead {
    /// Finds the batches by the index and their headers. What an earlier process wrote is checked when it is first read:
    /// a range ends before a batch that is damaged, and one that would begin with it is [`StorageError::Corrupt`]. Blocks.
    pub fn resolve(&self) -> Result<Resolved> {
        match self.find() {
            Err(StorageError::Replaced) => Ok(Resolved::ContinueAt(self.offset)),
            found => found,
        }
    }

    fn find(&self) -> Result<Resolved> {
        let file = match self.files.open_of(self.segment, self.generation, Kind::Log) {
            // Nothing was written to it yet.
            Err(StorageError::Gone) if self.limit == 0 => return Ok(self.nothing()),
            file => file?,
        };
        let found = self.find_start(&*file)?;
        let Some(found) = found else { return Ok(self.nothing()) };
        let start = found.at.position;
        let size = self.find_size(&file, start)?;
        let size = self.check(&*file, &found, size)?;
        Ok(match size {
            0 => Resolved::Nothing,
            size => Resolved::Range(FileRange { file, position: u64::from(start), size }),
        })
    }

    fn nothing(&self) -> Resolved {
        match self.next.filter(|next| *next < self.end) {
            Some(next) => Resolved::ContinueAt(next),
            None => Resolved::Nothing,
        }
    }

    /// The first batch that holds `offset` or comes after it.
    fn find_start(&self, file: &dyn File) -> Result<Option<Start>> {
        // From a batch before it, so that its place among its neighbours can be seen.
        let before = self.relative.checked_sub(1);
        let hint = match before {
            Some(before) => self.indexed(|file| index::position_at(file, self.entries, before))?,
            None => None,
        };
        for from in [hint.unwrap_or(0), 0] {
            match self.find_from(file, from) {
                Ok(Some(start)) if from > 0 && start.end_before.is_none() => {
                    // A damaged index: it points to the place or behind it.
                }
                Err(ScanError::Damaged(_)) if from > 0 => {}
                Ok(found) => {
                    self.check_gap(file, found.as_ref())?;
                    return Ok(found);
                }
                Err(error) => return Err(error.at(&self.files.path(self.segment, Kind::Log))),
            }
        }
        Ok(None)
    }

    fn find_from(
        &self,
        file: &dyn File,
        from: u32,
    ) -> std::result::Result<Option<Start>, ScanError> {
        let mut scan = HeaderScan::new(file, self.segment, from, self.limit);
        let mut end_before = (from == 0).then_some(self.segment);
        while let Some(at) = scan.next_header()? {
            let is_early = end_before.is_some_and(|end| at.header.base_offset() < end);
            if is_early && at.position < self.inherited {
                return Err(ScanError::Damaged(at.position));
            }
            if at.header.last_offset() >= self.offset {
                return Ok(Some(Start { at, end_before }));
            }
            end_before = Some(at.header.next_offset());
        }
        Ok(None)
    }

    /// No batch holds the offset that was asked for: what was found begins behind it, or there is nothing more. Compaction
    /// leaves such gaps, between batches that are in order and say truly where they end. Else one of the neighbours is not
    /// where or what it was: no checksum covers base offsets.
    fn check_gap(&self, file: &dyn File, found: Option<&Start>) -> Result<()> {
        let position = found.map_or(self.limit, |start| start.at.position);
        let is_held = found.is_some_and(|start| start.at.header.base_offset() <= self.offset);
        if is_held || position >= self.inherited {
            return Ok(());
        }
        // From two entries of the index back on, the batch before the gap has one before it, too.
        let mut from = Some(position);
        for _ in 0..2 {
            let Some(before) = from.and_then(|from| from.checked_sub(1)) else { break };
            from = self.indexed(|file| index::position_before(file, self.entries, before))?;
        }
        match self.walk_to_gap(file, from.unwrap_or(0), position) {
            // The index may be damaged.
            Err(ScanError::Damaged(_)) if from.is_some_and(|from| from > 0) => {}
            walked => return self.walked(walked),
        }
        self.walked(self.walk_to_gap(file, 0, position))
    }

    fn walk_to_gap(
        &self,
        file: &dyn File,
        from: u32,
        position: u32,
    ) -> std::result::Result<(), ScanError> {
        let mut scan = HeaderScan::new(file, self.segment, from, self.limit);
        let mut order = Order::new(self, (from == 0).then_some(self.segment));
        let mut before = None;
        loop {
            let next = scan.next_header()?;
            let here = next.map_or(self.limit, |next| next.position);
            if here >= position
                && let Some(before) = before.take()
            {
                // Where it ends stands in its header.
                scan.checked_batch(&before)?;
            }
            let Some(next) = next else { return order.end().map_err(ScanError::Damaged) };
            order.next(&next).map_err(ScanError::Damaged)?;
            if here > position {
                return Ok(());
            }
            before = (here < position).then_some(next);
        }
    }

    fn walked(&self, walked: std::result::Result<(), ScanError>) -> Result<()> {
        walked.map_err(|error| match error {
            ScanError::Damaged(position) => self.damaged(position),
            error => error.at(&self.files.path(self.segment, Kind::Log)),
        })
    }

    fn damaged(&self, position: u32) -> StorageError {
        let path = self.files.path(self.segment, Kind::Log);
        StorageError::corrupt(&path, u64::from(position), Damage::Batch)
    }

    /// The bound lies beyond `limit`, so it need not be looked for.
    fn bound_is_beyond(&self) -> bool {
        self.end >= self.written_end
    }

    /// Bytes of whole batches from `start`.
    fn find_size(&self, file: &Arc<dyn File>, start: u32) -> Result<u32> {
        let wanted = start.saturating_add(self.size_max).min(self.limit);
        if wanted == self.limit && self.bound_is_beyond() {
            return Ok(self.limit - start);
        }
        let from = if self.bound_is_beyond() {
            let near = self.indexed(|file| index::position_before(file, self.entries, wanted))?;
            near.filter(|near| *near > start).unwrap_or(start)
        } else {
            start
        };
        match self.walk_size(file, start, from, wanted) {
            // A damaged index: walk all of it.
            Err(_) if from > start => self.walk_size(file, start, start, wanted),
            size => size,
        }
    }

    fn walk_size(&self, file: &Arc<dyn File>, start: u32, from: u32, wanted: u32) -> Result<u32> {
        let mut scan = HeaderScan::new(&**file, self.segment, from, self.limit);
        let mut end = from;
        loop {
            let next = match scan.next_header() {
                // What comes before the damage can be read; a start by the index may be what is wrong, though.
                Err(ScanError::Damaged(position)) if from == start && position > start => break,
                next => {
                    next.map_err(|error| error.at(&self.files.path(self.segment, Kind::Log)))?
                }
            };
            let Some(at) = next.filter(|at| at.header.base_offset() < self.end) else { break };
            let first = at.position == start && self.at_least_one;
            if at.end() > wanted && !first {
                break;
            }
            end = at.end();
        }
        Ok(end - start)
    }

    /// How much of the range may be served.
    fn check(&self, file: &dyn File, found: &Start, size: u32) -> Result<u32> {
        let start = found.at.position;
        let end = (start + size).min(self.inherited);
        let checked = self.files.checked();
        if start >= end || checked.first_gap(self.segment, start..end).is_none() {
            return Ok(size);
        }
        let mut scan = HeaderScan::new(file, self.segment, start, self.limit);
        let mut order = Order::new(self, found.end_before);
        let bad = loop {
            match scan.next_header() {
                // The one behind the range says whether the last one in it is in order.
                Ok(Some(at)) if at.position >= end => break order.next(&at).err(),
                Ok(Some(at)) => {
                    let is_new = checked.first_gap(self.segment, at.position..at.end()).is_some();
                    let whole = if is_new { scan.checked_batch(&at).map(|_| ()) } else { Ok(()) };
                    match whole {
                        Ok(()) => {}
                        Err(ScanError::Damaged(position)) => break Some(order.bad(position)),
                        Err(error) => {
                            return Err(error.at(&self.files.path(self.segment, Kind::Log)));
                        }
                    }
                    if let Err(position) = order.next(&at) {
                        break Some(position);
                    }
                }
                Ok(None) => break order.end().err(),
                Err(ScanError::Damaged(position)) => break Some(order.bad(position)),
                Err(error) => return Err(error.at(&self.files.path(self.segment, Kind::Log))),
            }
        };
        match bad.filter(|bad| *bad < end) {
            None => {
                checked.note(self.segment, start..end);
                Ok(size)
            }
            Some(bad) => {
                checked.note(self.segment, start..bad);
                if bad > start { Ok(bad - start) } else { Err(self.damaged(bad)) }
            }
        }
    }

    /// Asks the offset index; a missing or short one knows nothing.
    fn indexed(
        &self,
        ask: impl Fn(&dyn File) -> std::io::Result<Option<u32>>,
    ) -> Result<Option<u32>> {
        if self.entries == 0 {
            return Ok(None);
        }
        let file = match self.files.open_of(self.segment, self.generation, Kind::Index) {
            Err(StorageError::Gone) => return Ok(None),
            file => file?,
        };
        match ask(&*file) {
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(None),
            answer => {
                let path = self.files.path(self.segment, Kind::Index);
                Ok(answer.map_err(StorageError::io("read", &path))?.filter(|at| *at < self.limit))
            }
        }
    }

    /// Reads all of it into memory; for small logs and tests. Blocks.
    pub fn read(&self) -> Result<Vec<u8>> {
        match self.resolve()? {
            Resolved::Range(range) => {
                let path = self.files.path(self.segment, Kind::Log);
                range.read().map_err(StorageError::io("read", &path))
            }
            Resolved::ContinueAt(_) | Resolved::Nothing => Ok(Vec::new()),
        }
    }
}

/// Where a read begins.
struct Start {
    at: HeaderAt,
    /// Where the batch before it ends; `None` when it was not seen.
    end_before: Option<Offset>,
}

/// Whether batches lie in the order of their offsets. A gap, as compaction leaves one, is believed once the batch behind it
/// has a successor that is in order too.
struct Order {
    /// Where the last batch ended, if there was one.
    end: Option<Offset>,
    /// No batch of the segment reaches so far.
    limit: Option<Offset>,
    doubted: Option<u32>,
}

impl Order {
    const fn new(read: &FileRead, end_before: Option<Offset>) -> Self {
        Self { end: end_before, limit: read.next, doubted: None }
    }

    /// The place of the batch that is out of order.
    fn next(&mut self, at: &HeaderAt) -> std::result::Result<(), u32> {
        let base = at.header.base_offset();
        let is_within = self.limit.is_none_or(|limit| at.header.last_offset() < limit);
        if self.end.is_some_and(|end| base < end) || !is_within {
            return Err(self.bad(at.position));
        }
        let gap = self.end.is_some_and(|end| base > end);
        self.doubted = gap.then_some(at.position);
        self.end = Some(at.header.next_offset());
        Ok(())
    }

    /// No batch follows.
    const fn end(&self) -> std::result::Result<(), u32> {
        match (self.doubted, self.limit) {
            // The next segment is the witness.
            (Some(at), None) => Err(at),
            _ => Ok(()),
        }
    }

    /// What is wrong, if something is at this place: the batch before it, if that was doubted.
    fn bad(&self, position: u32) -> u32 {
        self.doubted.unwrap_or(position)
    }
}

const _: () = assert!(to_u64(READ_RANGES_MAX) <= 1024, "one vectored write takes them all");
