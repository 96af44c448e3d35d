//! Upper bounds of share groups, with unit and reason.

use std::time::Duration;

/// Most records in flight that a group may ask for; the end of Kafka's own range for
/// `group.share.partition.max.record.locks`.
pub const RECORD_LOCK_COUNT_MAX: u32 = 10_000;

/// Records that one acquisition may take beyond what was asked for, so that a batch of the log is not cut
/// (batch-optimized mode). Kafka takes the whole batch, however large it is.
pub const BATCH_OVERRUN_RECORD_COUNT_MAX: u32 = 30_000;

/// State batches of one share-partition that the coordinator keeps. One has 20 bytes in a record, so that a snapshot
/// stays below 1 MB, the default of `message.max.bytes`.
pub const STATE_BATCH_COUNT_MAX: usize = 50_000;

/// Each record in flight may come to a state of its own.
const _: () = assert!(
    STATE_BATCH_COUNT_MAX >= (RECORD_LOCK_COUNT_MAX + BATCH_OVERRUN_RECORD_COUNT_MAX) as usize,
    "what a leader has in flight can be written"
);

/// Batches of acknowledgements in one request for one partition: each record in flight by itself.
pub const ACKNOWLEDGEMENT_BATCH_COUNT_MAX: usize =
    (RECORD_LOCK_COUNT_MAX + BATCH_OVERRUN_RECORD_COUNT_MAX) as usize;

/// Acknowledgements of one share-partition that wait for a write. Each settles at least one record in flight, so this
/// is reached only by a log whose start runs away under them.
pub const WAITING_ACKNOWLEDGEMENT_COUNT_MAX: usize = 65_536;

/// How late the end of a lock may be noticed: one look at all locks serves all that end within it.
pub const LOCK_CHECK_PAUSE: Duration = Duration::from_millis(10);

/// Pause before state that could not be written, and that nobody waits for, is written again.
pub const WRITE_RETRY_PAUSE: Duration = Duration::from_secs(1);

/// Share-partitions of one partition of `__share_group_state`: about 30 MB when none of them has state batches.
pub const SHARE_PARTITION_COUNT_MAX: usize = 100_000;

/// Records that one step of the coordinator's own jobs may write (snapshots of idle share-partitions, removal of
/// deleted topics); the rest follows in the next step.
pub const JOB_RECORD_COUNT_MAX: usize = 1_000;

/// Pause between two steps of one of these jobs, so that requests get their turn.
pub const JOB_STEP_PAUSE: Duration = Duration::from_millis(10);

/// Partitions in one share session; twice what the largest known consumers subscribe to.
pub const SESSION_PARTITION_COUNT_MAX: usize = 20_000;

/// Partitions in all share sessions of a broker together: about 50 MB.
pub const SESSION_PARTITION_TOTAL_MAX: usize = 1_000_000;
