//! The one place where errors of the domain become Kafka's codes. No arm is a wildcard: whoever adds an error chooses its
//! code here, or it does not compile.

use controller::Refusal;
use group::GroupError;
use io::arena::ArenaFull;
use record::InvalidBatch;
use replica::{AppendError, DeleteRecordsError, FetchRefused, ProducerError};
use share::{AcknowledgeError, CoordinatorError, WriteError};
use storage::StorageError;
use txn::TransactionError;
use wire::ErrorCode;

use crate::coordinator::Unavailable;
use crate::fetch_session::SessionError;
use crate::partition_error::PartitionError;
use crate::shares::StateRefused;
use crate::transactions::{self, MarkerNotWritten};

pub fn append_error(error: &AppendError) -> ErrorCode {
    match error {
        AppendError::Producer(error) => producer_error(error),
        AppendError::NotEnoughReplicas { .. } => ErrorCode::NotEnoughReplicas,
        AppendError::NotEnoughReplicasAfterAppend => ErrorCode::NotEnoughReplicasAfterAppend,
        AppendError::ControlBatch => ErrorCode::InvalidRecord,
        AppendError::OffsetsExhausted => ErrorCode::UnknownServerError,
        AppendError::TimedOut | AppendError::TooManyWaiting => ErrorCode::RequestTimedOut,
        AppendError::NotLeader => ErrorCode::NotLeaderOrFollower,
        AppendError::Storage => ErrorCode::KafkaStorageError,
    }
}

pub fn producer_error(error: &ProducerError) -> ErrorCode {
    match error {
        ProducerError::FencedEpoch { .. } => ErrorCode::InvalidProducerEpoch,
        ProducerError::OutOfOrder { .. } => ErrorCode::OutOfOrderSequenceNumber,
        ProducerError::TransactionOpen | ProducerError::NotInTransaction => {
            ErrorCode::InvalidTxnState
        }
        ProducerError::FencedCoordinator { .. } => ErrorCode::TransactionCoordinatorFenced,
    }
}

pub fn invalid_batch(error: &InvalidBatch) -> ErrorCode {
    match error {
        InvalidBatch::Incomplete { .. }
        | InvalidBatch::LegacyMagic(_)
        | InvalidBatch::SeveralBatches
        | InvalidBatch::BaseOffset(_)
        | InvalidBatch::Attributes(_)
        | InvalidBatch::LastOffsetDelta(_)
        | InvalidBatch::RecordCount(_)
        | InvalidBatch::CountMismatch { .. }
        | InvalidBatch::Control
        | InvalidBatch::ProducerEpoch(_)
        | InvalidBatch::NoSequence
        | InvalidBatch::NoProducerId
        | InvalidBatch::NoKey { .. }
        | InvalidBatch::NullValue { .. }
        | InvalidBatch::UnmarkedNullValue { .. }
        | InvalidBatch::OffsetDelta { .. }
        | InvalidBatch::Records(_) => ErrorCode::InvalidRecord,
        InvalidBatch::Size(_)
        | InvalidBatch::UnknownMagic(_)
        | InvalidBatch::Crc { .. }
        | InvalidBatch::Decompress(_) => ErrorCode::CorruptMessage,
        InvalidBatch::ZstdNotAllowed | InvalidBatch::UnknownCodec => {
            ErrorCode::UnsupportedCompressionType
        }
        InvalidBatch::TooLarge { .. } | InvalidBatch::DecompressedTooLarge { .. } => {
            ErrorCode::MessageTooLarge
        }
        InvalidBatch::LogAppendTime | InvalidBatch::Timestamp { .. } => ErrorCode::InvalidTimestamp,
    }
}

pub fn fetch_refused(error: &FetchRefused) -> ErrorCode {
    match error {
        FetchRefused::OutOfRange { .. } => ErrorCode::OffsetOutOfRange,
        FetchRefused::FencedEpoch { .. } => ErrorCode::FencedLeaderEpoch,
        FetchRefused::UnknownEpoch { .. } => ErrorCode::UnknownLeaderEpoch,
    }
}

pub fn delete_records_error(error: &DeleteRecordsError) -> ErrorCode {
    match error {
        DeleteRecordsError::AboveHighWatermark { .. } => ErrorCode::OffsetOutOfRange,
    }
}

pub fn partition_error(error: &PartitionError) -> ErrorCode {
    match error {
        PartitionError::UnknownTopic | PartitionError::UnknownPartition => {
            ErrorCode::UnknownTopicOrPartition
        }
        PartitionError::UnknownTopicId => ErrorCode::UnknownTopicId,
        PartitionError::NotLeader { .. } => ErrorCode::NotLeaderOrFollower,
        PartitionError::Offline => ErrorCode::KafkaStorageError,
    }
}

pub fn storage_error(error: &StorageError) -> ErrorCode {
    match error {
        // Deleted since the read was planned.
        StorageError::Gone => ErrorCode::OffsetOutOfRange,
        StorageError::Corrupt { .. } => ErrorCode::CorruptMessage,
        // Those who can plan again do; the client may.
        StorageError::Io { .. }
        | StorageError::Replaced
        | StorageError::Locked { .. }
        | StorageError::Unguarded { .. }
        | StorageError::WalGone { .. }
        | StorageError::Exchanged { .. }
        | StorageError::Offline => ErrorCode::KafkaStorageError,
    }
}

pub(crate) fn session_error(error: &SessionError) -> ErrorCode {
    match error {
        SessionError::Unknown => ErrorCode::FetchSessionIdNotFound,
        SessionError::Epoch => ErrorCode::InvalidFetchSessionEpoch,
        SessionError::TopicIds => ErrorCode::FetchSessionTopicIdError,
    }
}

/// No memory to keep a batch in. The client tries again.
pub(crate) fn arena_full(full: &ArenaFull) -> ErrorCode {
    match full {
        ArenaFull => ErrorCode::RequestTimedOut,
    }
}

pub fn group_error(error: &GroupError) -> ErrorCode {
    match error {
        GroupError::InvalidGroupId => ErrorCode::InvalidGroupId,
        GroupError::InvalidSessionTimeout => ErrorCode::InvalidSessionTimeout,
        GroupError::MemberIdRequired => ErrorCode::MemberIdRequired,
        GroupError::UnknownMember => ErrorCode::UnknownMemberId,
        GroupError::FencedInstance => ErrorCode::FencedInstanceId,
        GroupError::IllegalGeneration => ErrorCode::IllegalGeneration,
        GroupError::RebalanceInProgress => ErrorCode::RebalanceInProgress,
        GroupError::InconsistentProtocol => ErrorCode::InconsistentGroupProtocol,
        GroupError::GroupFull | GroupError::MembersTooLarge => ErrorCode::GroupMaxSizeReached,
        GroupError::GroupNotFound => ErrorCode::GroupIdNotFound,
        GroupError::NotConsumerGroup
        | GroupError::NotShareGroup
        | GroupError::NotStreamsGroup
        | GroupError::NotClassicGroup => ErrorCode::GroupIdNotFound,
        GroupError::InvalidTopology(_) => ErrorCode::StreamsInvalidTopology,
        GroupError::TopologyChanged | GroupError::UnknownTask => ErrorCode::InvalidRequest,
        GroupError::FencedMemberEpoch => ErrorCode::FencedMemberEpoch,
        GroupError::StaleMemberEpoch => ErrorCode::StaleMemberEpoch,
        GroupError::VersionTooOld => ErrorCode::UnsupportedVersion,
        GroupError::UnreleasedInstance => ErrorCode::UnreleasedInstanceId,
        GroupError::UnsupportedAssignor => ErrorCode::UnsupportedAssignor,
        GroupError::InvalidPattern => ErrorCode::InvalidRegularExpression,
        GroupError::NonEmptyGroup => ErrorCode::NonEmptyGroup,
        GroupError::SubscribedToTopic => ErrorCode::GroupSubscribedToTopic,
        GroupError::OffsetMetadataTooLarge => ErrorCode::OffsetMetadataTooLarge,
        GroupError::RecordTooLarge => ErrorCode::UnknownServerError,
        GroupError::UnstableOffset => ErrorCode::UnstableOffsetCommit,
    }
}

/// Of a share-partition's leader.
pub(crate) fn acknowledge_error(error: &AcknowledgeError) -> ErrorCode {
    match error {
        AcknowledgeError::InvalidRequest => ErrorCode::InvalidRequest,
        AcknowledgeError::InvalidRecordState | AcknowledgeError::RenewNotAllowed => {
            ErrorCode::InvalidRecordState
        }
        AcknowledgeError::NotLeader => ErrorCode::NotLeaderOrFollower,
        AcknowledgeError::TooManyWaiting => ErrorCode::RequestTimedOut,
        AcknowledgeError::Write(error) => match error {
            WriteError::CoordinatorNotAvailable => ErrorCode::CoordinatorNotAvailable,
            WriteError::GroupNotFound => ErrorCode::GroupIdNotFound,
            WriteError::UnknownTopicOrPartition => ErrorCode::UnknownTopicOrPartition,
            WriteError::Fenced => ErrorCode::NotLeaderOrFollower,
            WriteError::Failed => ErrorCode::UnknownServerError,
        },
    }
}

pub(crate) fn share_session_error(error: &share::SessionError) -> ErrorCode {
    match error {
        share::SessionError::NotFound => ErrorCode::ShareSessionNotFound,
        share::SessionError::InvalidEpoch => ErrorCode::InvalidShareSessionEpoch,
        share::SessionError::AcknowledgesAtOpening | share::SessionError::TooManyPartitions => {
            ErrorCode::InvalidRequest
        }
        share::SessionError::LimitReached => ErrorCode::ShareSessionLimitReached,
    }
}

pub(crate) fn share_coordinator_error(error: &CoordinatorError) -> ErrorCode {
    match error {
        CoordinatorError::FencedStateEpoch => ErrorCode::FencedStateEpoch,
        CoordinatorError::FencedLeaderEpoch => ErrorCode::FencedLeaderEpoch,
        CoordinatorError::WriteUninitialized | CoordinatorError::ReadUninitialized => {
            ErrorCode::InvalidRequest
        }
        CoordinatorError::TooManyBatches
        | CoordinatorError::TooManySharePartitions
        | CoordinatorError::RecordTooLarge => ErrorCode::UnknownServerError,
    }
}

pub(crate) fn state_refused(refused: &StateRefused) -> ErrorCode {
    match refused {
        StateRefused::Refused(error) => share_coordinator_error(error),
        StateRefused::Unavailable(why) => unavailable(why),
    }
}

/// Of a coordinator.
pub fn unavailable(why: &Unavailable) -> ErrorCode {
    match why {
        Unavailable::NotCoordinator => ErrorCode::NotCoordinator,
        Unavailable::Loading => ErrorCode::CoordinatorLoadInProgress,
        Unavailable::NotCommitted => ErrorCode::CoordinatorNotAvailable,
        Unavailable::TooLarge => ErrorCode::UnknownServerError,
        Unavailable::Producer(error) => producer_error(error),
    }
}

pub fn transaction_error(error: &TransactionError) -> ErrorCode {
    match error {
        TransactionError::InvalidId => ErrorCode::InvalidRequest,
        TransactionError::InvalidTimeout => ErrorCode::InvalidTransactionTimeout,
        TransactionError::UnknownId => ErrorCode::TransactionalIdNotFound,
        TransactionError::InvalidProducerIdMapping => ErrorCode::InvalidProducerIdMapping,
        TransactionError::ProducerFenced => ErrorCode::ProducerFenced,
        TransactionError::ConcurrentTransactions => ErrorCode::ConcurrentTransactions,
        TransactionError::InvalidState => ErrorCode::InvalidTxnState,
        TransactionError::NotInTransaction => ErrorCode::TransactionAbortable,
        TransactionError::RecordTooLarge => ErrorCode::UnknownServerError,
        // Who asks has a fresh id at hand, or has none and says so.
        TransactionError::FreshIdNeeded => ErrorCode::CoordinatorLoadInProgress,
    }
}

pub(crate) fn refused_transaction(refused: &transactions::Refused) -> ErrorCode {
    match refused {
        transactions::Refused::Transaction(error) => transaction_error(error),
        transactions::Refused::Unavailable(why) => unavailable(why),
    }
}

/// As [`refused_transaction`], for clients that learned of the newer code later than of the request.
pub(crate) fn refused_older_client(refused: &transactions::Refused) -> ErrorCode {
    match refused_transaction(refused) {
        ErrorCode::ProducerFenced => ErrorCode::InvalidProducerEpoch,
        other => other,
    }
}

/// Of a coordinator that was asked whether a batch may be part of a transaction. Producers know few of its codes; the one
/// for too few replicas makes them send again.
pub(crate) fn refused_membership(
    refused: &transactions::Refused,
    knows_abortable: bool,
) -> ErrorCode {
    match refused {
        transactions::Refused::Transaction(error) => match error {
            TransactionError::ProducerFenced => ErrorCode::InvalidProducerEpoch,
            TransactionError::NotInTransaction if !knows_abortable => ErrorCode::InvalidTxnState,
            TransactionError::ConcurrentTransactions => ErrorCode::NotEnoughReplicas,
            error => transaction_error(error),
        },
        transactions::Refused::Unavailable(
            Unavailable::NotCoordinator | Unavailable::Loading | Unavailable::NotCommitted,
        ) => ErrorCode::NotEnoughReplicas,
        transactions::Refused::Unavailable(why) => unavailable(why),
    }
}

/// Of the end of a transaction that another broker's coordinator asks for.
pub(crate) fn marker_not_written(error: &MarkerNotWritten) -> ErrorCode {
    match error {
        MarkerNotWritten::Partition(error) => partition_error(error),
        MarkerNotWritten::Append(error) => append_error(error),
        MarkerNotWritten::Unavailable(Unavailable::NotCoordinator | Unavailable::Loading) => {
            ErrorCode::NotLeaderOrFollower
        }
        MarkerNotWritten::Unavailable(Unavailable::NotCommitted) => ErrorCode::NotEnoughReplicas,
        MarkerNotWritten::Unavailable(why) => unavailable(why),
        MarkerNotWritten::Encode => ErrorCode::UnknownServerError,
    }
}

/// Of the controller.
pub fn refusal(refusal: &Refusal) -> ErrorCode {
    match refusal {
        Refusal::InvalidTopicName(_) | Refusal::TopicNameCollides { .. } => {
            ErrorCode::InvalidTopicException
        }
        Refusal::TopicExists(_) => ErrorCode::TopicAlreadyExists,
        Refusal::UnknownTopicOrPartition => ErrorCode::UnknownTopicOrPartition,
        Refusal::UnknownTopicId => ErrorCode::UnknownTopicId,
        Refusal::TopicDeletionDisabled => ErrorCode::TopicDeletionDisabled,
        Refusal::InvalidPartitions(_) => ErrorCode::InvalidPartitions,
        Refusal::InvalidReplicationFactor(_) => ErrorCode::InvalidReplicationFactor,
        Refusal::InvalidReplicaAssignment(_) => ErrorCode::InvalidReplicaAssignment,
        Refusal::InvalidConfig(_) => ErrorCode::InvalidConfig,
        Refusal::InvalidRequest(_) => ErrorCode::InvalidRequest,
        Refusal::PolicyViolation(_) => ErrorCode::PolicyViolation,
        Refusal::UnsupportedVersion(_) => ErrorCode::UnsupportedVersion,
        Refusal::InvalidUpdateVersion(_) => ErrorCode::InvalidUpdateVersion,
        Refusal::FeatureUpdateFailed(_) => ErrorCode::FeatureUpdateFailed,
        Refusal::BrokerNotRegistered(_) => ErrorCode::BrokerIdNotRegistered,
        Refusal::StaleBrokerEpoch { .. } => ErrorCode::StaleBrokerEpoch,
        Refusal::DuplicateBroker(_) => ErrorCode::DuplicateBrokerRegistration,
        Refusal::InconsistentClusterId { .. } => ErrorCode::InconsistentClusterId,
        Refusal::ElectionNotNeeded => ErrorCode::ElectionNotNeeded,
        Refusal::PreferredLeaderNotAvailable(_) => ErrorCode::PreferredLeaderNotAvailable,
        Refusal::EligibleLeadersNotAvailable(_) => ErrorCode::EligibleLeadersNotAvailable,
        Refusal::NoReassignmentInProgress => ErrorCode::NoReassignmentInProgress,
        Refusal::ProducerIdsExhausted => ErrorCode::UnknownServerError,
    }
}

/// Of the metadata quorum. Clients ask again where they may; whether a request whose outcome is not known took effect,
/// they see by asking.
pub fn quorum_unavailable(why: &quorum::Unavailable) -> ErrorCode {
    match why {
        quorum::Unavailable::NotActive | quorum::Unavailable::OutcomeUnknown => {
            ErrorCode::NotController
        }
        quorum::Unavailable::Busy => ErrorCode::RequestTimedOut,
        quorum::Unavailable::TooLarge => ErrorCode::PolicyViolation,
    }
}
