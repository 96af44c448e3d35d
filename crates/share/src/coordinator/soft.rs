use std::collections::BTreeSet;
use std::time::Duration;

use group::Now;
use model::{Instant, Offset, TopicId};

use super::record_size::RecordSizeMax;
use crate::CoordinatorSettings;

/// What a shard knows beyond its log: when its jobs run next. It dies with the process, or with a failed write.
#[derive(Debug)]
pub struct Soft {
    pub(super) settings: CoordinatorSettings,
    pub(super) next_cold_snapshot: Option<Instant>,
    pub(super) next_prune: Option<Instant>,
    /// Topics that are gone and whose states are being removed.
    pub(super) gone: BTreeSet<TopicId>,
    pub(super) next_removal: Option<Instant>,
    /// What was said last to be redundant.
    pub(super) pruned_before: Option<Offset>,
    pub(super) record_size_max: RecordSizeMax,
}

impl Soft {
    pub const fn new(settings: CoordinatorSettings) -> Self {
        Self {
            settings,
            next_cold_snapshot: None,
            next_prune: None,
            gone: BTreeSet::new(),
            next_removal: None,
            pruned_before: None,
            record_size_max: RecordSizeMax(usize::MAX),
        }
    }

    pub const fn settings(&self) -> &CoordinatorSettings {
        &self.settings
    }

    /// For settings that may change while the broker runs.
    pub const fn set_settings(&mut self, settings: CoordinatorSettings) {
        self.settings = settings;
    }

    /// Bytes of key and value that a record may have at most.
    pub const fn set_record_size_max(&mut self, size_max: usize) {
        self.record_size_max = RecordSizeMax(size_max);
    }

    /// When to call [`crate::ShareShard::time_passed`] next; `None` before the log is loaded.
    pub fn next_timeout(&self) -> Option<Instant> {
        [self.next_cold_snapshot, self.next_prune, self.next_removal].into_iter().flatten().min()
    }

    pub(super) fn schedule_cold_snapshot(&mut self, now: Now, after: Duration) {
        self.next_cold_snapshot = Some(now.instant.plus(after));
    }

    pub(super) fn schedule_prune(&mut self, now: Now) {
        self.next_prune = Some(now.instant.plus(self.settings.prune_interval));
    }
}
