//! One member's way to its target. Tasks are taken from it first, and given to others only when it has said that it let go
//! of them; it comes to the target's epoch once it owes nothing any more. A process has one directory for a task's state, so
//! no two of its members may have the task at once, whatever they do with it; but one and the same member may turn from one
//! role to another without letting go of the state in between.

use std::collections::{BTreeMap, BTreeSet};

use super::{CurrentTasks, HeldTasks, StreamsGroup, TaskId, Tasks};
use crate::{GroupEpoch, MemberEpoch, MemberId, MemberState};

/// What a step towards the target rests on.
pub(super) struct Aim<'a> {
    pub(super) epoch: GroupEpoch,
    pub(super) target: &'a Tasks,
    /// What the member says that it holds; `None` when it says nothing.
    pub(super) owned: Option<&'a Tasks>,
}

/// The member's next state; `None` when it stays where it is.
pub(super) fn reconcile(
    group: &StreamsGroup,
    id: &MemberId,
    current: &CurrentTasks,
    aim: &Aim<'_>,
) -> Option<CurrentTasks> {
    let epoch = match current.state {
        MemberState::Stable if current.epoch.has_reached(aim.epoch) => return None,
        MemberState::UnrevokedPartitions if owes_any(aim.owned, &current.revoking) => return None,
        MemberState::UnrevokedPartitions => current.epoch.next_below(aim.epoch),
        MemberState::Stable | MemberState::UnreleasedPartitions => current.epoch,
    };
    let holders = Holders { group, id, held: &current.assigned };
    let mut step = Step::new(&holders, aim);
    step.change_roles(&current.assigned, aim);
    let next = step.finish(current, epoch, aim);
    (next != *current).then_some(next)
}

/// Whether the member may still hold one of them. One that says nothing may.
fn owes_any(owned: Option<&Tasks>, revoking: &HeldTasks) -> bool {
    match owned {
        None => !revoking.is_empty(),
        Some(owned) => revoking.is_any_in(owned),
    }
}

/// Who else has a task.
struct Holders<'a> {
    group: &'a StreamsGroup,
    id: &'a MemberId,
    /// What the member itself has.
    held: &'a HeldTasks,
}

impl Holders<'_> {
    /// Nobody processes it, and no other thread of the member's process has its state.
    fn is_free_as_active(&self, task: &TaskId) -> bool {
        !self.group.active.contains_key(task)
            && !self.is_beside(&self.group.standby, &self.held.standby, task)
            && !self.is_beside(&self.group.warmup, &self.held.warmup, task)
    }

    fn is_free_as_standby(&self, task: &TaskId) -> bool {
        !self.is_active_beside(task)
            && !self.is_in_process(&self.group.standby, task)
            && !self.is_beside(&self.group.warmup, &self.held.warmup, task)
    }

    fn is_free_as_warmup(&self, task: &TaskId) -> bool {
        let active = self.group.active.get(task);
        !active.is_some_and(|owner| self.is_of_process(owner))
            && !self.is_beside(&self.group.standby, &self.held.standby, task)
            && !self.is_in_process(&self.group.warmup, task)
    }

    fn is_of_process(&self, member: &MemberId) -> bool {
        let own = self.group.process_of(self.id);
        own.is_some() && self.group.process_of(member) == own
    }

    /// Another thread of the process runs it.
    fn is_active_beside(&self, task: &TaskId) -> bool {
        let owner = self.group.active.get(task);
        owner.is_some_and(|owner| self.is_of_process(owner)) && !self.held.active.contains_key(task)
    }

    fn is_in_process(&self, of: &BTreeMap<TaskId, BTreeSet<MemberId>>, task: &TaskId) -> bool {
        let members = of.get(task);
        members.is_some_and(|members| members.iter().any(|member| self.is_of_process(member)))
    }

    /// The process has it, and not by this member.
    fn is_beside(
        &self,
        of: &BTreeMap<TaskId, BTreeSet<MemberId>>,
        own: &BTreeSet<TaskId>,
        task: &TaskId,
    ) -> bool {
        !own.contains(task) && self.is_in_process(of, task)
    }
}

/// The difference between what a member has and what it shall have.
struct Step {
    kept: HeldTasks,
    revoking: HeldTasks,
    /// To be given at once, if nothing is owed.
    coming: Tasks,
    /// Something is held by others.
    waits: bool,
}

impl Step {
    fn new(holders: &Holders<'_>, aim: &Aim<'_>) -> Self {
        let (held, target) = (holders.held, aim.target);
        let mut step = Self {
            kept: HeldTasks::default(),
            revoking: HeldTasks::default(),
            coming: Tasks::default(),
            waits: false,
        };
        for (task, since) in &held.active {
            let stays = target.active.contains(task);
            let side = if stays { &mut step.kept } else { &mut step.revoking };
            side.active.insert(task.clone(), *since);
        }
        for task in &target.active {
            if !held.active.contains_key(task) {
                let is_free = holders.is_free_as_active(task);
                step.take(task, is_free, |coming| &mut coming.active);
            }
        }
        step.kept.standby = held.standby.intersection(&target.standby).cloned().collect();
        step.revoking.standby = held.standby.difference(&target.standby).cloned().collect();
        for task in target.standby.difference(&held.standby) {
            step.take(task, holders.is_free_as_standby(task), |coming| &mut coming.standby);
        }
        step.kept.warmup = held.warmup.intersection(&target.warmup).cloned().collect();
        step.revoking.warmup = held.warmup.difference(&target.warmup).cloned().collect();
        for task in target.warmup.difference(&held.warmup) {
            step.take(task, holders.is_free_as_warmup(task), |coming| &mut coming.warmup);
        }
        step
    }

    fn take(
        &mut self,
        task: &TaskId,
        is_free: bool,
        role: impl FnOnce(&mut Tasks) -> &mut BTreeSet<TaskId>,
    ) {
        if is_free {
            role(&mut self.coming).insert(task.clone());
        } else {
            self.waits = true;
        }
    }

    /// What the member has in one role and shall have in another.
    fn change_roles(&mut self, held: &HeldTasks, aim: &Aim<'_>) {
        // Who processed it goes on as a copy at once; that it stopped processing is still to be heard.
        for task in held.active.keys() {
            if self.coming.standby.remove(task) {
                self.kept.standby.insert(task.clone());
            }
        }
        for task in &held.standby {
            if self.coming.warmup.remove(task) {
                self.kept.warmup.insert(task.clone());
                self.revoking.standby.remove(task);
            }
        }
        for task in &held.warmup {
            if self.coming.standby.remove(task) {
                self.kept.standby.insert(task.clone());
                self.revoking.warmup.remove(task);
            }
        }
        // A copy that is to process stays a copy until it may.
        let wanted = &aim.target.active;
        self.revoking.standby.retain(|task| !wanted.contains(task));
        self.revoking.warmup.retain(|task| !wanted.contains(task));
        let owes = owes_any(aim.owned, &self.revoking);
        let coming = &self.coming.active;
        let stays = |task: &&TaskId| wanted.contains(*task) && (owes || !coming.contains(*task));
        self.kept.standby.extend(held.standby.iter().filter(stays).cloned());
        self.kept.warmup.extend(held.warmup.iter().filter(stays).cloned());
    }

    fn finish(self, current: &CurrentTasks, epoch: MemberEpoch, aim: &Aim<'_>) -> CurrentTasks {
        // A step within an epoch does not forget the one before: the member may not have heard of this one.
        let previous = |epoch| match epoch == current.epoch {
            true => current.previous_epoch,
            false => current.epoch,
        };
        let Self { kept: mut assigned, revoking, coming, waits } = self;
        if owes_any(aim.owned, &revoking) {
            let (state, previous_epoch) = (MemberState::UnrevokedPartitions, previous(epoch));
            return CurrentTasks { epoch, previous_epoch, state, assigned, revoking };
        }
        let reached = MemberEpoch::reached(aim.epoch);
        assigned.active.extend(coming.active.into_iter().map(|task| (task, reached)));
        assigned.standby.extend(coming.standby);
        assigned.warmup.extend(coming.warmup);
        let state = if waits { MemberState::UnreleasedPartitions } else { MemberState::Stable };
        let revoking = HeldTasks::default();
        let previous_epoch = previous(reached);
        CurrentTasks { epoch: reached, previous_epoch, state, assigned, revoking }
    }
}
