/// Where a transactional id stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It has a producer, and had no transaction since that was given out.
    Empty,
    Ongoing,
    /// The outcome is decided; partitions are being told.
    Prepare(Outcome),
    /// All partitions were told.
    Complete(Outcome),
}

/// How a transaction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    Commit,
    Abort,
}

impl State {
    /// The number in the log. Kafka's 6 (dead) and 7 (preparing an epoch fence) are never written.
    pub const fn from_wire(raw: i8) -> Option<Self> {
        Some(match raw {
            0 => Self::Empty,
            1 => Self::Ongoing,
            2 => Self::Prepare(Outcome::Commit),
            3 => Self::Prepare(Outcome::Abort),
            4 => Self::Complete(Outcome::Commit),
            5 => Self::Complete(Outcome::Abort),
            _ => return None,
        })
    }

    pub const fn to_wire(self) -> i8 {
        match self {
            Self::Empty => 0,
            Self::Ongoing => 1,
            Self::Prepare(Outcome::Commit) => 2,
            Self::Prepare(Outcome::Abort) => 3,
            Self::Complete(Outcome::Commit) => 4,
            Self::Complete(Outcome::Abort) => 5,
        }
    }

    /// As ListTransactions and DescribeTransactions call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::Ongoing => "Ongoing",
            Self::Prepare(Outcome::Commit) => "PrepareCommit",
            Self::Prepare(Outcome::Abort) => "PrepareAbort",
            Self::Complete(Outcome::Commit) => "CompleteCommit",
            Self::Complete(Outcome::Abort) => "CompleteAbort",
        }
    }

    /// Every name of Kafka's states: the two that are never seen here may be asked for.
    pub fn is_name(name: &str) -> bool {
        const SELDOM: [&str; 2] = ["Dead", "PrepareEpochFence"];
        let named = |raw: i8| Self::from_wire(raw).is_some_and(|state| state.name() == name);
        (0..=5).any(named) || SELDOM.contains(&name)
    }

    /// Nothing is open, and nothing has to be done.
    pub const fn is_idle(self) -> bool {
        matches!(self, Self::Empty | Self::Complete(_))
    }
}
