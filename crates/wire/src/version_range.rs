use std::fmt;

/// Versions `min` to `max` of a message; none when `max` is below `min`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VersionRange {
    pub min: i16,
    pub max: i16,
}

impl VersionRange {
    pub const NONE: Self = Self { min: 0, max: -1 };

    pub const fn new(min: i16, max: i16) -> Self {
        Self { min, max }
    }

    pub const fn contains(self, version: i16) -> bool {
        version >= self.min && version <= self.max
    }

    pub const fn is_empty(self) -> bool {
        self.max < self.min
    }

    /// The versions that both ranges have.
    pub const fn intersect(self, other: Self) -> Self {
        let min = if self.min > other.min { self.min } else { other.min };
        let max = if self.max < other.max { self.max } else { other.max };
        if max < min { Self::NONE } else { Self { min, max } }
    }

    pub fn iter(self) -> impl DoubleEndedIterator<Item = i16> + Clone {
        self.min..=self.max
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            formatter.write_str("none")
        } else {
            write!(formatter, "{}-{}", self.min, self.max)
        }
    }
}
