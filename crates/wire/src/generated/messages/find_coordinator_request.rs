// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 0 to 6, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FindCoordinatorRequest {
    /// Versions 0 to 3.
    pub key: String,
    /// Versions 1 to 6.
    pub key_type: i8,
    /// Versions 4 to 6.
    pub coordinator_keys: Vec<String>,
}

impl Element for FindCoordinatorRequest {
    const SIZE_MIN: usize = 2;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version <= 3 {
            it.key = input.string()?;
        }
        if version >= 1 {
            it.key_type = input.i8()?;
        }
        if version >= 4 {
            it.coordinator_keys = input.array(version)?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version <= 3 {
            out.string(&self.key)?;
        } else if !self.key.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "FindCoordinatorRequest.Key",
                version,
            });
        }
        if version >= 1 {
            out.i8(self.key_type);
        } else if self.key_type != 0 {
            return Err(EncodeError::FieldNotInVersion {
                field: "FindCoordinatorRequest.KeyType",
                version,
            });
        }
        if version >= 4 {
            out.array(&self.coordinator_keys, version)?;
        } else if !self.coordinator_keys.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "FindCoordinatorRequest.CoordinatorKeys",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for FindCoordinatorRequest {
    const NAME: &'static str = "FindCoordinatorRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 6);
    const FLEXIBLE: VersionRange = VersionRange::new(3, 6);
}

impl Request for FindCoordinatorRequest {
    const KEY: ApiKey = ApiKey::FindCoordinator;
    type Response = super::FindCoordinatorResponse;
}
