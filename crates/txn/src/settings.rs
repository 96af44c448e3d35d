use std::time::Duration;

use crate::TransactionVersion;

/// What the operator may set about transactions; Kafka's names are in the comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionSettings {
    /// `transaction.max.timeout.ms`
    pub timeout_max: Duration,
    /// `transactional.id.expiration.ms`
    pub id_expiration: Duration,
    /// `transaction.remove.expired.transaction.cleanup.interval.ms`
    pub expiry_check_interval: Duration,
    /// The level of the feature `transaction.version`.
    pub version: TransactionVersion,
}

impl Default for TransactionSettings {
    /// Kafka's defaults.
    fn default() -> Self {
        Self {
            timeout_max: Duration::from_secs(15 * 60),
            id_expiration: Duration::from_secs(7 * 24 * 60 * 60),
            expiry_check_interval: Duration::from_secs(60 * 60),
            version: TransactionVersion::V2,
        }
    }
}
