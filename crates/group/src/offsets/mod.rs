//! Committed offsets: what a group wants to read next, in each partition.

mod commit;
mod delete;
mod expiry;
mod fetch;
mod group_offsets;
#[cfg(test)]
mod tests;
mod transactions;

use std::sync::Arc;

use model::{LeaderEpoch, Offset, PartitionIndex, Timestamp, TopicId, TopicName};

pub use commit::{CommitOffsets, OffsetToCommit};
pub use delete::DeletedTopic;
pub use fetch::FetchedOffset;
pub(crate) use group_offsets::GroupOffsets;
pub use transactions::TransactionOutcome;
pub(crate) use transactions::Transactions;

/// A partition as offsets are stored under: by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartitionKey {
    pub topic: TopicName,
    pub partition: PartitionIndex,
}

/// An offset that a group has committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommittedOffset {
    /// `None` when the client committed a negative number; it reads as "nothing committed".
    pub offset: Option<Offset>,
    /// Of the last record consumed, so that the consumer can find out about truncation (KIP-320).
    pub leader_epoch: Option<LeaderEpoch>,
    pub metadata: Arc<str>,
    pub committed_at: Timestamp,
    /// Set by old clients that ask for a retention of their own.
    pub expires_at: Option<Timestamp>,
    /// Tells a topic from a later one of the same name; `None` in old records.
    pub topic_id: Option<TopicId>,
    /// Where its record lies; decides which of a transaction's and an ordinary commit is newer.
    pub record_offset: Option<Offset>,
}

impl CommittedOffset {
    pub(crate) fn recorded_at(mut self, at: Offset) -> Self {
        self.record_offset = Some(at);
        self
    }

    /// Whether it belongs to a topic of that id, as far as both are known.
    pub(crate) fn is_of(&self, topic_id: Option<TopicId>) -> bool {
        match (self.topic_id, topic_id) {
            (Some(own), Some(asked)) => own == asked,
            _ => true,
        }
    }
}
