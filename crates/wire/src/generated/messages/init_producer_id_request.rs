// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 0 to 6, flexible from 2; version 6 is unstable.
#[derive(Clone, Debug, PartialEq)]
pub struct InitProducerIdRequest {
    pub transactional_id: Option<String>,
    pub transaction_timeout_ms: i32,
    /// Versions 3 to 6.
    pub producer_id: i64,
    /// Versions 3 to 6.
    pub producer_epoch: i16,
    /// Version 6.
    pub enable2_pc: bool,
    /// Version 6.
    pub keep_prepared_txn: bool,
}

impl Default for InitProducerIdRequest {
    fn default() -> Self {
        Self {
            transactional_id: Some(String::new()),
            transaction_timeout_ms: 0,
            producer_id: -1,
            producer_epoch: -1,
            enable2_pc: false,
            keep_prepared_txn: false,
        }
    }
}

impl Element for InitProducerIdRequest {
    const SIZE_MIN: usize = 6;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.transactional_id = input.nullable_string()?;
        it.transaction_timeout_ms = input.i32()?;
        if version >= 3 {
            it.producer_id = input.i64()?;
        }
        if version >= 3 {
            it.producer_epoch = input.i16()?;
        }
        if version == 6 {
            it.enable2_pc = input.bool()?;
        }
        if version == 6 {
            it.keep_prepared_txn = input.bool()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.nullable_string(self.transactional_id.as_deref())?;
        out.i32(self.transaction_timeout_ms);
        if version >= 3 {
            out.i64(self.producer_id);
        } else if self.producer_id != -1 {
            return Err(EncodeError::FieldNotInVersion {
                field: "InitProducerIdRequest.ProducerId",
                version,
            });
        }
        if version >= 3 {
            out.i16(self.producer_epoch);
        } else if self.producer_epoch != -1 {
            return Err(EncodeError::FieldNotInVersion {
                field: "InitProducerIdRequest.ProducerEpoch",
                version,
            });
        }
        if version == 6 {
            out.bool(self.enable2_pc);
        } else if self.enable2_pc {
            return Err(EncodeError::FieldNotInVersion {
                field: "InitProducerIdRequest.Enable2Pc",
                version,
            });
        }
        if version == 6 {
            out.bool(self.keep_prepared_txn);
        } else if self.keep_prepared_txn {
            return Err(EncodeError::FieldNotInVersion {
                field: "InitProducerIdRequest.KeepPreparedTxn",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for InitProducerIdRequest {
    const NAME: &'static str = "InitProducerIdRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 6);
    const FLEXIBLE: VersionRange = VersionRange::new(2, 6);
}

impl Request for InitProducerIdRequest {
    const KEY: ApiKey = ApiKey::InitProducerId;
    type Response = super::InitProducerIdResponse;
}
