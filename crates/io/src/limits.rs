//! Bounds of this crate, each with its unit and reason.

use std::time::Duration;

/// How long a thread sleeps at most where the clock may be set meanwhile: short for a test that waits for it, and long beside
/// what it costs to look.
pub const SETTABLE_SLEEP_MAX: Duration = Duration::from_millis(5);

/// Alignment and unit of direct writes, in bytes.
pub const PAGE_SIZE: usize = 4096;

/// Bytes of a huge page of the usual processors: blocks of memory from this size on begin at one.
pub const HUGE_PAGE_SIZE: usize = 2 << 20;

/// Bytes of a chunk of a small arena. Large enough that a socket read and a run of batches rarely straddle two, small
/// enough that the smallest useful arena (a few MB) still has several to recycle.
pub const ARENA_CHUNK_SIZE: usize = 1 << 20;

/// Bytes of a chunk of an arena that has room for [`ARENA_LARGE_CHUNK_COUNT_MIN`] of them: one huge page.
pub const ARENA_LARGE_CHUNK_SIZE: usize = HUGE_PAGE_SIZE;

/// Chunks below which an arena is too small for large ones: loops, commits and drain each hold some.
pub const ARENA_LARGE_CHUNK_COUNT_MIN: usize = 16;

/// Chunks for single large frames are multiples of so many bytes: a producer's frames differ by little, and fresh memory costs
/// a page fault for every 4 KB.
pub const ARENA_LARGE_CHUNK_STEP: usize = 64 << 10;

/// Bytes of a copy for the disk from which on it goes past the processor's caches: for less, waiting for the stores costs more
/// than it saves.
pub const STREAMED_SIZE_MIN: usize = 4 << 10;

/// Smallest arena in bytes: two loops must each be able to hold a chunk while two more are drained.
pub const ARENA_SIZE_MIN: usize = 4 * ARENA_CHUNK_SIZE;

/// Buffers in one vectored write; the kernel refuses more (UIO_MAXIOV).
pub const IO_SLICES_MAX: usize = 1024;

/// Bytes of a sector: the unit in which a device keeps or loses unsynced data, and of the memory that a direct write of several
/// pieces takes on nearly all of them.
pub const SECTOR_SIZE: usize = 512;

/// Chunks beyond an arena's bound for what the broker writes down itself while all others are held. A coordinator's record
/// takes some hundred bytes, so that these are thousands of decisions until the drain has let go of a chunk.
pub const ARENA_RESERVE_CHUNK_COUNT: usize = 4;
