//! The segment files of the metadata log, as a start reads them.

use std::path::{Path, PathBuf};

use io::{Disk, Open};
use model::{LeaderEpoch, Offset};
use record::{BatchError, BatchHeader, BatchView, Decompressor};

use crate::batch::{self, LogBatch};
use crate::error::{Doing, Result, damaged_log};
use crate::limits::{BATCH_SIZE_MAX, GROUP_SIZE_MAX};
use crate::window::Window;

/// One segment file, named by its base offset.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    pub(crate) base: Offset,
    pub(crate) size: u64,
}

/// What was found at start besides the log.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    /// The batches that end after the asked offset.
    pub(crate) batches: Vec<LogBatch>,
    /// Every batch's epoch and end, those before the asked offset too.
    pub(crate) epochs: Vec<(LeaderEpoch, Offset)>,
    pub(crate) start: Offset,
    pub(crate) end: Offset,
    /// Bytes cut off the end, left by a crash during a write.
    pub(crate) torn_bytes: u64,
    /// Bytes of `batches`.
    pub(crate) batch_bytes: u64,
}

pub(crate) fn path_of(dir: &Path, base: Offset) -> PathBuf {
    dir.join(format!("{:020}.log", base.to_wire()))
}

/// The segments in a directory, oldest first.
pub(crate) fn list(disk: &dyn Disk, dir: &Path) -> Result<Vec<Segment>> {
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

/// Reads batches up to the first that is not whole, or does not continue what is before it. Answers where that is.
pub(crate) fn read(
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
        let damaged = |reason| damaged_log(path, position, reason);
        let view = BatchView::parse(bytes).map_err(|error| damaged(error.to_string()))?;
        let header = view.header();
        let epoch = header.leader_epoch().unwrap_or_default();
        let before = opened.epochs.last().map(|(before, _)| *before);
        // Both stand before what the CRC covers, so that a torn write can lack them alone.
        if header.base_offset() != opened.end || before > Some(epoch) {
            return Ok(position);
        }
        opened.end = header.next_offset();
        opened.epochs.push((epoch, opened.end));
        if opened.end > after {
            opened.batch_bytes += header.size() as u64;
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
