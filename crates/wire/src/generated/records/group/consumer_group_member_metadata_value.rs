// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use bytes::Bytes;

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsumerGroupMemberMetadataValue {
    pub instance_id: Option<String>,
    pub rack_id: Option<String>,
    pub client_id: String,
    pub client_host: String,
    pub subscribed_topic_names: Vec<String>,
    pub subscribed_topic_regex: Option<String>,
    pub rebalance_timeout_ms: i32,
    pub server_assignor: Option<String>,
    /// Tag 0.
    pub classic_member_metadata: Option<ClassicMemberMetadata>,
}

impl Default for ConsumerGroupMemberMetadataValue {
    fn default() -> Self {
        Self {
            instance_id: Some(String::new()),
            rack_id: Some(String::new()),
            client_id: String::new(),
            client_host: String::new(),
            subscribed_topic_names: Vec::new(),
            subscribed_topic_regex: Some(String::new()),
            rebalance_timeout_ms: -1,
            server_assignor: Some(String::new()),
            classic_member_metadata: Some(ClassicMemberMetadata::default()),
        }
    }
}

impl Element for ConsumerGroupMemberMetadataValue {
    const SIZE_MIN: usize = 12;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.instance_id = input.nullable_string()?;
        it.rack_id = input.nullable_string()?;
        it.client_id = input.string()?;
        it.client_host = input.string()?;
        it.subscribed_topic_names = input.array(version)?;
        it.subscribed_topic_regex = input.nullable_string()?;
        it.rebalance_timeout_ms = input.i32()?;
        it.server_assignor = input.nullable_string()?;
        input.tagged_fields(|input, tag| {
            match tag {
                0 => it.classic_member_metadata = input.nullable_tagged_struct(version)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.nullable_string(self.instance_id.as_deref())?;
        out.nullable_string(self.rack_id.as_deref())?;
        out.string(&self.client_id)?;
        out.string(&self.client_host)?;
        out.array(&self.subscribed_topic_names, version)?;
        out.nullable_string(self.subscribed_topic_regex.as_deref())?;
        out.i32(self.rebalance_timeout_ms);
        out.nullable_string(self.server_assignor.as_deref())?;
        let mut tags = out.begin_tagged_fields();
        if self.classic_member_metadata.as_ref() != Some(&ClassicMemberMetadata::default()) {
            out.tagged_field(&mut tags, 0, |out| {
                out.nullable_tagged_struct(self.classic_member_metadata.as_ref(), version)
            })?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClassicMemberMetadata {
    pub session_timeout_ms: i32,
    pub supported_protocols: Vec<ClassicProtocol>,
}

impl Element for ClassicMemberMetadata {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.session_timeout_ms = input.i32()?;
        it.supported_protocols = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.session_timeout_ms);
        out.array(&self.supported_protocols, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClassicProtocol {
    pub name: String,
    pub metadata: Bytes,
}

impl Element for ClassicProtocol {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.string()?;
        it.metadata = input.bytes()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.name)?;
        out.bytes(&self.metadata)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for ConsumerGroupMemberMetadataValue {
    const NAME: &'static str = "ConsumerGroupMemberMetadataValue";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}

impl Record for ConsumerGroupMemberMetadataValue {
    const KEY: i16 = 5;
}
