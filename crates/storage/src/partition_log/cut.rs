use std::sync::Arc;

use model::{Offset, Timestamp};

use super::read::Written;
use super::{DirectWrite, PartitionLog};
use crate::error::{Result, StorageError};
use crate::frame::{Action, TruncateFrame};
use crate::index;
use crate::partition_files::{PartitionFiles, ReplacingHold};
use crate::place::Kind;
use crate::scan::HeaderScan;
use crate::segment::Segment;
use crate::tail::TailEntry;

/// Where to cut a log, to be looked up outside of the partition's lock.
#[derive(Debug)]
pub struct TruncationSearch {
    files: Arc<PartitionFiles>,
    hold: ReplacingHold,
    end: Offset,
    segment: Segment,
    doomed: Vec<Offset>,
    written: Written,
    /// Batches of the segment that may not be in the files, oldest first.
    tail: Vec<TailEntry>,
    log_end: Offset,
}

/// Where to cut a log. Nothing may have been appended since the search was made.
#[derive(Debug)]
pub struct Truncation {
    end: Offset,
    segment: Segment,
    doomed: Vec<Offset>,
    log_end_before: Offset,
    /// The place is one in the files as they are.
    hold: ReplacingHold,
}

impl Truncation {
    /// Where the log will end: as asked, or where the batch begins that lies across that place, since it goes as a whole.
    pub const fn end(&self) -> Offset {
        self.end
    }
}

impl PartitionLog {
    /// First half of truncating to `end`, as a follower does. `None`: the log does not reach so far, nothing is to be
    /// done. `end` must not be before the log's start: use [`Self::reset_to`] then. A batch that lies across `end` goes
    /// too, and the log ends where it began: so no log ever ends behind its last batch, where its leader, which sends
    /// that batch whole, could not go on.
    pub fn search_truncation(&self, end: Offset) -> Option<TruncationSearch> {
        if end >= self.log_end {
            return None;
        }
        let at = self.segment_index(end);
        let segment = self.segments.get(at)?;
        let next = self.segments.get(at + 1).map(|next| next.base);
        let inside = |entry: &&TailEntry| {
            entry.base >= segment.base && next.is_none_or(|next| entry.base < next)
        };
        // Entries may be in the files too; only what comes before the first of them need be.
        let tail: Vec<TailEntry> = self.tail.iter().filter(inside).copied().collect();
        let from = tail.first().map_or(usize::MAX, |first| self.tail.index_of(first.base));
        let written = self.written_part(segment, next, from);
        Some(TruncationSearch {
            files: Arc::clone(&self.files),
            hold: ReplacingHold::new(&self.files),
            end,
            segment: segment.clone(),
            doomed: self.segments.iter().skip(at + 1).map(|segment| segment.base).collect(),
            written,
            tail,
            log_end: self.log_end,
        })
    }

    /// Second half: cuts the log. Afterwards the producer states must be read again ([`Self::scan_producers`]).
    pub fn truncate(&mut self, truncation: Truncation) -> Option<DirectWrite> {
        let Truncation { end, segment, doomed, log_end_before, hold: _hold } = truncation;
        assert!(self.log_end == log_end_before, "nothing was appended since the search");
        let frame = TruncateFrame {
            end,
            segment: segment.base,
            position: segment.size,
            offset_entries: segment.offset_entries,
            time_entries: segment.time_entries,
            doomed,
        };
        self.segments.retain(|kept| kept.base < segment.base);
        self.segments.push(segment);
        self.tail.truncate_to(end);
        self.aborted.retain(|(_, entry)| entry.last < end);
        self.log_end = end;
        self.log_start = self.log_start.min(end);
        self.note_cut(end);
        self.push_structural(Action::Truncate(Box::new(frame)))
    }

    /// Drops all batches; the log is empty and begins at `start`.
    pub fn reset_to(&mut self, start: Offset) -> Option<DirectWrite> {
        let doomed = self.segments.drain(..).map(|segment| segment.base).collect();
        self.tail.clear();
        self.aborted.clear();
        self.log_start = start;
        self.log_end = start;
        self.note_cut(Offset::ZERO);
        self.push_structural(Action::Reset { start, doomed })
    }
}

impl TruncationSearch {
    /// Blocks, if the place is not among the newest batches.
    pub fn run(self) -> Result<Truncation> {
        // What is found must be true after a crash, too.
        self.files.finish_replacing()?;
        let in_tail =
            self.written.size == 0 || self.tail.first().is_some_and(|first| first.base <= self.end);
        let cut = if in_tail { self.cut_in_tail()? } else { self.cut_in_file()? };
        let mut segment = self.segment;
        segment.size = cut.position;
        segment.inherited = segment.inherited.min(cut.position);
        segment.offset_entries = cut.offset_entries;
        segment.time_entries = cut.time_entries;
        segment.last_time_entry = cut.newest_time.map(|(timestamp, _)| timestamp);
        segment.latest = cut.latest;
        segment.bytes_since_index = 0;
        if segment.size == 0 {
            segment.first_timestamp = None;
        }
        let (doomed, log_end_before, hold) = (self.doomed, self.log_end, self.hold);
        Ok(Truncation { end: cut.end, segment, doomed, log_end_before, hold })
    }

    fn cut_in_tail(&self) -> Result<Cut> {
        let kept = || self.tail.iter().take_while(|entry| entry.end <= self.end);
        let position = match kept().last() {
            Some(last) => last.position.saturating_add(crate::bytes::to_u32(last.place.len())),
            None => self.written.size,
        };
        let count = |wanted: fn(&&TailEntry) -> bool| {
            u32::try_from(kept().filter(wanted).count()).unwrap_or(0)
        };
        let from_file = self.newest_time_in_file(self.written.time_entries)?;
        let newest_time = kept().filter_map(|entry| entry.timed).last().or(from_file);
        let mut latest = newest_time;
        for entry in kept() {
            if let Some(timestamp) = entry.max_timestamp
                && latest.is_none_or(|(known, _)| timestamp > known)
                && let Some(last) = entry.end.previous()
            {
                latest = Some((timestamp, last));
            }
        }
        let across = self.tail.iter().find(|entry| entry.end > self.end);
        Ok(Cut {
            end: across.map_or(self.end, |entry| entry.base.min(self.end)),
            position,
            offset_entries: self.written.offset_entries + count(|entry| entry.indexed),
            time_entries: self.written.time_entries + count(|entry| entry.timed.is_some()),
            newest_time,
            latest,
        })
    }

    fn cut_in_file(&self) -> Result<Cut> {
        let relative = self.segment.relative(self.end).unwrap_or(0);
        let bytes = self.read_index(
            Kind::Index,
            u64::from(self.written.offset_entries) * index::OFFSET_ENTRY_SIZE,
        )?;
        let entries = index::valid_offset_entries(&bytes, u64::from(self.written.size));
        let kept = entries.partition_point(|entry| entry.relative < relative);
        let hint = kept.checked_sub(1).and_then(|last| entries.get(last)).map_or(0, |e| e.position);
        let file = self.files.open_of(self.segment.base, self.segment.generation, Kind::Log)?;
        let path = self.files.path(self.segment.base, Kind::Log);
        let mut scan = HeaderScan::new(&*file, self.segment.base, hint, self.written.size);
        let found = scan.find(|header| header.next_offset() > self.end);
        let found = found.map_err(|error| error.at(&path))?;
        let time_entries = self.time_entries_below(relative)?;
        let newest_time = self.newest_time_in_file(time_entries)?;
        Ok(Cut {
            end: found.map_or(self.end, |at| at.header.base_offset().min(self.end)),
            position: found.map_or(self.written.size, |at| at.position),
            offset_entries: u32::try_from(kept).unwrap_or(0),
            time_entries,
            newest_time,
            // As Kafka does: later batches without an entry are forgotten until the next one comes.
            latest: newest_time,
        })
    }

    fn time_entries_below(&self, relative: u32) -> Result<u32> {
        let size = u64::from(self.written.time_entries) * index::TIME_ENTRY_SIZE;
        let entries = index::valid_time_entries(&self.read_index(Kind::TimeIndex, size)?);
        let kept = entries.partition_point(|entry| entry.relative < relative);
        Ok(u32::try_from(kept).unwrap_or(0))
    }

    fn newest_time_in_file(&self, count: u32) -> Result<Option<(Timestamp, Offset)>> {
        let size = u64::from(count) * index::TIME_ENTRY_SIZE;
        let entries = index::valid_time_entries(&self.read_index(Kind::TimeIndex, size)?);
        Ok(entries
            .last()
            .and_then(|entry| Some((entry.timestamp, self.segment.base.plus(entry.relative)?))))
    }

    /// The first `size` bytes of an index; fewer when it has fewer.
    fn read_index(&self, kind: Kind, size: u64) -> Result<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
        if bytes.is_empty() {
            return Ok(bytes);
        }
        let file = match self.files.open_of(self.segment.base, self.segment.generation, kind) {
            Err(StorageError::Gone) => return Ok(Vec::new()),
            file => file?,
        };
        let path = self.files.path(self.segment.base, kind);
        let read = file.read_at(&mut bytes, 0).map_err(StorageError::io("read", &path))?;
        bytes.truncate(read);
        Ok(bytes)
    }
}

struct Cut {
    end: Offset,
    position: u32,
    offset_entries: u32,
    time_entries: u32,
    newest_time: Option<(Timestamp, Offset)>,
    latest: Option<(Timestamp, Offset)>,
}
