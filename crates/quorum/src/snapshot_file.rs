use std::path::{Path, PathBuf};
use std::sync::Arc;

use io::{Disk, File, Open};
use metadata::MetadataRecord;
use model::{LeaderEpoch, Offset, Timestamp};
use raft::{ControlRecord, SnapshotId, VoterSet};
use record::{BatchStamp, Batches, ControlStamp, ControlType, Decompressor, write_control_batch};

use crate::batch::{self, Content, Control, Encoder};
use crate::error::{Doing, QuorumError, Result};
use crate::limits::BATCH_RECORD_COUNT_MAX;

/// A snapshot as it was read.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) id: SnapshotId,
    pub(crate) kraft_version: i16,
    /// `None` in a quorum whose voters stand in each node's settings.
    pub(crate) voters: Option<VoterSet>,
    pub(crate) records: Vec<MetadataRecord>,
}

/// What a snapshot says besides the metadata.
#[derive(Clone, Debug)]
pub(crate) struct SnapshotHead {
    pub(crate) id: SnapshotId,
    pub(crate) kraft_version: i16,
    pub(crate) voters: VoterSet,
    /// When the newest record in it was written.
    pub(crate) newest: Timestamp,
    pub(crate) metadata_version: i16,
}

pub(crate) fn path_of(dir: &Path, id: SnapshotId) -> PathBuf {
    dir.join(format!("{:020}-{:010}.checkpoint", id.end.to_wire(), id.epoch.to_wire()))
}

/// The snapshots in a directory, oldest first.
pub(crate) fn list(disk: &dyn Disk, dir: &Path) -> Result<Vec<SnapshotId>> {
    let entries = disk.list(dir).doing("list", dir)?;
    let ids = entries.into_iter().filter_map(|entry| {
        let (end, epoch) = entry.name.strip_suffix(".checkpoint")?.split_once('-')?;
        if end.len() != 20 || epoch.len() != 10 {
            return None;
        }
        let end = Offset::from_wire(end.parse().ok()?)?;
        let epoch = LeaderEpoch::from_wire(epoch.parse().ok()?)?;
        Some(SnapshotId { end, epoch })
    });
    let mut ids: Vec<SnapshotId> = ids.collect();
    ids.sort_unstable();
    Ok(ids)
}

/// Removes what an interrupted write of a snapshot left.
pub(crate) fn remove_parts(disk: &dyn Disk, dir: &Path) -> Result<()> {
    for entry in disk.list(dir).doing("list", dir)? {
        if entry.name.ends_with(".checkpoint.part") || entry.name.ends_with(".checkpoint.deleted") {
            let path = dir.join(&entry.name);
            disk.remove_file(&path).doing("remove", &path)?;
        }
    }
    Ok(())
}

/// Reads a whole snapshot. It was renamed into place after it was synced, so anything that is wrong with it is damage.
pub(crate) fn read(disk: &dyn Disk, dir: &Path, id: SnapshotId) -> Result<Snapshot> {
    let path = path_of(dir, id);
    let bytes = disk.read(&path).doing("read", &path)?;
    let mut snapshot = Snapshot { id, kraft_version: 0, voters: None, records: Vec::new() };
    let mut decompressor = Decompressor::new();
    let (mut position, mut has_header, mut has_footer) = (0_u64, false, false);
    let damaged = |position, reason| QuorumError::Damaged { path: path.clone(), position, reason };
    for batch in Batches::checked(&bytes) {
        let batch = batch.map_err(|stop| damaged(stop.position as u64, stop.reason.to_string()))?;
        let content = batch::decode(&batch, &mut decompressor);
        match content.map_err(|reason| damaged(position, reason))?.content {
            Content::Metadata(records) => snapshot.records.extend(records),
            Content::Control(records) => {
                for record in records {
                    match record {
                        Control::SnapshotHeader => has_header = true,
                        Control::SnapshotFooter => has_footer = true,
                        Control::KRaftVersion(version) => snapshot.kraft_version = version,
                        Control::Voters(voters) => snapshot.voters = Some(voters),
                        Control::Other => {}
                    }
                }
            }
        }
        position += batch.header().size() as u64;
    }
    if !has_header || !has_footer {
        return Err(damaged(position, "the snapshot has no header or no footer".to_owned()));
    }
    Ok(snapshot)
}

/// Writes a snapshot under its name, durably. Whoever reads the directory sees all of it or nothing.
pub(crate) fn write(
    disk: &dyn Disk,
    dir: &Path,
    head: &SnapshotHead,
    records: impl Iterator<Item = MetadataRecord>,
) -> Result<()> {
    let path = path_of(dir, head.id);
    let mut part = path.clone().into_os_string();
    part.push(".part");
    let part = PathBuf::from(part);
    let file = disk.open(&part, Open::REPLACE).doing("create", &part)?;
    let mut writer = Writer { file, path: &part, position: 0, next: Offset::ZERO, head };
    writer.head_batch()?;
    let mut encoder = Encoder::new();
    let mut records = records.peekable();
    let mut waiting = Vec::new();
    while records.peek().is_some() || !waiting.is_empty() {
        let wanted = BATCH_RECORD_COUNT_MAX - waiting.len();
        waiting.extend(records.by_ref().take(wanted));
        let count = writer.data_batch(&mut encoder, &waiting)?;
        waiting.drain(..count);
    }
    writer.foot_batch()?;
    writer.file.sync_data().doing("sync", &part)?;
    drop(writer);
    disk.rename(&part, &path).doing("rename", &path)?;
    disk.sync_dir(dir).doing("sync", dir)
}

struct Writer<'a> {
    file: Arc<dyn File>,
    path: &'a Path,
    position: u64,
    /// Offsets in a snapshot count from 0 and mean nothing else.
    next: Offset,
    head: &'a SnapshotHead,
}

impl Writer<'_> {
    fn put(&mut self, bytes: &[u8], record_count: usize) -> Result<()> {
        self.file.write_at(bytes, self.position).doing("write", self.path)?;
        self.position += bytes.len() as u64;
        let count = u32::try_from(record_count).unwrap_or(u32::MAX);
        self.next = self.next.plus(count).unwrap_or(Offset::MAX);
        Ok(())
    }

    const fn control_stamp(&self) -> ControlStamp {
        let (leader_epoch, timestamp) = (Some(self.head.id.epoch), self.head.newest);
        ControlStamp { base_offset: self.next, leader_epoch, timestamp }
    }

    fn control(&mut self, records: &[(ControlType, &[u8])]) -> Result<()> {
        let mut out = Vec::new();
        write_control_batch(self.control_stamp(), records, &mut out)
            .map_err(|error| QuorumError::Log(error.to_string()))?;
        self.put(&out, records.len())
    }

    fn head_batch(&mut self) -> Result<()> {
        let log = |error: raft::codec::CodecError| QuorumError::Log(error.to_string());
        let header = raft::codec::encode_snapshot_header(self.head.newest).map_err(log)?;
        let version = self.head.kraft_version;
        if version == 0 {
            return self.control(&[(ControlType::SnapshotHeader, &header)]);
        }
        let kraft = raft::codec::encode(&ControlRecord::KRaftVersion(version)).map_err(log)?;
        let voters = ControlRecord::Voters(self.head.voters.clone());
        let voters = raft::codec::encode(&voters).map_err(log)?;
        self.control(&[
            (ControlType::SnapshotHeader, &header),
            (ControlType::KRaftVersion, &kraft),
            (ControlType::KRaftVoters, &voters),
        ])
    }

    fn data_batch(&mut self, encoder: &mut Encoder, records: &[MetadataRecord]) -> Result<usize> {
        let stamp = BatchStamp {
            base_offset: self.next,
            leader_epoch: Some(self.head.id.epoch),
            ..BatchStamp::default()
        };
        let mut out = Vec::new();
        let (version, time) = (self.head.metadata_version, self.head.newest);
        let count = encoder.encode(records, version, &stamp, time, &mut out);
        let count = count.map_err(QuorumError::Log)?;
        self.put(&out, count)?;
        Ok(count)
    }

    fn foot_batch(&mut self) -> Result<()> {
        let footer = raft::codec::encode_snapshot_footer()
            .map_err(|error| QuorumError::Log(error.to_string()))?;
        self.control(&[(ControlType::SnapshotFooter, &footer)])
    }
}
