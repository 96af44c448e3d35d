// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoveDelegationTokenRecord {
    pub token_id: String,
}

impl Element for RemoveDelegationTokenRecord {
    const SIZE_MIN: usize = 2;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.token_id = input.string()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.token_id)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for RemoveDelegationTokenRecord {
    const NAME: &'static str = "RemoveDelegationTokenRecord";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}

impl Record for RemoveDelegationTokenRecord {
    const KEY: i16 = 26;
}
