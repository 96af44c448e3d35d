use std::collections::BTreeMap;

use group::Now;
use model::{LeaderEpoch, Offset};

use super::record::ShareUpdate;
use super::{CoordinatorError, Decision, Read, ReadState, Soft, StateBatches, StateSummary, Write};
use crate::{
    Planted, PlantedBug, SHARE_PARTITION_COUNT_MAX, STATE_BATCH_COUNT_MAX, SharePartitionKey,
    ShareRecord, ShareState, SnapshotEpoch, StateEpoch,
};

/// The share coordinator of one partition of `__share_group_state`, as its log has it.
///
/// Invariants (KIP-932):
/// - the state is what its log says: [`Self::replay`] is the only writer;
/// - a leader, or a state, that was followed by another one writes nothing more;
/// - a start offset never goes back, but where the state is begun anew;
/// - no record before [`Self::redundant_before`] is needed to come to the same state.
#[derive(Debug, Default)]
pub struct ShareShard {
    pub(super) states: BTreeMap<SharePartitionKey, Hard>,
    /// Where each share-partition's newest snapshot lies.
    pub(super) snapshots: BTreeMap<Offset, SharePartitionKey>,
    /// The newest record replayed.
    pub(super) newest: Option<Offset>,
    pub(super) planted: Planted,
}

#[derive(Debug)]
pub(super) struct Hard {
    pub(super) state: ShareState,
    /// Since the snapshot.
    pub(super) update_count: u32,
    pub(super) snapshot_at: Offset,
    pub(super) newest: Offset,
}

impl ShareShard {
    pub fn new() -> Self {
        Self::default()
    }

    /// For the tests that must notice a bug; see [`Planted`].
    pub fn with_planted(planted: Planted) -> Self {
        Self { planted, ..Self::default() }
    }

    /// Takes over a record that is in the log at offset `at`. The only writer of this state.
    pub fn replay(&mut self, at: Offset, record: &ShareRecord) {
        self.newest = Some(at);
        match record {
            ShareRecord::Snapshot { key, state } => self.replay_snapshot(at, key, state.clone()),
            ShareRecord::Update { key, update } => self.replay_update(at, key, update),
            ShareRecord::Removed { key } => {
                if let Some(hard) = self.states.remove(key) {
                    self.snapshots.remove(&hard.snapshot_at);
                }
            }
        }
    }

    fn replay_snapshot(&mut self, at: Offset, key: &SharePartitionKey, state: ShareState) {
        let hard = Hard { state, update_count: 0, snapshot_at: at, newest: at };
        if let Some(old) = self.states.insert(key.clone(), hard) {
            self.snapshots.remove(&old.snapshot_at);
        }
        self.snapshots.insert(at, key.clone());
    }

    fn replay_update(&mut self, at: Offset, key: &SharePartitionKey, update: &ShareUpdate) {
        let Some(hard) = self.states.get_mut(key) else {
            // Its snapshot is not there: only a log that was cut by hand has this. What it says is all that is known.
            let mut state = ShareState {
                snapshot_epoch: update.snapshot_epoch,
                state_epoch: StateEpoch::ZERO,
                leader_epoch: LeaderEpoch::ZERO,
                start_offset: None,
                delivery_complete_count: None,
                created_at: super::share_state::EPOCH,
                written_at: super::share_state::EPOCH,
                batches: StateBatches::default(),
            };
            state.apply(update);
            return self.replay_snapshot(at, key, state);
        };
        hard.update_count = hard.update_count.saturating_add(1);
        hard.newest = at;
        if !self.planted.has(PlantedBug::DropUpdate) {
            hard.state.apply(update);
        }
    }

    /// A share-partition begins, or begins anew: the group coordinator has decided so. `None` as the start lets its
    /// leader decide. The same request once more changes nothing.
    pub fn initialize(
        &self,
        soft: &Soft,
        now: Now,
        key: &SharePartitionKey,
        state_epoch: StateEpoch,
        start_offset: Option<Offset>,
    ) -> Result<Decision<()>, CoordinatorError> {
        let hard = self.states.get(key);
        if hard.is_some_and(|hard| hard.state.state_epoch > state_epoch) {
            return Err(CoordinatorError::FencedStateEpoch);
        }
        if hard.is_none() && self.states.len() >= SHARE_PARTITION_COUNT_MAX {
            return Err(CoordinatorError::TooManySharePartitions);
        }
        let is_known = hard.is_some_and(|hard| {
            hard.state.state_epoch == state_epoch
                && hard.state.start_offset == start_offset
                && hard.state.batches.is_empty()
        });
        if is_known {
            return Ok(Decision::of((), self.seen(key)));
        }
        let snapshot_epoch =
            hard.map_or(SnapshotEpoch::ZERO, |hard| hard.state.snapshot_epoch.next());
        let state = ShareState {
            snapshot_epoch,
            state_epoch,
            leader_epoch: LeaderEpoch::ZERO,
            start_offset,
            delivery_complete_count: start_offset.map(|_| 0),
            created_at: now.wall,
            written_at: now.wall,
            batches: StateBatches::default(),
        };
        let record = ShareRecord::Snapshot { key: key.clone(), state };
        soft.record_size_max.check(&record)?;
        Ok(Decision::of((), None).with(vec![record]))
    }

    /// A leader writes down what was decided.
    pub fn write(
        &self,
        soft: &Soft,
        now: Now,
        write: &Write,
    ) -> Result<Decision<()>, CoordinatorError> {
        let hard = self.states.get(&write.key).ok_or(CoordinatorError::WriteUninitialized)?;
        self.check_leader(hard, write.leader_epoch)?;
        if write.state_epoch < hard.state.state_epoch {
            return Err(CoordinatorError::FencedStateEpoch);
        }
        let update = ShareUpdate {
            snapshot_epoch: hard.state.snapshot_epoch,
            // Only a read tells of a new leader.
            leader_epoch: Some(hard.state.leader_epoch),
            start_offset: write.start_offset.or(hard.state.start_offset),
            delivery_complete_count: write.delivery_complete_count,
            batches: write.batches.clone(),
        };
        let record = self.record_of(soft, now, (&write.key, hard), update)?;
        Ok(Decision::of((), None).with(vec![record]))
    }

    /// A leader begins, and fences those before it.
    pub fn read(
        &self,
        soft: &Soft,
        now: Now,
        read: &Read,
    ) -> Result<Decision<ReadState>, CoordinatorError> {
        let hard = self.states.get(&read.key).ok_or(CoordinatorError::ReadUninitialized)?;
        self.check_leader(hard, read.leader_epoch)?;
        let ShareState { state_epoch, start_offset, batches, .. } = &hard.state;
        let reply = ReadState {
            state_epoch: *state_epoch,
            start_offset: *start_offset,
            batches: batches.to_vec(),
        };
        let mut records = Vec::new();
        if hard.state.leader_epoch != read.leader_epoch {
            let update = ShareUpdate {
                snapshot_epoch: hard.state.snapshot_epoch,
                leader_epoch: Some(read.leader_epoch),
                start_offset: *start_offset,
                delivery_complete_count: hard.state.delivery_complete_count,
                batches: Vec::new(),
            };
            records.push(self.record_of(soft, now, (&read.key, hard), update)?);
        }
        Ok(Decision::of(reply, Some(hard.newest)).with(records))
    }

    pub fn read_summary(&self, key: &SharePartitionKey) -> Decision<StateSummary> {
        let summary = self.states.get(key).map(|hard| StateSummary {
            state_epoch: hard.state.state_epoch,
            leader_epoch: hard.state.leader_epoch,
            start_offset: hard.state.start_offset,
            delivery_complete_count: hard.state.delivery_complete_count,
        });
        Decision::of(summary.unwrap_or_default(), self.seen(key))
    }

    /// What is not there is deleted already.
    pub fn delete(&self, key: &SharePartitionKey) -> Decision<()> {
        let records = match self.states.contains_key(key) {
            true => vec![ShareRecord::Removed { key: key.clone() }],
            false => Vec::new(),
        };
        Decision::of((), self.seen(key)).with(records)
    }

    pub fn state(&self, key: &SharePartitionKey) -> Option<&ShareState> {
        self.states.get(key).map(|hard| &hard.state)
    }

    fn check_leader(&self, hard: &Hard, epoch: LeaderEpoch) -> Result<(), CoordinatorError> {
        let is_stale = epoch < hard.state.leader_epoch;
        if is_stale && !self.planted.has(PlantedBug::AcceptStaleLeader) {
            return Err(CoordinatorError::FencedLeaderEpoch);
        }
        Ok(())
    }

    /// The update, or after so many of them a snapshot with it.
    fn record_of(
        &self,
        soft: &Soft,
        now: Now,
        (key, hard): (&SharePartitionKey, &Hard),
        mut update: ShareUpdate,
    ) -> Result<ShareRecord, CoordinatorError> {
        let mut state = None;
        let may_be_many = hard.state.batches.len() + 2 * update.batches.len();
        let is_snapshot = hard.update_count >= soft.settings.updates_per_snapshot;
        if is_snapshot || may_be_many > STATE_BATCH_COUNT_MAX {
            let mut new = hard.state.clone();
            if self.planted.has(PlantedBug::StaleSnapshot) {
                new.batches = StateBatches::default();
            }
            new.apply(&update);
            if new.batches.len() > STATE_BATCH_COUNT_MAX {
                return Err(CoordinatorError::TooManyBatches);
            }
            state = Some(new);
        }
        let key = key.clone();
        if let Some(mut state) = state.filter(|_| is_snapshot) {
            state.snapshot_epoch = state.snapshot_epoch.next();
            state.written_at = now.wall;
            let record = ShareRecord::Snapshot { key, state };
            soft.record_size_max.check(&record)?;
            return Ok(record);
        }
        let mut batches = StateBatches::of(&update.batches);
        if let Some(start) = update.start_offset {
            batches.prune(start);
        }
        update.batches = batches.to_vec();
        let record = ShareRecord::Update { key, update };
        soft.record_size_max.check(&record)?;
        Ok(record)
    }

    fn seen(&self, key: &SharePartitionKey) -> Option<Offset> {
        // That something is not there rests on all that was read.
        self.states.get(key).map_or(self.newest, |hard| Some(hard.newest))
    }
}
