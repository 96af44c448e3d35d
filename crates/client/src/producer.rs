//! Sends records: gathered in batches per partition, several requests in flight, each record delivered once and in order.

mod accumulator;
mod delivery;
mod partitioner;
mod sender;
mod transactional;
mod transactions;

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use model::{PartitionIndex, Timestamp, TopicName, TopicPartition};
use parking_lot::Mutex;
use record::{Compression, HeaderView};
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use crate::limits::{CONNECTION_IN_FLIGHT_MAX, DURATION_MAX, PRODUCE_IN_FLIGHT_MAX};
use crate::{Client, ClientError, ConfigError, Metadata, Properties, Result, Role};
use accumulator::{Accumulator, AppendRefused};
use partitioner::{Choice, next_random, next_sticky};
use sender::Coordinators;
use transactions::Transactions;

pub use delivery::{Delivered, Delivery};
pub(crate) use partitioner::NAMES as PARTITIONER_NAMES;
pub use partitioner::{CustomPartitioner, KeyHash, Keyless, Partitioner, UnknownPartitioner};
pub use transactional::{Transaction, TransactionConfig, TransactionEnd, TransactionalProducer};

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

/// What a producer does. The defaults are those of Apache Kafka's; the names in parentheses those of
/// [`Properties`](crate::Properties).
#[derive(Clone, Debug)]
pub struct ProducerConfig {
    /// Who must have a batch before it counts as delivered (`acks`).
    pub acks: Acks,
    /// Retries cannot double or reorder records. Needs [`Acks::All`], and retries (`enable.idempotence`).
    pub idempotent: bool,
    /// Codec and level of batches (`compression.type`, `compression.*.level`).
    pub compression: Compression,
    /// How long a batch waits to be filled (`linger.ms`).
    pub linger: Duration,
    /// Bytes of a batch before compression; a larger record has a batch of its own (`batch.size`).
    pub batch_size: usize,
    /// Bytes of one request, and so of the largest record (`max.request.size`).
    pub request_size_max: usize,
    /// Bytes of batches that are not delivered yet; then [`Producer::send`] waits (`buffer.memory`).
    pub buffer_size_max: usize,
    /// From [`Producer::send`] to success or failure (`delivery.timeout.ms`). At least [`Self::linger`] and the client's
    /// request time-out.
    pub delivery_timeout: Duration,
    /// How long [`Producer::send`] may wait for metadata and for room (`max.block.ms`).
    pub block_max: Duration,
    /// Requests in flight per broker; at most 5 if idempotent (`max.in.flight.requests.per.connection`).
    pub in_flight_max: usize,
    /// Who chooses partitions (`partitioner.class`).
    pub partitioner: Partitioner,
    /// Partitions are chosen as if records had no keys (`partitioner.ignore.keys`).
    pub ignores_keys: bool,
    /// Records without a key go less often to partitions whose batches wait (`partitioner.adaptive.partitioning.enable`).
    pub adaptive: bool,
    /// How often a batch is sent again within [`Self::delivery_timeout`] (`retries`).
    pub retries: u32,
    /// After so long without a record a topic is forgotten (`metadata.max.idle.ms`).
    pub topic_idle_max: Duration,
}

impl ProducerConfig {
    /// Whether the settings hold together, and with the client's `request_timeout`, by the rules of Apache Kafka's producer.
    pub fn check(&self, request_timeout: Duration) -> std::result::Result<(), ConfigError> {
        let refuse = |name, reason: &str| Err(ConfigError::contradiction(name, reason));
        if self.idempotent && self.acks != Acks::All {
            return refuse("acks", "must be all with enable.idempotence=true");
        }
        if self.idempotent && self.retries == 0 {
            return refuse("retries", "must not be 0 with enable.idempotence=true");
        }
        if self.idempotent && self.in_flight_max > PRODUCE_IN_FLIGHT_MAX {
            let name = "max.in.flight.requests.per.connection";
            return refuse(name, "must be at most 5 with enable.idempotence=true");
        }
        if self.in_flight_max == 0 {
            return refuse("max.in.flight.requests.per.connection", "must not be 0");
        }
        if self.delivery_timeout < self.linger.saturating_add(request_timeout) {
            let name = "delivery.timeout.ms";
            return refuse(name, "must be at least linger.ms + request.timeout.ms");
        }
        Ok(())
    }
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
            block_max: Duration::from_secs(60),
            in_flight_max: PRODUCE_IN_FLIGHT_MAX,
            partitioner: Partitioner::Default,
            ignores_keys: false,
            adaptive: true,
            retries: i32::MAX.unsigned_abs(),
            topic_idle_max: Duration::from_secs(300),
        }
    }
}

/// A record to send.
#[derive(Clone, Copy, Debug)]
pub struct NewRecord<'a> {
    pub topic: &'a TopicName,
    /// `None` leaves it to [`ProducerConfig::partitioner`].
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
    /// Where the next random number comes from.
    random: Mutex<u64>,
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
    /// Of a transactional producer.
    transactions: Option<Transactional>,
}

/// What a transactional producer has beside others. Its machine is never locked before the accumulator.
#[derive(Debug)]
struct Transactional {
    config: TransactionConfig,
    machine: Mutex<Transactions>,
    coordinators: Coordinators,
}

#[derive(Clone, Copy, Debug)]
struct TopicState {
    partition_count: NonZeroU32,
    /// Where records without a key go at present.
    sticky: u32,
    /// How many records went to partitions in turn.
    turn: u32,
    /// Until when the count is believed; partitions may be added.
    fresh_until: Instant,
    used_at: Instant,
}

impl Drop for Producer {
    fn drop(&mut self) {
        self.task.abort();
        self.shared.accumulator.lock().fail_all(&ClientError::ProducerClosed);
        self.shared.progress.notify_waiters();
    }
}

impl Producer {
    /// Connects, and starts the task that sends. Takes Apache Kafka's names of settings, and its defaults.
    pub async fn from_properties<K: AsRef<str>, V: AsRef<str>>(
        given: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self> {
        let properties = Properties::new(Role::Producer, given)?;
        if properties.transactions()?.is_some() {
            let reason = "is for a TransactionalProducer";
            return Err(ConfigError::contradiction("transactional.id", reason).into());
        }
        let client = Client::connect(properties.client()?).await?;
        Self::new(client, properties.producer()?)
    }

    /// Starts the task that sends. An idempotent producer gets its id with its first batch. Fails for settings that
    /// contradict each other.
    pub fn new(client: Client, config: ProducerConfig) -> Result<Self> {
        Self::start(client, config, None)
    }

    fn start(
        client: Client,
        config: ProducerConfig,
        transactions: Option<TransactionConfig>,
    ) -> Result<Self> {
        config.check(client.config().request_timeout)?;
        let in_flight_max = config.in_flight_max.min(CONNECTION_IN_FLIGHT_MAX);
        let config = ProducerConfig {
            in_flight_max,
            linger: config.linger.min(DURATION_MAX),
            delivery_timeout: config.delivery_timeout.min(DURATION_MAX),
            ..config
        };
        let retry_backoff = client.config().retry_backoff;
        let mut accumulator = Accumulator::new(config.clone(), retry_backoff);
        if transactions.is_some() {
            accumulator = accumulator.transactional();
        }
        let transactions = transactions.map(|config| Transactional {
            machine: Mutex::new(Transactions::new(config.transactional_id.clone(), retry_backoff)),
            coordinators: Coordinators::default(),
            config,
        });
        let shared = Arc::new(Shared {
            client,
            accumulator: Mutex::new(accumulator),
            config,
            work: Notify::new(),
            progress: Notify::new(),
            transactions,
        });
        let task = tokio::spawn(sender::run(Arc::clone(&shared))).abort_handle();
        let seed = RandomState::new().build_hasher().finish();
        Ok(Self { shared, topics: Mutex::default(), random: Mutex::new(seed), task })
    }

    /// Takes a record, and waits for room if too much is not delivered yet, at most [`ProducerConfig::block_max`]. The
    /// delivery may be dropped. Fails at once for a topic that does not exist or a record that is too large.
    ///
    /// Cancel-safe: a future that is dropped before it ends has taken nothing.
    pub async fn send(&self, record: NewRecord<'_>) -> Result<Delivery> {
        let now = Instant::now();
        let timestamp = record.timestamp.or_else(wall_clock);
        let record = NewRecord { timestamp, ..record };
        let mut waits_for = "the topic's metadata did not come";
        let after = self.shared.config.block_max;
        let taken = tokio::time::timeout(after, self.take(now, &record, &mut waits_for)).await;
        match taken {
            Ok(taken) => taken,
            Err(_) => Err(ClientError::Blocked { after, reason: waits_for }),
        }
    }

    async fn take(
        &self,
        now: Instant,
        record: &NewRecord<'_>,
        waits_for: &mut &'static str,
    ) -> Result<Delivery> {
        loop {
            let (partition, is_sticky) = self.choose(record).await?;
            let partition = TopicPartition { topic: record.topic.clone(), partition };
            let progress = self.shared.progress.notified();
            let appended = self.shared.accumulator.lock().append(now, &partition, record);
            match appended {
                Ok(appended) => {
                    if appended.began_batch || appended.filled_batch {
                        self.shared.work.notify_one();
                    }
                    if appended.filled_batch && is_sticky {
                        self.move_on(record.topic);
                    }
                    return Ok(appended.delivery);
                }
                Err(AppendRefused::TooLarge { size, size_max }) => {
                    return Err(ClientError::RecordTooLarge { size, size_max });
                }
                Err(AppendRefused::NoRoom) => {
                    self.shared.work.notify_one();
                    *waits_for = "what was sent before is not delivered";
                    progress.await;
                }
            }
        }
    }

    /// The record's own partition if the topic has it, else what the partitioner says; and whether it is the sticky one.
    async fn choose(&self, record: &NewRecord<'_>) -> Result<(PartitionIndex, bool)> {
        let now = Instant::now();
        let known = self.topics.lock().get_mut(record.topic).map(|state| {
            state.used_at = now;
            *state
        });
        let mut state = match known {
            Some(state) if state.fresh_until > now => state,
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
                Ok((partition, false))
            } else {
                Err(unknown_partition(record.topic, partition, state))
            };
        }
        let config = &self.shared.config;
        let choice = config.partitioner.choose(record, state.partition_count, config.ignores_keys);
        let index = match choice {
            Choice::Partition(index) => index,
            Choice::InTurn => self.next_in_turn(record.topic, state),
            Choice::Sticky => state.sticky % state.partition_count,
        };
        let index = i32::try_from(index).ok().and_then(PartitionIndex::from_wire);
        Ok((index.unwrap_or(PartitionIndex::ZERO), choice == Choice::Sticky))
    }

    /// The next partition that has a leader, or the next of all where none has one.
    fn next_in_turn(&self, topic: &TopicName, state: TopicState) -> u32 {
        let count = state.partition_count.get();
        let has_leader = |turn: &u32| {
            let index = i32::try_from(turn % count).ok();
            let leader = |known: &Metadata| known.leader(topic.as_str(), index?);
            self.shared.client.with_known(leader).is_some()
        };
        let mut topics = self.topics.lock();
        let Some(state) = topics.get_mut(topic) else { return 0 };
        let turns = (0..count).map(|later| state.turn.wrapping_add(later));
        let turn = turns.into_iter().find(has_leader).unwrap_or(state.turn);
        state.turn = turn.wrapping_add(1);
        turn % count
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
                let before = self.topics.lock().get(topic).copied();
                let random = next_random(&mut self.random.lock());
                let anywhere = u32::try_from(random >> 32).unwrap_or(0);
                let (sticky, turn) =
                    before.map_or((anywhere, 0), |before| (before.sticky, before.turn));
                let used_at = Instant::now();
                let fresh_until =
                    used_at + self.shared.client.config().metadata_age_max.min(DURATION_MAX);
                TopicState { partition_count, sticky, turn, fresh_until, used_at }
            }
            (Err(error), Some(known)) if error.is_retriable() => {
                let pause = self.shared.client.config().retry_backoff.max.min(DURATION_MAX);
                TopicState { fresh_until: Instant::now() + pause, ..known }
            }
            (Err(error), _) => return Err(error),
        };
        let mut topics = self.topics.lock();
        // The longest that a topic may be silent, and remembered.
        let idle_max = self.shared.config.topic_idle_max;
        topics.retain(|_, other| other.used_at.elapsed() < idle_max);
        topics.insert(topic.clone(), state);
        Ok(state)
    }

    /// The batch of the sticky partition is full: the next one gets the next records.
    fn move_on(&self, topic: &TopicName) {
        let mut topics = self.topics.lock();
        let Some(state) = topics.get_mut(topic) else { return };
        let count = state.partition_count.get();
        let mut loads = self.shared.accumulator.lock().loads(topic, count);
        self.shared.client.with_known(|known| {
            for (load, index) in loads.iter_mut().zip(0..) {
                if known.leader(topic.as_str(), index).is_none() {
                    *load = None;
                }
            }
        });
        let random = next_random(&mut self.random.lock());
        state.sticky = next_sticky(&loads, self.shared.config.adaptive, random);
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
