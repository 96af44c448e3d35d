// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{AnyRecord, DecodeError, EncodeError, Message, Reader, Record, VersionRange};

pub mod share_snapshot_key;
pub mod share_snapshot_value;
pub mod share_update_key;
pub mod share_update_value;

pub use share_snapshot_key::ShareSnapshotKey;
pub use share_snapshot_value::ShareSnapshotValue;
pub use share_update_key::ShareUpdateKey;
pub use share_update_value::ShareUpdateValue;

/// Any key of the `share` records.
#[derive(Clone, Debug, PartialEq)]
pub enum ShareKey {
    ShareSnapshot(ShareSnapshotKey),
    ShareUpdate(ShareUpdateKey),
}

impl AnyRecord for ShareKey {
    fn decode(key: i16, input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        match key {
            ShareSnapshotKey::KEY => {
                ShareSnapshotKey::decode(input, version).map(Self::ShareSnapshot)
            }
            ShareUpdateKey::KEY => ShareUpdateKey::decode(input, version).map(Self::ShareUpdate),

            _ => Err(DecodeError::RecordKey { group: "ShareKey", key }),
        }
    }

    fn encode(&self, out: &mut Vec<u8>, version: i16) -> Result<(), EncodeError> {
        match self {
            Self::ShareSnapshot(it) => it.encode(out, version),
            Self::ShareUpdate(it) => it.encode(out, version),
        }
    }

    fn key(&self) -> i16 {
        match self {
            Self::ShareSnapshot(_) => ShareSnapshotKey::KEY,
            Self::ShareUpdate(_) => ShareUpdateKey::KEY,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::ShareSnapshot(_) => ShareSnapshotKey::NAME,
            Self::ShareUpdate(_) => ShareUpdateKey::NAME,
        }
    }

    fn versions(&self) -> VersionRange {
        match self {
            Self::ShareSnapshot(_) => ShareSnapshotKey::VERSIONS,
            Self::ShareUpdate(_) => ShareUpdateKey::VERSIONS,
        }
    }
}

impl From<ShareSnapshotKey> for ShareKey {
    fn from(it: ShareSnapshotKey) -> Self {
        Self::ShareSnapshot(it)
    }
}

impl From<ShareUpdateKey> for ShareKey {
    fn from(it: ShareUpdateKey) -> Self {
        Self::ShareUpdate(it)
    }
}

/// Any value of the `share` records.
#[derive(Clone, Debug, PartialEq)]
pub enum ShareValue {
    ShareSnapshot(ShareSnapshotValue),
    ShareUpdate(ShareUpdateValue),
}

impl AnyRecord for ShareValue {
    fn decode(key: i16, input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        match key {
            ShareSnapshotValue::KEY => {
                ShareSnapshotValue::decode(input, version).map(Self::ShareSnapshot)
            }
            ShareUpdateValue::KEY => {
                ShareUpdateValue::decode(input, version).map(Self::ShareUpdate)
            }

            _ => Err(DecodeError::RecordKey { group: "ShareValue", key }),
        }
    }

    fn encode(&self, out: &mut Vec<u8>, version: i16) -> Result<(), EncodeError> {
        match self {
            Self::ShareSnapshot(it) => it.encode(out, version),
            Self::ShareUpdate(it) => it.encode(out, version),
        }
    }

    fn key(&self) -> i16 {
        match self {
            Self::ShareSnapshot(_) => ShareSnapshotValue::KEY,
            Self::ShareUpdate(_) => ShareUpdateValue::KEY,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::ShareSnapshot(_) => ShareSnapshotValue::NAME,
            Self::ShareUpdate(_) => ShareUpdateValue::NAME,
        }
    }

    fn versions(&self) -> VersionRange {
        match self {
            Self::ShareSnapshot(_) => ShareSnapshotValue::VERSIONS,
            Self::ShareUpdate(_) => ShareUpdateValue::VERSIONS,
        }
    }
}

impl From<ShareSnapshotValue> for ShareValue {
    fn from(it: ShareSnapshotValue) -> Self {
        Self::ShareSnapshot(it)
    }
}

impl From<ShareUpdateValue> for ShareValue {
    fn from(it: ShareUpdateValue) -> Self {
        Self::ShareUpdate(it)
    }
}
