// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::view::parse_view;
use crate::{
    ApiKey, ArrayView, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange,
    View, Writer,
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

/// A [`ConsumerGroupHeartbeatRequest`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct ConsumerGroupHeartbeatRequestView<'a> {
    pub group_id: &'a str,
    pub member_id: &'a str,
    pub member_epoch: i32,
    pub instance_id: Option<&'a str>,
    pub rack_id: Option<&'a str>,
    pub rebalance_timeout_ms: i32,
    pub subscribed_topic_names: Option<ArrayView<'a, &'a str>>,
    pub subscribed_topic_regex: Option<&'a str>,
    pub server_assignor: Option<&'a str>,
    pub topic_partitions: Option<ArrayView<'a, TopicPartitionsView<'a>>>,
}

impl Default for ConsumerGroupHeartbeatRequestView<'_> {
    fn default() -> Self {
        Self {
            group_id: "",
            member_id: "",
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

impl<'a> View<'a> for ConsumerGroupHeartbeatRequestView<'a> {
    const SIZE_MIN: usize = 16;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.group_id = input.str()?;
        it.member_id = input.str()?;
        it.member_epoch = input.i32()?;
        it.instance_id = input.nullable_str()?;
        it.rack_id = input.nullable_str()?;
        it.rebalance_timeout_ms = input.i32()?;
        it.subscribed_topic_names = ArrayView::read_nullable(input, version)?;
        if version == 1 {
            it.subscribed_topic_regex = input.nullable_str()?;
        }
        it.server_assignor = input.nullable_str()?;
        it.topic_partitions = ArrayView::read_nullable(input, version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }
}

impl From<ConsumerGroupHeartbeatRequestView<'_>> for ConsumerGroupHeartbeatRequest {
    fn from(it: ConsumerGroupHeartbeatRequestView<'_>) -> Self {
        Self {
            group_id: str::to_owned(it.group_id),
            member_id: str::to_owned(it.member_id),
            member_epoch: it.member_epoch,
            instance_id: it.instance_id.map(str::to_owned),
            rack_id: it.rack_id.map(str::to_owned),
            rebalance_timeout_ms: it.rebalance_timeout_ms,
            subscribed_topic_names: it
                .subscribed_topic_names
                .map(|array| array.iter().map(Into::into).collect()),
            subscribed_topic_regex: it.subscribed_topic_regex.map(str::to_owned),
            server_assignor: it.server_assignor.map(str::to_owned),
            topic_partitions: it
                .topic_partitions
                .map(|array| array.iter().map(Into::into).collect()),
        }
    }
}

/// A [`TopicPartitions`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct TopicPartitionsView<'a> {
    pub topic_id: Uuid,
    pub partitions: ArrayView<'a, i32>,
}

impl Default for TopicPartitionsView<'_> {
    fn default() -> Self {
        Self { topic_id: Uuid::ZERO, partitions: ArrayView::empty() }
    }
}

impl<'a> View<'a> for TopicPartitionsView<'a> {
    const SIZE_MIN: usize = 18;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.topic_id = input.uuid()?;
        it.partitions = ArrayView::read(input, version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }
}

impl From<TopicPartitionsView<'_>> for TopicPartitions {
    fn from(it: TopicPartitionsView<'_>) -> Self {
        Self { topic_id: it.topic_id, partitions: it.partitions.iter().map(Into::into).collect() }
    }
}

impl<'a> ConsumerGroupHeartbeatRequestView<'a> {
    /// Checks the whole request, which must end with the bytes, and allocates nothing.
    pub fn parse(data: &'a [u8], version: i16) -> Result<Self, DecodeError> {
        parse_view::<ConsumerGroupHeartbeatRequest, Self>(data, version)
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
