//! Every bound of this crate, with its unit and its reason.

use std::time::Duration;

/// How long a command tries again what fails for the moment.
pub const ATTEMPTS_TIME_MAX: Duration = Duration::from_secs(30);

/// Bytes of one answer to a fetch: some of them wait for the terminal.
pub const FETCH_SIZE_MAX: i32 = 8 << 20;

/// How often what was printed is committed for a group.
pub const COMMIT_INTERVAL: Duration = Duration::from_secs(5);

/// Bytes of one line of input: a record is smaller, and a file without line ends must not fill the memory.
pub const LINE_SIZE_MAX: usize = 64 << 20;

/// Bytes of input that are read at a time.
pub const INPUT_BLOCK_SIZE: usize = 256 << 10;

/// Blocks of input that wait for the producer.
pub const INPUT_BLOCKS_MAX: usize = 16;

/// Records whose delivery is not looked at yet.
pub const DELIVERIES_MAX: usize = 100_000;

/// Bytes of one file that `log dump` reads at a time.
pub const DUMP_READ_SIZE: usize = 1 << 20;

/// Bytes of one batch that `log dump` decodes; a larger one is named and stepped over.
pub const DUMP_BATCH_SIZE_MAX: usize = 256 << 20;

/// Connections of one benchmark: each has its own socket and buffers.
pub const BENCH_CONNECTIONS_MAX: usize = 1_000;

/// Bytes of one batch of a benchmark, below what brokers take as one request by default.
pub const BENCH_BATCH_SIZE_MAX: usize = 64 << 20;

/// Requests in flight per connection of a benchmark.
pub const BENCH_IN_FLIGHT_MAX: usize = 500;

/// Answers of one partition that a benchmark reads again and again: they are all read once before.
pub const BENCH_FETCHES_MAX: usize = 10_000;

/// How long is waited, after a load, for a broker to do what it left to be done.
pub const BENCH_REST_PATIENCE: Duration = Duration::from_secs(15);

/// Partitions whose newest records `doctor` looks into, the largest first, and how many records of each: a few megabytes.
pub const SAMPLE_PARTITIONS_MAX: usize = 20;
pub const SAMPLE_RECORDS_MAX: i64 = 10_000;

/// How long `doctor` waits for more of them.
pub const SAMPLE_PATIENCE: Duration = Duration::from_secs(2);

/// Keys that are counted at a time; one with more than one record in so many is not missed.
pub const SKETCH_KEYS_MAX: usize = 256;
