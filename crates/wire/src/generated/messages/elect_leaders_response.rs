// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 0 to 2, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ElectLeadersResponse {
    pub throttle_time_ms: i32,
    /// Versions 1 to 2.
    pub error_code: i16,
    pub replica_election_results: Vec<ReplicaElectionResult>,
}

impl Element for ElectLeadersResponse {
    const SIZE_MIN: usize = 8;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.throttle_time_ms = input.i32()?;
        if version >= 1 {
            it.error_code = input.i16()?;
        }
        it.replica_election_results = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.throttle_time_ms);
        if version >= 1 {
            out.i16(self.error_code);
        } else if self.error_code != 0 {
            return Err(EncodeError::FieldNotInVersion {
                field: "ElectLeadersResponse.ErrorCode",
                version,
            });
        }
        out.array(&self.replica_election_results, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReplicaElectionResult {
    pub topic: String,
    pub partition_result: Vec<PartitionResult>,
}

impl Element for ReplicaElectionResult {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.topic = input.string()?;
        it.partition_result = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.topic)?;
        out.array(&self.partition_result, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct PartitionResult {
    pub partition_id: i32,
    pub error_code: i16,
    pub error_message: Option<String>,
}

impl Default for PartitionResult {
    fn default() -> Self {
        Self { partition_id: 0, error_code: 0, error_message: Some(String::new()) }
    }
}

impl Element for PartitionResult {
    const SIZE_MIN: usize = 8;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.partition_id = input.i32()?;
        it.error_code = input.i16()?;
        it.error_message = input.nullable_string()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i32(self.partition_id);
        out.i16(self.error_code);
        out.nullable_string(self.error_message.as_deref())?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for ElectLeadersResponse {
    const NAME: &'static str = "ElectLeadersResponse";
    const VERSIONS: VersionRange = VersionRange::new(0, 2);
    const FLEXIBLE: VersionRange = VersionRange::new(2, 2);
}
