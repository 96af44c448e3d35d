// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 0 to 1, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct QuorumStateData {
    /// Version 0.
    pub cluster_id: String,
    pub leader_id: i32,
    pub leader_epoch: i32,
    pub voted_id: i32,
    /// Version 1.
    pub voted_directory_id: Uuid,
    /// Version 0.
    pub applied_offset: i64,
    /// Version 0.
    pub current_voters: Option<Vec<Voter>>,
}

impl Default for QuorumStateData {
    fn default() -> Self {
        Self {
            cluster_id: String::new(),
            leader_id: -1,
            leader_epoch: -1,
            voted_id: -1,
            voted_directory_id: Uuid::ZERO,
            applied_offset: 0,
            current_voters: Some(Vec::new()),
        }
    }
}

impl Element for QuorumStateData {
    const SIZE_MIN: usize = 23;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version == 0 {
            it.cluster_id = input.string()?;
        }
        it.leader_id = input.i32()?;
        it.leader_epoch = input.i32()?;
        it.voted_id = input.i32()?;
        if version == 1 {
            it.voted_directory_id = input.uuid()?;
        }
        if version == 0 {
            it.applied_offset = input.i64()?;
        }
        if version == 0 {
            it.current_voters = input.nullable_array(version)?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version == 0 {
            out.string(&self.cluster_id)?;
        } else if !self.cluster_id.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "QuorumStateData.ClusterId",
                version,
            });
        }
        out.i32(self.leader_id);
        out.i32(self.leader_epoch);
        out.i32(self.voted_id);
        if version == 1 {
            out.uuid(self.voted_directory_id);
        } else if !self.voted_directory_id.is_zero() {
            return Err(EncodeError::FieldNotInVersion {
                field: "QuorumStateData.VotedDirectoryId",
                version,
            });
        }
        if version == 0 {
            out.i64(self.applied_offset);
        } else if self.applied_offset != 0 {
            return Err(EncodeError::FieldNotInVersion {
                field: "QuorumStateData.AppliedOffset",
                version,
            });
        }
        if version == 0 {
            out.nullable_array(self.current_voters.as_deref(), version)?;
        } else if self.current_voters.as_ref().is_none_or(|value| !value.is_empty()) {
            return Err(EncodeError::FieldNotInVersion {
                field: "QuorumStateData.CurrentVoters",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Voter {
    pub voter_id: i32,
}

impl Element for Voter {
    const SIZE_MIN: usize = 5;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.voter_id = input.i32()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i32(self.voter_id);
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for QuorumStateData {
    const NAME: &'static str = "QuorumStateData";
    const VERSIONS: VersionRange = VersionRange::new(0, 1);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 1);
}
