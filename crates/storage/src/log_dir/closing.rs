use std::collections::BTreeMap;

use model::{BrokerEpoch, Offset, PartitionId, TopicPartition};

use super::opening::read_windows;
use super::{CheckpointResult, LogDir, Partitions, left_wal, remove_if_there, sync_dir};
use crate::apply::Applied;
use crate::checkpoint::{
    CleanShutdown, decode_offsets, encode_leader_epochs, encode_offsets, encode_producer_snapshot,
};
use crate::error::{Damage, Result, StorageError};
use crate::file_name;
use crate::lane::DurableEnd;
use crate::own_checkpoint::{decode_present, encode_present};
use crate::partition_log::Captured;
use crate::place::Kind;
use crate::replacements::Replacements;
use crate::segment::IndexEntries;

/// Kafka's three checkpoints of a log directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Offsets {
    pub(super) recovery_points: BTreeMap<TopicPartition, Offset>,
    pub(super) high_watermarks: BTreeMap<TopicPartition, Offset>,
    pub(super) log_starts: BTreeMap<TopicPartition, Offset>,
}

impl Offsets {
    pub(super) fn insert(
        &mut self,
        name: &TopicPartition,
        start: Offset,
        end: Offset,
        high: Offset,
    ) {
        self.recovery_points.insert(name.clone(), end);
        self.high_watermarks.insert(name.clone(), high);
        self.log_starts.insert(name.clone(), start);
    }

    pub(super) fn remove(&mut self, name: &TopicPartition) {
        self.recovery_points.remove(name);
        self.high_watermarks.remove(name);
        self.log_starts.remove(name);
    }

    pub(super) fn files(&self) -> [(&'static str, &BTreeMap<TopicPartition, Offset>); 3] {
        [
            (file_name::RECOVERY_POINTS, &self.recovery_points),
            (file_name::HIGH_WATERMARKS, &self.high_watermarks),
            (file_name::LOG_STARTS, &self.log_starts),
        ]
    }

    pub(super) fn write(&self, place: &crate::place::Place) -> Result<()> {
        for (name, offsets) in self.files() {
            let entries = offsets.iter().map(|(name, offset)| (name, *offset));
            super::replace(place, name, &encode_offsets(entries))?;
        }
        Ok(())
    }
}

impl LogDir {
    /// A clean stop: commits and drains all, syncs it, writes Kafka's files, takes the guard away and leaves the
    /// marker. Apache Kafka could open the directory afterwards. Nothing may be appended any more; `ends` gets what
    /// became durable on the way. Blocks.
    pub fn close(
        &self,
        partitions: &dyn Partitions,
        broker_epoch: Option<BrokerEpoch>,
        ends: &mut Vec<DurableEnd>,
    ) -> Result<()> {
        while self.lane.commit(ends)?.is_some() {}
        let checkpoint = self.begin_checkpoint(partitions);
        if let CheckpointResult::NotYet(_) = self.finish_checkpoint(checkpoint)? {
            // Another thread still commits or drains: the shell has not stopped what it started.
            return Err(StorageError::Offline);
        }
        let _one_at_a_time = self.checkpointing.lock();
        let own = self.own_checkpoint()?;
        let mut offsets = self.read_offsets()?;
        let (mut applied, mut replaced) = (Applied::default(), Replacements::default());
        // Of partitions that nobody wrote to, it is still true.
        let mut windows = read_windows(&self.place, &mut Vec::new())?;
        windows.partitions.retain(|id, _| partitions.capture(*id).is_some());
        for id in own.entries.keys() {
            windows.partitions.remove(id);
            match partitions.capture(*id) {
                Some(captured) => {
                    self.close_partition(&captured, &mut applied, &mut replaced, &mut offsets)?;
                    windows.partitions.insert(*id, captured.replica.producers().clone());
                }
                None => self.forget(*id, own.entries.get(id), &mut offsets),
            }
        }
        applied.dirty.sync(&self.place)?;
        replaced.finish(&self.place)?;
        self.lane.purge()?;
        self.write_cleaned()?;
        offsets.write(&self.place)?;
        if let Some(bytes) = windows.encode() {
            self.replace(file_name::PRODUCERS, &bytes)?;
        } else {
            remove_if_there(&self.place, file_name::PRODUCERS)?;
        }
        // From here on the recovery points of all count, should the stop be cut short.
        self.note_present(own.entries.keys().copied())?;
        self.remove_own_files()?;
        let marker = CleanShutdown { broker_epoch }.encode();
        let path = self.place.path.join(file_name::CLEAN_SHUTDOWN);
        let marker = marker.map_err(|_| StorageError::corrupt(&path, 0, Damage::Form))?;
        self.replace(file_name::CLEAN_SHUTDOWN, &marker)?;
        self.place.close_all();
        self.lane.fail();
        *self.lock.lock() = None;
        Ok(())
    }

    /// What a partition's directory must hold for Apache Kafka.
    fn close_partition(
        &self,
        captured: &Captured,
        applied: &mut Applied,
        replaced: &mut Replacements,
        offsets: &mut Offsets,
    ) -> Result<()> {
        let (files, log) = (&captured.files, &captured.replica);
        offsets.insert(&files.name, log.log_start(), log.log_end(), log.high_watermark());
        if !captured.has_segments {
            // Even an empty log that does not begin at 0 needs its first segment, or Kafka would begin it at 0.
            if log.log_end() > Offset::ZERO {
                files.open_for_write(log.log_end(), Kind::Log, &mut applied.dirty)?;
            } else if !files.is_made() {
                offsets.remove(&files.name);
                return Ok(());
            }
        }
        let entries = IndexEntries { offset: None, time: captured.last_time };
        applied.write_entries(files, captured.segment, &entries)?;
        for kind in [Kind::Log, Kind::Index, Kind::TimeIndex] {
            files.open_for_write(captured.segment, kind, &mut applied.dirty)?;
        }
        let producers = encode_producer_snapshot(log.producers().snapshot());
        files.make_dir(&mut applied.dirty)?;
        let dir = files.dir();
        let snapshot = file_name::segment_file(&dir, log.log_end(), file_name::SNAPSHOT);
        replaced.write(&self.place, snapshot, &producers)?;
        let epochs = encode_leader_epochs(log.epochs().entries());
        replaced.write(&self.place, dir.join(file_name::LEADER_EPOCHS), &epochs)
    }

    fn note_present(&self, closed: impl Iterator<Item = PartitionId>) -> Result<()> {
        let path = self.place.path.join(file_name::GUARD).join(file_name::PRESENT);
        let before = match self.place.disk.read(&path).map_err(StorageError::io("read", &path)) {
            Err(error) if error.is_missing() => return Ok(()),
            bytes => decode_present(&bytes?),
        };
        // One that cannot be read counts as "all".
        let Ok(mut present) = before else { return Ok(()) };
        present.extend(closed);
        let bytes = encode_present(present.iter());
        self.place.disk.replace(&path, &bytes).map_err(StorageError::io("write", &path))
    }

    fn forget(&self, _id: PartitionId, entry: Option<&Vec<u8>>, offsets: &mut Offsets) {
        let entry = entry.and_then(|bytes| crate::own_checkpoint::OwnEntry::decode(bytes).ok());
        if let Some(entry) = entry {
            let name = TopicPartition { topic: entry.topic, partition: _id.partition };
            offsets.remove(&name);
        }
    }

    /// First the log, whose content is in the segments now; then what says how to replay it; last the guard. The log's first
    /// file, which is empty, outlives the salt that says that there must be one.
    fn remove_own_files(&self) -> Result<()> {
        let path = &self.place.path;
        let entries = self.place.disk.list(path).map_err(StorageError::io("list", path))?;
        for entry in entries {
            let is_first = path.join(&entry.name) == self.first_wal;
            if file_name::parse_wal_file(&entry.name).is_some() && !is_first {
                remove_if_there(&self.place, &entry.name)?;
            }
        }
        sync_dir(&self.place)?;
        remove_if_there(&self.place, file_name::OWN_CHECKPOINT)?;
        sync_dir(&self.place)?;
        left_wal::remove_salt(&self.place)?;
        match self.place.disk.remove_file(&self.first_wal) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            other => other.map_err(StorageError::io("remove", &self.first_wal))?,
        }
        let guard = path.join(file_name::GUARD);
        self.place.disk.remove_dir_all(&guard).map_err(StorageError::io("remove", &guard))?;
        sync_dir(&self.place)
    }

    /// Kafka's checkpoints as they are; what cannot be read counts as missing.
    fn read_offsets(&self) -> Result<Offsets> {
        let read = |name: &str| {
            let bytes = self.read_optional(name)?;
            let entries = bytes.and_then(|bytes| decode_offsets(&bytes).ok()).unwrap_or_default();
            Ok(entries.into_iter().collect())
        };
        Ok(Offsets {
            recovery_points: read(file_name::RECOVERY_POINTS)?,
            high_watermarks: read(file_name::HIGH_WATERMARKS)?,
            log_starts: read(file_name::LOG_STARTS)?,
        })
    }
}
