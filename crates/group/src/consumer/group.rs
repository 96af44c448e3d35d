use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::PartitionId;

use super::{
    Assignment, ConsumerChange, CurrentAssignment, GroupEpoch, MemberMetadata, MemberState,
    ResolvedPattern, StoredEpoch, TargetEpoch,
};
use crate::{InstanceId, MemberId};

/// Where a consumer group stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsumerState {
    /// Nobody is in it.
    Empty,
    /// It changed since its target assignment was worked out.
    Assigning,
    /// Some member is on its way to the target.
    Reconciling,
    Stable,
}

impl ConsumerState {
    /// As clients spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::Assigning => "Assigning",
            Self::Reconciling => "Reconciling",
            Self::Stable => "Stable",
        }
    }
}

/// A consumer group, all of which is in the log. Records come in the order of the log, of which compaction may have taken
/// some: so each kind of record has its own map, and only [`ConsumerGroup::members`] says who is in the group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ConsumerGroup {
    pub(crate) stored: StoredEpoch,
    pub(crate) target: TargetEpoch,
    pub(crate) members: BTreeMap<MemberId, Arc<MemberMetadata>>,
    pub(crate) targets: BTreeMap<MemberId, Arc<Assignment>>,
    pub(crate) currents: BTreeMap<MemberId, Arc<CurrentAssignment>>,
    pub(crate) patterns: BTreeMap<Arc<str>, Arc<ResolvedPattern>>,
    pub(crate) instances: BTreeMap<InstanceId, MemberId>,
    /// Who holds a partition, or has not let go of it yet.
    pub(crate) owners: BTreeMap<PartitionId, MemberId>,
    pub(crate) has_partition_metadata: bool,
    /// Bytes that the members take, and what their patterns fit.
    pub(crate) members_size: usize,
}

impl Default for ConsumerGroup {
    /// A group counts from 1 without a word in the log, as in Apache Kafka: the first who read something come to epoch 2.
    fn default() -> Self {
        let epoch = GroupEpoch::ZERO.next();
        Self {
            stored: StoredEpoch { epoch, metadata_hash: 0 },
            target: TargetEpoch { epoch, assigned_at: None },
            members: BTreeMap::new(),
            targets: BTreeMap::new(),
            currents: BTreeMap::new(),
            patterns: BTreeMap::new(),
            instances: BTreeMap::new(),
            owners: BTreeMap::new(),
            has_partition_metadata: false,
            members_size: 0,
        }
    }
}

impl ConsumerGroup {
    /// Takes over a record. That the group is gone is its owner's affair.
    pub(crate) fn replay(&mut self, change: &ConsumerChange) {
        match change {
            ConsumerChange::Group(stored) => self.stored = stored.unwrap_or_default(),
            ConsumerChange::PartitionMetadata { exists } => self.has_partition_metadata = *exists,
            ConsumerChange::TargetEpoch(target) => self.target = target.unwrap_or_default(),
            ConsumerChange::Member(id, metadata) => self.replay_member(id, metadata.as_ref()),
            ConsumerChange::Target(id, target) => {
                set(&mut self.targets, id.clone(), target.clone());
            }
            ConsumerChange::Current(id, current) => self.replay_current(id, current.as_ref()),
            ConsumerChange::Pattern(pattern, resolved) => {
                let old = self.patterns.get(pattern);
                self.members_size -= old.map_or(0, |old| old.size(pattern));
                self.members_size += resolved.as_ref().map_or(0, |new| new.size(pattern));
                set(&mut self.patterns, pattern.clone(), resolved.clone());
            }
        }
    }

    fn replay_member(&mut self, id: &MemberId, metadata: Option<&Arc<MemberMetadata>>) {
        let old = self.members.remove(id);
        self.members_size -= old.as_ref().map_or(0, |old| old.size());
        self.members_size += metadata.map_or(0, |new| new.size());
        if let Some(instance) = old.as_ref().and_then(|old| old.instance.as_ref())
            && self.instances.get(instance) == Some(id)
        {
            self.instances.remove(instance);
        }
        let Some(metadata) = metadata else { return };
        if let Some(instance) = &metadata.instance {
            self.instances.insert(instance.clone(), id.clone());
        }
        self.members.insert(id.clone(), metadata.clone());
    }

    fn replay_current(&mut self, id: &MemberId, current: Option<&Arc<CurrentAssignment>>) {
        if let Some(old) = self.currents.remove(id) {
            for partition in old.assigned.partitions().chain(old.revoking.partitions()) {
                if self.owners.get(&partition) == Some(id) {
                    self.owners.remove(&partition);
                }
            }
        }
        let Some(current) = current else { return };
        for partition in current.assigned.partitions().chain(current.revoking.partitions()) {
            self.owners.insert(partition, id.clone());
        }
        self.currents.insert(id.clone(), current.clone());
    }

    pub(crate) fn state(&self) -> ConsumerState {
        if self.members.is_empty() {
            return ConsumerState::Empty;
        }
        if self.stored.epoch > self.target.epoch {
            return ConsumerState::Assigning;
        }
        let is_there = |id| {
            let current = self.current(id);
            current.state == MemberState::Stable && current.epoch.has_reached(self.target.epoch)
        };
        if self.members.keys().all(is_there) {
            ConsumerState::Stable
        } else {
            ConsumerState::Reconciling
        }
    }

    pub(crate) fn current(&self, id: &MemberId) -> Arc<CurrentAssignment> {
        self.currents.get(id).cloned().unwrap_or_default()
    }

    /// What a member shall have.
    pub(crate) fn target_of(&self, id: &MemberId) -> Arc<Assignment> {
        self.targets.get(id).cloned().unwrap_or_default()
    }

    pub(crate) fn is_free_for(&self, id: &MemberId, partition: PartitionId) -> bool {
        self.owners.get(&partition).is_none_or(|owner| owner == id)
    }

    /// The names that a member reads, those of its pattern too.
    pub(crate) fn topics_of<'a>(
        &'a self,
        metadata: &'a MemberMetadata,
    ) -> impl Iterator<Item = &'a Arc<str>> {
        let resolved = metadata.pattern().and_then(|pattern| self.patterns.get(pattern));
        metadata.topics.iter().chain(resolved.into_iter().flat_map(|resolved| &resolved.topics))
    }

    pub(crate) fn is_subscribed_to(&self, topic: &str) -> bool {
        self.members.values().any(|member| self.topics_of(member).any(|name| **name == *topic))
    }

    /// All names that members read.
    pub(crate) fn subscribed(&self) -> BTreeSet<&Arc<str>> {
        self.members.values().flat_map(|member| self.topics_of(member)).collect()
    }

    pub(crate) fn is_pattern_used(&self, pattern: &str) -> bool {
        self.members.values().any(|member| member.pattern().is_some_and(|own| **own == *pattern))
    }

    /// What takes the group out of the log, in the order in which Apache Kafka can load it: no member before what it was
    /// assigned.
    pub(crate) fn removal(&self) -> Vec<ConsumerChange> {
        let mut changes = Vec::new();
        changes.extend(self.currents.keys().map(|id| ConsumerChange::Current(id.clone(), None)));
        changes.extend(self.targets.keys().map(|id| ConsumerChange::Target(id.clone(), None)));
        changes.push(ConsumerChange::TargetEpoch(None));
        changes.extend(self.members.keys().map(|id| ConsumerChange::Member(id.clone(), None)));
        let patterns = self.patterns.keys();
        changes.extend(patterns.map(|pattern| ConsumerChange::Pattern(pattern.clone(), None)));
        if self.has_partition_metadata {
            changes.push(ConsumerChange::PartitionMetadata { exists: false });
        }
        changes.push(ConsumerChange::Group(None));
        changes
    }

    /// - A partition has one holder, which is a member (KIP-848).
    /// - No target is of a later epoch than the group, no member beyond the target.
    /// - An instance id belongs to a member.
    pub(crate) fn is_sound(&self) -> bool {
        let mut held = 0;
        for (id, current) in &self.currents {
            let is_member = self.members.contains_key(id);
            if !is_member || current.epoch.to_wire() > self.target.epoch.to_wire() {
                return false;
            }
            for partition in current.assigned.partitions().chain(current.revoking.partitions()) {
                held += 1;
                if self.owners.get(&partition) != Some(id) {
                    return false;
                }
            }
        }
        held == self.owners.len()
            && self.target.epoch <= self.stored.epoch
            && self.instances.values().all(|id| self.members.contains_key(id))
    }

    pub(crate) fn assert_invariants(&self) {
        assert!(self.is_sound(), "a consumer group is sound: {self:?}");
    }
}

fn set<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, value: Option<V>) {
    match value {
        Some(value) => _ = map.insert(key, value),
        None => _ = map.remove(&key),
    }
}
