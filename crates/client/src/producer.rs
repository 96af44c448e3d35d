//! Sends records: gathered in batches per partition, several requests in flight, each record delivered once and in order.

mod accumulator;
mod delivery;
mod sender;

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use model::{PartitionIndex, Timestamp, TopicName, TopicPartition, key_partition};
use parking_lot::Mutex;
use record::{Compression, HeaderView};
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use crate::limits::{BACKOFF_MAX, METADATA_AGE_MAX, PRODUCE_IN_FLIGHT_MAX};
use crate::{Client, ClientError, Result};
use accumulator::{Accumulator, AppendRefused};

pub use delivery::{Delivered, Delivery};

/// Who must have a batch before it counts as delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acks {
    /// Nobody: it left this process.
    None,
    Leader,
    /// Every replica in sync.
    All,
}

impl Acks {
    pub const fn to_wire(self) -> i16 {
        match self {
            Self::None => 0,
            Self::Leader => 1,
            Self::All => -1,
        }
    }
}

/// The defaults are those of Apache Kafka's producer.
#[derive(Clone, Copy, Debug)]
pub struct ProducerConfig {
    pub acks: Acks,
    /// Retries cannot double or reorder records. Needs [`Acks::All`].
    pub idempotent: bool,
    pub compression: Compression,
    /// How long a batch waits to be filled.
    pub linger: Duration,
    /// Bytes of a batch before compression; a larger record has a batch of its own.
    pub batch_size: usize,
    /// Bytes of one request, and so of the largest record.
    pub request_size_max: usize,
    /// Bytes of batches that are not delivered yet; then [`Producer::send`] waits.
    pub buffer_size_max: usize,
    /// From [`Producer::send`] to success or failure.
    pub delivery_timeout: Duration,
    /// Requests in flight per broker, 1 to 5.
    pub in_flight_max: usize,
}

impl Default for ProducerConfig {
    fn default() -> Self {
        Self {
            acks: Acks::All,
            idempotent: true,
            compression: Compression::None,
            linger: Duration::from_millis(5),
            batch_size: 16 << 10,
            request_size_max: 1 << 20,
            buffer_size_max: 32 << 20,
            delivery_timeout: Duration::from_secs(120),
            in_flight_max: PRODUCE_IN_FLIGHT_MAX,
        }
    }
}

/// A record to send.
#[derive(Clone, Copy, Debug)]
pub struct NewRecord<'a> {
    pub topic: &'a TopicName,
    /// `None` chooses by the key's hash as Java's producer does, or without a key one partition batch by batch.
    pub partition: Option<PartitionIndex>,
    /// `None` is now.
    pub timestamp: Option<Timestamp>,
    pub key: Option<&'a [u8]>,
    pub value: Option<&'a [u8]>,
    pub headers: &'a [HeaderView<'a>],
}

/// Sends records to any number of topics. Dropping it gives up what is not delivered: [`Self::flush`] first.
#[derive(Debug)]
pub struct Producer {
    shared: Arc<Shared>,
    topics: Mutex<HashMap<TopicName, TopicState>>,
    task: AbortHandle,
}

#[derive(Debug)]
struct Shared {
    client: Client,
    config: ProducerConfig,
    accumulator: Mutex<Accumulator>,
    /// The sender has something to do.
    work: Notify,
    /// Something was delivered or failed.
    progress: Notify,
}

#[derive(Clone, Copy, Debug)]
struct TopicState {
    partition_count: NonZeroU32,
    /// Where records without a key go at present.
    sticky: u32,
    /// Until when the count is believed; partitions may be added.
    fresh_until: Instant,
}

impl Drop for Producer {
    fn drop(&mut self) {
        self.task.abort();
        self.shared.accumulator.lock().fail_all(&ClientError::ProducerClosed);
        self.shared.progress.notify_waiters();
    }
}

impl Producer {
    /// Starts the task that sends. An idempotent producer gets its id with its first batch.
    pub fn new(client: Client, config: ProducerConfig) -> Self {
        let in_flight_max = config.in_flight_max.clamp(1, PRODUCE_IN_FLIGHT_MAX);
        let idempotent = config.idempotent && config.acks == Acks::All;
        let config = ProducerConfig { in_flight_max, idempotent, ..config };
        let shared = Arc::new(Shared {
            client,
            config,
            accumulator: Mutex::new(Accumulator::new(config)),
            work: Notify::new(),
            progress: Notify::new(),
        });
        let task = tokio::spawn(sender::run(Arc::clone(&shared))).abort_handle();
        Self { shared, topics: Mutex::default(), task }
    }

    /// Takes a record, and waits for room if too much is not delivered yet. The delivery may be dropped. Fails at once for a
    /// topic that does not exist or a record that is too large.
    pub async fn send(&self, record: NewRecord<'_>) -> Result<Delivery> {
        let now = Instant::now();
        let timestamp = record.timestamp.or_else(wall_clock);
        let record = NewRecord { timestamp, ..record };
        loop {
            let partition = self.choose(&record).await?;
            let partition = TopicPartition { topic: record.topic.clone(), partition };
            let progress = self.shared.progress.notified();
            let appended = self.shared.accumulator.lock().append(now, &partition, &record);
            match appended {
                Ok(appended) => {
                    if appended.began_batch || appended.filled_batch {
                        self.shared.work.notify_one();
                    }
                    if appended.filled_batch && record.partition.is_none() && record.key.is_none() {
                        self.move_on(record.topic);
                    }
                    return Ok(appended.delivery);
                }
                Err(AppendRefused::TooLarge { size, size_max }) => {
                    return Err(ClientError::RecordTooLarge { size, size_max });
                }
                Err(AppendRefused::NoRoom) => {
                    self.shared.work.notify_one();
                    progress.await;
                }
            }
        }
    }

    /// The record's own partition if the topic has it, else by its key, else the sticky one.
    async fn choose(&self, record: &NewRecord<'_>) -> Result<PartitionIndex> {
        let known = self.topics.lock().get(record.topic).copied();
        let mut state = match known {
            Some(state) if state.fresh_until > Instant::now() => state,
            _ => self.learn(record.topic, known).await?,
        };
        if let Some(partition) = record.partition {
            let has = |state: TopicState| {
                partition.to_wire().unsigned_abs() < state.partition_count.get()
            };
            if !has(state) {
                // It may have been added.
                state = self.learn(record.topic, None).await?;
            }
            return if has(state) {
                Ok(partition)
            } else {
                Err(unknown_partition(record.topic, partition, state))
            };
        }
        if let Some(key) = record.key {
            return Ok(key_partition(key, state.partition_count));
        }
        let index = i32::try_from(state.sticky % state.partition_count).ok();
        Ok(index.and_then(PartitionIndex::from_wire).unwrap_or(PartitionIndex::ZERO))
    }

    /// Asks for the topic. Where that fails what was `known` is good for another moment: its records wait for the broker.
    async fn learn(&self, topic: &TopicName, known: Option<TopicState>) -> Result<TopicState> {
        let asked = self.shared.client.topics(&[topic.as_str()], true).await;
        let state = match (asked, known) {
            (Ok(metadata), _) => {
                let topic_metadata = metadata.topics.get(topic.as_str());
                let count = topic_metadata.map_or(0, |topic| topic.partitions.len());
                let partition_count = u32::try_from(count)
                    .ok()
                    .and_then(NonZeroU32::new)
                    .ok_or_else(|| ClientError::UnknownTopic(topic.to_string()))?;
                let sticky = self.topics.lock().get(topic).map_or(0, |known| known.sticky);
                let fresh_until = Instant::now() + METADATA_AGE_MAX;
                TopicState { partition_count, sticky, fresh_until }
            }
            (Err(error), Some(known)) if error.is_retriable() => {
                TopicState { fresh_until: Instant::now() + BACKOFF_MAX, ..known }
            }
            (Err(error), _) => return Err(error),
        };
        self.topics.lock().insert(topic.clone(), state);
        Ok(state)
    }

    /// The batch of the sticky partition is full: the next one gets the next records.
    fn move_on(&self, topic: &TopicName) {
        if let Some(state) = self.topics.lock().get_mut(topic) {
            state.sticky = state.sticky.wrapping_add(1);
        }
    }

    /// Waits until everything that was sent is delivered or has failed; which of them is said by the deliveries.
    pub async fn flush(&self) {
        loop {
            let progress = self.shared.progress.notified();
            {
                let mut accumulator = self.shared.accumulator.lock();
                if accumulator.is_settled() {
                    return;
                }
                accumulator.close_open_batches();
            }
            self.shared.work.notify_one();
            progress.await;
        }
    }
}

fn unknown_partition(
    topic: &TopicName,
    partition: PartitionIndex,
    state: TopicState,
) -> ClientError {
    let count = usize::try_from(state.partition_count.get()).unwrap_or(usize::MAX);
    ClientError::UnknownPartition {
        topic: topic.to_string(),
        partition: partition.to_wire(),
        count,
    }
}

fn wall_clock() -> Option<Timestamp> {
    let since = std::time::UNIX_EPOCH.elapsed().ok()?;
    Timestamp::from_millis(i64::try_from(since.as_millis()).ok()?)
}
