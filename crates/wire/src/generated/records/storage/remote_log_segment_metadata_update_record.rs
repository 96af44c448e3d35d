// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use bytes::Bytes;
use model::Uuid;

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoteLogSegmentMetadataUpdateRecord {
    pub remote_log_segment_id: RemoteLogSegmentIdEntry,
    pub broker_id: i32,
    pub event_timestamp_ms: i64,
    pub custom_metadata: Option<Bytes>,
    pub remote_log_segment_state: i8,
}

impl Element for RemoteLogSegmentMetadataUpdateRecord {
    const SIZE_MIN: usize = 54;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.remote_log_segment_id = Element::read(input, version)?;
        it.broker_id = input.i32()?;
        it.event_timestamp_ms = input.i64()?;
        it.custom_metadata = input.nullable_bytes()?;
        it.remote_log_segment_state = input.i8()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        self.remote_log_segment_id.write(out, version)?;
        out.i32(self.broker_id);
        out.i64(self.event_timestamp_ms);
        out.nullable_bytes(self.custom_metadata.as_deref())?;
        out.i8(self.remote_log_segment_state);
        out.no_tagged_fields();
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

impl Message for RemoteLogSegmentMetadataUpdateRecord {
    const NAME: &'static str = "RemoteLogSegmentMetadataUpdateRecord";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}

impl Record for RemoteLogSegmentMetadataUpdateRecord {
    const KEY: i16 = 1;
}
