use std::sync::atomic::Ordering;

use model::LeaderEpoch;

use super::codec::{FrameHeader, FrameType, Salt};
use super::group_bytes::GroupBytes;
use crate::bytes::{to_u32, to_u64};
use crate::config::LaneConfig;
use crate::frame::{Action, BatchFrame, Frame};
use crate::partition_files::PartitionFiles;

/// The group that the queue will become, as bytes.
///
/// Whoever pushes a small batch has just received it, so it still lies in that processor's own cache: to copy it there and then
/// costs a fraction of what the committer, often on another processor, would pay later; others are written from where
/// they lie. That is possible while the queue holds nothing but batches that go to the write-ahead log as they are. All else (frames of other types, names
/// that a replay needs, batches that may go straight to their segment) makes the group one that the committer encodes.
#[derive(Debug)]
pub(super) struct OpenGroup {
    bytes: GroupBytes,
    /// Of the queue.
    frame_count: usize,
    payload_size: u64,
    /// Every frame of the queue is in the buffer.
    whole: bool,
    /// Grows with each group: partitions note the one that they brought bytes for.
    number: u64,
    /// Groups that a replay needed when this one was begun.
    oldest_needed: u64,
    salt: Salt,
}

impl OpenGroup {
    pub(super) fn new(salt: Salt, oldest_needed: u64) -> Self {
        Self {
            bytes: GroupBytes::default(),
            frame_count: 0,
            payload_size: 0,
            whole: true,
            number: 1,
            oldest_needed,
            salt,
        }
    }

    /// Takes a frame in that was just queued.
    pub(super) fn push(&mut self, frame: &Frame, config: &LaneConfig) {
        let index = self.frame_count;
        self.frame_count += 1;
        if !self.whole {
            return;
        }
        self.whole = match &frame.action {
            Action::Batch(batch) => self.push_batch((index, frame), batch, config),
            // These are not in the write-ahead log.
            Action::Seal { .. } | Action::Aborted { .. } | Action::SyncFirst => true,
            Action::Truncate(_)
            | Action::LogStart { .. }
            | Action::Reset { .. }
            | Action::Delete { .. } => false,
        };
    }

    /// Whether the batch could be taken in.
    fn push_batch(
        &mut self,
        (index, frame): (usize, &Frame),
        batch: &BatchFrame,
        config: &LaneConfig,
    ) -> bool {
        let size = to_u64(batch.bytes.len());
        let named = frame.files.marks.named_in.load(Ordering::Relaxed) > self.oldest_needed;
        if !named
            || self.payload_size + size > to_u64(config.group_size_max)
            || self.note_size(&frame.files, size) >= u64::from(config.bulk_size_min)
        {
            return false;
        }
        if self.bytes.is_empty() {
            self.bytes.begin();
        }
        self.bytes.push_batch((index, frame), batch, self.salt, config.run_batch_size_min);
        self.payload_size += size;
        true
    }

    /// Adds to what the partition has in this group; gives how much that is.
    fn note_size(&self, files: &PartitionFiles, size: u64) -> u64 {
        let marks = &files.marks;
        // Only ever touched under the lane's lock.
        if marks.queued_for.swap(self.number, Ordering::Relaxed) != self.number {
            marks.queued_size.store(0, Ordering::Relaxed);
        }
        marks.queued_size.fetch_add(size, Ordering::Relaxed) + size
    }

    /// The queue was taken, all of it or not: what comes next is another group. Whether `bytes`, which were exchanged, are the
    /// group's; else the committer must encode them.
    pub(super) fn take(
        &mut self,
        bytes: &mut GroupBytes,
        queue_is_empty: bool,
        oldest_needed: u64,
    ) -> bool {
        let good = self.whole && queue_is_empty && self.oldest_needed == oldest_needed;
        let taken = good && self.bytes.frame_count() > 0;
        if taken {
            std::mem::swap(&mut self.bytes, bytes);
        }
        self.bytes.clear();
        self.frame_count = 0;
        self.payload_size = 0;
        self.whole = queue_is_empty;
        self.number += 1;
        self.oldest_needed = oldest_needed;
        taken
    }
}

/// The header of a batch's frame.
pub(super) fn batch_header(frame: &Frame, batch: &BatchFrame) -> FrameHeader {
    FrameHeader {
        frame_type: FrameType::Batch,
        sequence: frame.sequence,
        id: frame.files.id,
        leader_epoch: batch.leader_epoch,
        offset: batch.base,
        segment: batch.segment,
        position: batch.position,
        length: to_u32(batch.bytes.len()),
        is_apart: false,
    }
}

/// The header of a frame that is no batch; what it has beyond this is set by the caller.
pub(super) fn plain_header(frame: &Frame, frame_type: FrameType) -> FrameHeader {
    FrameHeader {
        frame_type,
        sequence: frame.sequence,
        id: frame.files.id,
        leader_epoch: LeaderEpoch::ZERO,
        offset: model::Offset::ZERO,
        segment: model::Offset::ZERO,
        position: 0,
        length: 0,
        is_apart: false,
    }
}
