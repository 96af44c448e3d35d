//! The write-ahead log that the last life left, and the salt that tells its frames.

use crate::error::{Damage, Result, StorageError};
use crate::file_name;
use crate::lane::codec::Salt;
use crate::place::Place;
use crate::recovery::{DirContents, WalContents, wal_has_content};

fn salt_path(place: &Place) -> std::path::PathBuf {
    place.path.join(file_name::GUARD).join(file_name::SALT)
}

pub(super) fn replace_salt(place: &Place, salt: Salt) -> Result<()> {
    let path = salt_path(place);
    place.disk.replace(&path, &salt.to_file()).map_err(StorageError::io("write", &path))
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
        Some(salt) => WalContents::read(place, salt, oldest_needed, direct),
        // The guard was made and nothing was committed yet.
        None if contents.is_guarded && wal_has_content(place)? => {
            Err(StorageError::corrupt(&path, 0, Damage::Form))
        }
        None => WalContents::empty(place, oldest_needed.unwrap_or(1)),
    }
}
