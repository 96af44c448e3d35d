// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use bytes::Bytes;

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 0 to 6, flexible from 5.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeGroupsResponse {
    /// Versions 1 to 6, left out elsewhere.
    pub throttle_time_ms: i32,
    pub groups: Vec<DescribedGroup>,
}

impl Element for DescribeGroupsResponse {
    const SIZE_MIN: usize = 4;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version >= 1 {
            it.throttle_time_ms = input.i32()?;
        }
        it.groups = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version >= 1 {
            out.i32(self.throttle_time_ms);
        }
        out.array(&self.groups, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct DescribedGroup {
    pub error_code: i16,
    /// Version 6.
    pub error_message: Option<String>,
    pub group_id: String,
    pub group_state: String,
    pub protocol_type: String,
    pub protocol_data: String,
    pub members: Vec<DescribedGroupMember>,
    /// Versions 3 to 6.
    pub authorized_operations: i32,
}

impl Default for DescribedGroup {
    fn default() -> Self {
        Self {
            error_code: 0,
            error_message: None,
            group_id: String::new(),
            group_state: String::new(),
            protocol_type: String::new(),
            protocol_data: String::new(),
            members: Vec::new(),
            authorized_operations: i32::MIN,
        }
    }
}

impl Element for DescribedGroup {
    const SIZE_MIN: usize = 12;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.error_code = input.i16()?;
        if version == 6 {
            it.error_message = input.nullable_string()?;
        }
        it.group_id = input.string()?;
        it.group_state = input.string()?;
        it.protocol_type = input.string()?;
        it.protocol_data = input.string()?;
        it.members = input.array(version)?;
        if version >= 3 {
            it.authorized_operations = input.i32()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i16(self.error_code);
        if version == 6 {
            out.nullable_string(self.error_message.as_deref())?;
        } else if self.error_message.is_some() {
            return Err(EncodeError::FieldNotInVersion {
                field: "DescribeGroupsResponse.DescribedGroup.ErrorMessage",
                version,
            });
        }
        out.string(&self.group_id)?;
        out.string(&self.group_state)?;
        out.string(&self.protocol_type)?;
        out.string(&self.protocol_data)?;
        out.array(&self.members, version)?;
        if version >= 3 {
            out.i32(self.authorized_operations);
        } else if self.authorized_operations != i32::MIN {
            return Err(EncodeError::FieldNotInVersion {
                field: "DescribeGroupsResponse.DescribedGroup.AuthorizedOperations",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribedGroupMember {
    pub member_id: String,
    /// Versions 4 to 6, left out elsewhere.
    pub group_instance_id: Option<String>,
    pub client_id: String,
    pub client_host: String,
    pub member_metadata: Bytes,
    pub member_assignment: Bytes,
}

impl Element for DescribedGroupMember {
    const SIZE_MIN: usize = 7;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.member_id = input.string()?;
        if version >= 4 {
            it.group_instance_id = input.nullable_string()?;
        }
        it.client_id = input.string()?;
        it.client_host = input.string()?;
        it.member_metadata = input.bytes()?;
        it.member_assignment = input.bytes()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.member_id)?;
        if version >= 4 {
            out.nullable_string(self.group_instance_id.as_deref())?;
        }
        out.string(&self.client_id)?;
        out.string(&self.client_host)?;
        out.bytes(&self.member_metadata)?;
        out.bytes(&self.member_assignment)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for DescribeGroupsResponse {
    const NAME: &'static str = "DescribeGroupsResponse";
    const VERSIONS: VersionRange = VersionRange::new(0, 6);
    const FLEXIBLE: VersionRange = VersionRange::new(5, 6);
}
