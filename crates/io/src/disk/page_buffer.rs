use std::fmt;
use std::ops::Deref;

/// Alignment and unit of direct writes, in bytes.
pub const PAGE_SIZE: usize = 4096;

/// Bytes that begin at a page boundary, as direct writes need. Grows, keeps its memory when cleared.
#[derive(Default)]
pub struct PageBuffer {
    /// One page longer than the capacity; the content begins at the first boundary inside.
    block: Vec<u8>,
    start: usize,
    len: usize,
}

impl PageBuffer {
    pub const fn new() -> Self {
        Self { block: Vec::new(), start: 0, len: 0 }
    }

    pub const fn len(&self) -> usize {
        self.len
    }

    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub const fn clear(&mut self) {
        self.len = 0;
    }

    fn capacity(&self) -> usize {
        self.block.len().saturating_sub(self.start).saturating_sub(PAGE_SIZE)
    }

    /// Makes room for `more` bytes behind the content.
    pub fn reserve(&mut self, more: usize) {
        let needed = self.len + more;
        if needed <= self.capacity() && !self.block.is_empty() {
            return;
        }
        let size = needed.next_multiple_of(PAGE_SIZE).max(self.capacity() * 2);
        let block = vec![0; size + 2 * PAGE_SIZE];
        let start = block.as_ptr().align_offset(PAGE_SIZE);
        let old = std::mem::replace(&mut self.block, block);
        let old_start = std::mem::replace(&mut self.start, start);
        self.block[start..start + self.len].copy_from_slice(&old[old_start..old_start + self.len]);
    }

    pub fn extend_from_slice(&mut self, bytes: &[u8]) {
        self.reserve(bytes.len());
        let start = self.start + self.len;
        self.block[start..start + bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len();
    }

    /// Fills up with zeros to a multiple of the page size.
    pub fn pad_to_page(&mut self) {
        let padding = self.len.next_multiple_of(PAGE_SIZE) - self.len;
        self.reserve(padding);
        let start = self.start + self.len;
        self.block[start..start + padding].fill(0);
        self.len += padding;
    }

    /// Overwrites content at `at`; it must lie within.
    pub fn patch(&mut self, at: usize, bytes: &[u8]) {
        assert!(at + bytes.len() <= self.len);
        let start = self.start + at;
        self.block[start..start + bytes.len()].copy_from_slice(bytes);
    }

    /// Gives the memory back when it is more than `size_max` bytes.
    pub fn shrink_to(&mut self, size_max: usize) {
        if self.capacity() > size_max {
            *self = Self::new();
        }
    }
}

impl Deref for PageBuffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.block[self.start..self.start + self.len]
    }
}

impl fmt::Debug for PageBuffer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PageBuffer({} bytes)", self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_stays_aligned_while_it_grows() {
        let mut buffer = PageBuffer::new();
        let mut expected = Vec::new();
        for round in 0..100_u8 {
            let bytes = vec![round; 997];
            buffer.extend_from_slice(&bytes);
            expected.extend_from_slice(&bytes);
            assert_eq!(buffer.as_ptr().align_offset(PAGE_SIZE), 0);
        }
        assert_eq!(&*buffer, &expected[..]);
        buffer.pad_to_page();
        assert_eq!(buffer.len() % PAGE_SIZE, 0);
        assert!(buffer[expected.len()..].iter().all(|byte| *byte == 0));
    }

    #[test]
    fn a_cleared_buffer_keeps_its_memory_and_pads_with_zeros() {
        let mut buffer = PageBuffer::new();
        buffer.extend_from_slice(&[9; 5000]);
        buffer.clear();
        buffer.extend_from_slice(&[1]);
        buffer.pad_to_page();
        assert_eq!(buffer.len(), PAGE_SIZE);
        assert!(buffer[1..].iter().all(|byte| *byte == 0));
        buffer.patch(1, &[2, 3]);
        assert_eq!(&buffer[..4], &[1, 2, 3, 0]);
    }
}
