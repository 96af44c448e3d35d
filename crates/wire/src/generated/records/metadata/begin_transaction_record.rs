// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BeginTransactionRecord {
    /// Tag 0.
    pub name: Option<String>,
}

impl Element for BeginTransactionRecord {
    const SIZE_MIN: usize = 1;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        input.tagged_fields(|input, tag| {
            match tag {
                0 => it.name = input.nullable_string()?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        let mut tags = out.begin_tagged_fields();
        if self.name.is_some() {
            out.tagged_field(&mut tags, 0, |out| out.nullable_string(self.name.as_deref()))?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

impl Message for BeginTransactionRecord {
    const NAME: &'static str = "BeginTransactionRecord";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}

impl Record for BeginTransactionRecord {
    const KEY: i16 = 23;
}
