use model::{Offset, Timestamp};

use crate::TimestampType;
use crate::codec::DecompressError;
use crate::header::BatchHeader;
use crate::varint::Cursor;

/// One record where it lies.
#[derive(Clone, Copy, Debug)]
pub struct RecordView<'a> {
    pub offset: Offset,
    /// `None` when the producer gave none.
    pub timestamp: Option<Timestamp>,
    pub key: Option<&'a [u8]>,
    /// `None` deletes the key in a compacted topic.
    pub value: Option<&'a [u8]>,
    pub headers: Headers<'a>,
}

/// One header of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderView<'a> {
    /// UTF-8 by the protocol; not checked, for brokers do not.
    pub key: &'a [u8],
    pub value: Option<&'a [u8]>,
}

/// The headers of one record, in their order; keys may repeat.
#[derive(Clone, Copy, Debug)]
pub struct Headers<'a> {
    count: u32,
    cursor: Cursor<'a>,
}

/// Why the records of a batch cannot be read. Kafka's `INVALID_RECORD` in a produce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The batch ends within a record, or before as many records as it counts.
    #[error("records end before their count of {count} is reached")]
    TooFew { count: u32 },
    /// Bytes are left behind the last record that the batch counts.
    #[error("{0} bytes are left behind the last record")]
    TooMany(usize),
    /// The length of a record is negative, or reaches past the batch.
    #[error("record length {0} does not fit in the batch")]
    Length(i32),
    /// The fields of a record do not fill its length exactly, or a number in it has no end.
    #[error("record {index} is not filled by its fields")]
    Fields { index: u32 },
    /// The offset of a record lies outside its batch, or not behind that of the record before it.
    #[error("offset delta {0} is outside the batch or out of order")]
    OffsetDelta(i32),
    #[error(transparent)]
    Decompress(#[from] DecompressError),
}

/// Iterates the records of a batch without allocating. Ends after the first error.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    base_offset: Offset,
    last_offset_delta: u32,
    /// The least that the next record may have.
    next_offset_delta: u32,
    base_timestamp: i64,
    /// The one time of all records, when the leader set it.
    append_time: Option<i64>,
    cursor: Cursor<'a>,
    index: u32,
    count: u32,
    done: bool,
}

/// A record as it is written: deltas instead of offset and time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawRecord<'a> {
    pub(crate) timestamp_delta: i64,
    pub(crate) offset_delta: i32,
    pub(crate) key: Option<&'a [u8]>,
    pub(crate) value: Option<&'a [u8]>,
    pub(crate) headers: Headers<'a>,
}

impl<'a> Records<'a> {
    /// `bytes` are the decompressed records of the batch that `header` begins.
    pub fn new(header: &BatchHeader, bytes: &'a [u8]) -> Self {
        Self {
            base_offset: header.base_offset(),
            last_offset_delta: header.last_offset_delta(),
            next_offset_delta: 0,
            base_timestamp: header.base_timestamp_millis(),
            append_time: match header.timestamp_type() {
                TimestampType::CreateTime => None,
                TimestampType::LogAppendTime => Some(header.max_timestamp_millis()),
            },
            cursor: Cursor { rest: bytes },
            index: 0,
            count: header.record_count(),
            done: false,
        }
    }

    /// The bytes of the records that are still to come.
    pub const fn remaining_bytes(&self) -> &'a [u8] {
        self.cursor.rest
    }

    #[inline]
    pub(crate) fn next_raw(&mut self) -> Option<Result<RawRecord<'a>, RecordError>> {
        if self.done {
            return None;
        }
        if self.index == self.count {
            self.done = true;
            let left = self.cursor.rest.len();
            return (left > 0).then_some(Err(RecordError::TooMany(left)));
        }
        let record = self.read();
        self.done = record.is_err();
        self.index += 1;
        Some(record)
    }

    #[inline]
    fn read(&mut self) -> Result<RawRecord<'a>, RecordError> {
        let too_few = RecordError::TooFew { count: self.count };
        let length = self.cursor.i32().ok_or(too_few)?;
        let body = usize::try_from(length)
            .ok()
            .and_then(|size| self.cursor.take(size))
            .ok_or(RecordError::Length(length))?;
        parse_body(body).ok_or(RecordError::Fields { index: self.index })
    }

    #[inline]
    fn finish(&mut self, raw: &RawRecord<'a>) -> Result<RecordView<'a>, RecordError> {
        let outside = RecordError::OffsetDelta(raw.offset_delta);
        let delta = u32::try_from(raw.offset_delta).map_err(|_| outside)?;
        if delta < self.next_offset_delta || delta > self.last_offset_delta {
            return Err(outside);
        }
        self.next_offset_delta = delta.saturating_add(1);
        let create_time = || self.base_timestamp.wrapping_add(raw.timestamp_delta);
        Ok(RecordView {
            offset: self.base_offset.plus(delta).ok_or(outside)?,
            timestamp: Timestamp::from_millis(self.append_time.unwrap_or_else(create_time)),
            key: raw.key,
            value: raw.value,
            headers: raw.headers,
        })
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<RecordView<'a>, RecordError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let record = self.next_raw()?.and_then(|raw| self.finish(&raw));
        self.done |= record.is_err();
        Some(record)
    }
}

impl std::iter::FusedIterator for Records<'_> {}

/// The fields of one record, which fill `body` exactly; `None` if they do not.
#[inline]
fn parse_body(body: &[u8]) -> Option<RawRecord<'_>> {
    let mut cursor = Cursor { rest: body };
    // No bit of a record's attributes has a meaning.
    let _attributes = cursor.byte()?;
    let timestamp_delta = cursor.i64()?;
    let offset_delta = cursor.i32()?;
    let key = cursor.nullable_bytes()?;
    let value = cursor.nullable_bytes()?;
    let count = u32::try_from(cursor.i32()?).ok()?;
    let headers = Headers { count, cursor };
    let end = if count == 0 { cursor } else { headers.skip_all()? };
    end.rest.is_empty().then_some(RawRecord { timestamp_delta, offset_delta, key, value, headers })
}

impl<'a> Headers<'a> {
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub const fn count(&self) -> u32 {
        self.count
    }

    fn skip_all(mut self) -> Option<Cursor<'a>> {
        while self.count > 0 {
            self.read()?;
            self.count -= 1;
        }
        Some(self.cursor)
    }

    fn read(&mut self) -> Option<HeaderView<'a>> {
        let size = usize::try_from(self.cursor.i32()?).ok()?;
        let key = self.cursor.take(size)?;
        Some(HeaderView { key, value: self.cursor.nullable_bytes()? })
    }
}

impl<'a> Iterator for Headers<'a> {
    type Item = HeaderView<'a>;

    fn next(&mut self) -> Option<HeaderView<'a>> {
        self.count = self.count.checked_sub(1)?;
        // They were walked when the record was read, so this gives each of them.
        self.read()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, usize::try_from(self.count).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BatchBuilder, BatchStamp, BatchView, Compressor, Decompressor};

    #[test]
    fn offsets_that_do_not_ascend_are_refused() {
        let mut builder = BatchBuilder::new();
        for _ in 0..3 {
            builder.append(Timestamp::from_millis(0), None, None, &[]).unwrap();
        }
        let good = builder.finish(&BatchStamp::default(), &mut Compressor::new()).unwrap().to_vec();
        // The header has 61 bytes; each record length, attributes, time, offset, key, value, headers of a byte each.
        let second = 61 + 7 + 3;
        assert_eq!(good[second], 2, "1 in zigzag");
        let read = |delta: u8| {
            let mut bytes = good.clone();
            bytes[second] = delta << 1;
            let view = BatchView::parse(&bytes).unwrap();
            let mut decompressor = Decompressor::new();
            let records = view.records(&mut decompressor, 1 << 10).unwrap();
            records.map(|record| record.map(|record| record.offset.to_wire())).collect::<Vec<_>>()
        };
        assert_eq!(read(1), [Ok(0), Ok(1), Ok(2)]);
        assert_eq!(read(0), [Ok(0), Err(RecordError::OffsetDelta(0))]);
        assert_eq!(read(2), [Ok(0), Ok(2), Err(RecordError::OffsetDelta(2))]);
    }
}
