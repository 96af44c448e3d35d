//! One partition's log, as memory knows it. Every method here only decides: it may be called under the partition's
//! lock. What blocks comes back as a value with a method that says so.

mod append;
mod clean;
mod cut;
mod read;
mod retention;
mod search;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use model::{Offset, PartitionId, TopicPartition};
use replica::ReplicaLog;

pub use self::append::{AppendBatch, Appended, DirectWrite};
pub use self::cut::{Truncation, TruncationSearch};
pub use self::read::{FileRange, FileRead, LogRange, PastDamage, ReadAhead, ReadPlan, Resolved};
pub use self::retention::Deleted;
pub use self::search::{AbortedSearch, FoundTimestamp, ProducerScan, TimestampSearch};
pub(crate) use self::search::{finish_at, newest_snapshot, snapshot_between, snapshot_entry};
use crate::config::LogConfig;
use crate::frame::Action;
use crate::index::AbortedTransaction;
use crate::lane::LaneSequence;
use crate::log_dir::LogDir;
use crate::partition_files::PartitionFiles;
use crate::segment::Segment;
use crate::tail::Tail;

/// One partition's log. Offsets grow from batch to batch; segments cover them without overlap, oldest first, and the
/// last one is active. An empty log that was never written to has no segment and no files.
pub struct PartitionLog {
    pub(crate) files: Arc<PartitionFiles>,
    pub(crate) dir: Arc<LogDir>,
    config: Arc<LogConfig>,
    log_start: Offset,
    log_end: Offset,
    segments: Vec<Segment>,
    tail: Tail,
    /// Aborted transactions whose index entries may not be in the files yet, each with its ordinal.
    aborted: VecDeque<(u64, AbortedTransaction)>,
    aborted_count: u64,
    /// Writes bypass the write-ahead log.
    direct: bool,
    /// Rolls, cuts and replacements of this process, counted.
    changes: u64,
    /// The lowest cut that may not have been carried out: snapshots of producers beyond it describe a log that is gone.
    lowest_cut: Option<Offset>,
}

impl PartitionLog {
    pub(crate) fn new(
        dir: Arc<LogDir>,
        files: Arc<PartitionFiles>,
        config: Arc<LogConfig>,
        state: LogState,
    ) -> Self {
        assert!(state.log_start <= state.log_end);
        let direct = config.durability == crate::Durability::Os;
        let mut segments = state.segments;
        segments.iter_mut().for_each(|segment| segment.inherited = segment.size);
        Self {
            files,
            dir,
            config,
            log_start: state.log_start,
            log_end: state.log_end,
            segments,
            tail: Tail::default(),
            aborted: VecDeque::new(),
            aborted_count: 0,
            direct,
            changes: 0,
            lowest_cut: None,
        }
    }

    pub fn id(&self) -> PartitionId {
        self.files.id
    }

    pub fn name(&self) -> &TopicPartition {
        &self.files.name
    }

    pub fn dir(&self) -> &Arc<LogDir> {
        &self.dir
    }

    pub const fn log_start(&self) -> Offset {
        self.log_start
    }

    pub const fn log_end(&self) -> Offset {
        self.log_end
    }

    /// Another number whenever records may have gone from the middle of the log, or its end.
    pub const fn changes(&self) -> u64 {
        self.changes
    }

    pub fn config(&self) -> &Arc<LogConfig> {
        &self.config
    }

    /// Bytes of all segments: what DescribeLogDirs reports.
    pub fn size(&self) -> u64 {
        self.segments.iter().map(|segment| u64::from(segment.size)).sum()
    }

    /// Base offsets of the segments, oldest first; the last is active.
    pub fn segment_bases(&self) -> impl Iterator<Item = Offset> + '_ {
        self.segments.iter().map(|segment| segment.base)
    }

    /// New settings. A change from `os` to `fsync` takes effect with the next append; one from `fsync` to `os` with the
    /// first append that finds all earlier ones checkpointed, so that a replay cannot overtake what bypassed it.
    pub fn set_config(&mut self, config: Arc<LogConfig>) {
        self.config = config;
    }

    /// What a checkpoint keeps of this partition: call it under the partition's lock, with the replica's own log as
    /// it is at this moment.
    pub fn capture(&self, replica: &ReplicaLog) -> Captured {
        assert!(replica.log_end() == self.log_end, "captured in the middle of a step");
        let active = self.segments.last();
        Captured {
            files: Arc::clone(&self.files),
            replica: replica.clone(),
            sequence: LaneSequence::new(self.files.marks.last_sequence.load(Ordering::Acquire)),
            segment: active.map_or(self.log_end, |segment| segment.base),
            position: active.map_or(0, |segment| segment.size),
            last_time: active.and_then(|segment| segment.clone().time_entry()),
            has_segments: active.is_some(),
            changes: self.changes,
        }
    }

    /// Deletes the log: its directory goes out of the way and is removed later. Nothing may be appended after it.
    pub fn delete(&mut self) -> Option<DirectWrite> {
        self.segments.clear();
        self.tail.clear();
        self.aborted.clear();
        self.log_start = self.log_end;
        self.files.note_deletion();
        self.dir.forget_cleaned(&self.files.name);
        let id = self.dir.next_deletion_id();
        self.push_structural(Action::Delete { id })
    }

    /// Producer snapshots up to here are of this log.
    fn snapshots_end(&self) -> Offset {
        let waits = self.files.marks.structural.load(Ordering::Acquire) > 0;
        self.lowest_cut.filter(|_| waits).unwrap_or(Offset::MAX)
    }

    fn note_cut(&mut self, end: Offset) {
        self.changes += 1;
        self.dir.lower_cleaned(&self.files.name, end);
        self.lowest_cut = Some(self.snapshots_end().min(end));
    }

    fn push_structural(&self, action: Action) -> Option<DirectWrite> {
        if self.direct {
            return self.push_direct(action);
        }
        self.dir.lane().push(&self.files, action);
        None
    }

    fn push_direct(&self, action: Action) -> Option<DirectWrite> {
        self.queue_direct(action);
        self.files.direct().claim().then(|| DirectWrite::new(&self.files, &self.dir))
    }

    /// Queues for the files without asking who writes: something that asks follows.
    fn queue_direct(&self, action: Action) {
        self.dir.lane().touch(&self.files);
        let frame = crate::frame::Frame { sequence: 0, files: Arc::clone(&self.files), action };
        self.files.direct().push(frame);
    }

    /// Index of the segment that holds `offset`; 0 when it lies before all.
    fn segment_index(&self, offset: Offset) -> usize {
        self.segments.partition_point(|segment| segment.base <= offset).saturating_sub(1)
    }
}

/// What a log begins with, as recovery found it.
#[derive(Clone, Debug)]
pub(crate) struct LogState {
    pub(crate) log_start: Offset,
    pub(crate) log_end: Offset,
    pub(crate) segments: Vec<Segment>,
}

/// What a checkpoint keeps of one partition.
#[derive(Clone, Debug)]
pub struct Captured {
    pub(crate) files: Arc<PartitionFiles>,
    pub(crate) replica: ReplicaLog,
    pub(crate) sequence: LaneSequence,
    pub(crate) segment: Offset,
    pub(crate) position: u32,
    /// The entry that the time index of the active segment would get at a clean stop.
    pub(crate) last_time: Option<(u32, crate::index::TimeEntry)>,
    pub(crate) has_segments: bool,
    pub(crate) changes: u64,
}

impl fmt::Debug for PartitionLog {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, start, end) = (&self.files.name, self.log_start, self.log_end);
        write!(formatter, "PartitionLog({name}, {start}..{end})")
    }
}
