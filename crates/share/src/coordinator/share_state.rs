use model::{LeaderEpoch, Offset, Timestamp};

use super::StateBatches;
use super::record::ShareUpdate;
use crate::{SnapshotEpoch, StateEpoch};

/// What the coordinator knows about a share-partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareState {
    pub snapshot_epoch: SnapshotEpoch,
    pub state_epoch: StateEpoch,
    /// Of the leader that has read the state last.
    pub leader_epoch: LeaderEpoch,
    /// `None` until the first leader has decided where to start.
    pub start_offset: Option<Offset>,
    /// Records from the start offset on that are decided (KIP-1226). `None` when it is not known.
    pub delivery_complete_count: Option<u32>,
    pub created_at: Timestamp,
    /// When the last snapshot was written.
    pub written_at: Timestamp,
    pub batches: StateBatches,
}

impl ShareState {
    /// Takes over what is new. The start offset does not go back: a record that says so is of a leader that was
    /// overtaken, and then its count of what lies behind the start says nothing.
    pub(crate) fn apply(&mut self, update: &ShareUpdate) {
        if let Some(epoch) = update.leader_epoch {
            self.leader_epoch = epoch;
        }
        if update.start_offset >= self.start_offset {
            self.start_offset = update.start_offset;
            self.delivery_complete_count = update.delivery_complete_count;
        }
        for batch in &update.batches {
            self.batches.merge(*batch);
        }
        if let Some(start) = self.start_offset {
            self.batches.prune(start);
        }
    }
}

/// For a time that is not known.
pub(crate) const EPOCH: Timestamp = match Timestamp::from_millis(0) {
    Some(epoch) => epoch,
    None => unreachable!(),
};
