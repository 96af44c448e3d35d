use model::{LeaderEpoch, Offset, ProducerEpoch, ProducerId, Sequence, Timestamp};

use crate::attributes::{Attributes, Codec, TimestampType};
use crate::codec::{Compression, CompressionError, Compressor};
use crate::encode::{BatchTooLarge, HeaderFields};
use crate::header::ProducerStamp;
use crate::limits::{BATCH_HEADER_SIZE, BATCH_SIZE_MAX, BUFFER_KEPT_MAX, RECORD_COUNT_MAX};
use crate::records::HeaderView;
use crate::varint::{put_i64, size_i32, size_i64};

/// Collects records into one batch, encoding each straight into the open batch: no object per record, one bounds check,
/// one copy of key and value. The buffers are kept for the next batch.
#[derive(Debug, Default)]
pub struct BatchBuilder {
    /// All of it is initialised; header space and records lie in `..end`.
    buffer: Vec<u8>,
    end: usize,
    sealed: Vec<u8>,
    record_count: u32,
    last_offset_delta: u32,
    base_timestamp: i64,
    max_timestamp: i64,
}

/// What a batch says of itself beside its records.
#[derive(Clone, Copy, Debug, Default)]
pub struct BatchStamp {
    pub base_offset: Offset,
    /// `None` in what a producer sends.
    pub leader_epoch: Option<LeaderEpoch>,
    pub compression: Compression,
    pub producer: Option<ProducerStamp>,
    pub transactional: bool,
    pub control: bool,
    /// Makes it a batch of LogAppendTime, of this time.
    pub append_time: Option<Timestamp>,
}

/// Why a record was not appended; the batch is as before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The batch would be larger, or count more records, than the format allows.
    #[error("batch is full")]
    Full,
    /// Offsets must grow within a batch.
    #[error("offset delta {0} is not after the last one")]
    OffsetOrder(u32),
}

/// Why a batch was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    #[error("batch has no records")]
    Empty,
    #[error(transparent)]
    Compression(#[from] CompressionError),
    #[error(transparent)]
    TooLarge(#[from] BatchTooLarge),
}

impl BatchBuilder {
    pub fn new() -> Self {
        Self::default()
    }

    /// A builder that takes `size` bytes of batch before it grows.
    pub fn with_capacity(size: usize) -> Self {
        Self { buffer: vec![0; size.clamp(BATCH_HEADER_SIZE, BATCH_SIZE_MAX)], ..Self::default() }
    }

    /// Appends a record with the next offset.
    #[inline]
    pub fn append(
        &mut self,
        timestamp: Option<Timestamp>,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        headers: &[HeaderView<'_>],
    ) -> Result<(), AppendError> {
        let next = if self.record_count == 0 { 0 } else { self.last_offset_delta + 1 };
        self.append_at(next, timestamp, key, value, headers)
    }

    /// Appends a record `offset_delta` after the batch's base offset, as compaction leaves gaps.
    #[inline]
    pub fn append_at(
        &mut self,
        offset_delta: u32,
        timestamp: Option<Timestamp>,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        headers: &[HeaderView<'_>],
    ) -> Result<(), AppendError> {
        let is_first = self.record_count == 0;
        if !is_first && offset_delta <= self.last_offset_delta {
            return Err(AppendError::OffsetOrder(offset_delta));
        }
        let millis = timestamp.map_or(-1, Timestamp::as_millis);
        let base_timestamp = if is_first { millis } else { self.base_timestamp };
        let timestamp_delta = millis.wrapping_sub(base_timestamp);
        // The last delta must leave room for one more, or `append` could not name the next.
        if offset_delta >= RECORD_COUNT_MAX {
            return Err(AppendError::Full);
        }
        let body_size = 1
            + size_i64(timestamp_delta)
            + size_i64(i64::from(offset_delta))
            + nullable_size(key)
            + nullable_size(value)
            + headers_size(headers);
        let body_length = i32::try_from(body_size).map_err(|_| AppendError::Full)?;
        let start = self.end.max(BATCH_HEADER_SIZE);
        let end = start + size_i32(body_length) + body_size;
        if end > self.buffer.len() {
            self.grow(end)?;
        }
        let out = &mut self.buffer[start..end];
        let mut at = put_i64(out, i64::from(body_length));
        out[at] = 0;
        at += 1;
        at += put_i64(&mut out[at..], timestamp_delta);
        at += put_i64(&mut out[at..], i64::from(offset_delta));
        at += put_nullable(&mut out[at..], key);
        at += put_nullable(&mut out[at..], value);
        put_headers(&mut out[at..], headers);
        self.end = end;
        self.record_count += 1;
        self.last_offset_delta = offset_delta;
        self.base_timestamp = base_timestamp;
        self.max_timestamp = if is_first { millis } else { self.max_timestamp.max(millis) };
        Ok(())
    }

    #[cold]
    fn grow(&mut self, needed: usize) -> Result<(), AppendError> {
        if needed > BATCH_SIZE_MAX {
            return Err(AppendError::Full);
        }
        let size = needed.max(self.buffer.len().saturating_mul(2)).min(BATCH_SIZE_MAX);
        self.buffer.resize(size, 0);
        Ok(())
    }

    pub const fn is_empty(&self) -> bool {
        self.record_count == 0
    }

    pub const fn record_count(&self) -> u32 {
        self.record_count
    }

    /// Bytes of the batch if it were closed now without compression.
    pub fn size(&self) -> usize {
        self.end.max(BATCH_HEADER_SIZE)
    }

    /// Largest number of bytes that a record can add to a batch: what a client compares with its batch size before it
    /// appends. The numbers of the record are counted at their longest.
    pub fn record_size_max(
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        headers: &[HeaderView<'_>],
    ) -> usize {
        // Length 5, attributes 1, timestamp delta 10, offset delta 5.
        21 + nullable_size(key) + nullable_size(value) + headers_size(headers)
    }

    /// Closes the batch and gives its bytes, which stay until the next change. The records stay too, so the batch can be
    /// closed again with another stamp; [`Self::clear`] begins the next one.
    pub fn finish(
        &mut self,
        stamp: &BatchStamp,
        compressor: &mut Compressor,
    ) -> Result<&mut [u8], BuildError> {
        if self.is_empty() {
            return Err(BuildError::Empty);
        }
        let fields = self.fields(stamp);
        if stamp.compression.codec() == Codec::None {
            let batch = &mut self.buffer[..self.end];
            fields.seal(batch)?;
            return Ok(batch);
        }
        self.sealed.clear();
        self.sealed.resize(BATCH_HEADER_SIZE, 0);
        let records = &self.buffer[BATCH_HEADER_SIZE..self.end];
        compressor.compress(stamp.compression, records, &mut self.sealed)?;
        fields.seal(&mut self.sealed)?;
        Ok(&mut self.sealed)
    }

    fn fields(&self, stamp: &BatchStamp) -> HeaderFields {
        let timestamp_type = match stamp.append_time {
            None => TimestampType::CreateTime,
            Some(_) => TimestampType::LogAppendTime,
        };
        let sequence = stamp.producer.and_then(|producer| producer.base_sequence);
        HeaderFields {
            base_offset: stamp.base_offset.to_wire(),
            leader_epoch: stamp.leader_epoch.map_or(-1, LeaderEpoch::to_wire),
            attributes: Attributes::default()
                .with_codec(stamp.compression.codec())
                .with_timestamp_type(timestamp_type)
                .with_transactional(stamp.transactional)
                .with_control(stamp.control),
            last_offset_delta: self.last_offset_delta,
            base_timestamp: self.base_timestamp,
            max_timestamp: stamp.append_time.map_or(self.max_timestamp, Timestamp::as_millis),
            producer_id: stamp.producer.map_or(-1, |producer| ProducerId::to_wire(producer.id)),
            producer_epoch: stamp
                .producer
                .map_or(-1, |producer| ProducerEpoch::to_wire(producer.epoch)),
            base_sequence: sequence.map_or(-1, Sequence::to_wire),
            record_count: self.record_count,
        }
    }

    /// Begins an empty batch. Gives an unusually large buffer back.
    pub fn clear(&mut self) {
        for buffer in [&mut self.buffer, &mut self.sealed] {
            if buffer.capacity() > BUFFER_KEPT_MAX {
                *buffer = Vec::new();
            }
        }
        self.end = 0;
        self.record_count = 0;
        self.last_offset_delta = 0;
    }
}

#[inline]
fn nullable_size(bytes: Option<&[u8]>) -> usize {
    // A length that no number of the format holds makes the record too large as a whole.
    bytes.map_or(1, |bytes| length_size(bytes) + bytes.len())
}

#[inline]
fn length_size(bytes: &[u8]) -> usize {
    size_i64(i64::try_from(bytes.len()).unwrap_or(i64::MAX))
}

#[inline]
fn headers_size(headers: &[HeaderView<'_>]) -> usize {
    if headers.is_empty() {
        return 1;
    }
    let count = size_i64(i64::try_from(headers.len()).unwrap_or(i64::MAX));
    let sizes = headers
        .iter()
        .map(|header| length_size(header.key) + header.key.len() + nullable_size(header.value));
    count + sizes.sum::<usize>()
}

#[inline]
fn put_nullable(out: &mut [u8], bytes: Option<&[u8]>) -> usize {
    match bytes {
        None => put_i64(out, -1),
        Some(bytes) => put_bytes(out, bytes),
    }
}

#[inline]
fn put_bytes(out: &mut [u8], bytes: &[u8]) -> usize {
    let at = put_i64(out, i64::try_from(bytes.len()).unwrap_or(i64::MAX));
    let end = at + bytes.len();
    out[at..end].copy_from_slice(bytes);
    end
}

#[inline]
fn put_headers(out: &mut [u8], headers: &[HeaderView<'_>]) {
    let mut at = put_i64(out, i64::try_from(headers.len()).unwrap_or(i64::MAX));
    for header in headers {
        at += put_bytes(&mut out[at..], header.key);
        at += put_nullable(&mut out[at..], header.value);
    }
}

#[cfg(test)]
mod tests;
