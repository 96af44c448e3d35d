// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use bytes::Bytes;

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 0 to 9, flexible from 6.
#[derive(Clone, Debug, PartialEq)]
pub struct JoinGroupRequest {
    pub group_id: String,
    pub session_timeout_ms: i32,
    /// Versions 1 to 9, left out elsewhere.
    pub rebalance_timeout_ms: i32,
    pub member_id: String,
    /// Versions 5 to 9.
    pub group_instance_id: Option<String>,
    pub protocol_type: String,
    pub protocols: Vec<JoinGroupRequestProtocol>,
    /// Versions 8 to 9, left out elsewhere.
    pub reason: Option<String>,
}

impl Default for JoinGroupRequest {
    fn default() -> Self {
        Self {
            group_id: String::new(),
            session_timeout_ms: 0,
            rebalance_timeout_ms: -1,
            member_id: String::new(),
            group_instance_id: None,
            protocol_type: String::new(),
            protocols: Vec::new(),
            reason: None,
        }
    }
}

impl Element for JoinGroupRequest {
    const SIZE_MIN: usize = 14;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.group_id = input.string()?;
        it.session_timeout_ms = input.i32()?;
        if version >= 1 {
            it.rebalance_timeout_ms = input.i32()?;
        }
        it.member_id = input.string()?;
        if version >= 5 {
            it.group_instance_id = input.nullable_string()?;
        }
        it.protocol_type = input.string()?;
        it.protocols = input.array(version)?;
        if version >= 8 {
            it.reason = input.nullable_string()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.group_id)?;
        out.i32(self.session_timeout_ms);
        if version >= 1 {
            out.i32(self.rebalance_timeout_ms);
        }
        out.string(&self.member_id)?;
        if version >= 5 {
            out.nullable_string(self.group_instance_id.as_deref())?;
        } else if self.group_instance_id.is_some() {
            return Err(EncodeError::FieldNotInVersion {
                field: "JoinGroupRequest.GroupInstanceId",
                version,
            });
        }
        out.string(&self.protocol_type)?;
        out.array(&self.protocols, version)?;
        if version >= 8 {
            out.nullable_string(self.reason.as_deref())?;
        }
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct JoinGroupRequestProtocol {
    pub name: String,
    pub metadata: Bytes,
}

impl Element for JoinGroupRequestProtocol {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.string()?;
        it.metadata = input.bytes()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.name)?;
        out.bytes(&self.metadata)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for JoinGroupRequest {
    const NAME: &'static str = "JoinGroupRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 9);
    const FLEXIBLE: VersionRange = VersionRange::new(6, 9);
}

impl Request for JoinGroupRequest {
    const KEY: ApiKey = ApiKey::JoinGroup;
    type Response = super::JoinGroupResponse;
}
