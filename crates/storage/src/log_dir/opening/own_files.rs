//! What a log directory keeps for itself: its own checkpoint, the producers, who was there, the salt, the write-ahead log.

use std::collections::BTreeSet;

use model::PartitionId;

use super::super::{read_optional, remove_if_there};
use crate::checkpoint::BadForm;
use crate::error::{Damage, Result, StorageError};
use crate::file_name;
use crate::lane::codec::Salt;
use crate::notice::Notice;
use crate::own_checkpoint::{OwnCheckpoint, decode_present};
use crate::place::Place;
use crate::producer_windows::ProducerWindows;
use crate::recovery::{DirContents, WalContents, wal_has_content};

pub(super) fn read_own(
    place: &Place,
    contents: &DirContents,
    notices: &mut Vec<Notice>,
) -> Result<(OwnCheckpoint, bool)> {
    if !contents.is_guarded {
        // Left by a stop that was cut short after the guard was gone: Kafka's files are complete.
        remove_if_there(place, file_name::OWN_CHECKPOINT)?;
        return Ok((OwnCheckpoint::default(), false));
    }
    let Some(bytes) = read_optional(place, file_name::OWN_CHECKPOINT)? else {
        return Ok((OwnCheckpoint::default(), false));
    };
    match OwnCheckpoint::decode(&bytes) {
        Ok(own) => Ok((own, true)),
        Err(_) => {
            notices.push(Notice::CheckpointIgnored {
                path: place.path.join(file_name::OWN_CHECKPOINT),
            });
            Ok((OwnCheckpoint::default(), false))
        }
    }
}

pub(in crate::log_dir) fn read_windows(
    place: &Place,
    notices: &mut Vec<Notice>,
) -> Result<ProducerWindows> {
    let Some(bytes) = read_optional(place, file_name::PRODUCERS)? else {
        return Ok(ProducerWindows::default());
    };
    Ok(ProducerWindows::decode(&bytes).unwrap_or_else(|BadForm| {
        notices.push(Notice::CheckpointIgnored { path: place.path.join(file_name::PRODUCERS) });
        ProducerWindows::default()
    }))
}

pub(super) fn read_present(
    place: &Place,
    contents: &DirContents,
    notices: &mut Vec<Notice>,
) -> Result<Option<BTreeSet<PartitionId>>> {
    let path = place.path.join(file_name::GUARD).join(file_name::PRESENT);
    if !contents.is_guarded {
        return Ok(None);
    }
    let bytes = match place.disk.read(&path).map_err(StorageError::io("read", &path)) {
        Err(error) if error.is_missing() => return Ok(None),
        bytes => bytes?,
    };
    let present = decode_present(&bytes).ok();
    if present.is_none() {
        notices.push(Notice::CheckpointIgnored { path });
    }
    Ok(present)
}

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
