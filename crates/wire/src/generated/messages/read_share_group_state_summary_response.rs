// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 0 to 1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadShareGroupStateSummaryResponse {
    pub results: Vec<ReadStateSummaryResult>,
}

impl Element for ReadShareGroupStateSummaryResponse {
    const SIZE_MIN: usize = 2;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.results = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.array(&self.results, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadStateSummaryResult {
    pub topic_id: Uuid,
    pub partitions: Vec<PartitionResult>,
}

impl Element for ReadStateSummaryResult {
    const SIZE_MIN: usize = 18;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.topic_id = input.uuid()?;
        it.partitions = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.uuid(self.topic_id);
        out.array(&self.partitions, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct PartitionResult {
    pub partition: i32,
    pub error_code: i16,
    pub error_message: Option<String>,
    pub state_epoch: i32,
    pub leader_epoch: i32,
    pub start_offset: i64,
    /// Version 1, left out elsewhere.
    pub delivery_complete_count: i32,
}

impl Default for PartitionResult {
    fn default() -> Self {
        Self {
            partition: 0,
            error_code: 0,
            error_message: None,
            state_epoch: 0,
            leader_epoch: 0,
            start_offset: 0,
            delivery_complete_count: -1,
        }
    }
}

impl Element for PartitionResult {
    const SIZE_MIN: usize = 24;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.partition = input.i32()?;
        it.error_code = input.i16()?;
        it.error_message = input.nullable_string()?;
        it.state_epoch = input.i32()?;
        it.leader_epoch = input.i32()?;
        it.start_offset = input.i64()?;
        if version == 1 {
            it.delivery_complete_count = input.i32()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.partition);
        out.i16(self.error_code);
        out.nullable_string(self.error_message.as_deref())?;
        out.i32(self.state_epoch);
        out.i32(self.leader_epoch);
        out.i64(self.start_offset);
        if version == 1 {
            out.i32(self.delivery_complete_count);
        }
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for ReadShareGroupStateSummaryResponse {
    const NAME: &'static str = "ReadShareGroupStateSummaryResponse";
    const VERSIONS: VersionRange = VersionRange::new(0, 1);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 1);
}
