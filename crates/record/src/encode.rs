use crate::attributes::Attributes;
use crate::checksum::crc32c;
use crate::header::BatchHeader;
use crate::limits::{BATCH_HEADER_SIZE, BATCH_PREFIX_SIZE};

/// What a header says beside the size and the checksum, as it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeaderFields {
    pub(crate) base_offset: i64,
    pub(crate) leader_epoch: i32,
    pub(crate) attributes: Attributes,
    pub(crate) last_offset_delta: u32,
    pub(crate) base_timestamp: i64,
    pub(crate) max_timestamp: i64,
    pub(crate) producer_id: i64,
    pub(crate) producer_epoch: i16,
    pub(crate) base_sequence: i32,
    pub(crate) record_count: u32,
}

/// A batch would be larger than its length field can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("batch of {0} bytes is larger than its format allows")]
pub struct BatchTooLarge(pub usize);

impl HeaderFields {
    pub(crate) fn of(header: &BatchHeader) -> Self {
        let (producer_id, producer_epoch, base_sequence) = header.raw_producer();
        Self {
            base_offset: header.base_offset().to_wire(),
            leader_epoch: header.leader_epoch().map_or(-1, model::LeaderEpoch::to_wire),
            attributes: header.attributes(),
            last_offset_delta: header.last_offset_delta(),
            base_timestamp: header.base_timestamp_millis(),
            max_timestamp: header.max_timestamp_millis(),
            producer_id,
            producer_epoch,
            base_sequence,
            record_count: header.record_count(),
        }
    }

    /// Makes `batch`, whose first 61 bytes are free and whose records stand behind them, a batch: writes the header with
    /// its size and its checksum.
    pub(crate) fn seal(&self, batch: &mut [u8]) -> Result<(), BatchTooLarge> {
        let size = batch.len();
        assert!(size >= BATCH_HEADER_SIZE);
        let length = i32::try_from(size - BATCH_PREFIX_SIZE).map_err(|_| BatchTooLarge(size))?;
        batch[0..8].copy_from_slice(&self.base_offset.to_be_bytes());
        batch[8..12].copy_from_slice(&length.to_be_bytes());
        batch[12..16].copy_from_slice(&self.leader_epoch.to_be_bytes());
        batch[16] = 2;
        batch[21..23].copy_from_slice(&self.attributes.to_wire().to_be_bytes());
        batch[23..27].copy_from_slice(&self.last_offset_delta.to_be_bytes());
        batch[27..35].copy_from_slice(&self.base_timestamp.to_be_bytes());
        batch[35..43].copy_from_slice(&self.max_timestamp.to_be_bytes());
        batch[43..51].copy_from_slice(&self.producer_id.to_be_bytes());
        batch[51..53].copy_from_slice(&self.producer_epoch.to_be_bytes());
        batch[53..57].copy_from_slice(&self.base_sequence.to_be_bytes());
        batch[57..61].copy_from_slice(&self.record_count.to_be_bytes());
        let crc = crc32c(&batch[21..]);
        batch[17..21].copy_from_slice(&crc.to_be_bytes());
        Ok(())
    }
}
