/// How a request stands to the share session of its member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionEpoch {
    /// Opens a session.
    Initial,
    /// Goes on with it: 1 for the first request after the opening one, then counted up.
    Next(NextEpoch),
    /// Closes it.
    Final,
}

/// From 1; after the last number comes 1 again, since 0 opens a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NextEpoch(i32);

impl SessionEpoch {
    /// `None` for numbers below -1.
    pub const fn from_wire(raw: i32) -> Option<Self> {
        match raw {
            0 => Some(Self::Initial),
            -1 => Some(Self::Final),
            1.. => Some(Self::Next(NextEpoch(raw))),
            _ => None,
        }
    }
}

impl NextEpoch {
    /// Of the request after the one that opened the session.
    pub const FIRST: Self = Self(1);

    #[must_use]
    pub const fn next(self) -> Self {
        match self.0.checked_add(1) {
            Some(next) => Self(next),
            None => Self::FIRST,
        }
    }

    pub(crate) fn number(self) -> usize {
        usize::try_from(self.0).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_last_epoch_comes_the_first() {
        assert_eq!(NextEpoch(i32::MAX).next(), NextEpoch::FIRST);
        assert_eq!(SessionEpoch::from_wire(-2), None);
        assert_eq!(SessionEpoch::from_wire(1), Some(SessionEpoch::Next(NextEpoch::FIRST)));
    }
}
