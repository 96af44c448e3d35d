use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{ShareChange, ShareCurrent, ShareMember, StatePartitions};
use crate::{Assignment, MemberId, StoredEpoch, TargetEpoch};

/// Where a share group stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareState {
    /// Nobody is in it.
    Empty,
    Stable,
}

impl ShareState {
    /// As clients spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::Stable => "Stable",
        }
    }
}

/// A share group, all of which is in the log. As with consumer groups, compaction may have taken some of the records, and
/// only `members` says who is in the group.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ShareGroup {
    pub(crate) stored: StoredEpoch,
    pub(crate) target: TargetEpoch,
    pub(crate) members: BTreeMap<MemberId, Arc<ShareMember>>,
    pub(crate) targets: BTreeMap<MemberId, Arc<Assignment>>,
    pub(crate) currents: BTreeMap<MemberId, Arc<ShareCurrent>>,
    pub(crate) partitions: Arc<StatePartitions>,
    /// Bytes that the members take.
    pub(crate) members_size: usize,
}

impl ShareGroup {
    /// Takes over a record. That the group is gone is its owner's affair.
    pub(crate) fn replay(&mut self, change: &ShareChange) {
        match change {
            ShareChange::Group(stored) => self.stored = stored.unwrap_or_default(),
            ShareChange::TargetEpoch(target) => self.target = target.unwrap_or_default(),
            ShareChange::Member(id, member) => {
                self.members_size -= self.members.get(id).map_or(0, |old| old.size());
                self.members_size += member.as_ref().map_or(0, |new| new.size());
                set(&mut self.members, id, member.as_ref());
            }
            ShareChange::Target(id, target) => set(&mut self.targets, id, target.as_ref()),
            ShareChange::Current(id, current) => set(&mut self.currents, id, current.as_ref()),
            ShareChange::Partitions(partitions) => {
                self.partitions = partitions.clone().unwrap_or_default();
            }
        }
    }

    pub(crate) fn state(&self) -> ShareState {
        if self.members.is_empty() { ShareState::Empty } else { ShareState::Stable }
    }

    pub(crate) fn current(&self, id: &MemberId) -> Arc<ShareCurrent> {
        self.currents.get(id).cloned().unwrap_or_default()
    }

    pub(crate) fn target_of(&self, id: &MemberId) -> Arc<Assignment> {
        self.targets.get(id).cloned().unwrap_or_default()
    }

    /// All names that members read.
    pub(crate) fn subscribed(&self) -> BTreeSet<&Arc<str>> {
        self.members.values().flat_map(|member| &member.topics).collect()
    }

    /// What all members together shall have.
    pub(crate) fn given(&self) -> Assignment {
        self.targets.values().flat_map(|target| target.partitions()).collect()
    }

    /// What takes the group out of the log, in the order in which Apache Kafka can load it: no member before what it was
    /// assigned.
    pub(crate) fn removal(&self) -> Vec<ShareChange> {
        let mut changes = Vec::new();
        changes.extend(self.currents.keys().map(|id| ShareChange::Current(id.clone(), None)));
        changes.extend(self.targets.keys().map(|id| ShareChange::Target(id.clone(), None)));
        changes.push(ShareChange::TargetEpoch(None));
        changes.extend(self.members.keys().map(|id| ShareChange::Member(id.clone(), None)));
        changes.push(ShareChange::Partitions(None));
        changes.push(ShareChange::Group(None));
        changes
    }

    /// - No target is of a later epoch than the group, no member beyond the target.
    /// - Only members have something, or shall have.
    /// - What is given out has its state set up, or had when it was given out.
    pub(crate) fn is_sound(&self) -> bool {
        let is_behind =
            |current: &Arc<ShareCurrent>| current.epoch.to_wire() <= self.target.epoch.to_wire();
        self.target.epoch <= self.stored.epoch
            && self.currents.values().all(is_behind)
            && self
                .currents
                .keys()
                .chain(self.targets.keys())
                .all(|id| self.members.contains_key(id))
    }
}

fn set<V: Clone>(map: &mut BTreeMap<MemberId, V>, key: &MemberId, value: Option<&V>) {
    match value {
        Some(value) => _ = map.insert(key.clone(), value.clone()),
        None => _ = map.remove(key),
    }
}
