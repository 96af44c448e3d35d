use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::super::TaskId;

/// One process of the application: its threads are members, and share its disk.
#[derive(Debug, Default)]
pub(super) struct Process {
    /// Places of its members in the subject's list.
    pub(super) members: Vec<usize>,
    /// What they were given so far.
    pub(super) tasks: BTreeSet<TaskId>,
    pub(super) task_count: usize,
}

impl Process {
    pub(super) fn load(&self) -> Load {
        Load { task_count: self.task_count, member_count: self.members.len() }
    }
}

/// Tasks for each member of a process.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load {
    task_count: usize,
    member_count: usize,
}

impl Ord for Load {
    fn cmp(&self, other: &Self) -> Ordering {
        let own = self.task_count.saturating_mul(other.member_count);
        own.cmp(&other.task_count.saturating_mul(self.member_count))
    }
}

impl PartialOrd for Load {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Load {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Load {}
