use std::io::Result;
use std::sync::Arc;

use io::File;

use crate::limits::READ_SIZE;

/// Reads a file from front to back in large pieces and shows any part of it.
pub(crate) struct Window {
    file: Arc<dyn File>,
    size: u64,
    buffer: Vec<u8>,
    /// Where in the file the buffer begins.
    start: u64,
}

impl Window {
    pub(crate) const fn new(file: Arc<dyn File>, size: u64) -> Self {
        Self { file, size, buffer: Vec::new(), start: 0 }
    }

    /// Up to `length` bytes from `position` on; fewer at the end of the file.
    pub(crate) fn at(&mut self, position: u64, length: usize) -> Result<&[u8]> {
        let left = usize::try_from(self.size.saturating_sub(position)).unwrap_or(usize::MAX);
        let length = length.min(left);
        let skipped = position.checked_sub(self.start).and_then(|skip| usize::try_from(skip).ok());
        let is_there = skipped
            .and_then(|skip| skip.checked_add(length))
            .is_some_and(|end| end <= self.buffer.len());
        if !is_there {
            self.buffer.resize(length.max(READ_SIZE).min(left), 0);
            self.file.read_exact_at(&mut self.buffer, position)?;
            self.start = position;
        }
        let skip = usize::try_from(position - self.start).unwrap_or(usize::MAX);
        Ok(self.buffer.get(skip..).and_then(|rest| rest.get(..length)).unwrap_or_default())
    }
}
