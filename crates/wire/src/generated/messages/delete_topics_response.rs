// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::message::required;
use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 1 to 6, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteTopicsResponse {
    pub throttle_time_ms: i32,
    pub responses: Vec<DeletableTopicResult>,
}

impl Element for DeleteTopicsResponse {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.throttle_time_ms = input.i32()?;
        it.responses = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.throttle_time_ms);
        out.array(&self.responses, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct DeletableTopicResult {
    /// Null in version 6.
    pub name: Option<String>,
    /// Version 6, left out elsewhere.
    pub topic_id: Uuid,
    pub error_code: i16,
    /// Versions 5 to 6, left out elsewhere.
    pub error_message: Option<String>,
}

impl Default for DeletableTopicResult {
    fn default() -> Self {
        Self { name: Some(String::new()), topic_id: Uuid::ZERO, error_code: 0, error_message: None }
    }
}

impl Element for DeletableTopicResult {
    const SIZE_MIN: usize = 4;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = if version == 6 { input.nullable_string()? } else { Some(input.string()?) };
        if version == 6 {
            it.topic_id = input.uuid()?;
        }
        it.error_code = input.i16()?;
        if version >= 5 {
            it.error_message = input.nullable_string()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version == 6 {
            out.nullable_string(self.name.as_deref())?
        } else {
            out.string(required(
                self.name.as_deref(),
                "DeleteTopicsResponse.DeletableTopicResult.Name",
            )?)?
        };
        if version == 6 {
            out.uuid(self.topic_id);
        }
        out.i16(self.error_code);
        if version >= 5 {
            out.nullable_string(self.error_message.as_deref())?;
        }
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for DeleteTopicsResponse {
    const NAME: &'static str = "DeleteTopicsResponse";
    const VERSIONS: VersionRange = VersionRange::new(1, 6);
    const FLEXIBLE: VersionRange = VersionRange::new(4, 6);
}
