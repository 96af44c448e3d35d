use std::ops::Range;
use std::sync::Arc;

use model::{Offset, Timestamp};

use crate::config::LogConfig;
use crate::error::Result;
use crate::index::{OFFSET_ENTRY_SIZE, TIME_ENTRY_SIZE};
use crate::limits::SEGMENT_OFFSETS_MAX;
use crate::partition_files::PartitionFiles;
use crate::partition_log::AbortedSearch;
use crate::place::Kind;
use crate::scan::HeaderScan;
use crate::segment::Segment;

/// What of a log could be cleaned, as it was at one moment.
#[derive(Debug)]
pub struct Cleanable {
    pub(crate) files: Arc<PartitionFiles>,
    pub(crate) config: Arc<LogConfig>,
    /// From the log's start on, all that is sealed, old enough, committed and below the recovery point.
    pub(crate) segments: Vec<Segment>,
    /// Up to here the log is clean.
    pub(crate) first_dirty: Offset,
    /// Where the segments end.
    pub(crate) upper: Offset,
    pub(crate) aborted: AbortedSearch,
    /// Sealed segments behind these that only wait for a checkpoint.
    pub(crate) waiting: Vec<Segment>,
}

impl Cleanable {
    pub fn name(&self) -> &model::TopicPartition {
        &self.files.name
    }

    pub const fn first_dirty(&self) -> Offset {
        self.first_dirty
    }

    fn dirty(&self) -> impl Iterator<Item = &Segment> {
        let after = self.segments.iter().skip(1).map(|next| next.base);
        let ends = after.chain(std::iter::once(self.upper));
        let dirty = self.segments.iter().zip(ends).filter(|(_, end)| *end > self.first_dirty);
        dirty.map(|(segment, _)| segment)
    }

    pub fn dirty_bytes(&self) -> u64 {
        self.dirty().map(|segment| u64::from(segment.size)).sum()
    }

    fn total_bytes(&self) -> u64 {
        self.segments.iter().map(|segment| u64::from(segment.size)).sum()
    }

    /// Share of the bytes that were not cleaned yet.
    pub fn dirty_ratio(&self) -> f64 {
        ratio(self.dirty_bytes(), self.total_bytes())
    }

    /// Whether more than the share that the topic asks for is dirty.
    pub fn is_dirty_enough(&self) -> bool {
        self.dirty_ratio() > self.config.min_cleanable_ratio
    }

    /// Whether it would be dirty enough or overdue, and there is more of it, after a checkpoint.
    pub fn wants_checkpoint(&self, wall: Timestamp) -> bool {
        let waiting_bytes: u64 = self.waiting.iter().map(|segment| u64::from(segment.size)).sum();
        if waiting_bytes == 0 {
            return false;
        }
        let share = ratio(self.dirty_bytes() + waiting_bytes, self.total_bytes() + waiting_bytes);
        // What waits may not be in its file yet, so that is not asked: a checkpoint too many does no harm.
        let is_overdue = self.overdue_before(wall).is_some_and(|limit| {
            let filled = self.waiting.iter().filter(|segment| segment.size > 0);
            filled
                .map(|segment| segment.first_timestamp)
                .any(|first| first.is_none_or(|first| is_before(first, limit)))
        });
        is_overdue || share > self.config.min_cleanable_ratio
    }

    /// Whether a record is so old that it must be cleaned whatever the share: `max.compaction.lag.ms`. May look into files,
    /// so it blocks.
    pub fn is_overdue(&self, wall: Timestamp) -> Result<bool> {
        Ok(self.overdue_ms(wall)? > 0)
    }

    /// How long the oldest record has been overdue. May look into files, so it blocks.
    pub fn overdue_ms(&self, wall: Timestamp) -> Result<u64> {
        let Some(limit) = self.overdue_before(wall) else { return Ok(0) };
        for segment in self.dirty().filter(|segment| segment.size > 0) {
            let first = match segment.first_timestamp {
                Some(first) => Some(first),
                None => self.first_timestamp(segment)?,
            };
            if let Some(first) = first.filter(|first| is_before(*first, limit)) {
                return Ok(limit.abs_diff(first.as_millis()));
            }
        }
        Ok(0)
    }

    /// Records before this time, in milliseconds, are overdue; `None` when none ever is.
    fn overdue_before(&self, wall: Timestamp) -> Option<i64> {
        let lag_ms = self.config.max_compaction_lag_ms?;
        Some(wall.as_millis().saturating_sub(i64::try_from(lag_ms).unwrap_or(i64::MAX)))
    }

    /// Of the first batch.
    fn first_timestamp(&self, segment: &Segment) -> Result<Option<Timestamp>> {
        let file = self.files.open_of(segment.base, segment.generation, Kind::Log)?;
        let mut scan = HeaderScan::new(&*file, segment.base, 0, segment.size);
        let first = scan.next_header();
        let first = first.map_err(|error| error.at(&self.files.path(segment.base, Kind::Log)))?;
        Ok(first.and_then(|at| at.header.max_timestamp()))
    }

    /// Segments before `end`, in groups that each become one: as many as fit by size, by their indexes and by the reach of
    /// an index entry.
    pub(crate) fn groups(&self, end: Offset) -> Vec<Range<usize>> {
        let count = self.segments.partition_point(|segment| segment.base < end);
        let mut groups: Vec<Range<usize>> = Vec::new();
        let mut total = Sizes::default();
        for (at, segment) in self.segments.iter().take(count).enumerate() {
            let sizes = Sizes::of(segment);
            let first = groups.last().and_then(|group| self.segments.get(group.start));
            let reach = first.map_or(0, |first| self.end_of(at).records_since(first.base));
            match groups.last_mut() {
                Some(group)
                    if total.plus(sizes).fit(&self.config) && reach <= SEGMENT_OFFSETS_MAX =>
                {
                    group.end = at + 1;
                    total = total.plus(sizes);
                }
                _ => {
                    groups.push(at..at + 1);
                    total = sizes;
                }
            }
        }
        groups
    }

    /// Where the segment at `index` ends.
    pub(crate) fn end_of(&self, index: usize) -> Offset {
        self.segments.get(index + 1).map_or(self.upper, |next| next.base)
    }
}

/// A record without a time has none to be too old by.
const fn is_before(first: Timestamp, limit: i64) -> bool {
    first.as_millis() > 0 && first.as_millis() < limit
}

fn ratio(part: u64, whole: u64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "a share need not be exact")]
    let ratio = part as f64 / whole.max(1) as f64;
    ratio
}

#[derive(Clone, Copy, Default)]
struct Sizes {
    log: u64,
    index: u64,
    time_index: u64,
}

impl Sizes {
    fn of(segment: &Segment) -> Self {
        Self {
            log: u64::from(segment.size),
            index: u64::from(segment.offset_entries) * OFFSET_ENTRY_SIZE,
            time_index: u64::from(segment.time_entries) * TIME_ENTRY_SIZE,
        }
    }

    const fn plus(self, other: Self) -> Self {
        Self {
            log: self.log + other.log,
            index: self.index + other.index,
            time_index: self.time_index + other.time_index,
        }
    }

    fn fit(self, config: &LogConfig) -> bool {
        let index_max = u64::from(config.segment_index_bytes);
        self.log <= u64::from(config.segment_bytes)
            && self.index <= index_max
            // One entry more comes at the end.
            && self.time_index + TIME_ENTRY_SIZE <= index_max
    }
}
