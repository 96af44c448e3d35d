//! What a client says may fit in a request and not in a record of `__consumer_offsets`: it is refused before anything rests on it.

use crate::decision::Outcome;
use crate::{GroupError, GroupRecord, codec};

/// Bytes of key and value that a record may have at most. The default is for shells without a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RecordSizeMax(pub(crate) usize);

impl Default for RecordSizeMax {
    fn default() -> Self {
        Self(usize::MAX)
    }
}

impl RecordSizeMax {
    pub(crate) fn check_bytes(self, count: usize) -> Result<(), GroupError> {
        if count > self.0 { Err(GroupError::RecordTooLarge) } else { Ok(()) }
    }

    pub(crate) fn check(self, record: &GroupRecord) -> Result<(), GroupError> {
        if self.0 == usize::MAX {
            return Ok(());
        }
        // A text that no record can hold is too large as well.
        let encoded = codec::encode(record).map_err(|_| GroupError::RecordTooLarge)?;
        self.check_bytes(encoded.key.len() + encoded.value.map_or(0, |value| value.len()))
    }
}

impl Outcome {
    pub(crate) fn check_sizes(&self, size_max: RecordSizeMax) -> Result<(), GroupError> {
        self.records.iter().try_for_each(|record| size_max.check(record))
    }
}
