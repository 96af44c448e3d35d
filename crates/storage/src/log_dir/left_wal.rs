//! The write-ahead log that the last life left, and the salt that tells its frames.

use std::path::PathBuf;

use io::Open;

use crate::error::{Damage, Result, StorageError};
use crate::file_name;
use crate::lane::codec::Salt;
use crate::place::Place;
use crate::recovery::{DirContents, WalContents, wal_files, wal_has_content};

fn salt_path(place: &Place) -> PathBuf {
    place.path.join(file_name::GUARD).join(file_name::SALT)
}

pub(super) fn replace_salt(place: &Place, salt: Salt) -> Result<()> {
    let path = salt_path(place);
    place.disk.replace(&path, &salt.to_file()).map_err(StorageError::io("write", &path))
}

/// Makes the log's first file, which stays empty: as long as the salt is there, some file of the log must be, or somebody took
/// the log away.
pub(super) fn begin_wal(place: &Place, number: u64) -> Result<PathBuf> {
    let path = place.path.join(file_name::wal_file(number));
    place.disk.open(&path, Open::REPLACE).map_err(StorageError::io("create", &path))?;
    super::sync_dir(place)?;
    Ok(path)
}

/// Whether the directory is the one that [`begin_wal`] and [`replace_salt`] left.
pub(super) fn is_there(place: &Place, first: &std::path::Path, salt: Salt) -> Result<bool> {
    let path = salt_path(place);
    let has_salt = match place.disk.read(&path).map_err(StorageError::io("read", &path)) {
        Err(error) if error.is_missing() => false,
        bytes => bytes? == salt.to_file(),
    };
    let size = place.disk.file_size(first).map_err(StorageError::io("read", first))?;
    Ok(has_salt && size.is_some())
}

/// From here on no file of the log need be there.
pub(super) fn remove_salt(place: &Place) -> Result<()> {
    let path = salt_path(place);
    match place.disk.remove_file(&path).map_err(StorageError::io("remove", &path)) {
        Err(error) if error.is_missing() => {}
        other => other?,
    }
    let guard = place.path.join(file_name::GUARD);
    place.disk.sync_dir(&guard).map_err(StorageError::io("sync directory", &guard))
}

pub(super) fn read_wal(
    place: &Place,
    contents: &DirContents,
    oldest_needed: Option<u64>,
    direct: bool,
) -> Result<WalContents> {
    let path = salt_path(place);
    let salt = match place.disk.read(&path).map_err(StorageError::io("read", &path)) {
        Err(error) if error.is_missing() => None,
        bytes => {
            let salt = Salt::from_file(&bytes?);
            Some(salt.ok_or_else(|| StorageError::corrupt(&path, 0, Damage::Form))?)
        }
    };
    match salt {
        Some(_) if wal_files(place)?.is_empty() => {
            Err(StorageError::WalGone { path: place.path.clone() })
        }
        Some(salt) => WalContents::read(place, salt, oldest_needed, direct),
        // The guard was made and nothing was committed yet.
        None if contents.is_guarded && wal_has_content(place)? => {
            Err(StorageError::corrupt(&path, 0, Damage::Form))
        }
        None => WalContents::empty(place, oldest_needed.unwrap_or(1)),
    }
}
