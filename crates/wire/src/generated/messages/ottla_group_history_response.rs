// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OttlaGroupHistoryResponse {
    pub throttle_time_ms: i32,
    pub time_ms: i64,
    pub groups: Vec<GroupHistory>,
}

impl Element for OttlaGroupHistoryResponse {
    const SIZE_MIN: usize = 14;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.throttle_time_ms = input.i32()?;
        it.time_ms = input.i64()?;
        it.groups = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.throttle_time_ms);
        out.i64(self.time_ms);
        out.array(&self.groups, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct GroupHistory {
    pub group_id: String,
    pub error_code: i16,
    pub group_type: String,
    pub group_state: String,
    pub epoch: i32,
    pub since_ms: i64,
    pub rebalance_count: i64,
    pub rebalances: Vec<Rebalance>,
    pub members: Vec<MemberHistory>,
}

impl Default for GroupHistory {
    fn default() -> Self {
        Self {
            group_id: String::new(),
            error_code: 0,
            group_type: String::new(),
            group_state: String::new(),
            epoch: 0,
            since_ms: -1,
            rebalance_count: 0,
            rebalances: Vec::new(),
            members: Vec::new(),
        }
    }
}

impl Element for GroupHistory {
    const SIZE_MIN: usize = 28;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.group_id = input.string()?;
        it.error_code = input.i16()?;
        it.group_type = input.string()?;
        it.group_state = input.string()?;
        it.epoch = input.i32()?;
        it.since_ms = input.i64()?;
        it.rebalance_count = input.i64()?;
        it.rebalances = input.array(version)?;
        it.members = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.group_id)?;
        out.i16(self.error_code);
        out.string(&self.group_type)?;
        out.string(&self.group_state)?;
        out.i32(self.epoch);
        out.i64(self.since_ms);
        out.i64(self.rebalance_count);
        out.array(&self.rebalances, version)?;
        out.array(&self.members, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Rebalance {
    pub started_ms: i64,
    pub ended_ms: i64,
    pub epoch: i32,
    pub cause: String,
    pub client_reason: Option<String>,
    pub member_id: String,
    pub client_id: String,
    pub host: String,
    pub member_count: i32,
    pub slowest_member_id: Option<String>,
    pub slowest_client_id: Option<String>,
    pub slowest_host: Option<String>,
    pub slowest_step: Option<String>,
    pub slowest_ms: i64,
}

impl Default for Rebalance {
    fn default() -> Self {
        Self {
            started_ms: 0,
            ended_ms: -1,
            epoch: 0,
            cause: String::new(),
            client_reason: None,
            member_id: String::new(),
            client_id: String::new(),
            host: String::new(),
            member_count: 0,
            slowest_member_id: None,
            slowest_client_id: None,
            slowest_host: None,
            slowest_step: None,
            slowest_ms: -1,
        }
    }
}

impl Element for Rebalance {
    const SIZE_MIN: usize = 42;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.started_ms = input.i64()?;
        it.ended_ms = input.i64()?;
        it.epoch = input.i32()?;
        it.cause = input.string()?;
        it.client_reason = input.nullable_string()?;
        it.member_id = input.string()?;
        it.client_id = input.string()?;
        it.host = input.string()?;
        it.member_count = input.i32()?;
        it.slowest_member_id = input.nullable_string()?;
        it.slowest_client_id = input.nullable_string()?;
        it.slowest_host = input.nullable_string()?;
        it.slowest_step = input.nullable_string()?;
        it.slowest_ms = input.i64()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i64(self.started_ms);
        out.i64(self.ended_ms);
        out.i32(self.epoch);
        out.string(&self.cause)?;
        out.nullable_string(self.client_reason.as_deref())?;
        out.string(&self.member_id)?;
        out.string(&self.client_id)?;
        out.string(&self.host)?;
        out.i32(self.member_count);
        out.nullable_string(self.slowest_member_id.as_deref())?;
        out.nullable_string(self.slowest_client_id.as_deref())?;
        out.nullable_string(self.slowest_host.as_deref())?;
        out.nullable_string(self.slowest_step.as_deref())?;
        out.i64(self.slowest_ms);
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct MemberHistory {
    pub member_id: String,
    pub instance_id: Option<String>,
    pub client_id: String,
    pub host: String,
    pub session_timeout_ms: i32,
    pub rebalance_timeout_ms: i32,
    pub join_ms: i64,
    pub sync_ms: i64,
    pub since_heartbeat_ms: i64,
    pub heartbeat_gap_max_ms: i64,
    pub blocks: Option<String>,
}

impl Default for MemberHistory {
    fn default() -> Self {
        Self {
            member_id: String::new(),
            instance_id: None,
            client_id: String::new(),
            host: String::new(),
            session_timeout_ms: 0,
            rebalance_timeout_ms: 0,
            join_ms: -1,
            sync_ms: -1,
            since_heartbeat_ms: -1,
            heartbeat_gap_max_ms: -1,
            blocks: None,
        }
    }
}

impl Element for MemberHistory {
    const SIZE_MIN: usize = 46;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.member_id = input.string()?;
        it.instance_id = input.nullable_string()?;
        it.client_id = input.string()?;
        it.host = input.string()?;
        it.session_timeout_ms = input.i32()?;
        it.rebalance_timeout_ms = input.i32()?;
        it.join_ms = input.i64()?;
        it.sync_ms = input.i64()?;
        it.since_heartbeat_ms = input.i64()?;
        it.heartbeat_gap_max_ms = input.i64()?;
        it.blocks = input.nullable_string()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.member_id)?;
        out.nullable_string(self.instance_id.as_deref())?;
        out.string(&self.client_id)?;
        out.string(&self.host)?;
        out.i32(self.session_timeout_ms);
        out.i32(self.rebalance_timeout_ms);
        out.i64(self.join_ms);
        out.i64(self.sync_ms);
        out.i64(self.since_heartbeat_ms);
        out.i64(self.heartbeat_gap_max_ms);
        out.nullable_string(self.blocks.as_deref())?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for OttlaGroupHistoryResponse {
    const NAME: &'static str = "OttlaGroupHistoryResponse";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}
