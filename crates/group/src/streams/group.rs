use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{CurrentTasks, StreamsChange, StreamsEpoch, StreamsMember, TaskId, Tasks, Topology};
use crate::{GroupEpoch, InstanceId, MemberId, MemberState, TargetEpoch};

/// Where a streams group stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamsState {
    /// Nobody is in it.
    Empty,
    /// Its topics are not there, or not as they must be.
    NotReady,
    /// It changed since its target assignment was worked out.
    Assigning,
    /// Some member is on its way to the target.
    Reconciling,
    Stable,
}

impl StreamsState {
    /// As clients spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::NotReady => "NotReady",
            Self::Assigning => "Assigning",
            Self::Reconciling => "Reconciling",
            Self::Stable => "Stable",
        }
    }
}

/// A streams group, as the log has it. Records come in the order of the log, of which compaction may have taken some: so each
/// kind of record has its own map, and only [`StreamsGroup::members`] says who is in the group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StreamsGroup {
    pub(crate) stored: StreamsEpoch,
    pub(crate) target: TargetEpoch,
    pub(crate) topology: Option<Arc<Topology>>,
    pub(crate) members: BTreeMap<MemberId, Arc<StreamsMember>>,
    pub(crate) targets: BTreeMap<MemberId, Arc<Tasks>>,
    pub(crate) currents: BTreeMap<MemberId, Arc<CurrentTasks>>,
    pub(crate) instances: BTreeMap<InstanceId, MemberId>,
    /// Who processes a task, or has not let go of it yet.
    pub(crate) active: BTreeMap<TaskId, MemberId>,
    /// Who keeps a copy of a task's state, or has not let go of it yet.
    pub(crate) standby: BTreeMap<TaskId, BTreeSet<MemberId>>,
    pub(crate) warmup: BTreeMap<TaskId, BTreeSet<MemberId>>,
    /// Bytes that the members and their topology take.
    pub(crate) members_size: usize,
}

impl Default for StreamsGroup {
    /// Its epochs count from 1, as in Apache Kafka.
    fn default() -> Self {
        Self {
            stored: StreamsEpoch::default(),
            target: first_target(),
            topology: None,
            members: BTreeMap::new(),
            targets: BTreeMap::new(),
            currents: BTreeMap::new(),
            instances: BTreeMap::new(),
            active: BTreeMap::new(),
            standby: BTreeMap::new(),
            warmup: BTreeMap::new(),
            members_size: 0,
        }
    }
}

const fn first_target() -> TargetEpoch {
    TargetEpoch { epoch: GroupEpoch::ZERO.next(), assigned_at: None }
}

impl StreamsGroup {
    /// Takes over a record. That the group is gone is its owner's affair.
    pub(crate) fn replay(&mut self, change: &StreamsChange) {
        match change {
            StreamsChange::Group(stored) => self.stored = stored.clone().unwrap_or_default(),
            StreamsChange::Topology(topology) => {
                self.members_size -= self.topology.as_ref().map_or(0, |old| old.size());
                self.members_size += topology.as_ref().map_or(0, |new| new.size());
                self.topology = topology.clone();
            }
            StreamsChange::TargetEpoch(target) => {
                self.target = target.unwrap_or_else(first_target);
            }
            StreamsChange::Member(id, member) => self.replay_member(id, member.as_ref()),
            StreamsChange::Target(id, target) => match target {
                Some(target) => _ = self.targets.insert(id.clone(), target.clone()),
                None => _ = self.targets.remove(id),
            },
            StreamsChange::Current(id, current) => self.replay_current(id, current.as_ref()),
        }
    }

    fn replay_member(&mut self, id: &MemberId, member: Option<&Arc<StreamsMember>>) {
        let old = self.members.remove(id);
        self.members_size -= old.as_ref().map_or(0, |old| old.size());
        self.members_size += member.map_or(0, |new| new.size());
        if let Some(instance) = old.as_ref().and_then(|old| old.instance.as_ref())
            && self.instances.get(instance) == Some(id)
        {
            self.instances.remove(instance);
        }
        let Some(member) = member else { return };
        if let Some(instance) = &member.instance {
            self.instances.insert(instance.clone(), id.clone());
        }
        self.members.insert(id.clone(), member.clone());
    }

    fn replay_current(&mut self, id: &MemberId, current: Option<&Arc<CurrentTasks>>) {
        if let Some(old) = self.currents.remove(id) {
            for held in [&old.assigned, &old.revoking] {
                for task in held.active.keys() {
                    if self.active.get(task) == Some(id) {
                        self.active.remove(task);
                    }
                }
                held.standby.iter().for_each(|task| forget(&mut self.standby, task, id));
                held.warmup.iter().for_each(|task| forget(&mut self.warmup, task, id));
            }
        }
        let Some(current) = current else { return };
        for held in [&current.assigned, &current.revoking] {
            for task in held.active.keys() {
                self.active.insert(task.clone(), id.clone());
            }
            for task in &held.standby {
                self.standby.entry(task.clone()).or_default().insert(id.clone());
            }
            for task in &held.warmup {
                self.warmup.entry(task.clone()).or_default().insert(id.clone());
            }
        }
        self.currents.insert(id.clone(), current.clone());
    }

    pub(crate) fn state(&self) -> StreamsState {
        if self.members.is_empty() {
            return StreamsState::Empty;
        }
        let topology = self.topology.as_ref().map(|topology| topology.epoch);
        if topology.is_none() || topology != self.stored.validated_topology {
            return StreamsState::NotReady;
        }
        if self.stored.epoch > self.target.epoch {
            return StreamsState::Assigning;
        }
        let is_there = |id| {
            let current = self.current(id);
            current.state == MemberState::Stable && current.epoch.has_reached(self.target.epoch)
        };
        if self.members.keys().all(is_there) {
            StreamsState::Stable
        } else {
            StreamsState::Reconciling
        }
    }

    pub(crate) fn current(&self, id: &MemberId) -> Arc<CurrentTasks> {
        self.currents.get(id).cloned().unwrap_or_default()
    }

    /// What a member shall have.
    pub(crate) fn target_of(&self, id: &MemberId) -> Arc<Tasks> {
        self.targets.get(id).cloned().unwrap_or_default()
    }

    /// The process that a member is a thread of.
    pub(crate) fn process_of(&self, id: &MemberId) -> Option<&Arc<str>> {
        self.members.get(id).map(|member| &member.process)
    }

    /// Whether the members read a topic. What nobody is there to read may go.
    pub(crate) fn is_subscribed_to(&self, topic: &str) -> bool {
        let topology = self.topology.as_ref().filter(|_| !self.members.is_empty());
        topology.is_some_and(|topology| topology.reader_of(topic).is_some())
    }

    /// What takes the group out of the log, in the order in which Apache Kafka can load it: no member before what it was
    /// assigned.
    pub(crate) fn removal(&self) -> Vec<StreamsChange> {
        let mut changes = Vec::new();
        changes.extend(self.currents.keys().map(|id| StreamsChange::Current(id.clone(), None)));
        changes.extend(self.targets.keys().map(|id| StreamsChange::Target(id.clone(), None)));
        changes.push(StreamsChange::TargetEpoch(None));
        changes.extend(self.members.keys().map(|id| StreamsChange::Member(id.clone(), None)));
        changes.push(StreamsChange::Topology(None));
        changes.push(StreamsChange::Group(None));
        changes
    }

    /// - A task has one that processes it, which is a member (KIP-1071).
    /// - No target is of a later epoch than the group, no member beyond the target.
    /// - An instance id belongs to a member.
    pub(crate) fn is_sound(&self) -> bool {
        let mut active_count = 0;
        for (id, current) in &self.currents {
            let is_member = self.members.contains_key(id);
            if !is_member || current.epoch.to_wire() > self.target.epoch.to_wire() {
                return false;
            }
            for task in current.assigned.active.keys().chain(current.revoking.active.keys()) {
                active_count += 1;
                if self.active.get(task) != Some(id) {
                    return false;
                }
            }
        }
        active_count == self.active.len()
            && self.target.epoch <= self.stored.epoch
            && self.instances.values().all(|id| self.members.contains_key(id))
    }

    pub(crate) fn assert_invariants(&self) {
        assert!(self.is_sound(), "a streams group is sound: {self:?}");
    }
}

fn forget(holders: &mut BTreeMap<TaskId, BTreeSet<MemberId>>, task: &TaskId, id: &MemberId) {
    if let Some(members) = holders.get_mut(task) {
        members.remove(id);
        if members.is_empty() {
            holders.remove(task);
        }
    }
}
