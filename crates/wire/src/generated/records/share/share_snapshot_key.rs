// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareSnapshotKey {
    pub group_id: String,
    pub topic_id: Uuid,
    pub partition: i32,
}

impl Element for ShareSnapshotKey {
    const SIZE_MIN: usize = 22;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.group_id = input.string()?;
        it.topic_id = input.uuid()?;
        it.partition = input.i32()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.group_id)?;
        out.uuid(self.topic_id);
        out.i32(self.partition);
        Ok(())
    }
}

impl Message for ShareSnapshotKey {
    const NAME: &'static str = "ShareSnapshotKey";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::NONE;
}

impl Record for ShareSnapshotKey {
    const KEY: i16 = 0;
}
