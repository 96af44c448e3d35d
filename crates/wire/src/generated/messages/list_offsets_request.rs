// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::view::parse_view;
use crate::{
    ApiKey, ArrayView, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange,
    View, Writer,
};

/// Versions 1 to 11, flexible from 6.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListOffsetsRequest {
    pub replica_id: i32,
    /// Versions 2 to 11.
    pub isolation_level: i8,
    pub topics: Vec<ListOffsetsTopic>,
    /// Versions 10 to 11, left out elsewhere.
    pub timeout_ms: i32,
}

impl Element for ListOffsetsRequest {
    const SIZE_MIN: usize = 7;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.replica_id = input.i32()?;
        if version >= 2 {
            it.isolation_level = input.i8()?;
        }
        it.topics = input.array(version)?;
        if version >= 10 {
            it.timeout_ms = input.i32()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.replica_id);
        if version >= 2 {
            out.i8(self.isolation_level);
        } else if self.isolation_level != 0 {
            return Err(EncodeError::FieldNotInVersion {
                field: "ListOffsetsRequest.IsolationLevel",
                version,
            });
        }
        out.array(&self.topics, version)?;
        if version >= 10 {
            out.i32(self.timeout_ms);
        }
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListOffsetsTopic {
    pub name: String,
    pub partitions: Vec<ListOffsetsPartition>,
}

impl Element for ListOffsetsTopic {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.string()?;
        it.partitions = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.name)?;
        out.array(&self.partitions, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ListOffsetsPartition {
    pub partition_index: i32,
    /// Versions 4 to 11, left out elsewhere.
    pub current_leader_epoch: i32,
    pub timestamp: i64,
}

impl Default for ListOffsetsPartition {
    fn default() -> Self {
        Self { partition_index: 0, current_leader_epoch: -1, timestamp: 0 }
    }
}

impl Element for ListOffsetsPartition {
    const SIZE_MIN: usize = 12;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.partition_index = input.i32()?;
        if version >= 4 {
            it.current_leader_epoch = input.i32()?;
        }
        it.timestamp = input.i64()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.partition_index);
        if version >= 4 {
            out.i32(self.current_leader_epoch);
        }
        out.i64(self.timestamp);
        out.no_tagged_fields();
        Ok(())
    }
}

/// A [`ListOffsetsRequest`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct ListOffsetsRequestView<'a> {
    pub replica_id: i32,
    pub isolation_level: i8,
    pub topics: ArrayView<'a, ListOffsetsTopicView<'a>>,
    pub timeout_ms: i32,
}

impl Default for ListOffsetsRequestView<'_> {
    fn default() -> Self {
        Self { replica_id: 0, isolation_level: 0, topics: ArrayView::empty(), timeout_ms: 0 }
    }
}

impl<'a> View<'a> for ListOffsetsRequestView<'a> {
    const SIZE_MIN: usize = 7;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.replica_id = input.i32()?;
        if version >= 2 {
            it.isolation_level = input.i8()?;
        }
        it.topics = ArrayView::read(input, version)?;
        if version >= 10 {
            it.timeout_ms = input.i32()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }
}

impl From<ListOffsetsRequestView<'_>> for ListOffsetsRequest {
    fn from(it: ListOffsetsRequestView<'_>) -> Self {
        Self {
            replica_id: it.replica_id,
            isolation_level: it.isolation_level,
            topics: it.topics.iter().map(Into::into).collect(),
            timeout_ms: it.timeout_ms,
        }
    }
}

/// A [`ListOffsetsTopic`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct ListOffsetsTopicView<'a> {
    pub name: &'a str,
    pub partitions: ArrayView<'a, ListOffsetsPartition>,
}

impl Default for ListOffsetsTopicView<'_> {
    fn default() -> Self {
        Self { name: "", partitions: ArrayView::empty() }
    }
}

impl<'a> View<'a> for ListOffsetsTopicView<'a> {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.str()?;
        it.partitions = ArrayView::read(input, version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }
}

impl From<ListOffsetsTopicView<'_>> for ListOffsetsTopic {
    fn from(it: ListOffsetsTopicView<'_>) -> Self {
        Self {
            name: str::to_owned(it.name),
            partitions: it.partitions.iter().map(Into::into).collect(),
        }
    }
}

impl View<'_> for ListOffsetsPartition {
    const SIZE_MIN: usize = <Self as Element>::SIZE_MIN;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        Element::read(input, version)
    }
}

impl<'a> ListOffsetsRequestView<'a> {
    /// Checks the whole request, which must end with the bytes, and allocates nothing.
    pub fn parse(data: &'a [u8], version: i16) -> Result<Self, DecodeError> {
        parse_view::<ListOffsetsRequest, Self>(data, version)
    }
}

impl Message for ListOffsetsRequest {
    const NAME: &'static str = "ListOffsetsRequest";
    const VERSIONS: VersionRange = VersionRange::new(1, 11);
    const FLEXIBLE: VersionRange = VersionRange::new(6, 11);
}

impl Request for ListOffsetsRequest {
    const KEY: ApiKey = ApiKey::ListOffsets;
    type Response = super::ListOffsetsResponse;
}
