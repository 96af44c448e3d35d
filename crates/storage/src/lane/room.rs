use std::sync::atomic::{AtomicU8, Ordering};

/// What may find a full disk. Whoever does it tries again, and says so when it went well: a disk is full as long as any of
/// them waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Short {
    /// A group of the write-ahead log.
    Group = 1,
    /// A spare file of the write-ahead log.
    WalFile = 2,
    /// The drain, or batches that bypass the write-ahead log.
    Segments = 4,
    /// A partition of durability `os`.
    Direct = 8,
    Checkpoint = 16,
}

/// Which of them wait for room.
#[derive(Debug, Default)]
pub(super) struct Room(AtomicU8);

impl Room {
    pub(super) fn lacks(&self, short: Short) {
        self.0.fetch_or(short as u8, Ordering::AcqRel);
    }

    pub(super) fn has(&self, short: Short) {
        // The common case is that nothing is short: no write to a line that all loops read.
        if self.lacked(short) {
            self.0.fetch_and(!(short as u8), Ordering::AcqRel);
        }
    }

    pub(super) fn lacked(&self, short: Short) -> bool {
        self.0.load(Ordering::Acquire) & short as u8 != 0
    }

    pub(super) fn is_short(&self) -> bool {
        self.0.load(Ordering::Acquire) != 0
    }
}
