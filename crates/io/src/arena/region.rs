#![allow(unsafe_code, reason = "a region is the exclusive owner of its bytes; argued at each use")]

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

use super::Chunk;
use crate::memory::copy_streaming;

/// Exclusive ownership of a part of a chunk: bytes `start..filled` were received, `filled..end` can be written.
///
/// Bytes below `frozen` have been shared as slices and are only read from then on; all others belong to this region
/// alone, for no two regions overlap: the writer hands out each byte of a chunk once, and `split_front` divides.
/// A region keeps its whole chunk from being recycled, so a half-received frame should not sit in one for ever.
pub struct Region {
    chunk: Arc<Chunk>,
    start: u32,
    frozen: u32,
    filled: u32,
    end: u32,
}

impl Region {
    pub(super) const fn new(chunk: Arc<Chunk>, start: u32, end: u32) -> Self {
        Self { chunk, start, frozen: start, filled: start, end }
    }

    /// The received bytes.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: the region owns the range; what is shared of it is only ever read.
        unsafe { self.chunk.memory.bytes(self.start as usize, self.filled as usize) }
    }

    /// The room for more, to read a socket into; then call [`Self::commit`].
    pub fn spare(&mut self) -> &mut [u8] {
        // SAFETY: bytes past `filled` were never shared, and `&mut self` is the only way to them.
        unsafe { self.chunk.memory.bytes_mut(self.filled as usize, self.end as usize) }
    }

    /// The first `count` bytes of [`Self::spare`] have been written. More than there was room for is a bug of the
    /// caller and stops it.
    pub fn commit(&mut self, count: usize) {
        assert!(count <= self.spare_len());
        self.filled += to_u32(count);
    }

    /// Appends a copy of `bytes`; `false`, and nothing done, when there is no room.
    pub fn extend_from_slice(&mut self, bytes: &[u8]) -> bool {
        let Some(room) = self.spare().get_mut(..bytes.len()) else { return false };
        room.copy_from_slice(bytes);
        self.commit(bytes.len());
        true
    }

    /// As [`Self::extend_from_slice`], for bytes that the disk will read before any processor does.
    pub fn extend_streaming(&mut self, bytes: &[u8]) -> bool {
        let Some(room) = self.spare().get_mut(..bytes.len()) else { return false };
        copy_streaming(room, bytes);
        self.commit(bytes.len());
        true
    }

    /// This region, which was taken for a copy of `bytes`, with it.
    pub(super) fn filled_with(mut self, bytes: &[u8]) -> Self {
        let fits = self.extend_from_slice(bytes);
        assert!(fits);
        self
    }

    /// Received bytes.
    pub const fn len(&self) -> usize {
        (self.filled - self.start) as usize
    }

    pub const fn is_empty(&self) -> bool {
        self.filled == self.start
    }

    pub const fn spare_len(&self) -> usize {
        (self.end - self.filled) as usize
    }

    /// Received bytes and room together: the longest frame that this region can hold.
    pub const fn capacity(&self) -> usize {
        (self.end - self.start) as usize
    }

    /// Writes `bytes` over the received ones at `at`. The place must not have been shared yet.
    pub fn patch(&mut self, at: usize, bytes: &[u8]) {
        let start = self.start as usize + at;
        assert!(start >= self.frozen as usize);
        assert!(start + bytes.len() <= self.filled as usize);
        // SAFETY: not below `frozen`, so owned by this region alone; `&mut self` excludes views through it.
        unsafe { self.chunk.memory.bytes_mut(start, start + bytes.len()) }.copy_from_slice(bytes);
    }

    /// Shares `range` of the received bytes. Everything up to its end can no longer be patched, so share in
    /// ascending order: patch a batch, share it, go on to the next.
    pub fn share(&mut self, range: Range<usize>) -> ArenaSlice {
        assert!(range.start <= range.end);
        assert!(range.end <= self.len());
        let end = self.start + to_u32(range.end);
        self.frozen = self.frozen.max(end);
        ArenaSlice { chunk: Arc::clone(&self.chunk), start: self.start + to_u32(range.start), end }
    }

    /// Cuts the first `count` received bytes off as a region of their own, without room: one whole frame.
    #[must_use]
    pub fn split_front(&mut self, count: usize) -> Self {
        assert!(count <= self.len());
        let middle = self.start + to_u32(count);
        let front = Self {
            chunk: Arc::clone(&self.chunk),
            start: self.start,
            frozen: self.frozen.min(middle),
            filled: middle,
            end: middle,
        };
        self.start = middle;
        self.frozen = self.frozen.max(middle);
        front
    }

    /// Whether no byte of it was ever shared.
    pub const fn is_exclusive(&self) -> bool {
        self.frozen == self.start
    }

    /// Takes `next` in, if that begins where this region ends and nothing of either was shared; else gives it back.
    pub fn append(&mut self, next: Self) -> Result<(), Self> {
        let adjacent = Arc::ptr_eq(&self.chunk, &next.chunk) && self.end == next.start;
        if !adjacent || self.filled != self.end || !self.is_exclusive() || !next.is_exclusive() {
            return Err(next);
        }
        self.filled = next.filled;
        self.end = next.end;
        Ok(())
    }

    /// Takes back what was cut off with [`Self::split_front`] and is of no use any more, as room, if this region is empty and
    /// `front` is what lies before it; else that room is lost until the chunk is recycled.
    pub fn reclaim(&mut self, front: Self) {
        let adjacent = Arc::ptr_eq(&self.chunk, &front.chunk) && front.end == self.start;
        if adjacent && self.is_empty() && front.is_exclusive() {
            self.start = front.start;
            self.frozen = front.start;
            self.filled = front.start;
        }
    }

    /// All received bytes, read-only from here on. The room is given up.
    pub fn freeze(self) -> ArenaSlice {
        ArenaSlice { chunk: self.chunk, start: self.start, end: self.filled }
    }

    /// The first `count` bytes of an empty region's room belong to nobody.
    pub(super) fn leave_out(&mut self, count: usize) {
        let start = self.start + to_u32(count);
        assert!(self.is_empty() && start <= self.end);
        self.start = start;
        self.frozen = start;
        self.filled = start;
    }

    /// Whether this region ends where the writer's free space begins, in that chunk.
    pub(super) fn ends_at(&self, chunk: &Arc<Chunk>, position: u32) -> bool {
        Arc::ptr_eq(&self.chunk, chunk) && self.end == position
    }

    pub(super) const fn filled_end(&self) -> u32 {
        self.filled
    }

    /// The region now ends where its received bytes end.
    pub(super) const fn give_up_room(&mut self) {
        self.end = self.filled;
    }

    pub(super) const fn give_room(&mut self, end: u32) {
        self.end = end;
    }
}

impl Deref for Region {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes()
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Region({} of {} bytes)", self.len(), self.capacity())
    }
}

/// Read-only bytes in the arena. Cloning counts a reference and never allocates; while one lives, its chunk is not
/// recycled.
#[derive(Clone)]
pub struct ArenaSlice {
    chunk: Arc<Chunk>,
    start: u32,
    end: u32,
}

/// Where bytes lie in the arena, without keeping them there: [`super::Arena::get`] finds them while their chunk
/// has not been recycled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArenaPlace {
    chunk: u64,
    slot: u32,
    start: u32,
    end: u32,
}

impl ArenaPlace {
    pub const fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    pub const fn is_empty(&self) -> bool {
        self.end == self.start
    }

    /// Number of the chunk. Numbers grow with time, so a chunk with a smaller one was begun earlier.
    pub const fn chunk(&self) -> u64 {
        self.chunk
    }

    pub(super) const fn slot(&self) -> u32 {
        self.slot
    }

    pub(super) const fn slice(&self, chunk: Arc<Chunk>) -> ArenaSlice {
        ArenaSlice { chunk, start: self.start, end: self.end }
    }
}

impl ArenaSlice {
    /// A part of this slice. A range outside of it is a bug of the caller and stops it.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Self {
        assert!(range.start <= range.end);
        assert!(range.end <= self.len());
        Self {
            chunk: Arc::clone(&self.chunk),
            start: self.start + to_u32(range.start),
            end: self.start + to_u32(range.end),
        }
    }

    /// The place of these bytes, to find them again without holding them.
    pub fn place(&self) -> ArenaPlace {
        ArenaPlace {
            chunk: self.chunk.number,
            slot: self.chunk.slot,
            start: self.start,
            end: self.end,
        }
    }

    /// Takes `next` in, if it begins where this slice ends.
    pub fn extend(&mut self, next: &Self) -> bool {
        let adjacent = Arc::ptr_eq(&self.chunk, &next.chunk) && self.end == next.start;
        if adjacent {
            self.end = next.end;
        }
        adjacent
    }

    /// Bytes of the chunk, which all stay as long as this slice does.
    pub fn chunk_size(&self) -> usize {
        self.chunk.memory.size()
    }

    /// `self` and `next` as one slice, if `next` begins where `self` ends.
    pub fn join(&self, next: &Self) -> Option<Self> {
        let adjacent = Arc::ptr_eq(&self.chunk, &next.chunk) && self.end == next.start;
        adjacent.then(|| Self { chunk: Arc::clone(&self.chunk), start: self.start, end: next.end })
    }
}

impl Deref for ArenaSlice {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: a shared range is never written again: `patch` and `spare` stay above `frozen`, and the chunk is
        // recycled only when no slice refers to it.
        unsafe { self.chunk.memory.bytes(self.start as usize, self.end as usize) }
    }
}

impl AsRef<[u8]> for ArenaSlice {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl fmt::Debug for ArenaSlice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ArenaSlice(chunk {}, {}..{})", self.chunk.number, self.start, self.end)
    }
}

/// Chunks are shorter than 4 GB: `Arena` refuses longer ones.
fn to_u32(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}
