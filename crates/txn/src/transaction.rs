use std::collections::BTreeSet;
use std::time::Duration;

use model::{PartitionIndex, ProducerEpoch, ProducerId, Timestamp, TopicName};

use crate::{State, TransactionVersion};

/// One life of a producer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Producer {
    pub id: ProducerId,
    pub epoch: ProducerEpoch,
}

/// A partition that takes part in a transaction.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartitionKey {
    pub topic: TopicName,
    pub partition: PartitionIndex,
}

/// What is known of a transactional id: its producer, and its newest transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// While an outcome is prepared, it is the one that the end markers carry.
    pub producer: Producer,
    /// The producer's id before the newest change.
    pub previous_id: Option<ProducerId>,
    /// The id that takes over when the prepared transaction is complete, because this one's epochs are used up.
    pub next_id: Option<ProducerId>,
    /// How long a transaction may be open; the longest that there is means that nobody ends it (KIP-939).
    pub timeout: Duration,
    pub state: State,
    pub partitions: BTreeSet<PartitionKey>,
    /// `None` when the id never had a transaction.
    pub started_at: Option<Timestamp>,
    pub updated_at: Timestamp,
    /// By whose rules the newest change was made.
    pub version: TransactionVersion,
}

/// The longest timeout in the log: a transaction that is decided elsewhere has it, and never times out.
pub(crate) const NO_TIMEOUT: Duration = Duration::from_millis(i32::MAX.unsigned_abs() as u64);

impl Producer {
    /// Kafka gives out no epoch above this one, so that the coordinator can always fence with the last.
    pub(crate) fn is_exhausted(self) -> bool {
        self.epoch.to_wire() >= i16::MAX - 1
    }

    /// The next epoch of the same id. The last epoch stays: it was only ever the coordinator's own, and whoever asks
    /// next gets another id.
    pub(crate) fn bumped(self) -> Self {
        Self { epoch: self.epoch.next().unwrap_or(self.epoch), ..self }
    }

    pub(crate) fn new(id: ProducerId) -> Self {
        Self { id, epoch: ProducerEpoch::ZERO }
    }
}

impl Transaction {
    /// When it has been open for too long; `None` where that cannot be.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        if self.state != State::Ongoing || self.timeout >= NO_TIMEOUT {
            return None;
        }
        let millis = i64::try_from(self.timeout.as_millis()).ok()?;
        Timestamp::from_millis(self.started_at?.as_millis().checked_add(millis)?)
    }

    /// Since when nothing happened to the id; `None` while a transaction is open.
    pub(crate) fn idle_since(&self) -> Option<Timestamp> {
        self.state.is_idle().then_some(self.updated_at)
    }

    pub(crate) fn assert_invariants(&self) {
        let has_partitions = !self.partitions.is_empty();
        assert!(
            !(has_partitions && self.state.is_idle()),
            "only an open transaction has partitions: {self:?}"
        );
        assert!(
            self.next_id.is_none() || matches!(self.state, State::Prepare(_)),
            "another producer id is in sight only until the transaction is complete: {self:?}"
        );
    }
}
