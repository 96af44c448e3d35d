// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::view::parse_view;
use crate::{
    ApiKey, ArrayView, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange,
    View, Writer,
};

/// Versions 4 to 18, flexible from 12.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchRequest {
    /// Versions 12 to 18, tag 0, left out elsewhere.
    pub cluster_id: Option<String>,
    /// Versions 4 to 14.
    pub replica_id: i32,
    /// Versions 15 to 18, tag 1.
    pub replica_state: ReplicaState,
    pub max_wait_ms: i32,
    pub min_bytes: i32,
    pub max_bytes: i32,
    pub isolation_level: i8,
    /// Versions 7 to 18, left out elsewhere.
    pub session_id: i32,
    /// Versions 7 to 18, left out elsewhere.
    pub session_epoch: i32,
    pub topics: Vec<FetchTopic>,
    /// Versions 7 to 18.
    pub forgotten_topics_data: Vec<ForgottenTopic>,
    /// Versions 11 to 18, left out elsewhere.
    pub rack_id: String,
}

impl Default for FetchRequest {
    fn default() -> Self {
        Self {
            cluster_id: None,
            replica_id: -1,
            replica_state: ReplicaState::default(),
            max_wait_ms: 0,
            min_bytes: 0,
            max_bytes: i32::MAX,
            isolation_level: 0,
            session_id: 0,
            session_epoch: -1,
            topics: Vec::new(),
            forgotten_topics_data: Vec::new(),
            rack_id: String::new(),
        }
    }
}

impl Element for FetchRequest {
    const SIZE_MIN: usize = 21;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version <= 14 {
            it.replica_id = input.i32()?;
        }
        it.max_wait_ms = input.i32()?;
        it.min_bytes = input.i32()?;
        it.max_bytes = input.i32()?;
        it.isolation_level = input.i8()?;
        if version >= 7 {
            it.session_id = input.i32()?;
        }
        if version >= 7 {
            it.session_epoch = input.i32()?;
        }
        it.topics = input.array(version)?;
        if version >= 7 {
            it.forgotten_topics_data = input.array(version)?;
        }
        if version >= 11 {
            it.rack_id = input.string()?;
        }
        input.tagged_fields(|input, tag| {
            match tag {
                0 => it.cluster_id = input.nullable_string()?,
                1 if version >= 15 => it.replica_state = Element::read(input, version)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version <= 14 {
            out.i32(self.replica_id);
        } else if self.replica_id != -1 {
            return Err(EncodeError::FieldNotInVersion {
                field: "FetchRequest.ReplicaId",
                version,
            });
        }
        if version < 15 && self.replica_state != ReplicaState::default() {
            return Err(EncodeError::FieldNotInVersion {
                field: "FetchRequest.ReplicaState",
                version,
            });
        }
        out.i32(self.max_wait_ms);
        out.i32(self.min_bytes);
        out.i32(self.max_bytes);
        out.i8(self.isolation_level);
        if version >= 7 {
            out.i32(self.session_id);
        }
        if version >= 7 {
            out.i32(self.session_epoch);
        }
        out.array(&self.topics, version)?;
        if version >= 7 {
            out.array(&self.forgotten_topics_data, version)?;
        } else if !self.forgotten_topics_data.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "FetchRequest.ForgottenTopicsData",
                version,
            });
        }
        if version >= 11 {
            out.string(&self.rack_id)?;
        }
        let mut tags = out.begin_tagged_fields();
        if version >= 12 && self.cluster_id.is_some() {
            out.tagged_field(&mut tags, 0, |out| out.nullable_string(self.cluster_id.as_deref()))?;
        }
        if version >= 15 && self.replica_state != ReplicaState::default() {
            out.tagged_field(&mut tags, 1, |out| self.replica_state.write(out, version))?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReplicaState {
    pub replica_id: i32,
    pub replica_epoch: i64,
}

impl Default for ReplicaState {
    fn default() -> Self {
        Self { replica_id: -1, replica_epoch: -1 }
    }
}

impl Element for ReplicaState {
    const SIZE_MIN: usize = 13;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.replica_id = input.i32()?;
        it.replica_epoch = input.i64()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i32(self.replica_id);
        out.i64(self.replica_epoch);
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct FetchTopic {
    /// Versions 4 to 12, left out elsewhere.
    pub topic: String,
    /// Versions 13 to 18, left out elsewhere.
    pub topic_id: Uuid,
    pub partitions: Vec<FetchPartition>,
}

impl Element for FetchTopic {
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

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FetchPartition {
    pub partition: i32,
    /// Versions 9 to 18, left out elsewhere.
    pub current_leader_epoch: i32,
    pub fetch_offset: i64,
    /// Versions 12 to 18.
    pub last_fetched_epoch: i32,
    /// Versions 5 to 18, left out elsewhere.
    pub log_start_offset: i64,
    pub partition_max_bytes: i32,
    /// Versions 17 to 18, tag 0, left out elsewhere.
    pub replica_directory_id: Uuid,
    /// Version 18, tag 1, left out elsewhere.
    pub high_watermark: i64,
}

impl Default for FetchPartition {
    fn default() -> Self {
        Self {
            partition: 0,
            current_leader_epoch: -1,
            fetch_offset: 0,
            last_fetched_epoch: -1,
            log_start_offset: -1,
            partition_max_bytes: 0,
            replica_directory_id: Uuid::ZERO,
            high_watermark: i64::MAX,
        }
    }
}

impl Element for FetchPartition {
    const SIZE_MIN: usize = 16;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.partition = input.i32()?;
        if version >= 9 {
            it.current_leader_epoch = input.i32()?;
        }
        it.fetch_offset = input.i64()?;
        if version >= 12 {
            it.last_fetched_epoch = input.i32()?;
        }
        if version >= 5 {
            it.log_start_offset = input.i64()?;
        }
        it.partition_max_bytes = input.i32()?;
        input.tagged_fields(|input, tag| {
            match tag {
                0 if version >= 17 => it.replica_directory_id = input.uuid()?,
                1 if version == 18 => it.high_watermark = input.i64()?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.partition);
        if version >= 9 {
            out.i32(self.current_leader_epoch);
        }
        out.i64(self.fetch_offset);
        if version >= 12 {
            out.i32(self.last_fetched_epoch);
        } else if self.last_fetched_epoch != -1 {
            return Err(EncodeError::FieldNotInVersion {
                field: "FetchRequest.FetchPartition.LastFetchedEpoch",
                version,
            });
        }
        if version >= 5 {
            out.i64(self.log_start_offset);
        }
        out.i32(self.partition_max_bytes);
        let mut tags = out.begin_tagged_fields();
        if version >= 17 && !self.replica_directory_id.is_zero() {
            out.tagged_field(&mut tags, 0, |out| {
                out.uuid(self.replica_directory_id);
                Ok(())
            })?;
        }
        if version == 18 && self.high_watermark != i64::MAX {
            out.tagged_field(&mut tags, 1, |out| {
                out.i64(self.high_watermark);
                Ok(())
            })?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ForgottenTopic {
    /// Versions 7 to 12, left out elsewhere.
    pub topic: String,
    /// Versions 13 to 18, left out elsewhere.
    pub topic_id: Uuid,
    pub partitions: Vec<i32>,
}

impl Element for ForgottenTopic {
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

/// A [`FetchRequest`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct FetchRequestView<'a> {
    pub cluster_id: Option<&'a str>,
    pub replica_id: i32,
    pub replica_state: ReplicaState,
    pub max_wait_ms: i32,
    pub min_bytes: i32,
    pub max_bytes: i32,
    pub isolation_level: i8,
    pub session_id: i32,
    pub session_epoch: i32,
    pub topics: ArrayView<'a, FetchTopicView<'a>>,
    pub forgotten_topics_data: ArrayView<'a, ForgottenTopicView<'a>>,
    pub rack_id: &'a str,
}

impl Default for FetchRequestView<'_> {
    fn default() -> Self {
        Self {
            cluster_id: None,
            replica_id: -1,
            replica_state: ReplicaState::default(),
            max_wait_ms: 0,
            min_bytes: 0,
            max_bytes: i32::MAX,
            isolation_level: 0,
            session_id: 0,
            session_epoch: -1,
            topics: ArrayView::empty(),
            forgotten_topics_data: ArrayView::empty(),
            rack_id: "",
        }
    }
}

impl<'a> View<'a> for FetchRequestView<'a> {
    const SIZE_MIN: usize = 21;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version <= 14 {
            it.replica_id = input.i32()?;
        }
        it.max_wait_ms = input.i32()?;
        it.min_bytes = input.i32()?;
        it.max_bytes = input.i32()?;
        it.isolation_level = input.i8()?;
        if version >= 7 {
            it.session_id = input.i32()?;
        }
        if version >= 7 {
            it.session_epoch = input.i32()?;
        }
        it.topics = ArrayView::read(input, version)?;
        if version >= 7 {
            it.forgotten_topics_data = ArrayView::read(input, version)?;
        }
        if version >= 11 {
            it.rack_id = input.str()?;
        }
        input.tagged_fields(|input, tag| {
            match tag {
                0 => it.cluster_id = input.nullable_str()?,
                1 if version >= 15 => it.replica_state = View::read(input, version)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }
}

impl From<FetchRequestView<'_>> for FetchRequest {
    fn from(it: FetchRequestView<'_>) -> Self {
        Self {
            cluster_id: it.cluster_id.map(str::to_owned),
            replica_id: it.replica_id,
            replica_state: it.replica_state.into(),
            max_wait_ms: it.max_wait_ms,
            min_bytes: it.min_bytes,
            max_bytes: it.max_bytes,
            isolation_level: it.isolation_level,
            session_id: it.session_id,
            session_epoch: it.session_epoch,
            topics: it.topics.iter().map(Into::into).collect(),
            forgotten_topics_data: it.forgotten_topics_data.iter().map(Into::into).collect(),
            rack_id: str::to_owned(it.rack_id),
        }
    }
}

impl View<'_> for ReplicaState {
    const SIZE_MIN: usize = <Self as Element>::SIZE_MIN;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        Element::read(input, version)
    }
}

/// A [`FetchTopic`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct FetchTopicView<'a> {
    pub topic: &'a str,
    pub topic_id: Uuid,
    pub partitions: ArrayView<'a, FetchPartition>,
}

impl Default for FetchTopicView<'_> {
    fn default() -> Self {
        Self { topic: "", topic_id: Uuid::ZERO, partitions: ArrayView::empty() }
    }
}

impl<'a> View<'a> for FetchTopicView<'a> {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version <= 12 {
            it.topic = input.str()?;
        }
        if version >= 13 {
            it.topic_id = input.uuid()?;
        }
        it.partitions = ArrayView::read(input, version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }
}

impl From<FetchTopicView<'_>> for FetchTopic {
    fn from(it: FetchTopicView<'_>) -> Self {
        Self {
            topic: str::to_owned(it.topic),
            topic_id: it.topic_id,
            partitions: it.partitions.iter().map(Into::into).collect(),
        }
    }
}

impl View<'_> for FetchPartition {
    const SIZE_MIN: usize = <Self as Element>::SIZE_MIN;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        Element::read(input, version)
    }
}

/// A [`ForgottenTopic`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct ForgottenTopicView<'a> {
    pub topic: &'a str,
    pub topic_id: Uuid,
    pub partitions: ArrayView<'a, i32>,
}

impl Default for ForgottenTopicView<'_> {
    fn default() -> Self {
        Self { topic: "", topic_id: Uuid::ZERO, partitions: ArrayView::empty() }
    }
}

impl<'a> View<'a> for ForgottenTopicView<'a> {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version <= 12 {
            it.topic = input.str()?;
        }
        if version >= 13 {
            it.topic_id = input.uuid()?;
        }
        it.partitions = ArrayView::read(input, version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }
}

impl From<ForgottenTopicView<'_>> for ForgottenTopic {
    fn from(it: ForgottenTopicView<'_>) -> Self {
        Self {
            topic: str::to_owned(it.topic),
            topic_id: it.topic_id,
            partitions: it.partitions.iter().map(Into::into).collect(),
        }
    }
}

impl<'a> FetchRequestView<'a> {
    /// Checks the whole request, which must end with the bytes, and allocates nothing.
    pub fn parse(data: &'a [u8], version: i16) -> Result<Self, DecodeError> {
        parse_view::<FetchRequest, Self>(data, version)
    }
}

impl Message for FetchRequest {
    const NAME: &'static str = "FetchRequest";
    const VERSIONS: VersionRange = VersionRange::new(4, 18);
    const FLEXIBLE: VersionRange = VersionRange::new(12, 18);
}

impl Request for FetchRequest {
    const KEY: ApiKey = ApiKey::Fetch;
    type Response = super::FetchResponse;
}
