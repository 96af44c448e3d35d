use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use io::Disk;
use io::arena::Arena;
use model::{PartitionId, Timestamp, TopicPartition};

use super::{LogDir, OpenSettings, Partitions, RecoveredPartition, Topics};
use crate::config::{LaneConfig, LogConfig};
use crate::error::{Result, StorageError};
use crate::file_name;
use crate::limits::{DRAIN_ARENA_SIZE, DRAIN_OPEN_FILES_MAX};
use crate::notice::Notice;
use crate::partition_log::Captured;
use crate::workers::InTurn;

/// What was done to a log directory that is plain now.
#[derive(Debug)]
pub struct DrainedDir {
    /// Logs in it.
    pub partitions: usize,
    pub notices: Vec<Notice>,
}

/// Makes a log directory that a process left unclean a plain one of Apache Kafka's: replays the write-ahead log into the
/// segments, syncs them, writes Kafka's checkpoints and the clean marker, and takes the guard away. `None`: there was
/// nothing to drain. A directory in use is [`StorageError::Locked`]; one with a damaged log is left as it is. Blocks.
///
/// `salt` is random: it tells this run's frames from those of others. `wall` is the time of the day.
pub fn drain_log_dir(
    disk: Arc<dyn Disk>,
    path: &Path,
    salt: u64,
    wall: Timestamp,
) -> Result<Option<DrainedDir>> {
    let failed = |source| StorageError::io("read", path)(source);
    if !disk.is_dir(path).map_err(failed)? {
        return Err(failed(ErrorKind::NotFound.into()));
    }
    let lock = LogDir::lock(&*disk, path)?;
    let entries = disk.list(path).map_err(failed)?;
    let is_own = |name: &str| {
        [file_name::GUARD, file_name::OWN_CHECKPOINT].contains(&name)
            || file_name::parse_wal_file(name).is_some()
    };
    if !entries.iter().any(|entry| is_own(&entry.name)) {
        return Ok(None);
    }
    let arena = Arena::new(DRAIN_ARENA_SIZE);
    let lane = LaneConfig::for_arena(DRAIN_ARENA_SIZE as u64);
    let workers = Arc::new(InTurn);
    let open_files_max = DRAIN_OPEN_FILES_MAX;
    let settings = OpenSettings { disk, arena, lane, open_files_max, salt, wall, workers };
    let opened = LogDir::open_locked(path, lock, &settings, &AnyTopic::default())?;
    if let Some(failed) = opened.failed.into_iter().next() {
        return Err(failed.error);
    }
    let logs = Logs(opened.partitions);
    opened.dir.close(&logs, None, &mut Vec::new())?;
    Ok(Some(DrainedDir { partitions: logs.0.len(), notices: opened.notices }))
}

/// Nobody asked the metadata: each log keeps what it has, and the defaults serve for what replay must choose.
#[derive(Default)]
struct AnyTopic(Arc<LogConfig>);

impl Topics for AnyTopic {
    fn config(&self, _name: &TopicPartition) -> Arc<LogConfig> {
        Arc::clone(&self.0)
    }
}

struct Logs(Vec<RecoveredPartition>);

impl Partitions for Logs {
    fn capture(&self, partition: PartitionId) -> Option<Captured> {
        let found = self.0.iter().find(|found| found.log.id() == partition)?;
        Some(found.log.capture(&found.replica))
    }
}
