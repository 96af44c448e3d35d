//! Upper bounds of a simulation, with unit and reason.

/// Lines of a trace that are kept to be printed. Older ones live on in the digest.
pub const TRACE_LINE_COUNT_MAX: usize = 4_000;

/// Messages under way in a simulated network; beyond it the oldest are lost, as in a full switch.
pub const MESSAGES_UNDER_WAY_MAX: usize = 10_000;

/// Requests that a model producer has in flight, as the idempotent producers of Kafka.
pub const IN_FLIGHT_MAX: u64 = 5;

/// How long a produce waits for its commit, in simulated time.
pub const PRODUCE_WAIT_MAX: std::time::Duration = std::time::Duration::from_secs(30);
