//! Which batches belong to aborted transactions (KIP-98): the broker names them with each answer to a fetch.

use std::collections::BTreeSet;

use record::{BatchView, ControlType, Decompressor};
use wire::messages::fetch_response::AbortedTransaction;

use crate::limits::DECOMPRESSED_SIZE_MAX;

/// Walks the batches of one answer in their order.
#[derive(Debug)]
pub(super) struct AbortedTransactions {
    /// Latest first.
    upcoming: Vec<(i64, i64)>,
    /// Producers whose open transaction was aborted.
    open: BTreeSet<i64>,
}

impl AbortedTransactions {
    pub(super) fn new(transactions: Option<Vec<AbortedTransaction>>) -> Self {
        let transactions = transactions.unwrap_or_default();
        let mut upcoming: Vec<(i64, i64)> = transactions
            .iter()
            .map(|aborted| (aborted.first_offset, aborted.producer_id))
            .collect();
        upcoming.sort_unstable_by(|a, b| b.cmp(a));
        Self { upcoming, open: BTreeSet::new() }
    }

    /// Whether the records of the next batch count for nothing.
    pub(super) fn hides(&mut self, batch: &BatchView<'_>, decompressor: &mut Decompressor) -> bool {
        let header = batch.header();
        let Some(producer) = header.producer() else { return false };
        if !header.attributes().is_transactional() {
            return false;
        }
        let last = header.last_offset().to_wire();
        while self.upcoming.last().is_some_and(|(first, _)| *first <= last) {
            self.open.extend(self.upcoming.pop().map(|(_, producer)| producer));
        }
        let producer = producer.id.to_wire();
        if header.attributes().is_control() {
            if is_abort(batch, decompressor) {
                self.open.remove(&producer);
            }
            return true;
        }
        self.open.contains(&producer)
    }
}

fn is_abort(batch: &BatchView<'_>, decompressor: &mut Decompressor) -> bool {
    let Ok(mut records) = batch.records(decompressor, DECOMPRESSED_SIZE_MAX) else { return false };
    let Some(Ok(record)) = records.next() else { return false };
    ControlType::parse_key(record.key) == Ok(ControlType::Abort)
}

#[cfg(test)]
mod tests {
    use model::{Offset, ProducerEpoch, ProducerId, Timestamp};
    use record::{
        BatchBuilder, BatchStamp, Compressor, ControlStamp, EndTransactionMarker, ProducerStamp,
        write_end_transaction_batch,
    };

    use super::*;

    fn offset(raw: i64) -> Offset {
        Offset::from_wire(raw).unwrap()
    }

    fn data(base: i64, producer: i64) -> Vec<u8> {
        let mut builder = BatchBuilder::new();
        builder.append(None, None, Some(b"x"), &[]).unwrap();
        let id = ProducerId::from_wire(producer).unwrap();
        let producer = Some(ProducerStamp { id, epoch: ProducerEpoch::ZERO, base_sequence: None });
        let stamp = BatchStamp {
            base_offset: offset(base),
            producer,
            transactional: true,
            ..BatchStamp::default()
        };
        builder.finish(&stamp, &mut Compressor::new()).unwrap().to_vec()
    }

    fn marker(base: i64, producer: i64, committed: bool) -> Vec<u8> {
        let stamp = ControlStamp {
            base_offset: offset(base),
            leader_epoch: None,
            timestamp: Timestamp::from_millis(1).unwrap(),
        };
        let marker = EndTransactionMarker { committed, coordinator_epoch: 0 };
        let mut out = Vec::new();
        let id = ProducerId::from_wire(producer).unwrap();
        write_end_transaction_batch(stamp, id, ProducerEpoch::ZERO, marker, &mut out).unwrap();
        out
    }

    #[test]
    fn records_between_the_first_offset_and_the_abort_marker_are_hidden() {
        let aborted = AbortedTransaction { producer_id: 7, first_offset: 1 };
        let mut transactions = AbortedTransactions::new(Some(vec![aborted]));
        let batches = [
            (data(0, 8), false),
            (data(1, 7), true),
            (data(2, 8), false),
            (marker(3, 8, true), true),
            (data(4, 7), true),
            (marker(5, 7, false), true),
            (data(6, 7), false),
        ];
        for (bytes, hidden) in batches {
            let batch = BatchView::parse_checked(&bytes).unwrap();
            let found = transactions.hides(&batch, &mut Decompressor::new());
            assert_eq!(found, hidden, "at {}", batch.header().base_offset());
        }
    }
}
