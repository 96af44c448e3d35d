// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use bytes::Bytes;
use model::Uuid;

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 1 to 11.
#[derive(Clone, Debug, PartialEq)]
pub struct SubscriptionInfoData {
    pub version: i32,
    /// Versions 3 to 11.
    pub latest_supported_version: i32,
    pub process_id: Uuid,
    /// Versions 1 to 6.
    pub prev_tasks: Vec<TaskId>,
    /// Versions 1 to 6.
    pub standby_tasks: Vec<TaskId>,
    /// Versions 2 to 11.
    pub user_end_point: Bytes,
    /// Versions 7 to 11.
    pub task_offset_sums: Vec<TaskOffsetSum>,
    /// Versions 8 to 11.
    pub unique_field: i8,
    /// Versions 9 to 11.
    pub error_code: i32,
    /// Version 11.
    pub client_tags: Vec<ClientTag>,
}

impl Default for SubscriptionInfoData {
    fn default() -> Self {
        Self {
            version: 0,
            latest_supported_version: -1,
            process_id: Uuid::ZERO,
            prev_tasks: Vec::new(),
            standby_tasks: Vec::new(),
            user_end_point: Bytes::new(),
            task_offset_sums: Vec::new(),
            unique_field: 0,
            error_code: 0,
            client_tags: Vec::new(),
        }
    }
}

impl Element for SubscriptionInfoData {
    const SIZE_MIN: usize = 28;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.version = input.i32()?;
        if version >= 3 {
            it.latest_supported_version = input.i32()?;
        }
        it.process_id = input.uuid()?;
        if version <= 6 {
            it.prev_tasks = input.array(version)?;
        }
        if version <= 6 {
            it.standby_tasks = input.array(version)?;
        }
        if version >= 2 {
            it.user_end_point = input.bytes()?;
        }
        if version >= 7 {
            it.task_offset_sums = input.array(version)?;
        }
        if version >= 8 {
            it.unique_field = input.i8()?;
        }
        if version >= 9 {
            it.error_code = input.i32()?;
        }
        if version == 11 {
            it.client_tags = input.array(version)?;
        }
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.version);
        if version >= 3 {
            out.i32(self.latest_supported_version);
        } else if self.latest_supported_version != -1 {
            return Err(EncodeError::FieldNotInVersion {
                field: "SubscriptionInfoData.latestSupportedVersion",
                version,
            });
        }
        out.uuid(self.process_id);
        if version <= 6 {
            out.array(&self.prev_tasks, version)?;
        } else if !self.prev_tasks.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "SubscriptionInfoData.prevTasks",
                version,
            });
        }
        if version <= 6 {
            out.array(&self.standby_tasks, version)?;
        } else if !self.standby_tasks.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "SubscriptionInfoData.standbyTasks",
                version,
            });
        }
        if version >= 2 {
            out.bytes(&self.user_end_point)?;
        } else if !self.user_end_point.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "SubscriptionInfoData.userEndPoint",
                version,
            });
        }
        if version >= 7 {
            out.array(&self.task_offset_sums, version)?;
        } else if !self.task_offset_sums.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "SubscriptionInfoData.taskOffsetSums",
                version,
            });
        }
        if version >= 8 {
            out.i8(self.unique_field);
        } else if self.unique_field != 0 {
            return Err(EncodeError::FieldNotInVersion {
                field: "SubscriptionInfoData.uniqueField",
                version,
            });
        }
        if version >= 9 {
            out.i32(self.error_code);
        } else if self.error_code != 0 {
            return Err(EncodeError::FieldNotInVersion {
                field: "SubscriptionInfoData.errorCode",
                version,
            });
        }
        if version == 11 {
            out.array(&self.client_tags, version)?;
        } else if !self.client_tags.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "SubscriptionInfoData.clientTags",
                version,
            });
        }
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TaskId {
    pub topic_group_id: i32,
    pub partition: i32,
}

impl Element for TaskId {
    const SIZE_MIN: usize = 8;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.topic_group_id = input.i32()?;
        it.partition = input.i32()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i32(self.topic_group_id);
        out.i32(self.partition);
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct TaskOffsetSum {
    pub topic_group_id: i32,
    /// Versions 10 to 11.
    pub partition: i32,
    /// Versions 10 to 11.
    pub offset_sum: i64,
    /// Versions 10 to 11.
    pub named_topology: Option<String>,
    /// Versions 7 to 9.
    pub partition_to_offset_sum: Vec<PartitionToOffsetSum>,
}

impl Default for TaskOffsetSum {
    fn default() -> Self {
        Self {
            topic_group_id: 0,
            partition: 0,
            offset_sum: 0,
            named_topology: Some(String::new()),
            partition_to_offset_sum: Vec::new(),
        }
    }
}

impl Element for TaskOffsetSum {
    const SIZE_MIN: usize = 8;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.topic_group_id = input.i32()?;
        if version >= 10 {
            it.partition = input.i32()?;
        }
        if version >= 10 {
            it.offset_sum = input.i64()?;
        }
        if version >= 10 {
            it.named_topology = input.nullable_string()?;
        }
        if version <= 9 {
            it.partition_to_offset_sum = input.array(version)?;
        }
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.topic_group_id);
        if version >= 10 {
            out.i32(self.partition);
        } else if self.partition != 0 {
            return Err(EncodeError::FieldNotInVersion {
                field: "SubscriptionInfoData.TaskOffsetSum.partition",
                version,
            });
        }
        if version >= 10 {
            out.i64(self.offset_sum);
        } else if self.offset_sum != 0 {
            return Err(EncodeError::FieldNotInVersion {
                field: "SubscriptionInfoData.TaskOffsetSum.offsetSum",
                version,
            });
        }
        if version >= 10 {
            out.nullable_string(self.named_topology.as_deref())?;
        } else if self.named_topology.as_deref() != Some("") {
            return Err(EncodeError::FieldNotInVersion {
                field: "SubscriptionInfoData.TaskOffsetSum.namedTopology",
                version,
            });
        }
        if version <= 9 {
            out.array(&self.partition_to_offset_sum, version)?;
        } else if !self.partition_to_offset_sum.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "SubscriptionInfoData.TaskOffsetSum.partitionToOffsetSum",
                version,
            });
        }
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PartitionToOffsetSum {
    pub partition: i32,
    pub offset_sum: i64,
}

impl Element for PartitionToOffsetSum {
    const SIZE_MIN: usize = 12;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.partition = input.i32()?;
        it.offset_sum = input.i64()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i32(self.partition);
        out.i64(self.offset_sum);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClientTag {
    pub key: Bytes,
    pub value: Bytes,
}

impl Element for ClientTag {
    const SIZE_MIN: usize = 8;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.key = input.bytes()?;
        it.value = input.bytes()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.bytes(&self.key)?;
        out.bytes(&self.value)?;
        Ok(())
    }
}

impl Message for SubscriptionInfoData {
    const NAME: &'static str = "SubscriptionInfoData";
    const VERSIONS: VersionRange = VersionRange::new(1, 11);
    const FLEXIBLE: VersionRange = VersionRange::NONE;
}
