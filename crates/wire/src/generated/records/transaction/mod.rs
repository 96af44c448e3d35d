// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{AnyRecord, DecodeError, EncodeError, Message, Reader, Record, VersionRange};

pub mod transaction_log_key;
pub mod transaction_log_value;

pub use transaction_log_key::TransactionLogKey;
pub use transaction_log_value::TransactionLogValue;

/// Any key of the `transaction` records.
#[derive(Clone, Debug, PartialEq)]
pub enum TransactionKey {
    TransactionLog(TransactionLogKey),
}

impl AnyRecord for TransactionKey {
    fn decode(key: i16, input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        match key {
            TransactionLogKey::KEY => {
                TransactionLogKey::decode(input, version).map(Self::TransactionLog)
            }

            _ => Err(DecodeError::RecordKey { group: "TransactionKey", key }),
        }
    }

    fn encode(&self, out: &mut Vec<u8>, version: i16) -> Result<(), EncodeError> {
        match self {
            Self::TransactionLog(it) => it.encode(out, version),
        }
    }

    fn key(&self) -> i16 {
        match self {
            Self::TransactionLog(_) => TransactionLogKey::KEY,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::TransactionLog(_) => TransactionLogKey::NAME,
        }
    }

    fn versions(&self) -> VersionRange {
        match self {
            Self::TransactionLog(_) => TransactionLogKey::VERSIONS,
        }
    }
}

impl From<TransactionLogKey> for TransactionKey {
    fn from(it: TransactionLogKey) -> Self {
        Self::TransactionLog(it)
    }
}

/// Any value of the `transaction` records.
#[derive(Clone, Debug, PartialEq)]
pub enum TransactionValue {
    TransactionLog(TransactionLogValue),
}

impl AnyRecord for TransactionValue {
    fn decode(key: i16, input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        match key {
            TransactionLogValue::KEY => {
                TransactionLogValue::decode(input, version).map(Self::TransactionLog)
            }

            _ => Err(DecodeError::RecordKey { group: "TransactionValue", key }),
        }
    }

    fn encode(&self, out: &mut Vec<u8>, version: i16) -> Result<(), EncodeError> {
        match self {
            Self::TransactionLog(it) => it.encode(out, version),
        }
    }

    fn key(&self) -> i16 {
        match self {
            Self::TransactionLog(_) => TransactionLogValue::KEY,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::TransactionLog(_) => TransactionLogValue::NAME,
        }
    }

    fn versions(&self) -> VersionRange {
        match self {
            Self::TransactionLog(_) => TransactionLogValue::VERSIONS,
        }
    }
}

impl From<TransactionLogValue> for TransactionValue {
    fn from(it: TransactionLogValue) -> Self {
        Self::TransactionLog(it)
    }
}
