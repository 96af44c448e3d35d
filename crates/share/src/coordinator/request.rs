use model::{LeaderEpoch, Offset};

use crate::{SharePartitionKey, ShareRecord, StateBatch, StateEpoch};

/// What to do about one request. The reply leaves once the records are committed and the log is committed up to `seen`;
/// with neither, at once. Effects wait for the same.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision<R> {
    /// To be appended in this order, then replayed.
    pub records: Vec<ShareRecord>,
    pub reply: R,
    pub effects: Vec<CoordinatorEffect>,
    /// The newest record that the reply rests on.
    pub seen: Option<Offset>,
}

/// What the coordinator wants done outside of its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoordinatorEffect {
    /// Nothing needs the records of this partition of `__share_group_state` that lie before the offset.
    DeleteRecordsBefore(Offset),
}

impl<R> Decision<R> {
    pub(super) const fn of(reply: R, seen: Option<Offset>) -> Self {
        Self { records: Vec::new(), reply, effects: Vec::new(), seen }
    }

    /// Refuses a request that changes nothing. It rests on nothing that could still be lost.
    pub const fn refused(reply: R) -> Self {
        Self::of(reply, None)
    }

    /// The same decision with the reply in other words.
    pub fn map<S>(self, word: impl FnOnce(R) -> S) -> Decision<S> {
        let Self { records, reply, effects, seen } = self;
        Decision { records, reply: word(reply), effects, seen }
    }

    pub(super) fn with(self, records: Vec<ShareRecord>) -> Self {
        Self { records, ..self }
    }
}

/// WriteShareGroupState for one share-partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    pub key: SharePartitionKey,
    pub state_epoch: StateEpoch,
    pub leader_epoch: LeaderEpoch,
    /// `None` leaves it as it is.
    pub start_offset: Option<Offset>,
    /// `None` when the leader does not know it.
    pub delivery_complete_count: Option<u32>,
    pub batches: Vec<StateBatch>,
}

/// ReadShareGroupState for one share-partition: a leader begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    pub key: SharePartitionKey,
    pub leader_epoch: LeaderEpoch,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadState {
    pub state_epoch: StateEpoch,
    /// `None` when the leader is to decide where to start.
    pub start_offset: Option<Offset>,
    pub batches: Vec<StateBatch>,
}

/// The answer to ReadShareGroupStateSummary for one share-partition; all at their defaults when there is no such.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StateSummary {
    pub state_epoch: StateEpoch,
    pub leader_epoch: LeaderEpoch,
    pub start_offset: Option<Offset>,
    pub delivery_complete_count: Option<u32>,
}

/// Why the share coordinator refuses a request for one share-partition. Whether the topic has the partition is for the
/// shell to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CoordinatorError {
    #[error("a newer state of the share-partition was begun")]
    FencedStateEpoch,
    #[error("a newer leader has read the state of the share-partition")]
    FencedLeaderEpoch,
    #[error("write operation on uninitialized share partition not allowed")]
    WriteUninitialized,
    #[error("read operation on uninitialized share partition not allowed")]
    ReadUninitialized,
    #[error("the share-partition would have more state batches than are kept")]
    TooManyBatches,
    #[error("the coordinator has as many share-partitions as it may")]
    TooManySharePartitions,
    #[error("the record would be larger than `__share_group_state` takes")]
    RecordTooLarge,
}
