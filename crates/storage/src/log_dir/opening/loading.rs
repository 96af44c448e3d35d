//! What is known to be good of each partition, many at a time.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use model::{Offset, PartitionId, TopicPartition};

use super::{FailedPartition, Opening};
use crate::apply::Applied;
use crate::checkpoint::{BadForm, encode_partition_metadata};
use crate::error::{Damage, Result, StorageError};
use crate::file_name;
use crate::notice::Notice;
use crate::own_checkpoint::OwnEntry;
use crate::partition_files::{PartitionFiles, read_stated_topic_id};
use crate::recovery::{Known, RecoveringPartition, Verified};
use crate::replacements::Replacements;
use crate::workers::in_pieces;

/// What the loading of some partitions came to.
#[derive(Default)]
pub(super) struct Loaded {
    /// Those that said which topic is theirs.
    seen: Vec<PartitionId>,
    partitions: Vec<(PartitionId, RecoveringPartition)>,
    failed: Vec<FailedPartition>,
    /// Of these no checkpoint speaks any more.
    forgotten: Vec<TopicPartition>,
    applied: Applied,
    notices: Vec<Notice>,
}

impl Opening<'_> {
    /// Every partition that has a directory, or an entry of the own checkpoint.
    pub(super) fn load(&mut self) -> Result<()> {
        let names = std::mem::take(&mut self.contents.partitions);
        let work = |names| self.load_piece(names);
        let mut seen = BTreeSet::new();
        for mut loaded in in_pieces(&*self.settings.workers, names, work)? {
            seen.extend(std::mem::take(&mut loaded.seen));
            self.add(loaded);
        }
        // Known to the checkpoint, but without directory: an empty log.
        let mut loaded = Loaded::default();
        for id in self.own.entries.keys().filter(|id| !seen.contains(id)) {
            if !self.plan.is_deleted(*id)
                && self.topics.is_known(id.topic)
                && let Some(entry) = self.own_entry(*id, &mut loaded.notices)
            {
                let name = TopicPartition { topic: entry.topic, partition: id.partition };
                self.load_partition(*id, name, false, &mut loaded)?;
            }
        }
        self.add(loaded);
        Ok(())
    }

    pub(super) fn add(&mut self, loaded: Loaded) {
        self.partitions.extend(loaded.partitions);
        self.failed.extend(loaded.failed);
        self.applied.merge(loaded.applied);
        self.notices.extend(loaded.notices);
        loaded.forgotten.iter().for_each(|name| self.offsets.remove(name));
    }

    fn load_piece(&self, names: Vec<TopicPartition>) -> Result<Loaded> {
        let mut into = Loaded::default();
        let mut metadata = Replacements::default();
        for name in names {
            let dir = self.place.path.join(name.to_string());
            let stated = read_stated_topic_id(&self.place, &dir)?;
            let topic = match stated {
                Some(Ok(topic)) => Some(topic),
                // Whose it is cannot be told, and another log under its name would overwrite it.
                Some(Err(BadForm)) => {
                    let path = dir.join(file_name::PARTITION_METADATA);
                    let error = StorageError::corrupt(&path, 0, Damage::Form);
                    into.failed.push(FailedPartition { name, error });
                    continue;
                }
                None => self.topics.id_of(&name.topic),
            };
            let Some(topic) = topic else {
                into.notices.push(Notice::DirectoryIgnored { path: dir });
                continue;
            };
            let id = PartitionId { topic, partition: name.partition };
            into.seen.push(id);
            if self.plan.is_deleted(id) {
                self.delete(id, name, &mut into)?;
            } else if self.topics.is_known(topic) {
                if stated.is_none() {
                    // When it is opened next, its name may be another topic's.
                    let path = dir.join(file_name::PARTITION_METADATA);
                    metadata.write(&self.place, path, &encode_partition_metadata(topic))?;
                }
                self.load_partition(id, name, true, &mut into)?;
            } else {
                self.set_aside(name, &dir, &mut into)?;
            }
        }
        metadata.finish(&self.place)?;
        Ok(into)
    }

    fn own_entry(&self, id: PartitionId, notices: &mut Vec<Notice>) -> Option<OwnEntry> {
        let bytes = self.own.entries.get(&id)?;
        let entry = OwnEntry::decode(bytes).ok();
        if entry.is_none() {
            notices.push(Notice::CheckpointIgnored {
                path: self.place.path.join(file_name::OWN_CHECKPOINT),
            });
        }
        entry
    }

    pub(super) fn load_partition(
        &self,
        id: PartitionId,
        name: TopicPartition,
        made: bool,
        into: &mut Loaded,
    ) -> Result<()> {
        let is_present = self.present.as_ref().is_none_or(|present| present.contains(&id));
        let verified = match self.own_entry(id, &mut into.notices) {
            Some(entry) => Verified::Own(Box::new(entry)),
            None if self.clean.is_some() => {
                Verified::All(self.offsets.recovery_points.get(&name).copied())
            }
            None => {
                let point = self.offsets.recovery_points.get(&name).filter(|_| is_present);
                let point = point.copied().unwrap_or(Offset::ZERO);
                Verified::UpTo { point, is_ours: self.contents.is_guarded }
            }
        };
        let files = Arc::new(PartitionFiles::new(&self.place, id, name.clone(), made));
        let config = self.topics.config(&name);
        let log_start = self.offsets.log_starts.get(&name).copied().filter(|_| is_present);
        let has_own = matches!(verified, Verified::Own(_));
        let plan = self.plan.get(id);
        let wall = self.settings.wall;
        let windows = self.windows.partitions.get(&id);
        let known = Known { files, config, verified, log_start, plan, windows, wall };
        let loaded = RecoveringPartition::load(known, &mut into.applied, &mut into.notices);
        match loaded {
            Ok(mut partition) => {
                if !has_own
                    && is_present
                    && let Some(high) = self.offsets.high_watermarks.get(&name)
                {
                    partition.high_watermark = *high;
                }
                into.partitions.push((id, partition));
            }
            Err(error @ (StorageError::Corrupt { .. } | StorageError::Gone)) => {
                into.failed.push(FailedPartition { name, error });
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// The write-ahead log says that it was deleted. An id is never used again, so nothing of it counts, and what is left
    /// of its files may be anything.
    fn delete(&self, id: PartitionId, name: TopicPartition, into: &mut Loaded) -> Result<()> {
        let files = PartitionFiles::new(&self.place, id, name.clone(), true);
        let deletion = self.number(files.serial);
        let dir = files.mark_deleted(deletion, &mut into.applied.dirty)?;
        into.applied.doomed_dirs.extend(dir);
        into.forgotten.push(name);
        Ok(())
    }

    /// The metadata have no such topic: it was deleted while nobody ran here, or the directory is another cluster's. As Apache
    /// Kafka does, it gets out of the way of topics to come, and is kept.
    fn set_aside(&self, name: TopicPartition, dir: &Path, into: &mut Loaded) -> Result<()> {
        let number = self.number(self.place.next_serial());
        let path = self.place.path.join(file_name::stray_dir(&name, number));
        self.place.disk.rename(dir, &path).map_err(StorageError::io("rename", dir))?;
        into.applied.dirty.dir(&self.place.path);
        into.forgotten.push(name);
        into.notices.push(Notice::StrayKept { path });
        Ok(())
    }

    /// Differs from those of other starts.
    fn number(&self, serial: u64) -> u128 {
        u128::from(self.settings.salt) << 64 | u128::from(serial)
    }
}
