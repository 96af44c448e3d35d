use crate::limits::{
    BULK_SIZE_MIN, BULK_THREADS_MAX, DRAIN_SIZE_MIN, GROUP_SIZE_MAX, PAST_CACHE_SIZE_MIN,
    RUN_BATCH_SIZE_MIN, RUN_COUNT_MAX, RUN_SIZE_MAX, UNSYNCED_SIZE_MAX, WAL_FILE_SIZE,
};
use crate::planted::Planted;

/// When a batch counts as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// Once it is on the device, by the write-ahead log's group commit. Ottla's default; `flush.messages=1` means it.
    #[default]
    Fsync,
    /// Once the operating system has it, as Kafka does; synced in the background.
    Os,
}

/// As large as all runs together may be, in whole pages.
const fn run_size(arena_size: u64) -> usize {
    let share = arena_size / 4 / (RUN_COUNT_MAX as u64);
    let size = if share < RUN_SIZE_MAX as u64 { share as usize } else { RUN_SIZE_MAX };
    size - size % io::PAGE_SIZE
}

/// The settings of one log, under Kafka's names. Shared by the partitions of a topic.
#[derive(Clone, Debug, PartialEq)]
pub struct LogConfig {
    /// `segment.bytes`. A segment rolls rather than grow beyond it, unless one batch is larger.
    pub segment_bytes: u32,
    /// `segment.ms`: a segment rolls when its first batch is older than this.
    pub segment_ms: u64,
    /// `segment.jitter.ms`: up to this much earlier, so that partitions do not all roll at once.
    pub segment_jitter_ms: u64,
    /// `segment.index.bytes`: a segment rolls when an index is full.
    pub segment_index_bytes: u32,
    /// `index.interval.bytes`: one index entry per so many bytes.
    pub index_interval_bytes: u32,
    /// `retention.ms`; `None` keeps for ever.
    pub retention_ms: Option<u64>,
    /// `retention.bytes`; `None` is no limit.
    pub retention_bytes: Option<u64>,
    /// `cleanup.policy` contains `delete`.
    pub delete: bool,
    /// `cleanup.policy` contains `compact`.
    pub compact: bool,
    /// `delete.retention.ms`: how long tombstones, and markers of transactions that are gone, stay after a cleaning.
    pub delete_retention_ms: u64,
    /// `min.cleanable.dirty.ratio`.
    pub min_cleanable_ratio: f64,
    /// `min.compaction.lag.ms`.
    pub min_compaction_lag_ms: u64,
    /// `max.compaction.lag.ms`; `None` never forces a cleaning.
    pub max_compaction_lag_ms: Option<u64>,
    /// `ottla.durability`.
    pub durability: Durability,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            segment_bytes: 1 << 30,
            segment_ms: 7 * 24 * 3600 * 1000,
            segment_jitter_ms: 0,
            segment_index_bytes: 10 << 20,
            index_interval_bytes: 4096,
            retention_ms: Some(7 * 24 * 3600 * 1000),
            retention_bytes: None,
            delete: true,
            compact: false,
            delete_retention_ms: 24 * 3600 * 1000,
            min_cleanable_ratio: 0.5,
            min_compaction_lag_ms: 0,
            max_compaction_lag_ms: None,
            durability: Durability::Fsync,
        }
    }
}

impl LogConfig {
    /// Age at which a segment rolls: of a compacted log no later than its records must be cleaned, for only sealed segments
    /// are.
    pub(crate) fn age_max_ms(&self) -> u64 {
        let lag_ms = self.max_compaction_lag_ms.filter(|lag_ms| self.compact && *lag_ms > 0);
        lag_ms.map_or(self.segment_ms, |lag_ms| lag_ms.min(self.segment_ms))
    }
}

/// Sizes of the write-ahead log; tests make them small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneConfig {
    pub wal_file_size: u64,
    pub group_size_max: usize,
    pub bulk_size_min: u32,
    /// Threads that write the segments of one group.
    pub bulk_threads_max: usize,
    pub unsynced_size_max: u64,
    /// Bytes queued or written but not yet drained beyond which produce pauses: less than the arena, which they pin.
    pub undrained_size_max: u64,
    /// Bytes of the arena's chunks that wait for the drain from which it begins, however few bytes of batches lie in them:
    /// what else is received needs chunks too.
    pub held_size_max: u64,
    /// Whether to try direct writes.
    pub direct: bool,
    /// Bytes of a drained run from which it goes past the page cache.
    pub past_cache_size_min: usize,
    /// Bytes of memory in which one partition's batches are gathered, how many partitions may have such at a time, and from
    /// how many bytes on a batch is gathered.
    pub run_size: usize,
    pub run_count_max: usize,
    pub run_batch_size_min: usize,
    pub planted: Planted,
}

impl LaneConfig {
    /// For an arena of `arena_size` bytes.
    pub const fn for_arena(arena_size: u64) -> Self {
        let run_size = run_size(arena_size);
        Self {
            wal_file_size: WAL_FILE_SIZE,
            group_size_max: GROUP_SIZE_MAX,
            bulk_size_min: BULK_SIZE_MIN,
            bulk_threads_max: BULK_THREADS_MAX,
            unsynced_size_max: UNSYNCED_SIZE_MAX,
            undrained_size_max: arena_size / 8 * 5,
            held_size_max: arena_size / 2,
            direct: true,
            past_cache_size_min: PAST_CACHE_SIZE_MIN,
            run_size,
            // A quarter of the memory at most, and mostly what is not drained anyway.
            run_count_max: if run_size == 0 { 0 } else { RUN_COUNT_MAX },
            run_batch_size_min: RUN_BATCH_SIZE_MIN,
            planted: Planted::NONE,
        }
    }

    /// Bytes that wait for the drain from which one pays. What costs the processor in it is each write, to each partition,
    /// so it begins late: at two fifths, which leaves as much again for what comes in while it runs.
    pub(crate) fn drain_size_min(&self) -> u64 {
        DRAIN_SIZE_MIN.max(self.undrained_size_max / 5 * 2).min(self.undrained_size_max / 2)
    }
}
