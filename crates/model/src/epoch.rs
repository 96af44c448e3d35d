use std::fmt;

macro_rules! epoch {
    ($(#[$doc:meta])* $name:ident, $raw:ty) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($raw);

        impl $name {
            pub const ZERO: Self = Self(0);

            /// `None` for a negative number, which on the wire means "not known".
            pub const fn from_wire(raw: $raw) -> Option<Self> {
                if raw >= 0 { Some(Self(raw)) } else { None }
            }

            /// The number as the wire and the files carry it.
            pub const fn to_wire(self) -> $raw {
                self.0
            }

            /// The epoch after this one; `None` when the number space is used up.
            pub const fn next(self) -> Option<Self> {
                match self.0.checked_add(1) {
                    Some(next) => Some(Self(next)),
                    None => None,
                }
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
    /// Grows each time a partition (or the metadata quorum) gets a leader. Stamped into every batch.
    LeaderEpoch, i32
}
epoch! {
    /// Grows with every change of a partition's state in the metadata; fences AlterPartition.
    PartitionEpoch, i32
}
epoch! {
    /// The epoch of the metadata quorum as brokers see it.
    ControllerEpoch, i32
}
epoch! {
    /// The offset of a broker's registration record: separates two lives of one broker.
    BrokerEpoch, i64
}
epoch! {
    /// The leader epoch of the transaction coordinator's partition; an end marker carries it, and an older one is
    /// fenced.
    CoordinatorEpoch, i32
}
