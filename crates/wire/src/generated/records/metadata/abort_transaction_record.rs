// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AbortTransactionRecord {
    /// Tag 0.
    pub reason: Option<String>,
}

impl Element for AbortTransactionRecord {
    const SIZE_MIN: usize = 1;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        input.tagged_fields(|input, tag| {
            match tag {
                0 => it.reason = input.nullable_string()?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        let mut tags = out.begin_tagged_fields();
        if self.reason.is_some() {
            out.tagged_field(&mut tags, 0, |out| out.nullable_string(self.reason.as_deref()))?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

impl Message for AbortTransactionRecord {
    const NAME: &'static str = "AbortTransactionRecord";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}

impl Record for AbortTransactionRecord {
    const KEY: i16 = 25;
}
