// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupCurrentMemberAssignmentValue {
    pub member_epoch: i32,
    pub previous_member_epoch: i32,
    pub state: i8,
    pub active_tasks: Vec<TaskIds>,
    pub standby_tasks: Vec<TaskIds>,
    pub warmup_tasks: Vec<TaskIds>,
    pub active_tasks_pending_revocation: Vec<TaskIds>,
    pub standby_tasks_pending_revocation: Vec<TaskIds>,
    pub warmup_tasks_pending_revocation: Vec<TaskIds>,
}

impl Element for StreamsGroupCurrentMemberAssignmentValue {
    const SIZE_MIN: usize = 16;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.member_epoch = input.i32()?;
        it.previous_member_epoch = input.i32()?;
        it.state = input.i8()?;
        it.active_tasks = input.array(version)?;
        it.standby_tasks = input.array(version)?;
        it.warmup_tasks = input.array(version)?;
        it.active_tasks_pending_revocation = input.array(version)?;
        it.standby_tasks_pending_revocation = input.array(version)?;
        it.warmup_tasks_pending_revocation = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.member_epoch);
        out.i32(self.previous_member_epoch);
        out.i8(self.state);
        out.array(&self.active_tasks, version)?;
        out.array(&self.standby_tasks, version)?;
        out.array(&self.warmup_tasks, version)?;
        out.array(&self.active_tasks_pending_revocation, version)?;
        out.array(&self.standby_tasks_pending_revocation, version)?;
        out.array(&self.warmup_tasks_pending_revocation, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct TaskIds {
    pub subtopology_id: String,
    pub partitions: Vec<i32>,
    /// Tag 0.
    pub assignment_epochs: Option<Vec<i32>>,
}

impl Default for TaskIds {
    fn default() -> Self {
        Self {
            subtopology_id: String::new(),
            partitions: Vec::new(),
            assignment_epochs: Some(Vec::new()),
        }
    }
}

impl Element for TaskIds {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.subtopology_id = input.string()?;
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
        out.string(&self.subtopology_id)?;
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

impl Message for StreamsGroupCurrentMemberAssignmentValue {
    const NAME: &'static str = "StreamsGroupCurrentMemberAssignmentValue";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}

impl Record for StreamsGroupCurrentMemberAssignmentValue {
    const KEY: i16 = 22;
}
