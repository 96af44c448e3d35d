// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Versions 0 to 2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionRecord {
    pub partition_id: i32,
    pub topic_id: Uuid,
    pub replicas: Vec<i32>,
    pub isr: Vec<i32>,
    pub removing_replicas: Vec<i32>,
    pub adding_replicas: Vec<i32>,
    pub leader: i32,
    /// Tag 0.
    pub leader_recovery_state: i8,
    pub leader_epoch: i32,
    pub partition_epoch: i32,
    /// Versions 1 to 2.
    pub directories: Vec<Uuid>,
    /// Version 2, tag 1.
    pub eligible_leader_replicas: Option<Vec<i32>>,
    /// Version 2, tag 2.
    pub last_known_elr: Option<Vec<i32>>,
}

impl Default for PartitionRecord {
    fn default() -> Self {
        Self {
            partition_id: -1,
            topic_id: Uuid::ZERO,
            replicas: Vec::new(),
            isr: Vec::new(),
            removing_replicas: Vec::new(),
            adding_replicas: Vec::new(),
            leader: -1,
            leader_recovery_state: 0,
            leader_epoch: -1,
            partition_epoch: -1,
            directories: Vec::new(),
            eligible_leader_replicas: None,
            last_known_elr: None,
        }
    }
}

impl Element for PartitionRecord {
    const SIZE_MIN: usize = 37;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.partition_id = input.i32()?;
        it.topic_id = input.uuid()?;
        it.replicas = input.array(version)?;
        it.isr = input.array(version)?;
        it.removing_replicas = input.array(version)?;
        it.adding_replicas = input.array(version)?;
        it.leader = input.i32()?;
        it.leader_epoch = input.i32()?;
        it.partition_epoch = input.i32()?;
        if version >= 1 {
            it.directories = input.array(version)?;
        }
        input.tagged_fields(|input, tag| {
            match tag {
                0 => it.leader_recovery_state = input.i8()?,
                1 if version == 2 => it.eligible_leader_replicas = input.nullable_array(version)?,
                2 if version == 2 => it.last_known_elr = input.nullable_array(version)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.partition_id);
        out.uuid(self.topic_id);
        out.array(&self.replicas, version)?;
        out.array(&self.isr, version)?;
        out.array(&self.removing_replicas, version)?;
        out.array(&self.adding_replicas, version)?;
        out.i32(self.leader);
        out.i32(self.leader_epoch);
        out.i32(self.partition_epoch);
        if version >= 1 {
            out.array(&self.directories, version)?;
        } else if !self.directories.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "PartitionRecord.Directories",
                version,
            });
        }
        if version < 2 && self.eligible_leader_replicas.is_some() {
            return Err(EncodeError::FieldNotInVersion {
                field: "PartitionRecord.EligibleLeaderReplicas",
                version,
            });
        }
        if version < 2 && self.last_known_elr.is_some() {
            return Err(EncodeError::FieldNotInVersion {
                field: "PartitionRecord.LastKnownElr",
                version,
            });
        }
        let mut tags = out.begin_tagged_fields();
        if self.leader_recovery_state != 0 {
            out.tagged_field(&mut tags, 0, |out| {
                out.i8(self.leader_recovery_state);
                Ok(())
            })?;
        }
        if version == 2 && self.eligible_leader_replicas.is_some() {
            out.tagged_field(&mut tags, 1, |out| {
                out.nullable_array(self.eligible_leader_replicas.as_deref(), version)
            })?;
        }
        if version == 2 && self.last_known_elr.is_some() {
            out.tagged_field(&mut tags, 2, |out| {
                out.nullable_array(self.last_known_elr.as_deref(), version)
            })?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

impl Message for PartitionRecord {
    const NAME: &'static str = "PartitionRecord";
    const VERSIONS: VersionRange = VersionRange::new(0, 2);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 2);
}

impl Record for PartitionRecord {
    const KEY: i16 = 3;
}
