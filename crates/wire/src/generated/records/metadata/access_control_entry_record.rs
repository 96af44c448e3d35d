// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccessControlEntryRecord {
    pub id: Uuid,
    pub resource_type: i8,
    pub resource_name: String,
    pub pattern_type: i8,
    pub principal: String,
    pub host: String,
    pub operation: i8,
    pub permission_type: i8,
}

impl Element for AccessControlEntryRecord {
    const SIZE_MIN: usize = 24;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.id = input.uuid()?;
        it.resource_type = input.i8()?;
        it.resource_name = input.string()?;
        it.pattern_type = input.i8()?;
        it.principal = input.string()?;
        it.host = input.string()?;
        it.operation = input.i8()?;
        it.permission_type = input.i8()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.uuid(self.id);
        out.i8(self.resource_type);
        out.string(&self.resource_name)?;
        out.i8(self.pattern_type);
        out.string(&self.principal)?;
        out.string(&self.host)?;
        out.i8(self.operation);
        out.i8(self.permission_type);
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for AccessControlEntryRecord {
    const NAME: &'static str = "AccessControlEntryRecord";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}

impl Record for AccessControlEntryRecord {
    const KEY: i16 = 18;
}
