// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 1 to 10, flexible from 6.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetFetchResponse {
    /// Versions 3 to 10, left out elsewhere.
    pub throttle_time_ms: i32,
    /// Versions 1 to 7.
    pub topics: Vec<OffsetFetchResponseTopic>,
    /// Versions 2 to 7, left out elsewhere.
    pub error_code: i16,
    /// Versions 8 to 10.
    pub groups: Vec<OffsetFetchResponseGroup>,
}

impl Element for OffsetFetchResponse {
    const SIZE_MIN: usize = 4;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version >= 3 {
            it.throttle_time_ms = input.i32()?;
        }
        if version <= 7 {
            it.topics = input.array(version)?;
        }
        if (2..=7).contains(&version) {
            it.error_code = input.i16()?;
        }
        if version >= 8 {
            it.groups = input.array(version)?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version >= 3 {
            out.i32(self.throttle_time_ms);
        }
        if version <= 7 {
            out.array(&self.topics, version)?;
        } else if !self.topics.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "OffsetFetchResponse.Topics",
                version,
            });
        }
        if (2..=7).contains(&version) {
            out.i16(self.error_code);
        }
        if version >= 8 {
            out.array(&self.groups, version)?;
        } else if !self.groups.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "OffsetFetchResponse.Groups",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetFetchResponseTopic {
    pub name: String,
    pub partitions: Vec<OffsetFetchResponsePartition>,
}

impl Element for OffsetFetchResponseTopic {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.string()?;
        it.partitions = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.name)?;
        out.array(&self.partitions, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct OffsetFetchResponsePartition {
    pub partition_index: i32,
    pub committed_offset: i64,
    /// Versions 5 to 7, left out elsewhere.
    pub committed_leader_epoch: i32,
    pub metadata: Option<String>,
    pub error_code: i16,
}

impl Default for OffsetFetchResponsePartition {
    fn default() -> Self {
        Self {
            partition_index: 0,
            committed_offset: 0,
            committed_leader_epoch: -1,
            metadata: Some(String::new()),
            error_code: 0,
        }
    }
}

impl Element for OffsetFetchResponsePartition {
    const SIZE_MIN: usize = 16;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.partition_index = input.i32()?;
        it.committed_offset = input.i64()?;
        if version >= 5 {
            it.committed_leader_epoch = input.i32()?;
        }
        it.metadata = input.nullable_string()?;
        it.error_code = input.i16()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.partition_index);
        out.i64(self.committed_offset);
        if version >= 5 {
            out.i32(self.committed_leader_epoch);
        }
        out.nullable_string(self.metadata.as_deref())?;
        out.i16(self.error_code);
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetFetchResponseGroup {
    pub group_id: String,
    pub topics: Vec<OffsetFetchResponseTopics>,
    pub error_code: i16,
}

impl Element for OffsetFetchResponseGroup {
    const SIZE_MIN: usize = 5;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.group_id = input.string()?;
        it.topics = input.array(version)?;
        it.error_code = input.i16()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.group_id)?;
        out.array(&self.topics, version)?;
        out.i16(self.error_code);
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetFetchResponseTopics {
    /// Versions 8 to 9, left out elsewhere.
    pub name: String,
    /// Version 10, left out elsewhere.
    pub topic_id: Uuid,
    pub partitions: Vec<OffsetFetchResponsePartitions>,
}

impl Element for OffsetFetchResponseTopics {
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
pub struct OffsetFetchResponsePartitions {
    pub partition_index: i32,
    pub committed_offset: i64,
    pub committed_leader_epoch: i32,
    pub metadata: Option<String>,
    pub error_code: i16,
}

impl Default for OffsetFetchResponsePartitions {
    fn default() -> Self {
        Self {
            partition_index: 0,
            committed_offset: 0,
            committed_leader_epoch: -1,
            metadata: Some(String::new()),
            error_code: 0,
        }
    }
}

impl Element for OffsetFetchResponsePartitions {
    const SIZE_MIN: usize = 20;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.partition_index = input.i32()?;
        it.committed_offset = input.i64()?;
        it.committed_leader_epoch = input.i32()?;
        it.metadata = input.nullable_string()?;
        it.error_code = input.i16()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i32(self.partition_index);
        out.i64(self.committed_offset);
        out.i32(self.committed_leader_epoch);
        out.nullable_string(self.metadata.as_deref())?;
        out.i16(self.error_code);
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for OffsetFetchResponse {
    const NAME: &'static str = "OffsetFetchResponse";
    const VERSIONS: VersionRange = VersionRange::new(1, 10);
    const FLEXIBLE: VersionRange = VersionRange::new(6, 10);
}
