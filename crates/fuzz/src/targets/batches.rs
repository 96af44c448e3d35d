//! Record batches: read, validated, decompressed and compressed again.

use model::{Offset, SeededRandom};
use record::{
    BatchView, Batches, Codec, Compression, Compressor, ControlType, Decompressor,
    EndTransactionMarker, Headers, InnerWalk, ProduceRules, recompress, validate,
};

use crate::mutate::size;
use crate::seeds::{batch_at, choice, marker, prefix, some_bytes};
use crate::target::Verdict;

/// Bytes that a batch may take decompressed here.
const DECOMPRESSED_SIZE_MAX: usize = 256 << 10;

const CODECS: [Codec; 5] = [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd];

/// What lies in a segment: several batches, some of which end transactions.
pub(super) fn seed(random: &mut SeededRandom) -> Vec<u8> {
    let mut bytes = Vec::new();
    for index in 0..=random.below(3) {
        let base = Offset::from_wire(i64::try_from(index * 10).unwrap_or(0)).unwrap_or_default();
        bytes.extend(if random.one_in(4) { marker(base, random) } else { batch_at(base, random) });
    }
    bytes
}

pub(super) fn walk(input: &[u8]) -> Verdict {
    let mut whole = 0;
    let mut good = true;
    let mut decompressor = Decompressor::new();
    for batch in Batches::new(input) {
        let Ok(batch) = batch else {
            good = false;
            break;
        };
        whole += batch.bytes().len();
        good &= read_batch(&batch, &mut decompressor);
    }
    assert!(whole <= input.len(), "more batches than bytes");
    let checked = Batches::checked(input).map_while(Result::ok);
    for batch in checked {
        assert!(BatchView::parse_checked(batch.bytes()).is_ok(), "a checked batch is not whole");
        let facts = storage::batch_facts(&batch);
        assert!(facts.offset_count > 0, "a batch without offsets");
    }
    let all_checked = Batches::checked(input).all(|batch| batch.is_ok());
    if good && all_checked && !input.is_empty() { Verdict::Taken } else { Verdict::Refused }
}

/// Whether all its records can be read.
fn read_batch(batch: &BatchView<'_>, decompressor: &mut Decompressor) -> bool {
    let header = *batch.header();
    let Ok(records) = batch.records(decompressor, DECOMPRESSED_SIZE_MAX) else { return false };
    let mut last = None;
    let (mut count, mut good) = (0_u32, true);
    for record in records {
        let Ok(record) = record else {
            good = false;
            break;
        };
        count += 1;
        assert!(record.offset >= header.base_offset(), "a record before its batch");
        assert!(record.offset <= header.last_offset(), "a record behind its batch");
        assert!(Some(record.offset) > last, "offsets do not ascend");
        last = Some(record.offset);
        let headers = record.headers;
        assert_eq!(
            usize::try_from(Headers::count(&headers)).ok(),
            Some(headers.into_iter().count()),
            "headers are missing"
        );
        if header.attributes().is_control() {
            let _ = ControlType::parse_key(record.key);
            let _ = EndTransactionMarker::parse(&record);
        }
    }
    assert!(!good || count == header.record_count(), "not as many records as it says");
    good
}

pub(super) fn validate_both_ways(input: &[u8]) -> Verdict {
    let mut decompressor = Decompressor::new();
    let lenient =
        ProduceRules { decompressed_size_max: DECOMPRESSED_SIZE_MAX, ..ProduceRules::default() };
    let strict = ProduceRules { inner_walk: InnerWalk::Always, ..lenient };
    let keyed = ProduceRules { key_required: true, ..lenient };
    let by_strict = validate(input, &strict, &mut decompressor);
    let by_lenient = validate(input, &lenient, &mut decompressor);
    let by_key = validate(input, &keyed, &mut decompressor);
    assert!(by_strict.is_err() || by_lenient.is_ok(), "strict is more lenient than lenient");
    assert!(by_key.is_err() || by_strict.is_ok(), "keys are more lenient than strict");
    let Ok(valid) = by_lenient else { return Verdict::Refused };
    assert!(valid.size() <= input.len(), "a batch is larger than its bytes");
    let Ok(view) = BatchView::parse_checked(input) else {
        assert!(input.is_empty(), "a valid batch cannot be parsed");
        return Verdict::Refused;
    };
    if by_strict.is_err() {
        return Verdict::Taken;
    }
    assert!(read_batch(&view, &mut decompressor), "a strictly valid batch cannot be read");
    let before = records_of(&view, &mut decompressor);
    for codec in CODECS {
        let mut out = Vec::new();
        let to = Compression::with_default_level(codec);
        let (size_max, compressor) = (DECOMPRESSED_SIZE_MAX, &mut Compressor::new());
        let made = recompress(&view, to, compressor, &mut decompressor, size_max, &mut out);
        assert!(made.is_ok(), "a valid batch cannot be compressed: {made:?}");
        let view = BatchView::parse_checked(&out);
        assert!(view.is_ok(), "what was compressed is no batch: {view:?}");
        if let Ok(view) = view {
            assert_eq!(records_of(&view, &mut decompressor), before, "other records by {codec:?}");
        }
    }
    Verdict::Taken
}

/// The bytes of all records, decompressed.
fn records_of(view: &BatchView<'_>, decompressor: &mut Decompressor) -> Option<Vec<u8>> {
    let codec = view.header().attributes().codec()?;
    decompressor
        .decompress(codec, view.record_bytes(), DECOMPRESSED_SIZE_MAX)
        .ok()
        .map(<[u8]>::to_vec)
}

pub(super) fn compressed_seed(random: &mut SeededRandom) -> Vec<u8> {
    let index = size(random.below(CODECS.len() as u64));
    let mut out = prefix(index).to_vec();
    let codec = CODECS.get(index).copied().unwrap_or(Codec::None);
    let mut content = some_bytes(random, 2_000).unwrap_or_default();
    if random.one_in(8) {
        // A bomb.
        content.resize(DECOMPRESSED_SIZE_MAX - 1, 0);
    }
    let _ = Compressor::new().compress(Compression::with_default_level(codec), &content, &mut out);
    out
}

pub(super) fn decompress(input: &[u8]) -> Verdict {
    let Some((index, bytes)) = choice(input, CODECS.len()) else { return Verdict::Refused };
    let codec = CODECS.get(index).copied().unwrap_or(Codec::None);
    let mut decompressor = Decompressor::new();
    let whole = decompressor.decompress(codec, bytes, DECOMPRESSED_SIZE_MAX).map(<[u8]>::len);
    if let Ok(size) = whole {
        assert!(size <= DECOMPRESSED_SIZE_MAX, "{size} bytes came out");
        let exact = decompressor.decompress(codec, bytes, size).map(<[u8]>::len);
        // The lz4 library takes a block that ends as none may only where there is room behind it.
        assert!(
            exact == Ok(size) || (codec == Codec::Lz4 && exact.is_err()),
            "it does not fit the room it needs: {exact:?}"
        );
        if size > 0 {
            let short = decompressor.decompress(codec, bytes, size - 1);
            assert!(short.is_err(), "it fits less room than it needs");
        }
    }
    Verdict::of(&whole)
}
