use std::fmt;

/// Place of a record in a partition. Counts records, from zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offset(i64);

impl Offset {
    pub const ZERO: Self = Self(0);
    pub const MAX: Self = Self(i64::MAX);

    /// `None` for a negative number: on the wire, -1 means "no offset" and is not one.
    pub const fn from_wire(raw: i64) -> Option<Self> {
        if raw >= 0 { Some(Self(raw)) } else { None }
    }

    /// The number as the wire and the files carry it.
    pub const fn to_wire(self) -> i64 {
        self.0
    }

    /// The offset `count` records later; `None` past `i64::MAX`.
    pub const fn plus(self, count: u32) -> Option<Self> {
        match self.0.checked_add(count as i64) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// The offset one record earlier; `None` before the first.
    pub const fn previous(self) -> Option<Self> {
        Self::from_wire(self.0 - 1)
    }

    /// How many offsets lie from `earlier` up to this one; 0 when `earlier` is not earlier.
    pub const fn records_since(self, earlier: Self) -> u64 {
        if self.0 > earlier.0 { self.0.abs_diff(earlier.0) } else { 0 }
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negative_wire_values_are_not_offsets() {
        assert_eq!(Offset::from_wire(-1), None);
        assert_eq!(Offset::from_wire(0), Some(Offset::ZERO));
    }

    #[test]
    fn adding_past_the_largest_offset_is_refused() {
        assert_eq!(Offset::MAX.plus(1), None);
        assert_eq!(Offset::ZERO.plus(7), Offset::from_wire(7));
    }

    #[test]
    fn distance_is_zero_towards_the_past() {
        let five = Offset::from_wire(5).unwrap();
        assert_eq!(five.records_since(Offset::ZERO), 5);
        assert_eq!(Offset::ZERO.records_since(five), 0);
    }
}
