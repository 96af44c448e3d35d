// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{AnyRecord, DecodeError, EncodeError, Message, Reader, Record, VersionRange};

pub mod producer_snapshot;
pub mod remote_log_segment_metadata_record;
pub mod remote_log_segment_metadata_snapshot_record;
pub mod remote_log_segment_metadata_update_record;
pub mod remote_partition_delete_metadata_record;

pub use producer_snapshot::ProducerSnapshot;
pub use remote_log_segment_metadata_record::RemoteLogSegmentMetadataRecord;
pub use remote_log_segment_metadata_snapshot_record::RemoteLogSegmentMetadataSnapshotRecord;
pub use remote_log_segment_metadata_update_record::RemoteLogSegmentMetadataUpdateRecord;
pub use remote_partition_delete_metadata_record::RemotePartitionDeleteMetadataRecord;

/// Any record of the `storage` records.
#[derive(Clone, Debug, PartialEq)]
pub enum StorageRecord {
    RemoteLogSegmentMetadata(RemoteLogSegmentMetadataRecord),
    RemoteLogSegmentMetadataUpdate(RemoteLogSegmentMetadataUpdateRecord),
    RemotePartitionDeleteMetadata(RemotePartitionDeleteMetadataRecord),
    RemoteLogSegmentMetadataSnapshot(RemoteLogSegmentMetadataSnapshotRecord),
}

impl AnyRecord for StorageRecord {
    fn decode(key: i16, input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        match key {
            RemoteLogSegmentMetadataRecord::KEY => {
                RemoteLogSegmentMetadataRecord::decode(input, version)
                    .map(Self::RemoteLogSegmentMetadata)
            }
            RemoteLogSegmentMetadataUpdateRecord::KEY => {
                RemoteLogSegmentMetadataUpdateRecord::decode(input, version)
                    .map(Self::RemoteLogSegmentMetadataUpdate)
            }
            RemotePartitionDeleteMetadataRecord::KEY => {
                RemotePartitionDeleteMetadataRecord::decode(input, version)
                    .map(Self::RemotePartitionDeleteMetadata)
            }
            RemoteLogSegmentMetadataSnapshotRecord::KEY => {
                RemoteLogSegmentMetadataSnapshotRecord::decode(input, version)
                    .map(Self::RemoteLogSegmentMetadataSnapshot)
            }

            _ => Err(DecodeError::RecordKey { group: "StorageRecord", key }),
        }
    }

    fn encode(&self, out: &mut Vec<u8>, version: i16) -> Result<(), EncodeError> {
        match self {
            Self::RemoteLogSegmentMetadata(it) => it.encode(out, version),
            Self::RemoteLogSegmentMetadataUpdate(it) => it.encode(out, version),
            Self::RemotePartitionDeleteMetadata(it) => it.encode(out, version),
            Self::RemoteLogSegmentMetadataSnapshot(it) => it.encode(out, version),
        }
    }

    fn key(&self) -> i16 {
        match self {
            Self::RemoteLogSegmentMetadata(_) => RemoteLogSegmentMetadataRecord::KEY,
            Self::RemoteLogSegmentMetadataUpdate(_) => RemoteLogSegmentMetadataUpdateRecord::KEY,
            Self::RemotePartitionDeleteMetadata(_) => RemotePartitionDeleteMetadataRecord::KEY,
            Self::RemoteLogSegmentMetadataSnapshot(_) => {
                RemoteLogSegmentMetadataSnapshotRecord::KEY
            }
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::RemoteLogSegmentMetadata(_) => RemoteLogSegmentMetadataRecord::NAME,
            Self::RemoteLogSegmentMetadataUpdate(_) => RemoteLogSegmentMetadataUpdateRecord::NAME,
            Self::RemotePartitionDeleteMetadata(_) => RemotePartitionDeleteMetadataRecord::NAME,
            Self::RemoteLogSegmentMetadataSnapshot(_) => {
                RemoteLogSegmentMetadataSnapshotRecord::NAME
            }
        }
    }

    fn versions(&self) -> VersionRange {
        match self {
            Self::RemoteLogSegmentMetadata(_) => RemoteLogSegmentMetadataRecord::VERSIONS,
            Self::RemoteLogSegmentMetadataUpdate(_) => {
                RemoteLogSegmentMetadataUpdateRecord::VERSIONS
            }
            Self::RemotePartitionDeleteMetadata(_) => RemotePartitionDeleteMetadataRecord::VERSIONS,
            Self::RemoteLogSegmentMetadataSnapshot(_) => {
                RemoteLogSegmentMetadataSnapshotRecord::VERSIONS
            }
        }
    }
}

impl From<RemoteLogSegmentMetadataRecord> for StorageRecord {
    fn from(it: RemoteLogSegmentMetadataRecord) -> Self {
        Self::RemoteLogSegmentMetadata(it)
    }
}

impl From<RemoteLogSegmentMetadataUpdateRecord> for StorageRecord {
    fn from(it: RemoteLogSegmentMetadataUpdateRecord) -> Self {
        Self::RemoteLogSegmentMetadataUpdate(it)
    }
}

impl From<RemotePartitionDeleteMetadataRecord> for StorageRecord {
    fn from(it: RemotePartitionDeleteMetadataRecord) -> Self {
        Self::RemotePartitionDeleteMetadata(it)
    }
}

impl From<RemoteLogSegmentMetadataSnapshotRecord> for StorageRecord {
    fn from(it: RemoteLogSegmentMetadataSnapshotRecord) -> Self {
        Self::RemoteLogSegmentMetadataSnapshot(it)
    }
}
