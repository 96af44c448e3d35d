use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use replica::AppendError;
use storage::LogDir;
use txn::{PartitionKey, TransactionalId};

use crate::coordinator::{GROUP_TOPIC, Marker, Unavailable, Urgency};
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
    let _: Option<Arc<LogDir>> = write(broker, key, marker, None, done);
}

/// The same for the coordinator of `id`, whose closing record will stand behind the marker. Where both are durable in one
/// write-ahead log, `done` is called as soon as the marker is in it; then the directory is given, which the caller has
/// committed once the record is there too.
pub(crate) fn write_marker_before_close(
    broker: &Arc<Broker>,
    key: &PartitionKey,
    marker: Marker,
    id: &TransactionalId,
    done: impl FnOnce(Result<(), MarkerNotWritten>) + Send + 'static,
) -> Option<Arc<LogDir>> {
    write(broker, key, marker, Some(id), done)
}

fn write(
    broker: &Arc<Broker>,
    key: &PartitionKey,
    marker: Marker,
    closing: Option<&TransactionalId>,
    done: impl FnOnce(Result<(), MarkerNotWritten>) + Send + 'static,
) -> Option<Arc<LogDir>> {
    let partition = match broker.partition_of(key.topic.as_str(), key.partition) {
        Ok(partition) => partition,
        Err(error) => {
            done(Err(MarkerNotWritten::Partition(error)));
            return None;
        }
    };
    let is_behind = |id: &TransactionalId| {
        let coordinator = broker.transactions().coordinator();
        partition.is_alone_and_durable() && coordinator.goes_before(id.as_str(), partition.dir())
    };
    let early = closing.is_some_and(is_behind).then(|| Arc::clone(partition.dir()));
    let urgency = if early.is_some() { Urgency::WithNext } else { Urgency::Now };
    if key.topic.as_str() == GROUP_TOPIC {
        // Its coordinator alone writes there, and has to know.
        let told = move |result: Result<(), Unavailable>| {
            done(result.map_err(MarkerNotWritten::Unavailable));
        };
        broker.groups().end_transaction(key.partition, marker, urgency, told);
        return early;
    }
    let Some(batch) = marker.batch(broker.now().wall) else {
        done(Err(MarkerNotWritten::Encode));
        return None;
    };
    // Whoever comes first takes it: the log's refusal, or what is below.
    let done = Arc::new(Mutex::new(Some(done)));
    let told = Arc::clone(&done);
    let told = move |result: Result<_, AppendError>| {
        let done = told.lock().take();
        if let Some(done) = done {
            done(result.map(|_: replica::Appended| ()).map_err(MarkerNotWritten::Append));
        }
    };
    broker.append_when(&partition, &batch, marker.origin(), urgency, COMMIT_WAIT_MAX, told);
    if early.is_some() {
        let done = done.lock().take();
        if let Some(done) = done {
            done(Ok(()));
        }
    }
    early
}
