// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use bytes::Bytes;

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 0 to 5, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SyncGroupRequest {
    pub group_id: String,
    pub generation_id: i32,
    pub member_id: String,
    /// Versions 3 to 5.
    pub group_instance_id: Option<String>,
    /// Version 5, left out elsewhere.
    pub protocol_type: Option<String>,
    /// Version 5, left out elsewhere.
    pub protocol_name: Option<String>,
    pub assignments: Vec<SyncGroupRequestAssignment>,
}

impl Element for SyncGroupRequest {
    const SIZE_MIN: usize = 9;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.group_id = input.string()?;
        it.generation_id = input.i32()?;
        it.member_id = input.string()?;
        if version >= 3 {
            it.group_instance_id = input.nullable_string()?;
        }
        if version == 5 {
            it.protocol_type = input.nullable_string()?;
        }
        if version == 5 {
            it.protocol_name = input.nullable_string()?;
        }
        it.assignments = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.group_id)?;
        out.i32(self.generation_id);
        out.string(&self.member_id)?;
        if version >= 3 {
            out.nullable_string(self.group_instance_id.as_deref())?;
        } else if self.group_instance_id.is_some() {
            return Err(EncodeError::FieldNotInVersion {
                field: "SyncGroupRequest.GroupInstanceId",
                version,
            });
        }
        if version == 5 {
            out.nullable_string(self.protocol_type.as_deref())?;
        }
        if version == 5 {
            out.nullable_string(self.protocol_name.as_deref())?;
        }
        out.array(&self.assignments, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct SyncGroupRequestAssignment {
    pub member_id: String,
    pub assignment: Bytes,
}

impl Element for SyncGroupRequestAssignment {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.member_id = input.string()?;
        it.assignment = input.bytes()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.member_id)?;
        out.bytes(&self.assignment)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for SyncGroupRequest {
    const NAME: &'static str = "SyncGroupRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 5);
    const FLEXIBLE: VersionRange = VersionRange::new(4, 5);
}

impl Request for SyncGroupRequest {
    const KEY: ApiKey = ApiKey::SyncGroup;
    type Response = super::SyncGroupResponse;
}
