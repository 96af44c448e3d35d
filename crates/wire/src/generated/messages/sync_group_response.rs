// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use bytes::Bytes;

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 0 to 5, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SyncGroupResponse {
    /// Versions 1 to 5, left out elsewhere.
    pub throttle_time_ms: i32,
    pub error_code: i16,
    /// Version 5, left out elsewhere.
    pub protocol_type: Option<String>,
    /// Version 5, left out elsewhere.
    pub protocol_name: Option<String>,
    pub assignment: Bytes,
}

impl Element for SyncGroupResponse {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version >= 1 {
            it.throttle_time_ms = input.i32()?;
        }
        it.error_code = input.i16()?;
        if version == 5 {
            it.protocol_type = input.nullable_string()?;
        }
        if version == 5 {
            it.protocol_name = input.nullable_string()?;
        }
        it.assignment = input.bytes()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version >= 1 {
            out.i32(self.throttle_time_ms);
        }
        out.i16(self.error_code);
        if version == 5 {
            out.nullable_string(self.protocol_type.as_deref())?;
        }
        if version == 5 {
            out.nullable_string(self.protocol_name.as_deref())?;
        }
        out.bytes(&self.assignment)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for SyncGroupResponse {
    const NAME: &'static str = "SyncGroupResponse";
    const VERSIONS: VersionRange = VersionRange::new(0, 5);
    const FLEXIBLE: VersionRange = VersionRange::new(4, 5);
}
