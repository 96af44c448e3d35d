use model::{ProducerId, Timestamp};

use crate::attributes::{Codec, TimestampType};
use crate::codec::{DecompressError, Decompressor};
use crate::header::{BatchHeader, HeaderError, ProducerStamp, size_of_batch};
use crate::limits::{BATCH_HEADER_SIZE, DECOMPRESSED_SIZE_MAX};
use crate::records::{HeaderView, RawRecord, RecordError, Records};
use crate::view::{BatchError, BatchView};

/// What a topic and a request allow of a produced batch.
#[derive(Clone, Copy, Debug)]
pub struct ProduceRules {
    /// The topic's `max.message.bytes`, for the batch as it was sent.
    pub batch_size_max: usize,
    /// Whether the request's version knows zstd: Produce 7 and later.
    pub zstd_allowed: bool,
    /// Whether the topic is compacted: each record must have a key.
    pub key_required: bool,
    /// The topic's `ottla.null.value`.
    pub null_values: NullValues,
    /// `None` when the leader sets the time itself.
    pub timestamps: Option<TimestampBounds>,
    pub inner_walk: InnerWalk,
    /// Bytes that a compressed batch may take decompressed, if it is walked.
    pub decompressed_size_max: usize,
}

/// What becomes of records without a value, which delete their key in a compacted topic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NullValues {
    #[default]
    Allow,
    Reject,
    /// Only where a header named [`DELETE_HEADER`] says that the deletion is meant.
    Header,
}

/// The header that says so, whatever its value.
pub const DELETE_HEADER: &str = "ottla.delete";

/// Whether the records of a compressed batch are looked at. Those of an uncompressed one always are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InnerWalk {
    /// Only where a rule or a fact needs it: keys or values are required, or the header's times contradict each other or the
    /// bounds.
    IfNeeded,
    /// `ottla.validate=strict`, or the batch will be recompressed.
    Always,
}

/// Times in milliseconds that records may have, both ends included. A record without a time passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimestampBounds {
    pub earliest_ms: i64,
    pub latest_ms: i64,
}

impl TimestampBounds {
    /// The bounds of `message.timestamp.before.max.ms` and `message.timestamp.after.max.ms` at the time `now`.
    pub const fn around(now: Timestamp, before_ms_max: i64, after_ms_max: i64) -> Self {
        Self {
            earliest_ms: now.as_millis().saturating_sub(before_ms_max),
            latest_ms: now.as_millis().saturating_add(after_ms_max),
        }
    }

    const fn contains(&self, millis: i64) -> bool {
        self.earliest_ms <= millis && millis <= self.latest_ms
    }
}

/// The facts about a produced batch that passed. A value that exists was checked; it holds no bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValidBatch {
    header: BatchHeader,
    codec: Codec,
    max_timestamp: Option<Timestamp>,
    max_timestamp_differs: bool,
}

impl ValidBatch {
    /// The header as it was sent: base offset 0 and no leader epoch of this log yet.
    pub const fn header(&self) -> &BatchHeader {
        &self.header
    }

    /// Bytes of the batch. Bytes may follow it in the request, as in Kafka: a last batch that was cut is left out.
    pub const fn size(&self) -> usize {
        self.header.size()
    }

    /// Records, and offsets: at least 1.
    pub const fn record_count(&self) -> u32 {
        self.header.record_count()
    }

    pub fn last_offset_delta(&self) -> u32 {
        self.header.last_offset_delta()
    }

    pub const fn codec(&self) -> Codec {
        self.codec
    }

    /// With a base sequence always.
    pub fn producer(&self) -> Option<ProducerStamp> {
        self.header.producer()
    }

    pub fn producer_id(&self) -> Option<ProducerId> {
        self.producer().map(|producer| producer.id)
    }

    pub const fn is_transactional(&self) -> bool {
        self.header.attributes().is_transactional()
    }

    /// The largest time of a record: counted where the records were walked, else as the header says.
    pub const fn max_timestamp(&self) -> Option<Timestamp> {
        self.max_timestamp
    }

    /// Whether the header says another largest time than the records have. Some clients leave it out; Kafka corrects it,
    /// and so must the leader, with `set_max_timestamp`, unless it sets the time itself.
    pub const fn max_timestamp_differs(&self) -> bool {
        self.max_timestamp_differs
    }
}

/// Why a produced batch is refused. Each variant names the code that Apache Kafka 4.4 answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBatch {
    /// There is no whole batch in the bytes. `INVALID_RECORD`.
    #[error("no whole batch in {present} bytes")]
    Incomplete { present: usize },
    /// The length field is too small. `CORRUPT_MESSAGE`.
    #[error("length field {0} is too small for a batch")]
    Size(i32),
    /// Formats 0 and 1, which no producer since Kafka 0.11 writes. `INVALID_RECORD`.
    #[error("format {0} is no longer accepted")]
    LegacyMagic(u8),
    /// `CORRUPT_MESSAGE`.
    #[error("unknown format {0}")]
    UnknownMagic(u8),
    /// Produce before version 7 must not carry zstd. `UNSUPPORTED_COMPRESSION_TYPE`.
    #[error("this version of the request does not allow zstd")]
    ZstdNotAllowed,
    /// A partition's part of a request holds one batch. `INVALID_RECORD`.
    #[error("more than one batch")]
    SeveralBatches,
    /// Producers must write 0. `INVALID_RECORD`.
    #[error("base offset is {0}, not 0")]
    BaseOffset(i64),
    /// `MESSAGE_TOO_LARGE`.
    #[error("batch has {size} bytes, {size_max} are allowed")]
    TooLarge { size: usize, size_max: usize },
    /// `CORRUPT_MESSAGE`.
    #[error("CRC is {stored:#010x}, the bytes have {computed:#010x}")]
    Crc { stored: u32, computed: u32 },
    /// The attributes name no codec. `UNSUPPORTED_COMPRESSION_TYPE` (Kafka fails with `UNKNOWN_SERVER_ERROR`, its own
    /// error not being caught).
    #[error("unknown codec")]
    UnknownCodec,
    /// Bits without a meaning, or the delete horizon, which only compaction sets. `INVALID_RECORD` (Kafka stores them).
    #[error("attributes {0:#06x} are not for producers")]
    Attributes(u16),
    /// `INVALID_RECORD`.
    #[error("last offset delta {0} is negative")]
    LastOffsetDelta(i32),
    /// No records, or fewer. `INVALID_RECORD`.
    #[error("record count {0} is not positive")]
    RecordCount(i32),
    /// `INVALID_RECORD`.
    #[error("{offset_count} offsets for {record_count} records")]
    CountMismatch { offset_count: u64, record_count: u32 },
    /// Only brokers write control records. `INVALID_RECORD`.
    #[error("control batch from a client")]
    Control,
    /// A producer id without an epoch. `INVALID_RECORD` (Kafka takes it here).
    #[error("producer epoch {0} is negative")]
    ProducerEpoch(i16),
    /// A producer id without a sequence. `INVALID_RECORD`.
    #[error("producer id without a sequence")]
    NoSequence,
    /// A transaction needs a producer id. `INVALID_RECORD` (Kafka leaves this to the transaction's check).
    #[error("transactional batch without a producer id")]
    NoProducerId,
    /// Only the leader sets LogAppendTime. `INVALID_TIMESTAMP` (in a topic of CreateTime, Kafka answers that only when the
    /// time is left out, else it clears the flag).
    #[error("LogAppendTime from a client")]
    LogAppendTime,
    /// A record is too old or too far in the future. `INVALID_TIMESTAMP`.
    #[error("timestamp {millis} is not within {earliest_ms} and {latest_ms}")]
    Timestamp { millis: i64, earliest_ms: i64, latest_ms: i64 },
    /// A compacted topic needs keys. `INVALID_RECORD`.
    #[error("record {index} has no key, and the topic is compacted")]
    NoKey { index: u32 },
    /// `ottla.null.value=reject`. `INVALID_RECORD`.
    #[error("record {index} has no value, and the topic's ottla.null.value is reject")]
    NullValue { index: u32 },
    /// `ottla.null.value=header`. `INVALID_RECORD`.
    #[error(
        "record {index} has no value and no header {DELETE_HEADER} that says so is meant, and the topic's ottla.null.value is header"
    )]
    UnmarkedNullValue { index: u32 },
    /// Offsets in a batch count 0, 1, 2 … `INVALID_RECORD` (Kafka numbers the records anew).
    #[error("record {index} has offset delta {delta}")]
    OffsetDelta { index: u32, delta: i32 },
    /// The records do not fill the batch as their lengths and their count say. `INVALID_RECORD`.
    #[error("records are malformed")]
    Records(#[source] RecordError),
    /// The codec cannot read the records. `CORRUPT_MESSAGE` (Kafka fails with `UNKNOWN_SERVER_ERROR`).
    #[error("records cannot be decompressed")]
    Decompress(Codec),
    /// The records are larger than the broker decompresses. `MESSAGE_TOO_LARGE`.
    #[error("decompressed records are larger than {size_max} bytes")]
    DecompressedTooLarge { size_max: usize },
}

impl Default for ProduceRules {
    /// Kafka's defaults for a topic that is not compacted, without bounds of time.
    fn default() -> Self {
        Self {
            batch_size_max: 1_048_588,
            zstd_allowed: true,
            key_required: false,
            null_values: NullValues::Allow,
            timestamps: None,
            inner_walk: InnerWalk::IfNeeded,
            decompressed_size_max: DECOMPRESSED_SIZE_MAX,
        }
    }
}

/// Whether the batch at the start of `bytes`, one partition's part of a produce request, may enter a log.
///
/// Checks in Kafka's order, so that a batch with several faults gets the same code. Costs one pass for the CRC and, for
/// uncompressed records, one over their lengths; allocates nothing, but for the buffer of `decompressor` when a
/// compressed batch is walked.
pub fn validate(
    bytes: &[u8],
    rules: &ProduceRules,
    decompressor: &mut Decompressor,
) -> Result<ValidBatch, InvalidBatch> {
    let incomplete = InvalidBatch::Incomplete { present: bytes.len() };
    let size = size_of_batch(bytes)?.ok_or(incomplete)?;
    let batch = bytes.get(..size).ok_or(incomplete)?;
    let head = batch.first_chunk::<BATCH_HEADER_SIZE>().ok_or(incomplete)?;
    check_request(head, &bytes[size..], rules)?;
    if size > rules.batch_size_max {
        return Err(InvalidBatch::TooLarge { size, size_max: rules.batch_size_max });
    }
    let computed = crate::checksum::crc32c(&batch[21..]);
    let stored = u32::from_be_bytes([head[17], head[18], head[19], head[20]]);
    if computed != stored {
        return Err(InvalidBatch::Crc { stored, computed });
    }
    let header = BatchHeader::parse(head)?;
    let codec = check_header(&header)?;
    check_times_and_records(&header, codec, &batch[BATCH_HEADER_SIZE..], rules, decompressor)
}

/// What Kafka checks before it looks into the log: format and codec by the request's version, one batch, base offset 0.
fn check_request(
    head: &[u8; BATCH_HEADER_SIZE],
    rest: &[u8],
    rules: &ProduceRules,
) -> Result<(), InvalidBatch> {
    let codec = Codec::from_wire(head[22] & 0b111);
    if codec == Some(Codec::Zstd) && !rules.zstd_allowed {
        return Err(InvalidBatch::ZstdNotAllowed);
    }
    match BatchView::parse(rest) {
        Err(BatchError::Incomplete { .. }) => {}
        Err(BatchError::Header(HeaderError::Size(size))) => return Err(InvalidBatch::Size(size)),
        Err(BatchError::Header(HeaderError::UnknownMagic(magic))) => {
            return Err(InvalidBatch::UnknownMagic(magic));
        }
        Ok(_) | Err(_) => return Err(InvalidBatch::SeveralBatches),
    }
    let [b0, b1, b2, b3, b4, b5, b6, b7, ..] = *head;
    match i64::from_be_bytes([b0, b1, b2, b3, b4, b5, b6, b7]) {
        0 => Ok(()),
        base => Err(InvalidBatch::BaseOffset(base)),
    }
}

fn check_header(header: &BatchHeader) -> Result<Codec, InvalidBatch> {
    let attributes = header.attributes();
    let codec = attributes.codec().ok_or(InvalidBatch::UnknownCodec)?;
    let record_count = header.record_count();
    if record_count == 0 {
        return Err(InvalidBatch::RecordCount(0));
    }
    let offset_count = u64::from(header.last_offset_delta()) + 1;
    if offset_count != u64::from(record_count) {
        return Err(InvalidBatch::CountMismatch { offset_count, record_count });
    }
    if attributes.is_control() {
        return Err(InvalidBatch::Control);
    }
    if let (0.., epoch @ ..0, _) = header.raw_producer() {
        return Err(InvalidBatch::ProducerEpoch(epoch));
    }
    match header.producer() {
        Some(producer) if producer.base_sequence.is_none() => return Err(InvalidBatch::NoSequence),
        None if attributes.is_transactional() => return Err(InvalidBatch::NoProducerId),
        _ => {}
    }
    if attributes.has_unknown_bits() || attributes.has_delete_horizon() {
        return Err(InvalidBatch::Attributes(attributes.to_wire()));
    }
    if header.timestamp_type() == TimestampType::LogAppendTime {
        return Err(InvalidBatch::LogAppendTime);
    }
    Ok(codec)
}

/// The span of the times that records have; both −1 when none has one.
#[derive(Clone, Copy)]
struct TimeSpan {
    min: i64,
    max: i64,
}

fn check_times_and_records(
    header: &BatchHeader,
    codec: Codec,
    records: &[u8],
    rules: &ProduceRules,
    decompressor: &mut Decompressor,
) -> Result<ValidBatch, InvalidBatch> {
    let stated =
        TimeSpan { min: header.base_timestamp_millis(), max: header.max_timestamp_millis() };
    let span = if codec == Codec::None {
        walk(header, records, rules)?
    } else if rules.inner_walk == InnerWalk::Always
        || rules.looks_into_records()
        || stated.max < stated.min
    {
        let records = decompressor.decompress(codec, records, rules.decompressed_size_max)?;
        walk(header, records, rules)?
    } else {
        stated
    };
    if let Some(invalid) = out_of_bounds(span, rules) {
        return Err(invalid);
    }
    Ok(ValidBatch {
        header: *header,
        codec,
        max_timestamp: Timestamp::from_millis(span.max),
        max_timestamp_differs: span.max != stated.max,
    })
}

fn out_of_bounds(span: TimeSpan, rules: &ProduceRules) -> Option<InvalidBatch> {
    let bounds = rules.timestamps?;
    let TimestampBounds { earliest_ms, latest_ms } = bounds;
    let outside = |millis: &i64| *millis != -1 && !bounds.contains(*millis);
    let millis = [span.min, span.max].into_iter().find(outside)?;
    Some(InvalidBatch::Timestamp { millis, earliest_ms, latest_ms })
}

impl ProduceRules {
    /// Whether a rule is about what a record holds.
    const fn looks_into_records(&self) -> bool {
        self.key_required || !matches!(self.null_values, NullValues::Allow)
    }

    fn check_record(&self, index: u32, record: &RawRecord<'_>) -> Result<(), InvalidBatch> {
        if self.key_required && record.key.is_none() {
            return Err(InvalidBatch::NoKey { index });
        }
        if record.value.is_some() {
            return Ok(());
        }
        let is_mark = |header: HeaderView<'_>| header.key == DELETE_HEADER.as_bytes();
        match self.null_values {
            NullValues::Allow => Ok(()),
            NullValues::Reject => Err(InvalidBatch::NullValue { index }),
            NullValues::Header if record.headers.clone().any(is_mark) => Ok(()),
            NullValues::Header => Err(InvalidBatch::UnmarkedNullValue { index }),
        }
    }
}

fn walk(
    header: &BatchHeader,
    bytes: &[u8],
    rules: &ProduceRules,
) -> Result<TimeSpan, InvalidBatch> {
    let looks_into_records = rules.looks_into_records();
    let mut records = Records::new(header, bytes);
    let base = header.base_timestamp_millis();
    let (mut min, mut max) = (i64::MAX, -1_i64);
    let mut index = 0_u32;
    while let Some(record) = records.next_raw() {
        let record = record.map_err(InvalidBatch::Records)?;
        let RawRecord { timestamp_delta, offset_delta: delta, .. } = record;
        if i64::from(delta) != i64::from(index) {
            return Err(InvalidBatch::OffsetDelta { index, delta });
        }
        if looks_into_records {
            rules.check_record(index, &record)?;
        }
        let millis = base.wrapping_add(timestamp_delta);
        if millis != -1 {
            min = min.min(millis);
            max = max.max(millis);
        }
        index += 1;
    }
    Ok(TimeSpan { min: min.min(max), max })
}

impl From<HeaderError> for InvalidBatch {
    fn from(error: HeaderError) -> Self {
        match error {
            HeaderError::Size(size) => Self::Size(size),
            HeaderError::LegacyMagic { magic, .. } => Self::LegacyMagic(magic),
            HeaderError::UnknownMagic(magic) => Self::UnknownMagic(magic),
            HeaderError::BaseOffset(base) => Self::BaseOffset(base),
            HeaderError::LastOffsetDelta(delta) => Self::LastOffsetDelta(delta),
            HeaderError::RecordCount(count) => Self::RecordCount(count),
        }
    }
}

impl From<DecompressError> for InvalidBatch {
    fn from(error: DecompressError) -> Self {
        match error {
            DecompressError::UnknownCodec => Self::UnknownCodec,
            DecompressError::TooLarge { size_max } => Self::DecompressedTooLarge { size_max },
            DecompressError::Corrupt(codec) => Self::Decompress(codec),
        }
    }
}
