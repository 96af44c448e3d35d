/// Requests that wait for the quorum's thread. Each holds one client's request; when full, further ones are refused
/// as by a controller that is too busy.
pub const QUEUED_REQUEST_COUNT_MAX: usize = 10_000;

/// Requests decided between two syncs of the log: so long the first of them waits for the last.
pub const GROUP_REQUEST_COUNT_MAX: usize = 1_000;

/// Bytes written between two syncs, but for the batch that crosses it. A torn end of the log is never longer than this
/// and one batch; anything longer is damage.
pub const GROUP_SIZE_MAX: usize = 8 << 20;

/// Bytes of one batch of metadata, as Kafka limits them.
pub const BATCH_SIZE_MAX: usize = 8 << 20;

/// Records of one batch of metadata, as Kafka limits them.
pub const BATCH_RECORD_COUNT_MAX: usize = 10_000;

/// Bytes read from the log or a snapshot at once.
pub const READ_SIZE: usize = 1 << 20;

/// Bytes from one slot of the mark of what is synced to the next: a page, so that no write touches both.
pub const MARK_SLOT_SIZE: usize = 4096;

/// Longest that the thread sleeps when nothing is due.
pub const IDLE_MAX: std::time::Duration = std::time::Duration::from_secs(10);
