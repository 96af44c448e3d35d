// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfigRecord {
    pub resource_type: i8,
    pub resource_name: String,
    pub name: String,
    pub value: Option<String>,
}

impl Default for ConfigRecord {
    fn default() -> Self {
        Self {
            resource_type: 0,
            resource_name: String::new(),
            name: String::new(),
            value: Some(String::new()),
        }
    }
}

impl Element for ConfigRecord {
    const SIZE_MIN: usize = 5;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.resource_type = input.i8()?;
        it.resource_name = input.string()?;
        it.name = input.string()?;
        it.value = input.nullable_string()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i8(self.resource_type);
        out.string(&self.resource_name)?;
        out.string(&self.name)?;
        out.nullable_string(self.value.as_deref())?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for ConfigRecord {
    const NAME: &'static str = "ConfigRecord";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}

impl Record for ConfigRecord {
    const KEY: i16 = 4;
}
