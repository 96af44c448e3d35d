/// The fair share of a number of tasks, as long as some are given out. A member that has its share counts no more, so that
/// of tasks that do not divide evenly only as many members get one more as there are tasks left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quota {
    task_count: usize,
    member_count: usize,
    pub(super) share: usize,
}

impl Quota {
    pub(super) fn new(task_count: usize, member_count: usize) -> Self {
        let share = if member_count == 0 { 0 } else { task_count.div_ceil(member_count) };
        Self { task_count, member_count, share }
    }

    /// A member has so many tasks now.
    pub(super) fn given(&mut self, count: usize) {
        if count == self.share && self.member_count > 0 {
            *self = Self::new(self.task_count.saturating_sub(count), self.member_count - 1);
        }
    }
}
