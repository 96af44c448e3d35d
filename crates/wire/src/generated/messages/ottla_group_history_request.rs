// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OttlaGroupHistoryRequest {
    pub groups: Vec<String>,
}

impl Element for OttlaGroupHistoryRequest {
    const SIZE_MIN: usize = 2;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.groups = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.array(&self.groups, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for OttlaGroupHistoryRequest {
    const NAME: &'static str = "OttlaGroupHistoryRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}

impl Request for OttlaGroupHistoryRequest {
    const KEY: ApiKey = ApiKey::OttlaGroupHistory;
    type Response = super::OttlaGroupHistoryResponse;
}
