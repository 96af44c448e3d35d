use std::time::Duration;

use crate::Planted;

/// What a leader goes by for one group: the group's own settings, else the broker's. Kafka's names are in the comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareSettings {
    /// `share.partition.max.record.locks`, `group.share.partition.max.record.locks`; at most
    /// [`crate::RECORD_LOCK_COUNT_MAX`] counts.
    pub record_lock_count_max: u32,
    /// `share.record.lock.duration.ms`, `group.share.record.lock.duration.ms`
    pub record_lock_duration: Duration,
    /// `share.delivery.count.limit`, `group.share.delivery.count.limit`
    pub delivery_count_limit: u16,
    /// `share.renew.acknowledge.enable`
    pub renew_allowed: bool,
    /// `errors.deadletterqueue.topic.name` names a topic that may be written to.
    pub dead_letters: bool,
    pub planted: Planted,
}

impl Default for ShareSettings {
    /// Kafka's defaults.
    fn default() -> Self {
        Self {
            record_lock_count_max: 2_000,
            record_lock_duration: Duration::from_secs(30),
            delivery_count_limit: 5,
            renew_allowed: true,
            dead_letters: false,
            planted: Planted::default(),
        }
    }
}

/// What the share coordinator goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoordinatorSettings {
    /// `share.coordinator.snapshot.update.records.per.snapshot`
    pub updates_per_snapshot: u32,
    /// `share.coordinator.cold.partition.snapshot.interval.ms`
    pub cold_snapshot_interval: Duration,
    /// `share.coordinator.state.topic.prune.interval.ms`
    pub prune_interval: Duration,
}

impl Default for CoordinatorSettings {
    /// Kafka's defaults.
    fn default() -> Self {
        Self {
            updates_per_snapshot: 500,
            cold_snapshot_interval: Duration::from_secs(5 * 60),
            prune_interval: Duration::from_secs(5 * 60),
        }
    }
}
