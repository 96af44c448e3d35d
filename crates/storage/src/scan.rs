//! Walks a segment's batches without holding the whole of it.

use std::path::Path;

use io::File;
use model::Offset;
use record::limits::BATCH_HEADER_SIZE;
use record::{BatchHeader, BatchView};

use crate::bytes::to_u32;
use crate::error::{Damage, StorageError};
use crate::limits::{SCAN_SIZE, SCAN_SIZE_FIRST, SEGMENT_OFFSETS_MAX};

/// A batch's header and where the batch begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeaderAt {
    pub(crate) position: u32,
    pub(crate) header: BatchHeader,
}

impl HeaderAt {
    pub(crate) fn end(&self) -> u32 {
        self.position.saturating_add(to_u32(self.header.size()))
    }
}

/// Why a walk stopped.
#[derive(Debug)]
pub(crate) enum ScanError {
    Io(std::io::Error),
    /// No batch, or not a whole one, at this position.
    Damaged(u32),
}

impl ScanError {
    pub(crate) fn at(self, path: &Path) -> StorageError {
        match self {
            Self::Io(error) => StorageError::io("read", path)(error),
            Self::Damaged(position) => {
                StorageError::corrupt(path, u64::from(position), Damage::Batch)
            }
        }
    }
}

/// Headers from a position on, read through a window; the records between them are skipped.
pub(crate) struct HeaderScan<'a> {
    file: &'a dyn File,
    /// Base offset of the segment.
    segment: Offset,
    position: u32,
    limit: u32,
    window: Vec<u8>,
    window_start: u32,
    /// Bytes of the next window: a search ends after a few headers, a walk goes on.
    next_window: usize,
}

impl<'a> HeaderScan<'a> {
    /// Batches of a segment that begin at `position` and lie before `limit`.
    pub(crate) const fn new(
        file: &'a dyn File,
        segment: Offset,
        position: u32,
        limit: u32,
    ) -> Self {
        let next_window = SCAN_SIZE_FIRST;
        Self { file, segment, position, limit, window: Vec::new(), window_start: 0, next_window }
    }

    /// `None` at the limit.
    pub(crate) fn next_header(&mut self) -> Result<Option<HeaderAt>, ScanError> {
        if self.position >= self.limit {
            return Ok(None);
        }
        let position = self.position;
        let bytes = self.bytes(position, BATCH_HEADER_SIZE)?;
        let header = bytes.first_chunk().and_then(|bytes| BatchHeader::parse(bytes).ok());
        let Some(header) = header else { return Err(ScanError::Damaged(position)) };
        let at = HeaderAt { position, header };
        if u64::from(position) + header.size() as u64 > u64::from(self.limit) {
            return Err(ScanError::Damaged(position));
        }
        // No CRC covers the offset, but a segment holds only those that its indexes can name.
        let reach = header.last_offset().records_since(self.segment);
        if header.base_offset() < self.segment || reach > SEGMENT_OFFSETS_MAX {
            return Err(ScanError::Damaged(position));
        }
        self.position = at.end();
        Ok(Some(at))
    }

    /// The walk goes on at this position.
    pub(crate) const fn seek(&mut self, position: u32) {
        self.position = position;
    }

    pub(crate) fn find(
        &mut self,
        holds: impl Fn(&BatchHeader) -> bool,
    ) -> Result<Option<HeaderAt>, ScanError> {
        while let Some(at) = self.next_header()? {
            if holds(&at.header) {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    /// The whole batch at `at`, its CRC checked. The walk goes on behind it.
    pub(crate) fn checked_batch(&mut self, at: &HeaderAt) -> Result<&[u8], ScanError> {
        let bytes = self.bytes(at.position, at.header.size())?;
        match BatchView::parse_checked(bytes) {
            Ok(_) => Ok(bytes),
            Err(_) => Err(ScanError::Damaged(at.position)),
        }
    }

    /// Up to `size` bytes at `position`; fewer at the end of the file.
    fn bytes(&mut self, position: u32, size: usize) -> Result<&[u8], ScanError> {
        let inside = |start: u32, window: &[u8]| {
            let from = position.checked_sub(start)? as usize;
            (from + size <= window.len()).then_some(from)
        };
        let from = match inside(self.window_start, &self.window) {
            Some(from) => from,
            None => {
                // Not beyond the limit, which mostly is the file's end: to find that takes another read.
                let left = self.limit.saturating_sub(position) as usize;
                self.window.resize(size.max(self.next_window.min(left)), 0);
                self.next_window = (self.next_window * 2).min(SCAN_SIZE);
                let read = self.file.read_at(&mut self.window, u64::from(position));
                let read = read.map_err(ScanError::Io)?;
                self.window.truncate(read);
                self.window_start = position;
                0
            }
        };
        let end = self.window.len().min(from + size);
        Ok(self.window.get(from..end).unwrap_or(&[]))
    }
}
