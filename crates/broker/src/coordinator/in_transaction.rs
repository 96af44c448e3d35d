//! What transactions write to a coordinator's topic, and how they end there: of all coordinators, only groups know any.

use std::sync::Arc;

use model::{CoordinatorEpoch, Offset, PartitionIndex, ProducerEpoch, ProducerId, Timestamp};
use record::{ControlStamp, EndTransactionMarker, write_end_transaction_batch};
use replica::{Guard, MarkerEpochRule, Origin};

use super::active::{Active, Clocks, How};
use super::machine::Machine;
use super::record_batches::WriteFailed;
use super::shard::Shard;
use super::{Coordinator, CoordinatorLog, Unavailable, Urgency};

/// In whose transaction records are written.
#[derive(Clone, Copy, Debug)]
pub struct InTransaction {
    pub producer: ProducerId,
    pub epoch: ProducerEpoch,
    /// Of [`Coordinator::guard_for`].
    pub guard: Option<Guard>,
}

/// The end of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marker {
    pub producer: ProducerId,
    pub epoch: ProducerEpoch,
    pub committed: bool,
    pub coordinator_epoch: CoordinatorEpoch,
    pub epoch_rule: MarkerEpochRule,
}

impl Marker {
    /// The batch that says so in a partition's log, with base offset 0. `None` when it cannot be built.
    pub(crate) fn batch(&self, timestamp: Timestamp) -> Option<Vec<u8>> {
        let stamp = ControlStamp { base_offset: Offset::ZERO, leader_epoch: None, timestamp };
        let end = EndTransactionMarker {
            committed: self.committed,
            coordinator_epoch: self.coordinator_epoch.to_wire(),
        };
        let mut batch = Vec::new();
        write_end_transaction_batch(stamp, self.producer, self.epoch, end, &mut batch).ok()?;
        Some(batch)
    }

    pub(crate) const fn origin(&self) -> Origin {
        Origin::Marker { epoch_rule: self.epoch_rule }
    }
}

impl<M: Machine> Coordinator<M> {
    /// What a producer needs to write to a key's partition in a transaction: nothing, or a guard with which the
    /// transaction coordinator is asked first.
    pub fn guard_for(
        &self,
        key: &str,
        producer: ProducerId,
        epoch: ProducerEpoch,
    ) -> Result<Option<Guard>, Unavailable> {
        let shard = self.shard_of(key).ok_or(Unavailable::NotCoordinator)?;
        shard.log().guard_for(producer, epoch).map_err(Unavailable::from)
    }

    /// As [`Self::decide`], with records that count once the producer's transaction is committed.
    pub fn decide_within<R: Send + 'static>(
        &self,
        key: &str,
        within: InTransaction,
        decide: impl FnOnce(&M, &mut M::Soft, M::Now) -> M::Decision<R>,
        done: impl FnOnce(Result<R, Unavailable>) + Send + 'static,
    ) {
        let Some(shard) = self.shard_of(key) else {
            return done(Err(Unavailable::NotCoordinator));
        };
        let run = |active: &mut Active<M>, log: &dyn CoordinatorLog, now: Clocks, done| {
            let decision = decide(&active.hard, &mut active.soft, now.machine::<M>());
            let how = How { within: Some(within), ..How::default() };
            active.carry_out_as(log, now, decision, how, done)
        };
        shard.with_active(run, done);
    }

    /// Ends a producer's transaction in one partition. `done` is called once, as that of [`Self::decide`]; with
    /// [`Urgency::WithNext`] when the marker is in the log, and the caller has it committed.
    pub fn end_transaction(
        &self,
        partition: PartitionIndex,
        marker: Marker,
        urgency: Urgency,
        done: impl FnOnce(Result<(), Unavailable>) + Send + 'static,
    ) {
        match self.shard(partition) {
            Some(shard) => shard.end_transaction(marker, urgency, done),
            None => done(Err(Unavailable::NotCoordinator)),
        }
    }
}

impl<M: Machine> Shard<M> {
    fn end_transaction(
        self: &Arc<Self>,
        marker: Marker,
        urgency: Urgency,
        done: impl FnOnce(Result<(), Unavailable>) + Send + 'static,
    ) {
        let run = |active: &mut Active<M>, log: &dyn CoordinatorLog, now: Clocks, done| {
            active.end_transaction(log, now, (marker, urgency), done)
        };
        self.with_active(run, done);
    }
}

impl<M: Machine> Active<M> {
    fn end_transaction(
        &mut self,
        log: &dyn CoordinatorLog,
        now: Clocks,
        (marker, urgency): (Marker, Urgency),
        done: impl FnOnce(Result<(), Unavailable>) + Send + 'static,
    ) -> Result<(), WriteFailed> {
        let deadline = Some(now.instant.plus(self.commit_timeout));
        let batch = marker.batch(now.wall).ok_or(WriteFailed(Unavailable::TooLarge))?;
        let at = match log.append(&batch, 1, marker.origin(), urgency) {
            Ok(at) => at,
            Err(refused) => {
                let why = Unavailable::from(refused);
                self.wait(Offset::ZERO, deadline, Box::new(move |_| done(Err(why))));
                let failed = WriteFailed(why);
                return failed.refused_producer().map_or(Err(failed), |_| Ok(()));
            }
        };
        if let Some(ended) = M::transaction_ended(marker.producer, marker.committed) {
            self.hard.replay(at, &ended);
        }
        let needed = match urgency {
            Urgency::Now => at.plus(1).unwrap_or(Offset::MAX),
            Urgency::WithNext => Offset::ZERO,
        };
        self.wait(needed, deadline, Box::new(done));
        Ok(())
    }
}
