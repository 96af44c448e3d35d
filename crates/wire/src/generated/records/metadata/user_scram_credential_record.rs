// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use bytes::Bytes;

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserScramCredentialRecord {
    pub name: String,
    pub mechanism: i8,
    pub salt: Bytes,
    pub stored_key: Bytes,
    pub server_key: Bytes,
    pub iterations: i32,
}

impl Element for UserScramCredentialRecord {
    const SIZE_MIN: usize = 10;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.string()?;
        it.mechanism = input.i8()?;
        it.salt = input.bytes()?;
        it.stored_key = input.bytes()?;
        it.server_key = input.bytes()?;
        it.iterations = input.i32()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.name)?;
        out.i8(self.mechanism);
        out.bytes(&self.salt)?;
        out.bytes(&self.stored_key)?;
        out.bytes(&self.server_key)?;
        out.i32(self.iterations);
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for UserScramCredentialRecord {
    const NAME: &'static str = "UserScramCredentialRecord";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}

impl Record for UserScramCredentialRecord {
    const KEY: i16 = 11;
}
