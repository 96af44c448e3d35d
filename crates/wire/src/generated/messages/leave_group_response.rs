// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 0 to 5, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeaveGroupResponse {
    /// Versions 1 to 5, left out elsewhere.
    pub throttle_time_ms: i32,
    pub error_code: i16,
    /// Versions 3 to 5.
    pub members: Vec<MemberResponse>,
}

impl Element for LeaveGroupResponse {
    const SIZE_MIN: usize = 2;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version >= 1 {
            it.throttle_time_ms = input.i32()?;
        }
        it.error_code = input.i16()?;
        if version >= 3 {
            it.members = input.array(version)?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version >= 1 {
            out.i32(self.throttle_time_ms);
        }
        out.i16(self.error_code);
        if version >= 3 {
            out.array(&self.members, version)?;
        } else if !self.members.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "LeaveGroupResponse.Members",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct MemberResponse {
    pub member_id: String,
    pub group_instance_id: Option<String>,
    pub error_code: i16,
}

impl Default for MemberResponse {
    fn default() -> Self {
        Self { member_id: String::new(), group_instance_id: Some(String::new()), error_code: 0 }
    }
}

impl Element for MemberResponse {
    const SIZE_MIN: usize = 5;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.member_id = input.string()?;
        it.group_instance_id = input.nullable_string()?;
        it.error_code = input.i16()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.member_id)?;
        out.nullable_string(self.group_instance_id.as_deref())?;
        out.i16(self.error_code);
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for LeaveGroupResponse {
    const NAME: &'static str = "LeaveGroupResponse";
    const VERSIONS: VersionRange = VersionRange::new(0, 5);
    const FLEXIBLE: VersionRange = VersionRange::new(4, 5);
}
