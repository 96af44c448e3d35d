use std::time::Duration;

/// Bytes of a group id: its key in `__consumer_offsets` carries a 16-bit length.
pub const GROUP_ID_SIZE_MAX: usize = i16::MAX as usize;

/// Member ids handed out to one group whose owners have not joined yet. A client that never comes back with its id
/// costs one entry until its session ends; beyond this the group counts as full.
pub const PENDING_MEMBER_COUNT_MAX: usize = 10_000;

/// How long a new member may wait in its first join before it is taken for dead: it has no id yet, so it cannot send
/// heartbeats. Kafka's own value.
pub const NEW_MEMBER_JOIN_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// A deadline that comes up so late was not watched: the process did not run (a machine that slept, a virtual one that was moved), and whom it
/// concerns may have been heard by nobody.
pub const STALL_MIN: Duration = Duration::from_secs(2);

/// How much longer than that deadlines wait after a stall: what has come in meanwhile is read by then.
pub const STALL_GRACE: Duration = Duration::from_secs(10);

/// Tombstones that one step of the expiry job may write; the rest follows in the next step.
pub const EXPIRY_RECORD_COUNT_MAX: usize = 1_000;

/// Groups that one step of the expiry job looks at.
pub const EXPIRY_GROUP_COUNT_MAX: usize = 10_000;

/// Pause between two steps of one run of the expiry job, so that requests get their turn.
pub const EXPIRY_STEP_PAUSE: Duration = Duration::from_millis(10);

/// Rebalances of one group that are remembered: the last ones show a storm.
pub const HISTORY_REBALANCE_COUNT_MAX: usize = 10;

/// Groups of one shard whose rebalances are remembered: with Kafka's 50 shards 10,000, which take 30 MB at most.
pub const HISTORY_GROUP_COUNT_MAX: usize = 200;

/// Bytes of a name or a reason of a client's that are remembered.
pub const HISTORY_TEXT_SIZE_MAX: usize = 256;

/// Topics read from one member's subscription: the bytes of a join request bound it first; this one keeps a forged
/// count from reserving memory.
pub const SUBSCRIPTION_TOPIC_COUNT_MAX: usize = 1_000_000;
