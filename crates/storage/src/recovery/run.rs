//! Batches of the write-ahead log on their way to a segment.

use std::io::IoSlice;

use model::Offset;

use crate::apply::Applied;
use crate::error::{Result, StorageError};
use crate::limits::{REPLAY_RUN_SIZE_MAX, WRITEBACK_SIZE_MIN};
use crate::partition_files::PartitionFiles;
use crate::place::Kind;
use crate::segment::IndexEntries;

/// Batches that lie back to back in one segment, and their index entries: one write each instead of one for each
/// batch. They stay where the write-ahead log was read to.
#[derive(Debug, Default)]
pub(super) struct Run<'a> {
    segment: Offset,
    position: u32,
    batches: Vec<IoSlice<'a>>,
    size: usize,
    offsets: Vec<(u32, [u8; 8])>,
    times: Vec<(u32, [u8; 12])>,
}

impl<'a> Run<'a> {
    /// Adds a batch that begins where the last one ends, or anywhere if there is none.
    pub(super) fn push(
        &mut self,
        segment: Offset,
        position: u32,
        batch: &'a [u8],
        entries: &IndexEntries,
    ) {
        if self.batches.is_empty() {
            self.segment = segment;
            self.position = position;
        }
        assert_eq!(self.segment, segment, "a run is of one segment");
        assert_eq!(self.position as usize + self.size, position as usize, "without gaps");
        self.batches.push(IoSlice::new(batch));
        self.size += batch.len();
        let offset = entries.offset.iter();
        self.offsets.extend(offset.map(|(ordinal, entry)| (*ordinal, entry.encode())));
        let time = entries.time.iter();
        self.times.extend(time.map(|(ordinal, entry)| (*ordinal, entry.encode())));
    }

    pub(super) const fn is_full(&self) -> bool {
        self.size >= REPLAY_RUN_SIZE_MAX
    }

    /// Writes what is gathered, if anything is. Blocks.
    pub(super) fn write(&mut self, files: &PartitionFiles, applied: &mut Applied) -> Result<()> {
        if self.batches.is_empty() {
            return Ok(());
        }
        let (segment, position) = (self.segment, u64::from(self.position));
        let file = files.open_for_write(segment, Kind::Log, &mut applied.dirty)?;
        file.write_vectored_at(&self.batches, position)
            .map_err(|source| StorageError::io("write", &files.path(segment, Kind::Log))(source))?;
        if self.size >= WRITEBACK_SIZE_MIN {
            // The device need not wait for the sync at the end.
            file.start_writeback(position, self.size as u64);
        }
        self.batches.clear();
        self.size = 0;
        applied.write_in_order(files, segment, Kind::Index, self.offsets.drain(..))?;
        applied.write_in_order(files, segment, Kind::TimeIndex, self.times.drain(..))
    }
}
