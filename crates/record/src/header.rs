use model::{LeaderEpoch, Offset, ProducerEpoch, ProducerId, Sequence, Timestamp};

use crate::attributes::{Attributes, TimestampType};
use crate::limits::{BATCH_HEADER_SIZE, BATCH_MAGIC_END, BATCH_PREFIX_SIZE, LENGTH_FIELD_MIN};

/// The 61 bytes before the records, parsed. A value that exists has a size that holds a header, offsets that are
/// numbers of a log, and a count that is not negative; the CRC is not checked yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchHeader {
    base_offset: Offset,
    last_offset: Offset,
    size: usize,
    leader_epoch: i32,
    crc: u32,
    attributes: Attributes,
    record_count: u32,
    base_timestamp: i64,
    max_timestamp: i64,
    producer_id: i64,
    producer_epoch: i16,
    base_sequence: i32,
}

/// Who wrote a batch, when the producer is idempotent or transactional, or the batch is a transaction's marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProducerStamp {
    pub id: ProducerId,
    pub epoch: ProducerEpoch,
    /// Sequence of the first record; `None` in a marker.
    pub base_sequence: Option<Sequence>,
}

/// Why bytes are no header of a batch of format 2. Kafka's code for all of them, in a log as in a produce, is
/// `CORRUPT_MESSAGE`, but for the ones that say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// The length field is too small for any format.
    #[error("length field {0} is too small for a batch")]
    Size(i32),
    /// Formats 0 and 1, which brokers stopped accepting with Kafka 4.0 but which lie in old logs: `size` says where the
    /// next batch begins. In a produce `INVALID_RECORD`.
    #[error("format {magic} is older than this program reads")]
    LegacyMagic { magic: u8, size: usize },
    /// A format that no Kafka wrote.
    #[error("unknown format {0}")]
    UnknownMagic(u8),
    /// In a produce `INVALID_RECORD`.
    #[error("base offset {0} is negative")]
    BaseOffset(i64),
    /// Negative, or so large that the last offset is no offset. In a produce `INVALID_RECORD`.
    #[error("last offset delta {0} gives no offset")]
    LastOffsetDelta(i32),
    /// In a produce `INVALID_RECORD`.
    #[error("record count {0} is negative")]
    RecordCount(i32),
}

/// The size in bytes of the batch that begins with `prefix`, of which 17 bytes are enough: for readers that get bytes
/// piece by piece. `None` when there are fewer.
pub fn size_of_batch(prefix: &[u8]) -> Result<Option<usize>, HeaderError> {
    let Some(prefix) = prefix.first_chunk::<BATCH_MAGIC_END>() else {
        return Ok(None);
    };
    let raw = i32::from_be_bytes(field(prefix, 8));
    let size = match usize::try_from(raw) {
        Ok(length) if raw >= LENGTH_FIELD_MIN => length + BATCH_PREFIX_SIZE,
        _ => return Err(HeaderError::Size(raw)),
    };
    match prefix[16] {
        2 if size >= BATCH_HEADER_SIZE => Ok(Some(size)),
        2 => Err(HeaderError::Size(raw)),
        magic @ (0 | 1) => Err(HeaderError::LegacyMagic { magic, size }),
        magic => Err(HeaderError::UnknownMagic(magic)),
    }
}

impl BatchHeader {
    /// Parses the first 61 bytes of a batch. The records need not be there yet: [`Self::size`] says how much follows.
    pub fn parse(bytes: &[u8; BATCH_HEADER_SIZE]) -> Result<Self, HeaderError> {
        // The array is longer than the prefix, so `None` cannot come.
        let size = size_of_batch(bytes)?.unwrap_or(BATCH_HEADER_SIZE);
        let raw_base = i64::from_be_bytes(field(bytes, 0));
        let base_offset = Offset::from_wire(raw_base).ok_or(HeaderError::BaseOffset(raw_base))?;
        let raw_delta = i32::from_be_bytes(field(bytes, 23));
        // The offset after the last one must exist too: it is the next log end.
        let last_offset = u32::try_from(raw_delta)
            .ok()
            .and_then(|delta| base_offset.plus(delta))
            .filter(|last| *last < Offset::MAX)
            .ok_or(HeaderError::LastOffsetDelta(raw_delta))?;
        let raw_count = i32::from_be_bytes(field(bytes, 57));
        let record_count =
            u32::try_from(raw_count).map_err(|_| HeaderError::RecordCount(raw_count))?;
        Ok(Self {
            base_offset,
            last_offset,
            size,
            leader_epoch: i32::from_be_bytes(field(bytes, 12)),
            crc: u32::from_be_bytes(field(bytes, 17)),
            attributes: Attributes::from_wire(u16::from_be_bytes(field(bytes, 21))),
            record_count,
            base_timestamp: i64::from_be_bytes(field(bytes, 27)),
            max_timestamp: i64::from_be_bytes(field(bytes, 35)),
            producer_id: i64::from_be_bytes(field(bytes, 43)),
            producer_epoch: i16::from_be_bytes(field(bytes, 51)),
            base_sequence: i32::from_be_bytes(field(bytes, 53)),
        })
    }

    pub const fn base_offset(&self) -> Offset {
        self.base_offset
    }

    /// Offset of the last record that the batch had when it was written; compaction keeps it.
    pub const fn last_offset(&self) -> Offset {
        self.last_offset
    }

    /// The offset after [`Self::last_offset`].
    pub fn next_offset(&self) -> Offset {
        // `parse` refused a last offset that has no next one.
        self.last_offset.plus(1).unwrap_or(Offset::MAX)
    }

    /// Last offset − base offset.
    pub fn last_offset_delta(&self) -> u32 {
        u32::try_from(self.last_offset.records_since(self.base_offset)).unwrap_or(u32::MAX)
    }

    /// Bytes of the whole batch with its header.
    pub const fn size(&self) -> usize {
        self.size
    }

    /// `None` in a batch that no leader has appended yet.
    pub const fn leader_epoch(&self) -> Option<LeaderEpoch> {
        LeaderEpoch::from_wire(self.leader_epoch)
    }

    /// The checksum as it is written.
    pub const fn crc(&self) -> u32 {
        self.crc
    }

    pub const fn attributes(&self) -> Attributes {
        self.attributes
    }

    /// What record timestamps are counted from, in milliseconds; may be −1 ("no timestamp") or, with a delete horizon,
    /// that horizon: Kafka counts from it then too.
    pub const fn base_timestamp_millis(&self) -> i64 {
        self.base_timestamp
    }

    /// The largest timestamp of the batch's records; `None` when no record has one.
    pub const fn max_timestamp(&self) -> Option<Timestamp> {
        Timestamp::from_millis(self.max_timestamp)
    }

    /// When compaction may drop the tombstones or the marker in the batch (KIP-534); `None` when it was not set.
    pub const fn delete_horizon(&self) -> Option<Timestamp> {
        if self.attributes.has_delete_horizon() {
            Timestamp::from_millis(self.base_timestamp)
        } else {
            None
        }
    }

    pub const fn timestamp_type(&self) -> TimestampType {
        self.attributes.timestamp_type()
    }

    /// `None` for a producer without idempotence, whatever it wrote as epoch and sequence (some clients write 0). A
    /// producer id without an epoch, which Kafka let into logs, counts for nothing either.
    pub fn producer(&self) -> Option<ProducerStamp> {
        Some(ProducerStamp {
            id: ProducerId::from_wire(self.producer_id)?,
            epoch: ProducerEpoch::from_wire(self.producer_epoch)?,
            base_sequence: Sequence::from_wire(self.base_sequence),
        })
    }

    /// Records in the batch. Compaction can leave fewer than there are offsets, even none.
    pub const fn record_count(&self) -> u32 {
        self.record_count
    }

    pub(crate) const fn raw_producer(&self) -> (i64, i16, i32) {
        (self.producer_id, self.producer_epoch, self.base_sequence)
    }

    pub(crate) const fn max_timestamp_millis(&self) -> i64 {
        self.max_timestamp
    }
}

/// The `WIDTH` bytes at `at`. Both are constants wherever it is called, so the bounds check goes away.
#[inline(always)]
fn field<const WIDTH: usize>(bytes: &[u8], at: usize) -> [u8; WIDTH] {
    let mut out = [0; WIDTH];
    out.copy_from_slice(&bytes[at..at + WIDTH]);
    out
}
