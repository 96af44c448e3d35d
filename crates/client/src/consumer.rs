//! Reads partitions: one fetch in flight per broker, the next one asked for while the application works on the last.

mod aborted;
mod fetched;
mod fetcher;
mod offsets;
mod positions;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use model::{Offset, Timestamp, TopicPartition};
use parking_lot::Mutex;
use tokio::sync::{Notify, mpsc};
use tokio::task::AbortHandle;

use crate::limits::FETCHED_QUEUE_MAX;
use crate::{Client, ClientError, Result};
use positions::Positions;

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
    /// The first record that is not older than so long before now; the end if there is none.
    Ago(Duration),
}

/// What happens when the next offset is not there, because it was deleted or never was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutOfRange {
    Fail,
    Beginning,
    End,
    /// The first record that is not older than so long before now.
    Ago(Duration),
}

/// How partitions are read. The defaults are those of Apache Kafka's consumer; the names in parentheses those of
/// [`Properties`](crate::Properties).
#[derive(Clone, Copy, Debug)]
pub struct ConsumerConfig {
    /// Which records are shown (`isolation.level`).
    pub isolation: Isolation,
    /// How long the broker may wait for [`Self::fetch_size_min`] (`fetch.max.wait.ms`).
    pub fetch_wait_max: Duration,
    /// Bytes that the broker may wait for (`fetch.min.bytes`).
    pub fetch_size_min: i32,
    /// Bytes of one answer; a single larger batch comes whole (`fetch.max.bytes`).
    pub fetch_size_max: i32,
    /// Bytes of one partition in an answer; a single larger batch comes whole (`max.partition.fetch.bytes`).
    pub partition_fetch_size_max: i32,
    /// Where to go on from an offset that is gone (`auto.offset.reset`).
    pub out_of_range: OutOfRange,
}

impl Default for ConsumerConfig {
    fn default() -> Self {
        Self {
            isolation: Isolation::Uncommitted,
            fetch_wait_max: Duration::from_millis(500),
            fetch_size_min: 1,
            fetch_size_max: 50 << 20,
            partition_fetch_size_max: 1 << 20,
            out_of_range: OutOfRange::End,
        }
    }
}

/// Reads the partitions that it is told to.
#[derive(Debug)]
pub struct Consumer {
    shared: Arc<Shared>,
    fetched: mpsc::Receiver<Output>,
    task: AbortHandle,
}

#[derive(Debug)]
struct Shared {
    client: Client,
    config: ConsumerConfig,
    positions: Mutex<Positions>,
    changed: Notify,
}

/// What the task of a consumer hands on.
#[derive(Debug)]
enum Output {
    Fetched {
        tag: u64,
        fetched: Fetched,
    },
    /// The reading of this partition ended.
    Failed {
        partition: TopicPartition,
        tag: u64,
        error: ClientError,
    },
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

    /// Reads these partitions from now on, and no others. Cancel-safe: a future that is dropped changed nothing.
    pub async fn assign(&self, starts: &[(TopicPartition, Start)]) -> Result<()> {
        let next =
            offsets::resolve(&self.shared.client, self.shared.config.isolation, starts).await?;
        self.change(|positions| positions.replace(next));
        Ok(())
    }

    /// Reads these partitions too from now on, or from elsewhere. Cancel-safe: a future that is dropped changed nothing.
    pub async fn assign_more(&self, starts: &[(TopicPartition, Start)]) -> Result<()> {
        let more =
            offsets::resolve(&self.shared.client, self.shared.config.isolation, starts).await?;
        self.change(|positions| positions.add(more));
        Ok(())
    }

    fn change<T>(&self, change: impl FnOnce(&mut Positions) -> T) -> T {
        let result = change(&mut self.shared.positions.lock());
        self.shared.changed.notify_one();
        result
    }

    /// Reads these partitions no more.
    pub fn unassign<'a>(&self, partitions: impl IntoIterator<Item = &'a TopicPartition>) {
        self.change(|positions| positions.remove(partitions));
    }

    /// The partitions that are read, also those that are paused.
    pub fn assignment(&self) -> Vec<TopicPartition> {
        self.shared.positions.lock().partitions().cloned().collect()
    }

    /// Goes on at another offset. False for a partition that is not read.
    pub fn seek(&self, partition: &TopicPartition, to: Offset) -> bool {
        self.change(|positions| positions.seek(partition, to))
    }

    /// Brings no records of these partitions until [`Self::resume`], and fetches none. Those that are not read are passed
    /// over.
    pub fn pause(&self, partitions: &[TopicPartition]) {
        self.set_paused(partitions, true);
    }

    /// Goes on with paused partitions where they were.
    pub fn resume(&self, partitions: &[TopicPartition]) {
        self.set_paused(partitions, false);
    }

    fn set_paused(&self, partitions: &[TopicPartition], paused: bool) {
        self.change(|positions| {
            for partition in partitions {
                positions.set_paused(partition, paused);
            }
        });
    }

    /// The partitions that are paused.
    pub fn paused(&self) -> Vec<TopicPartition> {
        self.shared.positions.lock().paused().cloned().collect()
    }

    /// The offset of the record that [`Self::next`] brings next, of each partition that is read.
    pub fn positions(&self) -> HashMap<TopicPartition, Offset> {
        self.shared.positions.lock().next_of_each()
    }

    /// The next records, of one partition, in their order. Waits until there are some. An error of one partition ends its
    /// reading until [`Self::seek`]; the others go on. Cancel-safe.
    pub async fn next(&mut self) -> Result<Fetched> {
        loop {
            let Some(output) = self.fetched.recv().await else {
                // The fetcher ends only with this consumer.
                return std::future::pending().await;
            };
            let mut positions = self.shared.positions.lock();
            match output {
                Output::Fetched { tag, fetched } => {
                    if positions.hand(&fetched.partition, tag, fetched.next) {
                        return Ok(fetched);
                    }
                }
                Output::Failed { partition, tag, error } => {
                    if positions.is_current(&partition, tag) {
                        return Err(error);
                    }
                }
            }
        }
    }
}
