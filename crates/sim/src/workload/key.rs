use model::{PartitionId, PartitionIndex, TopicId, TopicName, TopicPartition, Uuid};

/// Partitions that are copied from, two for each copier.
pub(super) const INPUT_COUNT: u8 = 4;
/// Partitions that are copied to.
pub(super) const OUTPUT_COUNT: u8 = 2;

/// A partition of this world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Input(u8),
    Output(u8),
    /// Of the transaction coordinator.
    Transactions,
    /// Of the group coordinator.
    Offsets,
    /// Of the share coordinator.
    Shares,
}

impl Key {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let data = (0..INPUT_COUNT).map(Self::Input).chain((0..OUTPUT_COUNT).map(Self::Output));
        data.chain([Self::Transactions, Self::Offsets, Self::Shares])
    }

    /// Of the input and of the share coordinator's log records are deleted.
    pub(super) const fn is_compacted(self) -> bool {
        !matches!(self, Self::Input(_) | Self::Shares)
    }

    pub(super) fn named(name: &TopicPartition) -> Option<Self> {
        Self::all().find(|key| key.name() == *name)
    }

    pub(super) fn of_transaction(partition: &txn::PartitionKey) -> Option<Self> {
        let txn::PartitionKey { topic, partition } = partition.clone();
        Self::named(&TopicPartition { topic, partition })
    }

    pub(super) fn name(self) -> TopicPartition {
        let (topic, partition) = match self {
            Self::Input(index) => ("input", index),
            Self::Output(index) => ("output", index),
            Self::Transactions => ("__transaction_state", 0),
            Self::Offsets => ("__consumer_offsets", 0),
            Self::Shares => ("__share_group_state", 0),
        };
        let topic = TopicName::new(topic).unwrap_or_else(|_| unreachable!("a topic's name"));
        let partition = PartitionIndex::from_wire(i32::from(partition));
        TopicPartition { topic, partition: partition.unwrap_or(PartitionIndex::ZERO) }
    }

    pub(super) fn id(self) -> PartitionId {
        let topic = match self {
            Self::Input(_) => 1,
            Self::Output(_) => 2,
            Self::Transactions => 3,
            Self::Offsets => 4,
            Self::Shares => 5,
        };
        let topic = TopicId::new(Uuid::from_bytes([topic; 16]));
        let topic = topic.unwrap_or_else(|| unreachable!("not zero"));
        PartitionId { topic, partition: self.name().partition }
    }

    pub(super) fn in_transaction(self) -> txn::PartitionKey {
        let TopicPartition { topic, partition } = self.name();
        txn::PartitionKey { topic, partition }
    }

    pub(super) fn in_group(self) -> group::PartitionKey {
        let TopicPartition { topic, partition } = self.name();
        group::PartitionKey { topic, partition }
    }
}
