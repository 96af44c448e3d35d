// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NoOpRecord {}

impl Element for NoOpRecord {
    const SIZE_MIN: usize = 1;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let it = Self::default();
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for NoOpRecord {
    const NAME: &'static str = "NoOpRecord";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}

impl Record for NoOpRecord {
    const KEY: i16 = 20;
}
