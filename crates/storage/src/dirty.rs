use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use io::{File, Open};

use crate::error::{Result, StorageError};
use crate::limits::SYNC_EACH_COUNT_MAX;
use crate::place::{FileKey, HeldFile, Place};

/// What was written and not yet synced. Handles stay open here, so that a sync reaches what was written even if the
/// file has been renamed since; where there are too many, the others are opened once more.
#[derive(Debug, Default)]
pub(crate) struct Dirty {
    files: BTreeMap<FileKey, (Option<HeldFile>, PathBuf)>,
    dirs: BTreeSet<PathBuf>,
}

impl Dirty {
    pub(crate) fn file(
        &mut self,
        place: &Place,
        key: FileKey,
        file: &Arc<dyn File>,
        path: impl FnOnce() -> PathBuf,
    ) {
        self.files.entry(key).or_insert_with(|| (place.hold(file), path()));
    }

    /// One that is not open, and is opened if it has to be synced by itself.
    pub(crate) fn closed_file(&mut self, key: FileKey, path: impl FnOnce() -> PathBuf) {
        self.files.entry(key).or_insert_with(|| (None, path()));
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
        if many && place.sync_file_system()? {
            // The names too: all of them were given before.
            return Ok(());
        }
        for (file, path) in self.files.values() {
            let synced = match file {
                Some(file) => file.sync_data(),
                None => sync_by_name(place, path),
            };
            synced.map_err(StorageError::io("sync", path))?;
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

/// One that is gone needs no sync: only deletions take files away.
fn sync_by_name(place: &Place, path: &Path) -> std::io::Result<()> {
    match place.disk.open(path, Open::WRITE) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        file => file?.sync_data(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use io::{Disk, SimDisk};
    use model::Offset;

    use super::*;
    use crate::limits::OPEN_FILES_MIN;
    use crate::place::Kind;

    #[test]
    fn few_files_are_held_open_and_all_are_synced() {
        for seed in 0..20 {
            let disk = SimDisk::new(seed);
            disk.create_dir_all(Path::new("/d")).unwrap();
            let place = Place::new(Arc::new(disk.clone()), Path::new("/d"), OPEN_FILES_MIN);
            let mut dirty = Dirty::default();
            let path = |number: u64| place.path.join(number.to_string());
            for number in 0..10 {
                let file = disk.open(&path(number), Open::CREATE).unwrap();
                file.write_at(&[7; 100], 0).unwrap();
                let key = FileKey { partition: number, base: Offset::ZERO, kind: Kind::Log };
                dirty.file(&place, key, &file, || path(number));
            }
            dirty.dir(&place.path);
            let held = dirty.files.values().filter(|(file, _)| file.is_some()).count();
            assert_eq!(held, OPEN_FILES_MIN / 4);
            disk.remove_file(&path(9)).unwrap();
            dirty.sync(&place).unwrap();
            disk.sync_dir(Path::new("/")).unwrap();
            disk.power_on();
            for number in 0..9 {
                assert_eq!(
                    disk.read(&path(number)).unwrap(),
                    [7; 100],
                    "file {number}, seed {seed}"
                );
            }
            let file = disk.open(&path(0), Open::WRITE).unwrap();
            assert!(place.hold(&file).is_some(), "the places are free again");
        }
    }
}
