// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use bytes::Bytes;

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Versions 0 to 4, flexible from 4.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupMetadataValue {
    pub protocol_type: String,
    pub generation: i32,
    pub protocol: Option<String>,
    pub leader: Option<String>,
    /// Versions 2 to 4, left out elsewhere.
    pub current_state_timestamp: i64,
    pub members: Vec<MemberMetadata>,
}

impl Default for GroupMetadataValue {
    fn default() -> Self {
        Self {
            protocol_type: String::new(),
            generation: 0,
            protocol: Some(String::new()),
            leader: Some(String::new()),
            current_state_timestamp: -1,
            members: Vec::new(),
        }
    }
}

impl Element for GroupMetadataValue {
    const SIZE_MIN: usize = 14;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.protocol_type = input.string()?;
        it.generation = input.i32()?;
        it.protocol = input.nullable_string()?;
        it.leader = input.nullable_string()?;
        if version >= 2 {
            it.current_state_timestamp = input.i64()?;
        }
        it.members = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.protocol_type)?;
        out.i32(self.generation);
        out.nullable_string(self.protocol.as_deref())?;
        out.nullable_string(self.leader.as_deref())?;
        if version >= 2 {
            out.i64(self.current_state_timestamp);
        }
        out.array(&self.members, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct MemberMetadata {
    pub member_id: String,
    /// Versions 3 to 4, left out elsewhere.
    pub group_instance_id: Option<String>,
    pub client_id: String,
    pub client_host: String,
    /// Versions 1 to 4, left out elsewhere.
    pub rebalance_timeout: i32,
    pub session_timeout: i32,
    pub subscription: Bytes,
    pub assignment: Bytes,
}

impl Default for MemberMetadata {
    fn default() -> Self {
        Self {
            member_id: String::new(),
            group_instance_id: None,
            client_id: String::new(),
            client_host: String::new(),
            rebalance_timeout: -1,
            session_timeout: 0,
            subscription: Bytes::new(),
            assignment: Bytes::new(),
        }
    }
}

impl Element for MemberMetadata {
    const SIZE_MIN: usize = 15;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.member_id = input.string()?;
        if version >= 3 {
            it.group_instance_id = input.nullable_string()?;
        }
        it.client_id = input.string()?;
        it.client_host = input.string()?;
        if version >= 1 {
            it.rebalance_timeout = input.i32()?;
        }
        it.session_timeout = input.i32()?;
        it.subscription = input.bytes()?;
        it.assignment = input.bytes()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.member_id)?;
        if version >= 3 {
            out.nullable_string(self.group_instance_id.as_deref())?;
        }
        out.string(&self.client_id)?;
        out.string(&self.client_host)?;
        if version >= 1 {
            out.i32(self.rebalance_timeout);
        }
        out.i32(self.session_timeout);
        out.bytes(&self.subscription)?;
        out.bytes(&self.assignment)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for GroupMetadataValue {
    const NAME: &'static str = "GroupMetadataValue";
    const VERSIONS: VersionRange = VersionRange::new(0, 4);
    const FLEXIBLE: VersionRange = VersionRange::new(4, 4);
}

impl Record for GroupMetadataValue {
    const KEY: i16 = 2;
}
