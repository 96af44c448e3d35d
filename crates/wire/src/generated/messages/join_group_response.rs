// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use bytes::Bytes;

use crate::message::required;
use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 0 to 9, flexible from 6.
#[derive(Clone, Debug, PartialEq)]
pub struct JoinGroupResponse {
    /// Versions 2 to 9, left out elsewhere.
    pub throttle_time_ms: i32,
    pub error_code: i16,
    pub generation_id: i32,
    /// Versions 7 to 9, left out elsewhere.
    pub protocol_type: Option<String>,
    /// Null in versions 7 to 9.
    pub protocol_name: Option<String>,
    pub leader: String,
    /// Version 9.
    pub skip_assignment: bool,
    pub member_id: String,
    pub members: Vec<JoinGroupResponseMember>,
}

impl Default for JoinGroupResponse {
    fn default() -> Self {
        Self {
            throttle_time_ms: 0,
            error_code: 0,
            generation_id: -1,
            protocol_type: None,
            protocol_name: Some(String::new()),
            leader: String::new(),
            skip_assignment: false,
            member_id: String::new(),
            members: Vec::new(),
        }
    }
}

impl Element for JoinGroupResponse {
    const SIZE_MIN: usize = 15;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version >= 2 {
            it.throttle_time_ms = input.i32()?;
        }
        it.error_code = input.i16()?;
        it.generation_id = input.i32()?;
        if version >= 7 {
            it.protocol_type = input.nullable_string()?;
        }
        it.protocol_name =
            if version >= 7 { input.nullable_string()? } else { Some(input.string()?) };
        it.leader = input.string()?;
        if version == 9 {
            it.skip_assignment = input.bool()?;
        }
        it.member_id = input.string()?;
        it.members = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version >= 2 {
            out.i32(self.throttle_time_ms);
        }
        out.i16(self.error_code);
        out.i32(self.generation_id);
        if version >= 7 {
            out.nullable_string(self.protocol_type.as_deref())?;
        }
        if version >= 7 {
            out.nullable_string(self.protocol_name.as_deref())?
        } else {
            out.string(required(self.protocol_name.as_deref(), "JoinGroupResponse.ProtocolName")?)?
        };
        out.string(&self.leader)?;
        if version == 9 {
            out.bool(self.skip_assignment);
        } else if self.skip_assignment {
            return Err(EncodeError::FieldNotInVersion {
                field: "JoinGroupResponse.SkipAssignment",
                version,
            });
        }
        out.string(&self.member_id)?;
        out.array(&self.members, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct JoinGroupResponseMember {
    pub member_id: String,
    /// Versions 5 to 9, left out elsewhere.
    pub group_instance_id: Option<String>,
    pub metadata: Bytes,
}

impl Element for JoinGroupResponseMember {
    const SIZE_MIN: usize = 4;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.member_id = input.string()?;
        if version >= 5 {
            it.group_instance_id = input.nullable_string()?;
        }
        it.metadata = input.bytes()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.member_id)?;
        if version >= 5 {
            out.nullable_string(self.group_instance_id.as_deref())?;
        }
        out.bytes(&self.metadata)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for JoinGroupResponse {
    const NAME: &'static str = "JoinGroupResponse";
    const VERSIONS: VersionRange = VersionRange::new(0, 9);
    const FLEXIBLE: VersionRange = VersionRange::new(6, 9);
}
