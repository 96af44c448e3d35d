//! The words that every other crate shares.
//!
//! A value of one of these types is valid: it was checked when it was made, at the edge, and nobody checks it
//! again. Raw integers live in `wire` only. Nothing here knows a clock, a disk, a socket or a thread.

mod bounded_queue;
mod epoch;
mod id;
mod instant;
mod java_hash;
mod name;
mod offset;
mod producer;
mod seeded_random;
mod timestamp;

pub use bounded_queue::{BoundedQueue, Full};
pub use epoch::{BrokerEpoch, ControllerEpoch, CoordinatorEpoch, LeaderEpoch, PartitionEpoch};
pub use id::{BrokerId, DirectoryId, ParseUuidError, PartitionIndex, TopicId, Uuid};
pub use instant::Instant;
pub use java_hash::{coordinator_partition, java_string_hash, key_partition, murmur2};
pub use name::{InvalidTopicName, TOPIC_NAME_SIZE_MAX, TopicName};
pub use offset::Offset;
pub use producer::{ProducerEpoch, ProducerId, Sequence};
pub use seeded_random::SeededRandom;
pub use timestamp::Timestamp;

/// A partition as clients name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicPartition {
    pub topic: TopicName,
    pub partition: PartitionIndex,
}

impl std::fmt::Display for TopicPartition {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}-{}", self.topic, self.partition)
    }
}

/// A partition as the log and the metadata name it: a topic made again under an old name is another topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartitionId {
    pub topic: TopicId,
    pub partition: PartitionIndex,
}
