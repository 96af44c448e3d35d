use std::path::Path;

use io::Disk;
use metadata::{METADATA_VERSION, MetadataRecord};
use model::{LeaderEpoch, Offset, Timestamp};
use raft::{SnapshotId, VoterSet};

use crate::error::{Doing, Result};
use crate::snapshot_file::{self, SnapshotHead};

/// The directory of the metadata log in a log directory.
pub const METADATA_DIR: &str = "__cluster_metadata-0";

/// Names the snapshot that formatting leaves; it holds no record of the log.
pub(crate) const BOOTSTRAP: SnapshotId = SnapshotId { end: Offset::ZERO, epoch: LeaderEpoch::ZERO };

/// What a new cluster begins with.
#[derive(Clone, Debug)]
pub struct Format {
    pub voters: VoterSet,
    /// The finalised features, `metadata.version` among them; `kraft.version` 1 goes without saying.
    pub features: Vec<(String, i16)>,
    pub now: Timestamp,
}

/// Whether a log directory holds a metadata log, or what formatting leaves of one.
pub fn is_formatted(disk: &dyn Disk, log_dir: &Path) -> Result<bool> {
    let dir = log_dir.join(METADATA_DIR);
    if !disk.is_dir(&dir).doing("look for", &dir)? {
        return Ok(false);
    }
    let entries = disk.list(&dir).doing("list", &dir)?;
    // The state is written by a quorum that has begun: where it stands alone, the log was lost.
    let has_begun =
        entries.iter().any(|entry| entry.name.ends_with(".log") || entry.name == "quorum-state");
    Ok(has_begun || !snapshot_file::list(disk, &dir)?.is_empty())
}

/// Makes the metadata log of a new cluster with these voters. The directory must not be formatted.
pub fn format(disk: &dyn Disk, log_dir: &Path, format: &Format) -> Result<()> {
    let dir = log_dir.join(METADATA_DIR);
    disk.create_dir_all(&dir).doing("create", &dir)?;
    disk.sync_dir(log_dir).doing("sync", log_dir)?;
    let level = |(name, level): &(String, i16)| MetadataRecord::FeatureLevel {
        name: name.clone(),
        level: *level,
    };
    let (first, rest): (Vec<_>, Vec<_>) =
        format.features.iter().partition(|(name, _)| name == METADATA_VERSION);
    let metadata_version = first.first().map_or(0, |(_, level)| *level);
    let head = SnapshotHead {
        id: BOOTSTRAP,
        kraft_version: 1,
        voters: format.voters.clone(),
        newest: format.now,
        metadata_version,
    };
    let path = dir.join("partition.metadata");
    let id = model::TopicId::METADATA;
    let text = format!("version: 0\ntopic_id: {id}\n");
    disk.replace(&path, text.as_bytes()).doing("write", &path)?;
    snapshot_file::write(disk, &dir, &head, first.into_iter().chain(rest).map(level))
}
