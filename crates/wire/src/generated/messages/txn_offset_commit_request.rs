// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 0 to 6, flexible from 3.
#[derive(Clone, Debug, PartialEq)]
pub struct TxnOffsetCommitRequest {
    pub transactional_id: String,
    pub group_id: String,
    pub producer_id: i64,
    pub producer_epoch: i16,
    /// Versions 3 to 6.
    pub generation_id_or_member_epoch: i32,
    /// Versions 3 to 6.
    pub member_id: String,
    /// Versions 3 to 6.
    pub group_instance_id: Option<String>,
    pub topics: Vec<TxnOffsetCommitRequestTopic>,
}

impl Default for TxnOffsetCommitRequest {
    fn default() -> Self {
        Self {
            transactional_id: String::new(),
            group_id: String::new(),
            producer_id: 0,
            producer_epoch: 0,
            generation_id_or_member_epoch: -1,
            member_id: String::new(),
            group_instance_id: None,
            topics: Vec::new(),
        }
    }
}

impl Element for TxnOffsetCommitRequest {
    const SIZE_MIN: usize = 18;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.transactional_id = input.string()?;
        it.group_id = input.string()?;
        it.producer_id = input.i64()?;
        it.producer_epoch = input.i16()?;
        if version >= 3 {
            it.generation_id_or_member_epoch = input.i32()?;
        }
        if version >= 3 {
            it.member_id = input.string()?;
        }
        if version >= 3 {
            it.group_instance_id = input.nullable_string()?;
        }
        it.topics = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.transactional_id)?;
        out.string(&self.group_id)?;
        out.i64(self.producer_id);
        out.i16(self.producer_epoch);
        if version >= 3 {
            out.i32(self.generation_id_or_member_epoch);
        } else if self.generation_id_or_member_epoch != -1 {
            return Err(EncodeError::FieldNotInVersion {
                field: "TxnOffsetCommitRequest.GenerationIdOrMemberEpoch",
                version,
            });
        }
        if version >= 3 {
            out.string(&self.member_id)?;
        } else if !self.member_id.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "TxnOffsetCommitRequest.MemberId",
                version,
            });
        }
        if version >= 3 {
            out.nullable_string(self.group_instance_id.as_deref())?;
        } else if self.group_instance_id.is_some() {
            return Err(EncodeError::FieldNotInVersion {
                field: "TxnOffsetCommitRequest.GroupInstanceId",
                version,
            });
        }
        out.array(&self.topics, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct TxnOffsetCommitRequestTopic {
    /// Versions 0 to 5, left out elsewhere.
    pub name: String,
    /// Version 6, left out elsewhere.
    pub topic_id: Uuid,
    pub partitions: Vec<TxnOffsetCommitRequestPartition>,
}

impl Element for TxnOffsetCommitRequestTopic {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version <= 5 {
            it.name = input.string()?;
        }
        if version == 6 {
            it.topic_id = input.uuid()?;
        }
        it.partitions = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version <= 5 {
            out.string(&self.name)?;
        }
        if version == 6 {
            out.uuid(self.topic_id);
        }
        out.array(&self.partitions, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct TxnOffsetCommitRequestPartition {
    pub partition_index: i32,
    pub committed_offset: i64,
    /// Versions 2 to 6, left out elsewhere.
    pub committed_leader_epoch: i32,
    pub committed_metadata: Option<String>,
}

impl Default for TxnOffsetCommitRequestPartition {
    fn default() -> Self {
        Self {
            partition_index: 0,
            committed_offset: 0,
            committed_leader_epoch: -1,
            committed_metadata: Some(String::new()),
        }
    }
}

impl Element for TxnOffsetCommitRequestPartition {
    const SIZE_MIN: usize = 14;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.partition_index = input.i32()?;
        it.committed_offset = input.i64()?;
        if version >= 2 {
            it.committed_leader_epoch = input.i32()?;
        }
        it.committed_metadata = input.nullable_string()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.partition_index);
        out.i64(self.committed_offset);
        if version >= 2 {
            out.i32(self.committed_leader_epoch);
        }
        out.nullable_string(self.committed_metadata.as_deref())?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for TxnOffsetCommitRequest {
    const NAME: &'static str = "TxnOffsetCommitRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 6);
    const FLEXIBLE: VersionRange = VersionRange::new(3, 6);
}

impl Request for TxnOffsetCommitRequest {
    const KEY: ApiKey = ApiKey::TxnOffsetCommit;
    type Response = super::TxnOffsetCommitResponse;
}
