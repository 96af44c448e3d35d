//! Bounds of this crate, each with its unit and reason.

/// Bytes of one file of the write-ahead log: small enough to pre-write and recycle quickly, large enough that a
/// change of file is rare beside the commits into it.
pub const WAL_FILE_SIZE: u64 = 8 << 20;

/// Files of the write-ahead log that are pre-written while idle: 16 MB are enough for a light load, beside the reserve.
pub const WAL_SPARE_COUNT: usize = 2 + WAL_RESERVE_COUNT;

/// Of these, kept for a disk that is full: what was being written then, and deletions that make room, still find place.
pub const WAL_RESERVE_COUNT: usize = 1;

/// Recycled files that are kept, as many as hold what may be unsynced: a checkpoint of a heavy load frees most of them at
/// once, while more were taken, and the same load needs them again.
pub const WAL_SPARE_COUNT_MAX: usize = (UNSYNCED_SIZE_MAX / WAL_FILE_SIZE) as usize * 3 / 2;

/// Payload bytes of one group: bounds the commit buffer and how long a commit takes.
pub const GROUP_SIZE_MAX: usize = 4 << 20;

/// Bytes of a batch of which the drain may leave the end, to write it with its last page later: longer ones are likely to go
/// straight to their segment, or lie in pages of their own.
pub const SMALL_BATCH_SIZE_MAX: u64 = 64 << 10;

/// Bytes that one partition must have in a group to bypass the write-ahead log: the segment is then written and
/// synced in the commit itself, once instead of twice.
pub const BULK_SIZE_MIN: u32 = 256 << 10;

/// Threads that write the segments of one group when it has batches of several partitions that go there.
pub const BULK_THREADS_MAX: usize = 2;

/// Bytes that may be drained to segments without a checkpoint having synced them. Bounds replay after a crash.
pub const UNSYNCED_SIZE_MAX: u64 = 256 << 20;

/// Bytes of unsynced writes of `os` topics that ask for a background sync.
pub const BACKGROUND_SYNC_SIZE: u64 = 64 << 20;

/// Dirty files above which one `syncfs` is cheaper than a sync of each.
pub const SYNC_EACH_COUNT_MAX: usize = 32;

/// Bytes of one write of the drain at most: bounds the list of buffers that it gathers.
pub const DRAIN_RUN_SIZE_MAX: usize = 4 << 20;

/// Bytes of one write of a replay at least, if there are as many: the frames stay where they were read to.
pub const REPLAY_RUN_SIZE_MAX: usize = 4 << 20;

/// Bytes of a replay's write from which the device is told to begin at once.
pub const WRITEBACK_SIZE_MIN: usize = 256 << 10;

/// Undrained bytes from which a drain pays: eight runs of the least size that is worth a call.
pub const DRAIN_SIZE_MIN: u64 = 2 << 20;

/// Frames for which a partition that is written to directly keeps memory.
pub const FRAMES_KEPT_MAX: usize = 64;

/// Files kept open in a log directory where the process may open many; the ones used longest ago are closed and opened again
/// when needed.
pub const OPEN_FILES_MAX: usize = 1024;

/// The same where it may open few: one write of the drain has several open at once.
pub const OPEN_FILES_MIN: usize = 16;

/// The same while a directory is drained without a node.
pub const DRAIN_OPEN_FILES_MAX: usize = 256;

/// Slices in one answer from memory: as many as one vectored write takes.
pub const READ_RANGES_MAX: usize = 1024;

/// How far apart a range is looked at for being in the page cache: the kernel fetches about as much at once.
pub const READ_AHEAD_LOOK_STEP: usize = 128 << 10;

/// Bytes read at once while walking a segment.
pub const SCAN_SIZE: usize = 64 << 10;

/// Bytes read first: what lies between two entries of an index with Kafka's default interval.
pub const SCAN_SIZE_FIRST: usize = 4 << 10;

/// How far an offset lies from the base of its segment at most: index entries have 31 bits for it, in Kafka too.
pub const SEGMENT_OFFSETS_MAX: u64 = i32::MAX as u64;

/// Bytes of a frame's header in the write-ahead log.
pub const FRAME_HEADER_SIZE: usize = 64;

/// Ranges of one segment that are known to be whole; readers go forwards, so few places are read at a time.
pub const CHECKED_RANGES_MAX: usize = 64;

/// Largest text checkpoint that is read: 10 million lines.
pub const CHECKPOINT_SIZE_MAX: u64 = 1 << 30;

/// Longest batch that recovery believes in: a length field beyond it is damage, not data.
pub const BATCH_SIZE_MAX: usize = i32::MAX as usize;

/// Tail entries that one partition keeps at most. Beyond it reads of the oldest go to the file.
pub const TAIL_COUNT_MAX: usize = 1 << 18;

/// Bytes of a run from which it is written past the page cache: below, its two partial pages and the copy cost more than
/// they save.
pub const PAST_CACHE_SIZE_MIN: usize = 64 << 10;

/// Bytes of whole pages from which they are written from where they lie: a piece of a write costs about as much as a copy of
/// a few pages.
pub const IN_PLACE_SIZE_MIN: usize = 16 << 10;

/// Bytes of one write past the page cache: large for the device, small for the processor's cache where they are copied.
pub const PAST_CACHE_STAGE_SIZE: usize = 1 << 20;

/// Bytes of the memory in which one busy partition's batches are gathered as they will lie in its segment: as much as is worth
/// a write of its own.
pub const RUN_SIZE_MAX: usize = 256 << 10;

/// Partitions whose batches are gathered at a time: those of one log directory that are busiest, as a rule.
pub const RUN_COUNT_MAX: usize = 32;

/// Bytes of a batch from which it is gathered: a page. A partition that gets less is in no need of memory of its own.
pub const RUN_BATCH_SIZE_MIN: usize = 4 << 10;

/// Runs of a partition that the drain leaves in the page cache after somebody has read its newest segments from there.
pub const RUNS_CACHED_FOR_READERS: u32 = 16;

/// Bytes of memory for batches while a directory is drained without a node: nothing is appended then.
pub const DRAIN_ARENA_SIZE: usize = 4 << 20;

/// Bytes of the file that keeps the last batches of producers over a clean stop: about 400,000 producers.
pub const PRODUCER_WINDOWS_SIZE_MAX: usize = 64 << 20;

/// Producers of which the frame says something that moves a log's start, about 200 bytes of each: those that may still
/// send again what is deleted are the last that were heard of.
pub const RETIRED_PRODUCER_COUNT_MAX: usize = 1_000;

/// Places that the cleaner's table of keys has at least: so that one batch of any usual size fits.
pub const CLEANER_SLOTS_MIN: usize = 1 << 14;

/// Places behind the table's last, for entries that find theirs taken.
pub const CLEANER_OVERFLOW_SLOTS: usize = 1 << 12;

/// Bytes that the cleaner reads at once and gathers for one write at least, whatever `log.cleaner.io.buffer.size` says.
pub const CLEANER_BUFFER_SIZE_MIN: usize = 16 << 10;

/// Segments of which it is remembered that others took their place, for reads that were planned before.
pub const REPLACED_SEGMENTS_MAX: usize = 1024;

/// Partitions that make a piece of work for a thread of its own.
pub const PIECE_SIZE_MIN: usize = 64;

/// Pieces into which long work is cut for each thread that runs them.
pub const PIECES_PER_WORKER: usize = 4;
