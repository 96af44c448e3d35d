use std::sync::{Arc, OnceLock};

use model::{Offset, Timestamp, TopicPartition};
use tokio::sync::Notify;

use crate::Result;

/// Where a record went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    pub partition: TopicPartition,
    /// `None` when the broker does not say: with acks 0, or when it had the record from an earlier attempt.
    pub offset: Option<Offset>,
    /// Set if the broker stamped the record with its own time.
    pub append_time: Option<Timestamp>,
}

/// What becomes of one record: [`Self::wait`] tells.
#[derive(Debug)]
pub struct Delivery {
    pub(super) outcome: Arc<Outcome>,
    pub(super) index: u32,
}

/// What becomes of one batch; its records share it.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    result: OnceLock<Result<Delivered>>,
    done: Notify,
}

impl Outcome {
    /// The place of the first record, or why the batch is not delivered. Only the first call counts.
    pub(super) fn set(&self, result: Result<Delivered>) {
        // A late answer to a batch whose time has run out changes nothing.
        let _ = self.result.set(result);
        self.done.notify_waiters();
    }

    pub(super) fn is_set(&self) -> bool {
        self.result.get().is_some()
    }
}

impl Delivery {
    /// Cancel-safe.
    pub async fn wait(&self) -> Result<Delivered> {
        loop {
            let done = self.outcome.done.notified();
            if let Some(result) = self.result() {
                return result;
            }
            done.await;
        }
    }

    /// `None` while it is not decided.
    pub fn result(&self) -> Option<Result<Delivered>> {
        let first = self.outcome.result.get()?;
        Some(first.clone().map(|first| Delivered {
            offset: first.offset.and_then(|base| base.plus(self.index)),
            ..first
        }))
    }

    /// Whether [`Self::result`] has something, without copying it.
    pub fn is_decided(&self) -> bool {
        self.outcome.result.get().is_some()
    }
}
