use std::collections::BTreeSet;

use model::PartitionIndex;
use parking_lot::Mutex;

/// Partitions of the share coordinator's topic whose states could not be read when they were asked for last.
#[derive(Debug, Default)]
pub(super) struct Unreadable(Mutex<BTreeSet<PartitionIndex>>);

impl Unreadable {
    /// Notes one; false when that is known.
    pub(super) fn note(&self, partition: PartitionIndex) -> bool {
        self.0.lock().insert(partition)
    }

    /// It was read.
    pub(super) fn clear(&self, partition: PartitionIndex) {
        self.0.lock().remove(&partition);
    }
}
