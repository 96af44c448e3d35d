// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, EncodeError, Message, Reader, Record};

pub mod transaction_log_key;
pub mod transaction_log_value;

pub use transaction_log_key::TransactionLogKey;
pub use transaction_log_value::TransactionLogValue;

/// Any key of the `transaction` records.
#[derive(Clone, Debug, PartialEq)]
pub enum TransactionKey {
    TransactionLog(TransactionLogKey),
}

impl TransactionKey {
    /// Decodes the body of the key that has this key.
    pub fn decode(key: i16, input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        match key {
            TransactionLogKey::KEY => {
                TransactionLogKey::decode(input, version).map(Self::TransactionLog)
            }

            _ => Err(DecodeError::RecordKey { group: "TransactionKey", key }),
        }
    }

    /// Appends the body, without key and version.
    pub fn encode(&self, out: &mut Vec<u8>, version: i16) -> Result<(), EncodeError> {
        match self {
            Self::TransactionLog(it) => it.encode(out, version),
        }
    }

    pub const fn key(&self) -> i16 {
        match self {
            Self::TransactionLog(_) => TransactionLogKey::KEY,
        }
    }

    /// Kafka's name of the record.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::TransactionLog(_) => TransactionLogKey::NAME,
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

impl TransactionValue {
    /// Decodes the body of the value that has this key.
    pub fn decode(key: i16, input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        match key {
            TransactionLogValue::KEY => {
                TransactionLogValue::decode(input, version).map(Self::TransactionLog)
            }

            _ => Err(DecodeError::RecordKey { group: "TransactionValue", key }),
        }
    }

    /// Appends the body, without key and version.
    pub fn encode(&self, out: &mut Vec<u8>, version: i16) -> Result<(), EncodeError> {
        match self {
            Self::TransactionLog(it) => it.encode(out, version),
        }
    }

    pub const fn key(&self) -> i16 {
        match self {
            Self::TransactionLog(_) => TransactionLogValue::KEY,
        }
    }

    /// Kafka's name of the record.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::TransactionLog(_) => TransactionLogValue::NAME,
        }
    }
}

impl From<TransactionLogValue> for TransactionValue {
    fn from(it: TransactionLogValue) -> Self {
        Self::TransactionLog(it)
    }
}
