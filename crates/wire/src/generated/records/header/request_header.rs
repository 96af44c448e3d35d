// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 1 to 2, flexible from 2.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestHeader {
    pub api_key: i16,
    pub api_version: i16,
    pub correlation_id: i32,
    pub client_id: Option<String>,
}

impl Default for RequestHeader {
    fn default() -> Self {
        Self { api_key: 0, api_version: 0, correlation_id: 0, client_id: Some(String::new()) }
    }
}

impl Element for RequestHeader {
    const SIZE_MIN: usize = 10;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.api_key = input.i16()?;
        it.api_version = input.i16()?;
        it.correlation_id = input.i32()?;
        it.client_id = input.plain_nullable_str()?.map(str::to_owned);
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i16(self.api_key);
        out.i16(self.api_version);
        out.i32(self.correlation_id);
        out.plain_nullable_string(self.client_id.as_deref())?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for RequestHeader {
    const NAME: &'static str = "RequestHeader";
    const VERSIONS: VersionRange = VersionRange::new(1, 2);
    const FLEXIBLE: VersionRange = VersionRange::new(2, 2);
}
