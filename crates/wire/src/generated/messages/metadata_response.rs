// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::message::required;
use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 0 to 13, flexible from 9.
#[derive(Clone, Debug, PartialEq)]
pub struct MetadataResponse {
    /// Versions 3 to 13, left out elsewhere.
    pub throttle_time_ms: i32,
    pub brokers: Vec<MetadataResponseBroker>,
    /// Versions 2 to 13, left out elsewhere.
    pub cluster_id: Option<String>,
    /// Versions 1 to 13, left out elsewhere.
    pub controller_id: i32,
    pub topics: Vec<MetadataResponseTopic>,
    /// Versions 8 to 10.
    pub cluster_authorized_operations: i32,
    /// Version 13, left out elsewhere.
    pub error_code: i16,
}

impl Default for MetadataResponse {
    fn default() -> Self {
        Self {
            throttle_time_ms: 0,
            brokers: Vec::new(),
            cluster_id: None,
            controller_id: -1,
            topics: Vec::new(),
            cluster_authorized_operations: i32::MIN,
            error_code: 0,
        }
    }
}

impl Element for MetadataResponse {
    const SIZE_MIN: usize = 8;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version >= 3 {
            it.throttle_time_ms = input.i32()?;
        }
        it.brokers = input.array(version)?;
        if version >= 2 {
            it.cluster_id = input.nullable_string()?;
        }
        if version >= 1 {
            it.controller_id = input.i32()?;
        }
        it.topics = input.array(version)?;
        if (8..=10).contains(&version) {
            it.cluster_authorized_operations = input.i32()?;
        }
        if version == 13 {
            it.error_code = input.i16()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version >= 3 {
            out.i32(self.throttle_time_ms);
        }
        out.array(&self.brokers, version)?;
        if version >= 2 {
            out.nullable_string(self.cluster_id.as_deref())?;
        }
        if version >= 1 {
            out.i32(self.controller_id);
        }
        out.array(&self.topics, version)?;
        if (8..=10).contains(&version) {
            out.i32(self.cluster_authorized_operations);
        } else if self.cluster_authorized_operations != i32::MIN {
            return Err(EncodeError::FieldNotInVersion {
                field: "MetadataResponse.ClusterAuthorizedOperations",
                version,
            });
        }
        if version == 13 {
            out.i16(self.error_code);
        }
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetadataResponseBroker {
    pub node_id: i32,
    pub host: String,
    pub port: i32,
    /// Versions 1 to 13, left out elsewhere.
    pub rack: Option<String>,
}

impl Element for MetadataResponseBroker {
    const SIZE_MIN: usize = 10;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.node_id = input.i32()?;
        it.host = input.string()?;
        it.port = input.i32()?;
        if version >= 1 {
            it.rack = input.nullable_string()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.node_id);
        out.string(&self.host)?;
        out.i32(self.port);
        if version >= 1 {
            out.nullable_string(self.rack.as_deref())?;
        }
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct MetadataResponseTopic {
    pub error_code: i16,
    /// Null in versions 12 to 13.
    pub name: Option<String>,
    /// Versions 10 to 13, left out elsewhere.
    pub topic_id: Uuid,
    /// Versions 1 to 13, left out elsewhere.
    pub is_internal: bool,
    pub partitions: Vec<MetadataResponsePartition>,
    /// Versions 8 to 13.
    pub topic_authorized_operations: i32,
}

impl Default for MetadataResponseTopic {
    fn default() -> Self {
        Self {
            error_code: 0,
            name: Some(String::new()),
            topic_id: Uuid::ZERO,
            is_internal: false,
            partitions: Vec::new(),
            topic_authorized_operations: i32::MIN,
        }
    }
}

impl Element for MetadataResponseTopic {
    const SIZE_MIN: usize = 8;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.error_code = input.i16()?;
        it.name = if version >= 12 { input.nullable_string()? } else { Some(input.string()?) };
        if version >= 10 {
            it.topic_id = input.uuid()?;
        }
        if version >= 1 {
            it.is_internal = input.bool()?;
        }
        it.partitions = input.array(version)?;
        if version >= 8 {
            it.topic_authorized_operations = input.i32()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i16(self.error_code);
        if version >= 12 {
            out.nullable_string(self.name.as_deref())?
        } else {
            out.string(required(
                self.name.as_deref(),
                "MetadataResponse.MetadataResponseTopic.Name",
            )?)?
        };
        if version >= 10 {
            out.uuid(self.topic_id);
        }
        if version >= 1 {
            out.bool(self.is_internal);
        }
        out.array(&self.partitions, version)?;
        if version >= 8 {
            out.i32(self.topic_authorized_operations);
        } else if self.topic_authorized_operations != i32::MIN {
            return Err(EncodeError::FieldNotInVersion {
                field: "MetadataResponse.MetadataResponseTopic.TopicAuthorizedOperations",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct MetadataResponsePartition {
    pub error_code: i16,
    pub partition_index: i32,
    pub leader_id: i32,
    /// Versions 7 to 13, left out elsewhere.
    pub leader_epoch: i32,
    pub replica_nodes: Vec<i32>,
    pub isr_nodes: Vec<i32>,
    /// Versions 5 to 13, left out elsewhere.
    pub offline_replicas: Vec<i32>,
}

impl Default for MetadataResponsePartition {
    fn default() -> Self {
        Self {
            error_code: 0,
            partition_index: 0,
            leader_id: 0,
            leader_epoch: -1,
            replica_nodes: Vec::new(),
            isr_nodes: Vec::new(),
            offline_replicas: Vec::new(),
        }
    }
}

impl Element for MetadataResponsePartition {
    const SIZE_MIN: usize = 18;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.error_code = input.i16()?;
        it.partition_index = input.i32()?;
        it.leader_id = input.i32()?;
        if version >= 7 {
            it.leader_epoch = input.i32()?;
        }
        it.replica_nodes = input.array(version)?;
        it.isr_nodes = input.array(version)?;
        if version >= 5 {
            it.offline_replicas = input.array(version)?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i16(self.error_code);
        out.i32(self.partition_index);
        out.i32(self.leader_id);
        if version >= 7 {
            out.i32(self.leader_epoch);
        }
        out.array(&self.replica_nodes, version)?;
        out.array(&self.isr_nodes, version)?;
        if version >= 5 {
            out.array(&self.offline_replicas, version)?;
        }
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for MetadataResponse {
    const NAME: &'static str = "MetadataResponse";
    const VERSIONS: VersionRange = VersionRange::new(0, 13);
    const FLEXIBLE: VersionRange = VersionRange::new(9, 13);
}
