use std::sync::Arc;
use std::sync::atomic::Ordering;

use model::PartitionId;

use super::{LogDir, Partitions};
use crate::error::Result;
use crate::file_name;
use crate::lane::{DrainGoal, LaneSequence, Short};
use crate::own_checkpoint::{OwnCheckpoint, OwnEntry};
use crate::partition_files::PartitionFiles;
use crate::partition_log::Captured;
use crate::planted::PlantedBug;

/// A checkpoint under way: what the partitions knew when it was begun.
#[derive(Debug)]
#[must_use]
pub struct Checkpoint {
    captured: Vec<Captured>,
    gone: Vec<PartitionId>,
    covers_before: u64,
    needs: LaneSequence,
}

impl Checkpoint {
    /// The lane must have made this durable before the checkpoint can be finished.
    pub const fn needs(&self) -> LaneSequence {
        self.needs
    }
}

/// What became of it.
#[derive(Debug)]
pub enum CheckpointResult {
    Done,
    /// The lane has not come so far, or another drain is at work: finish it later.
    NotYet(Checkpoint),
}

impl LogDir {
    /// First half: captures each partition that was written to since the last checkpoint. Locks them one by one; does
    /// not block on the disk.
    pub fn begin_checkpoint(&self, partitions: &dyn Partitions) -> Checkpoint {
        let begun = self.lane.begin_checkpoint();
        let mut checkpoint = Checkpoint {
            captured: Vec::new(),
            gone: Vec::new(),
            covers_before: begun.covers_before,
            needs: LaneSequence::new(begun.covers_before.saturating_sub(1)),
        };
        for files in begun.touched {
            match partitions.capture(files.id) {
                Some(captured) => {
                    checkpoint.needs = checkpoint.needs.max(captured.sequence);
                    checkpoint.captured.push(captured);
                }
                None => checkpoint.gone.push(files.id),
            }
        }
        checkpoint
    }

    /// Second half, in an order of which no step may be left out: drain, sync the files, sync new directories, write
    /// the checkpoint, and only then let the write-ahead log's files be used again. Blocks. A full disk changes nothing
    /// and may be tried again with the next checkpoint.
    pub fn finish_checkpoint(&self, mut checkpoint: Checkpoint) -> Result<CheckpointResult> {
        let _one_at_a_time = self.checkpointing.lock();
        if self.lane.durable() < checkpoint.needs {
            return Ok(CheckpointResult::NotYet(checkpoint));
        }
        let drained = self.lane.drain_step(DrainGoal::All);
        if drained.is_ok() && !self.lane.is_drained(checkpoint.needs) {
            return Ok(CheckpointResult::NotYet(checkpoint));
        }
        let result = drained.and_then(|_| self.write_checkpoint(&mut checkpoint));
        if let Err(error) = &result {
            self.lane.note_failure(Short::Checkpoint, error);
            let files = |captured: &Captured| Arc::clone(&captured.files);
            self.lane.touch_again(checkpoint.captured.iter().map(files));
        }
        result?;
        self.lane.note_room(Short::Checkpoint);
        Ok(CheckpointResult::Done)
    }

    fn write_checkpoint(&self, checkpoint: &mut Checkpoint) -> Result<()> {
        // What bypasses the write-ahead log is written by others at any time: one that is not at rest keeps its old
        // entry, which stays true.
        let (at_rest, busy): (Vec<_>, Vec<_>) =
            checkpoint.captured.drain(..).partition(|captured| is_at_rest(&captured.files));
        checkpoint.captured = at_rest;
        self.lane.touch_again(busy.into_iter().map(|captured| captured.files));
        if self.lane.has_planted(PlantedBug::TrimBeforeSync) {
            let covered = checkpoint.covers_before;
            self.lane.trim(self.lane.oldest_needed(covered), covered)?;
        }
        let (mut dirty, _, direct) = self.take_direct_dirty();
        dirty.merge(self.lane.take_dirty());
        // After a failed sync nothing more can be said of these files.
        let synced = dirty.sync(&self.place);
        direct.iter().for_each(|files| files.direct().dirty_synced());
        synced.inspect_err(|_| self.lane.fail())?;
        // A committer may have taken what a partition wrote, and still be about to sync it.
        let (synced, syncing): (Vec<_>, Vec<_>) =
            checkpoint.captured.drain(..).partition(|captured| !is_syncing(&captured.files));
        checkpoint.captured = synced;
        self.lane.touch_again(syncing.into_iter().map(|captured| captured.files));

        let mut own = self.own_checkpoint()?;
        own.oldest_needed = self.lane.oldest_needed(checkpoint.covers_before);
        own.covered = checkpoint.covers_before;
        for id in &checkpoint.gone {
            own.entries.remove(id);
        }
        for captured in &checkpoint.captured {
            own.entries.insert(captured.files.id, OwnEntry::of(captured).encode());
        }
        // Before what it says of logs that were cut counts as known.
        self.write_cleaned()?;
        self.replace(file_name::OWN_CHECKPOINT, &own.encode())?;
        for captured in &checkpoint.captured {
            let changes = &captured.files.marks.checkpointed_changes;
            changes.fetch_max(captured.changes, Ordering::AcqRel);
        }
        self.lane.trim(own.oldest_needed, own.covered)
    }

    /// The one on disk; empty when there is none.
    pub(super) fn own_checkpoint(&self) -> Result<OwnCheckpoint> {
        let bytes = self.read_optional(file_name::OWN_CHECKPOINT)?;
        let path = self.place.path.join(file_name::OWN_CHECKPOINT);
        let Some(bytes) = bytes else { return Ok(OwnCheckpoint::default()) };
        OwnCheckpoint::decode(&bytes)
            .map_err(|_| crate::StorageError::corrupt(&path, 0, crate::Damage::Form))
    }
}

fn is_syncing(files: &PartitionFiles) -> bool {
    files.used_direct().is_some_and(crate::direct::DirectWriter::is_syncing)
}

fn is_at_rest(files: &PartitionFiles) -> bool {
    files.used_direct().is_none_or(crate::direct::DirectWriter::is_idle)
}
