use std::sync::Arc;
use std::sync::atomic::Ordering;

use io::arena::ArenaSlice;
use model::{LeaderEpoch, Offset};

use crate::index::{AbortedTransaction, TimeEntry};
use crate::partition_files::PartitionFiles;
use crate::segment::IndexEntries;

/// One thing to do to a partition's files, in the order of its sequence.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) sequence: u64,
    pub(crate) files: Arc<PartitionFiles>,
    pub(crate) action: Action,
}

#[derive(Clone, Debug)]
pub(crate) enum Action {
    Batch(BatchFrame),
    /// The log ends at `end`, which lies at `position` of `segment`; later segments go.
    Truncate(Box<TruncateFrame>),
    /// Segments before `first_kept` go; the log begins at `start`.
    LogStart {
        start: Offset,
        first_kept: Offset,
        doomed: Vec<Offset>,
        /// What is known of producers, for a replay that finds the segments gone; empty if none goes.
        producers: Vec<u8>,
    },
    /// All goes; the log is empty and begins at `start`.
    Reset {
        start: Offset,
        doomed: Vec<Offset>,
    },
    /// The partition goes.
    Delete {
        id: u128,
    },
    /// The segment has been rolled. Not in the write-ahead log: the next batch's segment says it.
    Seal {
        segment: Offset,
        time: Option<(u32, TimeEntry)>,
        next: Offset,
        snapshot: Option<Vec<u8>>,
    },
    /// An entry of the transaction index. Not in the write-ahead log: the marker says it. `ordinal` counts those of
    /// the partition since the process began.
    Aborted {
        segment: Offset,
        entry: AbortedTransaction,
        ordinal: u64,
    },
    /// What was written without the write-ahead log is synced before the group is durable.
    SyncFirst,
}

#[derive(Clone, Debug)]
pub(crate) struct BatchFrame {
    pub(crate) leader_epoch: LeaderEpoch,
    pub(crate) base: Offset,
    pub(crate) end: Offset,
    pub(crate) segment: Offset,
    pub(crate) position: u32,
    pub(crate) bytes: ArenaSlice,
    pub(crate) entries: IndexEntries,
    /// The bytes are in the segment already: a bulk commit.
    pub(crate) in_segment: bool,
    /// Leading bytes that are in the segment already, up to the end of a page: the drain leaves the rest for whole pages.
    pub(crate) written: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TruncateFrame {
    pub(crate) end: Offset,
    pub(crate) segment: Offset,
    pub(crate) position: u32,
    pub(crate) offset_entries: u32,
    pub(crate) time_entries: u32,
    pub(crate) doomed: Vec<Offset>,
}

impl Frame {
    /// Bytes of memory that the frame holds, most of them the arena's.
    pub(crate) fn size(&self) -> u64 {
        match &self.action {
            Action::Batch(batch) => batch.bytes.len() as u64,
            Action::LogStart { producers, .. } => producers.len() as u64,
            _ => 0,
        }
    }

    /// Notes on the partition that something waits whose place among its writes matters.
    pub(crate) fn count_if_structural(&self) {
        if self.is_structural() {
            self.files.marks.structural.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// It has been carried out.
    pub(crate) fn structural_done(&self) {
        if self.is_structural() {
            self.files.marks.structural.fetch_sub(1, Ordering::AcqRel);
        }
    }

    /// Whether its place among the partition's writes matters to bytes that are written past it.
    pub(crate) const fn is_structural(&self) -> bool {
        matches!(
            self.action,
            Action::Truncate(_)
                | Action::LogStart { .. }
                | Action::Reset { .. }
                | Action::Delete { .. }
        )
    }
}
