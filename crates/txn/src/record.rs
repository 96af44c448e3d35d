use crate::{Transaction, TransactionVersion, TransactionalId};

/// One change of a shard's hard state, as it lies in `__transaction_state`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransactionRecord {
    Stored {
        id: TransactionalId,
        transaction: Transaction,
        format: Format,
    },
    /// The id is forgotten.
    Removed {
        id: TransactionalId,
    },
}

/// How a record is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Without previous and next producer id, and without the client's version.
    Plain,
    Tagged,
}

impl Format {
    /// Before the feature is raised, nothing is written that an older coordinator cannot read.
    pub const fn of(version: TransactionVersion) -> Self {
        match version {
            TransactionVersion::V0 => Self::Plain,
            TransactionVersion::V1 | TransactionVersion::V2 => Self::Tagged,
        }
    }
}
