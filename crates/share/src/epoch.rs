use std::fmt;

macro_rules! epoch {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i32);

        impl $name {
            pub const ZERO: Self = Self(0);

            /// `None` for a negative number.
            pub const fn from_wire(raw: i32) -> Option<Self> {
                if raw >= 0 { Some(Self(raw)) } else { None }
            }

            pub const fn to_wire(self) -> i32 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }
    };
}

epoch! {
    /// Grows each time the group coordinator sets a share-partition's state anew (alter or delete of offsets); fences
    /// leaders that still work on the old one.
    StateEpoch
}
epoch! {
    /// Counts the snapshots of one share-partition's state.
    SnapshotEpoch
}

impl SnapshotEpoch {
    /// The epoch after this one; after the last number comes 0 again: it is compared for equality only.
    pub(crate) const fn next(self) -> Self {
        match self.0.checked_add(1) {
            Some(next) => Self(next),
            None => Self::ZERO,
        }
    }
}
