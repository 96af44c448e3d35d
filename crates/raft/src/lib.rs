//! KRaft as a pure machine: who leads the metadata quorum, and which of its records are committed.
//!
//! [`Raft::step`] takes what happened and says what to do; the shell carries the effects out in order and owns clock,
//! disk and network. The log's bytes are opaque here.
//!
//! Built: elections with pre-vote, replication by fetching, divergence and truncation, high watermark, resignation.
//! Not built: fetching a snapshot, observers that find the leader by themselves, adding and removing voters.

pub mod codec;
mod effect;
mod election;
mod follower;
mod leader;
pub mod limits;
mod log_view;
mod message;
mod raft;
mod role;
mod voters;

pub use effect::{ControlRecord, Effect, Input, QuorumState, Ticket};
pub use log_view::{Divergence, LogView, SnapshotId};
pub use message::{
    Batch, FetchContent, FetchRequest, ProtocolError, Request, Response, View, VoteRequest,
};
pub use raft::{Raft, RaftSettings, Recovered};
pub use voters::{ReplicaKey, Voter, VoterEndpoint, VoterSet};
