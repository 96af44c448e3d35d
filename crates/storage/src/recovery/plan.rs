use std::collections::BTreeMap;

use model::{Offset, PartitionId};

use super::WalContents;
use crate::lane::codec::{FrameHeader, FrameType};

/// What the write-ahead log will do to a partition later on. The files may have been through some of it already: a
/// truncation that was drained has cut what an earlier frame would need. So recovery begins below the lowest cut
/// that is to come, and leaves out what would be cut again.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    partitions: BTreeMap<PartitionId, PartitionPlan>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct PartitionPlan {
    is_deleted: bool,
    newest_batch: Option<u64>,
    /// Segment, position and offset.
    first_batch: Option<(Offset, u32, Offset)>,
    /// Sequence and new start.
    last_reset: Option<(u64, Offset)>,
    cuts: Vec<Cut>,
    /// Sequence, and the first segment that was kept when the log's start moved.
    retirements: Vec<(u64, Offset)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    sequence: u64,
    pub(crate) segment: Offset,
    pub(crate) position: u32,
    pub(crate) end: Offset,
}

/// What becomes of a batch in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Stays,
    /// Its segment is deleted from the log's start: it counts for epochs and producers, but is not written.
    Retires,
    /// A truncation or reset undoes it.
    Undone,
}

impl Plan {
    pub(crate) fn of(wal: &WalContents) -> Self {
        let mut plan = Self::default();
        for (_, frame) in wal.frames() {
            plan.partitions.entry(frame.header.id).or_default().note(&frame.header);
        }
        plan
    }

    /// Partitions of which the log says anything.
    pub(crate) fn get(&self, id: PartitionId) -> PartitionPlan {
        self.partitions.get(&id).cloned().unwrap_or_default()
    }

    pub(crate) fn is_deleted(&self, id: PartitionId) -> bool {
        self.partitions.get(&id).is_some_and(|plan| plan.is_deleted)
    }

    /// Whether no batch of the partition comes after this frame.
    pub(crate) fn is_newest_batch(&self, frame: &FrameHeader) -> bool {
        let plan = self.partitions.get(&frame.id);
        plan.is_some_and(|plan| plan.newest_batch == Some(frame.sequence))
    }
}

impl PartitionPlan {
    fn note(&mut self, frame: &FrameHeader) {
        let sequence = frame.sequence;
        match frame.frame_type {
            FrameType::Truncate => self.cuts.push(Cut {
                sequence,
                segment: frame.segment,
                position: frame.position,
                end: frame.offset,
            }),
            FrameType::LogStart => self.retirements.push((sequence, frame.segment)),
            FrameType::Reset => self.last_reset = Some((sequence, frame.offset)),
            FrameType::Delete => self.is_deleted = true,
            FrameType::Batch | FrameType::Bulk => {
                self.newest_batch = Some(sequence);
                self.first_batch.get_or_insert((frame.segment, frame.position, frame.offset));
            }
            FrameType::Name => {}
        }
    }

    /// What is still to come after `sequence`.
    pub(crate) fn after(mut self, sequence: u64) -> Self {
        self.last_reset = self.last_reset.filter(|(at, _)| *at > sequence);
        self.newest_batch = self.newest_batch.filter(|at| *at > sequence);
        let floor = self.last_reset.map_or(sequence, |(at, _)| at);
        self.cuts.retain(|cut| cut.sequence > floor);
        self.retirements.retain(|(at, _)| *at > floor);
        self
    }

    /// Where the log begins anew, if it does.
    pub(crate) fn reset_start(&self) -> Option<Offset> {
        self.last_reset.map(|(_, start)| start)
    }

    pub(crate) fn has_frames(&self) -> bool {
        self.newest_batch.is_some() || !self.cuts.is_empty() || !self.retirements.is_empty()
    }

    /// Where the first batch goes that is to come, or the lowest cut: what the files hold before it was there before.
    pub(crate) fn first_place(&self) -> Option<(Offset, u32)> {
        let batch = self.first_batch.map(|(segment, position, _)| (segment, position));
        let cut = self.lowest_cut().map(|cut| (cut.segment, cut.position));
        batch.into_iter().chain(cut).min()
    }

    /// Whether batches are to come that begin where the segment `first` does, or before.
    pub(crate) fn has_batches_from(&self, first: Offset) -> bool {
        self.newest_batch.is_some()
            && self
                .first_batch
                .is_some_and(|(segment, position, _)| (segment, position) <= (first, 0))
    }

    /// Where the oldest batch begins that is to be done again, or was before the files were as they are.
    pub(crate) fn first_offset(&self) -> Option<Offset> {
        self.first_batch.map(|(.., offset)| offset)
    }

    pub(crate) fn lowest_cut(&self) -> Option<Cut> {
        self.cuts.iter().min_by_key(|cut| (cut.segment, cut.position)).copied()
    }

    /// Segments before this one are deleted in the end.
    pub(crate) fn first_kept(&self) -> Offset {
        self.retirements.iter().map(|(_, first)| *first).max().unwrap_or(Offset::ZERO)
    }

    /// Where the part of a bulk commit ends that no truncation undoes.
    pub(crate) fn end_of_bulk(&self, frame: &FrameHeader) -> u32 {
        let later = self.cuts.iter().filter(|cut| cut.sequence > frame.sequence);
        let inside =
            later.filter(|cut| cut.segment == frame.segment && cut.position > frame.position);
        let end = frame.position.saturating_add(frame.length);
        inside.map(|cut| cut.position).min().map_or(end, |cut| cut.min(end))
    }

    pub(crate) fn fate(&self, frame: &FrameHeader) -> Fate {
        if self.last_reset.is_some_and(|(at, _)| at > frame.sequence) {
            return Fate::Undone;
        }
        if !matches!(frame.frame_type, FrameType::Batch | FrameType::Bulk) {
            return Fate::Stays;
        }
        let undone_by = |cut: &Cut| {
            cut.sequence > frame.sequence
                && (cut.segment, cut.position) <= (frame.segment, frame.position)
        };
        let retired_by =
            |(at, first): &(u64, Offset)| *at > frame.sequence && *first > frame.segment;
        if self.cuts.iter().any(undone_by) {
            Fate::Undone
        } else if self.retirements.iter().any(retired_by) {
            Fate::Retires
        } else {
            Fate::Stays
        }
    }
}
