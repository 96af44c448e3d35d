use group::Now;
use model::{Instant, LeaderEpoch, PartitionIndex, Timestamp, TopicId, Uuid};

use super::{Broken, check};
use crate::codec::{self, Decoded};
use crate::samples::{group, offset};
use crate::{
    CoordinatorError, CoordinatorSettings, DeliveryState, Planted, Read, ReadState,
    SharePartitionKey, ShareRecord, ShareShard, Soft, StateEpoch, StateWrite, Write, WriteError,
};

/// The share coordinator with its log of bytes.
pub(super) struct StateStore {
    shard: ShareShard,
    soft: Soft,
    planted: Planted,
    log: Vec<codec::KeyValue>,
}

pub(super) fn key() -> SharePartitionKey {
    SharePartitionKey {
        group: group("workers"),
        topic: TopicId::new(Uuid::from_bytes([7; 16])).unwrap(),
        partition: PartitionIndex::ZERO,
    }
}

fn now() -> Now {
    Now { instant: Instant::ZERO, wall: Timestamp::from_millis(1).unwrap() }
}

impl StateStore {
    pub(super) fn new(planted: Planted) -> Self {
        let settings = CoordinatorSettings { updates_per_snapshot: 4, ..Default::default() };
        let (shard, soft) = (ShareShard::with_planted(planted), Soft::new(settings));
        let mut store = Self { shard, soft, planted, log: Vec::new() };
        let decision = store.shard.initialize(&store.soft, now(), &key(), StateEpoch::ZERO, None);
        let decision = decision.unwrap();
        store.append(&decision.records);
        store
    }

    fn append(&mut self, records: &[ShareRecord]) {
        for record in records {
            let at = i64::try_from(self.log.len()).unwrap();
            self.log.push(codec::encode(record).unwrap());
            self.shard.replay(offset(at), record);
        }
    }

    pub(super) fn read(&mut self, leader_epoch: LeaderEpoch) -> ReadState {
        let decision =
            self.shard.read(&self.soft, now(), &Read { key: key(), leader_epoch }).unwrap();
        self.append(&decision.records);
        decision.reply
    }

    pub(super) fn write(&mut self, write: &StateWrite) -> Result<(), WriteError> {
        let request = Write {
            key: key(),
            state_epoch: write.state_epoch,
            leader_epoch: write.leader_epoch,
            start_offset: Some(write.start_offset),
            delivery_complete_count: Some(write.delivery_complete_count),
            batches: write.batches.clone(),
        };
        match self.shard.write(&self.soft, now(), &request) {
            Ok(decision) => {
                self.append(&decision.records);
                Ok(())
            }
            Err(CoordinatorError::FencedLeaderEpoch | CoordinatorError::FencedStateEpoch) => {
                Err(WriteError::Fenced)
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// Offsets that are final, as the coordinator's batches have it.
    pub(super) fn complete_count(&self) -> u64 {
        let state = self.shard.state(&key()).unwrap();
        let done = state.batches.iter().filter(|batch| batch.state.is_final());
        done.map(|batch| batch.range.count()).sum()
    }

    pub(super) fn told_complete_count(&self) -> Option<u64> {
        self.shard.read_summary(&key()).reply.delivery_complete_count.map(u64::from)
    }

    pub(super) fn lag(&self, end: model::Offset) -> Option<u64> {
        let summary = self.shard.read_summary(&key()).reply;
        crate::lag(end, summary.start_offset, summary.delivery_complete_count)
    }

    /// Another broker takes over: it knows what the log says, without what is said to be redundant.
    pub(super) fn reload(&mut self) -> Result<(), Broken> {
        let mut again = ShareShard::with_planted(self.planted);
        let from = self.shard.redundant_before().unwrap();
        for (at, record) in self.log.iter().enumerate() {
            let at = offset(i64::try_from(at).unwrap());
            let value = record.value.clone().map(Into::into);
            let decoded = codec::decode(&record.key.clone().into(), value.as_ref()).unwrap();
            let Decoded::Record(record) = decoded else { panic!("{decoded:?}") };
            if at >= from {
                again.replay(at, &record);
            }
        }
        let (before, after) = (self.shard.state(&key()), again.state(&key()));
        check(before == after, "a reload comes to the same state", || {
            format!("{before:?}, then {after:?}")
        })?;
        for batch in after.unwrap().batches.iter() {
            let is_known = batch.state != DeliveryState::Available || batch.delivery_count < 100;
            check(is_known, "delivery counts are counts", || format!("{batch:?}"))?;
        }
        self.shard = again;
        Ok(())
    }
}
