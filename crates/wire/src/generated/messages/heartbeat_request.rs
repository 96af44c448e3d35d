// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::view::parse_view;
use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, View, Writer,
};

/// Versions 0 to 4, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeartbeatRequest {
    pub group_id: String,
    pub generation_id: i32,
    pub member_id: String,
    /// Versions 3 to 4.
    pub group_instance_id: Option<String>,
}

impl Element for HeartbeatRequest {
    const SIZE_MIN: usize = 8;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.group_id = input.string()?;
        it.generation_id = input.i32()?;
        it.member_id = input.string()?;
        if version >= 3 {
            it.group_instance_id = input.nullable_string()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.group_id)?;
        out.i32(self.generation_id);
        out.string(&self.member_id)?;
        if version >= 3 {
            out.nullable_string(self.group_instance_id.as_deref())?;
        } else if self.group_instance_id.is_some() {
            return Err(EncodeError::FieldNotInVersion {
                field: "HeartbeatRequest.GroupInstanceId",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

/// A [`HeartbeatRequest`] that borrows from the frame.
#[derive(Clone, Copy, Debug)]
pub struct HeartbeatRequestView<'a> {
    pub group_id: &'a str,
    pub generation_id: i32,
    pub member_id: &'a str,
    pub group_instance_id: Option<&'a str>,
}

impl Default for HeartbeatRequestView<'_> {
    fn default() -> Self {
        Self { group_id: "", generation_id: 0, member_id: "", group_instance_id: None }
    }
}

impl<'a> View<'a> for HeartbeatRequestView<'a> {
    const SIZE_MIN: usize = 8;

    fn read(input: &mut Reader<'a>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.group_id = input.str()?;
        it.generation_id = input.i32()?;
        it.member_id = input.str()?;
        if version >= 3 {
            it.group_instance_id = input.nullable_str()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }
}

impl From<HeartbeatRequestView<'_>> for HeartbeatRequest {
    fn from(it: HeartbeatRequestView<'_>) -> Self {
        Self {
            group_id: str::to_owned(it.group_id),
            generation_id: it.generation_id,
            member_id: str::to_owned(it.member_id),
            group_instance_id: it.group_instance_id.map(str::to_owned),
        }
    }
}

impl<'a> HeartbeatRequestView<'a> {
    /// Checks the whole request, which must end with the bytes, and allocates nothing.
    pub fn parse(data: &'a [u8], version: i16) -> Result<Self, DecodeError> {
        parse_view::<HeartbeatRequest, Self>(data, version)
    }
}

impl Message for HeartbeatRequest {
    const NAME: &'static str = "HeartbeatRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 4);
    const FLEXIBLE: VersionRange = VersionRange::new(4, 4);
}

impl Request for HeartbeatRequest {
    const KEY: ApiKey = ApiKey::Heartbeat;
    type Response = super::HeartbeatResponse;
}
