//! The shell of `raft` and `controller`: one thread that owns the metadata log on disk.
//!
//! Everybody else holds a [`Quorum`]: it reads the published image and submits operations. The thread takes what has
//! arrived, decides it in order, writes and syncs once, and when the records are committed it replays and publishes
//! them and lets the replies leave.
//!
//! Built for the quorum of one voter. A quorum of more needs `raft`'s messages sent over the network, and is refused
//! at start by name.

mod batch;
mod error;
mod format;
mod handle;
mod job;
pub mod limits;
mod metadata_log;
mod options;
mod recovery;
mod segments;
mod shell;
mod snapshot_file;
mod snapshots;
mod start;
mod state_file;
mod synced_mark;
mod torn_end;
mod window;

pub use error::QuorumError;
pub use format::{Format, METADATA_DIR, format, is_formatted};
pub use handle::{Quorum, QuorumStatus, Watcher};
pub use job::Unavailable;
pub use options::{MetadataLogOptions, QuorumOptions};
pub use start::{QuorumThread, start};
