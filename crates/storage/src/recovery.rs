//! From files to logs: what survived a stop of any kind.
//!
//! Kafka's own files are the base, the own checkpoint lies over them, and the write-ahead log is done again from there.
//! Doing a frame again leaves the files as doing it once, so a crash in the middle of recovery costs nothing. What
//! neither the checkpoint nor the log covers (`os` topics, a directory that Kafka did not close) is walked with its
//! checksums, and cut at the first batch that is not whole.

mod base;
mod indexes;
mod partition;
mod plan;
mod producers;
mod replay;
mod run;
mod swap;
mod tail_scan;
mod wal;

pub(crate) use self::base::{DirContents, read_offsets};
pub(crate) use self::partition::{Known, RecoveringPartition, Verified};
pub(crate) use self::plan::Plan;
pub(crate) use self::wal::{FramePlace, WalContents, wal_files, wal_has_content};
