//! Records of one partition that travel together.

use std::sync::Arc;

use bytes::Bytes;
use model::Sequence;
use record::{AppendError, BatchBuilder, BatchStamp, Compressor, ProducerStamp};
use tokio::time::Instant;

use super::{Appended, Identity};
use crate::limits::FREE_BUILDER_COUNT_MAX;
use crate::producer::delivery::{Delivered, Delivery, Outcome};
use crate::producer::{NewRecord, ProducerConfig};
use crate::{ClientError, Result};

#[derive(Debug)]
pub(super) struct Batch {
    contents: Contents,
    outcome: Arc<Outcome>,
    /// Its place among all batches of this producer.
    pub(super) order: u64,
    pub(super) record_count: u32,
    /// Bytes that it counts for in the buffer, before compression.
    pub(super) size: usize,
    pub(super) began: Instant,
    /// Takes no more records.
    pub(super) closed: bool,
    pub(super) sequence: Option<Sequence>,
    pub(super) attempts: u32,
    /// An attempt ended without an answer that says "not written".
    pub(super) maybe_written: bool,
    pub(super) last_error: Option<ClientError>,
}

#[derive(Debug)]
enum Contents {
    Open(BatchBuilder),
    Sealed(Bytes),
}

impl Batch {
    pub(super) fn new(builder: BatchBuilder, order: u64, began: Instant) -> Self {
        Self {
            contents: Contents::Open(builder),
            outcome: Arc::default(),
            order,
            record_count: 0,
            size: 0,
            began,
            closed: false,
            sequence: None,
            attempts: 0,
            maybe_written: false,
            last_error: None,
        }
    }

    /// `None` when the batch takes no more.
    pub(super) fn append(
        &mut self,
        record: &NewRecord<'_>,
        size: usize,
        size_max: usize,
    ) -> Option<Appended> {
        let Contents::Open(builder) = &mut self.contents else { return None };
        if self.closed || builder.size() + size > size_max {
            return None;
        }
        match builder.append(record.timestamp, record.key, record.value, record.headers) {
            Ok(()) => {}
            Err(AppendError::Full | AppendError::OffsetOrder(_)) => return None,
        }
        let delivery = Delivery { outcome: Arc::clone(&self.outcome), index: self.record_count };
        self.record_count += 1;
        self.size += size;
        Some(Appended { delivery, began_batch: false, filled_batch: false })
    }

    /// Whether it was open.
    pub(super) fn close(&mut self) -> bool {
        !std::mem::replace(&mut self.closed, true)
    }

    /// The batch as it goes in a request: with the sequence that it had, or `next`.
    pub(super) fn seal(
        &mut self,
        config: &ProducerConfig,
        identity: Option<Identity>,
        next: Sequence,
        transactional: bool,
        compressor: &mut Compressor,
        free: &mut Vec<BatchBuilder>,
    ) -> Result<Bytes> {
        self.closed = true;
        let base_sequence = Some(self.sequence.unwrap_or(next));
        let producer = identity.map(|(id, epoch)| ProducerStamp { id, epoch, base_sequence });
        match &mut self.contents {
            Contents::Open(builder) => {
                let compression = config.compression;
                let stamp =
                    BatchStamp { compression, producer, transactional, ..BatchStamp::default() };
                let bytes = Bytes::copy_from_slice(builder.finish(&stamp, compressor)?);
                let mut builder = std::mem::take(builder);
                builder.clear();
                if free.len() < FREE_BUILDER_COUNT_MAX {
                    free.push(builder);
                }
                self.contents = Contents::Sealed(bytes.clone());
                Ok(bytes)
            }
            Contents::Sealed(bytes) => {
                if self.sequence.is_none()
                    && let Some(producer) = producer
                {
                    *bytes = restamp(bytes, producer);
                }
                Ok(bytes.clone())
            }
        }
    }

    /// Says what became of it. Only the first call counts.
    pub(super) fn settle(&self, result: Result<Delivered>) {
        self.outcome.set(result);
    }

    /// Whether [`Self::settle`] was called: of a batch in flight, that its time ran out.
    pub(super) fn is_settled(&self) -> bool {
        self.outcome.is_set()
    }
}

/// The same batch under another producer id.
fn restamp(batch: &Bytes, producer: ProducerStamp) -> Bytes {
    let mut bytes = batch.to_vec();
    // Sealed here, so it has a whole header.
    match record::set_producer(&mut bytes, producer) {
        Ok(()) => bytes.into(),
        Err(_) => batch.clone(),
    }
}
