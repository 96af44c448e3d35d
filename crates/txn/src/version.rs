/// The rules of transactions, as the feature `transaction.version` counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TransactionVersion {
    #[default]
    V0,
    /// The log's records have tagged fields.
    V1,
    /// The epoch grows with each transaction, and partitions join by being written to (KIP-890).
    V2,
}

impl TransactionVersion {
    /// A level above the newest one has its rules at least; a negative one is none.
    pub const fn from_level(level: i16) -> Self {
        match level {
            ..=0 => Self::V0,
            1 => Self::V1,
            2.. => Self::V2,
        }
    }

    pub const fn level(self) -> i16 {
        match self {
            Self::V0 => 0,
            Self::V1 => 1,
            Self::V2 => 2,
        }
    }

    pub const fn bumps_epoch(self) -> bool {
        matches!(self, Self::V2)
    }
}
