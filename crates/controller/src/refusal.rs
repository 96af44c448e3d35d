use model::{BrokerEpoch, BrokerId, InvalidTopicName, PartitionIndex};

/// Why the controller does not do what was asked. The text is for the client; which code it gets is chosen by the
/// broker's error map.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{0}")]
    InvalidTopicName(#[from] InvalidTopicName),
    #[error("topic '{name}' collides with existing topic: {existing}")]
    TopicNameCollides { name: String, existing: String },
    #[error("topic '{0}' already exists")]
    TopicExists(String),
    #[error("this server does not host this topic-partition")]
    UnknownTopicOrPartition,
    #[error("this server does not host this topic id")]
    UnknownTopicId,
    #[error("topic deletion is disabled")]
    TopicDeletionDisabled,
    #[error("{0}")]
    InvalidPartitions(String),
    #[error("{0}")]
    InvalidReplicationFactor(String),
    #[error("{0}")]
    InvalidReplicaAssignment(String),
    #[error("{0}")]
    InvalidConfig(String),
    #[error("{0}")]
    InvalidRequest(String),
    #[error("{0}")]
    PolicyViolation(String),
    #[error("{0}")]
    UnsupportedVersion(String),
    #[error("{0}")]
    InvalidUpdateVersion(String),
    #[error("the request stays without effect because another part of it was refused: {0}")]
    FeatureUpdateFailed(String),
    #[error("no broker with id {0} is registered")]
    BrokerNotRegistered(BrokerId),
    #[error("broker {id} sent epoch {given}, which is not its current one")]
    StaleBrokerEpoch { id: BrokerId, given: BrokerEpoch },
    #[error("another broker is registered as broker {0} and alive")]
    DuplicateBroker(BrokerId),
    #[error("expected cluster id {expected}, but got {given}")]
    InconsistentClusterId { expected: String, given: String },
    #[error("leader election is not needed for the partition")]
    ElectionNotNeeded,
    #[error("the preferred leader of partition {0} is not available")]
    PreferredLeaderNotAvailable(PartitionIndex),
    #[error("no eligible leader of partition {0} is available")]
    EligibleLeadersNotAvailable(PartitionIndex),
    #[error("no partition reassignment is in progress")]
    NoReassignmentInProgress,
    #[error("every producer id has been given out")]
    ProducerIdsExhausted,
}
