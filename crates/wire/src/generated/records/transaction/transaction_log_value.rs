// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{DecodeError, Element, EncodeError, Message, Reader, Record, VersionRange, Writer};

/// Versions 0 to 1, flexible from 1.
#[derive(Clone, Debug, PartialEq)]
pub struct TransactionLogValue {
    pub producer_id: i64,
    /// Version 1, tag 0.
    pub previous_producer_id: i64,
    /// Version 1, tag 1.
    pub next_producer_id: i64,
    pub producer_epoch: i16,
    /// Version 1, tag 3.
    pub next_producer_epoch: i16,
    pub transaction_timeout_ms: i32,
    pub transaction_status: i8,
    pub transaction_partitions: Option<Vec<PartitionsSchema>>,
    pub transaction_last_update_timestamp_ms: i64,
    pub transaction_start_timestamp_ms: i64,
    /// Version 1, tag 2.
    pub client_transaction_version: i16,
}

impl Default for TransactionLogValue {
    fn default() -> Self {
        Self {
            producer_id: 0,
            previous_producer_id: -1,
            next_producer_id: -1,
            producer_epoch: 0,
            next_producer_epoch: -1,
            transaction_timeout_ms: 0,
            transaction_status: 0,
            transaction_partitions: Some(Vec::new()),
            transaction_last_update_timestamp_ms: 0,
            transaction_start_timestamp_ms: 0,
            client_transaction_version: 0,
        }
    }
}

impl Element for TransactionLogValue {
    const SIZE_MIN: usize = 33;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.producer_id = input.i64()?;
        it.producer_epoch = input.i16()?;
        it.transaction_timeout_ms = input.i32()?;
        it.transaction_status = input.i8()?;
        it.transaction_partitions = input.nullable_array(version)?;
        it.transaction_last_update_timestamp_ms = input.i64()?;
        it.transaction_start_timestamp_ms = input.i64()?;
        input.tagged_fields(|input, tag| {
            match tag {
                0 => it.previous_producer_id = input.i64()?,
                1 => it.next_producer_id = input.i64()?,
                2 => it.client_transaction_version = input.i16()?,
                3 => it.next_producer_epoch = input.i16()?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.i64(self.producer_id);
        if version < 1 && self.previous_producer_id != -1 {
            return Err(EncodeError::FieldNotInVersion {
                field: "TransactionLogValue.PreviousProducerId",
                version,
            });
        }
        if version < 1 && self.next_producer_id != -1 {
            return Err(EncodeError::FieldNotInVersion {
                field: "TransactionLogValue.NextProducerId",
                version,
            });
        }
        out.i16(self.producer_epoch);
        if version < 1 && self.next_producer_epoch != -1 {
            return Err(EncodeError::FieldNotInVersion {
                field: "TransactionLogValue.NextProducerEpoch",
                version,
            });
        }
        out.i32(self.transaction_timeout_ms);
        out.i8(self.transaction_status);
        out.nullable_array(self.transaction_partitions.as_deref(), version)?;
        out.i64(self.transaction_last_update_timestamp_ms);
        out.i64(self.transaction_start_timestamp_ms);
        if version < 1 && self.client_transaction_version != 0 {
            return Err(EncodeError::FieldNotInVersion {
                field: "TransactionLogValue.ClientTransactionVersion",
                version,
            });
        }
        let mut tags = out.begin_tagged_fields();
        if version == 1 && self.previous_producer_id != -1 {
            out.tagged_field(&mut tags, 0, |out| {
                out.i64(self.previous_producer_id);
                Ok(())
            })?;
        }
        if version == 1 && self.next_producer_id != -1 {
            out.tagged_field(&mut tags, 1, |out| {
                out.i64(self.next_producer_id);
                Ok(())
            })?;
        }
        if version == 1 && self.client_transaction_version != 0 {
            out.tagged_field(&mut tags, 2, |out| {
                out.i16(self.client_transaction_version);
                Ok(())
            })?;
        }
        if version == 1 && self.next_producer_epoch != -1 {
            out.tagged_field(&mut tags, 3, |out| {
                out.i16(self.next_producer_epoch);
                Ok(())
            })?;
        }
        out.end_tagged_fields(tags);
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionsSchema {
    pub topic: String,
    pub partition_ids: Vec<i32>,
}

impl Element for PartitionsSchema {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.topic = input.string()?;
        it.partition_ids = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.topic)?;
        out.array(&self.partition_ids, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for TransactionLogValue {
    const NAME: &'static str = "TransactionLogValue";
    const VERSIONS: VersionRange = VersionRange::new(0, 1);
    const FLEXIBLE: VersionRange = VersionRange::new(1, 1);
}

impl Record for TransactionLogValue {
    const KEY: i16 = 0;
}
