//! Reads partitions: one fetch in flight per broker, the next one asked for while the application works on the last.

mod aborted;
mod fetched;
mod fetcher;
mod offsets;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use model::{Offset, Timestamp, TopicPartition};
use parking_lot::Mutex;
use tokio::sync::{Notify, mpsc};
use tokio::task::AbortHandle;

use crate::limits::FETCHED_QUEUE_MAX;
use crate::{Client, Result};

pub use fetched::Fetched;

/// Which records are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isolation {
    /// All, also those of transactions that are open or were aborted.
    Uncommitted,
    /// Only those that count.
    Committed,
}

/// Where reading a partition begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    Beginning,
    End,
    At(Offset),
    /// The first record that is not older; the end if there is none.
    Time(Timestamp),
}

/// What happens when the next offset is not there, because it was deleted or never was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutOfRange {
    Fail,
    Beginning,
    End,
}

#[derive(Clone, Copy, Debug)]
pub struct ConsumerConfig {
    pub isolation: Isolation,
    /// How long the broker may wait for [`Self::fetch_size_min`].
    pub fetch_wait_max: Duration,
    pub fetch_size_min: i32,
    /// Bytes of one answer; a single larger batch comes whole.
    pub fetch_size_max: i32,
    pub partition_fetch_size_max: i32,
    pub out_of_range: OutOfRange,
}

impl Default for ConsumerConfig {
    fn default() -> Self {
        Self {
            isolation: Isolation::Committed,
            fetch_wait_max: Duration::from_millis(500),
            fetch_size_min: 1,
            fetch_size_max: 8 << 20,
            partition_fetch_size_max: 1 << 20,
            out_of_range: OutOfRange::Fail,
        }
    }
}

/// Reads the partitions that it is told to.
#[derive(Debug)]
pub struct Consumer {
    shared: Arc<Shared>,
    fetched: mpsc::Receiver<(u64, Result<Fetched>)>,
    task: AbortHandle,
}

#[derive(Debug)]
struct Shared {
    client: Client,
    config: ConsumerConfig,
    positions: Mutex<Positions>,
    changed: Notify,
}

/// What is read, and how far it was asked for.
#[derive(Debug, Default)]
struct Positions {
    /// Grows when the application changes its mind; what was fetched under an older one is dropped.
    generation: u64,
    next: HashMap<TopicPartition, Offset>,
}

impl Drop for Consumer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Consumer {
    pub fn new(client: Client, config: ConsumerConfig) -> Self {
        let shared = Arc::new(Shared {
            client,
            config,
            positions: Mutex::default(),
            changed: Notify::new(),
        });
        let (sender, fetched) = mpsc::channel(FETCHED_QUEUE_MAX);
        let task = tokio::spawn(fetcher::run(Arc::clone(&shared), sender)).abort_handle();
        Self { shared, fetched, task }
    }

    /// Reads these partitions from now on, and no others.
    pub async fn assign(&self, starts: &[(TopicPartition, Start)]) -> Result<()> {
        let next =
            offsets::resolve(&self.shared.client, self.shared.config.isolation, starts).await?;
        let mut positions = self.shared.positions.lock();
        positions.generation += 1;
        positions.next = next;
        drop(positions);
        self.shared.changed.notify_one();
        Ok(())
    }

    /// Reads these partitions too from now on.
    pub async fn assign_more(&self, starts: &[(TopicPartition, Start)]) -> Result<()> {
        let more =
            offsets::resolve(&self.shared.client, self.shared.config.isolation, starts).await?;
        self.shared.positions.lock().next.extend(more);
        self.shared.changed.notify_one();
        Ok(())
    }

    /// Where reading goes on in each partition, counting what was fetched and not given yet.
    pub fn positions(&self) -> HashMap<TopicPartition, Offset> {
        self.shared.positions.lock().next.clone()
    }

    /// The next records, of one partition, in their order. Waits until there are some. Errors of one partition end its
    /// reading; the others go on. Cancel-safe.
    pub async fn next(&mut self) -> Result<Fetched> {
        loop {
            let Some((generation, fetched)) = self.fetched.recv().await else {
                // The fetcher ends only with this consumer.
                return std::future::pending().await;
            };
            if generation == self.shared.positions.lock().generation {
                return fetched;
            }
        }
    }
}
