// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Version 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProducerSnapshot {
    pub crc: u32,
    pub producer_entries: Vec<ProducerEntry>,
}

impl Element for ProducerSnapshot {
    const SIZE_MIN: usize = 8;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.crc = input.u32()?;
        it.producer_entries = input.array(version)?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.u32(self.crc);
        out.array(&self.producer_entries, version)?;
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ProducerEntry {
    pub producer_id: i64,
    pub epoch: i16,
    pub last_sequence: i32,
    pub last_offset: i64,
    pub offset_delta: i32,
    pub timestamp: i64,
    pub coordinator_epoch: i32,
    pub current_txn_first_offset: i64,
}

impl Element for ProducerEntry {
    const SIZE_MIN: usize = 46;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.producer_id = input.i64()?;
        it.epoch = input.i16()?;
        it.last_sequence = input.i32()?;
        it.last_offset = input.i64()?;
        it.offset_delta = input.i32()?;
        it.timestamp = input.i64()?;
        it.coordinator_epoch = input.i32()?;
        it.current_txn_first_offset = input.i64()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i64(self.producer_id);
        out.i16(self.epoch);
        out.i32(self.last_sequence);
        out.i64(self.last_offset);
        out.i32(self.offset_delta);
        out.i64(self.timestamp);
        out.i32(self.coordinator_epoch);
        out.i64(self.current_txn_first_offset);
        Ok(())
    }
}

impl Message for ProducerSnapshot {
    const NAME: &'static str = "ProducerSnapshot";
    const VERSIONS: VersionRange = VersionRange::new(1, 1);
    const FLEXIBLE: VersionRange = VersionRange::NONE;
}
