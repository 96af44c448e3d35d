// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamsGroupMemberMetadataValue {
    pub instance_id: Option<String>,
    pub rack_id: Option<String>,
    pub client_id: String,
    pub client_host: String,
    pub rebalance_timeout_ms: i32,
    pub topology_epoch: i32,
    pub process_id: String,
    pub user_endpoint: Option<Endpoint>,
    pub client_tags: Vec<KeyValue>,
}

impl Default for StreamsGroupMemberMetadataValue {
    fn default() -> Self {
        Self {
            instance_id: Some(String::new()),
            rack_id: Some(String::new()),
            client_id: String::new(),
            client_host: String::new(),
            rebalance_timeout_ms: -1,
            topology_epoch: 0,
            process_id: String::new(),
            user_endpoint: None,
            client_tags: Vec::new(),
        }
    }
}

impl Element for StreamsGroupMemberMetadataValue {
    const SIZE_MIN: usize = 16;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.instance_id = input.nullable_string()?;
        it.rack_id = input.nullable_string()?;
        it.client_id = input.string()?;
        it.client_host = input.string()?;
        it.rebalance_timeout_ms = input.i32()?;
        it.topology_epoch = input.i32()?;
        it.process_id = input.string()?;
        it.user_endpoint = input.nullable_struct(version)?;
        it.client_tags = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.nullable_string(self.instance_id.as_deref())?;
        out.nullable_string(self.rack_id.as_deref())?;
        out.string(&self.client_id)?;
        out.string(&self.client_host)?;
        out.i32(self.rebalance_timeout_ms);
        out.i32(self.topology_epoch);
        out.string(&self.process_id)?;
        out.nullable_struct(self.user_endpoint.as_ref(), version)?;
        out.array(&self.client_tags, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Endpoint {
    pub host: String,
    pub port: u16,
}

impl Element for Endpoint {
    const SIZE_MIN: usize = 4;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.host = input.string()?;
        it.port = input.u16()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.host)?;
        out.u16(self.port);
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyValue {
    pub key: String,
    pub value: String,
}

impl Element for KeyValue {
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

impl Message for StreamsGroupMemberMetadataValue {
    const NAME: &'static str = "StreamsGroupMemberMetadataValue";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}

impl Record for StreamsGroupMemberMetadataValue {
    const KEY: i16 = 19;
}
