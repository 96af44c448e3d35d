use std::path::{Path, PathBuf};
use std::sync::Arc;

use io::{Disk, File, Open};
use model::Offset;
use record::{BatchError, BatchHeader, BatchView, Decompressor};

use crate::batch::{self, LogBatch};
use crate::error::{Doing, QuorumError, Result};
use crate::limits::{BATCH_SIZE_MAX, GROUP_SIZE_MAX};
use crate::window::Window;

/// The segments of `__cluster_metadata-0`: plain files, written at the end and synced.
#[derive(Debug)]
pub(crate) struct MetadataLog {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    /// Oldest first; the last is written to.
    segments: Vec<Segment>,
    file: Arc<dyn File>,
    /// Batches that wait for the next write.
    buffer: Vec<u8>,
    segment_size_max: u64,
}

/// One segment file, named by its base offset.
#[derive(Clone, Debug)]
struct Segment {
    base: Offset,
    size: u64,
}

/// What was found at start besides the log.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    /// The batches that end after the asked offset.
    pub(crate) batches: Vec<LogBatch>,
    /// Every batch's epoch and end, those before the asked offset too.
    pub(crate) epochs: Vec<(model::LeaderEpoch, Offset)>,
    pub(crate) start: Offset,
    pub(crate) end: Offset,
    /// Bytes cut off the end, left by a crash during a write.
    pub(crate) torn_bytes: u64,
}

impl MetadataLog {
    /// Opens the log, cuts a torn end, and reads the batches that end after `after`.
    pub(crate) fn open(
        disk: Arc<dyn Disk>,
        dir: &Path,
        after: Offset,
        segment_size_max: u64,
    ) -> Result<(Self, Opened)> {
        let mut segments = list_segments(disk.as_ref(), dir)?;
        let mut opened = Opened { start: after, end: after, ..Opened::default() };
        if let Some(first) = segments.first() {
            opened.start = first.base;
            opened.end = first.base;
        }
        let count = segments.len();
        for (index, segment) in segments.iter_mut().enumerate() {
            let path = path_of(dir, segment.base);
            if segment.base != opened.end {
                let reason = format!("the segment before ends at offset {}", opened.end);
                return Err(QuorumError::Damaged { path, position: 0, reason });
            }
            let is_last = index + 1 == count;
            let whole = read_segment(disk.as_ref(), &path, segment.size, after, &mut opened)?;
            if whole < segment.size {
                let torn = cut(disk.as_ref(), &path, segment.size, whole, is_last, &opened)?;
                opened.torn_bytes = torn;
                segment.size = whole;
            }
        }
        if opened.end < after {
            return Err(QuorumError::Damaged {
                path: dir.to_owned(),
                position: 0,
                reason: format!("the snapshot ends at {after}, the log at {}", opened.end),
            });
        }
        let last = match segments.last() {
            Some(last) => last.base,
            None => {
                segments.push(Segment { base: opened.end, size: 0 });
                opened.end
            }
        };
        let path = path_of(dir, last);
        let file = disk.open(&path, Open::CREATE).doing("open", &path)?;
        disk.sync_dir(dir).doing("sync", dir)?;
        let dir = dir.to_owned();
        let log = Self { disk, dir, segments, file, buffer: Vec::new(), segment_size_max };
        Ok((log, opened))
    }

    /// Takes a batch in, to be written with the next [`MetadataLog::flush`]. Rolls before it if the segment is full.
    pub(crate) fn append(&mut self, base: Offset, bytes: &[u8]) -> Result<()> {
        let waiting = (self.buffer.len() + bytes.len()) as u64;
        let is_full =
            |segment: &Segment| segment.size > 0 && segment.size + waiting > self.segment_size_max;
        if self.segments.last().is_some_and(is_full) {
            self.roll(base)?;
        }
        self.buffer.extend_from_slice(bytes);
        Ok(())
    }

    /// Begins a new segment at `base`, the end of the log.
    pub(crate) fn roll(&mut self, base: Offset) -> Result<()> {
        self.flush()?;
        if self.segments.last().is_some_and(|last| last.size == 0) {
            return Ok(());
        }
        let path = path_of(&self.dir, base);
        self.file = self.disk.open(&path, Open::REPLACE).doing("create", &path)?;
        self.disk.sync_dir(&self.dir).doing("sync", &self.dir)?;
        self.segments.push(Segment { base, size: 0 });
        Ok(())
    }

    /// Bytes that wait to be written.
    pub(crate) fn waiting(&self) -> usize {
        self.buffer.len()
    }

    /// Writes and syncs what waits. After an error the log must not be written any more.
    pub(crate) fn flush(&mut self) -> Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let Some(segment) = self.segments.last_mut() else { return Ok(()) };
        let path = path_of(&self.dir, segment.base);
        self.file.write_at(&self.buffer, segment.size).doing("write", &path)?;
        self.file.sync_data().doing("sync", &path)?;
        segment.size += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    /// Bytes of all segments.
    pub(crate) fn size(&self) -> u64 {
        self.segments.iter().map(|segment| segment.size).sum()
    }

    /// Removes segments that lie wholly below `offset`. Answers where the log begins now.
    pub(crate) fn remove_below(&mut self, offset: Offset) -> Result<Offset> {
        while let [first, second, ..] = &self.segments[..]
            && second.base <= offset
        {
            let path = path_of(&self.dir, first.base);
            self.disk.remove_file(&path).doing("remove", &path)?;
            for suffix in ["index", "timeindex"] {
                let path = path.with_extension(suffix);
                if self.disk.file_size(&path).doing("look for", &path)?.is_some() {
                    self.disk.remove_file(&path).doing("remove", &path)?;
                }
            }
            // Oldest first also after a crash: a gap would look like damage.
            self.disk.sync_dir(&self.dir).doing("sync", &self.dir)?;
            self.segments.remove(0);
        }
        Ok(self.segments.first().map_or(Offset::ZERO, |first| first.base))
    }
}

fn path_of(dir: &Path, base: Offset) -> PathBuf {
    dir.join(format!("{:020}.log", base.to_wire()))
}

fn list_segments(disk: &dyn Disk, dir: &Path) -> Result<Vec<Segment>> {
    let entries = disk.list(dir).doing("list", dir)?;
    let segments = entries.into_iter().filter_map(|entry| {
        let name = entry.name.strip_suffix(".log").filter(|name| name.len() == 20)?;
        let base = Offset::from_wire(name.parse().ok()?)?;
        Some(Segment { base, size: entry.size })
    });
    let mut segments: Vec<Segment> = segments.collect();
    segments.sort_by_key(|segment| segment.base);
    Ok(segments)
}

/// Reads batches up to the first that is not whole. Answers where that is.
fn read_segment(
    disk: &dyn Disk,
    path: &Path,
    size: u64,
    after: Offset,
    opened: &mut Opened,
) -> Result<u64> {
    let file = disk.open(path, Open::READ).doing("open", path)?;
    let mut window = Window::new(file, size);
    let mut decompressor = Decompressor::new();
    let mut position = 0;
    while position < size {
        let Some(bytes) = next_batch(&mut window, position).doing("read", path)? else {
            return Ok(position);
        };
        let damaged = |reason| QuorumError::Damaged { path: path.to_owned(), position, reason };
        let view = BatchView::parse(bytes).map_err(|error| damaged(error.to_string()))?;
        let header = view.header();
        if header.base_offset() < opened.end {
            let (base, end) = (header.base_offset(), opened.end);
            return Err(damaged(format!("offset {base} comes after {end}")));
        }
        let epoch = header.leader_epoch().unwrap_or_default();
        opened.end = header.next_offset();
        opened.epochs.push((epoch, opened.end));
        if opened.end > after {
            opened.batches.push(batch::decode(&view, &mut decompressor).map_err(damaged)?);
        }
        position += header.size() as u64;
    }
    Ok(position)
}

/// The batch at `position`; `None` if it is not whole or its CRC is wrong.
fn next_batch(window: &mut Window, position: u64) -> std::io::Result<Option<&[u8]>> {
    let head = window.at(position, record::limits::BATCH_HEADER_SIZE)?;
    let Some(head) = head.first_chunk() else { return Ok(None) };
    let Ok(header) = BatchHeader::parse(head) else { return Ok(None) };
    let size = header.size();
    if size > BATCH_SIZE_MAX + GROUP_SIZE_MAX {
        return Ok(None);
    }
    let bytes = window.at(position, size)?;
    match BatchView::parse_checked(bytes) {
        Ok(view) => Ok(Some(view.bytes())),
        Err(BatchError::Incomplete { .. } | BatchError::Header(_) | BatchError::Crc { .. }) => {
            Ok(None)
        }
    }
}

/// Cuts a segment after its last whole batch, if a crash explains what follows.
///
/// Everything before the last sync is whole, and a later start of the process has synced a leader change: so a torn
/// end lies in the last segment, is not longer than one group, and nothing of a later epoch follows.
fn cut(
    disk: &dyn Disk,
    path: &Path,
    size: u64,
    whole: u64,
    is_last: bool,
    opened: &Opened,
) -> Result<u64> {
    let torn = size - whole;
    let damaged = |reason: &str| {
        let (path, reason) = (path.to_owned(), reason.to_owned());
        Err(QuorumError::Damaged { path, position: whole, reason })
    };
    if !is_last {
        return damaged("a batch is not whole, and later segments follow");
    }
    if torn > (GROUP_SIZE_MAX + BATCH_SIZE_MAX) as u64 {
        return damaged("a batch is not whole, and more follows than one write can have left");
    }
    let file = disk.open(path, Open::WRITE).doing("open", path)?;
    let mut rest = vec![0; usize::try_from(torn).unwrap_or(0)];
    file.read_exact_at(&mut rest, whole).doing("read", path)?;
    let found = (0..rest.len()).filter_map(|at| {
        let view = BatchView::parse_checked(rest.get(at..)?).ok()?;
        view.header().leader_epoch()
    });
    let before = opened.epochs.last().map(|(epoch, _)| *epoch);
    let epochs: std::collections::BTreeSet<_> = found.chain(before).collect();
    if epochs.len() > 1 {
        return damaged("a batch is not whole, and batches of a later epoch follow");
    }
    file.set_len(whole).doing("cut", path)?;
    file.sync_data().doing("sync", path)?;
    Ok(torn)
}
