use std::collections::BTreeMap;

use model::PartitionId;

use super::epoch::NextEpoch;

/// What one member fetches, so that its requests need to name changes only (as KIP-227 does it for fetches).
#[derive(Debug)]
pub(crate) struct ShareSession {
    /// Whose end ends the session.
    pub(crate) connection: u64,
    /// That the next request has to have.
    pub(crate) expected: NextEpoch,
    partitions: BTreeMap<PartitionId, IsOwed>,
}

/// Whether the partition is to be in the next answer, even with nothing to tell.
type IsOwed = bool;

impl ShareSession {
    /// The answer to the opening request names all partitions anyway.
    pub(crate) fn new(connection: u64, partitions: &[PartitionId]) -> Self {
        let partitions = partitions.iter().map(|partition| (*partition, false)).collect();
        Self { connection, expected: NextEpoch::FIRST, partitions }
    }

    pub(crate) fn partition_count(&self) -> usize {
        self.partitions.len()
    }

    /// How many partitions there would be.
    pub(crate) fn count_with(&self, add: &[PartitionId]) -> usize {
        let new = add.iter().filter(|partition| !self.partitions.contains_key(partition));
        self.partitions.len() + new.count()
    }

    pub(crate) fn update(&mut self, add: &[PartitionId], forget: &[PartitionId]) {
        for partition in add {
            self.partitions.entry(*partition).or_insert(true);
        }
        for partition in forget {
            self.partitions.remove(partition);
        }
    }

    /// All partitions, each request beginning with another one, so that none starves when an answer is full.
    pub(crate) fn rotated(&self, by: NextEpoch) -> Vec<PartitionId> {
        let mut all: Vec<_> = self.partitions.keys().copied().collect();
        if !all.is_empty() {
            let by = by.number() % all.len();
            all.rotate_left(by);
        }
        all
    }

    /// Whether the answer names the partition; asked once for each answer.
    pub(crate) fn answers(&mut self, partition: PartitionId, has_news: bool) -> bool {
        let owed = self.partitions.get_mut(&partition).is_some_and(std::mem::take);
        has_news || owed
    }

    pub(crate) fn into_partitions(self) -> Vec<PartitionId> {
        self.partitions.into_keys().collect()
    }
}
