use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Result, StorageError};
use crate::log_dir::{FailedPartition, LogDir, OpenSettings, RecoveredPartition, Topics};
use crate::notice::Notice;

/// The log directories of one broker. One that fails, at the start or later, takes only its own partitions offline.
#[derive(Debug)]
pub struct LogDirs {
    dirs: Vec<Arc<LogDir>>,
    failed: Vec<(PathBuf, StorageError)>,
}

/// What the opening of all directories gave.
#[derive(Debug)]
pub struct OpenedAll {
    pub dirs: LogDirs,
    pub partitions: Vec<RecoveredPartition>,
    pub failed_partitions: Vec<FailedPartition>,
    pub notices: Vec<Notice>,
}

impl LogDirs {
    /// Opens each directory by itself. An error of one is kept beside the others; `Err` only when none could be
    /// opened, with the first one's error. Blocks.
    pub fn open(
        paths: &[PathBuf],
        settings: &OpenSettings,
        topics: &dyn Topics,
    ) -> Result<OpenedAll> {
        let mut all = OpenedAll {
            dirs: Self { dirs: Vec::new(), failed: Vec::new() },
            partitions: Vec::new(),
            failed_partitions: Vec::new(),
            notices: Vec::new(),
        };
        for path in paths {
            match LogDir::open(path, settings, topics) {
                Ok(opened) => {
                    all.dirs.dirs.push(opened.dir);
                    all.partitions.extend(opened.partitions);
                    all.failed_partitions.extend(opened.failed);
                    all.notices.extend(opened.notices);
                }
                Err(error) => all.dirs.failed.push((path.clone(), error)),
            }
        }
        if all.dirs.dirs.is_empty() && !all.dirs.failed.is_empty() {
            return Err(all.dirs.failed.swap_remove(0).1);
        }
        Ok(all)
    }

    /// Those that were opened; some may have gone offline since.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<LogDir>> {
        self.dirs.iter()
    }

    /// The directory for a new partition: of those online, the one with the fewest, as `counts` tells by path.
    pub fn for_new_partition(&self, counts: impl Fn(&Path) -> usize) -> Option<&Arc<LogDir>> {
        let online = self.dirs.iter().filter(|dir| !dir.is_offline());
        online.min_by_key(|dir| counts(dir.path()))
    }

    pub fn by_path(&self, path: &Path) -> Option<&Arc<LogDir>> {
        self.dirs.iter().find(|dir| dir.path() == path)
    }

    /// Directories that could not be opened, and why.
    pub fn failed(&self) -> &[(PathBuf, StorageError)] {
        &self.failed
    }

    /// Whether no directory is left: the broker must stop.
    pub fn all_offline(&self) -> bool {
        self.dirs.iter().all(|dir| dir.is_offline())
    }
}
