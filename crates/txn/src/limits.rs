use std::time::Duration;

/// Bytes of a transactional id: its key in `__transaction_state` carries a 16-bit length.
pub const TRANSACTIONAL_ID_SIZE_MAX: usize = i16::MAX as usize;

/// Tombstones that one step of the expiry job may write; the rest follows in the next step.
pub const EXPIRY_RECORD_COUNT_MAX: usize = 1_000;

/// Pause between two steps of one run of the expiry job, so that requests get their turn.
pub const EXPIRY_STEP_PAUSE: Duration = Duration::from_millis(10);
