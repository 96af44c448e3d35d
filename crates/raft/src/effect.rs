use model::{BrokerId, LeaderEpoch, Offset};

use crate::log_view::SnapshotId;
use crate::message::{Batch, Request, Response};
use crate::voters::{ReplicaKey, VoterSet};

/// Names a request that waits for its answer; chosen by the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// What must survive the process: the content of `quorum-state`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuorumState {
    pub epoch: LeaderEpoch,
    pub leader: Option<BrokerId>,
    pub voted: Option<ReplicaKey>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Time has passed.
    Tick,
    /// The shell encoded records of the leader with the base offset and epoch that [`crate::Raft::leading`] gave.
    Append(Batch),
    /// The own log is on disk below this offset.
    Synced(Offset),
    /// A snapshot is on disk, and records below `start` are gone.
    SnapshotTaken {
        snapshot: SnapshotId,
        start: Offset,
    },
    Request {
        ticket: Ticket,
        request: Request,
    },
    Response {
        from: BrokerId,
        response: Response,
    },
    /// A request got no answer.
    Unanswered {
        to: BrokerId,
    },
    /// The node wants to stop: a leader steps down first.
    Stop,
}

/// What the shell shall do, in this order. An effect may be carried out only when those before it are done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Make this durable before anything that follows.
    Save(QuorumState),
    /// Add to the log; answer with [`Input::Synced`] when it is on disk.
    Write(Batch),
    /// Encode these at the end of the log and give them back as [`Input::Append`].
    WriteControl {
        epoch: LeaderEpoch,
        records: Vec<ControlRecord>,
    },
    /// Drop the records from this offset on, durably.
    Truncate(Offset),
    Send {
        to: BrokerId,
        request: Request,
    },
    Answer {
        ticket: Ticket,
        response: Response,
    },
    /// Answer a fetch with what the log holds from `offset` on.
    AnswerFetch {
        ticket: Ticket,
        offset: Offset,
        epoch: LeaderEpoch,
        high_watermark: Option<Offset>,
    },
    /// Records below this offset are committed. Never goes back.
    HighWatermark(Offset),
    /// Who leads now, and whether it is this node.
    Leader {
        leader: Option<BrokerId>,
        epoch: LeaderEpoch,
    },
    /// The replica needs a snapshot that this machine cannot fetch yet.
    SnapshotNeeded(SnapshotId),
}

/// A record that the quorum writes about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ControlRecord {
    LeaderChange { leader: BrokerId, voters: Vec<ReplicaKey>, granting: Vec<ReplicaKey> },
    KRaftVersion(i16),
    Voters(VoterSet),
}
