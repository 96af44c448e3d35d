use model::CoordinatorEpoch;
use record::limits::DECOMPRESSED_SIZE_MAX;
use record::{BatchView, Decompressor, EndTransactionMarker};
use replica::{BatchFacts, EndMarker, Outcome, ProducerFacts};

use crate::bytes::to_u32;

/// What a replica must know of a batch of the log: for recovery, and for followers. A control batch is opened to see
/// whether it ends a transaction; of others only the header is read.
pub fn batch_facts(batch: &BatchView<'_>) -> BatchFacts {
    let header = batch.header();
    let attributes = header.attributes();
    BatchFacts {
        offset_count: header.last_offset_delta().saturating_add(1),
        size_bytes: to_u32(header.size()),
        max_timestamp: header.max_timestamp(),
        producer: header.producer().map(|producer| ProducerFacts {
            id: producer.id,
            epoch: producer.epoch,
            base_sequence: producer.base_sequence,
        }),
        transactional: attributes.is_transactional(),
        control: attributes.is_control(),
        marker: if attributes.is_control() { end_marker(batch) } else { None },
    }
}

fn end_marker(batch: &BatchView<'_>) -> Option<EndMarker> {
    let mut decompressor = Decompressor::new();
    let mut records = batch.records(&mut decompressor, DECOMPRESSED_SIZE_MAX).ok()?;
    let marker = EndTransactionMarker::parse(&records.next()?.ok()?).ok()?;
    Some(EndMarker {
        outcome: if marker.committed { Outcome::Commit } else { Outcome::Abort },
        coordinator_epoch: CoordinatorEpoch::from_wire(marker.coordinator_epoch)?,
    })
}
