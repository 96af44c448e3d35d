use std::time::Duration;

/// What the operator may set about streams groups; Kafka's names are in the comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamsSettings {
    /// `group.streams.session.timeout.ms`, for members of which nothing else was heard since the start.
    pub session_timeout: Duration,
    /// `group.streams.max.size`
    pub member_count_max: usize,
}

impl Default for StreamsSettings {
    /// Kafka's defaults.
    fn default() -> Self {
        Self {
            session_timeout: Duration::from_secs(45),
            member_count_max: i32::MAX.unsigned_abs() as usize,
        }
    }
}

/// What may be set for each streams group; Kafka's names are in the comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamsGroupConfig {
    /// `streams.session.timeout.ms`
    pub session_timeout: Duration,
    /// `streams.heartbeat.interval.ms`
    pub heartbeat_interval: Duration,
    /// `streams.assignment.interval.ms`
    pub assignment_interval: Duration,
    /// `streams.initial.rebalance.delay.ms`
    pub initial_rebalance_delay: Duration,
    /// `streams.task.offset.interval.ms`
    pub task_offset_interval: Duration,
    /// `streams.acceptable.recovery.lag`
    pub acceptable_recovery_lag: i64,
    /// `streams.num.standby.replicas`
    pub standby_count: u32,
    /// `streams.rack.aware.assignment.tags`
    pub rack_tags: Vec<String>,
}

impl Default for StreamsGroupConfig {
    /// Kafka's defaults.
    fn default() -> Self {
        Self {
            session_timeout: Duration::from_secs(45),
            heartbeat_interval: Duration::from_secs(5),
            assignment_interval: Duration::from_secs(1),
            initial_rebalance_delay: Duration::from_secs(3),
            task_offset_interval: Duration::from_secs(60),
            acceptable_recovery_lag: 10_000,
            standby_count: 0,
            rack_tags: Vec::new(),
        }
    }
}

impl StreamsGroupConfig {
    /// Those that an assignment rests on, as the group's record has them.
    pub(crate) fn of_assignment(&self) -> std::collections::BTreeMap<String, String> {
        let standbys = ("num.standby.replicas".to_owned(), self.standby_count.to_string());
        let tags = ("rack.aware.assignment.tags".to_owned(), self.rack_tags.join(","));
        let has_tags = !self.rack_tags.is_empty();
        [standbys].into_iter().chain(has_tags.then_some(tags)).collect()
    }
}
