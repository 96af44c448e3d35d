//! The cleaner: rewrites the sealed segments of a compacted log so that of each key the last record is left.
//!
//! It starts no thread and holds no lock while it works. Who runs it asks each log what could be cleaned
//! ([`crate::PartitionLog::cleanable`], under the partition's lock), takes the dirtiest, and steps a [`Cleaning`] of it: each
//! step reads and writes a bounded number of bytes. A first walk, through what is new, notes the last offset of each key; a
//! second, from the log's start, copies what is still the last into new segments:
//!
//! ```text
//! map: dirty segments ──▶ key digest → last offset
//! copy: a group of segments ──▶ N.log.cleaned (+ indexes), synced
//! replace: under the partition's lock, memory goes over to the new segment, if nothing came in between
//!          outside of it .cleaned → .swap, old files go, .swap → N.log; a crash leaves the one or the other
//! done: cleaner-offset-checkpoint says how far the log is clean
//! ```
//!
//! It touches only segments whose batches lie below a persisted recovery point, the high watermark and the first unstable
//! offset, so no frame of the write-ahead log, no follower and no open transaction needs what it changes. Offsets never
//! change. Readers that planned before a replacement and open files after it are told [`crate::StorageError::Replaced`] and
//! plan again; ranges that they hold already are of the old files, which live as long as somebody holds them.

mod batch_reader;
mod cleanable;
mod cleaned_offsets;
mod cleaning;
mod key_digest;
mod key_map;
mod last_records;
mod output;
mod retention;
mod transactions;

pub use self::cleanable::Cleanable;
pub(crate) use self::cleaned_offsets::CleanedOffsets;
pub use self::cleaning::{CleanStats, CleanStep, Cleaning, CleaningSettings};
pub use self::last_records::LastRecords;
pub(crate) use self::output::NewFiles;
pub use self::output::Replacement;
