// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::view::parse_view;
use crate::{
    ApiKey, ArrayView, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange,
    View, Writer,
};

/// Versions 2 to 10, flexible from 8.
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetCommitRequest {
    pub group_id: String,
    pub generation_id_or_member_epoch: i32,
    pub member_id: String,
    /// Versions 7 to 10.
    pub group_instance_id: Option<String>,
    /// Versions 2 to 4, left out elsewhere.
    pub retention_time_ms: i64,
    pub topics: Vec<OffsetCommitRequestTopic>,
}

impl Default for OffsetCommitRequest {
    fn default() -> Self {
        Self {
            group_id: String::new(),
            generation_id_or_member_epoch: -1,
            member_id: String::new(),
            group_instance_id: None,
            retention_time_ms: -1,
            topics: Vec::new(),
        }
    }
}

impl Element for OffsetCommitRequest {
    const SIZE_MIN: usize = 9;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.group_id = input.string()?;
        it.generation_id_or_member_epoch = input.i32()?;
        it.member_id = input.string()?;
        if version >= 7 {
            it.group_instance_id = input.nullable_string()?;
        }
        if version <= 4 {
            it.retention_time_ms = input.i64()?;
        }
        it.topics = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.group_id)?;
        out.i32(self.generation_id_or_member_epoch);
        out.string(&self.member_id)?;
        if version >= 7 {
            out.nullable_string(self.group_instance_id.as_deref())?;
        } else if self.group_instance_id.is_some() {
            return Err(EncodeError::FieldNotInVersion {
                field: "OffsetCommitRequest.GroupInstanceId",
                version,
            });
        }
        if version <= 4 {
            out.i64(self.retention_time_ms);
        }
        out.array(&self.topics, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetCommitRequestTopic {
    /// Versions 2 to 9, left out elsewhere.
    pub name: String,
    /// Version 10, left out elsewhere.
    pub topic_id: Uuid,
    pub partitions: Vec<OffsetCommitRequestPartition>,
}

impl Element for OffsetCommitRequestTopic {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version <= 9 {
            it.name = input.string()?;
        }
        if version == 10 {
            it.topic_id = input.uuid()?;
        }
        it.partitions = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version <= 9 {
            out.string(&self.name)?;
        }
        if version == 10 {
            out.uuid(self.topic_id);
        }
        out.array(&self.partitions, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct OffsetCommitRequestPartition {
    pub partition_index: i32,
    pub committed_offset: i64,
    /// Versions 6 to 10, left out elsewhere.
    pub committed_leader_epoch: i32,
    pub committed_metadata: Option<String>,
}

impl Default for OffsetCommitRequestPartition {
    fn default() -> Self {
        Self {
            partition_index: 0,
            committed_offset: 0,
            committed_leader_epoch: -1,
            committed_metadata: Some(String::new()),
        }
    }
}

impl Element for OffsetCommitRequestPartition {
    const SIZE_MIN: usize = 14;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.partition_index = input.i32()?;
        it.committed_offset = input.i64()?;
        if version >= 6 {
            it.committed_leader_epoch = input.i32()?;
        }
        it.committed_metadata = input.nullable_string()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.partition_index);
        out.i64(self.committed_offset);
        if version >= 6 {
            out.i32(self.committed_leader_epoch);
        }
        out.nullable_string(self.committed_metadata.as_deref())?;
        out.no_tagged_fields();
        Ok(())
    }
}

/// A [`OffsetCommitRequest`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct OffsetCommitRequestView<'a> {
    pub group_id: &'a str,
    pub generation_id_or_member_epoch: i32,
    pub member_id: &'a str,
    pub group_instance_id: Option<&'a str>,
    pub retention_time_ms: i64,
    pub topics: ArrayView<'a, OffsetCommitRequestTopicView<'a>>,
}

impl Default for OffsetCommitRequestView<'_> {
    fn default() -> Self {
        Self {
            group_id: "",
            generation_id_or_member_epoch: -1,
            member_id: "",
            group_instance_id: None,
            retention_time_ms: -1,
            topics: ArrayView::empty(),
        }
    }
}

impl<'a> View<'a> for OffsetCommitRequestView<'a> {
    const SIZE_MIN: usize = 9;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.group_id = input.str()?;
        it.generation_id_or_member_epoch = input.i32()?;
        it.member_id = input.str()?;
        if version >= 7 {
            it.group_instance_id = input.nullable_str()?;
        }
        if version <= 4 {
            it.retention_time_ms = input.i64()?;
        }
        it.topics = ArrayView::read(input, version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }
}

impl From<OffsetCommitRequestView<'_>> for OffsetCommitRequest {
    fn from(it: OffsetCommitRequestView<'_>) -> Self {
        Self {
            group_id: str::to_owned(it.group_id),
            generation_id_or_member_epoch: it.generation_id_or_member_epoch,
            member_id: str::to_owned(it.member_id),
            group_instance_id: it.group_instance_id.map(str::to_owned),
            retention_time_ms: it.retention_time_ms,
            topics: it.topics.iter().map(Into::into).collect(),
        }
    }
}

/// A [`OffsetCommitRequestTopic`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct OffsetCommitRequestTopicView<'a> {
    pub name: &'a str,
    pub topic_id: Uuid,
    pub partitions: ArrayView<'a, OffsetCommitRequestPartitionView<'a>>,
}

impl Default for OffsetCommitRequestTopicView<'_> {
    fn default() -> Self {
        Self { name: "", topic_id: Uuid::ZERO, partitions: ArrayView::empty() }
    }
}

impl<'a> View<'a> for OffsetCommitRequestTopicView<'a> {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version <= 9 {
            it.name = input.str()?;
        }
        if version == 10 {
            it.topic_id = input.uuid()?;
        }
        it.partitions = ArrayView::read(input, version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }
}

impl From<OffsetCommitRequestTopicView<'_>> for OffsetCommitRequestTopic {
    fn from(it: OffsetCommitRequestTopicView<'_>) -> Self {
        Self {
            name: str::to_owned(it.name),
            topic_id: it.topic_id,
            partitions: it.partitions.iter().map(Into::into).collect(),
        }
    }
}

/// A [`OffsetCommitRequestPartition`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct OffsetCommitRequestPartitionView<'a> {
    pub partition_index: i32,
    pub committed_offset: i64,
    pub committed_leader_epoch: i32,
    pub committed_metadata: Option<&'a str>,
}

impl Default for OffsetCommitRequestPartitionView<'_> {
    fn default() -> Self {
        Self {
            partition_index: 0,
            committed_offset: 0,
            committed_leader_epoch: -1,
            committed_metadata: Some(""),
        }
    }
}

impl<'a> View<'a> for OffsetCommitRequestPartitionView<'a> {
    const SIZE_MIN: usize = 14;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.partition_index = input.i32()?;
        it.committed_offset = input.i64()?;
        if version >= 6 {
            it.committed_leader_epoch = input.i32()?;
        }
        it.committed_metadata = input.nullable_str()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }
}

impl From<OffsetCommitRequestPartitionView<'_>> for OffsetCommitRequestPartition {
    fn from(it: OffsetCommitRequestPartitionView<'_>) -> Self {
        Self {
            partition_index: it.partition_index,
            committed_offset: it.committed_offset,
            committed_leader_epoch: it.committed_leader_epoch,
            committed_metadata: it.committed_metadata.map(str::to_owned),
        }
    }
}

impl<'a> OffsetCommitRequestView<'a> {
    /// Checks the whole request, which must end with the bytes, and allocates nothing.
    pub fn parse(data: &'a [u8], version: i16) -> Result<Self, DecodeError> {
        parse_view::<OffsetCommitRequest, Self>(data, version)
    }
}

impl Message for OffsetCommitRequest {
    const NAME: &'static str = "OffsetCommitRequest";
    const VERSIONS: VersionRange = VersionRange::new(2, 10);
    const FLEXIBLE: VersionRange = VersionRange::new(8, 10);
}

impl Request for OffsetCommitRequest {
    const KEY: ApiKey = ApiKey::OffsetCommit;
    type Response = super::OffsetCommitResponse;
}
