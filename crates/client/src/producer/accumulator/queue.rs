//! The batches of one partition, and the numbers under which they leave.

use std::collections::VecDeque;
use std::sync::Arc;

use model::{Sequence, TopicPartition};
use tokio::time::Instant;

use super::Identity;
use super::batch::Batch;
use crate::producer::{Acks, ProducerConfig};
use crate::{BackoffRange, ClientError};

#[derive(Debug)]
pub(super) struct Queue {
    pub(super) partition: TopicPartition,
    /// In their order. Only the last may still take records.
    pub(super) waiting: VecDeque<Batch>,
    /// In the order in which they were sent.
    pub(super) in_flight: VecDeque<Batch>,
    /// Whose sequences the batches have. `None` before the first one leaves, and after the broker and this queue
    /// disagreed about the next one.
    pub(super) identity: Option<Identity>,
    pub(super) next_sequence: Sequence,
    /// Of a transactional producer: its batches are in the transaction.
    pub(super) is_admitted: bool,
    not_before: Instant,
}

/// What [`Queue::expire`] did.
#[derive(Debug, Default)]
pub(super) struct Expired {
    pub(super) any: bool,
    /// Bytes of batches that are gone.
    pub(super) freed: usize,
    /// One that is gone had a sequence, which is now missing.
    pub(super) leaves_gap: bool,
    /// What the last one was told.
    pub(super) error: Option<ClientError>,
}

impl Queue {
    pub(super) fn new(partition: TopicPartition, now: Instant) -> Self {
        Self {
            partition,
            waiting: VecDeque::new(),
            in_flight: VecDeque::new(),
            identity: None,
            next_sequence: Sequence::ZERO,
            is_admitted: false,
            not_before: now,
        }
    }

    /// Whether the first batch that waits may leave, if it has a leader and an id to leave under.
    pub(super) fn is_ready(&self, now: Instant, config: &ProducerConfig) -> bool {
        let Some(first) = self.waiting.front() else { return false };
        let is_retry = first.attempts > 0;
        let must_begin = config.idempotent && self.identity.is_none();
        // Without sequences the broker does not keep the order of retries, so only one batch is under way.
        let has_order = config.idempotent || config.acks == Acks::None;
        let in_flight_max =
            if is_retry || must_begin || !has_order { 1 } else { config.in_flight_max };
        let is_due = first.closed
            || is_retry
            || self.waiting.len() > 1
            || now.duration_since(first.began) >= config.linger;
        self.in_flight.len() < in_flight_max && now >= self.not_before && is_due
    }

    /// Whether it waits for an id, with nothing in flight that the one before could still decide.
    pub(super) fn needs_identity(&self) -> bool {
        self.identity.is_none() && self.in_flight.is_empty() && !self.waiting.is_empty()
    }

    /// Begins the sequences under an id. Batches that an earlier one may have written fail: under the new one the broker
    /// could not see that they are there. Gives the bytes of those.
    pub(super) fn begin(&mut self, identity: Identity) -> usize {
        self.identity = Some(identity);
        self.next_sequence = Sequence::ZERO;
        let mut freed = 0;
        for mut batch in std::mem::take(&mut self.waiting) {
            batch.sequence = None;
            if batch.maybe_written {
                freed += batch.size;
                batch.settle(Err(ClientError::OutcomeUnknown(self.partition.clone())));
            } else {
                self.waiting.push_back(batch);
            }
        }
        freed
    }

    /// Whether no batch older than `order` is undelivered.
    pub(super) fn is_oldest(&self, order: u64) -> bool {
        let mut firsts = self.waiting.front().into_iter().chain(self.in_flight.front());
        firsts.all(|first| first.order > order)
    }

    pub(super) fn put_back(
        &mut self,
        now: Instant,
        backoff: BackoffRange,
        mut batch: Batch,
        error: ClientError,
    ) {
        batch.closed = true;
        batch.attempts += 1;
        batch.last_error = Some(error);
        self.not_before = now + backoff.wait_of(batch.attempts - 1);
        let at = self.waiting.iter().position(|other| other.order > batch.order);
        self.waiting.insert(at.unwrap_or(self.waiting.len()), batch);
    }

    /// Fails batches that waited too long, `trouble` being what is known to be wrong.
    pub(super) fn expire(
        &mut self,
        now: Instant,
        config: &ProducerConfig,
        trouble: Option<&ClientError>,
    ) -> Expired {
        let after = config.delivery_timeout;
        let mut expired = Expired::default();
        let is_late = |batch: &Batch| now.duration_since(batch.began) >= after;
        let late = |batch: &Batch, partition: &TopicPartition, otherwise: ClientError| {
            let reason = batch.last_error.as_ref().or(trouble).cloned().unwrap_or(otherwise);
            let (partition, reason) = (partition.clone(), Arc::new(reason));
            ClientError::DeliveryTimedOut { partition, after, reason }
        };
        while self.waiting.front().is_some_and(is_late) {
            let Some(batch) = self.waiting.pop_front() else { break };
            expired.any = true;
            expired.freed += batch.size;
            expired.leaves_gap |= batch.sequence.is_some();
            let otherwise = ClientError::NoLeader(self.partition.clone());
            let error = late(&batch, &self.partition, otherwise);
            expired.error = Some(error.clone());
            batch.settle(Err(error));
        }
        // They stay, as the answer may still come and say whether the sequence was taken.
        let late_in_flight = self.in_flight.iter().take_while(|batch| is_late(batch));
        for batch in late_in_flight.filter(|batch| !batch.is_settled()) {
            expired.any = true;
            let otherwise = ClientError::Unanswered(self.partition.clone());
            let error = late(batch, &self.partition, otherwise);
            expired.error = Some(error.clone());
            batch.settle(Err(error));
        }
        expired
    }

    /// Whether every batch was delivered or has failed.
    pub(super) fn is_settled(&self) -> bool {
        self.waiting.is_empty() && self.in_flight.iter().all(Batch::is_settled)
    }

    /// When something becomes due by time alone.
    pub(super) fn next_timeout(&self, now: Instant, config: &ProducerConfig) -> Option<Instant> {
        let unsettled = self.in_flight.iter().find(|batch| !batch.is_settled());
        let first = self.waiting.front();
        let expiry = unsettled.into_iter().chain(first).map(|it| it.began).min()?;
        let expiry = expiry + config.delivery_timeout;
        let due = first.map(|first| {
            if first.closed || self.waiting.len() > 1 || first.attempts > 0 {
                self.not_before
            } else {
                self.not_before.max(first.began + config.linger)
            }
        });
        // What is due already waits for something else: an answer, a leader, an id.
        Some(due.filter(|due| *due > now).map_or(expiry, |due| due.min(expiry)))
    }
}
