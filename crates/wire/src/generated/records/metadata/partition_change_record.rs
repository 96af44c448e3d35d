// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Versions 0 to 2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionChangeRecord {
    pub partition_id: i32,
    pub topic_id: Uuid,
    /// Tag 0.
    pub isr: Option<Vec<i32>>,
    /// Tag 1.
    pub leader: i32,
    /// Tag 2.
    pub replicas: Option<Vec<i32>>,
    /// Tag 3.
    pub removing_replicas: Option<Vec<i32>>,
    /// Tag 4.
    pub adding_replicas: Option<Vec<i32>>,
    /// Tag 5.
    pub leader_recovery_state: i8,
    /// Versions 1 to 2, tag 8.
    pub directories: Option<Vec<Uuid>>,
    /// Version 2, tag 6.
    pub eligible_leader_replicas: Option<Vec<i32>>,
    /// Version 2, tag 7.
    pub last_known_elr: Option<Vec<i32>>,
}

impl Default for PartitionChangeRecord {
    fn default() -> Self {
        Self {
            partition_id: -1,
            topic_id: Uuid::ZERO,
            isr: None,
            leader: -2,
            replicas: None,
            removing_replicas: None,
            adding_replicas: None,
            leader_recovery_state: -1,
            directories: None,
            eligible_leader_replicas: None,
            last_known_elr: None,
        }
    }
}

impl Element for PartitionChangeRecord {
    const SIZE_MIN: usize = 21;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.partition_id = input.i32()?;
        it.topic_id = input.uuid()?;
        input.tagged_fields(|input, tag| {
            match tag {
                0 => it.isr = input.nullable_array(version)?,
                1 => it.leader = input.i32()?,
                2 => it.replicas = input.nullable_array(version)?,
                3 => it.removing_replicas = input.nullable_array(version)?,
                4 => it.adding_replicas = input.nullable_array(version)?,
                5 => it.leader_recovery_state = input.i8()?,
                6 if version == 2 => it.eligible_leader_replicas = input.nullable_array(version)?,
                7 if version == 2 => it.last_known_elr = input.nullable_array(version)?,
                8 if version >= 1 => it.directories = input.nullable_array(version)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.partition_id);
        out.uuid(self.topic_id);
        if version < 1 && self.directories.is_some() {
            return Err(EncodeError::FieldNotInVersion {
                field: "PartitionChangeRecord.Directories",
                version,
            });
        }
        if version < 2 && self.eligible_leader_replicas.is_some() {
            return Err(EncodeError::FieldNotInVersion {
                field: "PartitionChangeRecord.EligibleLeaderReplicas",
                version,
            });
        }
        if version < 2 && self.last_known_elr.is_some() {
            return Err(EncodeError::FieldNotInVersion {
                field: "PartitionChangeRecord.LastKnownElr",
                version,
            });
        }
        let mut tags = out.begin_tagged_fields();
        if self.isr.is_some() {
            out.tagged_field(&mut tags, 0, |out| out.nullable_array(self.isr.as_deref(), version))?;
        }
        if self.leader != -2 {
            out.tagged_field(&mut tags, 1, |out| {
                out.i32(self.leader);
                Ok(())
            })?;
        }
        if self.replicas.is_some() {
            out.tagged_field(&mut tags, 2, |out| {
                out.nullable_array(self.replicas.as_deref(), version)
            })?;
        }
        if self.removing_replicas.is_some() {
            out.tagged_field(&mut tags, 3, |out| {
                out.nullable_array(self.removing_replicas.as_deref(), version)
            })?;
        }
        if self.adding_replicas.is_some() {
            out.tagged_field(&mut tags, 4, |out| {
                out.nullable_array(self.adding_replicas.as_deref(), version)
            })?;
        }
        if self.leader_recovery_state != -1 {
            out.tagged_field(&mut tags, 5, |out| {
                out.i8(self.leader_recovery_state);
                Ok(())
            })?;
        }
        if version == 2 && self.eligible_leader_replicas.is_some() {
            out.tagged_field(&mut tags, 6, |out| {
                out.nullable_array(self.eligible_leader_replicas.as_deref(), version)
            })?;
        }
        if version == 2 && self.last_known_elr.is_some() {
            out.tagged_field(&mut tags, 7, |out| {
                out.nullable_array(self.last_known_elr.as_deref(), version)
            })?;
        }
        if version >= 1 && self.directories.is_some() {
            out.tagged_field(&mut tags, 8, |out| {
                out.nullable_array(self.directories.as_deref(), version)
            })?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

impl Message for PartitionChangeRecord {
    const NAME: &'static str = "PartitionChangeRecord";
    const VERSIONS: VersionRange = VersionRange::new(0, 2);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 2);
}

impl Record for PartitionChangeRecord {
    const KEY: i16 = 5;
}
