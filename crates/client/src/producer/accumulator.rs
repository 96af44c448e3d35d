//! Records on their way to brokers: per partition a queue of batches, in the order of the calls.
//!
//! Invariants: the batches of a partition leave in their order; while one of them must be sent again, no later one leaves
//! before every batch in flight has its answer; the sequences of an idempotent producer have no gap, or
//! [`Accumulator::needs_identity`] is set and nothing leaves until a new id came.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use bytes::Bytes;
use model::{Offset, ProducerEpoch, ProducerId, Sequence, Timestamp, TopicPartition};
use record::{AppendError, BatchBuilder, BatchStamp, Compressor, ProducerStamp};
use tokio::time::Instant;

use super::delivery::{Delivered, Delivery, Outcome};
use super::{NewRecord, ProducerConfig};
use crate::limits::{BATCH_COUNT_PER_PARTITION_MAX, FREE_BUILDER_COUNT_MAX};
use crate::{ClientError, Result};

/// The name under which brokers know an idempotent producer.
pub(super) type Identity = (ProducerId, ProducerEpoch);

#[derive(Debug)]
pub(super) struct Accumulator {
    config: ProducerConfig,
    partitions: HashMap<TopicPartition, Queue>,
    free: Vec<BatchBuilder>,
    compressor: Compressor,
    buffered_size: usize,
    in_flight_count: usize,
    identity: Option<Identity>,
    next_order: u64,
}

#[derive(Debug)]
struct Queue {
    /// In their order. Only the last may still take records.
    waiting: VecDeque<Batch>,
    /// In the order in which they were sent.
    in_flight: VecDeque<Batch>,
    next_sequence: Sequence,
    not_before: Instant,
}

#[derive(Debug)]
struct Batch {
    contents: Contents,
    outcome: Arc<Outcome>,
    order: u64,
    record_count: u32,
    size: usize,
    began: Instant,
    /// Takes no more records.
    closed: bool,
    sequence: Option<Sequence>,
    attempts: u32,
    /// An attempt ended without an answer that says "not written".
    maybe_written: bool,
    last_error: Option<ClientError>,
}

#[derive(Debug)]
enum Contents {
    Open(BatchBuilder),
    Sealed(Bytes),
}

pub(super) struct Appended {
    pub(super) delivery: Delivery,
    pub(super) began_batch: bool,
    pub(super) filled_batch: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum AppendRefused {
    /// Wait for deliveries.
    NoRoom,
    TooLarge {
        size: usize,
        size_max: usize,
    },
}

/// A sealed batch to put in a request.
#[derive(Clone, Debug)]
pub(super) struct Parcel {
    pub(super) partition: TopicPartition,
    pub(super) order: u64,
    pub(super) bytes: Bytes,
}

/// What a broker said about a parcel.
#[derive(Debug)]
pub(super) enum Verdict {
    Delivered {
        base_offset: Option<Offset>,
        append_time: Option<Timestamp>,
    },
    /// Not now, or not there.
    Retry {
        error: ClientError,
        maybe_written: bool,
    },
    /// The broker does not follow the sequence numbers.
    SequenceLost(ClientError),
    Failed(ClientError),
}

impl Accumulator {
    pub(super) fn new(config: ProducerConfig) -> Self {
        Self {
            config,
            partitions: HashMap::new(),
            free: Vec::new(),
            compressor: Compressor::new(),
            buffered_size: 0,
            in_flight_count: 0,
            identity: None,
            next_order: 0,
        }
    }

    pub(super) fn append(
        &mut self,
        now: Instant,
        partition: &TopicPartition,
        record: &NewRecord<'_>,
    ) -> std::result::Result<Appended, AppendRefused> {
        let size = BatchBuilder::record_size_max(record.key, record.value, record.headers);
        let size_max = self.config.request_size_max;
        if size + record::limits::BATCH_HEADER_SIZE > size_max {
            return Err(AppendRefused::TooLarge { size, size_max });
        }
        if self.buffered_size > 0 && self.buffered_size + size > self.config.buffer_size_max {
            return Err(AppendRefused::NoRoom);
        }
        if !self.partitions.contains_key(partition) {
            self.partitions.insert(partition.clone(), Queue::new(now));
        }
        let Some(queue) = self.partitions.get_mut(partition) else {
            return Err(AppendRefused::NoRoom);
        };
        if let Some(last) = queue.waiting.back_mut()
            && let Some(appended) = last.append(record, size, self.config.batch_size)
        {
            self.buffered_size += size;
            return Ok(appended);
        }
        if queue.waiting.len() >= BATCH_COUNT_PER_PARTITION_MAX {
            return Err(AppendRefused::NoRoom);
        }
        let filled_before = queue.waiting.back_mut().is_some_and(Batch::close);
        let builder = self.free.pop().unwrap_or_default();
        let mut batch = Batch::new(builder, self.next_order, now);
        self.next_order += 1;
        // A new batch takes one record whatever its size.
        let Some(appended) = batch.append(record, size, usize::MAX) else {
            return Err(AppendRefused::TooLarge { size, size_max });
        };
        if batch.size >= self.config.batch_size {
            batch.closed = true;
        }
        let filled_batch = filled_before || batch.closed;
        queue.waiting.push_back(batch);
        self.buffered_size += size;
        Ok(Appended { began_batch: true, filled_batch, ..appended })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.partitions.values().all(|queue| queue.waiting.is_empty() && queue.in_flight.is_empty())
    }

    pub(super) fn close_open_batches(&mut self) {
        for queue in self.partitions.values_mut() {
            if let Some(last) = queue.waiting.back_mut() {
                last.close();
            }
        }
    }

    /// Whether an id must be asked for, and nothing is in flight that the old one could still decide.
    pub(super) fn needs_identity(&self) -> bool {
        self.config.idempotent
            && self.identity.is_none()
            && self.in_flight_count == 0
            && self.partitions.values().any(|queue| !queue.waiting.is_empty())
    }

    /// Begins all sequences again under a new id. Batches that an older id may have written fail: under the new one the
    /// broker could not see that they are there.
    pub(super) fn set_identity(&mut self, identity: Identity) {
        self.identity = Some(identity);
        for (partition, queue) in &mut self.partitions {
            queue.next_sequence = Sequence::ZERO;
            for mut batch in std::mem::take(&mut queue.waiting) {
                batch.sequence = None;
                if batch.maybe_written {
                    self.buffered_size -= batch.size;
                    batch.outcome.set(Err(ClientError::OutcomeUnknown(partition.clone())));
                } else {
                    queue.waiting.push_back(batch);
                }
            }
        }
    }

    /// Takes what may leave now: at most one batch per partition, for brokers that `room` still has requests for. Partitions
    /// whose leader is not known are named in `leaderless`.
    pub(super) fn drain(
        &mut self,
        now: Instant,
        leader: impl Fn(&TopicPartition) -> Option<i32>,
        mut room: impl FnMut(i32) -> bool,
        leaderless: &mut Vec<TopicPartition>,
    ) -> HashMap<i32, Vec<Parcel>> {
        let mut requests: HashMap<i32, (usize, Vec<Parcel>)> = HashMap::new();
        self.expire(now);
        if self.config.idempotent && self.identity.is_none() {
            return HashMap::new();
        }
        for (partition, queue) in &mut self.partitions {
            if !queue.is_ready(now, &self.config) {
                continue;
            }
            let Some(broker) = leader(partition) else {
                leaderless.push(partition.clone());
                continue;
            };
            if !room(broker) {
                continue;
            }
            let Some(mut batch) = queue.waiting.pop_front() else { continue };
            let (size, parcels) = requests.entry(broker).or_default();
            if *size > 0 && *size + batch.size > self.config.request_size_max {
                queue.waiting.push_front(batch);
                continue;
            }
            let stamped = batch.seal(
                &self.config,
                self.identity,
                queue.next_sequence,
                &mut self.compressor,
                &mut self.free,
            );
            match stamped {
                Ok(bytes) => {
                    if batch.sequence.is_none() && self.identity.is_some() {
                        batch.sequence = Some(queue.next_sequence);
                        queue.next_sequence = queue.next_sequence.plus(batch.record_count);
                    }
                    *size += bytes.len();
                    let (partition, order) = (partition.clone(), batch.order);
                    parcels.push(Parcel { partition, order, bytes });
                    queue.in_flight.push_back(batch);
                    self.in_flight_count += 1;
                }
                Err(error) => {
                    self.buffered_size -= batch.size;
                    batch.outcome.set(Err(error));
                }
            }
        }
        requests.retain(|_, (_, parcels)| !parcels.is_empty());
        requests.into_iter().map(|(broker, (_, parcels))| (broker, parcels)).collect()
    }

    /// Fails batches that waited too long. One that had a sequence leaves a gap, so a new id is needed.
    fn expire(&mut self, now: Instant) {
        let after = self.config.delivery_timeout;
        for (partition, queue) in &mut self.partitions {
            while let Some(batch) = queue.waiting.front() {
                if now.duration_since(batch.began) < after {
                    break;
                }
                let Some(batch) = queue.waiting.pop_front() else { break };
                self.buffered_size -= batch.size;
                if batch.sequence.is_some() {
                    self.identity = None;
                }
                let reason = batch.last_error.clone();
                let reason = reason.unwrap_or_else(|| ClientError::NoLeader(partition.clone()));
                let (partition, reason) = (partition.clone(), Arc::new(reason));
                batch.outcome.set(Err(ClientError::DeliveryTimedOut { partition, after, reason }));
            }
        }
    }

    /// Takes the answer about a parcel.
    pub(super) fn complete(
        &mut self,
        now: Instant,
        partition: &TopicPartition,
        order: u64,
        verdict: Verdict,
    ) {
        let Some(queue) = self.partitions.get_mut(partition) else { return };
        let Some(at) = queue.in_flight.iter().position(|batch| batch.order == order) else {
            return;
        };
        let Some(mut batch) = queue.in_flight.remove(at) else { return };
        self.in_flight_count -= 1;
        let follows_failure = queue.waiting.front().is_some_and(|first| first.order < batch.order);
        match verdict {
            Verdict::Delivered { base_offset, append_time } => {
                self.buffered_size -= batch.size;
                let partition = partition.clone();
                batch.outcome.set(Ok(Delivered { partition, offset: base_offset, append_time }));
            }
            Verdict::Retry { error, maybe_written } => {
                batch.maybe_written |= maybe_written;
                queue.put_back(now, batch, error);
            }
            Verdict::SequenceLost(error) => {
                // Behind a batch that has to be sent again this is what the broker must say. Otherwise its memory of
                // this producer is gone, and a new id begins a new one.
                if !follows_failure {
                    self.identity = None;
                }
                queue.put_back(now, batch, error);
            }
            Verdict::Failed(error) => {
                self.buffered_size -= batch.size;
                if batch.sequence.is_some() {
                    self.identity = None;
                }
                batch.outcome.set(Err(error));
            }
        }
    }

    pub(super) fn fail_all(&mut self, error: &ClientError) {
        for queue in self.partitions.values_mut() {
            for batch in queue.in_flight.drain(..).chain(queue.waiting.drain(..)) {
                batch.outcome.set(Err(error.clone()));
            }
        }
        self.buffered_size = 0;
        self.in_flight_count = 0;
    }

    /// When something becomes due by time alone: a batch has waited to be filled, a retry its pause. `None` when only
    /// answers or new records can change anything.
    pub(super) fn next_timeout(&self, now: Instant) -> Option<Instant> {
        let times = self.partitions.values().filter_map(|queue| {
            let first = queue.waiting.front()?;
            let due = if first.closed || queue.waiting.len() > 1 || first.attempts > 0 {
                queue.not_before
            } else {
                queue.not_before.max(first.began + self.config.linger)
            };
            let expiry = first.began + self.config.delivery_timeout;
            // What is due already waits for something else: an answer, a leader, an id.
            Some(if due > now { due.min(expiry) } else { expiry })
        });
        times.min()
    }
}

impl Queue {
    fn new(now: Instant) -> Self {
        Self {
            waiting: VecDeque::new(),
            in_flight: VecDeque::new(),
            next_sequence: Sequence::ZERO,
            not_before: now,
        }
    }

    fn is_ready(&self, now: Instant, config: &ProducerConfig) -> bool {
        let Some(first) = self.waiting.front() else { return false };
        let is_retry = first.attempts > 0;
        // Without sequences the broker does not keep the order of retries, so only one batch is under way.
        let in_flight_max = if is_retry || !(config.idempotent || config.acks == super::Acks::None)
        {
            1
        } else {
            config.in_flight_max
        };
        let is_due = first.closed
            || is_retry
            || self.waiting.len() > 1
            || now.duration_since(first.began) >= config.linger;
        self.in_flight.len() < in_flight_max && now >= self.not_before && is_due
    }

    fn put_back(&mut self, now: Instant, mut batch: Batch, error: ClientError) {
        batch.closed = true;
        batch.attempts += 1;
        batch.last_error = Some(error);
        self.not_before = now + crate::limits::BACKOFF_MIN * batch.attempts.min(20);
        let at = self.waiting.iter().position(|other| other.order > batch.order);
        self.waiting.insert(at.unwrap_or(self.waiting.len()), batch);
    }
}

impl Batch {
    fn new(builder: BatchBuilder, order: u64, began: Instant) -> Self {
        Self {
            contents: Contents::Open(builder),
            outcome: Arc::default(),
            order,
            record_count: 0,
            size: 0,
            began,
            closed: false,
            sequence: None,
            attempts: 0,
            maybe_written: false,
            last_error: None,
        }
    }

    /// `None` when the batch takes no more.
    fn append(&mut self, record: &NewRecord<'_>, size: usize, size_max: usize) -> Option<Appended> {
        let Contents::Open(builder) = &mut self.contents else { return None };
        if self.closed || builder.size() + size > size_max {
            return None;
        }
        match builder.append(record.timestamp, record.key, record.value, record.headers) {
            Ok(()) => {}
            Err(AppendError::Full | AppendError::OffsetOrder(_)) => return None,
        }
        let delivery = Delivery { outcome: Arc::clone(&self.outcome), index: self.record_count };
        self.record_count += 1;
        self.size += size;
        Some(Appended { delivery, began_batch: false, filled_batch: false })
    }

    /// Whether it was open.
    fn close(&mut self) -> bool {
        !std::mem::replace(&mut self.closed, true)
    }

    /// The batch as it goes in a request: with the sequence that it had, or `next`.
    fn seal(
        &mut self,
        config: &ProducerConfig,
        identity: Option<Identity>,
        next: Sequence,
        compressor: &mut Compressor,
        free: &mut Vec<BatchBuilder>,
    ) -> Result<Bytes> {
        self.closed = true;
        let base_sequence = Some(self.sequence.unwrap_or(next));
        let producer = identity.map(|(id, epoch)| ProducerStamp { id, epoch, base_sequence });
        match &mut self.contents {
            Contents::Open(builder) => {
                let compression = config.compression;
                let stamp = BatchStamp { compression, producer, ..BatchStamp::default() };
                let bytes = Bytes::copy_from_slice(builder.finish(&stamp, compressor)?);
                let mut builder = std::mem::take(builder);
                builder.clear();
                if free.len() < FREE_BUILDER_COUNT_MAX {
                    free.push(builder);
                }
                self.contents = Contents::Sealed(bytes.clone());
                Ok(bytes)
            }
            Contents::Sealed(bytes) => {
                if self.sequence.is_none()
                    && let Some(producer) = producer
                {
                    *bytes = restamp(bytes, producer);
                }
                Ok(bytes.clone())
            }
        }
    }
}

/// The same batch under another producer id.
fn restamp(batch: &Bytes, producer: ProducerStamp) -> Bytes {
    let mut bytes = batch.to_vec();
    // Sealed here, so it has a whole header.
    match record::set_producer(&mut bytes, producer) {
        Ok(()) => bytes.into(),
        Err(_) => batch.clone(),
    }
}

#[cfg(test)]
mod tests;
