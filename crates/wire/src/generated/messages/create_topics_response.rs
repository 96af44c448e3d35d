// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 2 to 7, flexible from 5.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreateTopicsResponse {
    pub throttle_time_ms: i32,
    pub topics: Vec<CreatableTopicResult>,
}

impl Element for CreateTopicsResponse {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.throttle_time_ms = input.i32()?;
        it.topics = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.throttle_time_ms);
        out.array(&self.topics, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct CreatableTopicResult {
    pub name: String,
    /// Version 7, left out elsewhere.
    pub topic_id: Uuid,
    pub error_code: i16,
    pub error_message: Option<String>,
    /// Versions 5 to 7, tag 0, left out elsewhere.
    pub topic_config_error_code: i16,
    /// Versions 5 to 7, left out elsewhere.
    pub num_partitions: i32,
    /// Versions 5 to 7, left out elsewhere.
    pub replication_factor: i16,
    /// Versions 5 to 7, left out elsewhere.
    pub configs: Option<Vec<CreatableTopicConfigs>>,
}

impl Default for CreatableTopicResult {
    fn default() -> Self {
        Self {
            name: String::new(),
            topic_id: Uuid::ZERO,
            error_code: 0,
            error_message: Some(String::new()),
            topic_config_error_code: 0,
            num_partitions: -1,
            replication_factor: -1,
            configs: Some(Vec::new()),
        }
    }
}

impl Element for CreatableTopicResult {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.string()?;
        if version == 7 {
            it.topic_id = input.uuid()?;
        }
        it.error_code = input.i16()?;
        it.error_message = input.nullable_string()?;
        if version >= 5 {
            it.num_partitions = input.i32()?;
        }
        if version >= 5 {
            it.replication_factor = input.i16()?;
        }
        if version >= 5 {
            it.configs = input.nullable_array(version)?;
        }
        input.tagged_fields(|input, tag| {
            match tag {
                0 => it.topic_config_error_code = input.i16()?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.name)?;
        if version == 7 {
            out.uuid(self.topic_id);
        }
        out.i16(self.error_code);
        out.nullable_string(self.error_message.as_deref())?;
        if version >= 5 {
            out.i32(self.num_partitions);
        }
        if version >= 5 {
            out.i16(self.replication_factor);
        }
        if version >= 5 {
            out.nullable_array(self.configs.as_deref(), version)?;
        }
        let mut tags = out.begin_tagged_fields();
        if version >= 5 && self.topic_config_error_code != 0 {
            out.tagged_field(&mut tags, 0, |out| {
                out.i16(self.topic_config_error_code);
                Ok(())
            })?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct CreatableTopicConfigs {
    pub name: String,
    pub value: Option<String>,
    pub read_only: bool,
    pub config_source: i8,
    pub is_sensitive: bool,
}

impl Default for CreatableTopicConfigs {
    fn default() -> Self {
        Self {
            name: String::new(),
            value: Some(String::new()),
            read_only: false,
            config_source: -1,
            is_sensitive: false,
        }
    }
}

impl Element for CreatableTopicConfigs {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.string()?;
        it.value = input.nullable_string()?;
        it.read_only = input.bool()?;
        it.config_source = input.i8()?;
        it.is_sensitive = input.bool()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.name)?;
        out.nullable_string(self.value.as_deref())?;
        out.bool(self.read_only);
        out.i8(self.config_source);
        out.bool(self.is_sensitive);
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for CreateTopicsResponse {
    const NAME: &'static str = "CreateTopicsResponse";
    const VERSIONS: VersionRange = VersionRange::new(2, 7);
    const FLEXIBLE: VersionRange = VersionRange::new(5, 7);
}
