//! Every bound of this crate, with its unit and its reason.

use std::time::Duration;

/// The longest time that a setting says, a hundred years: clocks can still add it to now.
pub const DURATION_MAX: Duration = Duration::from_secs(100 * 365 * 86_400);

/// Requests queued or unanswered per connection. The producer and the fetcher stay far below; it bounds a caller that
/// sends without waiting.
pub const CONNECTION_IN_FLIGHT_MAX: usize = 1_000;

/// Bytes of one answer. A larger length is taken for garbage: the peer does not speak Kafka.
pub const ANSWER_SIZE_MAX: usize = 256 << 20;

/// Bytes of small requests that are written to the socket with one call.
pub const WRITE_COALESCED_MAX: usize = 64 << 10;

/// Produce requests in flight per broker of an idempotent producer: brokers remember five of its batches per partition.
pub const PRODUCE_IN_FLIGHT_MAX: usize = 5;

/// Batches kept per partition for records that wait, beside the producer's bound in bytes: a batch has at least its
/// header, so this many of them are never reached before that bound unless records are tiny and never batched.
pub const BATCH_COUNT_PER_PARTITION_MAX: usize = 10_000;

/// Empty batch buffers that a producer keeps for reuse.
pub const FREE_BUILDER_COUNT_MAX: usize = 64;

/// Answers to fetches that wait for the application, per consumer. With one fetch in flight per broker it bounds the
/// memory: answers × fetch size.
pub const FETCHED_QUEUE_MAX: usize = 16;

/// Bytes that the records of one fetched batch may have when decompressed.
pub const DECOMPRESSED_SIZE_MAX: usize = record::limits::DECOMPRESSED_SIZE_MAX;

/// Between heartbeats of a share group's member that has no partitions yet: it gets its first ones with a heartbeat, and the
/// interval that groups have by default is longer than a person waits.
pub const UNASSIGNED_BEAT_INTERVAL: Duration = Duration::from_millis(500);
