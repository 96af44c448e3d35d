// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UpdateRaftVoterResponse {
    pub throttle_time_ms: i32,
    pub error_code: i16,
    /// Tag 0.
    pub current_leader: CurrentLeader,
}

impl Element for UpdateRaftVoterResponse {
    const SIZE_MIN: usize = 7;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.throttle_time_ms = input.i32()?;
        it.error_code = input.i16()?;
        input.tagged_fields(|input, tag| {
            match tag {
                0 => it.current_leader = Element::read(input, version)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.throttle_time_ms);
        out.i16(self.error_code);
        let mut tags = out.begin_tagged_fields();
        if self.current_leader != CurrentLeader::default() {
            out.tagged_field(&mut tags, 0, |out| self.current_leader.write(out, version))?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct CurrentLeader {
    pub leader_id: i32,
    pub leader_epoch: i32,
    pub host: String,
    pub port: i32,
}

impl Default for CurrentLeader {
    fn default() -> Self {
        Self { leader_id: -1, leader_epoch: -1, host: String::new(), port: 0 }
    }
}

impl Element for CurrentLeader {
    const SIZE_MIN: usize = 14;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.leader_id = input.i32()?;
        it.leader_epoch = input.i32()?;
        it.host = input.string()?;
        it.port = input.i32()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.i32(self.leader_id);
        out.i32(self.leader_epoch);
        out.string(&self.host)?;
        out.i32(self.port);
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for UpdateRaftVoterResponse {
    const NAME: &'static str = "UpdateRaftVoterResponse";
    const VERSIONS: VersionRange = VersionRange::new(0, 0);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 0);
}
