mod remedy;

use std::sync::Arc;
use std::time::Duration;

use model::TopicPartition;
use wire::{ApiKey, DecodeError, EncodeError, VersionRange};

use crate::ServerAddress;
use crate::error_map::Refused;

pub use remedy::Remedy;

pub type Result<T> = std::result::Result<T, ClientError>;

/// Why something asked of a cluster did not happen. Each says what to do where that is known.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ClientError {
    /// None of the addresses took a connection.
    #[error(
        "no broker answers at {addresses}: {reason}; check that it runs and that the address is right"
    )]
    Unreachable { addresses: String, reason: Arc<Self> },
    #[error("cannot connect to {address}: {source}")]
    Connect { address: ServerAddress, source: Arc<std::io::Error> },
    /// The broker there is another one than metadata said, or of another cluster (KIP-1242).
    #[error("{address} is not the broker that it was taken for; the brokers are asked for again")]
    Misrouted { address: ServerAddress },
    /// Whether the request was carried out is not known.
    #[error("the connection to {address} broke: {source}")]
    Broken { address: ServerAddress, source: Arc<std::io::Error> },
    /// Whether the request was carried out is not known.
    #[error("{address} closed the connection")]
    Closed { address: ServerAddress },
    /// Whether the request was carried out is not known.
    #[error("{address} did not answer {api} within {} ms", .after.as_millis())]
    TimedOut { address: ServerAddress, api: ApiKey, after: Duration },
    #[error("{address} offers {api} in versions {offered}, this client speaks {known}")]
    NotOffered { address: ServerAddress, api: ApiKey, offered: VersionRange, known: VersionRange },
    #[error("{address} does not speak Kafka's protocol: an answer claims {size} bytes")]
    AnswerTooLarge { address: ServerAddress, size: i64 },
    #[error("{address} answered request {received} when {expected} was due")]
    Correlation { address: ServerAddress, expected: i32, received: i32 },
    #[error("{address} sent an answer to {api} that cannot be read: {source}")]
    Malformed { address: ServerAddress, api: ApiKey, source: DecodeError },
    #[error("{api} cannot be sent in the version that {address} offers: {source}")]
    NotEncodable { address: ServerAddress, api: ApiKey, source: EncodeError },
    #[error("{0}")]
    Refused(#[from] Refused),
    /// The answer lacks what was asked for.
    #[error("{address} left {what} out of its answer")]
    Incomplete { address: ServerAddress, what: &'static str },
    #[error("{0} is not a broker of the cluster")]
    UnknownBroker(i32),
    #[error("topic {0} does not exist; create it first")]
    UnknownTopic(String),
    #[error("topic {topic} has {count} partitions, so there is no partition {partition}")]
    UnknownPartition { topic: String, partition: i32, count: usize },
    #[error("partition {0} has no leader")]
    NoLeader(TopicPartition),
    #[error("no answer came to records for {0}")]
    Unanswered(TopicPartition),
    /// `max.block.ms` is over. The record was not taken.
    #[error("no room or no metadata for a record within {} ms; {reason}", .after.as_millis())]
    Blocked { after: Duration, reason: &'static str },
    #[error("group {group} has no offset for {partition}, and no place to begin was given")]
    NoOffset { group: String, partition: TopicPartition },
    /// The broker has given the records to others, or will.
    #[error("share group {0}: the records were given back before anything was said of them")]
    ShareSessionLost(String),
    #[error(transparent)]
    Config(#[from] crate::ConfigError),
    #[error("a record of {size} bytes does not fit in {size_max} bytes")]
    RecordTooLarge { size: usize, size_max: usize },
    #[error("records for {partition} were not acknowledged within {} ms; the last reason: {reason}", .after.as_millis())]
    DeliveryTimedOut { partition: TopicPartition, after: Duration, reason: Arc<Self> },
    /// It may or may not be in the log; sending it again could double it.
    #[error(
        "whether records for {0} were written is not known: the producer's id was lost before an answer came"
    )]
    OutcomeUnknown(TopicPartition),
    #[error("records were not compressed: {0}")]
    Compression(#[from] record::BuildError),
    #[error("the producer was closed")]
    ProducerClosed,
    /// Another producer began under the same transactional id. This one can write nothing any more, and its open transaction
    /// is aborted (KIP-360, KIP-588).
    #[error(
        "another producer took over the transactional id {transactional_id}; close this one, and begin again from what is committed"
    )]
    ProducerFenced { transactional_id: String },
    /// Nothing can join the transaction any more, and it cannot be committed.
    #[error("the transaction can only be aborted: {reason}")]
    TransactionAbortable { reason: Arc<Self> },
    /// Of a record: it was not sent, because its transaction was aborted before.
    #[error("the transaction was aborted")]
    TransactionAborted,
    /// `max.block.ms` is over, and the coordinator has not decided yet. It is asked on.
    #[error("the coordinator of transactions did not decide within {} ms; the last reason: {reason}", .after.as_millis())]
    TransactionPending { after: Duration, reason: Arc<Self> },
    #[error("batch at offset {offset} of {partition} cannot be read: {reason}")]
    CorruptBatch { partition: TopicPartition, offset: i64, reason: CorruptBatch },
    #[error(
        "offset {offset} of {partition} is outside what the partition holds; begin at another offset"
    )]
    OffsetOutOfRange { partition: TopicPartition, offset: i64 },
    #[error("the name '{0}' of a topic is not valid")]
    TopicName(String),
    #[error(
        "group {group} has no partition assignor in common with this client, which was told to know {known}"
    )]
    UnknownAssignor { group: String, known: String },
    #[error("group {group} sent member data that cannot be read: {source}")]
    GroupData { group: String, source: DecodeError },
}

/// What is wrong with a fetched batch.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub enum CorruptBatch {
    #[error(transparent)]
    Batch(#[from] record::BatchError),
    #[error(transparent)]
    Records(#[from] record::RecordError),
}

impl ClientError {
    /// Whether the same request may succeed later, or at another broker.
    pub fn is_retriable(&self) -> bool {
        match self {
            Self::Connect { .. }
            | Self::Broken { .. }
            | Self::Closed { .. }
            | Self::TimedOut { .. }
            | Self::Misrouted { .. }
            | Self::Unreachable { .. }
            | Self::UnknownBroker(_)
            | Self::NoLeader(_) => true,
            Self::Refused(refused) => refused.is_retriable(),
            _ => false,
        }
    }

    /// Whether the request may have been carried out although no answer came.
    pub fn is_outcome_unknown(&self) -> bool {
        matches!(self, Self::Broken { .. } | Self::Closed { .. } | Self::TimedOut { .. })
    }

    /// The code, if a broker refused.
    pub fn code(&self) -> Option<wire::ErrorCode> {
        match self {
            Self::Refused(refused) => refused.code(),
            _ => None,
        }
    }
}
