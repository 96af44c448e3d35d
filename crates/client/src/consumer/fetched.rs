use std::ops::ControlFlow;

use bytes::Bytes;
use model::{Offset, TopicPartition};
use record::{Batches, Decompressor, RecordView};
use wire::messages::fetch_response::AbortedTransaction;

use super::Isolation;
use super::aborted::AbortedTransactions;
use crate::error::CorruptBatch;
use crate::limits::DECOMPRESSED_SIZE_MAX;
use crate::{ClientError, Result};

/// Whole batches of one partition as they came, checked and decompressed when they are read.
#[derive(Clone, Debug)]
pub struct Fetched {
    pub partition: TopicPartition,
    /// The first record that was asked for; a batch may begin before it.
    pub start: Offset,
    /// The offset after the last record here, even one that is not shown.
    pub next: Offset,
    /// Up to where records were committed when the broker answered.
    pub high_watermark: Option<Offset>,
    pub(super) isolation: Isolation,
    pub(super) batches: Bytes,
    pub(super) aborted: Option<Vec<AbortedTransaction>>,
}

impl Fetched {
    /// Bytes of the batches as they came.
    pub fn size(&self) -> usize {
        self.batches.len()
    }

    /// Shows each record that counts, in order, until `visit` breaks; nothing is allocated per record. Says the offset after the
    /// last one that was shown or stepped over: where to go on.
    pub fn visit(
        &self,
        decompressor: &mut Decompressor,
        mut visit: impl FnMut(&RecordView<'_>) -> ControlFlow<()>,
    ) -> Result<Offset> {
        let mut aborted = AbortedTransactions::new(self.aborted.clone());
        for batch in Batches::checked(&self.batches) {
            let batch = match batch {
                Ok(batch) => batch,
                // An answer may end within a batch: the rest comes with the next one.
                Err(stop) if stop.is_torn() => break,
                Err(stop) => return Err(self.corrupt(self.next, stop.reason.into())),
            };
            let base = batch.header().base_offset();
            let is_hidden = self.isolation == Isolation::Committed
                && aborted.hides(&batch, decompressor)
                || batch.header().attributes().is_control();
            if is_hidden {
                continue;
            }
            let corrupt = |reason: record::RecordError| self.corrupt(base, reason.into());
            let records = batch.records(decompressor, DECOMPRESSED_SIZE_MAX).map_err(corrupt)?;
            for record in records {
                let record = record.map_err(corrupt)?;
                if record.offset < self.start {
                    continue;
                }
                if visit(&record).is_break() {
                    return Ok(record.offset.plus(1).unwrap_or(Offset::MAX));
                }
            }
        }
        Ok(self.next)
    }

    fn corrupt(&self, at: Offset, reason: CorruptBatch) -> ClientError {
        ClientError::CorruptBatch {
            partition: self.partition.clone(),
            offset: at.to_wire(),
            reason,
        }
    }
}
