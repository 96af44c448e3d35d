//! The hybrid log: a write-ahead log with group commit in front of Kafka's segment files.
//!
//! It starts no thread (who opens a directory may lend it some, as [`Workers`]) and takes no clock. Methods of
//! [`PartitionLog`] only decide, under the partition's lock; what they want written goes to the directory's [`Lane`] (or comes
//! back as a [`DirectWrite`] for topics of durability `os`). The shell has a committer that turns what queued into group
//! commits, and a thread that drains, checkpoints and purges:
//!
//! ```text
//! append ── PartitionLog::append ──▶ lane queue ── Lane::next_group ── WriteJob::run ── Lane::group_written ──▶ durable
//!                                                                                             │
//!    tail ring (memory) ◀── fetch                        Lane::drain_step ◀── undrained ──────┘
//!                                                             │
//!    segment files ◀──────────────────────────────────────────┘ ── LogDir::{begin,finish}_checkpoint ──▶ trim
//! ```
//!
//! Lock order: partition → lane. Nothing here calls back into a partition, but for [`Partitions::capture`].
//!
//! Start reading at [`LogDir::open`], [`PartitionLog::append`] and [`Lane`].

mod apply;
mod bytes;
mod checked_bytes;
pub mod checkpoint;
mod cleaner;
mod config;
mod direct;
mod dirty;
mod error;
mod facts;
mod file_name;
mod frame;
mod index;
mod lane;
pub mod limits;
mod log_dir;
mod log_dirs;
mod notice;
mod own_checkpoint;
mod partition_files;
mod partition_log;
mod past_cache;
mod place;
mod planted;
mod producer_windows;
mod recovery;
mod replacements;
mod scan;
mod segment;
mod tail;
#[cfg(test)]
mod tests;
mod workers;

pub use cleaner::{
    CleanStats, CleanStep, Cleanable, Cleaning, CleaningSettings, LastRecords, Replacement,
};
pub use config::{Durability, LaneConfig, LogConfig};
pub use error::{Damage, Result, StorageError};
pub use facts::batch_facts;
pub use index::AbortedTransaction;
pub use lane::{DrainGoal, Drained, DurableEnd, Lane, LaneSequence, LaneState, Prepared, WriteJob};
pub use log_dir::{
    Checkpoint, CheckpointResult, DrainedDir, FailedPartition, LogDir, OpenSettings, Opened,
    Partitions, RecoveredPartition, Topics, drain_log_dir,
};
pub use log_dirs::{LogDirs, OpenedAll};
pub use notice::Notice;
pub use partition_log::{
    AbortedSearch, AppendBatch, Appended, Captured, Deleted, DirectWrite, FileRange, FileRead,
    FoundTimestamp, LogRange, PartitionLog, PastDamage, ProducerScan, ReadAhead, ReadPlan,
    Resolved, TimestampSearch, Truncation, TruncationSearch,
};
pub use planted::{Planted, PlantedBug};
pub use workers::{InTurn, Piece, Workers};
