// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 0 to 5, flexible from 3.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiVersionsRequest {
    /// Versions 3 to 5, left out elsewhere.
    pub client_software_name: String,
    /// Versions 3 to 5, left out elsewhere.
    pub client_software_version: String,
    /// Version 5, left out elsewhere.
    pub cluster_id: Option<String>,
    /// Version 5, left out elsewhere.
    pub node_id: i32,
}

impl Default for ApiVersionsRequest {
    fn default() -> Self {
        Self {
            client_software_name: String::new(),
            client_software_version: String::new(),
            cluster_id: None,
            node_id: -1,
        }
    }
}

impl Element for ApiVersionsRequest {
    const SIZE_MIN: usize = 0;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version >= 3 {
            it.client_software_name = input.string()?;
        }
        if version >= 3 {
            it.client_software_version = input.string()?;
        }
        if version == 5 {
            it.cluster_id = input.nullable_string()?;
        }
        if version == 5 {
            it.node_id = input.i32()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version >= 3 {
            out.string(&self.client_software_name)?;
        }
        if version >= 3 {
            out.string(&self.client_software_version)?;
        }
        if version == 5 {
            out.nullable_string(self.cluster_id.as_deref())?;
        }
        if version == 5 {
            out.i32(self.node_id);
        }
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for ApiVersionsRequest {
    const NAME: &'static str = "ApiVersionsRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 5);
    const FLEXIBLE: VersionRange = VersionRange::new(3, 5);
}

impl Request for ApiVersionsRequest {
    const KEY: ApiKey = ApiKey::ApiVersions;
    type Response = super::ApiVersionsResponse;
}
