use std::sync::atomic::Ordering;

use io::PageBuffer;
use model::LeaderEpoch;

use super::codec::{FrameHeader, FrameType, Salt};
use crate::bytes::{to_u32, to_u64};
use crate::config::LaneConfig;
use crate::frame::{Action, BatchFrame, Frame};
use crate::limits::{COPIED_AT_PUSH_SIZE_MAX, FRAME_HEADER_SIZE};
use crate::partition_files::PartitionFiles;

/// The group that the queue will become, as bytes.
///
/// Whoever pushes a batch has just received it, so it still lies in that processor's own cache: to copy it there and then
/// costs a fraction of what the committer, often on another processor, would pay later. That is possible while the
/// queue holds nothing but batches that go to the write-ahead log as they are. All else (frames of other types, names
/// that a replay needs, batches that may go straight to their segment) makes the group one that the committer encodes.
#[derive(Debug)]
pub(super) struct OpenGroup {
    /// Room for the group's header, then the frames.
    pub(super) buffer: PageBuffer,
    frame_count: u32,
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
    pub(super) const fn new(salt: Salt, oldest_needed: u64) -> Self {
        Self {
            buffer: PageBuffer::new(),
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
        if !self.whole {
            return;
        }
        self.whole = match &frame.action {
            Action::Batch(batch) => self.push_batch(frame, batch, config),
            // These are not in the write-ahead log.
            Action::Seal { .. } | Action::Aborted { .. } | Action::SyncFirst => true,
            Action::Truncate(_)
            | Action::LogStart { .. }
            | Action::Reset { .. }
            | Action::Delete { .. } => false,
        };
    }

    /// Whether the batch could be taken in.
    fn push_batch(&mut self, frame: &Frame, batch: &BatchFrame, config: &LaneConfig) -> bool {
        let size = to_u64(batch.bytes.len());
        let named = frame.files.marks.named_in.load(Ordering::Relaxed) > self.oldest_needed;
        if !named
            || size > COPIED_AT_PUSH_SIZE_MAX
            || self.payload_size + size > to_u64(config.group_size_max)
            || self.note_size(&frame.files, size) >= u64::from(config.bulk_size_min)
        {
            return false;
        }
        if self.buffer.is_empty() {
            self.buffer.extend_from_slice(&[0; FRAME_HEADER_SIZE]);
        }
        self.buffer.extend_from_slice(&batch_header(frame, batch).encode(self.salt));
        self.buffer.extend_streaming(&batch.bytes);
        self.frame_count += 1;
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

    /// The queue was taken, all of it or not: what comes next is another group. Gives the count of frames in `buffer`, which is
    /// exchanged for the group's bytes, or `None` when the committer must encode them.
    pub(super) fn take(
        &mut self,
        buffer: &mut PageBuffer,
        queue_is_empty: bool,
        oldest_needed: u64,
    ) -> Option<u32> {
        let good = self.whole && queue_is_empty && self.oldest_needed == oldest_needed;
        let count = self.frame_count;
        let taken = (good && count > 0).then(|| {
            std::mem::swap(&mut self.buffer, buffer);
            count
        });
        self.buffer.clear();
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
    }
}
