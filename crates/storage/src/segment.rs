use model::{Offset, Timestamp};

use crate::config::LogConfig;
use crate::index::{OFFSET_ENTRY_SIZE, OffsetEntry, TIME_ENTRY_SIZE, TimeEntry};

/// What memory knows of one segment. Decides, does not write: the same rules serve appends, replay and rebuilding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) base: Offset,
    /// Which of the segments that had this base it is: a cleaned one has a higher number than those it was made of.
    pub(crate) generation: u64,
    /// The change of the log by which it was sealed; 0 when an earlier process did.
    pub(crate) sealed: u64,
    /// Bytes of batches, those not yet in the file included.
    pub(crate) size: u32,
    /// Of these, the first ones that an earlier process wrote: they may have rotted since.
    pub(crate) inherited: u32,
    pub(crate) created: Timestamp,
    /// Largest timestamp of the first batch: the segment's age is counted from it.
    pub(crate) first_timestamp: Option<Timestamp>,
    /// The latest timestamp, and the last offset of the batch that has it.
    pub(crate) latest: Option<(Timestamp, Offset)>,
    pub(crate) bytes_since_index: u32,
    pub(crate) offset_entries: u32,
    pub(crate) time_entries: u32,
    /// Timestamp of the newest entry of the time index.
    pub(crate) last_time_entry: Option<Timestamp>,
}

/// What the rules need to know of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) last_offset: Offset,
    pub(crate) size: u32,
    pub(crate) max_timestamp: Option<Timestamp>,
}

/// Entries to be written, each with its ordinal in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct IndexEntries {
    pub(crate) offset: Option<(u32, OffsetEntry)>,
    pub(crate) time: Option<(u32, TimeEntry)>,
}

impl Segment {
    pub(crate) const fn new(base: Offset, created: Timestamp) -> Self {
        Self {
            base,
            generation: 0,
            sealed: 0,
            size: 0,
            inherited: 0,
            created,
            first_timestamp: None,
            latest: None,
            bytes_since_index: 0,
            offset_entries: 0,
            time_entries: 0,
            last_time_entry: None,
        }
    }

    /// The latest timestamp of its records, by which retention goes. Of one without any, when it was made.
    pub(crate) fn newest(&self) -> Timestamp {
        self.latest.map_or(self.created, |(timestamp, _)| timestamp)
    }

    /// Offset relative to the base; `None` when it does not fit the 31 bits of an index entry.
    pub(crate) fn relative(&self, offset: Offset) -> Option<u32> {
        let relative = u32::try_from(offset.records_since(self.base)).ok()?;
        (offset >= self.base && relative <= i32::MAX.unsigned_abs()).then_some(relative)
    }

    /// Whether `batch` must go to a new segment: size, age, a full index, or an offset out of reach.
    pub(crate) fn must_roll(&self, batch: &Placed, wall: Timestamp, config: &LogConfig) -> bool {
        let too_large =
            u64::from(self.size) + u64::from(batch.size) > u64::from(config.segment_bytes);
        let age_ms = match (self.first_timestamp, batch.max_timestamp) {
            (Some(first), latest) => latest.map_or(-1, Timestamp::as_millis) - first.as_millis(),
            (None, _) => wall.as_millis() - self.created.as_millis(),
        };
        let age_max_ms = config.age_max_ms().saturating_sub(self.jitter_ms(config));
        let too_old = u64::try_from(age_ms).is_ok_and(|age_ms| age_ms > age_max_ms);
        let index_size = u64::from(config.segment_index_bytes);
        too_large
            || (self.size > 0 && too_old)
            || u64::from(self.offset_entries) >= index_size / OFFSET_ENTRY_SIZE
            // The last place is for the entry that comes at the roll.
            || u64::from(self.time_entries) + 1 >= index_size / TIME_ENTRY_SIZE
            || self.relative(batch.last_offset).is_none()
    }

    /// Up to `segment.jitter.ms`, by the base offset: random over partitions and segments, the same after a restart.
    fn jitter_ms(&self, config: &LogConfig) -> u64 {
        let bound = config.segment_jitter_ms.min(config.segment_ms);
        let seed = self.created.as_millis().wrapping_add(self.base.to_wire()).unsigned_abs();
        model::SeededRandom::new(seed).below(bound)
    }

    /// Puts `batch` at the end; gives its position and the index entries that it causes. Kafka's rules: one entry
    /// once more than `index.interval.bytes` lie behind the last one.
    pub(crate) fn append(&mut self, batch: &Placed, config: &LogConfig) -> (u32, IndexEntries) {
        let position = self.size;
        if self.size == 0 {
            self.first_timestamp = batch.max_timestamp;
        }
        let latest = self.latest.map(|(timestamp, _)| timestamp);
        if let Some(timestamp) = batch.max_timestamp.filter(|time| Some(*time) > latest) {
            self.latest = Some((timestamp, batch.last_offset));
        }
        let mut entries = IndexEntries::default();
        if self.bytes_since_index > config.index_interval_bytes {
            let relative = self.relative(batch.last_offset).unwrap_or(0);
            entries.offset = Some((self.offset_entries, OffsetEntry { relative, position }));
            self.offset_entries += 1;
            entries.time = self.time_entry();
            self.bytes_since_index = 0;
        }
        self.size = self.size.saturating_add(batch.size);
        self.bytes_since_index = self.bytes_since_index.saturating_add(batch.size);
        (position, entries)
    }

    /// The entry that the time index gets at an index interval, at a roll and at a clean stop; `None` when the
    /// newest one says it already.
    pub(crate) fn time_entry(&mut self) -> Option<(u32, TimeEntry)> {
        let (timestamp, offset) = self.latest?;
        if self.last_time_entry.is_some_and(|last| last >= timestamp) {
            return None;
        }
        let entry = TimeEntry { timestamp, relative: self.relative(offset)? };
        let ordinal = self.time_entries;
        self.time_entries += 1;
        self.last_time_entry = Some(timestamp);
        Some((ordinal, entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms).unwrap()
    }

    fn batch(last: i64, size: u32, ms: i64) -> Placed {
        let last_offset = Offset::from_wire(last).unwrap();
        Placed { last_offset, size, max_timestamp: Some(time(ms)) }
    }

    fn config() -> LogConfig {
        LogConfig {
            segment_bytes: 1000,
            segment_ms: 100,
            index_interval_bytes: 150,
            ..LogConfig::default()
        }
    }

    #[test]
    fn an_entry_comes_once_more_than_the_interval_lies_behind_the_last() {
        let mut segment = Segment::new(Offset::ZERO, time(0));
        let mut entries = Vec::new();
        for index in 0..6 {
            let (_, written) = segment.append(&batch(index, 100, index), &config());
            entries.extend(written.offset);
        }
        let expected = |ordinal, relative, position| (ordinal, OffsetEntry { relative, position });
        assert_eq!(entries, [expected(0, 2, 200), expected(1, 4, 400)]);
        assert_eq!(segment.time_entries, 2);
    }

    #[test]
    fn time_entries_grow_strictly() {
        let mut segment = Segment::new(Offset::ZERO, time(0));
        for index in 0..6 {
            segment.append(&batch(index, 100, 5), &config());
        }
        assert_eq!(segment.time_entries, 1);
        assert_eq!(segment.latest, Some((time(5), Offset::ZERO)));
        assert_eq!(segment.time_entry(), None);
    }

    #[test]
    fn a_segment_rolls_by_size_age_full_index_and_offset() {
        let config = config();
        let mut segment = Segment::new(Offset::ZERO, time(0));
        assert!(!segment.must_roll(&batch(0, 900, 50), time(50), &config));
        segment.append(&batch(0, 900, 50), &config);
        assert!(!segment.must_roll(&batch(1, 100, 150), time(0), &config));
        assert!(segment.must_roll(&batch(1, 101, 50), time(0), &config), "size");
        assert!(segment.must_roll(&batch(1, 1, 151), time(0), &config), "age by timestamps");
        let far = batch(i64::from(i32::MAX) + 1, 1, 50);
        assert!(segment.must_roll(&far, time(0), &config), "offset");
        segment.offset_entries = 2;
        let small = LogConfig { segment_index_bytes: 16, ..config };
        assert!(segment.must_roll(&batch(1, 1, 50), time(0), &small), "index");
    }

    #[test]
    fn an_empty_segment_does_not_roll_by_age() {
        let segment = Segment::new(Offset::ZERO, time(0));
        assert!(!segment.must_roll(&batch(0, 1, 5000), time(5000), &config()));
    }
}
