use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use io::File;

use crate::error::{Result, StorageError};
use crate::limits::SYNC_EACH_COUNT_MAX;
use crate::place::{FileKey, Place};

/// What was written and not yet synced. Handles stay open here, so that a sync reaches what was written even if the
/// file has been renamed since.
#[derive(Debug, Default)]
pub(crate) struct Dirty {
    files: BTreeMap<FileKey, (Arc<dyn File>, PathBuf)>,
    dirs: BTreeSet<PathBuf>,
}

impl Dirty {
    pub(crate) fn file(
        &mut self,
        key: FileKey,
        file: &Arc<dyn File>,
        path: impl FnOnce() -> PathBuf,
    ) {
        self.files.entry(key).or_insert_with(|| (Arc::clone(file), path()));
    }

    pub(crate) fn dir(&mut self, path: &Path) {
        if !self.dirs.contains(path) {
            self.dirs.insert(path.to_path_buf());
        }
    }

    /// A file that is gone need not be synced.
    pub(crate) fn forget(&mut self, key: FileKey) {
        self.files.remove(&key);
    }

    pub(crate) fn forget_partition(&mut self, partition: u64, dir: &Path) {
        self.forget_files(partition);
        self.dirs.remove(dir);
    }

    /// Closes the files of a partition that is gone: open ones keep their room on the disk.
    pub(crate) fn forget_files(&mut self, partition: u64) {
        self.files.retain(|key, _| key.partition != partition);
    }

    pub(crate) fn count(&self) -> usize {
        self.files.len()
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.files.extend(other.files);
        self.dirs.extend(other.dirs);
    }

    /// Makes all of it durable: files first, then the names of new ones. Blocks. After an error nothing may be
    /// assumed of any of it.
    pub(crate) fn sync(self, place: &Place) -> Result<()> {
        let many = self.files.len() > SYNC_EACH_COUNT_MAX;
        let all = many
            && place
                .disk
                .sync_file_system(&place.path)
                .map_err(StorageError::io("sync file system of", &place.path))?;
        if !all {
            for (file, path) in self.files.values() {
                file.sync_data().map_err(StorageError::io("sync", path))?;
            }
        }
        // A new partition's directory is named in the log directory, which sorts before it: names inside go first.
        for dir in self.dirs.iter().rev() {
            match place.disk.sync_dir(dir) {
                // Renamed or removed since: whoever did that marked the directory above.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                other => other.map_err(StorageError::io("sync directory", dir))?,
            }
        }
        Ok(())
    }
}
