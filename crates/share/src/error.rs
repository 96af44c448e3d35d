use crate::WriteError;

/// Why acknowledgements for a share-partition are refused. None of them is done then, but renewals of locks before the
/// write failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AcknowledgeError {
    #[error("the acknowledgement batches are malformed, overlap, or lie past the acquired records")]
    InvalidRequest,
    #[error("the member does not hold the record")]
    InvalidRecordState,
    #[error("the group does not let locks be renewed")]
    RenewNotAllowed,
    /// This one does not lead the share-partition any more.
    #[error("not the leader of the share-partition")]
    NotLeader,
    #[error("too many acknowledgements wait for the share coordinator")]
    TooManyWaiting,
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why a share-partition cannot be led: what the coordinator knows of it makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error("the state batches of the share-partition overlap or are not in order")]
    BatchesOverlap,
    #[error("the share-partition has more state batches than fit")]
    TooManyBatches,
}
