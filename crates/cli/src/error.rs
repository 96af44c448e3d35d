use std::io;
use std::path::PathBuf;

use client::ClientError;

pub(crate) type Result<T> = std::result::Result<T, CliError>;

/// Why a command did not do what was asked; each is one line.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("{what}: {source}")]
    Io { what: &'static str, source: io::Error },
    #[error("{path}: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("{0}")]
    Address(#[from] client::NotAnAddress),
    #[error("line {line}: {reason}")]
    Line { line: u64, reason: BadLine },
    #[error("'{0}' is not NAME=VALUE")]
    NotAPair(String),
    #[error("'{text}' is not a topic name: {source}")]
    TopicName { text: String, source: model::InvalidTopicName },
    #[error("{failed} of {total} records were not delivered; the first reason: {first}")]
    Undelivered { failed: u64, total: u64, first: ClientError },
    #[error("group {group} is {state}: stop its members first")]
    GroupInUse { group: String, state: String },
    #[error("group {0} is not a streams group: it has no internal topics")]
    NotStreams(String),
    #[error("group {0} is not a share group")]
    NotShare(String),
    #[error(
        "no transaction that began at offset {start} is open in {partition}; see `ottla txn why`"
    )]
    NoSuchTransaction { partition: String, start: i64 },
    #[error("the server is not Ottla: only Ottla tells {0}")]
    NotOttla(&'static str),
    /// They are printed: the exit code says that there are any.
    #[error("something is wrong with the cluster")]
    Findings,
    #[error("{0}")]
    Usage(&'static str),
    #[error("topic {topic} has {have} partitions and cannot shrink to {asked}")]
    Shrink { topic: String, have: usize, asked: usize },
    #[error(
        "nothing in {0} is known to this command; it reads .log, .index, .timeindex, .txnindex, .snapshot, .checkpoint files and text checkpoints"
    )]
    UnknownFile(PathBuf),
    #[error("{failed} of {total} files could not be read wholly")]
    DamagedFiles { failed: usize, total: usize },
    #[error("{} is not a log directory: it has no meta.properties", .0.display())]
    NotALogDirectory(PathBuf),
    #[error("{0}; nothing was lost, the directory is not drained")]
    Drain(#[source] storage::StorageError),
    #[error(transparent)]
    Load(#[from] load::LoadError),
    #[error("encode as JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("read a record: {0}")]
    Record(#[from] record::BuildError),
}

/// Why a line of input is no record.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadLine {
    #[error("there is no key separator {0:?}")]
    NoSeparator(String),
    #[error("it is not a JSON object of a record: {0}")]
    Json(serde_json::Error),
    #[error("it is longer than {0} bytes")]
    TooLong(usize),
    #[error("partition {0} is negative")]
    Partition(i32),
    #[error("{0} is not base64")]
    Base64(&'static str),
}

impl CliError {
    pub(crate) fn io(what: &'static str, source: io::Error) -> Self {
        Self::Io { what, source }
    }

    /// Whoever read our output has had enough, which is no failure.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }
}
