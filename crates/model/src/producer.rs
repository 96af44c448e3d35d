use std::fmt;

/// Names an idempotent or transactional producer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProducerId(i64);

impl ProducerId {
    /// `None` for a negative number: -1 marks a batch without idempotence.
    pub const fn from_wire(raw: i64) -> Option<Self> {
        if raw >= 0 { Some(Self(raw)) } else { None }
    }

    pub const fn to_wire(self) -> i64 {
        self.0
    }
}

impl fmt::Display for ProducerId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Fences older lives of one producer id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProducerEpoch(i16);

impl ProducerEpoch {
    pub const ZERO: Self = Self(0);

    pub const fn from_wire(raw: i16) -> Option<Self> {
        if raw >= 0 { Some(Self(raw)) } else { None }
    }

    pub const fn to_wire(self) -> i16 {
        self.0
    }

    /// The epoch after this one; `None` when the space is used up and a new producer id is needed.
    pub const fn next(self) -> Option<Self> {
        match self.0.checked_add(1) {
            Some(next) => Some(Self(next)),
            None => None,
        }
    }
}

impl fmt::Display for ProducerEpoch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Number of a record among those of one producer id, epoch and partition. Wraps to 0 after 2³¹−1, so it has no
/// order: compare through its methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sequence(i32);

impl Sequence {
    pub const ZERO: Self = Self(0);

    pub const fn from_wire(raw: i32) -> Option<Self> {
        if raw >= 0 { Some(Self(raw)) } else { None }
    }

    pub const fn to_wire(self) -> i32 {
        self.0
    }

    /// The sequence `count` records later, wrapping to 0 after 2³¹−1.
    pub const fn plus(self, count: u32) -> Self {
        let sum = (self.0 as i64 + count as i64) & 0x7fff_ffff;
        // The mask keeps 31 bits.
        #[allow(clippy::cast_possible_truncation, reason = "masked to 31 bits in the line above")]
        Self(sum as i32)
    }

    /// The sequence `count` records earlier, wrapping below 0.
    pub const fn minus(self, count: u32) -> Self {
        let difference = (self.0 as i64 - count as i64) & 0x7fff_ffff;
        #[allow(clippy::cast_possible_truncation, reason = "masked to 31 bits in the line above")]
        Self(difference as i32)
    }

    /// Whether `other` lies ahead, the shorter way around.
    pub const fn is_before(self, other: Self) -> bool {
        let ahead = (other.0 as i64 - self.0 as i64) & 0x7fff_ffff;
        ahead != 0 && ahead < 1 << 30
    }

    /// Whether `next` is the record right after this one.
    pub const fn is_followed_by(self, next: Self) -> bool {
        self.plus(1).0 == next.0
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequence_wraps_to_zero_after_the_largest() {
        let last = Sequence::from_wire(i32::MAX).unwrap();
        assert!(last.is_followed_by(Sequence::ZERO));
        assert_eq!(last.plus(3), Sequence::from_wire(2).unwrap());
        assert_eq!(Sequence::ZERO.minus(1), last);
        assert!(last.is_before(Sequence::ZERO));
        assert!(!Sequence::ZERO.is_before(last));
        assert!(!last.is_before(last));
    }
}
