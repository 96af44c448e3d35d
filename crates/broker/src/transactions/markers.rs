use std::sync::Arc;
use std::time::Duration;

use replica::AppendError;
use txn::PartitionKey;

use crate::coordinator::{GROUP_TOPIC, Marker, Unavailable};
use crate::{Broker, PartitionError};

/// How long a marker may take to be committed; who writes it for the coordinator asks again for ever.
const COMMIT_WAIT_MAX: Duration = Duration::from_secs(30);

/// Why the end of a transaction is not in a partition's log, or not certainly.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum MarkerNotWritten {
    #[error(transparent)]
    Partition(PartitionError),
    #[error(transparent)]
    Append(AppendError),
    #[error(transparent)]
    Unavailable(Unavailable),
    #[error("the marker cannot be encoded")]
    Encode,
}

impl MarkerNotWritten {
    /// There is nothing to write to any more: the topic was deleted.
    pub(crate) const fn is_gone(&self) -> bool {
        matches!(
            self,
            Self::Partition(PartitionError::UnknownTopic | PartitionError::UnknownPartition)
        )
    }

    /// The partition has seen a later life of the producer or of the coordinator, and will never take this marker.
    pub(crate) const fn is_fenced(&self) -> bool {
        matches!(
            self,
            Self::Append(AppendError::Producer(_)) | Self::Unavailable(Unavailable::Producer(_))
        )
    }
}

/// Writes the end of a transaction to one partition that this broker leads. `done` is called once, from whatever thread,
/// when the marker is committed or it is not certain that it will be; it must not wait for anything.
pub(crate) fn write_marker(
    broker: &Arc<Broker>,
    key: &PartitionKey,
    marker: Marker,
    done: impl FnOnce(Result<(), MarkerNotWritten>) + Send + 'static,
) {
    let partition = match broker.partition_of(key.topic.as_str(), key.partition) {
        Ok(partition) => partition,
        Err(error) => return done(Err(MarkerNotWritten::Partition(error))),
    };
    if key.topic.as_str() == GROUP_TOPIC {
        // Its coordinator alone writes there, and has to know.
        let told = move |result: Result<(), Unavailable>| {
            done(result.map_err(MarkerNotWritten::Unavailable));
        };
        return broker.groups().end_transaction(key.partition, marker, told);
    }
    let Some(batch) = marker.batch(broker.now().wall) else {
        return done(Err(MarkerNotWritten::Encode));
    };
    broker.append(&partition, &batch, marker.origin(), COMMIT_WAIT_MAX, move |result| {
        done(result.map(|_| ()).map_err(MarkerNotWritten::Append));
    });
}
