use model::{BrokerId, LeaderEpoch};

/// Why a request does not reach a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartitionError {
    /// Kafka's UNKNOWN_TOPIC_OR_PARTITION, 3.
    #[error("unknown topic")]
    UnknownTopic,
    /// A topic named by id. Kafka's UNKNOWN_TOPIC_ID, 100.
    #[error("unknown topic id")]
    UnknownTopicId,
    /// Kafka's UNKNOWN_TOPIC_OR_PARTITION, 3.
    #[error("the topic has no such partition")]
    UnknownPartition,
    /// Another broker leads, or none. Kafka's NOT_LEADER_OR_FOLLOWER, 6.
    #[error("led by another broker")]
    NotLeader { leader: Option<BrokerId>, leader_epoch: LeaderEpoch },
    /// Its log directory failed. Kafka's KAFKA_STORAGE_ERROR, 56.
    #[error("the log directory is offline")]
    Offline,
}
