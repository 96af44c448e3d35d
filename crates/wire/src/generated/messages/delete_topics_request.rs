// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 1 to 6, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteTopicsRequest {
    /// Version 6.
    pub topics: Vec<DeleteTopicState>,
    /// Versions 1 to 5, left out elsewhere.
    pub topic_names: Vec<String>,
    pub timeout_ms: i32,
}

impl Element for DeleteTopicsRequest {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version == 6 {
            it.topics = input.array(version)?;
        }
        if version <= 5 {
            it.topic_names = input.array(version)?;
        }
        it.timeout_ms = input.i32()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version == 6 {
            out.array(&self.topics, version)?;
        } else if !self.topics.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "DeleteTopicsRequest.Topics",
                version,
            });
        }
        if version <= 5 {
            out.array(&self.topic_names, version)?;
        }
        out.i32(self.timeout_ms);
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteTopicState {
    pub name: Option<String>,
    pub topic_id: Uuid,
}

impl Element for DeleteTopicState {
    const SIZE_MIN: usize = 18;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.nullable_string()?;
        it.topic_id = input.uuid()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.nullable_string(self.name.as_deref())?;
        out.uuid(self.topic_id);
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for DeleteTopicsRequest {
    const NAME: &'static str = "DeleteTopicsRequest";
    const VERSIONS: VersionRange = VersionRange::new(1, 6);
    const FLEXIBLE: VersionRange = VersionRange::new(4, 6);
}

impl Request for DeleteTopicsRequest {
    const KEY: ApiKey = ApiKey::DeleteTopics;
    type Response = super::DeleteTopicsResponse;
}
