use std::time::Duration;

/// What the operator may set about share groups; Kafka's names are in the comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareGroupSettings {
    /// `group.share.session.timeout.ms`, for members of which nothing else was heard since the start.
    pub session_timeout: Duration,
    /// `group.share.max.size`
    pub member_count_max: usize,
    /// `group.share.initialize.retry.interval.ms`
    pub initialize_retry_interval: Duration,
}

impl Default for ShareGroupSettings {
    /// Kafka's defaults.
    fn default() -> Self {
        Self {
            session_timeout: Duration::from_secs(45),
            member_count_max: 200,
            initialize_retry_interval: Duration::from_secs(30),
        }
    }
}
