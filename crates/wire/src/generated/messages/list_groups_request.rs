// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 0 to 5, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListGroupsRequest {
    /// Versions 4 to 5.
    pub states_filter: Vec<String>,
    /// Version 5.
    pub types_filter: Vec<String>,
}

impl Element for ListGroupsRequest {
    const SIZE_MIN: usize = 0;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version >= 4 {
            it.states_filter = input.array(version)?;
        }
        if version == 5 {
            it.types_filter = input.array(version)?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version >= 4 {
            out.array(&self.states_filter, version)?;
        } else if !self.states_filter.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "ListGroupsRequest.StatesFilter",
                version,
            });
        }
        if version == 5 {
            out.array(&self.types_filter, version)?;
        } else if !self.types_filter.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "ListGroupsRequest.TypesFilter",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for ListGroupsRequest {
    const NAME: &'static str = "ListGroupsRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 5);
    const FLEXIBLE: VersionRange = VersionRange::new(3, 5);
}

impl Request for ListGroupsRequest {
    const KEY: ApiKey = ApiKey::ListGroups;
    type Response = super::ListGroupsResponse;
}
