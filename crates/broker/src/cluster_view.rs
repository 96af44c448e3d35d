use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use group::{Cluster, ConsumerTimes, GroupId, InvalidPattern, StreamsGroupConfig, TopicFacts};
use metadata::{ConfigKind, ConfigResource, Image};
use model::{TopicId, TopicName};
use regex::RegexBuilder;
use settings::{BrokerConfig, ConsumerGroupTimes, RawSettings};

use crate::Broker;
use crate::limits::PATTERN_PROGRAM_SIZE_MAX;

/// The cluster as the coordinator of consumer groups and streams groups sees it, during one request.
pub(crate) struct ClusterView {
    image: Arc<Image>,
    config: Arc<BrokerConfig>,
    names_version: u64,
}

impl ClusterView {
    pub(crate) fn of(broker: &Broker) -> Self {
        // The version first: an image that is newer than it only costs a second look.
        let names_version = broker.groups().names_version();
        Self { image: broker.image(), config: broker.config(), names_version }
    }

    fn own_settings(&self, group: &GroupId) -> RawSettings {
        let name = group.as_str().to_owned();
        let own = self.image.config(&ConfigResource { kind: ConfigKind::Group, name });
        own.cloned().unwrap_or_default()
    }
}

impl Cluster for ClusterView {
    fn version(&self) -> u64 {
        self.image.end().to_wire().unsigned_abs()
    }

    fn topic(&self, name: &str) -> Option<TopicFacts> {
        let topic = self.image.topic(name)?;
        let partition_count = u32::try_from(topic.partitions.len()).ok()?;
        Some(TopicFacts { id: topic.id, partition_count })
    }

    fn topic_name(&self, id: TopicId) -> Option<TopicName> {
        self.image.topic_name(id).cloned()
    }

    fn matching(&self, pattern: &str) -> Result<BTreeSet<Arc<str>>, InvalidPattern> {
        // It must be a pattern by itself, so that it cannot close the group that is put around it.
        let compile =
            |text: &str| RegexBuilder::new(text).size_limit(PATTERN_PROGRAM_SIZE_MAX).build();
        compile(pattern).map_err(|_| InvalidPattern)?;
        let whole = compile(&format!("^(?:{pattern})$")).map_err(|_| InvalidPattern)?;
        let names = self.image.topics().map(|topic| topic.name.as_str());
        Ok(names.filter(|name| whole.is_match(name)).map(Into::into).collect())
    }

    fn names_version(&self) -> u64 {
        self.names_version
    }

    fn share_times(&self, group: &GroupId) -> ConsumerTimes {
        let name = group.as_str().to_owned();
        let own = self.image.config(&ConfigResource { kind: ConfigKind::Group, name });
        let times = own.and_then(|own| self.config.share_group(own).ok()).map(|own| own.times);
        times_of(times.unwrap_or(self.config.settings().groups.share.own.times))
    }

    fn consumer_times(&self, group: &GroupId) -> ConsumerTimes {
        let own = self.own_settings(group);
        // Settings that an older version of the rules let in and that cannot be read are none.
        let times = self.config.consumer_group_times(&own);
        let times = times.unwrap_or(self.config.settings().groups.consumer.times);
        times_of(times)
    }

    fn streams_config(&self, group: &GroupId) -> StreamsGroupConfig {
        let own = self.config.streams_group(&self.own_settings(group));
        let own = own.unwrap_or_else(|_| self.config.settings().groups.streams.own.clone());
        let millis = |millis: u32| Duration::from_millis(u64::from(millis));
        StreamsGroupConfig {
            session_timeout: millis(own.session_timeout_ms),
            heartbeat_interval: millis(own.heartbeat_interval_ms),
            assignment_interval: millis(own.assignment_interval_ms),
            initial_rebalance_delay: millis(own.initial_rebalance_delay_ms),
            task_offset_interval: millis(own.task_offset_interval_ms),
            acceptable_recovery_lag: own.acceptable_recovery_lag,
            standby_count: own.standby_count,
            rack_tags: own.rack_tags,
        }
    }
}

fn times_of(times: ConsumerGroupTimes) -> ConsumerTimes {
    let millis = |millis: u32| Duration::from_millis(u64::from(millis));
    ConsumerTimes {
        session_timeout: millis(times.session_timeout_ms),
        heartbeat_interval: millis(times.heartbeat_interval_ms),
        assignment_interval: millis(times.assignment_interval_ms),
    }
}
