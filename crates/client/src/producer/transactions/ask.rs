//! What a transactional producer asks its coordinators, and what becomes of it when they refuse.

use std::collections::BTreeMap;

use model::{Offset, TopicPartition};
use wire::ErrorCode;

use crate::producer::accumulator::Identity;
use crate::{ClientError, ConsumerGroupMetadata};

/// One request to a coordinator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::producer) enum Ask {
    /// An id, or the next epoch of the one that this producer has (KIP-360).
    Identity {
        identity: Option<Identity>,
    },
    /// Version 1 only.
    AddPartitions {
        identity: Identity,
        partitions: Vec<TopicPartition>,
    },
    /// Version 1 only.
    AddOffsets {
        identity: Identity,
        group: String,
    },
    CommitOffsets {
        identity: Identity,
        group: ConsumerGroupMetadata,
        offsets: BTreeMap<TopicPartition, Offset>,
    },
    End {
        identity: Identity,
        commits: bool,
    },
}

/// What a coordinator granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::producer) enum Answer {
    Identity {
        identity: Identity,
        abilities: Abilities,
    },
    /// Partitions or offsets are in the transaction.
    Joined,
    /// The identity of the next transaction, in version 2.
    Ended(Option<Identity>),
}

/// What the cluster can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::producer) struct Abilities {
    /// Epochs change with each transaction, and what is written joins it (KIP-890).
    pub(in crate::producer) version_2: bool,
    /// A producer may ask for the next epoch of its own id (KIP-360).
    pub(in crate::producer) bumps_epochs: bool,
}

/// What an error means for the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Retry {
        /// The transaction before is still being ended.
        is_concurrent: bool,
    },
    Abortable,
    /// Somebody else has the transactional id now.
    Fenced,
    Fatal,
}

pub(super) fn class(error: &ClientError, abilities: Abilities) -> Class {
    if error.is_retriable() {
        let is_concurrent = error.code() == Some(ErrorCode::ConcurrentTransactions);
        return Class::Retry { is_concurrent };
    }
    match error.code() {
        Some(ErrorCode::InvalidProducerEpoch | ErrorCode::ProducerFenced) => Class::Fenced,
        // The coordinator forgot the id; a new epoch brings it back where a client may ask for one.
        Some(ErrorCode::UnknownProducerId | ErrorCode::InvalidProducerIdMapping) => {
            let may_ask = abilities.bumps_epochs && !abilities.version_2;
            if may_ask { Class::Abortable } else { Class::Fatal }
        }
        Some(
            ErrorCode::TransactionAbortable
            | ErrorCode::TopicAuthorizationFailed
            | ErrorCode::GroupAuthorizationFailed
            | ErrorCode::OperationNotAttempted
            | ErrorCode::IllegalGeneration
            | ErrorCode::UnknownMemberId
            | ErrorCode::FencedInstanceId
            | ErrorCode::FencedMemberEpoch
            | ErrorCode::StaleMemberEpoch,
        ) => Class::Abortable,
        _ => Class::Fatal,
    }
}

/// Whether the failure of a batch ends more than its transaction.
pub(super) fn is_fatal_for_batches(error: &ClientError) -> bool {
    matches!(
        error.code(),
        Some(
            ErrorCode::ClusterAuthorizationFailed
                | ErrorCode::TransactionalIdAuthorizationFailed
                | ErrorCode::ProducerFenced
                | ErrorCode::UnsupportedVersion
                | ErrorCode::InvalidProducerIdMapping
        )
    )
}
