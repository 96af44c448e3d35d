use model::Timestamp;

use crate::attributes::{Codec, TimestampType};
use crate::codec::{Compression, Compressor};
use crate::encode::HeaderFields;
use crate::header::BatchHeader;
use crate::limits::BATCH_HEADER_SIZE;
use crate::rebuild::RecompressError;
use crate::records::{RecordError, RecordView, Records};
use crate::varint::{Cursor, put_i64, size_i32, size_i64};

/// Leaves records out of a batch, as compaction does. Offsets stay, and so do producer, sequence, flags and epoch; what is
/// kept is copied as it lies, run by run. Its memory is used again for the next batch.
#[derive(Debug, Default)]
pub struct BatchFilter {
    /// Records that are kept: where runs of them begin and end.
    runs: Vec<(usize, usize)>,
    kept_count: u32,
    count: u32,
    has_tombstones: bool,
    /// The largest time among the kept ones; -1 when none has one.
    max_timestamp: i64,
    scratch: Vec<u8>,
}

impl BatchFilter {
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks `keep` for each record of a batch, of which `records` are the decompressed bytes.
    pub fn scan(
        &mut self,
        header: &BatchHeader,
        records: &[u8],
        mut keep: impl FnMut(&RecordView<'_>) -> bool,
    ) -> Result<(), RecordError> {
        self.runs.clear();
        self.kept_count = 0;
        self.count = 0;
        self.has_tombstones = false;
        self.max_timestamp = -1;
        let mut rest = Records::new(header, records);
        let mut start = 0;
        while let Some(record) = rest.next() {
            let record = record?;
            let end = records.len() - rest.remaining_bytes().len();
            self.count += 1;
            if keep(&record) {
                self.kept_count += 1;
                self.has_tombstones |= record.value.is_none();
                let millis = record.timestamp.map_or(-1, Timestamp::as_millis);
                self.max_timestamp = self.max_timestamp.max(millis);
                match self.runs.last_mut() {
                    Some((_, last)) if *last == start => *last = end,
                    _ => self.runs.push((start, end)),
                }
            }
            start = end;
        }
        Ok(())
    }

    pub const fn kept_count(&self) -> u32 {
        self.kept_count
    }

    /// Whether the batch may stay as it is.
    pub const fn keeps_all(&self) -> bool {
        self.kept_count == self.count
    }

    /// Whether a record without a value is kept.
    pub const fn has_tombstones(&self) -> bool {
        self.has_tombstones
    }

    /// Appends to `out` the batch of `header` and `records`, which were scanned last, with only what is kept. With `horizon`
    /// that time becomes the batch's delete horizon (KIP-534). Compressed by the codec that it had, at Kafka's default
    /// level: a batch does not say which it was. On error `out` is as before.
    pub fn write(
        &mut self,
        header: &BatchHeader,
        records: &[u8],
        horizon: Option<Timestamp>,
        compressor: &mut Compressor,
        out: &mut Vec<u8>,
    ) -> Result<(), RecompressError> {
        let mut fields = HeaderFields::of(header);
        fields.record_count = self.kept_count;
        if header.timestamp_type() == TimestampType::CreateTime {
            fields.max_timestamp = self.max_timestamp;
        }
        let mut shift = 0;
        if let Some(horizon) = horizon {
            shift = fields.base_timestamp.wrapping_sub(horizon.as_millis());
            fields.base_timestamp = horizon.as_millis();
            fields.attributes = fields.attributes.with_delete_horizon(true);
        }
        let codec = fields.attributes.codec().unwrap_or(Codec::None);
        let compression = Compression::with_default_level(codec);
        let start = out.len();
        out.resize(start + BATCH_HEADER_SIZE, 0);
        let written = if compression.codec() == Codec::None {
            self.copy_kept(records, horizon.map(|_| shift), out);
            Ok(())
        } else {
            let mut kept = std::mem::take(&mut self.scratch);
            kept.clear();
            self.copy_kept(records, horizon.map(|_| shift), &mut kept);
            let compressed = compressor.compress(compression, &kept, out);
            self.scratch = kept;
            compressed
        };
        let sealed = written
            .map_err(RecompressError::from)
            .and_then(|()| Ok(fields.seal(&mut out[start..])?));
        if sealed.is_err() {
            out.truncate(start);
        }
        sealed
    }

    /// `shift` is to be added to each record's time.
    fn copy_kept(&self, records: &[u8], shift: Option<i64>, out: &mut Vec<u8>) {
        for (from, to) in &self.runs {
            let run = records.get(*from..*to).unwrap_or_default();
            match shift {
                None => out.extend_from_slice(run),
                Some(shift) => copy_shifted(run, shift, out),
            }
        }
    }
}

/// Records that were read before, their times counted from another base.
fn copy_shifted(run: &[u8], shift: i64, out: &mut Vec<u8>) {
    let mut cursor = Cursor { rest: run };
    let mut next = || {
        let size = usize::try_from(cursor.i32()?).ok()?;
        let mut body = Cursor { rest: cursor.take(size)? };
        let attributes = body.byte()?;
        Some((attributes, body.i64()?, body.rest))
    };
    while let Some((attributes, delta, rest)) = next() {
        let delta = delta.wrapping_add(shift);
        // It was a 32-bit length before, and grows by less than ten bytes.
        let length = i32::try_from(1 + size_i64(delta) + rest.len()).unwrap_or(i32::MAX);
        let at = out.len();
        out.resize(at + size_i32(length) + 1 + size_i64(delta), 0);
        let length_size = put_i64(&mut out[at..], i64::from(length));
        out[at + length_size] = attributes;
        put_i64(&mut out[at + length_size + 1..], delta);
        out.extend_from_slice(rest);
    }
}

/// Appends to `out` the batch of `header` without any of its records: what keeps a producer's last sequence in the log.
pub fn write_empty_batch(header: &BatchHeader, out: &mut Vec<u8>) {
    let mut fields = HeaderFields::of(header);
    fields.attributes = fields.attributes.with_codec(Codec::None).with_delete_horizon(false);
    fields.base_timestamp = -1;
    fields.record_count = 0;
    let start = out.len();
    out.resize(start + BATCH_HEADER_SIZE, 0);
    // A header alone is never too large.
    let _ = fields.seal(&mut out[start..]);
}

#[cfg(test)]
mod tests;
