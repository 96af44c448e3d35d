// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupCurrentMemberAssignmentValue {
    pub member_epoch: i32,
    pub previous_member_epoch: i32,
    pub state: i8,
    pub assigned_partitions: Vec<TopicPartitions>,
    pub partitions_pending_revocation: Vec<TopicPartitions>,
}

impl Element for ConsumerGroupCurrentMemberAssignmentValue {
    const SIZE_MIN: usize = 12;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.member_epoch = input.i32()?;
        it.previous_member_epoch = input.i32()?;
        it.state = input.i8()?;
        it.assigned_partitions = input.array(version)?;
        it.partitions_pending_revocation = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.member_epoch);
        out.i32(self.previous_member_epoch);
        out.i8(self.state);
        out.array(&self.assigned_partitions, version)?;
        out.array(&self.partitions_pending_revocation, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct TopicPartitions {
    pub topic_id: Uuid,
    pub partitions: Vec<i32>,
    /// Tag 0.
    pub assignment_epochs: Option<Vec<i32>>,
}

impl Default for TopicPartitions {
    fn default() -> Self {
        Self { topic_id: Uuid::ZERO, partitions: Vec::new(), assignment_epochs: Some(Vec::new()) }
    }
}

impl Element for TopicPartitions {
    const SIZE_MIN: usize = 18;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.topic_id = input.uuid()?;
        it.partitions = input.array(version)?;
        input.tagged_fields(|input, tag| {
            match tag {
                0 => it.assignment_epochs = input.nullable_array(version)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.uuid(self.topic_id);
        out.array(&self.partitions, version)?;
        let mut tags = out.begin_tagged_fields();
        if self.assignment_epochs.as_ref().is_none_or(|value| !value.is_empty()) {
            out.tagged_field(&mut tags, 0, |out| {
                out.nullable_array(self.assignment_epochs.as_deref(), version)
            })?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

impl Message for ConsumerGroupCurrentMemberAssignmentValue {
    const NAME: &'static str = "ConsumerGroupCurrentMemberAssignmentValue";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}

impl Record for ConsumerGroupCurrentMemberAssignmentValue {
    const KEY: i16 = 8;
}
