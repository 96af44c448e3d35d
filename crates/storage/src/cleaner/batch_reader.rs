use std::path::PathBuf;

use io::File;
use model::Offset;
use record::{BatchError, BatchView};

use crate::bytes::to_u32;
use crate::error::{Damage, Result, StorageError};

/// Reads a segment piece by piece, in whole batches. The memory grows only for a batch that is larger than a piece.
#[derive(Debug)]
pub(super) struct BatchReader {
    buffer: Vec<u8>,
    size: usize,
}

/// Where a walk through a segment is.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    pub(super) path: PathBuf,
    pub(super) position: u32,
    /// Bytes of the segment.
    pub(super) limit: u32,
    /// No batch may begin before.
    pub(super) next: Offset,
    /// Where the next segment begins.
    pub(super) end: Offset,
}

impl BatchReader {
    pub(super) const fn new(size: usize) -> Self {
        Self { buffer: Vec::new(), size }
    }

    /// Bytes that begin with the batch at the walk's position, at least that one batch. Blocks.
    pub(super) fn read(&mut self, file: &dyn File, walk: &Walk) -> Result<&[u8]> {
        let left = (walk.limit - walk.position) as usize;
        let mut wanted = self.size.min(left);
        loop {
            self.buffer.resize(wanted, 0);
            let read = file
                .read_at(&mut self.buffer, u64::from(walk.position))
                .map_err(StorageError::io("read", &walk.path))?;
            match BatchView::parse(self.buffer.get(..read).unwrap_or_default()) {
                Err(BatchError::Incomplete { needed, .. }) if read == wanted && needed <= left => {
                    wanted = needed;
                }
                // The walk will say what is wrong.
                _ => return Ok(self.buffer.get(..read).unwrap_or_default()),
            }
        }
    }

    /// Gives memory back that an unusual batch took.
    pub(super) fn trim(&mut self) {
        if self.buffer.len() > self.size {
            self.buffer = Vec::new();
        }
    }
}

impl Walk {
    pub(super) const fn is_over(&self) -> bool {
        self.position >= self.limit
    }

    /// The next batch of what was read, and goes on behind it. `None`: the rest is not there. What rotted must not get a
    /// new checksum, so each batch is checked.
    pub(super) fn next_batch<'a>(&mut self, bytes: &mut &'a [u8]) -> Result<Option<BatchView<'a>>> {
        if bytes.is_empty() {
            return Ok(None);
        }
        let damaged = || StorageError::corrupt(&self.path, u64::from(self.position), Damage::Batch);
        let batch = match BatchView::parse_checked(bytes) {
            Ok(batch) => batch,
            Err(BatchError::Incomplete { needed, .. })
                if needed as u64 + u64::from(self.position) <= u64::from(self.limit) =>
            {
                return Ok(None);
            }
            Err(_) => return Err(damaged()),
        };
        let header = batch.header();
        if header.base_offset() < self.next || header.next_offset() > self.end {
            return Err(damaged());
        }
        *bytes = bytes.get(header.size()..).unwrap_or_default();
        self.position += to_u32(header.size());
        self.next = header.next_offset();
        Ok(Some(batch))
    }
}
