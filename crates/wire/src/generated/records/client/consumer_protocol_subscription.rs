// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use bytes::Bytes;

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 0 to 3.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsumerProtocolSubscription {
    pub topics: Vec<String>,
    pub user_data: Option<Bytes>,
    /// Versions 1 to 3, left out elsewhere.
    pub owned_partitions: Vec<TopicPartition>,
    /// Versions 2 to 3, left out elsewhere.
    pub generation_id: i32,
    /// Version 3, left out elsewhere.
    pub rack_id: Option<String>,
}

impl Default for ConsumerProtocolSubscription {
    fn default() -> Self {
        Self {
            topics: Vec::new(),
            user_data: None,
            owned_partitions: Vec::new(),
            generation_id: -1,
            rack_id: None,
        }
    }
}

impl Element for ConsumerProtocolSubscription {
    const SIZE_MIN: usize = 8;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.topics = input.array(version)?;
        it.user_data = input.nullable_bytes()?;
        if version >= 1 {
            it.owned_partitions = input.array(version)?;
        }
        if version >= 2 {
            it.generation_id = input.i32()?;
        }
        if version == 3 {
            it.rack_id = input.nullable_string()?;
        }
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.array(&self.topics, version)?;
        out.nullable_bytes(self.user_data.as_deref())?;
        if version >= 1 {
            out.array(&self.owned_partitions, version)?;
        }
        if version >= 2 {
            out.i32(self.generation_id);
        }
        if version == 3 {
            out.nullable_string(self.rack_id.as_deref())?;
        }
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicPartition {
    pub topic: String,
    pub partitions: Vec<i32>,
}

impl Element for TopicPartition {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.topic = input.string()?;
        it.partitions = input.array(version)?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.topic)?;
        out.array(&self.partitions, version)?;
        Ok(())
    }
}

impl Message for ConsumerProtocolSubscription {
    const NAME: &'static str = "ConsumerProtocolSubscription";
    const VERSIONS: VersionRange = VersionRange::new(0, 3);
    const FLEXIBLE: VersionRange = VersionRange::NONE;
}
