//! The assignor `sticky`: active tasks stay where they are, or go where a copy of their state is, as long as nobody gets more
//! than a fair share; the rest goes to the process with the least load for its threads. Standby tasks likewise, never
//! in a process that has the task.

mod process;
mod quota;
mod sticky;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{ConfiguredSubtopology, TaskId, Tasks};

/// Its name, the only one that Apache Kafka 4.4 has.
pub(super) const NAME: &str = "sticky";

/// What an assignment rests on.
pub(super) struct Subject<'a> {
    /// In the order of their ids.
    pub(super) members: Vec<Member>,
    pub(super) subtopologies: &'a BTreeMap<Arc<str>, ConfiguredSubtopology>,
    /// Standby tasks for each active task with state.
    pub(super) standby_count: u32,
}

pub(super) struct Member {
    pub(super) process: Arc<str>,
    /// What it holds.
    pub(super) before: Tasks,
    /// How far the state of tasks on its disk has come.
    pub(super) offsets: BTreeMap<TaskId, i64>,
}

/// What each member shall have, in the order of the members. Without members nothing is given.
pub(super) fn assign(subject: &Subject<'_>) -> Vec<Tasks> {
    sticky::Work::new(subject).assign()
}
