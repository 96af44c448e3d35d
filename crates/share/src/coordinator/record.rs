use std::fmt;

use group::GroupId;
use model::{LeaderEpoch, Offset, PartitionIndex, TopicId};

use crate::{ShareState, SnapshotEpoch, StateBatch};

/// Names a share-partition: what one group reads of one partition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SharePartitionKey {
    pub group: GroupId,
    pub topic: TopicId,
    pub partition: PartitionIndex,
}

impl fmt::Display for SharePartitionKey {
    /// The text by whose hash the partition of `__share_group_state` is found, and that FindCoordinator takes.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}", self.group, self.topic, self.partition)
    }
}

/// One change of a shard's state, as it lies in `__share_group_state`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShareRecord {
    /// All that is known about a share-partition.
    Snapshot { key: SharePartitionKey, state: ShareState },
    /// What is new since the last record.
    Update { key: SharePartitionKey, update: ShareUpdate },
    /// The share-partition is gone.
    Removed { key: SharePartitionKey },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareUpdate {
    /// That of the snapshot it belongs to.
    pub snapshot_epoch: SnapshotEpoch,
    /// `None` leaves the leader epoch as it is.
    pub leader_epoch: Option<LeaderEpoch>,
    /// `None` leaves the start offset as it is.
    pub start_offset: Option<Offset>,
    /// `None` when the writer does not know it.
    pub delivery_complete_count: Option<u32>,
    pub batches: Vec<StateBatch>,
}
