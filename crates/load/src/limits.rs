//! Bounds of this crate, each with its unit and reason.

use std::time::Duration;

/// Longest silence of a broker before the run is given up.
pub const SILENCE_MAX: Duration = Duration::from_secs(30);

/// Bytes read from a socket at once.
pub const READ_SIZE: usize = 256 << 10;

/// Frames written at once: below what one system call takes.
pub const WRITE_COUNT_MAX: usize = 64;

/// Requests of an open load that wait to be sent on one connection: a broker that falls so far behind has failed.
pub const DUE_COUNT_MAX: usize = 100_000;

/// Longest latency that is told apart, in microseconds; longer ones count as this.
pub const LATENCY_MICROS_MAX: u64 = 600_000_000;

/// Shortest time between two looks at the clock of an open load; what became due in between goes out together.
pub const TICK_MIN: Duration = Duration::from_micros(50);

/// Longest answer that is believed in: a length beyond it is no Kafka.
pub const ANSWER_SIZE_MAX: usize = 256 << 20;

/// Connections opened before a moment's rest: a full backlog (50 by default in Kafka) would make the kernel try again only
/// after a second.
pub const CONNECTIONS_AT_ONCE: usize = 16;
