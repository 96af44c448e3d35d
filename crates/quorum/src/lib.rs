//! The shell of `raft` and `controller`: one thread that owns the metadata log on disk.
//!
//! Everybody else holds a [`Quorum`]: it reads the published image and submits operations. The thread takes what has
//! arrived, decides it in order, writes and syncs once, and when the records are committed it replays and publishes
//! them and lets the replies leave.

mod handle;
mod job;
pub mod limits;

pub use handle::{Quorum, QuorumStatus, Watcher};
pub use job::Unavailable;
