use crate::OffsetRange;

/// What is known about records in flight beyond the life of a leader.
///
/// The order is Kafka's: of two states with the same delivery count the greater one holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeliveryState {
    /// May be delivered, again or for the first time.
    Available,
    Acknowledged,
    /// On its way to the dead-letter topic (KIP-1191).
    Archiving,
    /// Will not be delivered again: rejected, too often delivered, or there is no such record.
    Archived,
}

impl DeliveryState {
    /// `None` for an unknown number, and for 1 (acquired), which is never written down.
    pub const fn from_wire(raw: i8) -> Option<Self> {
        match raw {
            0 => Some(Self::Available),
            2 => Some(Self::Acknowledged),
            3 => Some(Self::Archiving),
            4 => Some(Self::Archived),
            _ => None,
        }
    }

    pub const fn to_wire(self) -> i8 {
        match self {
            Self::Available => 0,
            Self::Acknowledged => 2,
            Self::Archiving => 3,
            Self::Archived => 4,
        }
    }

    /// Nothing will happen to the record any more.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Acknowledged | Self::Archived)
    }
}

/// Records in a row in the same state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateBatch {
    pub range: OffsetRange,
    pub state: DeliveryState,
    pub delivery_count: u16,
}
