// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 0 to 5, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListGroupsResponse {
    /// Versions 1 to 5, left out elsewhere.
    pub throttle_time_ms: i32,
    pub error_code: i16,
    pub groups: Vec<ListedGroup>,
}

impl Element for ListGroupsResponse {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version >= 1 {
            it.throttle_time_ms = input.i32()?;
        }
        it.error_code = input.i16()?;
        it.groups = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version >= 1 {
            out.i32(self.throttle_time_ms);
        }
        out.i16(self.error_code);
        out.array(&self.groups, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListedGroup {
    pub group_id: String,
    pub protocol_type: String,
    /// Versions 4 to 5, left out elsewhere.
    pub group_state: String,
    /// Version 5, left out elsewhere.
    pub group_type: String,
}

impl Element for ListedGroup {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.group_id = input.string()?;
        it.protocol_type = input.string()?;
        if version >= 4 {
            it.group_state = input.string()?;
        }
        if version == 5 {
            it.group_type = input.string()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.group_id)?;
        out.string(&self.protocol_type)?;
        if version >= 4 {
            out.string(&self.group_state)?;
        }
        if version == 5 {
            out.string(&self.group_type)?;
        }
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for ListGroupsResponse {
    const NAME: &'static str = "ListGroupsResponse";
    const VERSIONS: VersionRange = VersionRange::new(0, 5);
    const FLEXIBLE: VersionRange = VersionRange::new(3, 5);
}
