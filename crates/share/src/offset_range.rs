use model::Offset;

/// Offsets in a row; never empty. The end is the first offset after them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OffsetRange {
    first: Offset,
    end: Offset,
}

impl OffsetRange {
    /// From the first to the last offset, as the wire and the log have it. `None` when the last one comes first, and for
    /// the very last number, after which there is no end.
    pub const fn new(first: Offset, last: Offset) -> Option<Self> {
        match last.plus(1) {
            Some(end) if first.to_wire() < end.to_wire() => Some(Self { first, end }),
            Some(_) | None => None,
        }
    }

    /// `None` when nothing lies between.
    pub fn between(first: Offset, end: Offset) -> Option<Self> {
        (first < end).then_some(Self { first, end })
    }

    /// For ends that are known to lie behind.
    pub(crate) fn spanning(first: Offset, end: Offset) -> Self {
        assert!(first < end, "a range of offsets is not empty");
        Self { first, end }
    }

    pub const fn first(self) -> Offset {
        self.first
    }

    pub fn last(self) -> Offset {
        self.end.previous().unwrap_or(self.first)
    }

    pub const fn end(self) -> Offset {
        self.end
    }

    pub const fn count(self) -> u64 {
        self.end.records_since(self.first)
    }

    pub fn contains(self, offset: Offset) -> bool {
        self.first <= offset && offset < self.end
    }

    pub fn intersect(self, other: Self) -> Option<Self> {
        Self::between(self.first.max(other.first), self.end.min(other.end))
    }

    /// The part from `offset` on.
    pub fn from(self, offset: Offset) -> Option<Self> {
        Self::between(self.first.max(offset), self.end)
    }

    /// The part before `offset`.
    pub fn before(self, offset: Offset) -> Option<Self> {
        Self::between(self.first, self.end.min(offset))
    }

    /// The first `count` offsets, or all if there are fewer.
    pub fn take(self, count: u64) -> Option<Self> {
        let end =
            i64::try_from(count).ok().and_then(|count| self.first.to_wire().checked_add(count));
        match end.and_then(Offset::from_wire) {
            Some(end) => self.before(end),
            None => Some(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{offset, range};

    #[test]
    fn a_range_is_never_empty() {
        assert_eq!(OffsetRange::new(offset(5), offset(4)), None);
        assert_eq!(OffsetRange::new(offset(5), Offset::MAX), None);
        assert_eq!(OffsetRange::between(offset(5), offset(5)), None);
        assert_eq!(range(5, 5).count(), 1);
        assert_eq!(range(5, 9).intersect(range(10, 12)), None);
        assert_eq!(range(5, 9).intersect(range(9, 12)), Some(range(9, 9)));
        assert_eq!(range(5, 9).take(0), None);
    }

    #[test]
    fn taking_more_than_there_is_takes_all() {
        assert_eq!(range(5, 9).take(2), Some(range(5, 6)));
        assert_eq!(range(5, 9).take(u64::MAX), Some(range(5, 9)));
        assert_eq!(range(5, 9).from(offset(7)), Some(range(7, 9)));
        assert_eq!(range(5, 9).before(offset(7)), Some(range(5, 6)));
    }
}
