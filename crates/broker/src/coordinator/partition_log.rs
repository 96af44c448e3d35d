use std::sync::{Arc, Weak};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use model::{Offset, PartitionIndex, ProducerEpoch, ProducerId};
use parking_lot::Mutex;
use replica::{AppendError, FetchFrom, Guard, Origin, Reader};
use storage::{LogDir, LogRange, PastDamage};

use super::machine::Machine;
use super::{AppendRefused, Coordinator, CoordinatorLog, LogUnreadable, Urgency};
use crate::Broker;
use crate::partition::Partition;

/// How long the partition looks after an append. The coordinator's replies have a deadline of their own, much earlier;
/// but however late the append is committed, those that come after it want to hear of it.
const COMMIT_WAIT_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// A partition of a coordinator's topic, led by this broker.
pub(super) struct PartitionLog<M: Machine> {
    broker: Weak<Broker>,
    coordinator: Coordinator<M>,
    index: PartitionIndex,
    /// Found when it is first asked for.
    partition: Mutex<Option<Arc<Partition>>>,
}

/// Where an append stands, between the coordinator and the partition.
enum Append {
    /// The coordinator waits for the call to return.
    Called,
    /// It was refused before that.
    Refused(AppendRefused),
    /// The coordinator took it for done.
    Taken,
}

impl<M: Machine> PartitionLog<M> {
    pub(super) fn new(
        broker: &Arc<Broker>,
        coordinator: Coordinator<M>,
        index: PartitionIndex,
    ) -> Self {
        Self { broker: Arc::downgrade(broker), coordinator, index, partition: Mutex::new(None) }
    }

    fn find(&self) -> Result<(Arc<Broker>, Arc<Partition>), AppendRefused> {
        let broker = self.broker.upgrade().ok_or(AppendRefused::NotLeader)?;
        if let Some(partition) = &*self.partition.lock() {
            return Ok((broker, Arc::clone(partition)));
        }
        let found = broker.partition_of(M::TOPIC, self.index);
        let partition = found.map_err(|_| AppendRefused::NotLeader)?;
        *self.partition.lock() = Some(Arc::clone(&partition));
        Ok((broker, partition))
    }

    /// Of the leader's log; `None` when this broker leads no longer.
    fn of_log<R>(&self, read: impl FnOnce(&replica::ReplicaLog) -> R) -> Option<R> {
        let (_, partition) = self.find().ok()?;
        let state = partition.lock();
        let leader = state.leader().ok()?;
        Some(read(leader.log()))
    }
}

impl<M: Machine> CoordinatorLog for PartitionLog<M> {
    fn append(
        &self,
        batch: &[u8],
        record_count: u32,
        origin: Origin,
        urgency: Urgency,
    ) -> Result<Offset, AppendRefused> {
        let (broker, partition) = self.find()?;
        // Only the coordinator appends to this partition, and it holds its shard's lock.
        let end = self.of_log(replica::ReplicaLog::log_end);
        let base = end.ok_or(AppendRefused::NotLeader)?;
        let stage = Arc::new(Mutex::new(Append::Called));
        let (at_end, coordinator, index) =
            (Arc::clone(&stage), self.coordinator.clone(), self.index);
        let done = move |result: Result<replica::Appended, AppendError>| {
            let failure = match result {
                Ok(appended) if appended.base == base => {
                    return coordinator
                        .committed(index, base.plus(record_count).unwrap_or(Offset::MAX));
                }
                Ok(appended) => {
                    tracing::error!(partition = %index, expected = %base, found = %appended.base, "somebody else writes to {}", M::TOPIC);
                    AppendRefused::Storage
                }
                Err(error) => refused(&error),
            };
            let stage = &mut *at_end.lock();
            match stage {
                Append::Called => *stage = Append::Refused(failure),
                Append::Refused(_) => {}
                Append::Taken => coordinator.write_failed(index),
            }
        };
        broker.append_when(&partition, batch, origin, urgency, COMMIT_WAIT_MAX, done);
        let mut stage = stage.lock();
        match *stage {
            Append::Refused(refused) => Err(refused),
            Append::Called | Append::Taken => {
                *stage = Append::Taken;
                Ok(base)
            }
        }
    }

    fn guard_for(
        &self,
        producer: ProducerId,
        epoch: ProducerEpoch,
    ) -> Result<Option<Guard>, AppendRefused> {
        let (_, partition) = self.find()?;
        partition.guard_for(producer, epoch, None).map_err(|_| AppendRefused::NotLeader)
    }

    fn read(&self, from: Offset, size_max: usize) -> Result<Bytes, LogUnreadable> {
        let (_, partition) = self.find().map_err(|error| LogUnreadable(error.to_string()))?;
        let fetch = FetchFrom {
            reader: Reader::Follower,
            offset: from,
            leader_epoch: None,
            last_fetched_epoch: None,
        };
        let size_max = u32::try_from(size_max).unwrap_or(u32::MAX);
        let mut ranges = Vec::new();
        let read = partition.read(&fetch, size_max, true, &mut ranges, None);
        read.map_err(|error| LogUnreadable(error.to_string()))?;
        let mut bytes = BytesMut::new();
        for range in &ranges {
            match range {
                LogRange::Memory(slice) => bytes.extend_from_slice(slice),
                LogRange::File(range) => {
                    let read = range.read().map_err(|error| LogUnreadable(error.to_string()))?;
                    bytes.extend_from_slice(&read);
                }
            }
        }
        Ok(bytes.freeze())
    }

    fn past_damage(
        &self,
        from: Offset,
        size_max: usize,
    ) -> Result<Option<PastDamage>, LogUnreadable> {
        let (_, partition) = self.find().map_err(|error| LogUnreadable(error.to_string()))?;
        let size_max = u32::try_from(size_max).unwrap_or(u32::MAX);
        let read = partition.read_past_damage(from, size_max);
        read.map_err(|error| LogUnreadable(error.to_string()))
    }

    fn log_start(&self) -> Offset {
        self.of_log(replica::ReplicaLog::log_start).unwrap_or(Offset::ZERO)
    }

    fn high_watermark(&self) -> Offset {
        self.of_log(replica::ReplicaLog::high_watermark).unwrap_or(Offset::ZERO)
    }

    fn goes_before(&self, dir: &LogDir) -> bool {
        let found = self.find().ok();
        found.is_some_and(|(_, partition)| {
            std::ptr::eq(&**partition.dir(), dir) && partition.is_alone_and_durable()
        })
    }

    fn batch_size_max(&self) -> usize {
        let found = self.find().ok();
        let settings = found.map(|(_, partition)| Arc::clone(partition.lock().settings()));
        settings.map_or(0, |settings| settings.max_message_bytes as usize)
    }
}

fn refused(error: &AppendError) -> AppendRefused {
    match error {
        AppendError::NotEnoughReplicas { .. }
        | AppendError::NotEnoughReplicasAfterAppend
        | AppendError::TimedOut
        | AppendError::TooManyWaiting => AppendRefused::NotEnoughReplicas,
        AppendError::NotLeader => AppendRefused::NotLeader,
        AppendError::Producer(error) => AppendRefused::Producer(*error),
        AppendError::Storage | AppendError::OffsetsExhausted | AppendError::ControlBatch => {
            AppendRefused::Storage
        }
    }
}
