use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};

use model::Offset;
use parking_lot::Mutex;

use crate::apply::Applied;
use crate::dirty::Dirty;
use crate::error::{Result, StorageError};
use crate::frame::{Action, Frame};
use crate::limits::FRAMES_KEPT_MAX;
use crate::partition_files::PartitionFiles;
use crate::place::Place;

/// Writes of a partition that bypass the write-ahead log (`os` durability, the metadata log): queued under the
/// partition's lock, carried out by whoever finds the queue idle, until it is empty.
#[derive(Debug, Default)]
pub(crate) struct DirectWriter {
    queue: Mutex<Queue>,
    /// Held while files are written: it makes writers take turns, and nothing on the way of a request waits for it.
    writing: Mutex<Writing>,
    /// Syncs of what [`Self::take_dirty`] gave that have not ended.
    syncs: AtomicU32,
}

#[derive(Debug, Default)]
struct Writing {
    applied: Applied,
    /// Memory for the frames that are being written, used again.
    frames: Vec<Frame>,
}

#[derive(Debug, Default)]
struct Queue {
    frames: VecDeque<Frame>,
    /// Somebody writes, and will see what is pushed.
    busy: bool,
    /// End of the log in the files.
    written: Option<Offset>,
    failed: bool,
}

impl DirectWriter {
    pub(crate) fn push(&self, frame: Frame) {
        frame.count_if_structural();
        self.queue.lock().frames.push_back(frame);
    }

    /// `true`: nobody writes, so the caller must, once it has left the partition's lock.
    pub(crate) fn claim(&self) -> bool {
        !std::mem::replace(&mut self.queue.lock().busy, true)
    }

    /// Writes until the queue is empty; gives the end of what is written, if anything ever was. Blocks.
    pub(crate) fn write_queued(&self) -> Result<Option<Offset>> {
        let Writing { applied, frames } = &mut *self.writing.lock();
        loop {
            {
                let mut queue = self.queue.lock();
                if queue.failed {
                    return Err(StorageError::Offline);
                }
                if queue.frames.is_empty() {
                    queue.busy = false;
                    return Ok(queue.written);
                }
                frames.clear();
                frames.extend(queue.frames.drain(..));
            }
            let result = applied.apply(frames);
            let mut queue = self.queue.lock();
            if let Err(error) = result {
                if error.is_full() {
                    // Tried again with the next append.
                    while let Some(frame) = frames.pop() {
                        queue.frames.push_front(frame);
                    }
                    queue.busy = false;
                } else {
                    queue.failed = true;
                    frames.clear();
                }
                return Err(error);
            }
            frames.iter().for_each(Frame::structural_done);
            if let Some(end) = frames.iter().rev().find_map(end_after) {
                queue.written = Some(end);
            }
            drop(queue);
            // Here and not with the next write: they hold memory of the arena.
            frames.clear();
            frames.shrink_to(FRAMES_KEPT_MAX);
        }
    }

    pub(crate) fn is_idle(&self) -> bool {
        let queue = self.queue.lock();
        queue.frames.is_empty() && !queue.busy
    }

    /// Whether somebody syncs what was written before, and has not ended.
    pub(crate) fn is_syncing(&self) -> bool {
        self.syncs.load(Ordering::Acquire) > 0
    }

    /// What has been written since the last call, to be synced, and how many bytes that is.
    /// Tell [`Self::dirty_synced`] when that is done.
    pub(crate) fn take_dirty(&self) -> (Dirty, u64) {
        self.syncs.fetch_add(1, Ordering::AcqRel);
        let applied = &mut self.writing.lock().applied;
        (std::mem::take(&mut applied.dirty), std::mem::take(&mut applied.written))
    }

    pub(crate) fn take_doomed_dirs(&self) -> Vec<std::path::PathBuf> {
        std::mem::take(&mut self.writing.lock().applied.doomed_dirs)
    }

    pub(crate) fn dirty_synced(&self) {
        self.syncs.fetch_sub(1, Ordering::AcqRel);
    }

    /// Writes what is queued and makes all of it durable. Blocks.
    pub(crate) fn sync(&self, files: &PartitionFiles, place: &Place) -> Result<()> {
        self.write_queued()?;
        // Somebody else may be about to sync what was written before: then it is not known which files those are.
        let elsewhere = self.is_syncing();
        let (mut dirty, _) = self.take_dirty();
        files.sync_names_too(&mut dirty);
        if elsewhere {
            files.mark_logs(&mut dirty)?;
        }
        let synced = dirty.sync(place);
        self.dirty_synced();
        // What a failed sync leaves is not known; a later one could succeed and say nothing.
        synced.inspect_err(|_| self.queue.lock().failed = true)
    }
}

/// Where the log ends after `frame`, if it says so.
fn end_after(frame: &Frame) -> Option<Offset> {
    match &frame.action {
        Action::Batch(batch) => Some(batch.end),
        Action::Truncate(cut) => Some(cut.end),
        Action::Reset { start, .. } => Some(*start),
        Action::LogStart { .. }
        | Action::Delete { .. }
        | Action::Seal { .. }
        | Action::Aborted { .. }
        | Action::SyncFirst => None,
    }
}
