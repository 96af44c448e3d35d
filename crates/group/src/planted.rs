/// A bug on purpose, for the tests that must notice it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlantedBug {
    /// The first two offsets of a commit change places.
    SwapTwoOffsets,
    /// Offsets count although their transaction was aborted.
    KeepAbortedOffsets,
    /// Offsets of a transaction are taken from a member that is none any more.
    AcceptStaleMember,
    /// A member's partitions go to others before it has let go of them.
    RevokeUnasked,
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
