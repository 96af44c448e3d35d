use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use io::Open;

use crate::error::{Result, StorageError};
use crate::limits::SYNC_EACH_COUNT_MAX;
use crate::place::Place;

/// Small files that are to take the place of others, many at a time: written first, then made durable together, then renamed, then their
/// names made durable together. After a crash in between each name has its old or its new content, whole.
#[derive(Debug, Default)]
pub(crate) struct Replacements {
    /// The names that the files will have.
    names: Vec<PathBuf>,
}

impl Replacements {
    /// Writes what `path` is to hold, beside it. Blocks.
    pub(crate) fn write(&mut self, place: &Place, path: PathBuf, bytes: &[u8]) -> Result<()> {
        let beside = temporary(&path);
        let file = place.disk.open(&beside, Open::REPLACE);
        file.and_then(|file| file.write_at(bytes, 0))
            .map_err(StorageError::io("write", &beside))?;
        self.names.push(path);
        Ok(())
    }

    /// Gives all of them their names, durably. Blocks.
    pub(crate) fn finish(self, place: &Place) -> Result<()> {
        if !self.sync_file_system(place, self.names.len())? {
            for path in &self.names {
                let beside = temporary(path);
                let synced =
                    place.disk.open(&beside, Open::WRITE).and_then(|file| file.sync_data());
                synced.map_err(StorageError::io("sync", &beside))?;
            }
        }
        for path in &self.names {
            let renamed = place.disk.rename(&temporary(path), path);
            renamed.map_err(StorageError::io("rename to", path))?;
        }
        let dirs: BTreeSet<&Path> = self.names.iter().filter_map(|path| path.parent()).collect();
        if self.sync_file_system(place, dirs.len())? {
            return Ok(());
        }
        for dir in dirs {
            place.disk.sync_dir(dir).map_err(StorageError::io("sync directory", dir))?;
        }
        Ok(())
    }

    /// Syncs all at once where there are so many that this is cheaper, and where it is one call.
    fn sync_file_system(&self, place: &Place, count: usize) -> Result<bool> {
        Ok(count > SYNC_EACH_COUNT_MAX && place.sync_file_system()?)
    }
}

fn temporary(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".tmp");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use io::{Disk, SimDisk};

    use super::*;

    /// A power cut at every step leaves each file as it was or as it is to be.
    #[test]
    fn each_file_is_the_old_or_the_new_one_whenever_the_power_is_cut() {
        for count in [3_usize, SYNC_EACH_COUNT_MAX + 5] {
            let mut finished = 0;
            for step in 1..10_000 {
                let disk = SimDisk::new(step);
                let root = Path::new("/d");
                let path = |number: usize| root.join(format!("t-{number}")).join("file");
                for number in 0..count {
                    disk.create_dir_all(path(number).parent().unwrap()).unwrap();
                    disk.replace(&path(number), b"old").unwrap();
                    disk.sync_dir(root).unwrap();
                }
                disk.sync_dir(Path::new("/")).unwrap();
                let place = Place::new(Arc::new(disk.clone()), root, 1024);
                disk.crash_after(step);
                let mut new = Replacements::default();
                let written =
                    (0..count).try_for_each(|number| new.write(&place, path(number), b"newer"));
                let done = written.and_then(|()| new.finish(&place));
                let was_cut = disk.is_off();
                disk.power_on();
                for number in 0..count {
                    let content = disk.read(&path(number)).unwrap();
                    match done {
                        Ok(()) => assert_eq!(content, b"newer"),
                        Err(_) => assert!(content == b"old" || content == b"newer"),
                    }
                }
                if !was_cut {
                    finished += 1;
                    break;
                }
            }
            assert_eq!(finished, 1, "it was never let through");
        }
    }
}
