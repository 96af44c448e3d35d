use super::Failure;
use crate::limits::BUFFER_KEPT_MAX;

/// Where decompressed bytes go: a buffer that never grows past the bound of the batch, and is zeroed once, not once per
/// block.
#[derive(Default)]
pub(super) struct Output {
    /// All of it is initialised; only `..end` is output.
    buffer: Vec<u8>,
    end: usize,
    size_max: usize,
}

impl Output {
    pub(super) fn begin(&mut self, size_max: usize) {
        self.trim(BUFFER_KEPT_MAX);
        self.end = 0;
        self.size_max = size_max;
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[..self.end]
    }

    pub(super) const fn capacity(&self) -> usize {
        self.buffer.capacity()
    }

    pub(super) fn trim(&mut self, size_max: usize) {
        if self.buffer.capacity() > size_max {
            self.buffer = Vec::new();
            self.end = 0;
        }
    }

    /// Bytes that may still be written.
    pub(super) const fn left(&self) -> usize {
        self.size_max - self.end
    }

    /// Free space of `size` bytes, or what is left of the bound.
    pub(super) fn room(&mut self, size: usize) -> &mut [u8] {
        let needed = self.end + size.min(self.left());
        if self.buffer.len() < needed {
            // Doubling, but never past the bound: `reserve` alone might round up further.
            let capacity = needed.max((self.buffer.len() * 2).min(self.size_max));
            self.buffer.reserve_exact(capacity - self.buffer.len());
            self.buffer.resize(needed, 0);
        }
        &mut self.buffer[self.end..needed]
    }

    /// Counts `size` bytes that were written to the start of the last room.
    pub(super) fn advance(&mut self, size: usize) {
        self.end = (self.end + size).min(self.buffer.len());
    }

    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if bytes.len() > self.left() {
            return Err(Failure::TooLarge);
        }
        self.room(bytes.len()).copy_from_slice(bytes);
        self.advance(bytes.len());
        Ok(())
    }
}
