//! The partition's files as they lie on the disk, read without storage's help.

use std::path::{Path, PathBuf};

use io::SimDisk;
use model::{Offset, Timestamp};
use record::Batches;

use crate::failure::Broken;
use crate::store::PATH;
use crate::stored::StoredBatch;

/// One segment's files.
#[derive(Clone, Debug)]
pub struct SegmentFiles {
    pub base: Offset,
    /// Each batch with its position.
    pub batches: Vec<(u32, StoredBatch)>,
    /// Entries of the offset index: last offset of a batch, and its position.
    pub offsets: Vec<(Offset, u32)>,
    /// Entries of the time index.
    pub times: Vec<(Timestamp, Offset)>,
}

/// All segments, oldest first.
pub fn read_segments(disk: &SimDisk) -> Result<Vec<SegmentFiles>, Broken> {
    let dir = Path::new(PATH).join("simulated-0");
    let mut paths = disk.peek_paths(&dir);
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "log"));
    paths.iter().map(|path| read_segment(disk, path)).collect()
}

fn read_segment(disk: &SimDisk, path: &Path) -> Result<SegmentFiles, Broken> {
    let base = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
    let base = base.and_then(Offset::from_wire).ok_or_else(|| form(path, "name"))?;
    let log = disk.peek(path).unwrap_or_default();
    let mut batches = Vec::new();
    let mut position = 0;
    for batch in Batches::new(&log) {
        let batch = batch.map_err(|_| form(path, "batches"))?;
        let stored = StoredBatch::parse(batch.bytes())?;
        let size = u32::try_from(stored.bytes.len()).unwrap_or(u32::MAX);
        batches.push((position, stored));
        position += size;
    }
    let offsets = disk
        .peek(&path.with_extension("index"))
        .unwrap_or_default()
        .chunks_exact(8)
        .map(|entry| Some((base.plus(number(entry, 0)?)?, number(entry, 4)?)))
        .collect::<Option<_>>();
    let times = disk
        .peek(&path.with_extension("timeindex"))
        .unwrap_or_default()
        .chunks_exact(12)
        .map(|entry| {
            let millis = i64::from_be_bytes(*entry.first_chunk()?);
            Some((Timestamp::from_millis(millis)?, base.plus(number(entry, 8)?)?))
        })
        .collect::<Option<_>>();
    Ok(SegmentFiles {
        base,
        batches,
        offsets: offsets.ok_or_else(|| form(path, "index"))?,
        times: times.ok_or_else(|| form(path, "time index"))?,
    })
}

fn number(entry: &[u8], at: usize) -> Option<u32> {
    entry.get(at..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

fn form(path: &Path, what: &str) -> Broken {
    let path: PathBuf = path.to_path_buf();
    Broken::correctness("indexes_agree", format_args!("{}: {what}", path.display()))
}
