// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use bytes::Bytes;
use model::Uuid;

use crate::view::parse_view;
use crate::{
    ApiKey, ArrayView, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange,
    View, Writer,
};

/// Versions 3 to 13, flexible from 9.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProduceRequest {
    pub transactional_id: Option<String>,
    pub acks: i16,
    pub timeout_ms: i32,
    pub topic_data: Vec<TopicProduceData>,
}

impl Element for ProduceRequest {
    const SIZE_MIN: usize = 9;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.transactional_id = input.nullable_string()?;
        it.acks = input.i16()?;
        it.timeout_ms = input.i32()?;
        it.topic_data = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.nullable_string(self.transactional_id.as_deref())?;
        out.i16(self.acks);
        out.i32(self.timeout_ms);
        out.array(&self.topic_data, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicProduceData {
    /// Versions 3 to 12, left out elsewhere.
    pub name: String,
    /// Version 13, left out elsewhere.
    pub topic_id: Uuid,
    pub partition_data: Vec<PartitionProduceData>,
}

impl Element for TopicProduceData {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version <= 12 {
            it.name = input.string()?;
        }
        if version == 13 {
            it.topic_id = input.uuid()?;
        }
        it.partition_data = input.array(version)?;
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
        out.array(&self.partition_data, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionProduceData {
    pub index: i32,
    pub records: Option<Bytes>,
}

impl Element for PartitionProduceData {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.index = input.i32()?;
        it.records = input.nullable_bytes()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i32(self.index);
        out.nullable_bytes(self.records.as_deref())?;
        out.no_tagged_fields();
        Ok(())
    }
}

/// A [`ProduceRequest`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct ProduceRequestView<'a> {
    pub transactional_id: Option<&'a str>,
    pub acks: i16,
    pub timeout_ms: i32,
    pub topic_data: ArrayView<'a, TopicProduceDataView<'a>>,
}

impl Default for ProduceRequestView<'_> {
    fn default() -> Self {
        Self { transactional_id: None, acks: 0, timeout_ms: 0, topic_data: ArrayView::empty() }
    }
}

impl<'a> View<'a> for ProduceRequestView<'a> {
    const SIZE_MIN: usize = 9;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.transactional_id = input.nullable_str()?;
        it.acks = input.i16()?;
        it.timeout_ms = input.i32()?;
        it.topic_data = ArrayView::read(input, version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }
}

impl From<ProduceRequestView<'_>> for ProduceRequest {
    fn from(it: ProduceRequestView<'_>) -> Self {
        Self {
            transactional_id: it.transactional_id.map(str::to_owned),
            acks: it.acks,
            timeout_ms: it.timeout_ms,
            topic_data: it.topic_data.iter().map(Into::into).collect(),
        }
    }
}

/// A [`TopicProduceData`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct TopicProduceDataView<'a> {
    pub name: &'a str,
    pub topic_id: Uuid,
    pub partition_data: ArrayView<'a, PartitionProduceDataView<'a>>,
}

impl Default for TopicProduceDataView<'_> {
    fn default() -> Self {
        Self { name: "", topic_id: Uuid::ZERO, partition_data: ArrayView::empty() }
    }
}

impl<'a> View<'a> for TopicProduceDataView<'a> {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version <= 12 {
            it.name = input.str()?;
        }
        if version == 13 {
            it.topic_id = input.uuid()?;
        }
        it.partition_data = ArrayView::read(input, version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }
}

impl From<TopicProduceDataView<'_>> for TopicProduceData {
    fn from(it: TopicProduceDataView<'_>) -> Self {
        Self {
            name: str::to_owned(it.name),
            topic_id: it.topic_id,
            partition_data: it.partition_data.iter().map(Into::into).collect(),
        }
    }
}

/// A [`PartitionProduceData`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct PartitionProduceDataView<'a> {
    pub index: i32,
    pub records: Option<&'a [u8]>,
}

impl Default for PartitionProduceDataView<'_> {
    fn default() -> Self {
        Self { index: 0, records: None }
    }
}

impl<'a> View<'a> for PartitionProduceDataView<'a> {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'a>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.index = input.i32()?;
        it.records = input.nullable_slice()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }
}

impl From<PartitionProduceDataView<'_>> for PartitionProduceData {
    fn from(it: PartitionProduceDataView<'_>) -> Self {
        Self { index: it.index, records: it.records.map(Bytes::copy_from_slice) }
    }
}

impl<'a> ProduceRequestView<'a> {
    /// Checks the whole request, which must end with the bytes, and allocates nothing.
    pub fn parse(data: &'a [u8], version: i16) -> Result<Self, DecodeError> {
        parse_view::<ProduceRequest, Self>(data, version)
    }
}

impl Message for ProduceRequest {
    const NAME: &'static str = "ProduceRequest";
    const VERSIONS: VersionRange = VersionRange::new(3, 13);
    const FLEXIBLE: VersionRange = VersionRange::new(9, 13);
}

impl Request for ProduceRequest {
    const KEY: ApiKey = ApiKey::Produce;
    type Response = super::ProduceResponse;
}
