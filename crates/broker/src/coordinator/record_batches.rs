use model::{Offset, Timestamp};
use record::limits::BATCH_HEADER_SIZE;
use record::{BatchBuilder, BatchStamp, Codec, Compression, Compressor, ProducerStamp};
use replica::{Membership, Origin};

use super::in_transaction::InTransaction;
use super::machine::{KeyValue, Machine};
use super::{CoordinatorLog, Unavailable, Urgency};

/// Writes records to a log, many in a batch. Its buffers are kept.
#[derive(Default)]
pub(super) struct RecordBatches {
    builder: BatchBuilder,
    compressor: Compressor,
    compression: Compression,
    batch_size_max: usize,
}

/// As what records are written.
#[derive(Clone, Copy)]
pub(super) struct Written {
    pub(super) within: Option<InTransaction>,
    pub(super) urgency: Urgency,
}

/// Why not all records are in the log; the shard is to be loaded again.
#[derive(Debug)]
pub(super) struct WriteFailed(pub(super) Unavailable);

impl WriteFailed {
    /// Why nothing at all was written, if that is no reason to load the shard again: a producer may not write so. Those of
    /// its records that fill several batches are checked with the first: nobody else writes in between.
    pub(super) fn refused_producer(&self) -> Option<Unavailable> {
        matches!(self.0, Unavailable::Producer(_)).then_some(self.0)
    }
}

impl RecordBatches {
    pub(super) fn in_codec(codec: Codec) -> Self {
        Self { compression: Compression::with_default_level(codec), ..Self::default() }
    }

    /// Appends the records and replays each one that is in the log. Gives the offset after the last.
    pub(super) fn append<M: Machine>(
        &mut self,
        log: &dyn CoordinatorLog,
        now: Timestamp,
        records: &[M::Record],
        shard: &mut M,
        how: Written,
    ) -> Result<Option<Offset>, WriteFailed> {
        let mut end = None;
        let mut batch_from = 0;
        // All are looked at before the first is written: what is too large leaves nothing behind.
        let encoded = records.iter().map(|record| self.encode::<M>(record));
        let encoded = encoded.collect::<Result<Vec<_>, _>>().map_err(WriteFailed)?;
        self.builder.clear();
        for (index, encoded) in encoded.iter().enumerate() {
            let (key, value) = (Some(encoded.key.as_slice()), encoded.value.as_deref());
            let size = BatchBuilder::record_size_max(key, value, &[]);
            if !self.builder.is_empty() && self.builder.size() + size > self.batch_size_max {
                end = Some(self.write(log, &records[batch_from..index], shard, how)?);
                batch_from = index;
            }
            let appended = self.builder.append(Some(now), key, value, &[]);
            appended.map_err(|_| WriteFailed(Unavailable::TooLarge))?;
        }
        if !self.builder.is_empty() {
            end = Some(self.write(log, &records[batch_from..], shard, how)?);
        }
        Ok(end)
    }

    fn encode<M: Machine>(&self, record: &M::Record) -> Result<KeyValue, Unavailable> {
        let encoded = M::encode(record)?;
        let size = encoded.key.len() + encoded.value.as_ref().map_or(0, Vec::len);
        if M::HEEDS_RECORD_SIZE && size > self.record_size_max() {
            return Err(Unavailable::TooLarge);
        }
        Ok(encoded)
    }

    /// Before a step: what the topic takes may have changed.
    pub(super) fn set_batch_size_max(&mut self, size_max: usize) {
        self.batch_size_max = size_max;
    }

    /// What a batch of the topic leaves for one record's key and value. A log that is not there has no limit to tell.
    pub(super) fn record_size_max(&self) -> usize {
        // Each of the two has its length in front, in at most five bytes.
        let beside = BATCH_HEADER_SIZE + BatchBuilder::record_size_max(None, None, &[]) + 10;
        match self.batch_size_max {
            0 => usize::MAX,
            size_max => size_max.saturating_sub(beside),
        }
    }

    fn write<M: Machine>(
        &mut self,
        log: &dyn CoordinatorLog,
        records: &[M::Record],
        shard: &mut M,
        Written { within, urgency }: Written,
    ) -> Result<Offset, WriteFailed> {
        let count = self.builder.record_count();
        let producer = within.map(|within| ProducerStamp {
            id: within.producer,
            epoch: within.epoch,
            base_sequence: None,
        });
        let stamp = BatchStamp {
            compression: self.compression,
            producer,
            transactional: producer.is_some(),
            ..BatchStamp::default()
        };
        let origin = within.map_or(Origin::COORDINATOR, |within| Origin::Coordinator {
            membership: Membership::Proved(within.guard),
        });
        let batch = self.builder.finish(&stamp, &mut self.compressor);
        let batch = batch.map_err(|_| WriteFailed(Unavailable::TooLarge))?;
        let first = log.append(batch, count, origin, urgency);
        let first = first.map_err(|refused| WriteFailed(refused.into()))?;
        self.builder.clear();
        let mut next = first;
        for record in records {
            shard.replay(next, record);
            // Offsets do not run out: 2⁶³ records are more than any log holds.
            next = next.plus(1).ok_or(WriteFailed(Unavailable::NotCommitted))?;
        }
        Ok(next)
    }
}
