use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use model::{TopicId, TopicName};

use crate::{GroupId, StreamsGroupConfig};

/// What the coordinator of consumer groups and streams groups has to know of the cluster, as one image of its metadata has it.
pub trait Cluster {
    /// Another number for another image.
    fn version(&self) -> u64;

    /// `None` when there is no such topic.
    fn topic(&self, name: &str) -> Option<TopicFacts>;

    fn topic_name(&self, id: TopicId) -> Option<TopicName>;

    /// The names of all topics that the whole of a pattern in RE2's syntax fits.
    fn matching(&self, pattern: &str) -> Result<BTreeSet<Arc<str>>, InvalidPattern>;

    /// Another number whenever [`Cluster::matching`] may give something else.
    fn names_version(&self) -> u64;

    /// The times of a consumer group, its own over the broker's.
    fn consumer_times(&self, group: &GroupId) -> ConsumerTimes;

    /// Those of a share group: `share.session.timeout.ms` and the like.
    fn share_times(&self, group: &GroupId) -> ConsumerTimes;

    /// The settings of a streams group, its own over the broker's.
    fn streams_config(&self, group: &GroupId) -> StreamsGroupConfig;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicFacts {
    pub id: TopicId,
    pub partition_count: u32,
}

/// A text that is not a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidPattern;

/// What may be set for each consumer group; Kafka's names are in the comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsumerTimes {
    /// `consumer.session.timeout.ms`
    pub session_timeout: Duration,
    /// `consumer.heartbeat.interval.ms`
    pub heartbeat_interval: Duration,
    /// `consumer.assignment.interval.ms`
    pub assignment_interval: Duration,
}

impl Default for ConsumerTimes {
    /// Kafka's defaults.
    fn default() -> Self {
        Self {
            session_timeout: Duration::from_secs(45),
            heartbeat_interval: Duration::from_secs(5),
            assignment_interval: Duration::from_secs(1),
        }
    }
}
