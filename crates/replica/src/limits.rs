//! Upper bounds of one partition's replica, with unit and reason.

/// Batches remembered per producer id, to know a batch sent again. Five, because a producer has at most five requests
/// in flight per connection (`max.in.flight.requests.per.connection` of an idempotent producer).
pub const PRODUCER_BATCH_COUNT_MAX: usize = 5;

/// Producer ids remembered per partition (about 30 MB when full). A new one beyond it pushes out those idle longest,
/// which then count as unknown, as if they had expired.
pub const PRODUCER_COUNT_MAX: usize = 100_000;

/// Share of the producers that is forgotten at once when the table is full, as a divisor: one search pays for many
/// new producers.
pub const PRODUCER_EVICTION_DIVISOR: usize = 16;

/// Producers for whose transactions the coordinator is being asked at a time, per partition. An answer takes milliseconds,
/// and a guard that was never used costs 40 bytes.
pub const GUARD_COUNT_MAX: usize = 100_000;

/// Replicas of one partition; the same bound as the number of brokers a replica list may name on the wire is far
/// above any use.
pub const REPLICA_COUNT_MAX: usize = 64;

/// Leader epochs remembered per partition. Beyond it the oldest are joined, so that a follower that asks for one of
/// them truncates further back than it had to, never too little.
pub const LEADER_EPOCH_COUNT_MAX: usize = 10_000;

/// Produce answers that one partition keeps waiting.
pub const PARKED_PRODUCE_COUNT_MAX: usize = 65_536;

/// Fetches that wait on one partition. Each connection has at most one parked, so this bounds connections per
/// partition.
pub const FETCH_WAITER_COUNT_MAX: usize = 65_536;
