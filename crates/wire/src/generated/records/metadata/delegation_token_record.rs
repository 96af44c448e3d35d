// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DelegationTokenRecord {
    pub owner: String,
    pub requester: String,
    pub renewers: Vec<String>,
    pub issue_timestamp: i64,
    pub max_timestamp: i64,
    pub expiration_timestamp: i64,
    pub token_id: String,
}

impl Element for DelegationTokenRecord {
    const SIZE_MIN: usize = 29;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.owner = input.string()?;
        it.requester = input.string()?;
        it.renewers = input.array(version)?;
        it.issue_timestamp = input.i64()?;
        it.max_timestamp = input.i64()?;
        it.expiration_timestamp = input.i64()?;
        it.token_id = input.string()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.owner)?;
        out.string(&self.requester)?;
        out.array(&self.renewers, version)?;
        out.i64(self.issue_timestamp);
        out.i64(self.max_timestamp);
        out.i64(self.expiration_timestamp);
        out.string(&self.token_id)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for DelegationTokenRecord {
    const NAME: &'static str = "DelegationTokenRecord";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}

impl Record for DelegationTokenRecord {
    const KEY: i16 = 10;
}
