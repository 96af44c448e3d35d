// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 0 to 1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupDescribeRequest {
    pub group_ids: Vec<String>,
    pub include_authorized_operations: bool,
    /// Version 1.
    pub include_topology_description: bool,
}

impl Element for StreamsGroupDescribeRequest {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.group_ids = input.array(version)?;
        it.include_authorized_operations = input.bool()?;
        if version == 1 {
            it.include_topology_description = input.bool()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.array(&self.group_ids, version)?;
        out.bool(self.include_authorized_operations);
        if version == 1 {
            out.bool(self.include_topology_description);
        } else if self.include_topology_description {
            return Err(EncodeError::FieldNotInVersion {
                field: "StreamsGroupDescribeRequest.IncludeTopologyDescription",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for StreamsGroupDescribeRequest {
    const NAME: &'static str = "StreamsGroupDescribeRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 1);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 1);
}

impl Request for StreamsGroupDescribeRequest {
    const KEY: ApiKey = ApiKey::StreamsGroupDescribe;
    type Response = super::StreamsGroupDescribeResponse;
}
