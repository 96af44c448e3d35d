use std::collections::{BTreeMap, BTreeSet};

use model::{PartitionId, PartitionIndex, TopicId};

use super::MemberEpoch;

/// A set of partitions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment(BTreeMap<TopicId, BTreeSet<PartitionIndex>>);

impl Assignment {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn insert(&mut self, partition: PartitionId) {
        self.0.entry(partition.topic).or_default().insert(partition.partition);
    }

    pub fn contains(&self, partition: PartitionId) -> bool {
        self.0.get(&partition.topic).is_some_and(|indexes| indexes.contains(&partition.partition))
    }

    /// How many partitions.
    pub fn count(&self) -> usize {
        self.0.values().map(BTreeSet::len).sum()
    }

    /// Each topic with its partitions, of which there is at least one.
    pub fn topics(&self) -> impl Iterator<Item = (TopicId, &BTreeSet<PartitionIndex>)> {
        self.0.iter().map(|(topic, indexes)| (*topic, indexes))
    }

    pub fn partitions(&self) -> impl Iterator<Item = PartitionId> {
        self.topics().flat_map(|(topic, indexes)| {
            indexes.iter().map(move |&partition| PartitionId { topic, partition })
        })
    }
}

impl FromIterator<PartitionId> for Assignment {
    fn from_iter<I: IntoIterator<Item = PartitionId>>(partitions: I) -> Self {
        let mut assignment = Self::new();
        partitions.into_iter().for_each(|partition| assignment.insert(partition));
        assignment
    }
}

/// Partitions that a member holds, each with the member's epoch when it got it: a commit that is older than that comes
/// from another life of the partition (KIP-1251).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held(BTreeMap<TopicId, BTreeMap<PartitionIndex, MemberEpoch>>);

impl Held {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn insert(&mut self, partition: PartitionId, since: MemberEpoch) {
        self.0.entry(partition.topic).or_default().insert(partition.partition, since);
    }

    pub fn since(&self, partition: PartitionId) -> Option<MemberEpoch> {
        self.0.get(&partition.topic)?.get(&partition.partition).copied()
    }

    pub fn contains(&self, partition: PartitionId) -> bool {
        self.since(partition).is_some()
    }

    pub fn iter(&self) -> impl Iterator<Item = (PartitionId, MemberEpoch)> {
        self.topics().flat_map(|(topic, indexes)| {
            indexes
                .iter()
                .map(move |(&partition, &since)| (PartitionId { topic, partition }, since))
        })
    }

    pub fn partitions(&self) -> impl Iterator<Item = PartitionId> {
        self.iter().map(|(partition, _)| partition)
    }

    pub(crate) fn topics(
        &self,
    ) -> impl Iterator<Item = (TopicId, &BTreeMap<PartitionIndex, MemberEpoch>)> {
        self.0.iter().map(|(topic, indexes)| (*topic, indexes))
    }

    /// As if held from the beginning: a static member that goes for a while leaves its epochs behind, as in Apache Kafka.
    pub(crate) fn without_epochs(&self) -> Self {
        self.partitions().map(|partition| (partition, MemberEpoch::JOINING)).collect()
    }

    /// Without the epochs.
    pub fn assignment(&self) -> Assignment {
        self.partitions().collect()
    }

    pub(crate) fn has_same_partitions(&self, other: &Self) -> bool {
        self.partitions().eq(other.partitions())
    }
}

impl FromIterator<(PartitionId, MemberEpoch)> for Held {
    fn from_iter<I: IntoIterator<Item = (PartitionId, MemberEpoch)>>(partitions: I) -> Self {
        let mut held = Self::default();
        partitions.into_iter().for_each(|(partition, since)| held.insert(partition, since));
        held
    }
}
