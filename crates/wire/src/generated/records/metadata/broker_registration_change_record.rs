// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Versions 0 to 3, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BrokerRegistrationChangeRecord {
    pub broker_id: i32,
    pub broker_epoch: i64,
    /// Tag 0.
    pub fenced: i8,
    /// Versions 1 to 3, tag 1.
    pub in_controlled_shutdown: i8,
    /// Versions 2 to 3, tag 2.
    pub log_dirs: Vec<Uuid>,
    /// Version 3, tag 3.
    pub cordoned_log_dirs: Option<Vec<Uuid>>,
}

impl Element for BrokerRegistrationChangeRecord {
    const SIZE_MIN: usize = 13;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.broker_id = input.i32()?;
        it.broker_epoch = input.i64()?;
        input.tagged_fields(|input, tag| {
            match tag {
                0 => it.fenced = input.i8()?,
                1 if version >= 1 => it.in_controlled_shutdown = input.i8()?,
                2 if version >= 2 => it.log_dirs = input.array(version)?,
                3 if version == 3 => it.cordoned_log_dirs = input.nullable_array(version)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.broker_id);
        out.i64(self.broker_epoch);
        if version < 1 && self.in_controlled_shutdown != 0 {
            return Err(EncodeError::FieldNotInVersion {
                field: "BrokerRegistrationChangeRecord.InControlledShutdown",
                version,
            });
        }
        if version < 2 && !self.log_dirs.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "BrokerRegistrationChangeRecord.LogDirs",
                version,
            });
        }
        if version < 3 && self.cordoned_log_dirs.is_some() {
            return Err(EncodeError::FieldNotInVersion {
                field: "BrokerRegistrationChangeRecord.CordonedLogDirs",
                version,
            });
        }
        let mut tags = out.begin_tagged_fields();
        if self.fenced != 0 {
            out.tagged_field(&mut tags, 0, |out| {
                out.i8(self.fenced);
                Ok(())
            })?;
        }
        if version >= 1 && self.in_controlled_shutdown != 0 {
            out.tagged_field(&mut tags, 1, |out| {
                out.i8(self.in_controlled_shutdown);
                Ok(())
            })?;
        }
        if version >= 2 && !self.log_dirs.is_empty() {
            out.tagged_field(&mut tags, 2, |out| out.array(&self.log_dirs, version))?;
        }
        if version == 3 && self.cordoned_log_dirs.is_some() {
            out.tagged_field(&mut tags, 3, |out| {
                out.nullable_array(self.cordoned_log_dirs.as_deref(), version)
            })?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

impl Message for BrokerRegistrationChangeRecord {
    const NAME: &'static str = "BrokerRegistrationChangeRecord";
    const VERSIONS: VersionRange = VersionRange::new(0, 3);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 3);
}

impl Record for BrokerRegistrationChangeRecord {
    const KEY: i16 = 17;
}
