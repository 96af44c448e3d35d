use std::sync::Arc;

use io::File;
use io::arena::ArenaSlice;
use model::{LeaderEpoch, Offset, Timestamp};
use record::limits::DECOMPRESSED_SIZE_MAX;
use record::{BatchView, Decompressor};
use replica::ProducerStates;

use super::PartitionLog;
use super::read::Written;
use crate::checkpoint::decode_producer_snapshot;
use crate::error::{Damage, Result, StorageError};
use crate::facts::batch_facts;
use crate::file_name;
use crate::index::{self, AbortedTransaction};
use crate::partition_files::PartitionFiles;
use crate::place::Kind;
use crate::scan::{HeaderScan, ScanError};

/// A record found by its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundTimestamp {
    pub offset: Offset,
    pub timestamp: Timestamp,
    pub leader_epoch: Option<LeaderEpoch>,
}

/// One segment, as far as it is in its files.
#[derive(Clone, Copy, Debug)]
struct Part {
    base: Offset,
    generation: u64,
    written: Written,
}

/// A search for the first record at or after a time.
#[derive(Debug)]
pub struct TimestampSearch {
    files: Arc<PartitionFiles>,
    target: Timestamp,
    from: Offset,
    parts: Vec<Part>,
    /// Batches that are only in memory and late enough, oldest first.
    tail: Vec<ArenaSlice>,
}

impl PartitionLog {
    /// For ListOffsets by time. `None`: no record is so late.
    pub fn search_timestamp(&self, target: Timestamp) -> Option<TimestampSearch> {
        let late = |segment: &&crate::segment::Segment| {
            segment.latest.is_some_and(|(timestamp, _)| timestamp >= target)
        };
        let parts: Vec<Part> = self.parts_from(self.log_start, late);
        if parts.is_empty() {
            return None;
        }
        let live_from = self.tail.live_from(self.dir.arena());
        let view = self.dir.arena().view();
        let tail = self
            .tail
            .from(live_from)
            .filter(|entry| entry.max_timestamp >= Some(target) && entry.end > self.log_start)
            .filter_map(|entry| view.get(&entry.place))
            .collect();
        drop(view);
        Some(TimestampSearch {
            files: Arc::clone(&self.files),
            target,
            from: self.log_start,
            parts,
            tail,
        })
    }

    /// For ListOffsets with the latest timestamp (KIP-734): the first record that has it. `None` for a log without
    /// timestamps.
    pub fn search_max_timestamp(&self) -> Option<TimestampSearch> {
        let latest = self.segments.iter().filter_map(|segment| segment.latest);
        self.search_timestamp(latest.map(|(timestamp, _)| timestamp).max()?)
    }

    fn parts_from(
        &self,
        from: Offset,
        wanted: impl Fn(&&crate::segment::Segment) -> bool,
    ) -> Vec<Part> {
        let start = self.segment_index(from);
        let live_from = self.tail.live_from(self.dir.arena());
        let segments = self.segments.iter().enumerate().skip(start);
        segments
            .filter(|(_, segment)| wanted(segment))
            .map(|(at, segment)| {
                let next = self.segments.get(at + 1).map(|next| next.base);
                let written = self.written_part(segment, next, live_from);
                Part { base: segment.base, generation: segment.generation, written }
            })
            .collect()
    }

    /// Aborted transactions that touch `from..end`, for consumers of committed records.
    pub fn search_aborted(&self, from: Offset, end: Offset) -> AbortedSearch {
        AbortedSearch {
            files: Arc::clone(&self.files),
            from,
            end,
            segments: self.parts_from(from, |_| true).iter().map(Part::id).collect(),
            recent: self.aborted.iter().map(|(_, entry)| *entry).collect(),
        }
    }

    /// Producer states as of `end`, read again from the files: after a truncation. Everything before `end` must have
    /// been drained, or be in the tail.
    pub fn scan_producers(&self, end: Offset) -> ProducerScan {
        let arena = self.dir.arena();
        ProducerScan {
            files: Arc::clone(&self.files),
            log_start: self.log_start,
            end,
            snapshots_end: self.snapshots_end(),
            parts: self.parts_from(self.log_start, |segment| segment.base < end),
            tail: self.tail.slices(self.tail.live_from(arena), arena),
        }
    }
}

impl TimestampSearch {
    /// Reads indexes and batches. Blocks.
    pub fn run(&self) -> Result<Option<FoundTimestamp>> {
        for part in &self.parts {
            if let Some(found) = self.search_part(part)? {
                return Ok(Some(found));
            }
        }
        Ok(self.tail.iter().find_map(|batch| self.search_batch(batch)))
    }

    fn search_part(&self, part: &Part) -> Result<Option<FoundTimestamp>> {
        if part.written.size == 0 {
            return Ok(None);
        }
        let file = self.files.open_of(part.base, part.generation, Kind::Log)?;
        let path = || self.files.path(part.base, Kind::Log);
        let start = self.start_position(part)?;
        let mut scan = HeaderScan::new(&*file, part.base, start, part.written.size);
        while let Some(at) = scan.next_header().map_err(|error| error.at(&path()))? {
            // No CRC covers the offset.
            if at.header.last_offset() >= part.written.end {
                return Err(ScanError::Damaged(at.position).at(&path()));
            }
            let late = at.header.max_timestamp() >= Some(self.target);
            if late && at.header.last_offset() >= self.from {
                let batch = scan.checked_batch(&at).map_err(|error| error.at(&path()))?;
                if let Some(found) = self.search_batch(batch) {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }

    /// By both indexes; where they do not help, the start of the segment.
    fn start_position(&self, part: &Part) -> Result<u32> {
        let ask = |kind: Kind, count: u32, ask: &dyn Fn(&dyn File) -> std::io::Result<u32>| {
            if count == 0 {
                return Ok(0);
            }
            match self.files.open_of(part.base, part.generation, kind) {
                Err(StorageError::Gone) => Ok(0),
                file => match ask(&*file?) {
                    Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(0),
                    found => {
                        found.map_err(StorageError::io("read", &self.files.path(part.base, kind)))
                    }
                },
            }
        };
        let counts = part.written;
        let relative = ask(Kind::TimeIndex, counts.time_entries, &|file| {
            index::offset_before_time(file, counts.time_entries, self.target)
        })?;
        let position = ask(Kind::Index, counts.offset_entries, &|file| {
            Ok(index::position_at(file, counts.offset_entries, relative)?.unwrap_or(0))
        })?;
        Ok(if position < counts.size { position } else { 0 })
    }

    fn search_batch(&self, bytes: &[u8]) -> Option<FoundTimestamp> {
        let batch = BatchView::parse(bytes).ok()?;
        let mut decompressor = Decompressor::new();
        let records = batch.records(&mut decompressor, DECOMPRESSED_SIZE_MAX).ok()?;
        let leader_epoch = batch.header().leader_epoch();
        records.map_while(std::result::Result::ok).find_map(|record| {
            let timestamp = record.timestamp.filter(|time| *time >= self.target)?;
            let offset = record.offset;
            (offset >= self.from).then_some(FoundTimestamp { offset, timestamp, leader_epoch })
        })
    }
}

impl Part {
    const fn id(&self) -> (Offset, u64) {
        (self.base, self.generation)
    }
}

/// A search in the transaction indexes.
#[derive(Clone, Debug)]
pub struct AbortedSearch {
    files: Arc<PartitionFiles>,
    from: Offset,
    end: Offset,
    /// Base and generation of each.
    segments: Vec<(Offset, u64)>,
    recent: Vec<AbortedTransaction>,
}

impl AbortedSearch {
    /// In the order of their markers. Blocks.
    pub fn run(&self) -> Result<Vec<AbortedTransaction>> {
        let mut found: Vec<AbortedTransaction> = Vec::new();
        let mut complete = false;
        for (base, generation) in &self.segments {
            for entry in read_aborted(&self.files, *base, *generation)? {
                if self.touches(&entry) {
                    found.push(entry);
                }
                // Beyond it, no transaction that began before the end can still be aborted.
                complete |= entry.last_stable >= self.end;
            }
            if complete {
                break;
            }
        }
        for entry in self.recent.iter().filter(|entry| self.touches(entry)) {
            if !found.contains(entry) {
                found.push(*entry);
            }
        }
        found.sort_by_key(|entry| entry.last);
        Ok(found)
    }

    /// The same for a part of the range.
    pub(crate) fn within(&self, from: Offset, end: Offset) -> Self {
        let skipped = self.segments.partition_point(|(base, _)| *base <= from).saturating_sub(1);
        let segments = self.segments.iter().skip(skipped).copied().collect();
        Self { from, end, segments, files: Arc::clone(&self.files), recent: self.recent.clone() }
    }

    fn touches(&self, entry: &AbortedTransaction) -> bool {
        entry.last >= self.from && entry.first < self.end
    }
}

pub(crate) fn read_aborted(
    files: &PartitionFiles,
    base: Offset,
    generation: u64,
) -> Result<Vec<AbortedTransaction>> {
    let file = match files.open_of(base, generation, Kind::TransactionIndex) {
        Err(StorageError::Gone) => return Ok(Vec::new()),
        file => file?,
    };
    let path = files.path(base, Kind::TransactionIndex);
    let size = file.size().map_err(StorageError::io("read", &path))?;
    let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
    let read = file.read_at(&mut bytes, 0).map_err(StorageError::io("read", &path))?;
    Ok(AbortedTransaction::decode_all(bytes.get(..read).unwrap_or(&[])))
}

/// Makes producer states again from snapshots and batches.
#[derive(Debug)]
pub struct ProducerScan {
    files: Arc<PartitionFiles>,
    log_start: Offset,
    end: Offset,
    snapshots_end: Offset,
    parts: Vec<Part>,
    tail: Vec<ArenaSlice>,
}

impl ProducerScan {
    /// Blocks, for as long as it takes to read the batches after the newest good snapshot.
    pub fn run(&self) -> Result<ProducerStates> {
        let end = self.end.min(self.snapshots_end);
        let mut states = newest_snapshot(&self.files, self.log_start, end)?;
        for part in &self.parts {
            if part.written.end > states.end() && part.written.size > 0 {
                self.replay_part(part, &mut states)?;
            }
        }
        for bytes in &self.tail {
            let batch = BatchView::parse(bytes)
                .map_err(|_| StorageError::corrupt(&self.files.dir(), 0, Damage::Batch))?;
            self.replay(&batch, &mut states);
        }
        Ok(finish_at(states, self.end))
    }

    fn replay_part(&self, part: &Part, states: &mut ProducerStates) -> Result<()> {
        let file = self.files.open_of(part.base, part.generation, Kind::Log)?;
        let path = self.files.path(part.base, Kind::Log);
        let mut scan = HeaderScan::new(&*file, part.base, 0, part.written.size);
        while let Some(at) = scan.next_header().map_err(|error| error.at(&path))? {
            if at.header.base_offset() >= self.end {
                break;
            }
            if at.header.last_offset() < states.end() || at.header.producer().is_none() {
                continue;
            }
            let bytes = scan.checked_batch(&at).map_err(|error| error.at(&path))?;
            if let Ok(batch) = BatchView::parse(bytes) {
                self.replay(&batch, states);
            }
        }
        Ok(())
    }

    fn replay(&self, batch: &BatchView<'_>, states: &mut ProducerStates) {
        // A batch may reach over the log's start.
        let (base, last) = (batch.header().base_offset(), batch.header().last_offset());
        if last >= states.end() && base < self.end {
            states.replay(base, &batch_facts(batch), None);
        }
    }
}

/// States that have seen the log to `end`, where batches without producer were skipped.
pub(crate) fn finish_at(states: ProducerStates, end: Offset) -> ProducerStates {
    if states.end() == end {
        return states;
    }
    let windows = states.iter().map(|(id, state)| {
        (snapshot_entry(id, state), state.window().copied().collect::<Vec<_>>())
    });
    ProducerStates::from_windows(end, windows)
}

pub(crate) fn snapshot_entry(
    id: model::ProducerId,
    state: &replica::ProducerState,
) -> replica::ProducerSnapshotEntry {
    let last = state.window().last();
    replica::ProducerSnapshotEntry {
        id,
        epoch: state.epoch(),
        last_sequence: state.last_sequence(),
        last_offset: last.map(|batch| batch.last_offset),
        offset_delta: last.map_or(0, |batch| batch.offset_delta),
        last_timestamp: state.last_timestamp(),
        coordinator_epoch: state.coordinator_epoch(),
        transaction_first: state.transaction_first(),
    }
}

/// The newest snapshot that is not beyond `end` and can be read; else nothing known, from the log's start.
pub(crate) fn newest_snapshot(
    files: &PartitionFiles,
    log_start: Offset,
    end: Offset,
) -> Result<ProducerStates> {
    // Where a clean stop has written one, and no list is needed.
    if files.is_made()
        && end >= log_start
        && let Some(states) = read_snapshot(files, end)?
    {
        return Ok(states);
    }
    for offset in snapshots(files)?.into_iter().rev() {
        if offset < end
            && offset >= log_start
            && let Some(states) = read_snapshot(files, offset)?
        {
            return Ok(states);
        }
    }
    Ok(ProducerStates::new(log_start))
}

/// The newest snapshot up to `first`, or else the oldest up to `end`, if it lies behind `missed` and can be read.
pub(crate) fn snapshot_between(
    files: &PartitionFiles,
    missed: Offset,
    first: Offset,
    end: Offset,
) -> Result<Option<ProducerStates>> {
    let mut offsets = snapshots(files)?;
    offsets.retain(|offset| *offset > missed && *offset <= end);
    let later = offsets.split_off(offsets.partition_point(|offset| *offset <= first));
    for offset in offsets.into_iter().rev().chain(later) {
        if let Some(states) = read_snapshot(files, offset)? {
            return Ok(Some(states));
        }
    }
    Ok(None)
}

/// Their offsets, in order.
fn snapshots(files: &PartitionFiles) -> Result<Vec<Offset>> {
    let snapshot = |name: &str| match file_name::parse_segment_file(name) {
        Some((offset, file_name::SNAPSHOT)) => Some(offset),
        _ => None,
    };
    let mut offsets: Vec<Offset> =
        files.list_names()?.iter().filter_map(|entry| snapshot(&entry.name)).collect();
    offsets.sort_unstable();
    Ok(offsets)
}

/// `None` when it is not there or damaged.
fn read_snapshot(files: &PartitionFiles, offset: Offset) -> Result<Option<ProducerStates>> {
    let path = file_name::segment_file(&files.dir(), offset, file_name::SNAPSHOT);
    let bytes = match files.place.disk.read(&path).map_err(StorageError::io("read", &path)) {
        Err(error) if error.is_missing() => return Ok(None),
        bytes => bytes?,
    };
    match decode_producer_snapshot(&bytes) {
        Ok(entries) => Ok(Some(ProducerStates::from_snapshot(offset, entries))),
        Err(_) => {
            tracing::warn!(path = %path.display(), "ignore a damaged producer snapshot");
            Ok(None)
        }
    }
}
