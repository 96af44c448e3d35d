// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 1 to 4, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeConfigsRequest {
    pub resources: Vec<DescribeConfigsResource>,
    pub include_synonyms: bool,
    /// Versions 3 to 4.
    pub include_documentation: bool,
}

impl Element for DescribeConfigsRequest {
    const SIZE_MIN: usize = 4;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.resources = input.array(version)?;
        it.include_synonyms = input.bool()?;
        if version >= 3 {
            it.include_documentation = input.bool()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.array(&self.resources, version)?;
        out.bool(self.include_synonyms);
        if version >= 3 {
            out.bool(self.include_documentation);
        } else if self.include_documentation {
            return Err(EncodeError::FieldNotInVersion {
                field: "DescribeConfigsRequest.IncludeDocumentation",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct DescribeConfigsResource {
    pub resource_type: i8,
    pub resource_name: String,
    pub configuration_keys: Option<Vec<String>>,
}

impl Default for DescribeConfigsResource {
    fn default() -> Self {
        Self {
            resource_type: 0,
            resource_name: String::new(),
            configuration_keys: Some(Vec::new()),
        }
    }
}

impl Element for DescribeConfigsResource {
    const SIZE_MIN: usize = 4;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.resource_type = input.i8()?;
        it.resource_name = input.string()?;
        it.configuration_keys = input.nullable_array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i8(self.resource_type);
        out.string(&self.resource_name)?;
        out.nullable_array(self.configuration_keys.as_deref(), version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for DescribeConfigsRequest {
    const NAME: &'static str = "DescribeConfigsRequest";
    const VERSIONS: VersionRange = VersionRange::new(1, 4);
    const FLEXIBLE: VersionRange = VersionRange::new(4, 4);
}

impl Request for DescribeConfigsRequest {
    const KEY: ApiKey = ApiKey::DescribeConfigs;
    type Response = super::DescribeConfigsResponse;
}
