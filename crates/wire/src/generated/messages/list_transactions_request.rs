// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{
    ApiKey, DecodeError, Element, EncodeError, Message, Reader, Request, VersionRange, Writer,
};

/// Versions 0 to 2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct ListTransactionsRequest {
    pub state_filters: Vec<String>,
    pub producer_id_filters: Vec<i64>,
    /// Versions 1 to 2.
    pub duration_filter: i64,
    /// Version 2.
    pub transactional_id_pattern: Option<String>,
}

impl Default for ListTransactionsRequest {
    fn default() -> Self {
        Self {
            state_filters: Vec::new(),
            producer_id_filters: Vec::new(),
            duration_filter: -1,
            transactional_id_pattern: None,
        }
    }
}

impl Element for ListTransactionsRequest {
    const SIZE_MIN: usize = 3;

    fn read(input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        let mut it = Self::default();
        it.state_filters = input.array(version)?;
        it.producer_id_filters = input.array(version)?;
        if version >= 1 {
            it.duration_filter = input.i64()?;
        }
        if version == 2 {
            it.transactional_id_pattern = input.nullable_string()?;
        }
        input.skip_tagged_fields()?;
        Ok(it)
    }

    fn write(&self, out: &mut Writer<'_>, version: i16) -> Result<(), EncodeError> {
        out.array(&self.state_filters, version)?;
        out.array(&self.producer_id_filters, version)?;
        if version >= 1 {
            out.i64(self.duration_filter);
        } else if self.duration_filter != -1 {
            return Err(EncodeError::FieldNotInVersion {
                field: "ListTransactionsRequest.DurationFilter",
                version,
            });
        }
        if version == 2 {
            out.nullable_string(self.transactional_id_pattern.as_deref())?;
        } else if self.transactional_id_pattern.is_some() {
            return Err(EncodeError::FieldNotInVersion {
                field: "ListTransactionsRequest.TransactionalIdPattern",
                version,
            });
        }
        out.no_tagged_fields();
        Ok(())
    }
}

impl Message for ListTransactionsRequest {
    const NAME: &'static str = "ListTransactionsRequest";
    const VERSIONS: VersionRange = VersionRange::new(0, 2);
    const FLEXIBLE: VersionRange = VersionRange::new(0, 2);
}

impl Request for ListTransactionsRequest {
    const KEY: ApiKey = ApiKey::ListTransactions;
    type Response = super::ListTransactionsResponse;
}
