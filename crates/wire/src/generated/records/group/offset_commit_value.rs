// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Versions 0 to 4, flexible from 4.
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetCommitValue {
    pub offset: i64,
    /// Versions 3 to 4, left out elsewhere.
    pub leader_epoch: i32,
    pub metadata: String,
    pub commit_timestamp: i64,
    /// Version 1, left out elsewhere.
    pub expire_timestamp: i64,
    /// Version 4, tag 0, left out elsewhere.
    pub topic_id: Uuid,
}

impl Default for OffsetCommitValue {
    fn default() -> Self {
        Self {
            offset: 0,
            leader_epoch: -1,
            metadata: String::new(),
            commit_timestamp: 0,
            expire_timestamp: -1,
            topic_id: Uuid::ZERO,
        }
    }
}

impl Element for OffsetCommitValue {
    const SIZE_MIN: usize = 18;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.offset = input.i64()?;
        if version >= 3 {
            it.leader_epoch = input.i32()?;
        }
        it.metadata = input.string()?;
        it.commit_timestamp = input.i64()?;
        if version == 1 {
            it.expire_timestamp = input.i64()?;
        }
        input.tagged_fields(|input, tag| {
            match tag {
                0 => it.topic_id = input.uuid()?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i64(self.offset);
        if version >= 3 {
            out.i32(self.leader_epoch);
        }
        out.string(&self.metadata)?;
        out.i64(self.commit_timestamp);
        if version == 1 {
            out.i64(self.expire_timestamp);
        }
        let mut tags = out.begin_tagged_fields();
        if version == 4 && !self.topic_id.is_zero() {
            out.tagged_field(&mut tags, 0, |out| {
                out.uuid(self.topic_id);
                Ok(())
            })?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

impl Message for OffsetCommitValue {
    const NAME: &'static str = "OffsetCommitValue";
    const VERSIONS: VersionRange = VersionRange::new(0, 4);
    const FLEXIBLE: VersionRange = VersionRange::new(4, 4);
}

impl Record for OffsetCommitValue {
    const KEY: i16 = 1;
}
