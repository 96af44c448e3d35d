use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{PartitionId, TopicId};

use crate::Assignment;

/// Of which partitions the share coordinator has a group's state, as one record of the group has it. A partition is in one
/// of the sets at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatePartitions {
    /// It is being set up, or it is not known whether it was.
    pub initializing: Assignment,
    pub initialized: Assignment,
    /// It is being taken out, or it is not known whether it was.
    pub deleting: BTreeSet<TopicId>,
    /// The names of all these topics.
    pub names: BTreeMap<TopicId, Arc<str>>,
}

impl StatePartitions {
    pub fn is_empty(&self) -> bool {
        self.initializing.is_empty() && self.initialized.is_empty() && self.deleting.is_empty()
    }

    pub(super) fn knows(&self, partition: PartitionId) -> bool {
        self.initializing.contains(partition)
            || self.initialized.contains(partition)
            || self.deleting.contains(&partition.topic)
    }

    /// These are to be set up, or set up anew.
    pub(super) fn initialize(&mut self, partitions: impl Iterator<Item = PartitionId>) {
        let new: Assignment = partitions.collect();
        self.initialized = without(&self.initialized, |it| new.contains(it));
        new.partitions().for_each(|partition| self.initializing.insert(partition));
    }

    /// These were. What is not awaited any more is passed over.
    pub(super) fn initialized(&mut self, partitions: &Assignment) {
        let awaited = partitions.partitions().filter(|it| self.initializing.contains(*it));
        let awaited: Assignment = awaited.collect();
        self.initializing = without(&self.initializing, |it| awaited.contains(it));
        awaited.partitions().for_each(|partition| self.initialized.insert(partition));
    }

    /// The state of these topics is to be taken out.
    pub(super) fn delete(&mut self, topics: &BTreeSet<TopicId>) {
        self.initializing = without(&self.initializing, |it| topics.contains(&it.topic));
        self.initialized = without(&self.initialized, |it| topics.contains(&it.topic));
        self.deleting.extend(topics);
    }

    /// It was, or the topics are gone.
    pub(super) fn forget(&mut self, topics: &BTreeSet<TopicId>) {
        self.delete(topics);
        self.deleting.retain(|topic| !topics.contains(topic));
        self.names.retain(|topic, _| !topics.contains(topic));
    }

    /// What there is state of at the share coordinator, or may be, of a topic.
    pub(super) fn of_topic(&self, topic: TopicId) -> Assignment {
        let all = self.initializing.partitions().chain(self.initialized.partitions());
        all.filter(|partition| partition.topic == topic).collect()
    }
}

fn without(from: &Assignment, is_out: impl Fn(PartitionId) -> bool) -> Assignment {
    from.partitions().filter(|partition| !is_out(*partition)).collect()
}
