// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 0 to 5, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddPartitionsToTxnRequest {
    /// Versions 4 to 5.
    pub transactions: Vec<AddPartitionsToTxnTransaction>,
    /// Versions 0 to 3.
    pub v3_and_below_transactional_id: String,
    /// Versions 0 to 3.
    pub v3_and_below_producer_id: i64,
    /// Versions 0 to 3.
    pub v3_and_below_producer_epoch: i16,
    /// Versions 0 to 3.
    pub v3_and_below_topics: Vec<AddPartitionsToTxnTopic>,
}

impl Element for AddPartitionsToTxnRequest {
    const SIZE_MIN: usize = 2;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        if version >= 4 {
            it.transactions = input.array(version)?;
        }
        if version <= 3 {
            it.v3_and_below_transactional_id = input.string()?;
        }
        if version <= 3 {
            it.v3_and_below_producer_id = input.i64()?;
        }
        if version <= 3 {
            it.v3_and_below_producer_epoch = input.i16()?;
        }
        if version <= 3 {
            it.v3_and_below_topics = input.array(version)?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        if version >= 4 {
            out.array(&self.transactions, version)?;
        } else if !self.transactions.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "AddPartitionsToTxnRequest.Transactions",
                version,
            });
        }
        if version <= 3 {
            out.string(&self.v3_and_below_transactional_id)?;
        } else if !self.v3_and_below_transactional_id.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "AddPartitionsToTxnRequest.V3AndBelowTransactionalId",
                version,
            });
        }
        if version <= 3 {
            out.i64(self.v3_and_below_producer_id);
        } else if self.v3_and_below_producer_id != 0 {
            return Err(EncodeError::FieldNotInVersion {
                field: "AddPartitionsToTxnRequest.V3AndBelowProducerId",
                version,
            });
        }
        if version <= 3 {
            out.i16(self.v3_and_below_producer_epoch);
        } else if self.v3_and_below_producer_epoch != 0 {
            return Err(EncodeError::FieldNotInVersion {
                field: "AddPartitionsToTxnRequest.V3AndBelowProducerEpoch",
                version,
            });
        }
        if version <= 3 {
            out.array(&self.v3_and_below_topics, version)?;
        } else if !self.v3_and_below_topics.is_empty() {
            return Err(EncodeError::FieldNotInVersion {
                field: "AddPartitionsToTxnRequest.V3AndBelowTopics",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddPartitionsToTxnTransaction {
    pub transactional_id: String,
    pub producer_id: i64,
    pub producer_epoch: i16,
    pub verify_only: bool,
    pub topics: Vec<AddPartitionsToTxnTopic>,
}

impl Element for AddPartitionsToTxnTransaction {
    const SIZE_MIN: usize = 14;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.transactional_id = input.string()?;
        it.producer_id = input.i64()?;
        it.producer_epoch = input.i16()?;
        it.verify_only = input.bool()?;
        it.topics = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.transactional_id)?;
        out.i64(self.producer_id);
        out.i16(self.producer_epoch);
        out.bool(self.verify_only);
        out.array(&self.topics, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddPartitionsToTxnTopic {
    pub name: String,
    pub partitions: Vec<i32>,
}

impl Element for AddPartitionsToTxnTopic {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.name = input.string()?;
        it.partitions = input.array(version)?;
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.string(&self.name)?;
        out.array(&self.partitions, version)?;
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for AddPartitionsToTxnRequest {
    const NAME: &'static str = "AddPartitionsToTxnRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 5);
    const FLEXIBLE: VersionRange = VersionRange::new(3, 5);
}

impl Request for AddPartitionsToTxnRequest {
    const KEY: ApiKey = ApiKey::AddPartitionsToTxn;
    type Response = super::AddPartitionsToTxnResponse;
}
