//! What a cleaner, Apache Kafka's or ours, had decided when its process died.
//!
//! It writes a compacted segment as `.cleaned`, names it `.swap` when it is whole and synced, takes the segments away that it
//! stands for, and gives it their name. From `.swap` on the work has to be ended: the old segments may be gone already.

use std::path::{Path, PathBuf};

use io::{Entry, Open};
use model::Offset;

use crate::error::{Result, StorageError};
use crate::file_name::{self, CLEANED, SWAP};
use crate::partition_files::PartitionFiles;
use crate::scan::HeaderScan;

pub(super) fn is_swap(entry: &Entry) -> bool {
    entry.name.ends_with(SWAP)
}

/// Ends it. A crash on the way leaves what can be ended again.
pub(super) fn end_cleaning(files: &PartitionFiles, entries: &[Entry]) -> Result<()> {
    let dir = files.dir();
    // A segment that was being split in two is not whole before all its parts have become `.swap` (KAFKA-6264).
    let split = entries.iter().filter_map(|entry| base_of(entry.name.strip_suffix(CLEANED)?)).min();
    let mut swaps: Vec<(Offset, &str)> = Vec::new();
    for name in entries.iter().filter_map(|entry| entry.name.strip_suffix(SWAP)) {
        match base_of(name) {
            Some(base) if split.is_none_or(|split| base < split) => swaps.push((base, name)),
            _ => files.remove(swap_path(&dir, name))?,
        }
    }
    let mut replaced: Option<(Offset, Offset)> = None;
    for (base, name) in &swaps {
        if name.ends_with(file_name::LOG) {
            let end = end_of(files, &swap_path(&dir, name), *base)?;
            let (from, to) = replaced.unwrap_or((*base, end));
            replaced = Some((from.min(*base), to.max(end)));
        }
    }
    for entry in entries {
        let Some((base, extension)) = file_name::parse_segment_file(&entry.name) else { continue };
        let of_segment =
            [file_name::LOG, file_name::INDEX, file_name::TIME_INDEX, file_name::TRANSACTION_INDEX];
        let is_replaced = replaced.is_some_and(|(from, to)| from <= base && base < to);
        if is_replaced && of_segment.contains(&extension) {
            files.remove(dir.join(&entry.name))?;
        }
    }
    let disk = &files.place.disk;
    let sync = || disk.sync_dir(&dir).map_err(StorageError::io("sync directory", &dir));
    sync()?;
    // Logs first: once all have their names, what else has its own is the new segment's, and stays.
    let (logs, others): (Vec<_>, Vec<_>) =
        swaps.into_iter().partition(|(_, name)| name.ends_with(file_name::LOG));
    for names in [logs, others] {
        for (_, name) in names {
            let from = swap_path(&dir, name);
            disk.rename(&from, &dir.join(name)).map_err(StorageError::io("rename", &from))?;
        }
        sync()?;
    }
    Ok(())
}

fn swap_path(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("{name}{SWAP}"))
}

fn base_of(name: &str) -> Option<Offset> {
    file_name::parse_segment_file(name).map(|(base, _)| base)
}

/// The offset after the last record of a segment file.
fn end_of(files: &PartitionFiles, path: &Path, base: Offset) -> Result<Offset> {
    let disk = &files.place.disk;
    let file = disk.open(path, Open::READ).map_err(StorageError::io("open", path))?;
    let size = file.size().map_err(StorageError::io("read", path))?;
    let mut scan = HeaderScan::new(&*file, base, 0, u32::try_from(size).unwrap_or(u32::MAX));
    let mut end = base;
    while let Some(at) = scan.next_header().map_err(|error| error.at(path))? {
        end = at.header.next_offset();
    }
    Ok(end)
}
