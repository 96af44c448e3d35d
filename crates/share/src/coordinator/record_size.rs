//! What a leader wants to have written may fit in a request and not in a record of `__share_group_state`: it is refused before
//! anything rests on it.

use super::CoordinatorError;
use crate::{ShareRecord, codec};

/// Bytes of key and value that a record may have at most; [`usize::MAX`] is for shells without a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RecordSizeMax(pub(super) usize);

impl RecordSizeMax {
    pub(super) fn check(self, record: &ShareRecord) -> Result<(), CoordinatorError> {
        if self.0 == usize::MAX {
            return Ok(());
        }
        let encoded = codec::encode(record).map_err(|_| CoordinatorError::RecordTooLarge)?;
        let size = encoded.key.len() + encoded.value.map_or(0, |value| value.len());
        if size > self.0 { Err(CoordinatorError::RecordTooLarge) } else { Ok(()) }
    }
}
