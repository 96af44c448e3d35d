use std::sync::Arc;
use std::sync::atomic::Ordering;

use model::{Offset, Timestamp};

use super::PartitionLog;
use crate::cleaner::{Cleanable, Replacement};
use crate::segment::Segment;

impl PartitionLog {
    /// What could be cleaned of a compacted log: sealed segments that lie below `stable` (the last stable offset, which is
    /// never above the high watermark), below a persisted recovery point, and are older than `min.compaction.lag.ms`.
    /// `None` when there is nothing new.
    pub fn cleanable(&self, stable: Offset, wall: Timestamp) -> Option<Cleanable> {
        if !self.config.compact || self.segments.len() < 2 {
            return None;
        }
        let first_dirty = self.first_dirty();
        let checkpointed = self.files.marks.checkpointed_changes.load(Ordering::Acquire);
        let mut upper = self.log_start;
        let (mut segments, mut waiting) = (Vec::new(), Vec::new());
        for (segment, next) in self.segments.iter().zip(self.segments.iter().skip(1)) {
            if next.base <= self.log_start {
                continue;
            }
            let is_young = next.base > first_dirty && self.is_young(segment, wall);
            if next.base > stable || is_young {
                break;
            }
            if !waiting.is_empty() || segment.sealed > checkpointed {
                waiting.push(segment.clone());
                continue;
            }
            upper = next.base;
            segments.push(segment.clone());
        }
        let has_dirty = upper > first_dirty && !segments.is_empty();
        (has_dirty || !waiting.is_empty()).then(|| Cleanable {
            files: Arc::clone(&self.files),
            config: Arc::clone(&self.config),
            aborted: self.search_aborted(self.log_start, upper),
            segments,
            first_dirty,
            upper,
            waiting,
        })
    }

    /// Up to here the log is clean, by the checkpoint. One that lies outside of the log counts for nothing.
    fn first_dirty(&self) -> Offset {
        let cleaned = self.dir.cleaned_to(&self.files.name);
        let within = |to: &Offset| *to >= self.log_start && *to <= self.log_end;
        cleaned.filter(within).unwrap_or(self.log_start)
    }

    fn is_young(&self, segment: &Segment, wall: Timestamp) -> bool {
        let lag_ms = i64::try_from(self.config.min_compaction_lag_ms).unwrap_or(i64::MAX);
        lag_ms > 0 && segment.newest().as_millis() > wall.as_millis().saturating_sub(lag_ms)
    }

    /// Puts a cleaned segment in the place of those that it was made of. `false` when they are not what they were: retention
    /// or a truncation came in between, and nothing has changed. Tell [`crate::Cleaning::replaced`].
    pub fn replace(&mut self, replacement: Replacement) -> bool {
        let Replacement { mut segment, replaced, files } = replacement;
        let Some((first, ..)) = replaced.first() else { return false };
        let from = self.segments.partition_point(|known| known.base < *first);
        let until = from + replaced.len();
        let same = self.segments.get(from..until).is_some_and(|known| {
            known.iter().zip(&replaced).all(|(known, (base, generation, size))| {
                (known.base, known.generation, known.size) == (*base, *generation, *size)
            })
        });
        let Some(end) = self.segments.get(until).map(|next| next.base) else { return false };
        if !same || !self.files.can_be_replaced() {
            return false;
        }
        self.changes += 1;
        segment.generation = self.changes;
        let (base, generation) = (segment.base, segment.generation);
        let bases = replaced.iter().map(|(base, ..)| *base).collect();
        self.files.begin_replacing(base, generation, files, bases);
        self.segments.splice(from..until, [segment]);
        // Their positions are those of the old files.
        self.tail.forget_before(end);
        let drained = self.files.aborted_drained.load(Ordering::Acquire);
        while self.aborted.pop_front_if(|(ordinal, _)| *ordinal < drained).is_some() {}
        true
    }
}
