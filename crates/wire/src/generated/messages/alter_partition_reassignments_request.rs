// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 0 to 1, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterPartitionReassignmentsRequest {
    pub timeout_ms: i32,
    /// Version 1.
    pub allow_replication_factor_change: bool,
    pub topics: Vec<ReassignableTopic>,
}

impl Default for AlterPartitionReassignmentsRequest {
    fn default() -> Self {
        Self { timeout_ms: 60_000, allow_replication_factor_change: true, topics: Vec::new() }
    }
}

impl Element for AlterPartitionReassignmentsRequest {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.timeout_ms = input.i32()?;
        if version == 1 {
            it.allow_replication_factor_change = input.bool()?;
        }
        it.topics = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.timeout_ms);
        if version == 1 {
            out.bool(self.allow_replication_factor_change);
        } else if !self.allow_replication_factor_change {
            return Err(EncodeError::FieldNotInVersion {
                field: "AlterPartitionReassignmentsRequest.AllowReplicationFactorChange",
                version,
            });
        }
        out.array(&self.topics, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReassignableTopic {
    pub name: String,
    pub partitions: Vec<ReassignablePartition>,
}

impl Element for ReassignableTopic {
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

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReassignablePartition {
    pub partition_index: i32,
    pub replicas: Option<Vec<i32>>,
}

impl Element for ReassignablePartition {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.partition_index = input.i32()?;
        it.replicas = input.nullable_array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.partition_index);
        out.nullable_array(self.replicas.as_deref(), version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for AlterPartitionReassignmentsRequest {
    const NAME: &'static str = "AlterPartitionReassignmentsRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 1);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 1);
}

impl Request for AlterPartitionReassignmentsRequest {
    const KEY: ApiKey = ApiKey::AlterPartitionReassignments;
    type Response = super::AlterPartitionReassignmentsResponse;
}
