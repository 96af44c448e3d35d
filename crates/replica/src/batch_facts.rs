use model::{CoordinatorEpoch, ProducerEpoch, ProducerId, Sequence, Timestamp};
use record::limits::CONTROL_RECORD_COUNT_MAX;
use record::{
    BatchHeader, BatchView, ControlError, Decompressor, EndTransactionMarker, RecordError,
    ValidBatch,
};

use crate::Membership;

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

/// Why the facts of a stored control batch cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableMarker {
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error(transparent)]
    Control(#[from] ControlError),
    #[error("coordinator epoch {0} is negative")]
    CoordinatorEpoch(i32),
}

impl From<&ValidBatch> for BatchFacts {
    /// Of a client's batch.
    fn from(batch: &ValidBatch) -> Self {
        Self { max_timestamp: batch.max_timestamp(), ..Self::of_header(batch.header()) }
    }
}

impl BatchFacts {
    /// Of a batch that lies in a log: at recovery, on a follower, and of what a coordinator writes. Looks into the
    /// record of an end marker.
    pub fn of_stored(batch: &BatchView<'_>) -> Result<Self, UnreadableMarker> {
        let facts = Self::of_header(batch.header());
        if !facts.control || facts.producer.is_none() {
            return Ok(facts);
        }
        let mut decompressor = Decompressor::new();
        let mut records = batch.records(&mut decompressor, MARKER_SIZE_MAX)?;
        let Some(record) = records.next().transpose()? else { return Ok(facts) };
        let marker = EndTransactionMarker::parse(&record)?;
        let coordinator_epoch = CoordinatorEpoch::from_wire(marker.coordinator_epoch)
            .ok_or(UnreadableMarker::CoordinatorEpoch(marker.coordinator_epoch))?;
        let outcome = if marker.committed { Outcome::Commit } else { Outcome::Abort };
        Ok(Self { marker: Some(EndMarker { outcome, coordinator_epoch }), ..facts })
    }

    /// Without a look at its records, so no marker.
    pub fn of_header(header: &BatchHeader) -> Self {
        Self {
            offset_count: header.last_offset_delta().saturating_add(1),
            size_bytes: u32::try_from(header.size()).unwrap_or(u32::MAX),
            max_timestamp: header.max_timestamp(),
            producer: header.producer().map(|producer| ProducerFacts {
                id: producer.id,
                epoch: producer.epoch,
                base_sequence: producer.base_sequence,
            }),
            transactional: header.attributes().is_transactional(),
            control: header.attributes().is_control(),
            marker: None,
        }
    }
}

/// Of a control batch that someone compressed. Its records are a few bytes each.
const MARKER_SIZE_MAX: usize = 128 * CONTROL_RECORD_COUNT_MAX;

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
    Client { unknown_producer: UnknownProducer, membership: Membership },
    /// A coordinator on this broker: the epoch only, since it sends no sequence.
    Coordinator { membership: Membership },
    /// The end of a transaction.
    Marker { epoch_rule: MarkerEpochRule },
}

impl Origin {
    /// A client without transactions of version 2: the usual case.
    pub const CLIENT: Self = Self::Client {
        unknown_producer: UnknownProducer::AnySequence,
        membership: Membership::Trusted,
    };

    /// A coordinator that writes its own state.
    pub const COORDINATOR: Self = Self::Coordinator { membership: Membership::Trusted };

    pub(crate) const fn membership(self) -> Membership {
        match self {
            Self::Client { membership, .. } | Self::Coordinator { membership } => membership,
            Self::Marker { .. } => Membership::Trusted,
        }
    }
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

#[cfg(test)]
mod tests {
    use model::Offset;
    use record::{BatchBuilder, BatchStamp, Compressor, ControlStamp, write_end_transaction_batch};

    use super::*;
    use crate::samples::{at_ms, idempotent, marker, producer, producer_epoch};

    #[test]
    fn the_facts_of_a_data_batch_are_those_of_its_header() {
        let mut builder = BatchBuilder::new();
        for _ in 0..3 {
            builder.append(Some(at_ms(1_000)), None, Some(b"value"), &[]).unwrap();
        }
        let wanted = idempotent(7, 1, 40, 3);
        let producer = wanted.producer.unwrap();
        let producer = record::ProducerStamp {
            id: producer.id,
            epoch: producer.epoch,
            base_sequence: producer.base_sequence,
        };
        let stamp = BatchStamp { producer: Some(producer), ..BatchStamp::default() };
        let bytes = builder.finish(&stamp, &mut Compressor::new()).unwrap();
        let facts = BatchFacts::of_stored(&BatchView::parse_checked(bytes).unwrap()).unwrap();
        let size_bytes = u32::try_from(bytes.len()).unwrap();
        assert_eq!(facts, BatchFacts { size_bytes, ..wanted });
    }

    #[test]
    fn the_facts_of_an_end_marker_say_how_it_ended() {
        let mut bytes = Vec::new();
        let stamp =
            ControlStamp { base_offset: Offset::ZERO, leader_epoch: None, timestamp: at_ms(1_000) };
        let end = EndTransactionMarker { committed: false, coordinator_epoch: 9 };
        write_end_transaction_batch(stamp, producer(7), producer_epoch(1), end, &mut bytes)
            .unwrap();
        let facts = BatchFacts::of_stored(&BatchView::parse_checked(&bytes).unwrap()).unwrap();
        let size_bytes = u32::try_from(bytes.len()).unwrap();
        assert_eq!(facts, BatchFacts { size_bytes, ..marker(7, 1, Outcome::Abort, 9) });
    }
}
