//! A cluster for tests: topics by hand, and patterns that end in `.*`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use model::{PartitionId, PartitionIndex, TopicId, TopicName, Uuid};

use super::{Cluster, ConsumerHeartbeat, ConsumerTimes, InvalidPattern, Standing, TopicFacts};
use crate::test_world::group_id;
use crate::{Client, GroupId, MemberId, StreamsGroupConfig};

#[derive(Clone, Debug, Default)]
pub(crate) struct TestCluster {
    topics: BTreeMap<String, TopicFacts>,
    version: u64,
    names_version: u64,
    pub(crate) times: ConsumerTimes,
    pub(crate) streams: StreamsGroupConfig,
}

impl TestCluster {
    /// With topics `orders` of 4 partitions and `returns` of 2, and no pause between assignments.
    pub(crate) fn new() -> Self {
        let mut cluster = Self::default();
        cluster.times.assignment_interval = Duration::ZERO;
        cluster.set_topic("orders", 4);
        cluster.set_topic("returns", 2);
        cluster
    }

    /// Makes a topic, or gives it so many partitions.
    pub(crate) fn set_topic(&mut self, name: &str, partition_count: u32) {
        self.version += 1;
        let next = u8::try_from(self.version).unwrap();
        let id = match self.topics.get(name) {
            Some(topic) => topic.id,
            None => {
                self.names_version += 1;
                TopicId::new(Uuid::from_bytes([next; 16])).unwrap()
            }
        };
        self.topics.insert(name.to_owned(), TopicFacts { id, partition_count });
    }

    /// As [`TestCluster::set_topic`] of a new topic, except that the number of the names' version comes later.
    pub(crate) fn set_topic_unnoticed(&mut self, name: &str, partition_count: u32) {
        let before = self.names_version;
        self.set_topic(name, partition_count);
        self.names_version = before;
    }

    pub(crate) fn notice_names(&mut self) {
        self.names_version += 1;
    }

    pub(crate) fn remove_topic(&mut self, name: &str) {
        self.version += 1;
        self.names_version += 1;
        self.topics.remove(name);
    }

    pub(crate) fn partition(&self, topic: &str, index: i32) -> PartitionId {
        let partition = PartitionIndex::from_wire(index).unwrap();
        PartitionId { topic: self.topics[topic].id, partition }
    }

    pub(crate) fn partitions(&self, topic: &str) -> impl Iterator<Item = PartitionId> {
        let facts = self.topics.get(topic).copied();
        let count = facts.map_or(0, |facts| i32::try_from(facts.partition_count).unwrap());
        (0..count).map(move |index| PartitionId {
            topic: facts.unwrap().id,
            partition: PartitionIndex::from_wire(index).unwrap(),
        })
    }
}

impl Cluster for TestCluster {
    fn version(&self) -> u64 {
        self.version
    }

    fn topic(&self, name: &str) -> Option<TopicFacts> {
        self.topics.get(name).copied()
    }

    fn topic_name(&self, id: TopicId) -> Option<TopicName> {
        let (name, _) = self.topics.iter().find(|(_, facts)| facts.id == id)?;
        TopicName::new(name).ok()
    }

    fn matching(&self, pattern: &str) -> Result<BTreeSet<Arc<str>>, InvalidPattern> {
        let start = pattern.strip_suffix(".*").ok_or(InvalidPattern)?;
        let names = self.topics.keys().filter(|name| name.starts_with(start));
        Ok(names.map(|name| name.as_str().into()).collect())
    }

    fn names_version(&self) -> u64 {
        self.names_version
    }

    fn share_times(&self, _group: &GroupId) -> ConsumerTimes {
        self.times
    }

    fn consumer_times(&self, _: &GroupId) -> ConsumerTimes {
        self.times
    }

    fn streams_config(&self, _: &GroupId) -> StreamsGroupConfig {
        self.streams.clone()
    }
}

pub(crate) fn member(name: &str) -> MemberId {
    MemberId::new(name).unwrap()
}

pub(crate) fn names(topics: &[&str]) -> BTreeSet<Arc<str>> {
    topics.iter().map(|name| (*name).into()).collect()
}

/// A report that says nothing new.
pub(crate) fn report(name: &str, epoch: i32) -> ConsumerHeartbeat {
    ConsumerHeartbeat {
        group: group_id(),
        member: MemberId::new(name),
        standing: Standing::from_wire(epoch).unwrap(),
        instance: None,
        rack: None,
        client: Client { id: "app".into(), host: "/127.0.0.1".into() },
        rebalance_timeout: None,
        topics: None,
        pattern: None,
        assignor: None,
        owned: None,
    }
}

pub(crate) fn join(name: &str, topics: &[&str]) -> ConsumerHeartbeat {
    ConsumerHeartbeat {
        rebalance_timeout: Some(Duration::from_secs(60)),
        topics: Some(names(topics)),
        owned: Some(super::Assignment::new()),
        ..report(name, 0)
    }
}
