// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 3 to 13, flexible from 9.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProduceResponse {
    pub responses: Vec<TopicProduceResponse>,
    pub throttle_time_ms: i32,
    /// Versions 10 to 13, tag 0.
    pub node_endpoints: Vec<NodeEndpoint>,
}

impl Element for ProduceResponse {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.responses = input.array(version)?;
        it.throttle_time_ms = input.i32()?;
        input.tagged_fields(|input, tag| {
            match tag {
                0 if version >= 10 => it.node_endpoints = input.array(version)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.array(&self.responses, version)?;
        out.i32(self.throttle_time_ms);
        if version < 10 && !self.node_endpoints.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "ProduceResponse.NodeEndpoints",
                version,
            });
        }
        let mut tags = out.begin_tagged_fields();
        if version >= 10 && !self.node_endpoints.is_empty() {
            out.tagged_field(&mut tags, 0, |out| out.array(&self.node_endpoints, version))?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicProduceResponse {
    /// Versions 3 to 12, left out elsewhere.
    pub name: String,
    /// Version 13, left out elsewhere.
    pub topic_id: Uuid,
    pub partition_responses: Vec<PartitionProduceResponse>,
}

impl Element for TopicProduceResponse {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version <= 12 {
            it.name = input.string()?;
        }
        if version == 13 {
            it.topic_id = input.uuid()?;
        }
        it.partition_responses = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version <= 12 {
            out.string(&self.name)?;
        }
        if version == 13 {
            out.uuid(self.topic_id);
        }
        out.array(&self.partition_responses, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct PartitionProduceResponse {
    pub index: i32,
    pub error_code: i16,
    pub base_offset: i64,
    pub log_append_time_ms: i64,
    /// Versions 5 to 13, left out elsewhere.
    pub log_start_offset: i64,
    /// Versions 8 to 13, left out elsewhere.
    pub record_errors: Vec<BatchIndexAndErrorMessage>,
    /// Versions 8 to 13, left out elsewhere.
    pub error_message: Option<String>,
    /// Versions 10 to 13, tag 0.
    pub current_leader: LeaderIdAndEpoch,
}

impl Default for PartitionProduceResponse {
    fn default() -> Self {
        Self {
            index: 0,
            error_code: 0,
            base_offset: 0,
            log_append_time_ms: -1,
            log_start_offset: -1,
            record_errors: Vec::new(),
            error_message: None,
            current_leader: LeaderIdAndEpoch::default(),
        }
    }
}

impl Element for PartitionProduceResponse {
    const SIZE_MIN: usize = 22;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.index = input.i32()?;
        it.error_code = input.i16()?;
        it.base_offset = input.i64()?;
        it.log_append_time_ms = input.i64()?;
        if version >= 5 {
            it.log_start_offset = input.i64()?;
        }
        if version >= 8 {
            it.record_errors = input.array(version)?;
        }
        if version >= 8 {
            it.error_message = input.nullable_string()?;
        }
        input.tagged_fields(|input, tag| {
            match tag {
                0 if version >= 10 => it.current_leader = Element::read(input, version)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.index);
        out.i16(self.error_code);
        out.i64(self.base_offset);
        out.i64(self.log_append_time_ms);
        if version >= 5 {
            out.i64(self.log_start_offset);
        }
        if version >= 8 {
            out.array(&self.record_errors, version)?;
        }
        if version >= 8 {
            out.nullable_string(self.error_message.as_deref())?;
        }
        if version < 10 && self.current_leader != LeaderIdAndEpoch::default() {
            return Err(EncodeError::FieldNotInVersion {
                field: "ProduceResponse.PartitionProduceResponse.CurrentLeader",
                version,
            });
        }
        let mut tags = out.begin_tagged_fields();
        if version >= 10 && self.current_leader != LeaderIdAndEpoch::default() {
            out.tagged_field(&mut tags, 0, |out| self.current_leader.write(out, version))?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct BatchIndexAndErrorMessage {
    pub batch_index: i32,
    pub batch_index_error_message: Option<String>,
}

impl Element for BatchIndexAndErrorMessage {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.batch_index = input.i32()?;
        it.batch_index_error_message = input.nullable_string()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i32(self.batch_index);
        out.nullable_string(self.batch_index_error_message.as_deref())?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeaderIdAndEpoch {
    pub leader_id: i32,
    pub leader_epoch: i32,
}

impl Default for LeaderIdAndEpoch {
    fn default() -> Self {
        Self { leader_id: -1, leader_epoch: -1 }
    }
}

impl Element for LeaderIdAndEpoch {
    const SIZE_MIN: usize = 9;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.leader_id = input.i32()?;
        it.leader_epoch = input.i32()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i32(self.leader_id);
        out.i32(self.leader_epoch);
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeEndpoint {
    pub node_id: i32,
    pub host: String,
    pub port: i32,
    pub rack: Option<String>,
}

impl Element for NodeEndpoint {
    const SIZE_MIN: usize = 11;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.node_id = input.i32()?;
        it.host = input.string()?;
        it.port = input.i32()?;
        it.rack = input.nullable_string()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i32(self.node_id);
        out.string(&self.host)?;
        out.i32(self.port);
        out.nullable_string(self.rack.as_deref())?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for ProduceResponse {
    const NAME: &'static str = "ProduceResponse";
    const VERSIONS: VersionRange = VersionRange::new(3, 13);
    const FLEXIBLE: VersionRange = VersionRange::new(9, 13);
}
