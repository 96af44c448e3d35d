use std::collections::BTreeMap;
use std::path::PathBuf;

use model::{LeaderEpoch, Offset, Timestamp, TopicPartition};
use replica::{EpochStart, LeaderEpochs};

use super::swap;
use crate::checkpoint::{BadForm, decode_leader_epochs, decode_offsets};
use crate::error::{Result, StorageError};
use crate::file_name;
use crate::index::{self, OFFSET_ENTRY_SIZE, TIME_ENTRY_SIZE};
use crate::notice::Notice;
use crate::partition_files::PartitionFiles;
use crate::place::{Kind, Place};
use crate::scan::HeaderScan;
use crate::segment::Segment;

/// A log directory's names, sorted by what they are.
#[derive(Debug, Default)]
pub(crate) struct DirContents {
    pub(crate) partitions: Vec<TopicPartition>,
    /// Waiting for their removal.
    pub(crate) deleted: Vec<PathBuf>,
    pub(crate) is_guarded: bool,
    pub(crate) is_clean: bool,
}

impl DirContents {
    pub(crate) fn read(place: &Place, notices: &mut Vec<Notice>) -> Result<Self> {
        let entries =
            place.disk.list(&place.path).map_err(StorageError::io("list", &place.path))?;
        let mut contents = Self::default();
        for entry in entries {
            let path = place.path.join(&entry.name);
            if !entry.is_dir {
                contents.is_clean |= entry.name == file_name::CLEAN_SHUTDOWN;
            } else if entry.name == file_name::GUARD {
                contents.is_guarded = true;
            } else if file_name::is_deleted_dir(&entry.name) {
                contents.deleted.push(path);
            } else if file_name::is_stray_dir(&entry.name) {
                // Said when it became one.
            } else if let Some(name) = file_name::parse_partition_dir(&entry.name) {
                if name.topic.as_str() != file_name::METADATA_TOPIC {
                    contents.partitions.push(name);
                }
            } else {
                notices.push(Notice::DirectoryIgnored { path });
            }
        }
        Ok(contents)
    }
}

/// Kafka's checkpoints of the directory; one that is damaged is left out with a notice.
pub(crate) fn read_offsets(
    place: &Place,
    name: &str,
    notices: &mut Vec<Notice>,
) -> Result<BTreeMap<TopicPartition, Offset>> {
    let path = place.path.join(name);
    let bytes = match place.disk.read(&path).map_err(StorageError::io("read", &path)) {
        Err(error) if error.is_missing() => return Ok(BTreeMap::new()),
        bytes => bytes?,
    };
    Ok(decode_offsets(&bytes).map(|entries| entries.into_iter().collect()).unwrap_or_else(
        |BadForm| {
            notices.push(Notice::CheckpointIgnored { path });
            BTreeMap::new()
        },
    ))
}

/// What a partition's own files say, before anything is done again.
#[derive(Debug, Default)]
pub(crate) struct Base {
    /// Sizes of the files of each segment.
    pub(crate) sizes: BTreeMap<Offset, FileSizes>,
    pub(crate) epochs: Option<LeaderEpochs>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FileSizes {
    pub(crate) log: u64,
    /// Without one there are only leftovers.
    has_log: bool,
    /// `None`: not there.
    pub(crate) index: Option<u64>,
    pub(crate) time_index: Option<u64>,
}

impl FileSizes {
    /// `None`: not there.
    pub(super) const fn of_index(&self, kind: Kind) -> Option<u64> {
        match kind {
            Kind::Index => self.index,
            Kind::TimeIndex => self.time_index,
            Kind::Log | Kind::DirectLog | Kind::TransactionIndex => None,
        }
    }
}

/// Whether [`FileSizes`] has the size of the file.
fn is_sized(name: &str) -> bool {
    let known = [file_name::LOG, file_name::INDEX, file_name::TIME_INDEX];
    file_name::parse_segment_file(name).is_some_and(|(_, extension)| known.contains(&extension))
}

impl Base {
    /// Lists the directory, removes leftovers of deletions and cleanings, and reads the leader epochs.
    pub(crate) fn read(files: &PartitionFiles, notices: &mut Vec<Notice>) -> Result<Self> {
        let dir = files.dir();
        let mut base = Self::default();
        let mut entries = files.list(&is_sized)?;
        if entries.iter().any(swap::is_swap) {
            swap::end_cleaning(files, &entries)?;
            entries = files.list(&is_sized)?;
            notices.push(Notice::CleaningEnded { path: dir.clone() });
        }
        for entry in entries {
            if entry.name.ends_with(".deleted") || entry.name.ends_with(".cleaned") {
                files.remove(dir.join(&entry.name))?;
                continue;
            }
            let Some((offset, extension)) = file_name::parse_segment_file(&entry.name) else {
                continue;
            };
            match extension {
                file_name::LOG => {
                    let sizes = base.sizes.entry(offset).or_default();
                    (sizes.log, sizes.has_log) = (entry.size, true);
                }
                file_name::INDEX => base.sizes.entry(offset).or_default().index = Some(entry.size),
                file_name::TIME_INDEX => {
                    base.sizes.entry(offset).or_default().time_index = Some(entry.size);
                }
                _ => {}
            }
        }
        base.drop_orphans(files)?;
        base.epochs = read_epochs(files, notices)?;
        Ok(base)
    }

    /// An index without its log belongs to a segment that was deleted or never made.
    fn drop_orphans(&mut self, files: &PartitionFiles) -> Result<()> {
        let orphans = self.sizes.extract_if(.., |_, sizes| !sizes.has_log);
        for (base, _) in orphans {
            for kind in [Kind::Index, Kind::TimeIndex] {
                files.remove(files.path(base, kind))?;
            }
        }
        Ok(())
    }
}

fn read_epochs(files: &PartitionFiles, notices: &mut Vec<Notice>) -> Result<Option<LeaderEpochs>> {
    if !files.is_made() {
        return Ok(None);
    }
    let path: PathBuf = files.dir().join(file_name::LEADER_EPOCHS);
    let bytes = match files.place.disk.read(&path).map_err(StorageError::io("read", &path)) {
        Err(error) if error.is_missing() => return Ok(None),
        bytes => bytes?,
    };
    match decode_leader_epochs(&bytes) {
        Ok(entries) => Ok(Some(LeaderEpochs::from_checkpoint(entries))),
        Err(BadForm) => {
            notices.push(Notice::CheckpointIgnored { path });
            Ok(None)
        }
    }
}

/// Leader epochs from the headers of all batches: for a log whose checkpoint is lost.
pub(crate) fn scan_epochs(files: &PartitionFiles, segments: &[Segment]) -> Result<LeaderEpochs> {
    let mut starts: Vec<EpochStart> = Vec::new();
    for segment in segments.iter().filter(|segment| segment.size > 0) {
        let file = files.open(segment.base, Kind::Log)?;
        let mut scan = HeaderScan::new(&*file, segment.base, 0, segment.size);
        let path = files.path(segment.base, Kind::Log);
        while let Some(at) = scan.next_header().map_err(|error| error.at(&path))? {
            let epoch: Option<LeaderEpoch> = at.header.leader_epoch();
            if let Some(epoch) = epoch
                && starts.last().is_none_or(|last| last.epoch < epoch)
            {
                starts.push(EpochStart { epoch, start: at.header.base_offset() });
            }
        }
    }
    Ok(LeaderEpochs::from_checkpoint(starts))
}

/// What memory keeps of a segment that is complete: from the sizes of its files and the last entry of its time index.
/// `None` when an index is missing or has no possible size or end, and must be made again.
pub(crate) fn load_sealed(
    files: &PartitionFiles,
    base: Offset,
    sizes: &FileSizes,
    wall: Timestamp,
) -> Result<Option<Segment>> {
    let mut segment = Segment::new(base, wall);
    segment.size = u32::try_from(sizes.log).unwrap_or(u32::MAX);
    if segment.size == 0 {
        return Ok(Some(segment));
    }
    let (Some(index), Some(time_index)) = (sizes.index, sizes.time_index) else { return Ok(None) };
    if index % OFFSET_ENTRY_SIZE != 0 || time_index % TIME_ENTRY_SIZE != 0 {
        return Ok(None);
    }
    segment.offset_entries = u32::try_from(index / OFFSET_ENTRY_SIZE).unwrap_or(0);
    segment.time_entries = u32::try_from(time_index / TIME_ENTRY_SIZE).unwrap_or(0);
    let last = |kind, size: u64, width: usize| -> Result<Vec<u8>> {
        let mut bytes = vec![0; width];
        if size == 0 {
            return Ok(Vec::new());
        }
        let path = files.path(base, kind);
        let read = files.open(base, kind)?.read_exact_at(&mut bytes, size - width as u64);
        read.map_err(StorageError::io("read", &path))?;
        Ok(bytes)
    };
    let newest = index::valid_offset_entries(&last(Kind::Index, index, 8)?, sizes.log);
    let latest = index::valid_time_entries(&last(Kind::TimeIndex, time_index, 12)?);
    if (newest.is_empty() && index > 0) || (latest.is_empty() && time_index > 0) {
        return Ok(None);
    }
    if let Some(entry) = latest.last() {
        segment.last_time_entry = Some(entry.timestamp);
        segment.latest = base.plus(entry.relative).map(|offset| (entry.timestamp, offset));
    }
    Ok(Some(segment))
}
