//! Short words for this crate's tests.

use model::{
    BrokerId, CoordinatorEpoch, LeaderEpoch, Offset, PartitionEpoch, ProducerEpoch, ProducerId,
    Sequence, Timestamp,
};

use crate::batch_facts::{BatchFacts, EndMarker, Outcome, ProducerFacts};

pub(crate) fn offset(raw: i64) -> Offset {
    Offset::from_wire(raw).unwrap()
}

pub(crate) fn leader_epoch(raw: i32) -> LeaderEpoch {
    LeaderEpoch::from_wire(raw).unwrap()
}

pub(crate) fn partition_epoch(raw: i32) -> PartitionEpoch {
    PartitionEpoch::from_wire(raw).unwrap()
}

pub(crate) fn broker(raw: i32) -> BrokerId {
    BrokerId::from_wire(raw).unwrap()
}

pub(crate) fn brokers(raw: &[i32]) -> Vec<BrokerId> {
    raw.iter().copied().map(broker).collect()
}

pub(crate) fn producer(raw: i64) -> ProducerId {
    ProducerId::from_wire(raw).unwrap()
}

pub(crate) fn producer_epoch(raw: i16) -> ProducerEpoch {
    ProducerEpoch::from_wire(raw).unwrap()
}

pub(crate) fn sequence(raw: i32) -> Sequence {
    Sequence::from_wire(raw).unwrap()
}

pub(crate) fn at_ms(raw: i64) -> Timestamp {
    Timestamp::from_millis(raw).unwrap()
}

/// A batch without idempotence.
pub(crate) fn plain(offset_count: u32) -> BatchFacts {
    BatchFacts {
        offset_count,
        size_bytes: 100,
        max_timestamp: Some(at_ms(1_000)),
        producer: None,
        transactional: false,
        control: false,
        marker: None,
    }
}

/// An idempotent batch of producer `id`.
pub(crate) fn idempotent(id: i64, epoch: i16, first: i32, offset_count: u32) -> BatchFacts {
    let producer = ProducerFacts {
        id: producer(id),
        epoch: producer_epoch(epoch),
        base_sequence: Some(sequence(first)),
    };
    BatchFacts { producer: Some(producer), ..plain(offset_count) }
}

pub(crate) fn transactional(id: i64, epoch: i16, first: i32, offset_count: u32) -> BatchFacts {
    BatchFacts { transactional: true, ..idempotent(id, epoch, first, offset_count) }
}

pub(crate) fn marker(id: i64, epoch: i16, outcome: Outcome, coordinator_epoch: i32) -> BatchFacts {
    let coordinator_epoch = CoordinatorEpoch::from_wire(coordinator_epoch).unwrap();
    let producer =
        ProducerFacts { id: producer(id), epoch: producer_epoch(epoch), base_sequence: None };
    BatchFacts {
        producer: Some(producer),
        transactional: true,
        control: true,
        marker: Some(EndMarker { outcome, coordinator_epoch }),
        ..plain(1)
    }
}
