use std::time::Duration;

use super::Assignor;

/// What the operator may set about consumer groups; Kafka's names are in the comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerSettings {
    /// `group.consumer.session.timeout.ms`, for members of which nothing else was heard since the start.
    pub session_timeout: Duration,
    /// `group.consumer.max.size`
    pub member_count_max: usize,
    /// `group.consumer.assignors`; the first is taken when members name none. Never empty.
    pub assignors: Vec<Assignor>,
    /// `group.consumer.migration.policy`
    pub migration: MigrationPolicy,
    /// `group.consumer.regex.refresh.interval.ms`
    pub regex_refresh_interval: Duration,
}

/// Which groups with members may turn into the other type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MigrationPolicy {
    /// A classic one, when the first member of the new protocol comes.
    pub upgrade: bool,
    /// A consumer group, when the last member of the new protocol goes.
    pub downgrade: bool,
}

impl Default for ConsumerSettings {
    /// Kafka's defaults.
    fn default() -> Self {
        Self {
            session_timeout: Duration::from_secs(45),
            member_count_max: i32::MAX.unsigned_abs() as usize,
            assignors: vec![Assignor::Uniform, Assignor::Range],
            migration: MigrationPolicy { upgrade: true, downgrade: true },
            regex_refresh_interval: Duration::from_secs(10 * 60),
        }
    }
}
