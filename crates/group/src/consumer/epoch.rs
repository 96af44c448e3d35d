use std::fmt;

/// Counts what changes a consumer group's distribution of work: members, their subscriptions, the partitions of their
/// topics. A target assignment carries the epoch that it was made for. Not the generation of a classic group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupEpoch(i32);

impl GroupEpoch {
    pub const ZERO: Self = Self(0);

    /// `None` for a negative number.
    pub const fn from_wire(raw: i32) -> Option<Self> {
        if raw >= 0 { Some(Self(raw)) } else { None }
    }

    pub const fn to_wire(self) -> i32 {
        self.0
    }

    /// The epoch after this one. At a change each second the last number comes after 68 years; there it stays.
    pub(crate) const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for GroupEpoch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// How far a member has come: the epoch of the target assignment that it has taken over last. It never goes back during
/// one membership, and fences what comes from an earlier life of the member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberEpoch(i32);

impl MemberEpoch {
    /// Of a member that has just joined, and has taken over nothing.
    pub const JOINING: Self = Self(0);
    /// Of a static member that is away, and means to come back (KIP-848).
    pub const AWAY: Self = Self(-2);

    /// Any number that the log has; a request's goes through [`super::Standing`].
    pub(crate) const fn from_log(raw: i32) -> Self {
        Self(raw)
    }

    /// `None` for a negative number.
    pub const fn from_wire(raw: i32) -> Option<Self> {
        if raw >= 0 { Some(Self(raw)) } else { None }
    }

    pub const fn to_wire(self) -> i32 {
        self.0
    }

    /// The member has taken over the target of this epoch.
    pub(crate) const fn reached(target: GroupEpoch) -> Self {
        Self(target.0)
    }

    pub(crate) const fn has_reached(self, target: GroupEpoch) -> bool {
        self.0 == target.0
    }

    /// The epoch after this one, but none above the target's.
    pub(crate) fn next_below(self, target: GroupEpoch) -> Self {
        Self(self.0.saturating_add(1)).min(Self::reached(target))
    }
}

impl fmt::Display for MemberEpoch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
