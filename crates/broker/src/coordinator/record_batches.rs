use model::{Offset, Timestamp};
use record::{BatchBuilder, BatchStamp, Codec, Compression, Compressor};

use super::machine::Machine;
use super::{CoordinatorLog, Unavailable};

/// Writes records to a log, many in a batch. Its buffers are kept.
#[derive(Default)]
pub(super) struct RecordBatches {
    builder: BatchBuilder,
    compressor: Compressor,
    compression: Compression,
}

/// Why not all records are in the log; the shard is to be loaded again.
#[derive(Debug)]
pub(super) struct WriteFailed(pub(super) Unavailable);

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
    ) -> Result<Option<Offset>, WriteFailed> {
        let mut end = None;
        let mut batch_from = 0;
        let size_max = log.batch_size_max();
        self.builder.clear();
        for (index, record) in records.iter().enumerate() {
            let encoded = M::encode(record).map_err(WriteFailed)?;
            let (key, value) = (Some(encoded.key.as_slice()), encoded.value.as_deref());
            let size = BatchBuilder::record_size_max(key, value, &[]);
            if !self.builder.is_empty() && self.builder.size() + size > size_max {
                end = Some(self.write(log, &records[batch_from..index], shard)?);
                batch_from = index;
            }
            let appended = self.builder.append(Some(now), key, value, &[]);
            appended.map_err(|_| WriteFailed(Unavailable::TooLarge))?;
        }
        if !self.builder.is_empty() {
            end = Some(self.write(log, &records[batch_from..], shard)?);
        }
        Ok(end)
    }

    fn write<M: Machine>(
        &mut self,
        log: &dyn CoordinatorLog,
        records: &[M::Record],
        shard: &mut M,
    ) -> Result<Offset, WriteFailed> {
        let count = self.builder.record_count();
        let stamp = BatchStamp { compression: self.compression, ..BatchStamp::default() };
        let batch = self.builder.finish(&stamp, &mut self.compressor);
        let batch = batch.map_err(|_| WriteFailed(Unavailable::TooLarge))?;
        let first = log.append(batch, count).map_err(|refused| WriteFailed(refused.into()))?;
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
