use model::{CoordinatorEpoch, ProducerEpoch, ProducerId, Sequence, Timestamp};

/// What a replica must know of a batch. The bytes themselves pass through untouched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchFacts {
    /// Offsets that the batch takes: its last offset delta plus one. More than its records once compaction removed
    /// some. Never 0.
    pub offset_count: u32,
    /// Of the whole batch, header included.
    pub size_bytes: u32,
    pub max_timestamp: Option<Timestamp>,
    /// `None` for a batch without idempotence.
    pub producer: Option<ProducerFacts>,
    /// Part of a transaction (KIP-98). A marker is transactional too.
    pub transactional: bool,
    /// A control batch: never handed to applications.
    pub control: bool,
    /// What an end marker says. `None` for data, for other control batches, and for a marker whose transaction was
    /// cleaned away.
    pub marker: Option<EndMarker>,
}

/// Who wrote a batch, and where in their sequence it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProducerFacts {
    pub id: ProducerId,
    pub epoch: ProducerEpoch,
    /// `None` for what coordinators write: markers and transactional offset commits.
    pub base_sequence: Option<Sequence>,
}

/// The record inside a transaction's end marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndMarker {
    pub outcome: Outcome,
    pub coordinator_epoch: CoordinatorEpoch,
}

/// How a transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Commit,
    Abort,
}

/// Who appends, which decides how much of a producer's state is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A client's Produce: epoch and sequence.
    Client { unknown_producer: UnknownProducer },
    /// A coordinator on this broker: the epoch only, since it sends no sequence.
    Coordinator,
    /// The end of a transaction.
    Marker { epoch_rule: MarkerEpochRule },
}

impl Origin {
    /// A client without transactions of version 2: the usual case.
    pub const CLIENT: Self = Self::Client { unknown_producer: UnknownProducer::AnySequence };
}

/// Which first sequence is taken from a producer id of which nothing is known: it may be new, or forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownProducer {
    AnySequence,
    /// Transactions of version 2 (KIP-890): the epoch grows with every transaction, so the first batch starts at 0.
    MustStartAtZero,
}

/// Which producer epoch an end marker may carry, seen from the producer's present one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkerEpochRule {
    /// Before transactions of version 2: the same or a later one.
    SameOrLater,
    /// Version 2: a later one; the same one only repeats a marker, when no transaction is open.
    Later,
}
