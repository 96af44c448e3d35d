// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 0 to 5, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeaveGroupRequest {
    pub group_id: String,
    /// Versions 0 to 2.
    pub member_id: String,
    /// Versions 3 to 5.
    pub members: Vec<MemberIdentity>,
}

impl Element for LeaveGroupRequest {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.group_id = input.string()?;
        if version <= 2 {
            it.member_id = input.string()?;
        }
        if version >= 3 {
            it.members = input.array(version)?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.group_id)?;
        if version <= 2 {
            out.string(&self.member_id)?;
        } else if !self.member_id.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "LeaveGroupRequest.MemberId",
                version,
            });
        }
        if version >= 3 {
            out.array(&self.members, version)?;
        } else if !self.members.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "LeaveGroupRequest.Members",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemberIdentity {
    pub member_id: String,
    pub group_instance_id: Option<String>,
    /// Version 5, left out elsewhere.
    pub reason: Option<String>,
}

impl Element for MemberIdentity {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.member_id = input.string()?;
        it.group_instance_id = input.nullable_string()?;
        if version == 5 {
            it.reason = input.nullable_string()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.member_id)?;
        out.nullable_string(self.group_instance_id.as_deref())?;
        if version == 5 {
            out.nullable_string(self.reason.as_deref())?;
        }
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for LeaveGroupRequest {
    const NAME: &'static str = "LeaveGroupRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 5);
    const FLEXIBLE: VersionRange = VersionRange::new(4, 5);
}

impl Request for LeaveGroupRequest {
    const KEY: ApiKey = ApiKey::LeaveGroup;
    type Response = super::LeaveGroupResponse;
}
