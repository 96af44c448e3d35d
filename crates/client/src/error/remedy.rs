//! What an application can do about an error of a transaction (KIP-1050).

use wire::ErrorCode;

use crate::ClientError;

/// What helps after an error of a transactional producer: the classes of KIP-1050.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// The same again, as nothing was decided. This library did so until its time was over.
    Retry,
    /// As [`Self::Retry`], after asking for metadata or the coordinator.
    RefreshAndRetry,
    /// Abort the transaction, and do its work again in another one.
    Abort,
    /// Close the producer and whatever read for it, and begin again from what is committed with another one.
    Restart,
    /// Somebody must change settings, rights or versions first.
    Configure,
}

impl ClientError {
    /// What helps after this error of a transactional producer. Everything that says nothing else wants the transaction aborted.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::TransactionAbortable { .. } | Self::TransactionAborted => Remedy::Abort,
            Self::ProducerFenced { .. } | Self::ProducerClosed => Remedy::Restart,
            Self::TransactionPending { .. } | Self::Blocked { .. } => Remedy::Retry,
            Self::NotOffered { .. } | Self::NotEncodable { .. } | Self::Config(_) => {
                Remedy::Configure
            }
            Self::UnknownBroker(_) | Self::NoLeader(_) | Self::Misrouted { .. } => {
                Remedy::RefreshAndRetry
            }
            Self::Refused(refused) => refused.code().map_or(Remedy::Abort, of_code),
            error if error.is_retriable() => Remedy::Retry,
            _ => Remedy::Abort,
        }
    }
}

fn of_code(code: ErrorCode) -> Remedy {
    use crate::error_map::{Reaction, reaction};
    match code {
        ErrorCode::ProducerFenced
        | ErrorCode::InvalidProducerEpoch
        | ErrorCode::InvalidProducerIdMapping
        | ErrorCode::UnknownProducerId
        | ErrorCode::IllegalGeneration
        | ErrorCode::UnknownMemberId
        | ErrorCode::FencedInstanceId
        | ErrorCode::FencedMemberEpoch
        | ErrorCode::StaleMemberEpoch
        | ErrorCode::InvalidTxnState => Remedy::Restart,
        ErrorCode::TopicAuthorizationFailed
        | ErrorCode::GroupAuthorizationFailed
        | ErrorCode::ClusterAuthorizationFailed
        | ErrorCode::TransactionalIdAuthorizationFailed
        | ErrorCode::InvalidTransactionTimeout
        | ErrorCode::UnsupportedVersion
        | ErrorCode::UnsupportedForMessageFormat
        | ErrorCode::InvalidRequest => Remedy::Configure,
        code => match reaction(code) {
            Reaction::Retry => Remedy::Retry,
            Reaction::FindLeader | Reaction::FindCoordinator => Remedy::RefreshAndRetry,
            Reaction::Fail | Reaction::Rejoin | Reaction::RejoinAsNew => Remedy::Abort,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Refused;

    #[test]
    fn every_refusal_that_another_attempt_may_mend_is_one_to_retry_and_no_other() {
        for raw in -1..=133 {
            let Some(code) = ErrorCode::from_code(raw) else { continue };
            let Err(refused) = Refused::check(raw, String::new, None) else { continue };
            let remedy = ClientError::from(refused).remedy();
            let retries = matches!(remedy, Remedy::Retry | Remedy::RefreshAndRetry);
            assert_eq!(retries, code.is_retriable(), "{code}: {remedy:?}");
        }
    }

    #[test]
    fn a_fenced_producer_is_replaced_and_a_failed_transaction_aborted() {
        let fenced = ClientError::ProducerFenced { transactional_id: "t".to_owned() };
        assert_eq!(fenced.remedy(), Remedy::Restart);
        let reason = std::sync::Arc::new(fenced);
        assert_eq!(ClientError::TransactionAbortable { reason }.remedy(), Remedy::Abort);
    }
}
