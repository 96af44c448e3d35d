use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{PartitionId, PartitionIndex, TopicId};

use super::{ShareChange, ShareGroup, StatePartitions};
use crate::consumer::MetadataHash;
use crate::decision::Outcome;
use crate::{
    Assignment, Cluster, Event, GroupEpoch, GroupId, GroupRecord, MemberId, StoredEpoch,
    TargetEpoch,
};

/// A share group while a request is decided about: as the log has it, and what the decision has changed so far.
pub(super) struct Draft<'a> {
    group: Cow<'a, ShareGroup>,
    changes: Vec<ShareChange>,
}

impl<'a> Draft<'a> {
    pub(super) const fn of(group: &'a ShareGroup) -> Self {
        Self { group: Cow::Borrowed(group), changes: Vec::new() }
    }

    /// Of a group that is not there yet.
    pub(super) fn new() -> Self {
        Self { group: Cow::Owned(ShareGroup::default()), changes: Vec::new() }
    }

    pub(super) fn group(&self) -> &ShareGroup {
        &self.group
    }

    pub(super) fn change(&mut self, change: ShareChange) {
        self.group.to_mut().replay(&change);
        self.changes.push(change);
    }

    pub(super) fn set_partitions(&mut self, partitions: StatePartitions) {
        self.change(ShareChange::Partitions(Some(Arc::new(partitions))));
    }

    /// The decision's records.
    pub(super) fn finish(self, id: &GroupId, out: &mut Outcome) {
        if self.changes.is_empty() {
            return;
        }
        assert!(self.group.is_sound(), "a share group is sound: {:?}", self.group);
        let is_news = |change: &ShareChange| {
            matches!(change, ShareChange::Group(Some(_)) | ShareChange::TargetEpoch(Some(_)))
        };
        if self.changes.iter().any(is_news) {
            out.events.push(Event::ShareGroupChanged {
                group: id.clone(),
                epoch: self.group.stored.epoch,
                target_epoch: self.group.target.epoch,
                member_count: self.group.members.len(),
            });
        }
        let record = |change| GroupRecord::Share { group: id.clone(), change };
        out.records.extend(self.changes.into_iter().map(record));
    }

    /// Takes a member out, with all that is written of it.
    pub(super) fn remove_member(&mut self, id: &MemberId) {
        if self.group.currents.contains_key(id) {
            self.change(ShareChange::Current(id.clone(), None));
        }
        if self.group.targets.contains_key(id) {
            self.change(ShareChange::Target(id.clone(), None));
        }
        self.change(ShareChange::Member(id.clone(), None));
    }

    /// Something changed that the assignment rests on.
    pub(super) fn bump_epoch(&mut self, metadata_hash: i64) {
        let epoch = self.group.stored.epoch.next();
        self.change(ShareChange::Group(Some(StoredEpoch { epoch, metadata_hash })));
    }

    /// The hash is another and the epoch is new already: no target was worked out for it yet.
    pub(super) fn set_hash(&mut self, metadata_hash: i64) {
        let epoch = self.group.stored.epoch;
        self.change(ShareChange::Group(Some(StoredEpoch { epoch, metadata_hash })));
    }

    /// Nobody is left, so there is nothing to work out.
    pub(super) fn end_assigning(&mut self) {
        let epoch = self.group.stored.epoch;
        self.change(ShareChange::TargetEpoch(Some(TargetEpoch { epoch, assigned_at: None })));
    }

    pub(super) fn is_assigning(&self) -> bool {
        self.group.stored.epoch > self.group.target.epoch
    }

    pub(super) fn epoch(&self) -> GroupEpoch {
        self.group.stored.epoch
    }

    /// The topics that members read and that are there, by name.
    pub(super) fn topics(&self, cluster: &dyn Cluster) -> BTreeMap<TopicId, (Arc<str>, u32)> {
        let facts = self.group.subscribed().into_iter().filter_map(|name| {
            let topic = cluster.topic(name)?;
            Some((topic.id, (name.clone(), topic.partition_count)))
        });
        facts.collect()
    }

    /// Of all topics that the group reads and that are there; 0 without any.
    pub(super) fn metadata_hash(&self, cluster: &dyn Cluster) -> i64 {
        let mut hash = MetadataHash::new();
        let topics = self.topics(cluster);
        for (id, (name, partition_count)) in &topics {
            hash.add(name.as_bytes());
            hash.add(id.uuid().as_bytes());
            hash.add(&partition_count.to_be_bytes());
        }
        if topics.is_empty() { 0 } else { hash.finish() }
    }

    /// Partitions that members read and that may be given out.
    pub(super) fn assignable(&self, cluster: &dyn Cluster) -> Assignment {
        let topics: BTreeSet<TopicId> = self.topics(cluster).into_keys().collect();
        let ready = self.group.partitions.initialized.partitions();
        ready.filter(|partition| topics.contains(&partition.topic)).collect()
    }
}

/// All partitions of a topic.
pub(super) fn partitions_of(topic: TopicId, count: u32) -> impl Iterator<Item = PartitionId> {
    let indexes =
        (0..i32::try_from(count).unwrap_or(i32::MAX)).filter_map(PartitionIndex::from_wire);
    indexes.map(move |partition| PartitionId { topic, partition })
}
