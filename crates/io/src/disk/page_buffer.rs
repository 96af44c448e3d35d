use std::fmt;
use std::io::{ErrorKind, Result};
use std::ops::Deref;

use super::File;
use crate::limits::PAGE_SIZE;
use crate::memory::{Block, copy_streaming};

/// Bytes that begin at a page boundary, as direct writes need. Grows, keeps its memory when cleared.
#[derive(Default)]
pub struct PageBuffer {
    block: Option<Block>,
    len: usize,
}

impl PageBuffer {
    pub const fn new() -> Self {
        Self { block: None, len: 0 }
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
        self.block.as_ref().map_or(0, Block::size)
    }

    /// Makes room for `more` bytes behind the content; gives all of the memory. A system without memory for it ends the
    /// process, as with any other allocation.
    fn reserve(&mut self, more: usize) -> &mut [u8] {
        let needed = self.len + more;
        if needed > self.capacity() || self.block.is_none() {
            let size = needed.max(self.capacity() * 2);
            let Some(mut block) = Block::new(size) else {
                std::alloc::handle_alloc_error(std::alloc::Layout::new::<[u8; PAGE_SIZE]>());
            };
            block.whole_mut()[..self.len].copy_from_slice(self);
            self.block = Some(block);
        }
        self.block.as_mut().map_or(&mut [], Block::whole_mut)
    }

    pub fn extend_from_slice(&mut self, bytes: &[u8]) {
        let (start, end) = (self.len, self.len + bytes.len());
        self.reserve(bytes.len())[start..end].copy_from_slice(bytes);
        self.len = end;
    }

    /// As [`Self::extend_from_slice`], for bytes that only the disk will read.
    pub fn extend_streaming(&mut self, bytes: &[u8]) {
        let (start, end) = (self.len, self.len + bytes.len());
        copy_streaming(&mut self.reserve(bytes.len())[start..end], bytes);
        self.len = end;
    }

    /// Takes in all of a file, in place of what was here; one that is open for direct reads must have a size of whole pages.
    pub fn read_from(&mut self, file: &dyn File) -> Result<()> {
        self.clear();
        let size = usize::try_from(file.size()?).map_err(|_| ErrorKind::FileTooLarge)?;
        let read = file.read_at(&mut self.reserve(size)[..size], 0)?;
        self.len = read;
        Ok(())
    }

    /// Fills up with zeros to a multiple of the page size.
    pub fn pad_to_page(&mut self) {
        let (start, end) = (self.len, self.len.next_multiple_of(PAGE_SIZE));
        self.reserve(end - start)[start..end].fill(0);
        self.len = end;
    }

    /// Overwrites content at `at`; it must lie within.
    pub fn patch(&mut self, at: usize, bytes: &[u8]) {
        assert!(at + bytes.len() <= self.len);
        self.reserve(0)[at..at + bytes.len()].copy_from_slice(bytes);
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
        self.block.as_ref().map_or(&[], |block| &block.whole()[..self.len])
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
