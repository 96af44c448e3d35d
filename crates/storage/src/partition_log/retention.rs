use model::{Offset, Timestamp};
use replica::ProducerStates;

use super::{DirectWrite, PartitionLog};
use crate::frame::Action;
use crate::producer_windows::encode_retired;

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
    /// Deletes whole segments that are too old or too many, oldest first, up to `committed` (the high watermark): those
    /// behind it may still be needed. An active segment that is too old is rolled first, as Kafka does.
    pub fn delete_old(
        &mut self,
        wall: Timestamp,
        committed: Offset,
        producers: &ProducerStates,
    ) -> Option<Deleted> {
        if !self.config.delete {
            return self.delete_before_start(producers);
        }
        let by_age = self.count_by_age(wall, committed);
        let by_size = self.count_by_size(committed);
        let count = by_age.max(by_size);
        if count == 0 {
            return self.delete_before_start(producers);
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

    fn delete_before_start(&mut self, producers: &ProducerStates) -> Option<Deleted> {
        let count = self.count_before_start();
        if count == 0 { None } else { self.set_start(self.log_start, count, producers) }
    }

    /// Segments that end at or before the log's start; never the active one.
    fn count_before_start(&self) -> usize {
        let next = self.segments.iter().skip(1);
        next.take_while(|next| next.base <= self.log_start).count()
    }

    /// Whether the segment at `index` holds nothing above `committed`.
    fn is_committed(&self, index: usize, committed: Offset) -> bool {
        let end = self.segments.get(index + 1).map_or(self.log_end, |next| next.base);
        end <= committed
    }

    fn count_by_age(&self, wall: Timestamp, committed: Offset) -> usize {
        let Some(age_max_ms) = self.config.retention_ms else { return 0 };
        let old = |(index, segment): &(usize, &crate::segment::Segment)| {
            let newest = segment.latest.map_or(segment.created, |(timestamp, _)| timestamp);
            let age_ms = wall.as_millis() - newest.as_millis();
            segment.size > 0
                && u64::try_from(age_ms).is_ok_and(|age_ms| age_ms > age_max_ms)
                && self.is_committed(*index, committed)
        };
        self.segments.iter().enumerate().take_while(old).count()
    }

    fn count_by_size(&self, committed: Offset) -> usize {
        let Some(size_max) = self.config.retention_bytes else { return 0 };
        let mut over = self.size().saturating_sub(size_max);
        let sealed = self.segments.len().saturating_sub(1);
        let mut count = 0;
        for (index, segment) in self.segments.iter().take(sealed).enumerate() {
            if u64::from(segment.size) > over || over == 0 || !self.is_committed(index, committed) {
                break;
            }
            over -= u64::from(segment.size);
            count += 1;
        }
        count
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
