// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use bytes::Bytes;

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 0 to 2, flexible from 2.
#[derive(Clone, Debug, PartialEq)]
pub struct SaslAuthenticateResponse {
    pub error_code: i16,
    pub error_message: Option<String>,
    pub auth_bytes: Bytes,
    /// Versions 1 to 2, left out elsewhere.
    pub session_lifetime_ms: i64,
}

impl Default for SaslAuthenticateResponse {
    fn default() -> Self {
        Self {
            error_code: 0,
            error_message: Some(String::new()),
            auth_bytes: Bytes::new(),
            session_lifetime_ms: 0,
        }
    }
}

impl Element for SaslAuthenticateResponse {
    const SIZE_MIN: usize = 8;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.error_code = input.i16()?;
        it.error_message = input.nullable_string()?;
        it.auth_bytes = input.bytes()?;
        if version >= 1 {
            it.session_lifetime_ms = input.i64()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i16(self.error_code);
        out.nullable_string(self.error_message.as_deref())?;
        out.bytes(&self.auth_bytes)?;
        if version >= 1 {
            out.i64(self.session_lifetime_ms);
        }
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for SaslAuthenticateResponse {
    const NAME: &'static str = "SaslAuthenticateResponse";
    const VERSIONS: VersionRange = VersionRange::new(0, 2);
    const FLEXIBLE: VersionRange = VersionRange::new(2, 2);
}
