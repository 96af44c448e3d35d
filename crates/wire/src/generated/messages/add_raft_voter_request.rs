// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 0 to 1, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct AddRaftVoterRequest {
    pub cluster_id: Option<String>,
    pub timeout_ms: i32,
    pub voter_id: i32,
    pub voter_directory_id: Uuid,
    pub listeners: Vec<Listener>,
    /// Version 1.
    pub ack_when_committed: bool,
}

impl Default for AddRaftVoterRequest {
    fn default() -> Self {
        Self {
            cluster_id: Some(String::new()),
            timeout_ms: 0,
            voter_id: 0,
            voter_directory_id: Uuid::ZERO,
            listeners: Vec::new(),
            ack_when_committed: true,
        }
    }
}

impl Element for AddRaftVoterRequest {
    const SIZE_MIN: usize = 27;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.cluster_id = input.nullable_string()?;
        it.timeout_ms = input.i32()?;
        it.voter_id = input.i32()?;
        it.voter_directory_id = input.uuid()?;
        it.listeners = input.array(version)?;
        if version == 1 {
            it.ack_when_committed = input.bool()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.nullable_string(self.cluster_id.as_deref())?;
        out.i32(self.timeout_ms);
        out.i32(self.voter_id);
        out.uuid(self.voter_directory_id);
        out.array(&self.listeners, version)?;
        if version == 1 {
            out.bool(self.ack_when_committed);
        } else if !self.ack_when_committed {
            return Err(EncodeError::FieldNotInVersion {
                field: "AddRaftVoterRequest.AckWhenCommitted",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listener {
    pub name: String,
    pub host: String,
    pub port: u16,
}

impl Element for Listener {
    const SIZE_MIN: usize = 5;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.string()?;
        it.host = input.string()?;
        it.port = input.u16()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.name)?;
        out.string(&self.host)?;
        out.u16(self.port);
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for AddRaftVoterRequest {
    const NAME: &'static str = "AddRaftVoterRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 1);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 1);
}

impl Request for AddRaftVoterRequest {
    const KEY: ApiKey = ApiKey::AddRaftVoter;
    type Response = super::AddRaftVoterResponse;
}
