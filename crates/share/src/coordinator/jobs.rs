use group::Now;
use model::{Offset, TopicId};

use super::{CoordinatorEffect, Soft};
use crate::{Decision, JOB_RECORD_COUNT_MAX, JOB_STEP_PAUSE, ShareRecord, ShareShard};

/// What the coordinator does by itself from time to time. Each step writes a bounded number of records and tells
/// whether there is more to do.
impl ShareShard {
    /// Topics were deleted: what groups read of them is forgotten, bit by bit.
    pub fn topics_deleted(
        &self,
        soft: &mut Soft,
        now: Now,
        topics: impl IntoIterator<Item = TopicId>,
    ) -> Decision<()> {
        soft.gone.extend(topics);
        self.remove_some(soft, now)
    }

    fn remove_some(&self, soft: &mut Soft, now: Now) -> Decision<()> {
        let gone = self.states.keys().filter(|key| soft.gone.contains(&key.topic));
        let mut records: Vec<ShareRecord> = gone
            .take(JOB_RECORD_COUNT_MAX + 1)
            .map(|key| ShareRecord::Removed { key: key.clone() })
            .collect();
        let has_more = records.len() > JOB_RECORD_COUNT_MAX;
        records.truncate(JOB_RECORD_COUNT_MAX);
        soft.next_removal = has_more.then(|| now.instant.plus(JOB_STEP_PAUSE));
        if !has_more {
            soft.gone.clear();
        }
        Decision::of((), self.newest).with(records)
    }

    /// To be called once when all of the log is replayed: the jobs begin.
    pub fn loaded(&self, soft: &mut Soft, now: Now) -> Decision<()> {
        soft.schedule_cold_snapshot(now, soft.settings.cold_snapshot_interval);
        soft.schedule_prune(now);
        Decision::of((), self.newest)
    }

    /// Carries out one job that is due; [`Soft::next_timeout`] says whether to call again.
    pub fn time_passed(&self, soft: &mut Soft, now: Now) -> Decision<()> {
        if soft.next_removal.is_some_and(|at| at <= now.instant) {
            return self.remove_some(soft, now);
        }
        if soft.next_cold_snapshot.is_some_and(|at| at <= now.instant) {
            let (records, has_more) = self.snapshot_cold(soft, now);
            let pause =
                if has_more { JOB_STEP_PAUSE } else { soft.settings.cold_snapshot_interval };
            soft.schedule_cold_snapshot(now, pause);
            return Decision::of((), self.newest).with(records);
        }
        let mut decision = Decision::of((), self.newest);
        if soft.next_prune.is_some_and(|at| at <= now.instant) {
            soft.schedule_prune(now);
            let redundant = self.redundant_before().filter(|before| *before > Offset::ZERO);
            if let Some(before) = redundant.filter(|_| redundant > soft.pruned_before) {
                soft.pruned_before = redundant;
                decision.effects.push(CoordinatorEffect::DeleteRecordsBefore(before));
            }
        }
        decision
    }

    /// Writes anew the snapshots that have been lying for long, so that the log before them can go. Whether
    /// there are more than one step takes.
    fn snapshot_cold(&self, soft: &Soft, now: Now) -> (Vec<ShareRecord>, bool) {
        let mut records = Vec::new();
        let mut has_more = false;
        for (at, key) in &self.snapshots {
            if !self.is_worth_moving(*at) {
                break;
            }
            let Some(hard) = self.states.get(key) else { continue };
            let written_at = hard.state.written_at.as_millis();
            let age = u128::try_from(now.wall.as_millis() - written_at).unwrap_or(0);
            if age < soft.settings.cold_snapshot_interval.as_millis() {
                continue;
            }
            if records.len() == JOB_RECORD_COUNT_MAX {
                has_more = true;
                break;
            }
            let mut state = hard.state.clone();
            state.snapshot_epoch = state.snapshot_epoch.next();
            state.written_at = now.wall;
            let record = ShareRecord::Snapshot { key: key.clone(), state };
            // The topic takes less than it did: the old one stays.
            if soft.record_size_max.check(&record).is_ok() {
                records.push(record);
            }
        }
        (records, has_more)
    }

    /// Whether there are records after the snapshot that are not needed. With nothing but snapshots in the log, idle
    /// share-partitions would be written anew for ever.
    fn is_worth_moving(&self, snapshot: Offset) -> bool {
        let since = self.newest.map_or(0, |newest| newest.records_since(snapshot));
        since >= u64::try_from(self.states.len()).unwrap_or(u64::MAX)
    }

    /// Records before this offset are not needed any more, once the log is committed up to it. `None` while nothing was
    /// read.
    pub fn redundant_before(&self) -> Option<Offset> {
        match self.snapshots.first_key_value() {
            Some((first, _)) => Some(*first),
            None => self.newest?.plus(1),
        }
    }
}
