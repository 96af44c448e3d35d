//! Directories of partitions, made with the first file in them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{PartitionFiles, read_stated_topic_id};
use crate::checkpoint::encode_partition_metadata;
use crate::dirty::Dirty;
use crate::error::{Result, StorageError};
use crate::file_name;
use crate::place::Place;
use crate::replacements::Replacements;

impl PartitionFiles {
    /// The directory with `partition.metadata`, if it is not there yet. Blocks.
    pub(crate) fn make_dir(&self, dirty: &mut Dirty) -> Result<()> {
        if self.is_made() {
            return Ok(());
        }
        let mut metadata = Replacements::default();
        self.begin_dir(&mut metadata, dirty)?;
        metadata.finish(&self.place)?;
        self.end_dir(dirty);
        Ok(())
    }

    /// As [`Self::make_dir`] of each of them, with few syncs for all. Blocks.
    pub(crate) fn make_dirs(place: &Place, all: &[Arc<Self>], dirty: &mut Dirty) -> Result<()> {
        let mut metadata = Replacements::default();
        let missing = || all.iter().filter(|files| !files.is_made());
        for files in missing() {
            files.begin_dir(&mut metadata, dirty)?;
        }
        metadata.finish(place)?;
        missing().for_each(|files| files.end_dir(dirty));
        Ok(())
    }

    fn begin_dir(&self, metadata: &mut Replacements, dirty: &mut Dirty) -> Result<()> {
        let dir = self.dir();
        let disk = &self.place.disk;
        // An earlier topic of this name may still wait for its deletion to be carried out.
        let stated = read_stated_topic_id(&self.place, &dir)?;
        let is_other = stated.is_some_and(|stated| stated != Ok(self.id.topic));
        // One that does not say whose it is may be anybody's: it is kept.
        let is_nobodys = !matches!(stated, Some(Ok(_))) && self.has_segments(&dir)?;
        if is_other || is_nobodys {
            let name = if is_nobodys { file_name::stray_dir } else { file_name::deleted_dir };
            let target = self.place.path.join(name(&self.name, self.deletion_id()));
            disk.rename(&dir, &target).map_err(StorageError::io("rename", &dir))?;
            dirty.dir(&self.place.path);
            self.place.take_over(&self.name, self.serial);
        }
        disk.create_dir_all(&dir).map_err(StorageError::io("create", &dir))?;
        let path = dir.join(file_name::PARTITION_METADATA);
        metadata.write(&self.place, path, &encode_partition_metadata(self.id.topic))
    }

    fn end_dir(&self, dirty: &mut Dirty) {
        dirty.dir(&self.dir());
        dirty.dir(&self.place.path);
        self.made.store(true, Ordering::Release);
    }

    fn has_segments(&self, dir: &Path) -> Result<bool> {
        match self.place.disk.list(dir).map_err(StorageError::io("list", dir)) {
            Err(error) if error.is_missing() => Ok(false),
            entries => Ok(entries?
                .iter()
                .any(|entry| file_name::parse_segment_file(&entry.name).is_some())),
        }
    }

    /// Differs from all others that this process gives, and from those of the lane.
    fn deletion_id(&self) -> u128 {
        u128::from_be_bytes(*self.id.topic.uuid().as_bytes()).wrapping_add(u128::from(self.serial))
    }
}
