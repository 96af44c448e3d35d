// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 1 to 3, flexible from 2.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeAclsResponse {
    pub throttle_time_ms: i32,
    pub error_code: i16,
    pub error_message: Option<String>,
    pub resources: Vec<DescribeAclsResource>,
}

impl Default for DescribeAclsResponse {
    fn default() -> Self {
        Self {
            throttle_time_ms: 0,
            error_code: 0,
            error_message: Some(String::new()),
            resources: Vec::new(),
        }
    }
}

impl Element for DescribeAclsResponse {
    const SIZE_MIN: usize = 9;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.throttle_time_ms = input.i32()?;
        it.error_code = input.i16()?;
        it.error_message = input.nullable_string()?;
        it.resources = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.throttle_time_ms);
        out.i16(self.error_code);
        out.nullable_string(self.error_message.as_deref())?;
        out.array(&self.resources, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct DescribeAclsResource {
    pub resource_type: i8,
    pub resource_name: String,
    pub pattern_type: i8,
    pub acls: Vec<AclDescription>,
}

impl Default for DescribeAclsResource {
    fn default() -> Self {
        Self { resource_type: 0, resource_name: String::new(), pattern_type: 3, acls: Vec::new() }
    }
}

impl Element for DescribeAclsResource {
    const SIZE_MIN: usize = 5;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.resource_type = input.i8()?;
        it.resource_name = input.string()?;
        it.pattern_type = input.i8()?;
        it.acls = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i8(self.resource_type);
        out.string(&self.resource_name)?;
        out.i8(self.pattern_type);
        out.array(&self.acls, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct AclDescription {
    pub principal: String,
    pub host: String,
    pub operation: i8,
    pub permission_type: i8,
}

impl Element for AclDescription {
    const SIZE_MIN: usize = 5;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.principal = input.string()?;
        it.host = input.string()?;
        it.operation = input.i8()?;
        it.permission_type = input.i8()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.principal)?;
        out.string(&self.host)?;
        out.i8(self.operation);
        out.i8(self.permission_type);
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for DescribeAclsResponse {
    const NAME: &'static str = "DescribeAclsResponse";
    const VERSIONS: VersionRange = VersionRange::new(1, 3);
    const FLEXIBLE: VersionRange = VersionRange::new(2, 3);
}
