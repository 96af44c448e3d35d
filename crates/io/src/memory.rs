//! Blocks of memory straight from the system, for bytes that go to and from the disk and sockets.
#![allow(
    unsafe_code,
    reason = "disjoint ranges of one block have different owners; argued at each use"
)]

use std::ffi::c_void;
use std::ptr::{NonNull, null_mut};

use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous, munmap};

use crate::limits::{HUGE_PAGE_SIZE, PAGE_SIZE, STREAMED_SIZE_MIN};

/// A fixed block of initialised bytes that begins at a page. It hands out raw views; who may write which part is decided by
/// its owner, which never gives two users the same bytes.
///
/// Blocks of [`HUGE_PAGE_SIZE`] and more begin at a huge page and ask for such: a copy of produced bytes, and the kernel's
/// walk over the pages of a direct write, otherwise spend much of their time on finding each page of 4 KB.
#[derive(Debug)]
pub(crate) struct Block {
    start: NonNull<u8>,
    size: usize,
}

// SAFETY: the block is plain bytes with no thread affinity, unmapped once, by the last owner. Sharing it is sound
// because every byte is at any time either owned for writing by one user or only read (see `bytes_mut`).
unsafe impl Send for Block {}
// SAFETY: as above.
unsafe impl Sync for Block {}

impl Block {
    /// Whole pages, at least `size` bytes. `None` when the system has no such block. Fresh blocks are zero pages that the
    /// kernel maps on first use.
    pub(crate) fn new(size: usize) -> Option<Self> {
        let size = size.max(1).checked_next_multiple_of(PAGE_SIZE)?;
        if size < HUGE_PAGE_SIZE {
            return Some(Self { start: map(size)?, size });
        }
        // The system chooses the place, so take one huge page more and give back what lies around an aligned block.
        let whole = size.checked_add(HUGE_PAGE_SIZE)?;
        let first = map(whole)?;
        let before = first.as_ptr().align_offset(HUGE_PAGE_SIZE);
        let after = whole.checked_sub(before)?.checked_sub(size)?;
        // SAFETY: the distance to the next multiple of a huge page is less than one, so it lies within the mapping.
        let start = unsafe { first.add(before) };
        // SAFETY: both ranges are whole pages of the mapping, nobody has seen them, and the block does not include them.
        unsafe {
            unmap(first, before);
            unmap(start.add(size), after);
        }
        ask_for_huge_pages(start, size);
        Some(Self { start, size })
    }

    pub(crate) const fn size(&self) -> usize {
        self.size
    }

    /// # Safety
    /// Nobody may hold a mutable view that overlaps `start..end` while the returned one lives.
    pub(crate) unsafe fn bytes(&self, start: usize, end: usize) -> &[u8] {
        assert!(start <= end);
        assert!(end <= self.size);
        // SAFETY: in bounds by the asserts, initialised since the mapping, and not written by the caller's promise.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr().add(start), end - start) }
    }

    /// # Safety
    /// The caller alone owns `start..end`: no other view of any kind may overlap it while the returned one lives.
    #[allow(
        clippy::mut_from_ref,
        reason = "exclusive ownership of the range is the caller's promise"
    )]
    pub(crate) unsafe fn bytes_mut(&self, start: usize, end: usize) -> &mut [u8] {
        assert!(start <= end);
        assert!(end <= self.size);
        // SAFETY: in bounds by the asserts, initialised since the mapping, exclusive by the caller's promise.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr().add(start), end - start) }
    }

    /// All of it, for an owner that shares it with nobody.
    pub(crate) const fn whole(&self) -> &[u8] {
        // SAFETY: initialised since the mapping. Owners that share parts of a block do not call this.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.size) }
    }

    /// As [`Self::whole`], to be written.
    pub(crate) const fn whole_mut(&mut self) -> &mut [u8] {
        // SAFETY: initialised since the mapping; `&mut self` is the only way to it.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr(), self.size) }
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        // SAFETY: mapped in `new`, with this size after the edges went, and unmapped once.
        unsafe { unmap(self.start, self.size) }
    }
}

fn map(size: usize) -> Option<NonNull<u8>> {
    let access = ProtFlags::READ | ProtFlags::WRITE;
    // SAFETY: a new private mapping, at a place that the system chooses, touches nobody else's memory.
    let mapped = unsafe { mmap_anonymous(null_mut(), size, access, MapFlags::PRIVATE) };
    NonNull::new(mapped.ok()?.cast())
}

/// # Safety
/// Whole pages of a mapping that nobody uses any more.
unsafe fn unmap(start: NonNull<u8>, size: usize) {
    if size > 0 {
        // SAFETY: the caller's promise. It fails only for ranges that are none, and then nothing is lost.
        let _: rustix::io::Result<()> = unsafe { munmap(start.as_ptr().cast::<c_void>(), size) };
    }
}

#[cfg(target_os = "linux")]
fn ask_for_huge_pages(start: NonNull<u8>, size: usize) {
    use rustix::mm::{Advice, madvise};
    // SAFETY: the range is a mapping of this block, and the advice changes no byte of it. Where the system has no huge
    // pages the block works as well, only slower.
    let _: rustix::io::Result<()> =
        unsafe { madvise(start.as_ptr().cast(), size, Advice::LinuxHugepage) };
}

#[cfg(not(target_os = "linux"))]
const fn ask_for_huge_pages(_start: NonNull<u8>, _size: usize) {}

/// Copies bytes to where the disk will read them from next, and not this processor.
///
/// Memory that a device has read from last is in no cache, and a plain copy first fetches each line of it, to overwrite
/// it. Stores that go past the caches save that, and leave in them what will be read.
pub(crate) fn copy_streaming(to: &mut [u8], from: &[u8]) {
    assert_eq!(to.len(), from.len());
    if from.len() < STREAMED_SIZE_MIN {
        return to.copy_from_slice(from);
    }
    stream(to, from);
}

#[cfg(not(target_arch = "x86_64"))]
fn stream(to: &mut [u8], from: &[u8]) {
    to.copy_from_slice(from);
}

#[cfg(target_arch = "x86_64")]
fn stream(to: &mut [u8], from: &[u8]) {
    use std::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_sfence, _mm_stream_si128};
    const WORD: usize = size_of::<__m128i>();
    const LINE: usize = 4 * WORD;
    let before = to.as_ptr().align_offset(LINE).min(to.len());
    let (head, lines) = to.split_at_mut(before);
    let (head_from, lines_from) = from.split_at(before);
    head.copy_from_slice(head_from);
    let mut lines = lines.chunks_exact_mut(LINE);
    let mut lines_from = lines_from.chunks_exact(LINE);
    for (line, line_from) in lines.by_ref().zip(lines_from.by_ref()) {
        let (line, line_from) = (line.as_mut_ptr(), line_from.as_ptr());
        // SAFETY: both are LINE bytes long, LINE is four words, and `line` is aligned to LINE and so to each word.
        unsafe {
            let word = |at: usize| _mm_loadu_si128(line_from.add(at * WORD).cast());
            let words = [word(0), word(1), word(2), word(3)];
            for (at, word) in words.into_iter().enumerate() {
                _mm_stream_si128(line.add(at * WORD).cast(), word);
            }
        }
    }
    lines.into_remainder().copy_from_slice(lines_from.remainder());
    // SAFETY: every processor of this kind has it. Such stores are in no order with others, and whoever is told of these
    // bytes must see them.
    unsafe { _mm_sfence() };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_zeros_and_begins_at_a_page_and_a_large_one_at_a_huge_page() {
        for (size, alignment) in [(1, PAGE_SIZE), (5000, PAGE_SIZE), (3 << 20, HUGE_PAGE_SIZE)] {
            let mut block = Block::new(size).unwrap();
            assert_eq!(block.size(), size.next_multiple_of(PAGE_SIZE));
            assert_eq!(block.whole().as_ptr().align_offset(alignment), 0);
            assert!(block.whole().iter().all(|byte| *byte == 0));
            block.whole_mut().fill(7);
            assert!(block.whole().iter().all(|byte| *byte == 7));
        }
    }

    #[test]
    fn a_streamed_copy_is_the_same_bytes_and_no_more() {
        let from: Vec<u8> = (0..20_000_u32).map(|at| (at * 7 % 251) as u8).collect();
        for size in [0, 1, 63, STREAMED_SIZE_MIN - 1, STREAMED_SIZE_MIN, 5_001, 16_384, 17_011] {
            for shift in [0, 1, 15, 16, 61, 64] {
                let mut to = vec![0xEE; shift + size + 100];
                copy_streaming(&mut to[shift..shift + size], &from[3..3 + size]);
                assert_eq!(to[shift..shift + size], from[3..3 + size]);
                assert!(to[..shift].iter().chain(&to[shift + size..]).all(|byte| *byte == 0xEE));
            }
        }
    }

    #[test]
    fn more_than_there_can_be_is_refused() {
        assert!(Block::new(usize::MAX).is_none());
        assert!(Block::new(usize::MAX / 2).is_none());
    }
}
