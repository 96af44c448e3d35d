/// A bug on purpose, for the tests that must notice it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlantedBug {
    /// What goes straight to a segment counts as durable before the segment is synced.
    SkipOneSync,
    /// The newest batch of a log is left out when the write-ahead log is done again.
    DropBatchInReplay,
    /// A log comes back without what it knew of its producers.
    ForgetProducers,
    /// Entries of the offset index point to the batch behind theirs.
    IndexOffByOneBatch,
    /// Groups count as durable before they are written.
    AckBeforeCommit,
    /// Some groups of the write-ahead log are not what was to be written.
    CorruptWal,
    /// The write-ahead log is let go of before the segments are synced.
    TrimBeforeSync,
    /// The write-ahead log does not say that a log was cut.
    ResurrectTail,
    /// Of a transaction that was aborted nothing is noted, so its records are served.
    ForgetAborted,
}

/// Which bug there is, if any. Without the feature `planted-bugs` there is no way to have one, and nothing of them is left
/// in the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Planted {
    #[cfg(any(test, feature = "planted-bugs"))]
    bug: Option<PlantedBug>,
}

impl Planted {
    pub const NONE: Self = Self {
        #[cfg(any(test, feature = "planted-bugs"))]
        bug: None,
    };

    #[cfg(any(test, feature = "planted-bugs"))]
    pub const fn of(bug: PlantedBug) -> Self {
        Self { bug: Some(bug) }
    }

    #[cfg(any(test, feature = "planted-bugs"))]
    pub(crate) fn has(self, bug: PlantedBug) -> bool {
        self.bug == Some(bug)
    }

    #[cfg(not(any(test, feature = "planted-bugs")))]
    pub(crate) const fn has(self, _bug: PlantedBug) -> bool {
        false
    }
}
