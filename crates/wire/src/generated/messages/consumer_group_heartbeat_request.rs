// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 0 to 1, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsumerGroupHeartbeatRequest {
    pub group_id: String,
    pub member_id: String,
    pub member_epoch: i32,
    pub instance_id: Option<String>,
    pub rack_id: Option<String>,
    pub rebalance_timeout_ms: i32,
    pub subscribed_topic_names: Option<Vec<String>>,
    /// Version 1.
    pub subscribed_topic_regex: Option<String>,
    pub server_assignor: Option<String>,
    pub topic_partitions: Option<Vec<TopicPartitions>>,
}

impl Default for ConsumerGroupHeartbeatRequest {
    fn default() -> Self {
        Self {
            group_id: String::new(),
            member_id: String::new(),
            member_epoch: 0,
            instance_id: None,
            rack_id: None,
            rebalance_timeout_ms: -1,
            subscribed_topic_names: None,
            subscribed_topic_regex: None,
            server_assignor: None,
            topic_partitions: None,
        }
    }
}

impl Element for ConsumerGroupHeartbeatRequest {
    const SIZE_MIN: usize = 16;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.group_id = input.string()?;
        it.member_id = input.string()?;
        it.member_epoch = input.i32()?;
        it.instance_id = input.nullable_string()?;
        it.rack_id = input.nullable_string()?;
        it.rebalance_timeout_ms = input.i32()?;
        it.subscribed_topic_names = input.nullable_array(version)?;
        if version == 1 {
            it.subscribed_topic_regex = input.nullable_string()?;
        }
        it.server_assignor = input.nullable_string()?;
        it.topic_partitions = input.nullable_array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.group_id)?;
        out.string(&self.member_id)?;
        out.i32(self.member_epoch);
        out.nullable_string(self.instance_id.as_deref())?;
        out.nullable_string(self.rack_id.as_deref())?;
        out.i32(self.rebalance_timeout_ms);
        out.nullable_array(self.subscribed_topic_names.as_deref(), version)?;
        if version == 1 {
            out.nullable_string(self.subscribed_topic_regex.as_deref())?;
        } else if self.subscribed_topic_regex.is_some() {
            return Err(EncodeError::FieldNotInVersion {
                field: "ConsumerGroupHeartbeatRequest.SubscribedTopicRegex",
                version,
            });
        }
        out.nullable_string(self.server_assignor.as_deref())?;
        out.nullable_array(self.topic_partitions.as_deref(), version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicPartitions {
    pub topic_id: Uuid,
    pub partitions: Vec<i32>,
}

impl Element for TopicPartitions {
    const SIZE_MIN: usize = 18;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.topic_id = input.uuid()?;
        it.partitions = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.uuid(self.topic_id);
        out.array(&self.partitions, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for ConsumerGroupHeartbeatRequest {
    const NAME: &'static str = "ConsumerGroupHeartbeatRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 1);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 1);
}

impl Request for ConsumerGroupHeartbeatRequest {
    const KEY: ApiKey = ApiKey::ConsumerGroupHeartbeat;
    type Response = super::ConsumerGroupHeartbeatResponse;
}
