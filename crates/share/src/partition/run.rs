use group::MemberId;
use model::{Instant, Offset};

use crate::{DeadLetterCause, DeliveryState, OffsetRange, WriteId};

/// Records in a row that share one fate, from the offset under which they are kept up to the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) end: Offset,
    pub(crate) state: RunState,
    pub(crate) delivery_count: u16,
    pub(crate) mark: Mark,
    /// Records that came into flight with these, in one batch; what is cut off of a run keeps it.
    pub(crate) together: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RunState {
    Available,
    Acquired(Hold),
    /// The member has decided, and the decision is being written; if that fails the member holds the records again.
    Settling {
        hold: Hold,
        to: Settled,
        write: WriteId,
    },
    Acknowledged,
    /// Refused for good, and not yet in the dead-letter topic.
    Archiving(DeadLetterCause),
    Archived,
    /// There are no such records for readers: compacted away, aborted, or the marker of a transaction.
    Missing,
}

/// The acquisition lock of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hold {
    pub(crate) member: MemberId,
    pub(crate) until: Instant,
}

/// What becomes of records when the write about them is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    Available,
    Acknowledged,
    Archiving(DeadLetterCause),
    Archived,
}

/// Whether the coordinator knows the state. Settling records are not marked: their write is in their state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Clean,
    Dirty,
    Sent(WriteId),
}

/// How often records may be delivered, and what becomes of them then.
pub(crate) struct Limit {
    pub(crate) delivery_count: u16,
    pub(crate) beyond: RunState,
}

impl Run {
    /// All the records of `range`, as they come into flight.
    pub(crate) fn new(
        range: OffsetRange,
        state: RunState,
        delivery_count: u16,
        mark: Mark,
    ) -> Self {
        Self { end: range.end(), state, delivery_count, mark, together: range.count() }
    }

    /// Nothing is to be done about the records any more, but perhaps to write it down.
    pub(crate) const fn is_final(&self) -> bool {
        matches!(self.state, RunState::Acknowledged | RunState::Archived | RunState::Missing)
    }

    pub(crate) fn is_held_by(&self, member: &MemberId) -> bool {
        matches!(&self.state, RunState::Acquired(hold) if hold.member == *member)
    }

    /// Comes to a state that nobody holds and that the coordinator does not know yet.
    pub(crate) fn become_dirty(&mut self, state: RunState) {
        self.state = state;
        self.mark = Mark::Dirty;
    }

    /// Comes back from a member without a decision. Whether it may be delivered again.
    pub(crate) fn come_back(&mut self, limit: &Limit) -> bool {
        let is_over = self.delivery_count >= limit.delivery_count;
        self.become_dirty(if is_over { limit.beyond.clone() } else { RunState::Available });
        !is_over
    }

    /// What a write says about the records; `None` for those a member holds.
    pub(crate) const fn written(&self) -> Option<DeliveryState> {
        match &self.state {
            RunState::Available => Some(DeliveryState::Available),
            RunState::Acquired(_) => None,
            RunState::Settling { to, .. } => Some(to.written()),
            RunState::Acknowledged => Some(DeliveryState::Acknowledged),
            RunState::Archiving(_) => Some(DeliveryState::Archiving),
            RunState::Archived | RunState::Missing => Some(DeliveryState::Archived),
        }
    }
}

impl Settled {
    pub(crate) const fn written(self) -> DeliveryState {
        match self {
            Self::Available => DeliveryState::Available,
            Self::Acknowledged => DeliveryState::Acknowledged,
            Self::Archiving(_) => DeliveryState::Archiving,
            Self::Archived => DeliveryState::Archived,
        }
    }

    pub(crate) const fn state(self) -> RunState {
        match self {
            Self::Available => RunState::Available,
            Self::Acknowledged => RunState::Acknowledged,
            Self::Archiving(cause) => RunState::Archiving(cause),
            Self::Archived => RunState::Archived,
        }
    }
}

/// A run with its first offset.
pub(crate) fn range_of(first: Offset, run: &Run) -> OffsetRange {
    OffsetRange::spanning(first, run.end)
}
