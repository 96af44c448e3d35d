//! What a client knows of the cluster: brokers, topics, leaders.

use std::collections::BTreeMap;

use model::Uuid;
use wire::ErrorCode;
use wire::messages::MetadataResponse;
use wire::messages::metadata_response::{MetadataResponsePartition, MetadataResponseTopic};

use crate::ServerAddress;

/// One broker and where it listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broker {
    pub id: i32,
    pub address: ServerAddress,
    pub rack: Option<String>,
}

/// One answer to Metadata, or what was learnt from several.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// `None` from brokers older than 0.10.1.
    pub cluster_id: Option<String>,
    /// In a KRaft cluster some broker, which hands requests on; `None` when there is none at present.
    pub controller: Option<i32>,
    pub brokers: BTreeMap<i32, Broker>,
    pub topics: BTreeMap<String, TopicMetadata>,
}

#[derive(Clone, Debug)]
pub struct TopicMetadata {
    /// Zero from brokers older than 2.8.
    pub id: Uuid,
    pub is_internal: bool,
    /// [`ErrorCode::None`], or why the rest is empty.
    pub error_code: i16,
    /// In the order of their indexes, from 0.
    pub partitions: Vec<PartitionMetadata>,
}

#[derive(Clone, Debug)]
pub struct PartitionMetadata {
    pub index: i32,
    /// `None` when there is none at present.
    pub leader: Option<i32>,
    pub leader_epoch: i32,
    pub replicas: Vec<i32>,
    pub in_sync: Vec<i32>,
    pub offline: Vec<i32>,
}

impl Metadata {
    pub(crate) fn new(response: MetadataResponse) -> Self {
        let mut metadata = Self {
            cluster_id: response.cluster_id,
            controller: (response.controller_id >= 0).then_some(response.controller_id),
            ..Self::default()
        };
        for broker in response.brokers {
            // A port that is none cannot be reached anyway.
            let Ok(port) = u16::try_from(broker.port) else { continue };
            let address = ServerAddress { host: broker.host, port };
            let broker = Broker { id: broker.node_id, address, rack: broker.rack };
            metadata.brokers.insert(broker.id, broker);
        }
        for mut topic in response.topics {
            if let Some(name) = topic.name.take() {
                metadata.topics.insert(name, TopicMetadata::new(topic));
            }
        }
        metadata
    }

    /// Takes over what a newer answer says; topics that it does not name stay.
    pub(crate) fn merge(&mut self, newer: Self) {
        self.cluster_id = newer.cluster_id;
        self.controller = newer.controller;
        self.brokers = newer.brokers;
        for (name, topic) in newer.topics {
            let is_gone = topic.error_code == ErrorCode::UnknownTopicOrPartition.code();
            match self.topics.get(&name) {
                _ if is_gone => {
                    self.topics.remove(&name);
                }
                Some(known) if topic.is_older_than(known) => {}
                _ => {
                    self.topics.insert(name, topic);
                }
            }
        }
    }

    pub fn partition(&self, topic: &str, index: i32) -> Option<&PartitionMetadata> {
        self.topics.get(topic)?.partitions.get(usize::try_from(index).ok()?)
    }

    pub fn leader(&self, topic: &str, index: i32) -> Option<i32> {
        self.partition(topic, index)?.leader
    }
}

impl TopicMetadata {
    fn new(topic: MetadataResponseTopic) -> Self {
        let mut partitions: Vec<_> =
            topic.partitions.into_iter().map(PartitionMetadata::new).collect();
        partitions.sort_by_key(|partition| partition.index);
        Self {
            id: topic.topic_id,
            is_internal: topic.is_internal,
            error_code: topic.error_code,
            partitions,
        }
    }

    /// Whether a broker that lags behind gave this: the same topic with an older leader epoch (KIP-320).
    fn is_older_than(&self, known: &Self) -> bool {
        let older = |new: &PartitionMetadata| {
            known.partitions.iter().any(|known| {
                known.index == new.index
                    && new.leader_epoch >= 0
                    && new.leader_epoch < known.leader_epoch
            })
        };
        self.error_code == 0 && self.id == known.id && self.partitions.iter().any(older)
    }
}

impl PartitionMetadata {
    fn new(partition: MetadataResponsePartition) -> Self {
        Self {
            index: partition.partition_index,
            leader: (partition.leader_id >= 0).then_some(partition.leader_id),
            leader_epoch: partition.leader_epoch,
            replicas: partition.replica_nodes,
            in_sync: partition.isr_nodes,
            offline: partition.offline_replicas,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(epoch: i32, leader: i32, error_code: i16) -> Metadata {
        let partition = MetadataResponsePartition {
            leader_id: leader,
            leader_epoch: epoch,
            ..MetadataResponsePartition::default()
        };
        let topic = MetadataResponseTopic {
            name: Some("t".to_owned()),
            error_code,
            partitions: vec![partition],
            ..MetadataResponseTopic::default()
        };
        Metadata::new(MetadataResponse { topics: vec![topic], ..MetadataResponse::default() })
    }

    #[test]
    fn an_answer_with_an_older_leader_epoch_changes_nothing() {
        let mut metadata = answer(5, 2, 0);
        metadata.merge(answer(4, 1, 0));
        assert_eq!(metadata.leader("t", 0), Some(2));
        metadata.merge(answer(6, 3, 0));
        assert_eq!(metadata.leader("t", 0), Some(3));
    }

    #[test]
    fn a_partition_without_a_leader_has_none() {
        assert_eq!(answer(5, -1, 0).leader("t", 0), None);
        assert_eq!(answer(5, 1, 0).leader("t", 1), None);
        assert_eq!(answer(5, 1, 0).leader("u", 0), None);
    }

    #[test]
    fn a_topic_that_is_gone_is_forgotten() {
        let mut metadata = answer(5, 2, 0);
        metadata.merge(answer(0, -1, 3));
        assert!(metadata.topics.is_empty());
    }
}
