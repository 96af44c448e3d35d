//! The changes that a leader makes to a batch where it lies.

use model::{LeaderEpoch, Offset, Sequence, Timestamp};

use crate::TimestampType;
use crate::attributes::Attributes;
use crate::checksum::crc32c;
use crate::header::ProducerStamp;
use crate::limits::BATCH_HEADER_SIZE;
use crate::view::{BatchError, BatchView};

/// Writes the offset and the epoch that a leader gives to a batch: twelve bytes, none of them under the CRC. `batch`
/// begins with a batch that was validated.
///
/// # Panics
/// When `batch` is shorter than a header, which no validated batch is.
pub fn patch_base_offset_and_epoch(batch: &mut [u8], base_offset: Offset, epoch: LeaderEpoch) {
    assert!(batch.len() >= BATCH_HEADER_SIZE);
    batch[..8].copy_from_slice(&base_offset.to_wire().to_be_bytes());
    batch[12..16].copy_from_slice(&epoch.to_wire().to_be_bytes());
}

/// Makes the batch at the start of `batch` one of LogAppendTime: all its records have the time `at`. Writes the
/// attributes, the largest timestamp and the CRC.
pub fn set_log_append_time(batch: &mut [u8], at: Timestamp) -> Result<(), BatchError> {
    rewrite(batch, TimestampType::LogAppendTime, at.as_millis())
}

/// Corrects the largest timestamp of the batch at the start of `batch` (as Kafka does for clients that leave it out) and
/// writes the CRC again. The batch is one of CreateTime afterwards.
pub fn set_max_timestamp(batch: &mut [u8], max: Option<Timestamp>) -> Result<(), BatchError> {
    rewrite(batch, TimestampType::CreateTime, max.map_or(-1, Timestamp::as_millis))
}

/// Puts the batch at the start of `batch` under another producer id, as a client does with what it sends again after its id
/// was lost. Writes the CRC.
pub fn set_producer(batch: &mut [u8], producer: ProducerStamp) -> Result<(), BatchError> {
    let size = BatchView::parse(batch)?.header().size();
    batch[43..51].copy_from_slice(&producer.id.to_wire().to_be_bytes());
    batch[51..53].copy_from_slice(&producer.epoch.to_wire().to_be_bytes());
    let sequence = producer.base_sequence.map_or(-1, Sequence::to_wire);
    batch[53..57].copy_from_slice(&sequence.to_be_bytes());
    let crc = crc32c(&batch[21..size]);
    batch[17..21].copy_from_slice(&crc.to_be_bytes());
    Ok(())
}

fn rewrite(
    batch: &mut [u8],
    timestamp_type: TimestampType,
    max_timestamp: i64,
) -> Result<(), BatchError> {
    let header = *BatchView::parse(batch)?.header();
    let attributes: Attributes = header.attributes().with_timestamp_type(timestamp_type);
    batch[21..23].copy_from_slice(&attributes.to_wire().to_be_bytes());
    batch[35..43].copy_from_slice(&max_timestamp.to_be_bytes());
    let crc = crc32c(&batch[21..header.size()]);
    batch[17..21].copy_from_slice(&crc.to_be_bytes());
    Ok(())
}
