use std::time::Duration;

use crate::consumer::ConsumerSettings;
use crate::share::ShareGroupSettings;
use crate::streams::StreamsSettings;

/// What the operator may set about groups and offsets; Kafka's names are in the comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupSettings {
    /// `group.min.session.timeout.ms`
    pub session_timeout_min: Duration,
    /// `group.max.session.timeout.ms`
    pub session_timeout_max: Duration,
    /// `group.initial.rebalance.delay.ms`
    pub initial_rebalance_delay: Duration,
    /// `group.max.size`
    pub member_count_max: usize,
    pub consumer: ConsumerSettings,
    pub share: ShareGroupSettings,
    pub streams: StreamsSettings,
    /// `offset.metadata.max.bytes`, which Kafka counts in UTF-16 units.
    pub offset_metadata_size_max: usize,
    /// `offsets.retention.minutes`
    pub offsets_retention: Duration,
    /// `offsets.retention.check.interval.ms`
    pub offsets_retention_check_interval: Duration,
}

impl Default for GroupSettings {
    /// Kafka's defaults.
    fn default() -> Self {
        Self {
            session_timeout_min: Duration::from_secs(6),
            session_timeout_max: Duration::from_secs(30 * 60),
            initial_rebalance_delay: Duration::from_secs(3),
            member_count_max: i32::MAX.unsigned_abs() as usize,
            consumer: ConsumerSettings::default(),
            share: ShareGroupSettings::default(),
            streams: StreamsSettings::default(),
            offset_metadata_size_max: 4096,
            offsets_retention: Duration::from_secs(7 * 24 * 60 * 60),
            offsets_retention_check_interval: Duration::from_secs(10 * 60),
        }
    }
}
