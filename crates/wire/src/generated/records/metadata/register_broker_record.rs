// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Versions 0 to 4, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct RegisterBrokerRecord {
    pub broker_id: i32,
    /// Versions 2 to 4.
    pub is_migrating_zk_broker: bool,
    pub incarnation_id: Uuid,
    pub broker_epoch: i64,
    pub end_points: Vec<BrokerEndpoint>,
    pub features: Vec<BrokerFeature>,
    pub rack: Option<String>,
    pub fenced: bool,
    /// Versions 1 to 4.
    pub in_controlled_shutdown: bool,
    /// Versions 3 to 4, tag 0.
    pub log_dirs: Vec<Uuid>,
    /// Version 4, tag 1.
    pub cordoned_log_dirs: Option<Vec<Uuid>>,
}

impl Default for RegisterBrokerRecord {
    fn default() -> Self {
        Self {
            broker_id: 0,
            is_migrating_zk_broker: false,
            incarnation_id: Uuid::ZERO,
            broker_epoch: 0,
            end_points: Vec::new(),
            features: Vec::new(),
            rack: Some(String::new()),
            fenced: true,
            in_controlled_shutdown: false,
            log_dirs: Vec::new(),
            cordoned_log_dirs: None,
        }
    }
}

impl Element for RegisterBrokerRecord {
    const SIZE_MIN: usize = 33;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.broker_id = input.i32()?;
        if version >= 2 {
            it.is_migrating_zk_broker = input.bool()?;
        }
        it.incarnation_id = input.uuid()?;
        it.broker_epoch = input.i64()?;
        it.end_points = input.array(version)?;
        it.features = input.array(version)?;
        it.rack = input.nullable_string()?;
        it.fenced = input.bool()?;
        if version >= 1 {
            it.in_controlled_shutdown = input.bool()?;
        }
        input.tagged_fields(|input, tag| {
            match tag {
                0 if version >= 3 => it.log_dirs = input.array(version)?,
                1 if version == 4 => it.cordoned_log_dirs = input.nullable_array(version)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.broker_id);
        if version >= 2 {
            out.bool(self.is_migrating_zk_broker);
        } else if self.is_migrating_zk_broker {
            return Err(EncodeError::FieldNotInVersion {
                field: "RegisterBrokerRecord.IsMigratingZkBroker",
                version,
            });
        }
        out.uuid(self.incarnation_id);
        out.i64(self.broker_epoch);
        out.array(&self.end_points, version)?;
        out.array(&self.features, version)?;
        out.nullable_string(self.rack.as_deref())?;
        out.bool(self.fenced);
        if version >= 1 {
            out.bool(self.in_controlled_shutdown);
        } else if self.in_controlled_shutdown {
            return Err(EncodeError::FieldNotInVersion {
                field: "RegisterBrokerRecord.InControlledShutdown",
                version,
            });
        }
        if version < 3 && !self.log_dirs.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "RegisterBrokerRecord.LogDirs",
                version,
            });
        }
        if version < 4 && self.cordoned_log_dirs.is_some() {
            return Err(EncodeError::FieldNotInVersion {
                field: "RegisterBrokerRecord.CordonedLogDirs",
                version,
            });
        }
        let mut tags = out.begin_tagged_fields();
        if version >= 3 && !self.log_dirs.is_empty() {
            out.tagged_field(&mut tags, 0, |out| out.array(&self.log_dirs, version))?;
        }
        if version == 4 && self.cordoned_log_dirs.is_some() {
            out.tagged_field(&mut tags, 1, |out| {
                out.nullable_array(self.cordoned_log_dirs.as_deref(), version)
            })?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct BrokerEndpoint {
    pub name: String,
    pub host: String,
    pub port: u16,
    pub security_protocol: i16,
}

impl Element for BrokerEndpoint {
    const SIZE_MIN: usize = 7;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.string()?;
        it.host = input.string()?;
        it.port = input.u16()?;
        it.security_protocol = input.i16()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.name)?;
        out.string(&self.host)?;
        out.u16(self.port);
        out.i16(self.security_protocol);
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct BrokerFeature {
    pub name: String,
    pub min_supported_version: i16,
    pub max_supported_version: i16,
}

impl Element for BrokerFeature {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.string()?;
        it.min_supported_version = input.i16()?;
        it.max_supported_version = input.i16()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.name)?;
        out.i16(self.min_supported_version);
        out.i16(self.max_supported_version);
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for RegisterBrokerRecord {
    const NAME: &'static str = "RegisterBrokerRecord";
    const VERSIONS: VersionRange = VersionRange::new(0, 4);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 4);
}

impl Record for RegisterBrokerRecord {
    const KEY: i16 = 0;
}
