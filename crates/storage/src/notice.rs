use std::fmt;
use std::path::PathBuf;

use model::{Offset, TopicPartition};

/// What an operator should know about the opening of a log directory. Nothing acknowledged was lost by any of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The last group of the write-ahead log was not wholly written: nobody was told that it was.
    TornGroup { path: PathBuf, position: u64 },
    /// Bytes behind the last whole batch were cut off.
    TailCut { path: PathBuf, position: u64, size: u64 },
    /// An index was missing, short or wrong, and was made again from its segment.
    IndexRebuilt { path: PathBuf },
    /// A checkpoint could not be read; what it said was worked out from the log.
    CheckpointIgnored { path: PathBuf },
    /// A producer snapshot could not be read; an older one, or the log, was taken.
    SnapshotIgnored { path: PathBuf },
    /// A process was killed while it put compacted segments in the place of others.
    CleaningEnded { path: PathBuf },
    /// A directory that is neither a partition's nor ours.
    DirectoryIgnored { path: PathBuf },
    /// A partition's directory whose topic the metadata do not have. It was renamed to this, and is kept.
    StrayKept { path: PathBuf },
    /// Frames of a topic that the metadata no longer has.
    UnknownTopic { frames: u64 },
    /// The file system has no direct writes: commits go through the page cache and a sync.
    NoDirectWrites { path: PathBuf },
    /// Replayed from the write-ahead log.
    Replayed { groups: u64, frames: u64, bytes: u64 },
    /// Where a partition's log ends after a scan.
    Scanned { partition: TopicPartition, end: Offset },
}

impl Notice {
    /// Whether it speaks of damage, rather than of what any crash leaves.
    pub const fn is_warning(&self) -> bool {
        matches!(
            self,
            Self::IndexRebuilt { .. }
                | Self::CheckpointIgnored { .. }
                | Self::SnapshotIgnored { .. }
                | Self::DirectoryIgnored { .. }
                | Self::StrayKept { .. }
        )
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TornGroup { path, position } => {
                write!(
                    formatter,
                    "cut an unfinished group at byte {position} of {}",
                    path.display()
                )
            }
            Self::TailCut { path, position, size } => {
                write!(formatter, "cut {size} bytes at byte {position} of {}", path.display())
            }
            Self::IndexRebuilt { path } => write!(formatter, "rebuilt {}", path.display()),
            Self::CheckpointIgnored { path } | Self::SnapshotIgnored { path } => {
                write!(formatter, "could not read {}, worked it out from the log", path.display())
            }
            Self::CleaningEnded { path } => {
                write!(formatter, "put compacted segments in their place in {}", path.display())
            }
            Self::DirectoryIgnored { path } => {
                write!(formatter, "{} is not a partition's directory", path.display())
            }
            Self::StrayKept { path } => {
                write!(
                    formatter,
                    "{} is of no topic of this cluster, kept under that name",
                    path.display()
                )
            }
            Self::UnknownTopic { frames } => {
                write!(formatter, "skipped {frames} frames of topics that are gone")
            }
            Self::NoDirectWrites { path } => {
                write!(formatter, "no direct writes in {}, using sync calls", path.display())
            }
            Self::Replayed { groups, frames, bytes } => {
                write!(formatter, "replayed {groups} groups, {frames} frames, {bytes} bytes")
            }
            Self::Scanned { partition, end } => {
                write!(formatter, "scanned {partition}, it ends at offset {end}")
            }
        }
    }
}
