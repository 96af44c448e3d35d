use std::io;
use std::path::{Path, PathBuf};

use crate::synced_mark;

/// Why the quorum cannot start, or cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum QuorumError {
    #[error("{action} {}: {source}", path.display())]
    Io { action: &'static str, path: PathBuf, source: io::Error },
    /// Bytes that no crash explains. Nothing is changed on disk.
    #[error(
        "metadata in {} is damaged at position {position}: {reason}; nothing was changed: restore it from a copy",
        path.display()
    )]
    Damaged { path: PathBuf, position: u64, reason: String },
    /// As `Damaged`, of the log itself, which can be cut where it is damaged.
    #[error(
        "metadata log {} is damaged at position {position}: {reason}; nothing was changed: restore the directory from a \
         copy, or, to give up all that was written from there on, cut the file at that position, remove the segments \
         after it, and remove {}",
        path.display(), mark.display()
    )]
    DamagedLog { path: PathBuf, position: u64, reason: String, mark: PathBuf },
    #[error("{} has no metadata: the directory is not formatted", .0.display())]
    NotFormatted(PathBuf),
    #[error(
        "this node is not the one voter of the metadata quorum, and clusters of more are not built yet: {0}"
    )]
    NotSingleVoter(String),
    /// The log was not written to.
    #[error(
        "the metadata in {} has {name} at level {level}, and this program works with {min} to {max}: start on it the \
         program that wrote it, let `kafka-features.sh --bootstrap-server HOST:PORT {command}` change the level, stop it, \
         and start this one again",
        dir.display()
    )]
    Feature { dir: PathBuf, name: String, level: i16, min: i16, max: i16, command: String },
    /// The log contradicts itself or this program does not understand it.
    #[error("metadata log cannot be applied: {0}")]
    Log(String),
    #[error("start the thread of the metadata quorum: {0}")]
    Thread(io::Error),
}

pub(crate) type Result<T> = std::result::Result<T, QuorumError>;

/// Damage of a segment, or of the log that ends with it.
pub(crate) fn damaged_log(path: &Path, position: u64, reason: String) -> QuorumError {
    let mark = synced_mark::path_of(path.parent().unwrap_or(path));
    QuorumError::DamagedLog { path: path.to_owned(), position, reason, mark }
}

/// Names what was tried when an input or output error came up.
pub(crate) trait Doing<T> {
    fn doing(self, action: &'static str, path: &Path) -> Result<T>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, action: &'static str, path: &Path) -> Result<T> {
        self.map_err(|source| QuorumError::Io { action, path: path.to_owned(), source })
    }
}
