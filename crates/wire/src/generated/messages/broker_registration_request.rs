// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 0 to 4, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct BrokerRegistrationRequest {
    pub broker_id: i32,
    pub cluster_id: String,
    pub incarnation_id: Uuid,
    pub listeners: Vec<Listener>,
    pub features: Vec<Feature>,
    pub rack: Option<String>,
    /// Versions 1 to 4.
    pub is_migrating_zk_broker: bool,
    /// Versions 2 to 4, left out elsewhere.
    pub log_dirs: Vec<Uuid>,
    /// Versions 3 to 4, left out elsewhere.
    pub previous_broker_epoch: i64,
}

impl Default for BrokerRegistrationRequest {
    fn default() -> Self {
        Self {
            broker_id: 0,
            cluster_id: String::new(),
            incarnation_id: Uuid::ZERO,
            listeners: Vec::new(),
            features: Vec::new(),
            rack: Some(String::new()),
            is_migrating_zk_broker: false,
            log_dirs: Vec::new(),
            previous_broker_epoch: -1,
        }
    }
}

impl Element for BrokerRegistrationRequest {
    const SIZE_MIN: usize = 25;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.broker_id = input.i32()?;
        it.cluster_id = input.string()?;
        it.incarnation_id = input.uuid()?;
        it.listeners = input.array(version)?;
        it.features = input.array(version)?;
        it.rack = input.nullable_string()?;
        if version >= 1 {
            it.is_migrating_zk_broker = input.bool()?;
        }
        if version >= 2 {
            it.log_dirs = input.array(version)?;
        }
        if version >= 3 {
            it.previous_broker_epoch = input.i64()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.broker_id);
        out.string(&self.cluster_id)?;
        out.uuid(self.incarnation_id);
        out.array(&self.listeners, version)?;
        out.array(&self.features, version)?;
        out.nullable_string(self.rack.as_deref())?;
        if version >= 1 {
            out.bool(self.is_migrating_zk_broker);
        } else if self.is_migrating_zk_broker {
            return Err(EncodeError::FieldNotInVersion {
                field: "BrokerRegistrationRequest.IsMigratingZkBroker",
                version,
            });
        }
        if version >= 2 {
            out.array(&self.log_dirs, version)?;
        }
        if version >= 3 {
            out.i64(self.previous_broker_epoch);
        }
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listener {
    pub name: String,
    pub host: String,
    pub port: u16,
    pub security_protocol: i16,
}

impl Element for Listener {
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
pub struct Feature {
    pub name: String,
    pub min_supported_version: i16,
    pub max_supported_version: i16,
}

impl Element for Feature {
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

impl Message for BrokerRegistrationRequest {
    const NAME: &'static str = "BrokerRegistrationRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 4);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 4);
}

impl Request for BrokerRegistrationRequest {
    const KEY: ApiKey = ApiKey::BrokerRegistration;
    type Response = super::BrokerRegistrationResponse;
}
