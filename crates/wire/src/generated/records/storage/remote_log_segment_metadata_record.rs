// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use bytes::Bytes;
use model::Uuid;

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoteLogSegmentMetadataRecord {
    pub remote_log_segment_id: RemoteLogSegmentIdEntry,
    pub start_offset: i64,
    pub end_offset: i64,
    pub broker_id: i32,
    pub max_timestamp_ms: i64,
    pub event_timestamp_ms: i64,
    pub segment_leader_epochs: Vec<SegmentLeaderEpochEntry>,
    pub segment_size_in_bytes: i32,
    pub custom_metadata: Option<Bytes>,
    pub remote_log_segment_state: i8,
    /// Tag 0.
    pub txn_index_empty: bool,
}

impl Element for RemoteLogSegmentMetadataRecord {
    const SIZE_MIN: usize = 83;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.remote_log_segment_id = Element::read(input, version)?;
        it.start_offset = input.i64()?;
        it.end_offset = input.i64()?;
        it.broker_id = input.i32()?;
        it.max_timestamp_ms = input.i64()?;
        it.event_timestamp_ms = input.i64()?;
        it.segment_leader_epochs = input.array(version)?;
        it.segment_size_in_bytes = input.i32()?;
        it.custom_metadata = input.nullable_bytes()?;
        it.remote_log_segment_state = input.i8()?;
        input.tagged_fields(|input, tag| {
            match tag {
                0 => it.txn_index_empty = input.bool()?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        self.remote_log_segment_id.write(out, version)?;
        out.i64(self.start_offset);
        out.i64(self.end_offset);
        out.i32(self.broker_id);
        out.i64(self.max_timestamp_ms);
        out.i64(self.event_timestamp_ms);
        out.array(&self.segment_leader_epochs, version)?;
        out.i32(self.segment_size_in_bytes);
        out.nullable_bytes(self.custom_metadata.as_deref())?;
        out.i8(self.remote_log_segment_state);
        let mut tags = out.begin_tagged_fields();
        if self.txn_index_empty {
            out.tagged_field(&mut tags, 0, |out| {
                out.bool(self.txn_index_empty);
                Ok(())
            })?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoteLogSegmentIdEntry {
    pub topic_id_partition: TopicIdPartitionEntry,
    pub id: Uuid,
}

impl Element for RemoteLogSegmentIdEntry {
    const SIZE_MIN: usize = 39;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.topic_id_partition = Element::read(input, version)?;
        it.id = input.uuid()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        self.topic_id_partition.write(out, version)?;
        out.uuid(self.id);
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicIdPartitionEntry {
    pub name: String,
    pub id: Uuid,
    pub partition: i32,
}

impl Element for TopicIdPartitionEntry {
    const SIZE_MIN: usize = 22;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.string()?;
        it.id = input.uuid()?;
        it.partition = input.i32()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.name)?;
        out.uuid(self.id);
        out.i32(self.partition);
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SegmentLeaderEpochEntry {
    pub leader_epoch: i32,
    pub offset: i64,
}

impl Element for SegmentLeaderEpochEntry {
    const SIZE_MIN: usize = 13;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.leader_epoch = input.i32()?;
        it.offset = input.i64()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i32(self.leader_epoch);
        out.i64(self.offset);
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for RemoteLogSegmentMetadataRecord {
    const NAME: &'static str = "RemoteLogSegmentMetadataRecord";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}

impl Record for RemoteLogSegmentMetadataRecord {
    const KEY: i16 = 0;
}
