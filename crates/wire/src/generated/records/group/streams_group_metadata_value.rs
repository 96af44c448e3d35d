// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamsGroupMetadataValue {
    pub epoch: i32,
    pub metadata_hash: i64,
    /// Tag 0.
    pub validated_topology_epoch: i32,
    /// Tag 1.
    pub last_assignment_configs: Option<Vec<LastAssignmentConfig>>,
    /// Tag 2.
    pub stored_description_topology_epoch: i32,
    /// Tag 3.
    pub failed_description_topology_epoch: i32,
}

impl Default for StreamsGroupMetadataValue {
    fn default() -> Self {
        Self {
            epoch: 0,
            metadata_hash: 0,
            validated_topology_epoch: -1,
            last_assignment_configs: Some(Vec::new()),
            stored_description_topology_epoch: -1,
            failed_description_topology_epoch: -1,
        }
    }
}

impl Element for StreamsGroupMetadataValue {
    const SIZE_MIN: usize = 13;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.epoch = input.i32()?;
        it.metadata_hash = input.i64()?;
        input.tagged_fields(|input, tag| {
            match tag {
                0 => it.validated_topology_epoch = input.i32()?,
                1 => it.last_assignment_configs = input.nullable_array(version)?,
                2 => it.stored_description_topology_epoch = input.i32()?,
                3 => it.failed_description_topology_epoch = input.i32()?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.epoch);
        out.i64(self.metadata_hash);
        let mut tags = out.begin_tagged_fields();
        if self.validated_topology_epoch != -1 {
            out.tagged_field(&mut tags, 0, |out| {
                out.i32(self.validated_topology_epoch);
                Ok(())
            })?;
        }
        if self.last_assignment_configs.as_ref().is_none_or(|value| !value.is_empty()) {
            out.tagged_field(&mut tags, 1, |out| {
                out.nullable_array(self.last_assignment_configs.as_deref(), version)
            })?;
        }
        if self.stored_description_topology_epoch != -1 {
            out.tagged_field(&mut tags, 2, |out| {
                out.i32(self.stored_description_topology_epoch);
                Ok(())
            })?;
        }
        if self.failed_description_topology_epoch != -1 {
            out.tagged_field(&mut tags, 3, |out| {
                out.i32(self.failed_description_topology_epoch);
                Ok(())
            })?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct LastAssignmentConfig {
    pub key: String,
    pub value: String,
}

impl Element for LastAssignmentConfig {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.key = input.string()?;
        it.value = input.string()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.key)?;
        out.string(&self.value)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for StreamsGroupMetadataValue {
    const NAME: &'static str = "StreamsGroupMetadataValue";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}

impl Record for StreamsGroupMetadataValue {
    const KEY: i16 = 17;
}
