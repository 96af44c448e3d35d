//! What nodes say to each other, in words of the domain. The shell turns them into Kafka's requests and back.

use bytes::Bytes;
use model::{BrokerId, LeaderEpoch, Offset};

use crate::log_view::SnapshotId;
use crate::voters::ReplicaKey;

/// What one node asks of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    Vote(VoteRequest),
    BeginQuorumEpoch { leader: BrokerId, epoch: LeaderEpoch },
    EndQuorumEpoch { leader: BrokerId, epoch: LeaderEpoch, successors: Vec<ReplicaKey> },
    Fetch(FetchRequest),
}

/// A candidate asks for a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoteRequest {
    pub candidate: ReplicaKey,
    /// The epoch it would lead, or, asking beforehand, the one it is in.
    pub epoch: LeaderEpoch,
    pub last_epoch: LeaderEpoch,
    pub log_end: Offset,
    /// Only asks whether the vote would be given (KIP-996).
    pub pre_vote: bool,
}

/// A replica asks for the records behind its own log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchRequest {
    pub replica: ReplicaKey,
    pub epoch: LeaderEpoch,
    /// The end of its log, all of it on disk.
    pub offset: Offset,
    pub last_epoch: LeaderEpoch,
    /// What it thinks is committed; when the leader knows more it answers at once (KIP-1166).
    pub high_watermark: Option<Offset>,
}

/// The answer to a [`Request`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    Vote { granted: bool, pre_vote: bool, view: View },
    BeginQuorumEpoch { view: View },
    EndQuorumEpoch { view: View },
    Fetch { view: View, content: FetchContent },
}

/// Whom a node takes for the leader; every answer says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    pub leader: Option<BrokerId>,
    pub epoch: LeaderEpoch,
    pub error: Option<ProtocolError>,
}

/// Why a request was not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProtocolError {
    #[error("the request is from an older epoch")]
    FencedLeaderEpoch,
    #[error("the request is from a later epoch")]
    UnknownLeaderEpoch,
    #[error("this node does not lead")]
    NotLeader,
    #[error("the request contradicts what is known of its epoch")]
    InvalidRequest,
    #[error("this node is stopping")]
    BrokerNotAvailable,
}

/// What a fetch brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchContent {
    /// Batches from the asked offset on, perhaps none.
    Records {
        batches: Vec<Batch>,
        high_watermark: Option<Offset>,
    },
    /// The logs agree only up to the end of this epoch.
    Diverging {
        epoch: LeaderEpoch,
        end: Offset,
    },
    /// The records are only in a snapshot.
    Snapshot(SnapshotId),
    Nothing,
}

/// One record batch of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub base: Offset,
    /// The offset after its last record.
    pub end: Offset,
    pub epoch: LeaderEpoch,
    pub bytes: Bytes,
}
