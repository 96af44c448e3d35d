use model::Offset;
use replica::{EpochEnd, FetchRefused};
use storage::StorageError;

use crate::partition_error::PartitionError;

/// What a fetch learns of a partition, beside the batches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadResult {
    pub(crate) high_watermark: Offset,
    pub(crate) last_stable: Offset,
    pub(crate) log_start: Offset,
    pub(crate) diverging: Option<EpochEnd>,
    /// The reader may not read from here on.
    pub(crate) end: Offset,
}

/// Why a fetch reads nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error(transparent)]
    Partition(#[from] PartitionError),
    #[error(transparent)]
    Refused(#[from] FetchRefused),
    #[error(transparent)]
    Storage(#[from] StorageError),
}
