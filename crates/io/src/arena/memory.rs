//! The only unsafe code of the arena: a block of bytes of which disjoint parts have different owners.
#![allow(
    unsafe_code,
    reason = "disjoint ranges of one block have different owners; argued at each use"
)]

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::ptr::NonNull;

/// Alignment of a block: a page, so that whole-chunk writes may be direct.
const ALIGNMENT: usize = 4096;

/// A fixed block of initialised bytes. It hands out raw views; who may write which part is decided by
/// [`super::Region`], which never gives two owners the same bytes.
#[derive(Debug)]
pub(super) struct Memory {
    start: NonNull<u8>,
    layout: Layout,
}

// SAFETY: the block is plain bytes with no thread affinity, freed once, by the last owner. Sharing it is sound
// because every byte is at any time either owned for writing by one `Region` or only read (see `bytes_mut`).
unsafe impl Send for Memory {}
// SAFETY: as above.
unsafe impl Sync for Memory {}

impl Memory {
    /// `None` when the allocator has no such block. Fresh blocks are zero pages that the kernel maps on first use.
    pub(super) fn new(size: usize) -> Option<Self> {
        let layout = Layout::from_size_align(size.max(1), ALIGNMENT).ok()?;
        // SAFETY: the layout's size is at least 1.
        let start = NonNull::new(unsafe { alloc_zeroed(layout) })?;
        Some(Self { start, layout })
    }

    pub(super) const fn size(&self) -> usize {
        self.layout.size()
    }

    /// # Safety
    /// Nobody may hold a mutable view that overlaps `start..end` while the returned one lives.
    pub(super) unsafe fn bytes(&self, start: usize, end: usize) -> &[u8] {
        assert!(start <= end);
        assert!(end <= self.size());
        // SAFETY: in bounds by the asserts, initialised since allocation, and not written by the caller's promise.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr().add(start), end - start) }
    }

    /// # Safety
    /// The caller alone owns `start..end`: no other view of any kind may overlap it while the returned one lives.
    #[allow(
        clippy::mut_from_ref,
        reason = "exclusive ownership of the range is the caller's promise"
    )]
    pub(super) unsafe fn bytes_mut(&self, start: usize, end: usize) -> &mut [u8] {
        assert!(start <= end);
        assert!(end <= self.size());
        // SAFETY: in bounds by the asserts, initialised since allocation, exclusive by the caller's promise.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr().add(start), end - start) }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: allocated in `new` with this very layout, and dropped once.
        unsafe { dealloc(self.start.as_ptr(), self.layout) }
    }
}
