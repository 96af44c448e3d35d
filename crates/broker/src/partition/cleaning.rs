//! What retention and compaction do with a partition.

use std::sync::atomic::Ordering;

use replica::{Input, ReplicaLog};
use storage::{Cleanable, Deleted, LastRecords, Replacement};

use super::{Now, Partition, Role, StepOutput};

impl Partition {
    /// Deletes segments that are too old or too many.
    pub(crate) fn delete_old(&self, now: Now, out: &mut StepOutput) -> Option<Deleted> {
        let deleted = {
            let state = &mut *self.lock();
            let Role::Leader(leader) = &state.role else { return None };
            let log = leader.log();
            state.log.delete_old(now.wall, log.high_watermark(), log.producers())
        };
        let deleted = deleted?;
        self.step(now, Input::LogStart(deleted.log_start), out);
        Some(deleted)
    }

    pub(crate) fn is_uncleanable(&self) -> bool {
        self.uncleanable.load(Ordering::Relaxed)
    }

    pub(crate) fn note_uncleanable(&self) {
        self.uncleanable.store(true, Ordering::Relaxed);
    }

    /// What of its log could be cleaned now, and what each producer wrote last.
    pub(crate) fn cleanable(&self, now: Now) -> Option<Cleanable> {
        let state = self.lock();
        let stable = state.replica_log()?.last_stable();
        state.log.cleanable(stable, now.wall)
    }

    /// The last batches of the producers, which a cleaning must leave.
    pub(crate) fn last_records(&self) -> LastRecords {
        let state = self.lock();
        let producers = state.replica_log().map(ReplicaLog::producers);
        producers.map(LastRecords::of).unwrap_or_default()
    }

    /// Puts a cleaned segment in its place; `false` when the log has changed meanwhile.
    pub(crate) fn replace(&self, new: Replacement) -> bool {
        self.lock().log.replace(new)
    }
}
