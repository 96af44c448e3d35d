// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use model::Uuid;

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 0 to 2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct BrokerHeartbeatRequest {
    pub broker_id: i32,
    pub broker_epoch: i64,
    pub current_metadata_offset: i64,
    pub want_fence: bool,
    pub want_shut_down: bool,
    /// Versions 1 to 2, tag 0.
    pub offline_log_dirs: Vec<Uuid>,
    /// Version 2, tag 1.
    pub cordoned_log_dirs: Option<Vec<Uuid>>,
}

impl Default for BrokerHeartbeatRequest {
    fn default() -> Self {
        Self {
            broker_id: 0,
            broker_epoch: -1,
            current_metadata_offset: 0,
            want_fence: false,
            want_shut_down: false,
            offline_log_dirs: Vec::new(),
            cordoned_log_dirs: None,
        }
    }
}

impl Element for BrokerHeartbeatRequest {
    const SIZE_MIN: usize = 23;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.broker_id = input.i32()?;
        it.broker_epoch = input.i64()?;
        it.current_metadata_offset = input.i64()?;
        it.want_fence = input.bool()?;
        it.want_shut_down = input.bool()?;
        input.tagged_fields(|input, tag| {
            match tag {
                0 if version >= 1 => it.offline_log_dirs = input.array(version)?,
                1 if version == 2 => it.cordoned_log_dirs = input.nullable_array(version)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i32(self.broker_id);
        out.i64(self.broker_epoch);
        out.i64(self.current_metadata_offset);
        out.bool(self.want_fence);
        out.bool(self.want_shut_down);
        if version < 1 && !self.offline_log_dirs.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "BrokerHeartbeatRequest.OfflineLogDirs",
                version,
            });
        }
        if version < 2 && self.cordoned_log_dirs.is_some() {
            return Err(EncodeError::FieldNotInVersion {
                field: "BrokerHeartbeatRequest.CordonedLogDirs",
                version,
            });
        }
        let mut tags = out.begin_tagged_fields();
        if version >= 1 && !self.offline_log_dirs.is_empty() {
            out.tagged_field(&mut tags, 0, |out| out.array(&self.offline_log_dirs, version))?;
        }
        if version == 2 && self.cordoned_log_dirs.is_some() {
            out.tagged_field(&mut tags, 1, |out| {
                out.nullable_array(self.cordoned_log_dirs.as_deref(), version)
            })?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

impl Message for BrokerHeartbeatRequest {
    const NAME: &'static str = "BrokerHeartbeatRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 2);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 2);
}

impl Request for BrokerHeartbeatRequest {
    const KEY: ApiKey = ApiKey::BrokerHeartbeat;
    type Response = super::BrokerHeartbeatResponse;
}
