// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 0 to 2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct VoteRequest {
    pub cluster_id: Option<String>,
    /// Versions 1 to 2, left out elsewhere.
    pub voter_id: i32,
    pub topics: Vec<TopicData>,
}

impl Default for VoteRequest {
    fn default() -> Self {
        Self { cluster_id: None, voter_id: -1, topics: Vec::new() }
    }
}

impl Element for VoteRequest {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.cluster_id = input.nullable_string()?;
        if version >= 1 {
            it.voter_id = input.i32()?;
        }
        it.topics = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.nullable_string(self.cluster_id.as_deref())?;
        if version >= 1 {
            out.i32(self.voter_id);
        }
        out.array(&self.topics, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicData {
    pub topic_name: String,
    pub partitions: Vec<PartitionData>,
}

impl Element for TopicData {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.topic_name = input.string()?;
        it.partitions = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.topic_name)?;
        out.array(&self.partitions, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PartitionData {
    pub partition_index: i32,
    pub replica_epoch: i32,
    pub replica_id: i32,
    /// Versions 1 to 2, left out elsewhere.
    pub replica_directory_id: Uuid,
    /// Versions 1 to 2, left out elsewhere.
    pub voter_directory_id: Uuid,
    pub last_offset_epoch: i32,
    pub last_offset: i64,
    /// Version 2.
    pub pre_vote: bool,
}

impl Element for PartitionData {
    const SIZE_MIN: usize = 25;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.partition_index = input.i32()?;
        it.replica_epoch = input.i32()?;
        it.replica_id = input.i32()?;
        if version >= 1 {
            it.replica_directory_id = input.uuid()?;
        }
        if version >= 1 {
            it.voter_directory_id = input.uuid()?;
        }
        it.last_offset_epoch = input.i32()?;
        it.last_offset = input.i64()?;
        if version == 2 {
            it.pre_vote = input.bool()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.partition_index);
        out.i32(self.replica_epoch);
        out.i32(self.replica_id);
        if version >= 1 {
            out.uuid(self.replica_directory_id);
        }
        if version >= 1 {
            out.uuid(self.voter_directory_id);
        }
        out.i32(self.last_offset_epoch);
        out.i64(self.last_offset);
        if version == 2 {
            out.bool(self.pre_vote);
        } else if self.pre_vote {
            return Err(EncodeError::FieldNotInVersion {
                field: "VoteRequest.PartitionData.PreVote",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for VoteRequest {
    const NAME: &'static str = "VoteRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 2);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 2);
}

impl Request for VoteRequest {
    const KEY: ApiKey = ApiKey::Vote;
    type Response = super::VoteResponse;
}
