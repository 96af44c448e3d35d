//! What the write-ahead log says is done again, partition by partition.

use std::collections::BTreeMap;

use model::{PartitionId, TopicId, TopicName, TopicPartition};

use super::loading::Loaded;
use super::{FailedPartition, Opening};
use crate::apply::Applied;
use crate::error::{Result, StorageError};
use crate::lane::codec::{FrameType, FrameView};
use crate::notice::Notice;
use crate::partition_files::PartitionFiles;
use crate::planted::PlantedBug;
use crate::recovery::{FramePlace, RecoveringPartition, WalContents};
use crate::workers::in_pieces;

/// Where each partition's frames lie, oldest first.
type Frames = BTreeMap<PartitionId, Vec<FramePlace>>;

/// What each piece of the replay reads.
struct Replaying<'a> {
    wal: &'a WalContents,
    is_clean: bool,
}

/// A partition and its frames.
struct Item<'a> {
    id: PartitionId,
    partition: &'a mut RecoveringPartition,
    places: &'a [FramePlace],
}

/// What the replay of some partitions came to.
#[derive(Default)]
struct Replayed {
    applied: Applied,
    notices: Vec<Notice>,
    failed: Vec<(PartitionId, StorageError)>,
}

impl Opening<'_> {
    /// Brings all partitions to where they were. Each at once, from its first frame to its last: so its files are opened once,
    /// and its batches are written many at a time, however many partitions took turns.
    pub(super) fn replay(&mut self) -> Result<()> {
        let wal = std::mem::take(&mut self.wal);
        let frames = self.sort_frames(&wal)?;
        self.make_dirs(&wal, &frames)?;
        let replaying = Replaying { wal: &wal, is_clean: self.clean.is_some() };
        let items = self.partitions.iter_mut().map(|(id, partition)| {
            let places = frames.get(id).map(Vec::as_slice).unwrap_or_default();
            Item { id: *id, partition, places }
        });
        let items = items.collect();
        let work = |items| replaying.run(items);
        for replayed in in_pieces(&*self.settings.workers, items, work)? {
            let Replayed { applied, notices, failed } = replayed;
            self.applied.merge(applied);
            self.notices.extend(notices);
            for (id, error) in failed {
                if let Some(partition) = self.partitions.remove(&id) {
                    let name = partition.files.name.clone();
                    self.failed.push(FailedPartition { name, error });
                }
            }
        }
        self.wal = wal;
        for partition in self.partitions.values() {
            let (start, end) = (partition.log_start, partition.log_end);
            let high = partition.high_watermark.clamp(start, end);
            self.offsets.insert(&partition.files.name, start, end, high);
        }
        let applied = std::mem::take(&mut self.applied);
        applied.dirty.sync(&self.place)?;
        for dir in applied.doomed_dirs {
            self.place.disk.remove_dir_all(&dir).map_err(StorageError::io("remove", &dir))?;
        }
        Ok(())
    }

    /// Finds the frames that count, and loads those of their partitions that nothing else knows of.
    fn sort_frames(&mut self, wal: &WalContents) -> Result<Frames> {
        let mut frames = Frames::new();
        let mut names: BTreeMap<TopicId, TopicName> = BTreeMap::new();
        let (mut count, mut bytes, mut unknown) = (0_u64, 0_u64, 0_u64);
        for (place, frame) in wal.frames() {
            self.next_sequence = self.next_sequence.max(frame.header.sequence + 1);
            let id = frame.header.id;
            if let Some(name) = topic_name(&frame) {
                names.insert(id.topic, name);
                continue;
            }
            if self.plan.is_deleted(id) {
                continue;
            }
            if !self.topics.is_known(id.topic) {
                unknown += 1;
                continue;
            }
            if self.settings.lane.planted.has(PlantedBug::DropBatchInReplay)
                && self.plan.is_newest_batch(&frame.header)
            {
                continue;
            }
            count += 1;
            bytes += frame.payload.len() as u64;
            frames.entry(id).or_default().push(place);
        }
        if unknown > 0 {
            self.notices.push(Notice::UnknownTopic { frames: unknown });
        }
        if count > 0 {
            let groups = wal.count() as u64;
            self.notices.push(Notice::Replayed { groups, frames: count, bytes });
        }
        let homeless: Vec<PartitionId> =
            frames.keys().filter(|id| !self.partitions.contains_key(id)).copied().collect();
        let mut loaded = Loaded::default();
        for id in homeless {
            // Without a name, and under that of one that failed, its directory was damaged: the failure is noted already.
            let Some(topic) = names.get(&id.topic) else { continue };
            let name = TopicPartition { topic: topic.clone(), partition: id.partition };
            if !self.failed.iter().any(|failed| failed.name == name) {
                self.load_partition(id, name, false, &mut loaded)?;
            }
        }
        self.add(loaded);
        Ok(frames)
    }

    /// The directories of all that will be written to, at once.
    fn make_dirs(&mut self, wal: &WalContents, frames: &Frames) -> Result<()> {
        let mut missing = Vec::new();
        for (id, partition) in &self.partitions {
            let places = frames.get(id).filter(|_| !partition.files.is_made());
            let mut views = places.into_iter().flatten().filter_map(|place| wal.frame(*place));
            if views.any(|frame| partition.will_write(&frame.header)) {
                missing.push(std::sync::Arc::clone(&partition.files));
            }
        }
        PartitionFiles::make_dirs(&self.place, &missing, &mut self.applied.dirty)
    }
}

impl<'a> Replaying<'a> {
    fn run(&self, items: Vec<Item<'a>>) -> Result<Replayed> {
        let mut into = Replayed::default();
        for item in items {
            match self.replay_partition(item.partition, item.places, &mut into) {
                Err(error @ (StorageError::Corrupt { .. } | StorageError::Gone)) => {
                    into.failed.push((item.id, error));
                }
                done => done?,
            }
        }
        Ok(into)
    }

    fn replay_partition(
        &self,
        partition: &mut RecoveringPartition,
        places: &[FramePlace],
        into: &mut Replayed,
    ) -> Result<()> {
        let (applied, notices) = (&mut into.applied, &mut into.notices);
        let frames = places.iter().filter_map(|place| self.wal.frame(*place));
        partition.replay(frames, applied, notices)?;
        if self.is_clean {
            return Ok(());
        }
        if !partition.replayed {
            partition.scan_tail(None, applied, notices)?;
        }
        partition.finish(applied)
    }
}

fn topic_name(frame: &FrameView<'_>) -> Option<TopicName> {
    if frame.header.frame_type != FrameType::Name {
        return None;
    }
    TopicName::new(std::str::from_utf8(frame.payload).ok()?).ok()
}
