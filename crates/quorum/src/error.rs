use std::io;
use std::path::PathBuf;

/// Why the quorum cannot start, or cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum QuorumError {
    #[error("{action} {}: {source}", path.display())]
    Io { action: &'static str, path: PathBuf, source: io::Error },
    /// Bytes that no crash explains. Nothing is changed on disk.
    #[error("metadata in {} is damaged at position {position}: {reason}", path.display())]
    Damaged { path: PathBuf, position: u64, reason: String },
    #[error("{} has no metadata: the directory is not formatted", .0.display())]
    NotFormatted(PathBuf),
    #[error(
        "this node is not the one voter of the metadata quorum, and clusters of more are not built yet: {0}"
    )]
    NotSingleVoter(String),
    /// The log contradicts itself or this program does not understand it.
    #[error("metadata log cannot be applied: {0}")]
    Log(String),
    #[error("start the thread of the metadata quorum: {0}")]
    Thread(io::Error),
}

pub(crate) type Result<T> = std::result::Result<T, QuorumError>;

/// Names what was tried when an input or output error came up.
pub(crate) trait Doing<T> {
    fn doing(self, action: &'static str, path: &std::path::Path) -> Result<T>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, action: &'static str, path: &std::path::Path) -> Result<T> {
        self.map_err(|source| QuorumError::Io { action, path: path.to_owned(), source })
    }
}
