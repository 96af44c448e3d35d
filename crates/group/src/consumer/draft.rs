use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use model::{PartitionId, TopicId};

use super::hash::MetadataHash;
use super::{
    Assignment, Cluster, ConsumerChange, ConsumerGroup, GroupEpoch, MemberMetadata, StoredEpoch,
    TargetEpoch,
};
use crate::decision::Outcome;
use crate::{Event, GroupError, GroupId, GroupRecord, MemberId, Soft};

/// A consumer group while a request is decided about: as the log has it, and what the decision has changed so far. A
/// decision that changes nothing copies nothing.
pub(super) struct Draft<'a> {
    group: Cow<'a, ConsumerGroup>,
    changes: Vec<ConsumerChange>,
}

impl<'a> Draft<'a> {
    pub(super) fn of(group: &'a ConsumerGroup) -> Self {
        Self { group: Cow::Borrowed(group), changes: Vec::new() }
    }

    /// Of a group that is not there yet.
    pub(super) fn new() -> Self {
        Self { group: Cow::Owned(ConsumerGroup::default()), changes: Vec::new() }
    }

    pub(super) fn group(&self) -> &ConsumerGroup {
        &self.group
    }

    pub(super) fn is_changed(&self) -> bool {
        !self.changes.is_empty()
    }

    pub(super) fn change(&mut self, change: ConsumerChange) {
        self.group.to_mut().replay(&change);
        self.changes.push(change);
    }

    /// Whether each change can be written down.
    pub(super) fn check_sizes(&self, id: &GroupId, soft: &Soft) -> Result<(), GroupError> {
        self.changes.iter().try_for_each(|change| {
            let record = GroupRecord::Consumer { group: id.clone(), change: change.clone() };
            soft.record_size_max.check(&record)
        })
    }

    /// Whether there is room for what the members say.
    pub(super) fn check_room(&self, before: usize, soft: &Soft) -> Result<(), GroupError> {
        soft.members_room.check(before, self.group.members_size)
    }

    /// The decision's records.
    pub(super) fn finish(self, id: &GroupId, out: &mut Outcome) {
        if self.changes.is_empty() {
            return;
        }
        self.group.assert_invariants();
        let is_news = |change: &ConsumerChange| {
            matches!(change, ConsumerChange::Group(Some(_)) | ConsumerChange::TargetEpoch(Some(_)))
        };
        if self.changes.iter().any(is_news) {
            out.events.push(Event::ConsumerGroupChanged {
                group: id.clone(),
                epoch: self.group.stored.epoch,
                target_epoch: self.group.target.epoch,
                member_count: self.group.members.len(),
            });
        }
        let record = |change| GroupRecord::Consumer { group: id.clone(), change };
        out.records.extend(self.changes.into_iter().map(record));
    }

    /// Takes a member out, with all that is written of it.
    pub(super) fn remove_member(&mut self, id: &MemberId) {
        let pattern = self.group.members.get(id).and_then(|member| member.pattern().cloned());
        if self.group.currents.contains_key(id) {
            self.change(ConsumerChange::Current(id.clone(), None));
        }
        if self.group.targets.contains_key(id) {
            self.change(ConsumerChange::Target(id.clone(), None));
        }
        self.change(ConsumerChange::Member(id.clone(), None));
        if let Some(pattern) = pattern {
            self.forget_pattern(&pattern);
        }
    }

    /// Takes a pattern out that nobody uses any more.
    pub(super) fn forget_pattern(&mut self, pattern: &Arc<str>) {
        if self.group.patterns.contains_key(pattern) && !self.group.is_pattern_used(pattern) {
            self.change(ConsumerChange::Pattern(pattern.clone(), None));
        }
    }

    /// Something changed that the assignment rests on.
    pub(super) fn bump_epoch(&mut self, metadata_hash: i64) {
        let epoch = self.group.stored.epoch.next();
        self.change(ConsumerChange::Group(Some(StoredEpoch { epoch, metadata_hash })));
        if self.group.has_partition_metadata {
            self.change(ConsumerChange::PartitionMetadata { exists: false });
        }
    }

    /// Nobody is left, so there is nothing to work out.
    pub(super) fn end_assigning(&mut self) {
        let epoch = self.group.stored.epoch;
        self.change(ConsumerChange::TargetEpoch(Some(TargetEpoch { epoch, assigned_at: None })));
    }

    /// The hash is another and the epoch is new already: no target was worked out for it yet.
    pub(super) fn set_hash(&mut self, metadata_hash: i64) {
        let epoch = self.group.stored.epoch;
        self.change(ConsumerChange::Group(Some(StoredEpoch { epoch, metadata_hash })));
    }

    pub(super) fn is_assigning(&self) -> bool {
        self.group.stored.epoch > self.group.target.epoch
    }

    pub(super) fn target_epoch(&self) -> GroupEpoch {
        self.group.target.epoch
    }

    pub(super) fn member(&self, id: &MemberId) -> Option<Arc<MemberMetadata>> {
        self.group.members.get(id).cloned()
    }

    /// Of all topics that the group reads and that are there; 0 without any.
    pub(super) fn metadata_hash(&self, cluster: &dyn Cluster) -> i64 {
        let mut hash = MetadataHash::new();
        let mut any = false;
        for name in self.group.subscribed() {
            if let Some(topic) = cluster.topic(name) {
                any = true;
                hash.add(name.as_bytes());
                hash.add(topic.id.uuid().as_bytes());
                hash.add(&topic.partition_count.to_be_bytes());
            }
        }
        if any { hash.finish() } else { 0 }
    }

    /// The topics that a member reads, by their ids.
    pub(super) fn topics_by_id(
        &self,
        member: &MemberMetadata,
        cluster: &dyn Cluster,
    ) -> BTreeMap<TopicId, u32> {
        let facts = self.group.topics_of(member).filter_map(|name| cluster.topic(name));
        facts.map(|topic| (topic.id, topic.partition_count)).collect()
    }

    pub(super) fn target_of(&self, id: &MemberId) -> Arc<Assignment> {
        self.group.target_of(id)
    }

    pub(super) fn is_free_for(&self, id: &MemberId, partition: PartitionId) -> bool {
        self.group.is_free_for(id, partition)
    }
}
