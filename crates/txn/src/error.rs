/// Why the coordinator refuses a request, or a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransactionError {
    #[error("the transactional id must not be empty, nor longer than its key in the log")]
    InvalidId,
    #[error("the timeout is not positive, or larger than the broker allows")]
    InvalidTimeout,
    #[error("nothing is known of the transactional id")]
    UnknownId,
    /// The transactional id has another producer id, or none.
    #[error("the transactional id has another producer id")]
    InvalidProducerIdMapping,
    /// A later life of the producer is at work.
    #[error("the producer is fenced by a later one")]
    ProducerFenced,
    /// The previous transaction is being ended: ask again.
    #[error("the previous transaction is not complete yet")]
    ConcurrentTransactions,
    #[error("the transaction is in another state")]
    InvalidState,
    /// The partition is not part of the transaction.
    #[error("the partition is not part of the transaction")]
    NotInTransaction,
    /// As Kafka does, without a change of anything.
    #[error("the record would be larger than `__transaction_state` takes")]
    RecordTooLarge,
    /// The request is to be made again with a fresh producer id.
    #[error("a fresh producer id is needed")]
    FreshIdNeeded,
}
