use std::collections::{BTreeMap, BTreeSet};

use model::{PartitionIndex, ProducerId, TopicName};

use super::{CommittedOffset, PartitionKey};

/// The offsets of one group, and which open transactions will perhaps change them.
#[derive(Debug, Default)]
pub(crate) struct GroupOffsets {
    committed: BTreeMap<TopicName, BTreeMap<PartitionIndex, CommittedOffset>>,
    open: BTreeMap<PartitionKey, BTreeSet<ProducerId>>,
}

impl GroupOffsets {
    pub(crate) fn is_empty(&self) -> bool {
        self.committed.is_empty() && self.open.is_empty()
    }

    pub(crate) fn has_open_transactions(&self) -> bool {
        !self.open.is_empty()
    }

    pub(crate) fn is_open(&self, topic: &TopicName, partition: PartitionIndex) -> bool {
        let key = PartitionKey { topic: topic.clone(), partition };
        !self.open.is_empty() && self.open.contains_key(&key)
    }

    pub(crate) fn get(
        &self,
        topic: &TopicName,
        partition: PartitionIndex,
    ) -> Option<&CommittedOffset> {
        self.committed.get(topic)?.get(&partition)
    }

    pub(crate) fn topics(
        &self,
    ) -> impl Iterator<Item = (&TopicName, &BTreeMap<PartitionIndex, CommittedOffset>)> {
        self.committed.iter()
    }

    pub(crate) fn of_topic(
        &self,
        topic: &TopicName,
    ) -> Option<&BTreeMap<PartitionIndex, CommittedOffset>> {
        self.committed.get(topic)
    }

    /// All partitions with a committed offset or one that is not decided yet, each once.
    pub(crate) fn partitions(&self) -> impl Iterator<Item = PartitionKey> {
        let committed = self.committed.iter().flat_map(|(topic, partitions)| {
            partitions.keys().map(|&partition| PartitionKey { topic: topic.clone(), partition })
        });
        let only_open =
            self.open.keys().filter(|key| self.get(&key.topic, key.partition).is_none());
        committed.chain(only_open.cloned())
    }

    pub(crate) fn put(&mut self, key: PartitionKey, offset: CommittedOffset) {
        self.committed.entry(key.topic).or_default().insert(key.partition, offset);
    }

    /// After compaction a transaction's offset can come up behind an ordinary commit that is newer.
    pub(crate) fn put_if_newer(&mut self, key: PartitionKey, offset: CommittedOffset) {
        let known = self.get(&key.topic, key.partition);
        if known.is_none_or(|known| known.record_offset < offset.record_offset) {
            self.put(key, offset);
        }
    }

    pub(crate) fn remove(&mut self, key: &PartitionKey) {
        if let Some(partitions) = self.committed.get_mut(&key.topic) {
            partitions.remove(&key.partition);
            if partitions.is_empty() {
                self.committed.remove(&key.topic);
            }
        }
    }

    pub(crate) fn open(&mut self, key: PartitionKey, producer: ProducerId) {
        self.open.entry(key).or_default().insert(producer);
    }

    pub(crate) fn close(&mut self, key: &PartitionKey, producer: ProducerId) {
        if let Some(producers) = self.open.get_mut(key) {
            producers.remove(&producer);
            if producers.is_empty() {
                self.open.remove(key);
            }
        }
    }

    pub(crate) fn close_all(&mut self, key: &PartitionKey) -> BTreeSet<ProducerId> {
        self.open.remove(key).unwrap_or_default()
    }
}
