//! Records that are seen by readers of committed ones together, or not at all.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use model::{Offset, TopicPartition};
use parking_lot::MutexGuard;

use super::accumulator::Fault;
use super::transactions::{Ended, Transactions};
use super::{Delivery, NewRecord, Producer, ProducerConfig, Transactional};
use crate::{Client, ClientError, ConfigError, ConsumerGroupMetadata, Properties, Result, Role};

/// Whose transactions they are. The names in parentheses are those of [`Properties`](crate::Properties).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionConfig {
    /// The name under which a producer's transactions outlive its process: who begins under it later fences who had it before
    /// (`transactional.id`).
    pub transactional_id: String,
    /// How long a transaction may be open before its coordinator aborts it, and fences its producer
    /// (`transaction.timeout.ms`). At most what brokers allow (`transaction.max.timeout.ms`).
    pub timeout: Duration,
}

impl TransactionConfig {
    /// With Apache Kafka's default of a minute.
    pub fn new(transactional_id: impl Into<String>) -> Self {
        let transactional_id = transactional_id.into();
        Self { transactional_id, timeout: Duration::from_secs(60) }
    }
}

/// How a transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionEnd {
    Committed,
    Aborted,
}

/// A producer that writes in transactions (KIP-98), one after another.
///
/// The protocol is that of the cluster when the producer begins: where `transaction.version` is 2, each transaction has an epoch of
/// its own, and partitions and offsets join it with what is written (KIP-890); else the coordinator is told of each before.
///
/// # Errors
/// [`ClientError::remedy`] says what helps. A transaction in which anything failed can only be aborted
/// ([`ClientError::TransactionAbortable`]). After [`ClientError::ProducerFenced`] and others that are not a transaction's
/// alone, every call fails with the same error, and another producer is needed.
#[derive(Debug)]
pub struct TransactionalProducer {
    producer: Producer,
}

/// An open transaction. Dropping it without [`Self::commit`] aborts it in the background: [`TransactionalProducer::begin`] waits
/// for that.
#[derive(Debug)]
#[must_use = "a transaction that is dropped is aborted"]
pub struct Transaction<'a> {
    producer: &'a mut TransactionalProducer,
    is_told_to_end: bool,
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if !self.is_told_to_end {
            self.producer.end(false);
        }
    }
}

impl TransactionalProducer {
    /// Connects and begins. Takes Apache Kafka's names of settings, and its defaults; `transactional.id` is required.
    pub async fn from_properties<K: AsRef<str>, V: AsRef<str>>(
        given: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self> {
        let properties = Properties::new(Role::Producer, given)?;
        let transactions = properties.transactions()?;
        let transactions = transactions.ok_or(ConfigError::Missing { name: "transactional.id" })?;
        let client = Client::connect(properties.client()?).await?;
        Self::new(client, properties.producer()?, transactions).await
    }

    /// Begins under the transactional id: whoever had it before is fenced, and a transaction that it left open is aborted. Waits for
    /// that at most [`ProducerConfig::block_max`]. Fails for settings that contradict each other; the producer must be
    /// idempotent.
    pub async fn new(
        client: Client,
        config: ProducerConfig,
        transactions: TransactionConfig,
    ) -> Result<Self> {
        let refuse = |reason| Err(ConfigError::contradiction("transactional.id", reason).into());
        if !config.idempotent {
            return refuse("needs enable.idempotence=true");
        }
        if transactions.transactional_id.is_empty() {
            return refuse("must not be empty");
        }
        let mut producer = Self { producer: Producer::start(client, config, Some(transactions))? };
        producer.settle().await?;
        Ok(producer)
    }

    fn transactional(&self) -> Result<&Transactional> {
        self.producer.shared.transactions.as_ref().ok_or(ClientError::ProducerClosed)
    }

    fn machine(&self) -> Result<MutexGuard<'_, Transactions>> {
        Ok(self.transactional()?.machine.lock())
    }

    fn end(&self, commits: bool) {
        if let Ok(mut machine) = self.machine() {
            machine.end(commits);
        }
        self.producer.shared.accumulator.lock().close_open_batches();
        self.producer.shared.work.notify_one();
    }

    /// Waits until `look` finds something, at most [`ProducerConfig::block_max`].
    async fn until<T>(
        &self,
        mut look: impl FnMut(&mut Transactions) -> Option<Result<T>>,
    ) -> Result<T> {
        let shared = &self.producer.shared;
        let after = shared.config.block_max;
        let found = async {
            loop {
                let progress = shared.progress.notified();
                let found = look(&mut *self.machine()?);
                if let Some(found) = found {
                    return found;
                }
                progress.await;
            }
        };
        let found = tokio::time::timeout(after, found).await;
        // It may be something for the coordinator.
        shared.work.notify_one();
        if let Ok(found) = found {
            return found;
        }
        let reason = self.machine()?.trouble().cloned();
        let waits = "what the transaction wrote is not delivered";
        let reason = reason.unwrap_or(ClientError::Blocked { after, reason: waits });
        Err(ClientError::TransactionPending { after, reason: Arc::new(reason) })
    }

    /// Waits until the last transaction has ended, and says how; `None` before the first. What [`Transaction::commit`] could not say
    /// in its time is said here. Cancel-safe.
    pub async fn settle(&mut self) -> Result<Option<TransactionEnd>> {
        let ended = self.until(|machine: &mut Transactions| machine.settled()).await?;
        Ok(ended.map(|it| match it.is_committed {
            true => TransactionEnd::Committed,
            false => TransactionEnd::Aborted,
        }))
    }

    /// Begins a transaction, once the one before has ended. The coordinator hears of it with the first record or offset.
    /// Cancel-safe.
    pub async fn begin(&mut self) -> Result<Transaction<'_>> {
        self.until(Transactions::begin).await?;
        Ok(Transaction { producer: self, is_told_to_end: false })
    }
}

impl Transaction<'_> {
    /// As [`Producer::send`], within this transaction. The delivery may be dropped: [`Self::commit`] fails when a record did. After
    /// an error the transaction can only be aborted.
    ///
    /// Cancel-safe: a future that is dropped before it ends has taken nothing.
    pub async fn send(&self, record: NewRecord<'_>) -> Result<Delivery> {
        self.producer.machine()?.check_open()?;
        let sent = self.producer.producer.send(record).await;
        if let Err(error) = &sent {
            let fault = Fault { error: error.clone(), leaves_gap: false };
            self.producer.machine()?.fault(fault);
            self.producer.producer.shared.work.notify_one();
        }
        sent
    }

    /// Commits offsets of what was read with this transaction (KIP-447): a member of the group goes on there if, and only if,
    /// the transaction is committed. They are the offsets of the records that come next. Refused, and the transaction with
    /// it, when the group gave up the member that `group` names.
    ///
    /// Cancel-safe: offsets that were taken are sent all the same.
    pub async fn send_offsets(
        &self,
        group: &ConsumerGroupMetadata,
        offsets: &BTreeMap<TopicPartition, Offset>,
    ) -> Result<()> {
        if offsets.is_empty() {
            return self.producer.machine()?.check_open();
        }
        let take = |machine: &mut Transactions| machine.take_offsets(group, offsets).transpose();
        let ticket = self.producer.until(take).await?;
        self.producer.until(|machine: &mut Transactions| machine.are_sent(ticket)).await
    }

    /// Waits for what was sent, and commits it, with the offsets. When anything failed, the transaction is aborted instead, and
    /// the error says why. [`ClientError::TransactionPending`] leaves open how it ends: [`TransactionalProducer::settle`] says.
    ///
    /// A future that is dropped once it was polled leaves it open likewise; the commit goes on in the background.
    pub async fn commit(mut self) -> Result<()> {
        self.finish(true).await.and_then(|ended| match ended {
            Ended { is_committed: true, .. } => Ok(()),
            Ended { reason, .. } => {
                let reason = Arc::new(reason.unwrap_or(ClientError::TransactionAborted));
                Err(ClientError::TransactionAbortable { reason })
            }
        })
    }

    /// Gives up what waits, and makes readers of committed records pass over the rest; offsets stay where they were.
    pub async fn abort(mut self) -> Result<()> {
        self.finish(false).await.map(|_| ())
    }

    async fn finish(&mut self, commits: bool) -> Result<Ended> {
        self.is_told_to_end = true;
        self.producer.end(commits);
        self.producer.until(|machine: &mut Transactions| machine.outcome()).await
    }
}
