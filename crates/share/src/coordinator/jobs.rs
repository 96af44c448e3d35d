use std::collections::BTreeSet;

use group::Now;
use model::{Offset, TopicId};

use crate::{Decision, JOB_RECORD_COUNT_MAX, ShareRecord, ShareShard};

/// What the coordinator does by itself from time to time. Each step writes a bounded number of records and tells
/// whether there is more to do.
impl ShareShard {
    /// Topics were deleted: what groups read of them is forgotten.
    pub fn remove_topics(&self, topics: &BTreeSet<TopicId>) -> Decision<bool> {
        let gone = self.states.keys().filter(|key| topics.contains(&key.topic));
        let mut records: Vec<ShareRecord> = gone
            .take(JOB_RECORD_COUNT_MAX + 1)
            .map(|key| ShareRecord::Removed { key: key.clone() })
            .collect();
        let has_more = records.len() > JOB_RECORD_COUNT_MAX;
        records.truncate(JOB_RECORD_COUNT_MAX);
        Decision { records, reply: has_more, seen: self.newest }
    }

    /// Writes anew the snapshots that have been lying for long, so that the log before them can go
    /// (`share.coordinator.cold.partition.snapshot.interval.ms`).
    pub fn snapshot_cold(&self, now: Now) -> Decision<bool> {
        let mut records = Vec::new();
        let mut has_more = false;
        for (at, key) in &self.snapshots {
            if !self.is_worth_moving(*at) {
                break;
            }
            let Some(hard) = self.states.get(key) else { continue };
            let written_at = hard.state.written_at.as_millis();
            let age = u128::try_from(now.wall.as_millis() - written_at).unwrap_or(0);
            if age < self.settings.cold_snapshot_interval.as_millis() {
                continue;
            }
            if records.len() == JOB_RECORD_COUNT_MAX {
                has_more = true;
                break;
            }
            let mut state = hard.state.clone();
            state.snapshot_epoch = state.snapshot_epoch.next();
            state.written_at = now.wall;
            records.push(ShareRecord::Snapshot { key: key.clone(), state });
        }
        Decision { records, reply: has_more, seen: self.newest }
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
