// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::message::required;
use crate::view::parse_view;
use crate::{
    ApiKey, ArrayView, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange,
    View, Writer,
};

/// Versions 1 to 10, flexible from 6.
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetFetchRequest {
    /// Versions 1 to 7.
    pub group_id: String,
    /// Versions 1 to 7, null in versions 2 to 7.
    pub topics: Option<Vec<OffsetFetchRequestTopic>>,
    /// Versions 8 to 10.
    pub groups: Vec<OffsetFetchRequestGroup>,
    /// Versions 7 to 10.
    pub require_stable: bool,
}

impl Default for OffsetFetchRequest {
    fn default() -> Self {
        Self {
            group_id: String::new(),
            topics: Some(Vec::new()),
            groups: Vec::new(),
            require_stable: false,
        }
    }
}

impl Element for OffsetFetchRequest {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version <= 7 {
            it.group_id = input.string()?;
        }
        if version <= 7 {
            it.topics = if version >= 2 {
                input.nullable_array(version)?
            } else {
                Some(input.array(version)?)
            };
        }
        if version >= 8 {
            it.groups = input.array(version)?;
        }
        if version >= 7 {
            it.require_stable = input.bool()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version <= 7 {
            out.string(&self.group_id)?;
        } else if !self.group_id.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "OffsetFetchRequest.GroupId",
                version,
            });
        }
        if version <= 7 {
            if version >= 2 {
                out.nullable_array(self.topics.as_deref(), version)?
            } else {
                out.array(required(self.topics.as_deref(), "OffsetFetchRequest.Topics")?, version)?
            };
        } else if self.topics.as_ref().is_none_or(|value| !value.is_empty()) {
            return Err(EncodeError::FieldNotInVersion {
                field: "OffsetFetchRequest.Topics",
                version,
            });
        }
        if version >= 8 {
            out.array(&self.groups, version)?;
        } else if !self.groups.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "OffsetFetchRequest.Groups",
                version,
            });
        }
        if version >= 7 {
            out.bool(self.require_stable);
        } else if self.require_stable {
            return Err(EncodeError::FieldNotInVersion {
                field: "OffsetFetchRequest.RequireStable",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetFetchRequestTopic {
    pub name: String,
    pub partition_indexes: Vec<i32>,
}

impl Element for OffsetFetchRequestTopic {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.string()?;
        it.partition_indexes = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.name)?;
        out.array(&self.partition_indexes, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct OffsetFetchRequestGroup {
    pub group_id: String,
    /// Versions 9 to 10, left out elsewhere.
    pub member_id: Option<String>,
    /// Versions 9 to 10, left out elsewhere.
    pub member_epoch: i32,
    pub topics: Option<Vec<OffsetFetchRequestTopics>>,
}

impl Default for OffsetFetchRequestGroup {
    fn default() -> Self {
        Self {
            group_id: String::new(),
            member_id: None,
            member_epoch: -1,
            topics: Some(Vec::new()),
        }
    }
}

impl Element for OffsetFetchRequestGroup {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.group_id = input.string()?;
        if version >= 9 {
            it.member_id = input.nullable_string()?;
        }
        if version >= 9 {
            it.member_epoch = input.i32()?;
        }
        it.topics = input.nullable_array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.group_id)?;
        if version >= 9 {
            out.nullable_string(self.member_id.as_deref())?;
        }
        if version >= 9 {
            out.i32(self.member_epoch);
        }
        out.nullable_array(self.topics.as_deref(), version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetFetchRequestTopics {
    /// Versions 8 to 9, left out elsewhere.
    pub name: String,
    /// Version 10, left out elsewhere.
    pub topic_id: Uuid,
    pub partition_indexes: Vec<i32>,
}

impl Element for OffsetFetchRequestTopics {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version <= 9 {
            it.name = input.string()?;
        }
        if version == 10 {
            it.topic_id = input.uuid()?;
        }
        it.partition_indexes = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version <= 9 {
            out.string(&self.name)?;
        }
        if version == 10 {
            out.uuid(self.topic_id);
        }
        out.array(&self.partition_indexes, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

/// A [`OffsetFetchRequest`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct OffsetFetchRequestView<'a> {
    pub group_id: &'a str,
    pub topics: Option<ArrayView<'a, OffsetFetchRequestTopicView<'a>>>,
    pub groups: ArrayView<'a, OffsetFetchRequestGroupView<'a>>,
    pub require_stable: bool,
}

impl Default for OffsetFetchRequestView<'_> {
    fn default() -> Self {
        Self {
            group_id: "",
            topics: Some(ArrayView::empty()),
            groups: ArrayView::empty(),
            require_stable: false,
        }
    }
}

impl<'a> View<'a> for OffsetFetchRequestView<'a> {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version <= 7 {
            it.group_id = input.str()?;
        }
        if version <= 7 {
            it.topics = if version >= 2 {
                ArrayView::read_nullable(input, version)?
            } else {
                Some(ArrayView::read(input, version)?)
            };
        }
        if version >= 8 {
            it.groups = ArrayView::read(input, version)?;
        }
        if version >= 7 {
            it.require_stable = input.bool()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }
}

impl From<OffsetFetchRequestView<'_>> for OffsetFetchRequest {
    fn from(it: OffsetFetchRequestView<'_>) -> Self {
        Self {
            group_id: str::to_owned(it.group_id),
            topics: it.topics.map(|array| array.iter().map(Into::into).collect()),
            groups: it.groups.iter().map(Into::into).collect(),
            require_stable: it.require_stable,
        }
    }
}

/// A [`OffsetFetchRequestTopic`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct OffsetFetchRequestTopicView<'a> {
    pub name: &'a str,
    pub partition_indexes: ArrayView<'a, i32>,
}

impl Default for OffsetFetchRequestTopicView<'_> {
    fn default() -> Self {
        Self { name: "", partition_indexes: ArrayView::empty() }
    }
}

impl<'a> View<'a> for OffsetFetchRequestTopicView<'a> {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.str()?;
        it.partition_indexes = ArrayView::read(input, version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }
}

impl From<OffsetFetchRequestTopicView<'_>> for OffsetFetchRequestTopic {
    fn from(it: OffsetFetchRequestTopicView<'_>) -> Self {
        Self {
            name: str::to_owned(it.name),
            partition_indexes: it.partition_indexes.iter().map(Into::into).collect(),
        }
    }
}

/// A [`OffsetFetchRequestGroup`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct OffsetFetchRequestGroupView<'a> {
    pub group_id: &'a str,
    pub member_id: Option<&'a str>,
    pub member_epoch: i32,
    pub topics: Option<ArrayView<'a, OffsetFetchRequestTopicsView<'a>>>,
}

impl Default for OffsetFetchRequestGroupView<'_> {
    fn default() -> Self {
        Self { group_id: "", member_id: None, member_epoch: -1, topics: Some(ArrayView::empty()) }
    }
}

impl<'a> View<'a> for OffsetFetchRequestGroupView<'a> {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.group_id = input.str()?;
        if version >= 9 {
            it.member_id = input.nullable_str()?;
        }
        if version >= 9 {
            it.member_epoch = input.i32()?;
        }
        it.topics = ArrayView::read_nullable(input, version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }
}

impl From<OffsetFetchRequestGroupView<'_>> for OffsetFetchRequestGroup {
    fn from(it: OffsetFetchRequestGroupView<'_>) -> Self {
        Self {
            group_id: str::to_owned(it.group_id),
            member_id: it.member_id.map(str::to_owned),
            member_epoch: it.member_epoch,
            topics: it.topics.map(|array| array.iter().map(Into::into).collect()),
        }
    }
}

/// A [`OffsetFetchRequestTopics`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct OffsetFetchRequestTopicsView<'a> {
    pub name: &'a str,
    pub topic_id: Uuid,
    pub partition_indexes: ArrayView<'a, i32>,
}

impl Default for OffsetFetchRequestTopicsView<'_> {
    fn default() -> Self {
        Self { name: "", topic_id: Uuid::ZERO, partition_indexes: ArrayView::empty() }
    }
}

impl<'a> View<'a> for OffsetFetchRequestTopicsView<'a> {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version <= 9 {
            it.name = input.str()?;
        }
        if version == 10 {
            it.topic_id = input.uuid()?;
        }
        it.partition_indexes = ArrayView::read(input, version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }
}

impl From<OffsetFetchRequestTopicsView<'_>> for OffsetFetchRequestTopics {
    fn from(it: OffsetFetchRequestTopicsView<'_>) -> Self {
        Self {
            name: str::to_owned(it.name),
            topic_id: it.topic_id,
            partition_indexes: it.partition_indexes.iter().map(Into::into).collect(),
        }
    }
}

impl<'a> OffsetFetchRequestView<'a> {
    /// Checks the whole request, which must end with the bytes, and allocates nothing.
    pub fn parse(data: &'a [u8], version: i16) -> Result<Self, DecodeError> {
        parse_view::<OffsetFetchRequest, Self>(data, version)
    }
}

impl Message for OffsetFetchRequest {
    const NAME: &'static str = "OffsetFetchRequest";
    const VERSIONS: VersionRange = VersionRange::new(1, 10);
    const FLEXIBLE: VersionRange = VersionRange::new(6, 10);
}

impl Request for OffsetFetchRequest {
    const KEY: ApiKey = ApiKey::OffsetFetch;
    type Response = super::OffsetFetchResponse;
}
