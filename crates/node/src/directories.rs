//! The data directories before anything is opened: locked, told apart, and formatted where they are new.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use io::{Disk, Lock};
use model::{BrokerId, DirectoryId, SeededRandom};
use settings::BrokerSettings;
use storage::checkpoint::MetaProperties;
use storage::{LogDir, StorageError};

use crate::random;

const META_PROPERTIES: &str = "meta.properties";

/// What a directory may hold and still count as empty: our lock, what a crash during formatting leaves before the
/// directory has its properties, and what file systems put there by themselves.
const MEANS_NOTHING: &[&str] = &[".lock", "meta.properties.tmp", "lost+found"];

/// What formatting makes besides.
const MADE_BY_FORMATTING: &[&str] = &[META_PROPERTIES, quorum::METADATA_DIR];

/// The data directories of this node, locked.
pub(crate) struct Directories {
    pub(crate) cluster_id: String,
    /// In the order of the settings.
    pub(crate) log_dirs: Vec<Directory>,
    /// Where the metadata log lies.
    pub(crate) metadata_dir: PathBuf,
    pub(crate) metadata_id: DirectoryId,
    /// Of a metadata directory that is none of `log_dirs`.
    pub(crate) metadata_lock: Option<Box<dyn Lock>>,
    /// Directories that could not even be looked at.
    pub(crate) failed: Vec<(PathBuf, StorageError)>,
    /// Nothing was there before, or only what a crash during formatting leaves: no broker ever ran here.
    pub(crate) is_new: bool,
}

/// One data directory.
pub(crate) struct Directory {
    pub(crate) path: PathBuf,
    pub(crate) id: DirectoryId,
    pub(crate) lock: Box<dyn Lock>,
}

/// Why the data directories cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("{action} {path}: {source}")]
    Io { action: &'static str, path: PathBuf, source: std::io::Error },
    #[error(
        "{path} is not empty and has no meta.properties: it is not a data directory; name another, or an empty one"
    )]
    NotEmpty { path: PathBuf },
    #[error("{path} does not have its form")]
    BadForm { path: PathBuf },
    #[error("{path} belongs to node {found}, and node.id is {own}")]
    OtherNode { path: PathBuf, found: BrokerId, own: BrokerId },
    #[error("{path} belongs to cluster {found}, and the others to {expected}")]
    OtherCluster { path: PathBuf, found: String, expected: String },
    #[error("{path} and another directory have the same directory.id: one is a copy of the other")]
    Copied { path: PathBuf },
    #[error(
        "the data directories are new, and a node of a quorum of several voters is not formatted by itself: {0}"
    )]
    SeveralVoters(String),
}

/// A directory that was looked at.
struct Found {
    path: PathBuf,
    lock: Box<dyn Lock>,
    properties: Option<MetaProperties>,
}

impl Directories {
    /// Locks and reads them. New ones are formatted: all of them, if this node is its quorum's only voter, or single
    /// ones beside others that are not new.
    pub(crate) fn prepare(
        disk: &dyn Disk,
        settings: &BrokerSettings,
        own: BrokerId,
        cluster_id: Option<&str>,
        random: &mut SeededRandom,
    ) -> Result<Self, DirectoryError> {
        let metadata_dir = PathBuf::from(settings.metadata_dir());
        let mut paths: Vec<PathBuf> = settings.log_dirs.iter().map(PathBuf::from).collect();
        let is_apart = !paths.contains(&metadata_dir);
        if is_apart {
            paths.push(metadata_dir.clone());
        }
        let (found, failed) = look_at(disk, &paths, &metadata_dir)?;
        let known = found.iter().find_map(|found| found.properties.as_ref());
        let is_new = known.is_none() || (failed.is_empty() && nothing_ran_in(disk, &found)?);
        if known.is_none() && settings.quorum.voters.len() > 1 {
            return Err(DirectoryError::SeveralVoters(settings.quorum.voters.join(",")));
        }
        let cluster_id = match known {
            Some(properties) => properties.cluster_id.clone(),
            None => cluster_id.map_or_else(|| random::uuid(random).to_string(), ToOwned::to_owned),
        };
        let mut log_dirs: Vec<Directory> = Vec::with_capacity(found.len());
        let mut metadata = None;
        for found in found {
            let id = identify(disk, &found, own, &cluster_id, random)?;
            if log_dirs.iter().any(|other| other.id == id) {
                return Err(DirectoryError::Copied { path: found.path });
            }
            let directory = Directory { path: found.path, id, lock: found.lock };
            if directory.path != metadata_dir {
                log_dirs.push(directory);
            } else if is_apart {
                metadata = Some((id, Some(directory.lock)));
            } else {
                metadata = Some((id, None));
                log_dirs.push(directory);
            }
        }
        // That it could not be looked at was an error above.
        let (metadata_id, metadata_lock) =
            metadata.ok_or_else(|| DirectoryError::BadForm { path: metadata_dir.clone() })?;
        Ok(Self { cluster_id, log_dirs, metadata_dir, metadata_id, metadata_lock, failed, is_new })
    }
}

/// Locks each and reads what it says of itself. One that fails is left out, unless the metadata log lies there.
#[expect(clippy::type_complexity, reason = "the two lists of one result")]
fn look_at(
    disk: &dyn Disk,
    paths: &[PathBuf],
    metadata_dir: &Path,
) -> Result<(Vec<Found>, Vec<(PathBuf, StorageError)>), DirectoryError> {
    let (mut found, mut failed) = (Vec::new(), Vec::new());
    for path in paths {
        match LogDir::lock(disk, path) {
            Ok(lock) => {
                let properties = read_properties(disk, path)?;
                found.push(Found { path: path.clone(), lock, properties });
            }
            Err(error @ StorageError::Locked { .. }) => return Err(error.into()),
            Err(error) if path == metadata_dir => return Err(error.into()),
            Err(error) => failed.push((path.clone(), error)),
        }
    }
    Ok((found, failed))
}

fn read_properties(disk: &dyn Disk, path: &Path) -> Result<Option<MetaProperties>, DirectoryError> {
    let file = path.join(META_PROPERTIES);
    match disk.read(&file) {
        Ok(bytes) => MetaProperties::decode(&bytes)
            .map(Some)
            .map_err(|_| DirectoryError::BadForm { path: file }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(DirectoryError::Io { action: "read", path: file, source }),
    }
}

/// The directory's id, after a look whether it is this node's; a new one is given one.
fn identify(
    disk: &dyn Disk,
    found: &Found,
    own: BrokerId,
    cluster_id: &str,
    random: &mut SeededRandom,
) -> Result<DirectoryId, DirectoryError> {
    let path = || found.path.clone();
    let mut properties = match &found.properties {
        Some(properties) => properties.clone(),
        None => {
            check_empty(disk, &found.path)?;
            sync_parents(disk, &found.path)?;
            MetaProperties { cluster_id: cluster_id.to_owned(), node_id: own, directory_id: None }
        }
    };
    if properties.node_id != own {
        return Err(DirectoryError::OtherNode { path: path(), found: properties.node_id, own });
    }
    if properties.cluster_id != cluster_id {
        let (found, expected) = (properties.cluster_id, cluster_id.to_owned());
        return Err(DirectoryError::OtherCluster { path: path(), found, expected });
    }
    if let Some(id) = properties.directory_id {
        return Ok(id);
    }
    // New, or formatted before directories had ids (KIP-858).
    let id = loop {
        if let Some(id) = DirectoryId::new(random::uuid(random)) {
            break id;
        }
    };
    properties.directory_id = Some(id);
    let file = found.path.join(META_PROPERTIES);
    disk.replace(&file, &properties.encode()).map_err(|source| DirectoryError::Io {
        action: "write",
        path: file,
        source,
    })?;
    Ok(id)
}

/// Makes the directory itself durable, which may just have been made, and those above it.
fn sync_parents(disk: &dyn Disk, path: &Path) -> Result<(), DirectoryError> {
    let io = |path: &Path, source| DirectoryError::Io {
        action: "sync directory",
        path: path.to_owned(),
        source,
    };
    let absolute = std::path::absolute(path).map_err(|source| io(path, source))?;
    for parent in absolute.ancestors().skip(1) {
        match disk.sync_dir(parent) {
            // Who may not read it, or cannot write to it, has made nothing in it.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
                ) =>
            {
                break;
            }
            synced => synced.map_err(|source| io(parent, source))?,
        }
    }
    Ok(())
}

/// Whether all directories hold nothing but what formatting makes.
fn nothing_ran_in(disk: &dyn Disk, found: &[Found]) -> Result<bool, DirectoryError> {
    let allowed = [MEANS_NOTHING, MADE_BY_FORMATTING].concat();
    for found in found {
        if !holds_only(disk, &found.path, &allowed)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn holds_only(disk: &dyn Disk, path: &Path, allowed: &[&str]) -> Result<bool, DirectoryError> {
    let entries = disk.list(path).map_err(|source| DirectoryError::Io {
        action: "list",
        path: path.to_owned(),
        source,
    })?;
    Ok(entries.iter().all(|entry| allowed.contains(&entry.name.as_str())))
}

/// Whoever mistypes a directory must not find a log among his files.
fn check_empty(disk: &dyn Disk, path: &Path) -> Result<(), DirectoryError> {
    let is_empty = holds_only(disk, path, MEANS_NOTHING)?;
    if is_empty { Ok(()) } else { Err(DirectoryError::NotEmpty { path: path.to_owned() }) }
}

#[cfg(test)]
mod tests;
