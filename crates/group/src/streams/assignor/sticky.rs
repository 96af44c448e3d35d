use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use model::PartitionIndex;

use super::super::{TaskId, Tasks};
use super::Subject;
use super::process::{Load, Process};
use super::quota::Quota;

/// An assignment in the making. Members and processes go by their places in lists.
pub(super) struct Work<'a> {
    subject: &'a Subject<'a>,
    processes: Vec<Process>,
    process_of: Vec<usize>,
    /// Tasks given to each member so far.
    counts: Vec<usize>,
    given: Vec<Tasks>,
    /// Who had a task, and who has a copy of its state, the best copy first.
    active_before: BTreeMap<TaskId, usize>,
    copies: BTreeMap<TaskId, Vec<usize>>,
    active_quota: Quota,
    total_quota: Quota,
}

/// A thing to be given that nobody has a claim on.
struct Open {
    task: TaskId,
    copy_count: u32,
}

impl<'a> Work<'a> {
    pub(super) fn new(subject: &'a Subject<'a>) -> Self {
        let member_count = subject.members.len();
        let (processes, process_of) = processes_of(subject);
        let standby_count = usize::try_from(subject.standby_count).unwrap_or(usize::MAX);
        let (mut active_count, mut total_count) = (0_usize, 0_usize);
        for part in subject.subtopologies.values() {
            let tasks = usize::try_from(part.task_count).unwrap_or(usize::MAX);
            active_count = active_count.saturating_add(tasks);
            let copies = if part.is_stateful() { standby_count } else { 0 };
            total_count =
                total_count.saturating_add(tasks.saturating_mul(copies.saturating_add(1)));
        }
        let mut active_before = BTreeMap::new();
        for (index, member) in subject.members.iter().enumerate() {
            active_before.extend(member.before.active.iter().map(|task| (task.clone(), index)));
        }
        Self {
            subject,
            processes,
            process_of,
            counts: vec![0; member_count],
            given: vec![Tasks::default(); member_count],
            active_before,
            copies: copies_of(subject),
            active_quota: Quota::new(active_count, member_count),
            total_quota: Quota::new(total_count, member_count),
        }
    }

    pub(super) fn assign(mut self) -> Vec<Tasks> {
        if self.subject.members.is_empty() {
            return self.given;
        }
        self.assign_active();
        if self.subject.standby_count > 0 {
            self.assign_standby();
        }
        self.given
    }

    fn tasks(&self, only_stateful: bool) -> Vec<TaskId> {
        let mut tasks = Vec::new();
        for (id, part) in self.subject.subtopologies {
            if only_stateful && !part.is_stateful() {
                continue;
            }
            let indexes = (0..part.task_count).filter_map(|index| i32::try_from(index).ok());
            let partitions = indexes.filter_map(PartitionIndex::from_wire);
            tasks.extend(partitions.map(|partition| TaskId { subtopology: id.clone(), partition }));
        }
        tasks
    }

    fn assign_active(&mut self) {
        let mut tasks = self.tasks(false);
        tasks.sort_by(by_partition);
        tasks.retain(|task| {
            let before = self.active_before.get(task).copied();
            !before.is_some_and(|member| self.stays_active(member, task))
        });
        tasks.retain(|task| {
            let copy = self.least_loaded_copy(task, false);
            !copy.is_some_and(|member| self.stays_active(member, task))
        });
        tasks.sort();
        let mut queue = self.queue();
        for task in tasks {
            let Some((_, process)) = queue.pop_first() else { return };
            let member = self.least_loaded_member(process);
            self.give(member, task, true);
            queue.insert((self.processes[process].load(), process));
        }
    }

    /// Gives a task to who has a claim on it, unless it has its share.
    fn stays_active(&mut self, member: usize, task: &TaskId) -> bool {
        let has_room = self.counts[member] < self.active_quota.share;
        if has_room {
            self.give(member, task.clone(), true);
        }
        has_room
    }

    fn assign_standby(&mut self) {
        let mut tasks = self.tasks(true);
        tasks.sort_by(|one, other| by_partition(other, one));
        let mut open = Vec::new();
        for task in tasks {
            for given in 0..self.subject.standby_count {
                let before = self.active_before.get(&task).copied();
                let before = before.filter(|member| self.has_room_beside(*member, &task));
                let claim = before.or_else(|| {
                    let copy = self.least_loaded_copy(&task, true);
                    copy.filter(|member| self.counts[*member] < self.total_quota.share)
                });
                let Some(member) = claim else {
                    open.push(Open { task, copy_count: self.subject.standby_count - given });
                    break;
                };
                self.give(member, task.clone(), false);
            }
        }
        open.sort_by(|one, other| other.task.cmp(&one.task));
        let mut queue = self.queue();
        for Open { task, copy_count } in open {
            for _ in 0..copy_count {
                // Fewer processes than copies: the rest is left out.
                let free =
                    |(_, process): &&(Load, usize)| !self.processes[*process].tasks.contains(&task);
                let Some(entry) = queue.iter().find(free).copied() else { break };
                queue.remove(&entry);
                let member = self.least_loaded_member(entry.1);
                self.give(member, task.clone(), false);
                queue.insert((self.processes[entry.1].load(), entry.1));
            }
        }
    }

    fn has_room_beside(&self, member: usize, task: &TaskId) -> bool {
        !self.processes[self.process_of[member]].tasks.contains(task)
            && self.counts[member] < self.total_quota.share
    }

    /// Who of those with a copy has the least to do; the better copy, if they have as much. `elsewhere`: not in a process that
    /// was given the task.
    fn least_loaded_copy(&self, task: &TaskId, elsewhere: bool) -> Option<usize> {
        let mut best: Option<usize> = None;
        for &member in self.copies.get(task).into_iter().flatten() {
            let process = &self.processes[self.process_of[member]];
            if elsewhere && process.tasks.contains(task) {
                continue;
            }
            let is_better = best.is_none_or(|best| {
                process.load() < self.processes[self.process_of[best]].load()
                    && self.counts[member] < self.counts[best]
            });
            if is_better {
                best = Some(member);
            }
        }
        best
    }

    fn least_loaded_member(&self, process: usize) -> usize {
        let members = self.processes[process].members.iter().copied();
        members.min_by_key(|member| self.counts[*member]).unwrap_or_default()
    }

    fn queue(&self) -> BTreeSet<(Load, usize)> {
        let processes = self.processes.iter().enumerate();
        processes.map(|(index, process)| (process.load(), index)).collect()
    }

    fn give(&mut self, member: usize, task: TaskId, is_active: bool) {
        self.counts[member] += 1;
        let process = &mut self.processes[self.process_of[member]];
        process.task_count += 1;
        process.tasks.insert(task.clone());
        let given = &mut self.given[member];
        if is_active {
            given.active.insert(task);
            self.active_quota.given(self.counts[member]);
        } else {
            given.standby.insert(task);
        }
        self.total_quota.given(self.counts[member]);
    }
}

fn processes_of(subject: &Subject<'_>) -> (Vec<Process>, Vec<usize>) {
    let mut places = BTreeMap::new();
    let mut processes = Vec::<Process>::new();
    let mut process_of = Vec::with_capacity(subject.members.len());
    for (index, member) in subject.members.iter().enumerate() {
        let place = *places.entry(&member.process).or_insert_with(|| {
            processes.push(Process::default());
            processes.len() - 1
        });
        processes[place].members.push(index);
        process_of.push(place);
    }
    (processes, process_of)
}

/// Those that keep a copy now go before those that only have something on their disk; of each, who has come farthest.
fn copies_of(subject: &Subject<'_>) -> BTreeMap<TaskId, Vec<usize>> {
    let mut ranked = BTreeMap::<TaskId, Vec<(bool, Reverse<i64>, usize)>>::new();
    for (index, member) in subject.members.iter().enumerate() {
        for task in &member.before.standby {
            let offset = member.offsets.get(task).copied().unwrap_or_default();
            ranked.entry(task.clone()).or_default().push((false, Reverse(offset), index));
        }
        for (task, offset) in &member.offsets {
            if !member.before.standby.contains(task) {
                ranked.entry(task.clone()).or_default().push((true, Reverse(*offset), index));
            }
        }
    }
    let members = |mut copies: Vec<(bool, Reverse<i64>, usize)>| {
        copies.sort();
        copies.into_iter().map(|(_, _, member)| member).collect()
    };
    ranked.into_iter().map(|(task, copies)| (task, members(copies))).collect()
}

fn by_partition(one: &TaskId, other: &TaskId) -> std::cmp::Ordering {
    (one.partition, &one.subtopology).cmp(&(other.partition, &other.subtopology))
}
