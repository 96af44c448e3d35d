use group::Ticket;
use model::{LeaderEpoch, Offset};

use crate::{AcknowledgeError, OffsetRange, StateBatch, StateEpoch};

/// What a share-partition wants done, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask the share coordinator to write this, and say how it went with [`crate::SharePartition::write_done`]. There is
    /// never more than one at a time.
    Write(StateWrite),
    /// The acknowledgements of this request are done, or refused as a whole.
    Answer { ticket: Ticket, result: Result<(), AcknowledgeError> },
    /// Records may have become available, or there is room for more: look at the share fetches that wait.
    Fetchable,
    /// Write these to the group's dead-letter topic, and say so with [`crate::SharePartition::dead_letters_done`].
    DeadLetter(DeadLetter),
    /// Somebody else leads the share-partition, or its state was set anew: drop this one.
    Fenced,
}

/// Names one write of a share-partition's leader: of which life of it, and which of its writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WriteId {
    life: u64,
    number: u64,
}

impl WriteId {
    pub(crate) const fn first_of(life: u64) -> Self {
        Self { life, number: 0 }
    }

    #[must_use]
    pub(crate) const fn next(self) -> Self {
        Self { life: self.life, number: self.number + 1 }
    }
}

/// The content of a WriteShareGroupState request for one share-partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateWrite {
    pub id: WriteId,
    pub state_epoch: StateEpoch,
    pub leader_epoch: LeaderEpoch,
    pub start_offset: Offset,
    /// Records from the start offset on that are acknowledged or archived once this is written (KIP-1226).
    pub delivery_complete_count: u32,
    pub batches: Vec<StateBatch>,
}

/// Why a write was not done, in the words of the coordinator's errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    #[error("the share coordinator is not available")]
    CoordinatorNotAvailable,
    #[error("the share coordinator does not know the group")]
    GroupNotFound,
    #[error("the share coordinator does not know the partition")]
    UnknownTopicOrPartition,
    /// A newer leader, or a newer state.
    #[error("a newer leader has read the state")]
    Fenced,
    #[error("the share coordinator failed")]
    Failed,
}

/// Records for the dead-letter topic (KIP-1191).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    pub range: OffsetRange,
    pub delivery_count: u16,
    pub cause: DeadLetterCause,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadLetterCause {
    /// A member rejected the record.
    Rejected,
    /// The record was delivered as often as it may be.
    DeliveryCountLimit,
    /// Decided by an earlier leader, which has not written down why.
    Unknown,
}

/// Effects in the order in which they are to be carried out.
#[derive(Debug, Default)]
pub struct Effects(Vec<Effect>);

impl Effects {
    pub fn drain(&mut self) -> impl Iterator<Item = Effect> {
        self.0.drain(..)
    }

    pub(crate) fn push(&mut self, effect: Effect) {
        self.0.push(effect);
    }

    /// Said once, however much became available.
    pub(crate) fn push_fetchable(&mut self) {
        if !self.0.contains(&Effect::Fetchable) {
            self.0.push(Effect::Fetchable);
        }
    }
}
