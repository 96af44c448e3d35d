// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 0 to 6, flexible from 5.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeGroupsRequest {
    pub groups: Vec<String>,
    /// Versions 3 to 6.
    pub include_authorized_operations: bool,
}

impl Element for DescribeGroupsRequest {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.groups = input.array(version)?;
        if version >= 3 {
            it.include_authorized_operations = input.bool()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.array(&self.groups, version)?;
        if version >= 3 {
            out.bool(self.include_authorized_operations);
        } else if self.include_authorized_operations {
            return Err(EncodeError::FieldNotInVersion {
                field: "DescribeGroupsRequest.IncludeAuthorizedOperations",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for DescribeGroupsRequest {
    const NAME: &'static str = "DescribeGroupsRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 6);
    const FLEXIBLE: VersionRange = VersionRange::new(5, 6);
}

impl Request for DescribeGroupsRequest {
    const KEY: ApiKey = ApiKey::DescribeGroups;
    type Response = super::DescribeGroupsResponse;
}
