use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::PartitionIndex;

use crate::MemberEpoch;

/// One subtopology at work on the partitions of one number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId {
    pub subtopology: Arc<str>,
    pub partition: PartitionIndex,
}

/// Tasks by what a member does with them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tasks {
    /// It processes their records; one member of the group does.
    pub active: BTreeSet<TaskId>,
    /// It keeps a copy of their state.
    pub standby: BTreeSet<TaskId>,
    /// It builds their state up, to take them over.
    pub warmup: BTreeSet<TaskId>,
}

impl Tasks {
    pub fn is_empty(&self) -> bool {
        self.active.is_empty() && self.standby.is_empty() && self.warmup.is_empty()
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &TaskId> {
        self.active.iter().chain(&self.standby).chain(&self.warmup)
    }
}

/// Tasks that a member holds. An active one comes with the member's epoch when it got it: a commit that is older than that
/// comes from another life of the task (KIP-1251).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldTasks {
    pub active: BTreeMap<TaskId, MemberEpoch>,
    pub standby: BTreeSet<TaskId>,
    pub warmup: BTreeSet<TaskId>,
}

impl HeldTasks {
    pub fn is_empty(&self) -> bool {
        self.active.is_empty() && self.standby.is_empty() && self.warmup.is_empty()
    }

    pub fn tasks(&self) -> Tasks {
        Tasks {
            active: self.active.keys().cloned().collect(),
            standby: self.standby.clone(),
            warmup: self.warmup.clone(),
        }
    }

    /// Whether a member that owns `owned` still does one of these things.
    pub(crate) fn is_any_in(&self, owned: &Tasks) -> bool {
        self.active.keys().any(|task| owned.active.contains(task))
            || !self.standby.is_disjoint(&owned.standby)
            || !self.warmup.is_disjoint(&owned.warmup)
    }

    /// Whether a member that owns `owned` does nothing that it was not given.
    pub(crate) fn covers(&self, owned: &Tasks) -> bool {
        owned.active.iter().all(|task| self.active.contains_key(task))
            && owned.standby.is_subset(&self.standby)
            && owned.warmup.is_subset(&self.warmup)
    }
}

/// The partitions of each subtopology, in order.
pub fn by_subtopology<'a>(
    tasks: impl IntoIterator<Item = &'a TaskId>,
) -> BTreeMap<&'a Arc<str>, Vec<PartitionIndex>> {
    let mut partitions = BTreeMap::<&Arc<str>, Vec<PartitionIndex>>::new();
    for task in tasks {
        partitions.entry(&task.subtopology).or_default().push(task.partition);
    }
    partitions
}
