// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use bytes::Bytes;
use model::Uuid;

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 4 to 18, flexible from 12.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FetchResponse {
    pub throttle_time_ms: i32,
    /// Versions 7 to 18, left out elsewhere.
    pub error_code: i16,
    /// Versions 7 to 18.
    pub session_id: i32,
    pub responses: Vec<FetchableTopicResponse>,
    /// Versions 16 to 18, tag 0.
    pub node_endpoints: Vec<NodeEndpoint>,
}

impl Element for FetchResponse {
    const SIZE_MIN: usize = 8;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.throttle_time_ms = input.i32()?;
        if version >= 7 {
            it.error_code = input.i16()?;
        }
        if version >= 7 {
            it.session_id = input.i32()?;
        }
        it.responses = input.array(version)?;
        input.tagged_fields(|input, tag| {
            match tag {
                0 if version >= 16 => it.node_endpoints = input.array(version)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.throttle_time_ms);
        if version >= 7 {
            out.i16(self.error_code);
        }
        if version >= 7 {
            out.i32(self.session_id);
        } else if self.session_id != 0 {
            return Err(EncodeError::FieldNotInVersion {
                field: "FetchResponse.SessionId",
                version,
            });
        }
        out.array(&self.responses, version)?;
        if version < 16 && !self.node_endpoints.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "FetchResponse.NodeEndpoints",
                version,
            });
        }
        let mut tags = out.begin_tagged_fields();
        if version >= 16 && !self.node_endpoints.is_empty() {
            out.tagged_field(&mut tags, 0, |out| out.array(&self.node_endpoints, version))?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct FetchableTopicResponse {
    /// Versions 4 to 12, left out elsewhere.
    pub topic: String,
    /// Versions 13 to 18, left out elsewhere.
    pub topic_id: Uuid,
    pub partitions: Vec<PartitionData>,
}

impl Element for FetchableTopicResponse {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version <= 12 {
            it.topic = input.string()?;
        }
        if version >= 13 {
            it.topic_id = input.uuid()?;
        }
        it.partitions = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version <= 12 {
            out.string(&self.topic)?;
        }
        if version >= 13 {
            out.uuid(self.topic_id);
        }
        out.array(&self.partitions, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct PartitionData {
    pub partition_index: i32,
    pub error_code: i16,
    pub high_watermark: i64,
    pub last_stable_offset: i64,
    /// Versions 5 to 18, left out elsewhere.
    pub log_start_offset: i64,
    /// Versions 12 to 18, tag 0.
    pub diverging_epoch: EpochEndOffset,
    /// Versions 12 to 18, tag 1.
    pub current_leader: LeaderIdAndEpoch,
    /// Versions 12 to 18, tag 2.
    pub snapshot_id: SnapshotId,
    pub aborted_transactions: Option<Vec<AbortedTransaction>>,
    /// Versions 11 to 18.
    pub preferred_read_replica: i32,
    pub records: Option<Bytes>,
}

impl Default for PartitionData {
    fn default() -> Self {
        Self {
            partition_index: 0,
            error_code: 0,
            high_watermark: 0,
            last_stable_offset: -1,
            log_start_offset: -1,
            diverging_epoch: EpochEndOffset::default(),
            current_leader: LeaderIdAndEpoch::default(),
            snapshot_id: SnapshotId::default(),
            aborted_transactions: Some(Vec::new()),
            preferred_read_replica: -1,
            records: None,
        }
    }
}

impl Element for PartitionData {
    const SIZE_MIN: usize = 30;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.partition_index = input.i32()?;
        it.error_code = input.i16()?;
        it.high_watermark = input.i64()?;
        it.last_stable_offset = input.i64()?;
        if version >= 5 {
            it.log_start_offset = input.i64()?;
        }
        it.aborted_transactions = input.nullable_array(version)?;
        if version >= 11 {
            it.preferred_read_replica = input.i32()?;
        }
        it.records = input.nullable_bytes()?;
        input.tagged_fields(|input, tag| {
            match tag {
                0 => it.diverging_epoch = Element::read(input, version)?,
                1 => it.current_leader = Element::read(input, version)?,
                2 => it.snapshot_id = Element::read(input, version)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.partition_index);
        out.i16(self.error_code);
        out.i64(self.high_watermark);
        out.i64(self.last_stable_offset);
        if version >= 5 {
            out.i64(self.log_start_offset);
        }
        if version < 12 && self.diverging_epoch != EpochEndOffset::default() {
            return Err(EncodeError::FieldNotInVersion {
                field: "FetchResponse.PartitionData.DivergingEpoch",
                version,
            });
        }
        if version < 12 && self.current_leader != LeaderIdAndEpoch::default() {
            return Err(EncodeError::FieldNotInVersion {
                field: "FetchResponse.PartitionData.CurrentLeader",
                version,
            });
        }
        if version < 12 && self.snapshot_id != SnapshotId::default() {
            return Err(EncodeError::FieldNotInVersion {
                field: "FetchResponse.PartitionData.SnapshotId",
                version,
            });
        }
        out.nullable_array(self.aborted_transactions.as_deref(), version)?;
        if version >= 11 {
            out.i32(self.preferred_read_replica);
        } else if self.preferred_read_replica != -1 {
            return Err(EncodeError::FieldNotInVersion {
                field: "FetchResponse.PartitionData.PreferredReadReplica",
                version,
            });
        }
        out.nullable_bytes(self.records.as_deref())?;
        let mut tags = out.begin_tagged_fields();
        if version >= 12 && self.diverging_epoch != EpochEndOffset::default() {
            out.tagged_field(&mut tags, 0, |out| self.diverging_epoch.write(out, version))?;
        }
        if version >= 12 && self.current_leader != LeaderIdAndEpoch::default() {
            out.tagged_field(&mut tags, 1, |out| self.current_leader.write(out, version))?;
        }
        if version >= 12 && self.snapshot_id != SnapshotId::default() {
            out.tagged_field(&mut tags, 2, |out| self.snapshot_id.write(out, version))?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EpochEndOffset {
    pub epoch: i32,
    pub end_offset: i64,
}

impl Default for EpochEndOffset {
    fn default() -> Self {
        Self { epoch: -1, end_offset: -1 }
    }
}

impl Element for EpochEndOffset {
    const SIZE_MIN: usize = 13;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.epoch = input.i32()?;
        it.end_offset = input.i64()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i32(self.epoch);
        out.i64(self.end_offset);
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

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SnapshotId {
    pub end_offset: i64,
    pub epoch: i32,
}

impl Default for SnapshotId {
    fn default() -> Self {
        Self { end_offset: -1, epoch: -1 }
    }
}

impl Element for SnapshotId {
    const SIZE_MIN: usize = 13;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.end_offset = input.i64()?;
        it.epoch = input.i32()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i64(self.end_offset);
        out.i32(self.epoch);
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AbortedTransaction {
    pub producer_id: i64,
    pub first_offset: i64,
}

impl Element for AbortedTransaction {
    const SIZE_MIN: usize = 16;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.producer_id = input.i64()?;
        it.first_offset = input.i64()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i64(self.producer_id);
        out.i64(self.first_offset);
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

impl Message for FetchResponse {
    const NAME: &'static str = "FetchResponse";
    const VERSIONS: VersionRange = VersionRange::new(4, 18);
    const FLEXIBLE: VersionRange = VersionRange::new(12, 18);
}
