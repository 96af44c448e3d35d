use model::{Offset, Timestamp};
use replica::ProducerStates;

use super::{DirectWrite, PartitionLog};
use crate::frame::Action;
use crate::producer_windows::encode_retired;
use crate::segment::Segment;

/// What retention deleted.
#[derive(Debug)]
#[must_use]
pub struct Deleted {
    /// Where the log begins now: step it into the replica.
    pub log_start: Offset,
    pub segments: usize,
    pub write: Option<DirectWrite>,
}

impl PartitionLog {
    /// Deletes whole segments, oldest first: those before the log's start, then those that are too many, then those that are
    /// too old; up to `committed` (the high watermark), since those behind it may still be needed. If even the active one
    /// goes, another is begun first, as Kafka does.
    pub fn delete_old(
        &mut self,
        wall: Timestamp,
        committed: Offset,
        producers: &ProducerStates,
    ) -> Option<Deleted> {
        let mut count = self.count_before_start();
        if self.config.delete {
            count = self.count_by_size(count, committed);
            count = self.count_by_age(count, wall, committed);
        }
        if count == 0 {
            return None;
        }
        if count == self.segments.len() {
            self.roll_at_end(wall, producers);
        }
        let start = self.segments.get(count)?.base;
        self.set_start(start, count, producers)
    }

    /// Moves the log's start up, as DeleteRecords does, and deletes segments that lie wholly before it. `None` when
    /// nothing changes. `producers` as they are at the log's end: batches that are deleted may still come again.
    pub fn raise_start(&mut self, start: Offset, producers: &ProducerStates) -> Option<Deleted> {
        if start <= self.log_start {
            return None;
        }
        self.log_start = start.min(self.log_end);
        let count = self.count_before_start();
        self.set_start(self.log_start, count, producers)
    }

    /// Segments that end at or before the log's start; never the active one.
    fn count_before_start(&self) -> usize {
        let next = self.segments.iter().skip(1);
        next.take_while(|next| next.base <= self.log_start).count()
    }

    /// Whether the segment at `index` may go: it holds nothing above `committed`, and is not the empty one that is written to
    /// next.
    fn may_go(&self, index: usize, segment: &Segment, committed: Offset) -> bool {
        let next = self.segments.get(index + 1);
        let end = next.map_or(self.log_end, |next| next.base);
        end <= committed && (next.is_some() || segment.size > 0)
    }

    /// Of the segments from `index` on, the first that stays because the log is not too large without it.
    fn count_by_size(&self, mut index: usize, committed: Offset) -> usize {
        let Some(size_max) = self.config.retention_bytes else { return index };
        let kept = self.segments.iter().skip(index).map(|segment| u64::from(segment.size));
        let Some(mut over) = kept.sum::<u64>().checked_sub(size_max) else { return index };
        while let Some(segment) = self.segments.get(index)
            && let Some(rest) = over.checked_sub(u64::from(segment.size))
            && self.may_go(index, segment, committed)
        {
            over = rest;
            index += 1;
        }
        index
    }

    /// Of the segments from `index` on, the first that stays because a record in it is young enough. One from which
    /// compaction took all records keeps none.
    fn count_by_age(&self, mut index: usize, wall: Timestamp, committed: Offset) -> usize {
        let Some(age_max_ms) = self.config.retention_ms else { return index };
        let is_old = |segment: &Segment| {
            let age_ms = wall.as_millis() - segment.newest().as_millis();
            segment.size == 0 || u64::try_from(age_ms).is_ok_and(|age_ms| age_ms > age_max_ms)
        };
        while let Some(segment) = self.segments.get(index)
            && is_old(segment)
            && self.may_go(index, segment, committed)
        {
            index += 1;
        }
        index
    }

    fn set_start(
        &mut self,
        start: Offset,
        count: usize,
        producers: &ProducerStates,
    ) -> Option<Deleted> {
        self.log_start = self.log_start.max(start);
        let doomed: Vec<Offset> =
            self.segments.drain(..count).map(|segment| segment.base).collect();
        let segments = doomed.len();
        let log_start = self.log_start;
        let first_kept = self.segments.first().map_or(log_start, |first| first.base);
        // What bypasses the write-ahead log has no frame to say it in.
        let says = segments > 0 && !self.direct;
        let producers = if says { encode_retired(producers) } else { Vec::new() };
        let action = Action::LogStart { start: log_start, first_kept, doomed, producers };
        let write = self.push_structural(action);
        Some(Deleted { log_start, segments, write })
    }
}
