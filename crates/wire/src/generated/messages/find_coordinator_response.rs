// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, VersionRange, Writer};

/// Versions 0 to 6, flexible from 3.
#[derive(Clone, Debug, PartialEq)]
pub struct FindCoordinatorResponse {
    /// Versions 1 to 6, left out elsewhere.
    pub throttle_time_ms: i32,
    /// Versions 0 to 3.
    pub error_code: i16,
    /// Versions 1 to 3, left out elsewhere.
    pub error_message: Option<String>,
    /// Versions 0 to 3.
    pub node_id: i32,
    /// Versions 0 to 3.
    pub host: String,
    /// Versions 0 to 3.
    pub port: i32,
    /// Versions 4 to 6.
    pub coordinators: Vec<Coordinator>,
}

impl Default for FindCoordinatorResponse {
    fn default() -> Self {
        Self {
            throttle_time_ms: 0,
            error_code: 0,
            error_message: Some(String::new()),
            node_id: 0,
            host: String::new(),
            port: 0,
            coordinators: Vec::new(),
        }
    }
}

impl Element for FindCoordinatorResponse {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version >= 1 {
            it.throttle_time_ms = input.i32()?;
        }
        if version <= 3 {
            it.error_code = input.i16()?;
        }
        if (1..=3).contains(&version) {
            it.error_message = input.nullable_string()?;
        }
        if version <= 3 {
            it.node_id = input.i32()?;
        }
        if version <= 3 {
            it.host = input.string()?;
        }
        if version <= 3 {
            it.port = input.i32()?;
        }
        if version >= 4 {
            it.coordinators = input.array(version)?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version >= 1 {
            out.i32(self.throttle_time_ms);
        }
        if version <= 3 {
            out.i16(self.error_code);
        } else if self.error_code != 0 {
            return Err(EncodeError::FieldNotInVersion {
                field: "FindCoordinatorResponse.ErrorCode",
                version,
            });
        }
        if (1..=3).contains(&version) {
            out.nullable_string(self.error_message.as_deref())?;
        }
        if version <= 3 {
            out.i32(self.node_id);
        } else if self.node_id != 0 {
            return Err(EncodeError::FieldNotInVersion {
                field: "FindCoordinatorResponse.NodeId",
                version,
            });
        }
        if version <= 3 {
            out.string(&self.host)?;
        } else if !self.host.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "FindCoordinatorResponse.Host",
                version,
            });
        }
        if version <= 3 {
            out.i32(self.port);
        } else if self.port != 0 {
            return Err(EncodeError::FieldNotInVersion {
                field: "FindCoordinatorResponse.Port",
                version,
            });
        }
        if version >= 4 {
            out.array(&self.coordinators, version)?;
        } else if !self.coordinators.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "FindCoordinatorResponse.Coordinators",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Coordinator {
    pub key: String,
    pub node_id: i32,
    pub host: String,
    pub port: i32,
    pub error_code: i16,
    pub error_message: Option<String>,
}

impl Default for Coordinator {
    fn default() -> Self {
        Self {
            key: String::new(),
            node_id: 0,
            host: String::new(),
            port: 0,
            error_code: 0,
            error_message: Some(String::new()),
        }
    }
}

impl Element for Coordinator {
    const SIZE_MIN: usize = 14;

    fn read(input: &mut Reader<'_>, _: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.key = input.string()?;
        it.node_id = input.i32()?;
        it.host = input.string()?;
        it.port = input.i32()?;
        it.error_code = input.i16()?;
        it.error_message = input.nullable_string()?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, _: i16) -> Result<(), EncodeError> {
        out.string(&self.key)?;
        out.i32(self.node_id);
        out.string(&self.host)?;
        out.i32(self.port);
        out.i16(self.error_code);
        out.nullable_string(self.error_message.as_deref())?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for FindCoordinatorResponse {
    const NAME: &'static str = "FindCoordinatorResponse";
    const VERSIONS: VersionRange = VersionRange::new(0, 6);
    const FLEXIBLE: VersionRange = VersionRange::new(3, 6);
}
