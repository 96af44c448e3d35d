//! Records on their way to brokers: per partition a queue of batches, in the order of the calls.
//!
//! Invariants: the batches of a partition leave in their order; while one of them must be sent again, no later one leaves
//! before every batch in flight has its answer; the sequences of an idempotent producer have no gap, or the partition has no
//! identity and nothing of it leaves until everything in flight is answered and it began again under the next epoch
//! (KIP-360). Other partitions go on under the epoch that they have.

mod batch;
mod queue;
mod transaction;

use std::collections::HashMap;

use bytes::Bytes;
use model::{
    Offset, PartitionIndex, ProducerEpoch, ProducerId, Timestamp, TopicName, TopicPartition,
};
use record::{BatchBuilder, Compressor};
use tokio::time::Instant;

use super::delivery::{Delivered, Delivery};
use super::{NewRecord, ProducerConfig};
use crate::limits::BATCH_COUNT_PER_PARTITION_MAX;
use crate::{BackoffRange, ClientError};
use batch::Batch;
use queue::Queue;
use transaction::InTransaction;
pub(super) use transaction::{Fault, Ground};

/// The name under which brokers know an idempotent producer.
pub(super) type Identity = (ProducerId, ProducerEpoch);

#[derive(Debug)]
pub(super) struct Accumulator {
    config: ProducerConfig,
    /// Pauses before a batch is sent again.
    retry_backoff: BackoffRange,
    queues: Vec<Queue>,
    /// Places in `queues`.
    places: HashMap<TopicPartition, usize>,
    /// The queue that is served first next time, so that none starves behind requests that are full without it.
    turn: usize,
    free: Vec<BatchBuilder>,
    compressor: Compressor,
    buffered_size: usize,
    /// Under which partitions begin. `None` until there is an id, and when its epochs are used up.
    identity: Option<Identity>,
    next_order: u64,
    /// Why nothing leaves at present, if that is known.
    trouble: Option<ClientError>,
    /// [`Self::drain`] failed records.
    settled_any: bool,
    /// Of a transactional producer, whose identity the transactions decide.
    transaction: Option<InTransaction>,
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
    pub(super) fn new(config: ProducerConfig, retry_backoff: BackoffRange) -> Self {
        Self {
            config,
            retry_backoff,
            queues: Vec::new(),
            places: HashMap::new(),
            turn: 0,
            free: Vec::new(),
            compressor: Compressor::new(),
            buffered_size: 0,
            identity: None,
            next_order: 0,
            trouble: None,
            settled_any: false,
            transaction: None,
        }
    }

    pub(super) fn append(
        &mut self,
        now: Instant,
        partition: &TopicPartition,
        record: &NewRecord<'_>,
    ) -> Result<Appended, AppendRefused> {
        let size = BatchBuilder::record_size_max(record.key, record.value, record.headers);
        let size_max = self.config.request_size_max;
        if size + record::limits::BATCH_HEADER_SIZE > size_max {
            return Err(AppendRefused::TooLarge { size, size_max });
        }
        if self.buffered_size > 0 && self.buffered_size + size > self.config.buffer_size_max {
            return Err(AppendRefused::NoRoom);
        }
        let place = self.place_of(now, partition);
        let Some(queue) = self.queues.get_mut(place) else { return Err(AppendRefused::NoRoom) };
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

    fn place_of(&mut self, now: Instant, partition: &TopicPartition) -> usize {
        if let Some(place) = self.places.get(partition) {
            return *place;
        }
        let place = self.queues.len();
        self.queues.push(Queue::new(partition.clone(), now));
        self.places.insert(partition.clone(), place);
        place
    }

    /// How many batches of each partition of a topic are not delivered.
    pub(super) fn loads(&self, topic: &TopicName, partition_count: u32) -> Vec<Option<usize>> {
        let load = |index: u32| {
            let partition = PartitionIndex::from_wire(i32::try_from(index).ok()?)?;
            let place = self.places.get(&TopicPartition { topic: topic.clone(), partition })?;
            self.queues.get(*place).map(|queue| queue.waiting.len() + queue.in_flight.len())
        };
        (0..partition_count).map(|index| Some(load(index).unwrap_or(0))).collect()
    }

    /// Whether every record was delivered or has failed.
    pub(super) fn is_settled(&self) -> bool {
        self.queues.iter().all(Queue::is_settled)
    }

    pub(super) fn close_open_batches(&mut self) {
        for last in self.queues.iter_mut().filter_map(|queue| queue.waiting.back_mut()) {
            last.close();
        }
    }

    /// Whether an id must be asked for.
    pub(super) fn needs_identity(&self) -> bool {
        self.config.idempotent
            && self.transaction.is_none()
            && self.identity.is_none()
            && self.queues.iter().any(Queue::needs_identity)
    }

    pub(super) fn set_identity(&mut self, identity: Identity) {
        self.identity = Some(identity);
    }

    /// Remembers what is wrong, or that nothing is, for records whose time runs out.
    pub(super) fn set_trouble(&mut self, trouble: Option<ClientError>) {
        self.trouble = trouble;
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
        self.expire(now);
        let mut requests: HashMap<i32, (usize, Vec<Parcel>)> = HashMap::new();
        let mut passed_over = None;
        let (before, after) = self.queues.split_at_mut(self.turn);
        let places = (before.len()..).take(after.len()).chain(0..before.len());
        for (place, queue) in places.zip(after.iter_mut().chain(before)) {
            let is_outside = self.transaction.is_some() && !queue.is_admitted;
            if is_outside || !queue.is_ready(now, &self.config) {
                continue;
            }
            if self.config.idempotent && queue.identity.is_none() {
                let Some(identity) = self.identity else { continue };
                let freed = queue.begin(identity);
                self.buffered_size -= freed;
                self.settled_any |= freed > 0;
            }
            let Some(broker) = leader(&queue.partition) else {
                leaderless.push(queue.partition.clone());
                continue;
            };
            if !room(broker) {
                continue;
            }
            let Some(mut batch) = queue.waiting.pop_front() else { continue };
            let (size, parcels) = requests.entry(broker).or_default();
            if *size > 0 && *size + batch.size > self.config.request_size_max {
                queue.waiting.push_front(batch);
                passed_over = passed_over.or(Some(place));
                continue;
            }
            let stamped = batch.seal(
                &self.config,
                queue.identity,
                queue.next_sequence,
                self.transaction.is_some(),
                &mut self.compressor,
                &mut self.free,
            );
            match stamped {
                Ok(bytes) => {
                    if batch.sequence.is_none() && queue.identity.is_some() {
                        batch.sequence = Some(queue.next_sequence);
                        queue.next_sequence = queue.next_sequence.plus(batch.record_count);
                    }
                    *size += bytes.len();
                    let (partition, order) = (queue.partition.clone(), batch.order);
                    parcels.push(Parcel { partition, order, bytes });
                    queue.in_flight.push_back(batch);
                }
                Err(error) => {
                    self.buffered_size -= batch.size;
                    self.settled_any = true;
                    if let Some(transaction) = &mut self.transaction {
                        transaction.fail(&error, false);
                    }
                    batch.settle(Err(error));
                }
            }
        }
        self.turn = passed_over.unwrap_or(self.turn);
        requests.retain(|_, (_, parcels)| !parcels.is_empty());
        requests.into_iter().map(|(broker, (_, parcels))| (broker, parcels)).collect()
    }

    fn expire(&mut self, now: Instant) {
        for queue in &mut self.queues {
            let expired = queue.expire(now, &self.config, self.trouble.as_ref());
            self.buffered_size -= expired.freed;
            self.settled_any |= expired.any;
            match (&mut self.transaction, expired.error) {
                (Some(transaction), Some(error)) => transaction.fail(&error, expired.leaves_gap),
                (Some(_), None) => {}
                (None, _) if expired.leaves_gap => lose(&mut self.identity, queue),
                (None, _) => {}
            }
        }
    }

    /// Whether [`Self::drain`] failed records since this was asked.
    pub(super) fn take_settled_any(&mut self) -> bool {
        std::mem::take(&mut self.settled_any)
    }

    /// Takes the answer about a parcel.
    pub(super) fn complete(
        &mut self,
        now: Instant,
        partition: &TopicPartition,
        order: u64,
        verdict: Verdict,
    ) {
        let place = self.places.get(partition).copied();
        let Some(queue) = place.and_then(|place| self.queues.get_mut(place)) else { return };
        let Some(at) = queue.in_flight.iter().position(|batch| batch.order == order) else {
            return;
        };
        let Some(mut batch) = queue.in_flight.remove(at) else { return };
        let is_dropping = self.transaction.as_ref().is_some_and(|it| it.is_dropping);
        let may_retry = !is_dropping && !batch.is_settled() && batch.attempts < self.config.retries;
        let failed = match verdict {
            Verdict::Delivered { base_offset, append_time } => {
                self.buffered_size -= batch.size;
                let partition = partition.clone();
                batch.settle(Ok(Delivered { partition, offset: base_offset, append_time }));
                return;
            }
            Verdict::Retry { error, maybe_written } => {
                batch.maybe_written |= maybe_written;
                if may_retry {
                    queue.put_back(now, self.retry_backoff, batch, error);
                    return;
                }
                error
            }
            Verdict::SequenceLost(error) => {
                // Behind a batch that is to be sent again, or whose answer is still to come, this is what the broker
                // must say. Otherwise its memory of this producer is gone.
                let is_lost = queue.is_oldest(order);
                if is_lost && self.transaction.is_none() {
                    lose(&mut self.identity, queue);
                }
                if may_retry && !(is_lost && self.transaction.is_some()) {
                    queue.put_back(now, self.retry_backoff, batch, error);
                    return;
                }
                error
            }
            Verdict::Failed(error) => error,
        };
        self.buffered_size -= batch.size;
        let leaves_gap = batch.sequence.is_some();
        match &mut self.transaction {
            Some(transaction) => transaction.fail(&failed, leaves_gap),
            None if leaves_gap => lose(&mut self.identity, queue),
            None => {}
        }
        batch.settle(Err(failed));
    }

    pub(super) fn fail_all(&mut self, error: &ClientError) {
        for queue in &mut self.queues {
            for batch in queue.in_flight.drain(..).chain(queue.waiting.drain(..)) {
                batch.settle(Err(error.clone()));
            }
            queue.identity = None;
        }
        self.buffered_size = 0;
        self.identity = None;
    }

    /// When something becomes due by time alone: a batch has waited to be filled, a retry its pause. `None` when only
    /// answers or new records can change anything.
    pub(super) fn next_timeout(&self, now: Instant) -> Option<Instant> {
        self.queues.iter().filter_map(|queue| queue.next_timeout(now, &self.config)).min()
    }
}

/// The queue and the broker disagree about the next sequence: it begins again under the next epoch, which fences what
/// may still arrive under this one.
fn lose(current: &mut Option<Identity>, queue: &mut Queue) {
    let Some(lost) = queue.identity.take() else { return };
    if *current == Some(lost) {
        let (id, epoch) = lost;
        *current = epoch.next().map(|epoch| (id, epoch));
    }
}

#[cfg(test)]
mod tests;
