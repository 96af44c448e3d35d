// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use bytes::Bytes;

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OttlaPartitionTrafficResponse {
    pub throttle_time_ms: i32,
    pub time_ms: i64,
    pub started_ms: i64,
    pub topics: Vec<TopicTraffic>,
}

impl Element for OttlaPartitionTrafficResponse {
    const SIZE_MIN: usize = 22;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.throttle_time_ms = input.i32()?;
        it.time_ms = input.i64()?;
        it.started_ms = input.i64()?;
        it.topics = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.throttle_time_ms);
        out.i64(self.time_ms);
        out.i64(self.started_ms);
        out.array(&self.topics, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicTraffic {
    pub name: String,
    pub partitions: Vec<PartitionTraffic>,
}

impl Element for TopicTraffic {
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

#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionTraffic {
    pub partition_index: i32,
    pub records_in: i64,
    pub bytes_in: i64,
    pub sampled_one_of: i32,
    pub sampled_records: i64,
    pub keys: Vec<KeyTraffic>,
}

impl Element for PartitionTraffic {
    const SIZE_MIN: usize = 34;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.partition_index = input.i32()?;
        it.records_in = input.i64()?;
        it.bytes_in = input.i64()?;
        it.sampled_one_of = input.i32()?;
        it.sampled_records = input.i64()?;
        it.keys = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.partition_index);
        out.i64(self.records_in);
        out.i64(self.bytes_in);
        out.i32(self.sampled_one_of);
        out.i64(self.sampled_records);
        out.array(&self.keys, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyTraffic {
    pub key: Bytes,
    pub key_size: i32,
    pub count: i64,
    pub error: i64,
}

impl Element for KeyTraffic {
    const SIZE_MIN: usize = 22;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.key = input.bytes()?;
        it.key_size = input.i32()?;
        it.count = input.i64()?;
        it.error = input.i64()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.bytes(&self.key)?;
        out.i32(self.key_size);
        out.i64(self.count);
        out.i64(self.error);
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for OttlaPartitionTrafficResponse {
    const NAME: &'static str = "OttlaPartitionTrafficResponse";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}
