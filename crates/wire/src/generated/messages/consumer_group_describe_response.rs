// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 0 to 1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupDescribeResponse {
    pub throttle_time_ms: i32,
    pub groups: Vec<DescribedGroup>,
}

impl Element for ConsumerGroupDescribeResponse {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.throttle_time_ms = input.i32()?;
        it.groups = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.throttle_time_ms);
        out.array(&self.groups, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct DescribedGroup {
    pub error_code: i16,
    pub error_message: Option<String>,
    pub group_id: String,
    pub group_state: String,
    pub group_epoch: i32,
    pub assignment_epoch: i32,
    pub assignor_name: String,
    pub members: Vec<Member>,
    pub authorized_operations: i32,
}

impl Default for DescribedGroup {
    fn default() -> Self {
        Self {
            error_code: 0,
            error_message: None,
            group_id: String::new(),
            group_state: String::new(),
            group_epoch: 0,
            assignment_epoch: 0,
            assignor_name: String::new(),
            members: Vec::new(),
            authorized_operations: i32::MIN,
        }
    }
}

impl Element for DescribedGroup {
    const SIZE_MIN: usize = 20;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.error_code = input.i16()?;
        it.error_message = input.nullable_string()?;
        it.group_id = input.string()?;
        it.group_state = input.string()?;
        it.group_epoch = input.i32()?;
        it.assignment_epoch = input.i32()?;
        it.assignor_name = input.string()?;
        it.members = input.array(version)?;
        it.authorized_operations = input.i32()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i16(self.error_code);
        out.nullable_string(self.error_message.as_deref())?;
        out.string(&self.group_id)?;
        out.string(&self.group_state)?;
        out.i32(self.group_epoch);
        out.i32(self.assignment_epoch);
        out.string(&self.assignor_name)?;
        out.array(&self.members, version)?;
        out.i32(self.authorized_operations);
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub member_id: String,
    pub instance_id: Option<String>,
    pub rack_id: Option<String>,
    pub member_epoch: i32,
    pub client_id: String,
    pub client_host: String,
    pub subscribed_topic_names: Vec<String>,
    pub subscribed_topic_regex: Option<String>,
    pub assignment: Assignment,
    pub target_assignment: Assignment,
    /// Version 1, left out elsewhere.
    pub member_type: i8,
}

impl Default for Member {
    fn default() -> Self {
        Self {
            member_id: String::new(),
            instance_id: None,
            rack_id: None,
            member_epoch: 0,
            client_id: String::new(),
            client_host: String::new(),
            subscribed_topic_names: Vec::new(),
            subscribed_topic_regex: None,
            assignment: Assignment::default(),
            target_assignment: Assignment::default(),
            member_type: -1,
        }
    }
}

impl Element for Member {
    const SIZE_MIN: usize = 16;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.member_id = input.string()?;
        it.instance_id = input.nullable_string()?;
        it.rack_id = input.nullable_string()?;
        it.member_epoch = input.i32()?;
        it.client_id = input.string()?;
        it.client_host = input.string()?;
        it.subscribed_topic_names = input.array(version)?;
        it.subscribed_topic_regex = input.nullable_string()?;
        it.assignment = Element::read(input, version)?;
        it.target_assignment = Element::read(input, version)?;
        if version == 1 {
            it.member_type = input.i8()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.member_id)?;
        out.nullable_string(self.instance_id.as_deref())?;
        out.nullable_string(self.rack_id.as_deref())?;
        out.i32(self.member_epoch);
        out.string(&self.client_id)?;
        out.string(&self.client_host)?;
        out.array(&self.subscribed_topic_names, version)?;
        out.nullable_string(self.subscribed_topic_regex.as_deref())?;
        self.assignment.write(out, version)?;
        self.target_assignment.write(out, version)?;
        if version == 1 {
            out.i8(self.member_type);
        }
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicPartitions {
    pub topic_id: Uuid,
    pub topic_name: String,
    pub partitions: Vec<i32>,
}

impl Element for TopicPartitions {
    const SIZE_MIN: usize = 19;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.topic_id = input.uuid()?;
        it.topic_name = input.string()?;
        it.partitions = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.uuid(self.topic_id);
        out.string(&self.topic_name)?;
        out.array(&self.partitions, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assignment {
    pub topic_partitions: Vec<TopicPartitions>,
}

impl Element for Assignment {
    const SIZE_MIN: usize = 2;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.topic_partitions = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.array(&self.topic_partitions, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for ConsumerGroupDescribeResponse {
    const NAME: &'static str = "ConsumerGroupDescribeResponse";
    const VERSIONS: VersionRange = VersionRange::new(0, 1);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 1);
}
