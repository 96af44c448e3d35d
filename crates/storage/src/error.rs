use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Why storage could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The disk refused. An I/O error takes the directory offline; a full disk does not.
    #[error("{verb} {path}: {source}", path = path.display())]
    Io { verb: &'static str, path: PathBuf, source: std::io::Error },
    /// Bytes that were synced are not what was written. The directory stays as it is for a person to look at.
    #[error("{path} is corrupt at byte {position}: {damage}", path = path.display())]
    Corrupt { path: PathBuf, position: u64, damage: Damage },
    /// Another process, or this one, works on the directory.
    #[error("{path} is held by another process", path = path.display())]
    Locked { path: PathBuf },
    /// A write-ahead log with content, but the directory that guards it is gone: somebody took it away by hand, and
    /// another program may have written since.
    #[error(
        "{path} has a write-ahead log that is not drained, but no ottla.wal-not-drained directory; \
         put the directory back, or remove the log if its data may be lost", path = path.display()
    )]
    Unguarded { path: PathBuf },
    /// The directory that guards a write-ahead log is there, but no file of the log: somebody took them away by hand, and with
    /// them what was acknowledged last.
    #[error(
        "{path} was not stopped cleanly, and the files ottla.wal.* that hold what was acknowledged last are gone; \
         put them back, or remove ottla.wal-not-drained if that may be lost", path = path.display()
    )]
    WalGone { path: PathBuf },
    /// The directory, or its write-ahead log, was taken away or exchanged while it was in use.
    #[error("{path} is not what it was: it was removed or exchanged under the running node", path = path.display())]
    Exchanged { path: PathBuf },
    /// The directory failed earlier; nothing more is written to it.
    #[error("the log directory is offline")]
    Offline,
    /// The segment was deleted or cut between the plan of a read and its execution.
    #[error("the offset is no longer in the log")]
    Gone,
    /// Another segment took the place of this one between the plan of a read and its execution: plan again.
    #[error("the segment was compacted since the read was planned")]
    Replaced,
}

/// What is wrong with bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    #[error("group {0} of the write-ahead log is missing, but later ones are there")]
    MissingGroup(u64),
    #[error("a batch that was committed straight to the segment is not there")]
    BulkLost,
    #[error("the segment ends before the place where the write-ahead log goes on")]
    Gap,
    #[error("the log ends at offset {end}, but was synced to offset {synced}")]
    Short { end: model::Offset, synced: model::Offset },
    #[error("a batch is damaged")]
    Batch,
    #[error("the file does not have its form")]
    Form,
}

impl StorageError {
    /// For `map_err`: the path is copied only when there is an error, for this stands in the way of every commit.
    pub(crate) fn io(verb: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { verb, path: path.to_path_buf(), source }
    }

    pub(crate) fn corrupt(path: &Path, position: u64, damage: Damage) -> Self {
        Self::Corrupt { path: path.to_path_buf(), position, damage }
    }

    /// Whether the disk is full: the operation may be tried again when there is space.
    pub fn is_full(&self) -> bool {
        let full = [ErrorKind::StorageFull, ErrorKind::QuotaExceeded];
        matches!(self, Self::Io { source, .. } if full.contains(&source.kind()))
    }

    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == ErrorKind::NotFound)
    }
}

pub type Result<T> = std::result::Result<T, StorageError>;
