/// A bug on purpose, for the tests that must notice it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlantedBug {
    /// A record that one member holds is given to another one too.
    DeliverTwice,
    /// An acknowledgement is answered at once, although its write is not done.
    AnswerBeforeWritten,
    /// The end of a lock, or a release, makes a record available however often it was delivered.
    IgnoreDeliveryLimit,
    /// A released record counts as acknowledged.
    LoseReleased,
    /// The start offset moves over a record that nobody has decided about.
    StartOverUndecided,
    /// A write that failed is taken for done.
    TrustFailedWrite,
    /// The coordinator takes writes of a leader that is no more.
    AcceptStaleLeader,
    /// The coordinator's update of a state drops its batches when it is replayed.
    DropUpdate,
    /// A snapshot leaves out what updates brought since the last one.
    StaleSnapshot,
    /// Records of aborted transactions are delivered to readers of committed ones.
    DeliverAborted,
}

/// Which bug there is, if any. Without the feature `planted-bugs` there is no way to have one, and nothing of them is left
/// in the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Planted {
    #[cfg(any(test, feature = "planted-bugs"))]
    bug: Option<PlantedBug>,
}

impl Planted {
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
