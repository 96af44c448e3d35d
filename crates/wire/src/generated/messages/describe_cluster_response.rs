// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 0 to 2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeClusterResponse {
    pub throttle_time_ms: i32,
    pub error_code: i16,
    pub error_message: Option<String>,
    /// Versions 1 to 2.
    pub endpoint_type: i8,
    pub cluster_id: String,
    pub controller_id: i32,
    pub brokers: Vec<DescribeClusterBroker>,
    pub cluster_authorized_operations: i32,
}

impl Default for DescribeClusterResponse {
    fn default() -> Self {
        Self {
            throttle_time_ms: 0,
            error_code: 0,
            error_message: None,
            endpoint_type: 1,
            cluster_id: String::new(),
            controller_id: -1,
            brokers: Vec::new(),
            cluster_authorized_operations: i32::MIN,
        }
    }
}

impl Element for DescribeClusterResponse {
    const SIZE_MIN: usize = 18;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.throttle_time_ms = input.i32()?;
        it.error_code = input.i16()?;
        it.error_message = input.nullable_string()?;
        if version >= 1 {
            it.endpoint_type = input.i8()?;
        }
        it.cluster_id = input.string()?;
        it.controller_id = input.i32()?;
        it.brokers = input.array(version)?;
        it.cluster_authorized_operations = input.i32()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.throttle_time_ms);
        out.i16(self.error_code);
        out.nullable_string(self.error_message.as_deref())?;
        if version >= 1 {
            out.i8(self.endpoint_type);
        } else if self.endpoint_type != 1 {
            return Err(EncodeError::FieldNotInVersion {
                field: "DescribeClusterResponse.EndpointType",
                version,
            });
        }
        out.string(&self.cluster_id)?;
        out.i32(self.controller_id);
        out.array(&self.brokers, version)?;
        out.i32(self.cluster_authorized_operations);
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeClusterBroker {
    pub broker_id: i32,
    pub host: String,
    pub port: i32,
    pub rack: Option<String>,
    /// Version 2.
    pub is_fenced: bool,
}

impl Element for DescribeClusterBroker {
    const SIZE_MIN: usize = 11;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.broker_id = input.i32()?;
        it.host = input.string()?;
        it.port = input.i32()?;
        it.rack = input.nullable_string()?;
        if version == 2 {
            it.is_fenced = input.bool()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.broker_id);
        out.string(&self.host)?;
        out.i32(self.port);
        out.nullable_string(self.rack.as_deref())?;
        if version == 2 {
            out.bool(self.is_fenced);
        } else if self.is_fenced {
            return Err(EncodeError::FieldNotInVersion {
                field: "DescribeClusterResponse.DescribeClusterBroker.IsFenced",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for DescribeClusterResponse {
    const NAME: &'static str = "DescribeClusterResponse";
    const VERSIONS: VersionRange = VersionRange::new(0, 2);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 2);
}
