//! Memory for produced bytes: chunks of 1 or 2 MB that are recycled oldest first.
//!
//! A connection reads from its socket into a [`Region`], which it alone owns. Whole frames are cut off, batches in
//! them are patched while they are still exclusive, then shared as [`ArenaSlice`]s: with the log's tail, the
//! write-ahead log and fetch answers. Nothing is copied and, once the arena has reached its size, nothing allocated.
//!
//! A chunk stays readable after its last slice has gone, until its memory is needed again: an [`ArenaPlace`] finds
//! the bytes as long as they are there. So the freshest part of every log is served from memory, and the bound is
//! hard: when all chunks are held by slices, [`ArenaFull`] tells the reader of sockets to pause. What the broker itself has to
//! write down then has a reserve of its own, [`Arena::reserved_region_of`].
//!
//! ```
//! use io::arena::Arena;
//!
//! let arena = Arena::new(8 << 20);
//! let mut writer = arena.writer();                        // one per event loop
//! let mut region = writer.region(4096, 65536)?;           // at least, and at best
//! region.spare()[..5].copy_from_slice(b"hello");          // read(socket, region.spare())
//! region.commit(5);
//! let mut frame = region.split_front(5);                  // a whole frame
//! writer.give_back(&mut region);                          // the rest of the room serves the next connection
//! frame.patch(0, b"j");
//! let batch = frame.share(0..5);
//! assert_eq!(&*batch, b"jello");
//! # Ok::<(), io::arena::ArenaFull>(())
//! ```

mod region;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};

pub use self::region::{ArenaPlace, ArenaSlice, Region};
use crate::limits::{
    ARENA_CHUNK_SIZE, ARENA_LARGE_CHUNK_COUNT_MIN, ARENA_LARGE_CHUNK_SIZE, ARENA_LARGE_CHUNK_STEP,
    ARENA_RESERVE_CHUNK_COUNT, ARENA_SIZE_MIN, PAGE_SIZE,
};
use crate::memory::Block;

/// Every chunk is held by somebody: stop reading from sockets until some of it is drained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArenaFull;

impl fmt::Display for ArenaFull {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the memory for produced bytes is full")
    }
}

impl std::error::Error for ArenaFull {}

/// One block of memory. `number` is unique over the arena's life and grows; it changes when the chunk is recycled,
/// which needs the only reference to it.
#[derive(Debug)]
struct Chunk {
    number: u64,
    slot: u32,
    memory: Block,
}

/// The arena's handle; clones share it.
#[derive(Clone)]
pub struct Arena {
    shared: Arc<Shared>,
}

struct Shared {
    size_max: usize,
    /// Bytes of a chunk that is not for a single large frame.
    chunk_size: usize,
    state: Mutex<State>,
}

struct State {
    /// By slot. A slot is empty until its first use, or after its memory was given back to the system.
    chunks: Vec<Option<Arc<Chunk>>>,
    size: usize,
    next_number: u64,
    /// For small copies made outside of any event loop.
    common: Option<Current>,
    /// For [`Arena::reserved_region_of`].
    reserved: Option<Current>,
    /// For [`Arena::pages`]: handed out in whole pages only.
    pages: Option<Current>,
}

/// The chunk that a writer fills, and where its free space begins.
struct Current {
    chunk: Arc<Chunk>,
    next: u32,
}

/// What the arena holds, for metrics and back pressure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArenaUse {
    /// Bytes of memory taken from the system.
    pub size: usize,
    /// Bytes in chunks that somebody holds; the others can be recycled at once.
    pub held: usize,
    pub size_max: usize,
}

impl Arena {
    /// An arena of at most `size_max` bytes (`ottla.memory.bytes`); memory is taken as it is needed.
    pub fn new(size_max: usize) -> Self {
        let size_max = size_max.max(ARENA_SIZE_MIN);
        let large = size_max >= ARENA_LARGE_CHUNK_COUNT_MIN * ARENA_LARGE_CHUNK_SIZE;
        let chunk_size = if large { ARENA_LARGE_CHUNK_SIZE } else { ARENA_CHUNK_SIZE };
        let slots = size_max / chunk_size;
        let chunks = Vec::with_capacity(slots);
        let (common, reserved, pages) = (None, None, None);
        let state = State { chunks, size: 0, next_number: 1, common, reserved, pages };
        Self { shared: Arc::new(Shared { size_max, chunk_size, state: Mutex::new(state) }) }
    }

    /// Longest region: a quarter of the arena, so that one frame cannot starve all others.
    pub fn region_size_max(&self) -> usize {
        (self.shared.size_max / 4).min(u32::MAX as usize)
    }

    /// A writer for one event loop. Each holds one chunk while it has something to write.
    pub fn writer(&self) -> ArenaWriter {
        ArenaWriter { arena: self.clone(), current: None }
    }

    /// A copy of `bytes` in the arena, for batches that cannot stay in the memory they came in (recompression). Takes a
    /// lock.
    pub fn copy_of(&self, bytes: &[u8]) -> Result<ArenaSlice, ArenaFull> {
        self.region_of(bytes).map(Region::freeze)
    }

    /// As [`Self::copy_of`], still exclusive: for a batch that its leader patches before it is shared.
    pub fn region_of(&self, bytes: &[u8]) -> Result<Region, ArenaFull> {
        let mut state = self.shared.state.lock();
        let mut current = state.common.take();
        let region = self.shared.take(&mut current, bytes.len(), bytes.len(), |size| {
            state.chunk(self.shared.size_max, size)
        });
        state.common = current;
        drop(state);
        Ok(region?.filled_with(bytes))
    }

    /// As [`Self::region_of`], and where the arena is full from [`ARENA_RESERVE_CHUNK_COUNT`] chunks beyond its bound: for what this
    /// broker has to write down itself (coordinators' records, ends of transactions). Clients are held off by their sockets
    /// while the arena is full; this has nowhere to wait, and what was decided would be thrown away.
    pub fn reserved_region_of(&self, bytes: &[u8]) -> Result<Region, ArenaFull> {
        let size_max = self.shared.size_max;
        let with_reserve = size_max + ARENA_RESERVE_CHUNK_COUNT * self.shared.chunk_size;
        let mut state = self.shared.state.lock();
        let mut current = state.reserved.take();
        let region = self.shared.take(&mut current, bytes.len(), bytes.len(), |size| {
            state.chunk(size_max, size).or_else(|_| state.chunk(with_reserve, size))
        });
        state.reserved = current;
        drop(state);
        Ok(region?.filled_with(bytes))
    }

    /// An empty region with room for `size` bytes less `skip`, which begins `skip` bytes after a page does: for bytes that will be
    /// written to a file from where they lie. `size` is a multiple of [`PAGE_SIZE`], `skip` less than one. Takes a lock.
    pub fn pages(&self, size: usize, skip: usize) -> Result<Region, ArenaFull> {
        assert!(size.is_multiple_of(PAGE_SIZE));
        assert!(skip < size);
        let mut state = self.shared.state.lock();
        let mut current = state.pages.take();
        let region = self
            .shared
            .take(&mut current, size, size, |size| state.chunk(self.shared.size_max, size));
        state.pages = current;
        drop(state);
        let mut region = region?;
        region.leave_out(skip);
        Ok(region)
    }

    /// The bytes at `place`, or `None` when their chunk has been recycled since.
    pub fn get(&self, place: &ArenaPlace) -> Option<ArenaSlice> {
        self.view().get(place)
    }

    /// For several look-ups under one lock. Nobody gets a new chunk while it lives: keep it short.
    pub fn view(&self) -> ArenaView<'_> {
        ArenaView { state: self.shared.state.lock() }
    }

    pub fn usage(&self) -> ArenaUse {
        let state = self.shared.state.lock();
        let held = state.chunks.iter().flatten().filter(|chunk| Arc::strong_count(chunk) > 1);
        ArenaUse {
            size: state.size,
            held: held.map(|chunk| chunk.memory.size()).sum(),
            size_max: self.shared.size_max,
        }
    }

    /// Gives chunks that nobody holds back to the system, oldest first, until at most `size` bytes are kept. For
    /// idle moments.
    pub fn shrink_to(&self, size: usize) {
        let mut state = self.shared.state.lock();
        state.common = None;
        state.reserved = None;
        state.pages = None;
        while state.size > size {
            if state.evict_oldest().is_none() {
                return;
            }
        }
    }
}

/// See [`Arena::view`].
pub struct ArenaView<'a> {
    state: MutexGuard<'a, State>,
}

impl ArenaView<'_> {
    /// As [`Arena::get`].
    pub fn get(&self, place: &ArenaPlace) -> Option<ArenaSlice> {
        self.chunk(place).map(|chunk| place.slice(Arc::clone(chunk)))
    }

    /// Whether [`Self::get`] would find the bytes.
    pub fn has(&self, place: &ArenaPlace) -> bool {
        self.chunk(place).is_some()
    }

    fn chunk(&self, place: &ArenaPlace) -> Option<&Arc<Chunk>> {
        let chunk = self.state.chunks.get(place.slot() as usize)?.as_ref()?;
        (chunk.number == place.chunk()).then_some(chunk)
    }
}

impl State {
    /// A chunk of at least `size` bytes with nothing in it: recycled, else new if the bound allows.
    fn chunk(&mut self, size_max: usize, size: usize) -> Result<Arc<Chunk>, ArenaFull> {
        // The reserve was in use: what lies beyond the bound goes as soon as nobody holds it.
        while self.size > size_max && self.evict_oldest().is_some() {}
        if self.size + size > size_max
            && let Some(chunk) = self.recycle(size)
        {
            return Ok(chunk);
        }
        while self.size + size > size_max {
            self.evict_oldest().ok_or(ArenaFull)?;
        }
        let memory = Block::new(size).ok_or(ArenaFull)?;
        self.size += memory.size();
        let slot = match self.chunks.iter().position(Option::is_none) {
            Some(slot) => slot,
            None => {
                self.chunks.push(None);
                self.chunks.len() - 1
            }
        };
        let number = self.next_number;
        self.next_number += 1;
        let slot_number = u32::try_from(slot).map_err(|_| ArenaFull)?;
        let chunk = Arc::new(Chunk { number, slot: slot_number, memory });
        let place = self.chunks.get_mut(slot).ok_or(ArenaFull)?;
        *place = Some(Arc::clone(&chunk));
        Ok(chunk)
    }

    /// The oldest chunk of this size that nobody holds, under a new number.
    fn recycle(&mut self, size: usize) -> Option<Arc<Chunk>> {
        let slot = self.oldest_free(|chunk| chunk.memory.size() == size)?;
        let number = self.next_number;
        let shared = self.chunks.get_mut(slot)?.as_mut()?;
        // Fails if a slice was made in between, which the lock excludes; then the chunk is simply not free.
        Arc::get_mut(shared)?.number = number;
        self.next_number += 1;
        Some(Arc::clone(shared))
    }

    /// Frees the oldest chunk that nobody holds.
    fn evict_oldest(&mut self) -> Option<()> {
        let slot = self.oldest_free(|_| true)?;
        let chunk = self.chunks.get_mut(slot)?.take()?;
        self.size -= chunk.memory.size();
        Some(())
    }

    fn oldest_free(&self, fits: impl Fn(&Chunk) -> bool) -> Option<usize> {
        let free = |chunk: &&Arc<Chunk>| Arc::strong_count(chunk) == 1 && fits(chunk);
        let oldest = self.chunks.iter().flatten().filter(free).min_by_key(|chunk| chunk.number)?;
        Some(oldest.slot as usize)
    }
}

/// Hands out regions; one per event loop, so that reading a socket takes no lock.
pub struct ArenaWriter {
    arena: Arena,
    current: Option<Current>,
}

impl ArenaWriter {
    /// A region with room for at least `min` bytes and, where it costs nothing, up to `want`. More than a chunk's
    /// size gets a chunk of its own. `min` must not be above [`Arena::region_size_max`]; then it is refused too.
    pub fn region(&mut self, min: usize, want: usize) -> Result<Region, ArenaFull> {
        if min > self.arena.region_size_max() {
            return Err(ArenaFull);
        }
        let shared = &self.arena.shared;
        shared.take(&mut self.current, min, want, |size| {
            shared.state.lock().chunk(shared.size_max, size)
        })
    }

    /// Takes back the room of `region` if nothing was handed out after it; its received bytes stay. Call it after a
    /// read that did not fill the region, or half of each chunk stays empty.
    pub fn give_back(&mut self, region: &mut Region) {
        if let Some(current) = &mut self.current
            && region.ends_at(&current.chunk, current.next)
        {
            current.next = region.filled_end();
            region.give_up_room();
        }
    }

    /// Gives `region` room for `more` bytes in its own chunk, if nothing was handed out after it; else `false`: take
    /// a new region and copy.
    pub fn grow(&mut self, region: &mut Region, more: usize) -> bool {
        if region.spare_len() >= more {
            return true;
        }
        let Some(current) = &mut self.current else { return false };
        if !region.ends_at(&current.chunk, current.next) {
            return false;
        }
        let end = region.filled_end() as usize + more;
        let Ok(end) = u32::try_from(end) else { return false };
        if end as usize > current.chunk.memory.size() {
            return false;
        }
        current.next = end;
        region.give_room(end);
        true
    }

    /// Lets go of the half-filled chunk, so that it can be recycled while this loop is idle.
    pub fn rest(&mut self) {
        self.current = None;
    }

    pub const fn arena(&self) -> &Arena {
        &self.arena
    }
}

impl Shared {
    /// A region from the current chunk, or from a new one when that has no room for `min`.
    fn take(
        &self,
        current: &mut Option<Current>,
        min: usize,
        want: usize,
        chunk: impl FnOnce(usize) -> Result<Arc<Chunk>, ArenaFull>,
    ) -> Result<Region, ArenaFull> {
        let want = want.max(min);
        if let Some(current) = current {
            let room = current.chunk.memory.size() - current.next as usize;
            if room >= min && room > 0 {
                return Ok(current.take(want.min(room)));
            }
        }
        if min > self.chunk_size {
            // Its own chunk, of a size that others like it can use again; the loop keeps its current one.
            let chunk = chunk(min.next_multiple_of(ARENA_LARGE_CHUNK_STEP))?;
            let end = u32::try_from(min).map_err(|_| ArenaFull)?;
            return Ok(Region::new(chunk, 0, end));
        }
        // Let go of the old chunk first: it may be the only one that can be recycled.
        *current = None;
        let fresh = current.insert(Current { chunk: chunk(self.chunk_size)?, next: 0 });
        Ok(fresh.take(want.min(self.chunk_size)))
    }
}

impl Current {
    fn take(&mut self, size: usize) -> Region {
        let start = self.next;
        // The chunk is shorter than 4 GB, and `size` lies within it.
        let end = start + u32::try_from(size).unwrap_or(0);
        assert!(end as usize <= self.chunk.memory.size());
        self.next = end;
        Region::new(Arc::clone(&self.chunk), start, end)
    }
}
