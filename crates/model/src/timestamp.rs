use std::fmt;

/// Wall-clock time in milliseconds since 1970, as records carry it. `None` stands for the wire's -1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// `None` for a negative number: on the wire, -1 means "no timestamp".
    pub const fn from_millis(millis: i64) -> Option<Self> {
        if millis >= 0 { Some(Self(millis)) } else { None }
    }

    pub const fn as_millis(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
