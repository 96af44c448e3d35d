// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OttlaPartitionTrafficRequest {
    pub topics: Vec<String>,
}

impl Element for OttlaPartitionTrafficRequest {
    const SIZE_MIN: usize = 2;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.topics = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.array(&self.topics, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for OttlaPartitionTrafficRequest {
    const NAME: &'static str = "OttlaPartitionTrafficRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}

impl Request for OttlaPartitionTrafficRequest {
    const KEY: ApiKey = ApiKey::OttlaPartitionTraffic;
    type Response = super::OttlaPartitionTrafficResponse;
}
