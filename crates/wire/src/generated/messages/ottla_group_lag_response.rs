// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OttlaGroupLagResponse {
    pub throttle_time_ms: i32,
    pub time_ms: i64,
    pub partial: bool,
    pub groups: Vec<GroupLag>,
}

impl Element for OttlaGroupLagResponse {
    const SIZE_MIN: usize = 15;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.throttle_time_ms = input.i32()?;
        it.time_ms = input.i64()?;
        it.partial = input.bool()?;
        it.groups = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.throttle_time_ms);
        out.i64(self.time_ms);
        out.bool(self.partial);
        out.array(&self.groups, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupLag {
    pub group_id: String,
    pub error_code: i16,
    pub group_type: String,
    pub group_state: String,
    pub partitions: Vec<PartitionLag>,
}

impl Element for GroupLag {
    const SIZE_MIN: usize = 7;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.group_id = input.string()?;
        it.error_code = input.i16()?;
        it.group_type = input.string()?;
        it.group_state = input.string()?;
        it.partitions = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.group_id)?;
        out.i16(self.error_code);
        out.string(&self.group_type)?;
        out.string(&self.group_state)?;
        out.array(&self.partitions, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct PartitionLag {
    pub topic: String,
    pub partition_index: i32,
    pub error_code: i16,
    pub committed_offset: i64,
    pub commit_time_ms: i64,
    pub position: i64,
    pub position_time_ms: i64,
    pub log_start_offset: i64,
    pub log_end_offset: i64,
    pub lag: i64,
    pub unread_offset: i64,
    pub unread_time_ms: i64,
    pub lag_ms: i64,
    pub member_id: Option<String>,
    pub client_id: Option<String>,
    pub host: Option<String>,
}

impl Default for PartitionLag {
    fn default() -> Self {
        Self {
            topic: String::new(),
            partition_index: 0,
            error_code: 0,
            committed_offset: -1,
            commit_time_ms: -1,
            position: -1,
            position_time_ms: -1,
            log_start_offset: -1,
            log_end_offset: -1,
            lag: -1,
            unread_offset: -1,
            unread_time_ms: -1,
            lag_ms: -1,
            member_id: None,
            client_id: None,
            host: None,
        }
    }
}

impl Element for PartitionLag {
    const SIZE_MIN: usize = 91;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.topic = input.string()?;
        it.partition_index = input.i32()?;
        it.error_code = input.i16()?;
        it.committed_offset = input.i64()?;
        it.commit_time_ms = input.i64()?;
        it.position = input.i64()?;
        it.position_time_ms = input.i64()?;
        it.log_start_offset = input.i64()?;
        it.log_end_offset = input.i64()?;
        it.lag = input.i64()?;
        it.unread_offset = input.i64()?;
        it.unread_time_ms = input.i64()?;
        it.lag_ms = input.i64()?;
        it.member_id = input.nullable_string()?;
        it.client_id = input.nullable_string()?;
        it.host = input.nullable_string()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.topic)?;
        out.i32(self.partition_index);
        out.i16(self.error_code);
        out.i64(self.committed_offset);
        out.i64(self.commit_time_ms);
        out.i64(self.position);
        out.i64(self.position_time_ms);
        out.i64(self.log_start_offset);
        out.i64(self.log_end_offset);
        out.i64(self.lag);
        out.i64(self.unread_offset);
        out.i64(self.unread_time_ms);
        out.i64(self.lag_ms);
        out.nullable_string(self.member_id.as_deref())?;
        out.nullable_string(self.client_id.as_deref())?;
        out.nullable_string(self.host.as_deref())?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for OttlaGroupLagResponse {
    const NAME: &'static str = "OttlaGroupLagResponse";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}
