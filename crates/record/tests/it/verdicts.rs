//! What a broker answers to batches that are wrong: the same code as Apache Kafka's own check, or a difference that is
//! named here.

use std::time::{SystemTime, UNIX_EPOCH};

use model::{ProducerEpoch, ProducerId, Sequence, Timestamp};
use record::{
    BatchBuilder, BatchStamp, Codec, Compression, Compressor, DELETE_HEADER, Decompressor,
    HeaderView, InnerWalk, InvalidBatch, NullValues, ProduceRules, ProducerStamp, TimestampBounds,
    crc32c, limits, validate,
};

use crate::oracle;

struct Case {
    name: String,
    bytes: Vec<u8>,
    rules: ProduceRules,
    /// The code here, or `NONE`.
    ours: &'static str,
    /// Kafka's code.
    kafka: &'static str,
}

/// The code that each reason is documented with.
fn code(invalid: &InvalidBatch) -> &'static str {
    match invalid {
        InvalidBatch::Size(_)
        | InvalidBatch::UnknownMagic(_)
        | InvalidBatch::Crc { .. }
        | InvalidBatch::Decompress(_) => "CORRUPT_MESSAGE",
        InvalidBatch::ZstdNotAllowed | InvalidBatch::UnknownCodec => "UNSUPPORTED_COMPRESSION_TYPE",
        InvalidBatch::TooLarge { .. } | InvalidBatch::DecompressedTooLarge { .. } => {
            "MESSAGE_TOO_LARGE"
        }
        InvalidBatch::LogAppendTime | InvalidBatch::Timestamp { .. } => "INVALID_TIMESTAMP",
        InvalidBatch::Incomplete { .. }
        | InvalidBatch::LegacyMagic(_)
        | InvalidBatch::SeveralBatches
        | InvalidBatch::BaseOffset(_)
        | InvalidBatch::Attributes(_)
        | InvalidBatch::LastOffsetDelta(_)
        | InvalidBatch::RecordCount(_)
        | InvalidBatch::CountMismatch { .. }
        | InvalidBatch::Control
        | InvalidBatch::ProducerEpoch(_)
        | InvalidBatch::NoSequence
        | InvalidBatch::NoProducerId
        | InvalidBatch::NoKey { .. }
        | InvalidBatch::NullValue { .. }
        | InvalidBatch::UnmarkedNullValue { .. }
        | InvalidBatch::OffsetDelta { .. }
        | InvalidBatch::Records(_) => "INVALID_RECORD",
    }
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

fn rules() -> ProduceRules {
    let now = Timestamp::from_millis(now_ms()).unwrap();
    ProduceRules {
        timestamps: Some(TimestampBounds::around(now, 86_400_000, 3_600_000)),
        inner_walk: InnerWalk::Always,
        ..ProduceRules::default()
    }
}

/// Three records with keys, at `now` and around it.
fn batch(change: impl FnOnce(&mut BatchBuilder, &mut BatchStamp)) -> Vec<u8> {
    let mut builder = BatchBuilder::new();
    let mut stamp = BatchStamp::default();
    change(&mut builder, &mut stamp);
    if builder.is_empty() {
        for index in 0..3 {
            let time = Timestamp::from_millis(now_ms() + index);
            builder.append(time, Some(b"key"), Some(b"some value"), &[]).unwrap();
        }
    }
    builder.finish(&stamp, &mut Compressor::new()).unwrap().to_vec()
}

fn good() -> Vec<u8> {
    batch(|_, _| {})
}

fn producer(id: i64, epoch: i16, sequence: Option<i32>) -> ProducerStamp {
    ProducerStamp {
        id: ProducerId::from_wire(id).unwrap(),
        epoch: ProducerEpoch::from_wire(epoch).unwrap(),
        base_sequence: sequence.map(|raw| Sequence::from_wire(raw).unwrap()),
    }
}

/// Writes bytes and then the CRC anew, so that only the change is wrong.
fn patched(mut batch: Vec<u8>, at: usize, bytes: &[u8]) -> Vec<u8> {
    batch[at..at + bytes.len()].copy_from_slice(bytes);
    let crc = crc32c(&batch[21..]);
    batch[17..21].copy_from_slice(&crc.to_be_bytes());
    batch
}

#[derive(Default)]
struct Cases(Vec<Case>);

impl Cases {
    fn same(&mut self, name: &str, bytes: Vec<u8>, kafka: &'static str) {
        self.differs(name, bytes, kafka, kafka);
    }

    fn differs(&mut self, name: &str, bytes: Vec<u8>, ours: &'static str, kafka: &'static str) {
        let mut rules = rules();
        rules.zstd_allowed = !name.contains("produce6");
        rules.key_required = name.contains("compacted");
        self.0.push(Case { name: name.to_owned(), bytes, rules, ours, kafka });
    }
}

fn framing(cases: &mut Cases) {
    let invalid = "INVALID_RECORD";
    let corrupt = "CORRUPT_MESSAGE";
    cases.same("good", good(), "NONE");
    cases.same("empty", Vec::new(), invalid);
    for size in [1, 11, 12, 16, 17, 60, 61, good().len() - 1] {
        cases.same(&format!("first {size} bytes"), good()[..size].to_vec(), invalid);
    }
    cases.same("two batches", [good(), good()].concat(), invalid);
    for size in [1, 12, 16, 17, 61, good().len() - 1] {
        let bytes = [good(), good()[..size].to_vec()].concat();
        cases.same(&format!("good and {size} bytes of another"), bytes, "NONE");
    }
    cases.same("good and garbage", [good(), vec![0xff; 40]].concat(), corrupt);
    cases.same("good and zeroes", [good(), vec![0; 40]].concat(), corrupt);
    for magic in [0, 1] {
        cases.same(&format!("magic {magic}"), patched(good(), 16, &[magic]), invalid);
    }
    cases.same("magic 3", patched(good(), 16, &[3]), corrupt);
    cases.same("magic -1", patched(good(), 16, &[0xff]), corrupt);
    for length in [-1, 0, 13, 14, 40] {
        let bytes = patched(good(), 8, &i32::to_be_bytes(length));
        cases.same(&format!("length field {length}"), bytes, corrupt);
    }
    let length = (i32::MAX - 12).to_be_bytes();
    cases.same("length past the end", patched(good(), 8, &length), invalid);
    let length = i32::MAX.to_be_bytes();
    cases.differs("largest length", patched(good(), 8, &length), invalid, "UNKNOWN_SERVER_ERROR");
    for position in [17, 21, 30, 57, 61, good().len() - 1] {
        let mut bytes = good();
        bytes[position] ^= 0x40;
        cases.same(&format!("bit flipped at {position}"), bytes, corrupt);
    }
    let mut bytes = good();
    bytes[57] = 0x80;
    cases.same("negative count and wrong CRC", bytes, corrupt);
    let mut bytes = patched(good(), 7, &[1]);
    bytes[60] ^= 1;
    cases.same("base offset 1 and wrong CRC", bytes, invalid);
    let large = batch(|builder, _| {
        builder.append(None, Some(b"k"), Some(&vec![7; 1_048_600]), &[]).unwrap();
    });
    cases.same("large", large, "MESSAGE_TOO_LARGE");
    cases.same("base offset 5", patched(good(), 7, &[5]), invalid);
    cases.same("base offset -1", patched(good(), 0, &[0xff; 8]), invalid);
    cases.same("leader epoch 7", patched(good(), 15, &[7]), "NONE");
}

fn headers(cases: &mut Cases) {
    let invalid = "INVALID_RECORD";
    for delta in [-1, 0, 1, 3, i32::MAX] {
        let bytes = patched(good(), 23, &i32::to_be_bytes(delta));
        cases.same(&format!("last offset delta {delta}"), bytes, invalid);
    }
    for count in [-1, 0, 1, 2, 4, i32::MAX] {
        let bytes = patched(good(), 57, &i32::to_be_bytes(count));
        cases.same(&format!("count {count}"), bytes, invalid);
    }
    let both = |count: i32| {
        let bytes = patched(good(), 23, &(count - 1).to_be_bytes());
        patched(bytes, 57, &count.to_be_bytes())
    };
    cases.same("one record of three counted", both(1), invalid);
    cases.same("four records of three counted", both(4), invalid);
    cases.same("control", patched(good(), 22, &[0x20]), invalid);
    cases.differs("delete horizon", patched(good(), 22, &[0x40]), invalid, "NONE");
    cases.differs("unknown low bit", patched(good(), 22, &[0x80]), invalid, "NONE");
    cases.differs("unknown high bit", patched(good(), 21, &[0x01]), invalid, "NONE");
    cases.differs("transactional, no producer", patched(good(), 22, &[0x10]), invalid, "NONE");
    let unsupported = "UNSUPPORTED_COMPRESSION_TYPE";
    for codec in [5, 6, 7] {
        let bytes = patched(good(), 22, &[codec]);
        cases.differs(&format!("codec {codec}"), bytes, unsupported, "UNKNOWN_SERVER_ERROR");
    }
    let stamped = |stamp| batch(|_, batch| batch.producer = Some(stamp));
    cases.same("producer", stamped(producer(9, 1, Some(i32::MAX))), "NONE");
    cases.same("producer without sequence", stamped(producer(9, 1, None)), invalid);
    let bytes = patched(stamped(producer(9, 1, Some(0))), 51, &[0xff, 0xff]);
    cases.differs("producer without epoch", bytes, invalid, "NONE");
    // As kafkajs writes them.
    let bytes = patched(good(), 51, &[0; 6]);
    cases.same("no producer, epoch 0 and sequence 0", bytes, "NONE");
    let bytes = patched(good(), 43, &(-2_i64).to_be_bytes());
    cases.same("producer -2", bytes, "NONE");
}

fn times(cases: &mut Cases) {
    let at = |millis| {
        batch(|builder, _| {
            let time = Timestamp::from_millis(millis);
            builder.append(time, Some(b"k"), Some(b"v"), &[]).unwrap();
        })
    };
    cases.same("too old", at(now_ms() - 86_500_000), "INVALID_TIMESTAMP");
    cases.same("too new", at(now_ms() + 3_700_000), "INVALID_TIMESTAMP");
    cases.same("old enough", at(now_ms() - 86_000_000), "NONE");
    cases.same("no time", at(-1), "NONE");
    let append_time = patched(good(), 22, &[8]);
    cases.differs("log append time", append_time.clone(), "INVALID_TIMESTAMP", "NONE");
    let timeless = patched(append_time, 35, &[0xff; 8]);
    cases.same("log append time without a time", timeless, "INVALID_TIMESTAMP");
    cases.same("max timestamp left out", patched(good(), 35, &[0xff; 8]), "NONE");
    let far = i64::MAX.to_be_bytes();
    cases.same("max timestamp far away", patched(good(), 35, &far), "NONE");
}

fn records(cases: &mut Cases) {
    let invalid = "INVALID_RECORD";
    let keyless = batch(|builder, _| {
        builder.append(None, Some(b"k"), Some(b"v"), &[]).unwrap();
        builder.append(None, None, Some(b"v"), &[]).unwrap();
    });
    cases.same("without key", keyless.clone(), "NONE");
    cases.same("without key, compacted", keyless, invalid);
    cases.same("with keys, compacted", good(), "NONE");
    for (name, at, byte) in [
        ("record length -1", 61, 1),
        ("record length 0", 61, 0),
        ("record longer by one", 61, good()[61] + 2),
        ("record shorter by one", 61, good()[61] - 2),
        ("key longer than the record", 65, 0x7e),
        ("header count -1", 61 + usize::from(good()[61] / 2), 1),
        ("header count 1", 61 + usize::from(good()[61] / 2), 2),
    ] {
        cases.same(name, patched(good(), at, &[byte]), invalid);
    }
    cases.same("record attributes 0xff", patched(good(), 62, &[0xff]), "NONE");
    cases.differs("first offset delta 5", patched(good(), 64, &[10]), invalid, "NONE");
    for codec in [Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd] {
        compressed(cases, codec);
    }
    let zstd = batch(|_, stamp| stamp.compression = Compression::with_default_level(Codec::Zstd));
    cases.same("zstd, produce6", zstd, "UNSUPPORTED_COMPRESSION_TYPE");
}

fn compressed(cases: &mut Cases, codec: Codec) {
    let name = codec.name();
    let unknown = "UNKNOWN_SERVER_ERROR";
    let make = || batch(|_, stamp| stamp.compression = Compression::with_default_level(codec));
    cases.same(&format!("{name}, good"), make(), "NONE");
    let keyless = batch(|builder, stamp| {
        stamp.compression = Compression::with_default_level(codec);
        builder.append(None, None, Some(b"v"), &[]).unwrap();
    });
    cases.same(&format!("{name} without key, compacted"), keyless, "INVALID_RECORD");
    let garbled = patched(make(), 61, &[0x55; 8]);
    cases.differs(&format!("{name}, garbage"), garbled, "CORRUPT_MESSAGE", unknown);
    let bytes = patched(make(), 57, &[0, 0, 0, 2]);
    let bytes = patched(bytes, 23, &[0, 0, 0, 1]);
    cases.same(&format!("{name}, two records of three counted"), bytes, "INVALID_RECORD");
}

#[test]
fn a_produced_batch_gets_the_code_that_kafka_answers() {
    let directory = oracle::empty_directory("verdicts");
    let mut cases = Cases::default();
    framing(&mut cases);
    headers(&mut cases);
    times(&mut cases);
    records(&mut cases);
    for case in &cases.0 {
        oracle::put(&directory, &case.name, &case.bytes);
    }
    oracle::run("judge", &directory);
    let mut wrong = Vec::new();
    for case in &cases.0 {
        let verdict = validate(&case.bytes, &case.rules, &mut Decompressor::new());
        let ours = verdict.as_ref().err().map_or("NONE", code);
        let kafka = oracle::text(&directory, &case.name);
        if ours != case.ours || kafka != case.kafka {
            wrong.push(format!("{}: ours {ours} {verdict:?}, Kafka's {kafka}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(cases.0.len(), 105);
    assert_eq!(oracle::names(&directory).len(), cases.0.len(), "each case has a name of its own");
}

#[test]
fn what_passed_says_the_facts_of_the_batch() {
    let bytes = batch(|_, stamp| {
        stamp.producer = Some(producer(9, 1, Some(40)));
        stamp.transactional = true;
    });
    let valid = validate(&bytes, &rules(), &mut Decompressor::new()).unwrap();
    assert_eq!(
        (valid.size(), valid.record_count(), valid.last_offset_delta()),
        (bytes.len(), 3, 2)
    );
    assert_eq!(valid.producer(), Some(producer(9, 1, Some(40))));
    assert!(valid.is_transactional());
    assert!(!valid.max_timestamp_differs());
    assert_eq!(valid.max_timestamp(), valid.header().max_timestamp());
}

#[test]
fn a_max_timestamp_that_a_client_left_out_is_counted_from_the_records() {
    for codec in [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd] {
        let bytes = batch(|_, stamp| stamp.compression = Compression::with_default_level(codec));
        let rules = ProduceRules { inner_walk: InnerWalk::IfNeeded, ..rules() };
        let whole = validate(&bytes, &rules, &mut Decompressor::new()).unwrap();
        let bytes = patched(bytes, 35, &[0xff; 8]);
        let valid = validate(&bytes, &rules, &mut Decompressor::new()).unwrap();
        assert!(valid.max_timestamp_differs());
        assert_eq!(valid.max_timestamp(), whole.max_timestamp());
        let mut mended = bytes;
        record::set_max_timestamp(&mut mended, valid.max_timestamp()).unwrap();
        let mended = validate(&mended, &rules, &mut Decompressor::new()).unwrap();
        assert!(!mended.max_timestamp_differs());
    }
}

#[test]
fn compressed_records_are_looked_into_only_where_needed() {
    let make = |codec| {
        let bytes = batch(|_, stamp| stamp.compression = Compression::with_default_level(codec));
        patched(bytes, 61, &[0x55; 8])
    };
    for codec in [Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd] {
        let relaxed = ProduceRules { inner_walk: InnerWalk::IfNeeded, ..rules() };
        let mut decompressor = Decompressor::new();
        assert!(validate(&make(codec), &relaxed, &mut decompressor).is_ok());
        assert_eq!(decompressor.buffer_size(), 0);
        let compacted = ProduceRules { key_required: true, ..relaxed };
        let refused = validate(&make(codec), &compacted, &mut decompressor);
        assert_eq!(refused, Err(InvalidBatch::Decompress(codec)));
    }
}

#[test]
fn records_that_grow_too_much_are_refused_as_too_large() {
    for codec in [Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd] {
        let bytes = batch(|builder, stamp| {
            stamp.compression = Compression::with_default_level(codec);
            builder.append(None, Some(b"k"), Some(&vec![0; 5 << 20]), &[]).unwrap();
        });
        let size_max = 1 << 20;
        let rules = ProduceRules { decompressed_size_max: size_max, ..rules() };
        let mut decompressor = Decompressor::new();
        assert_eq!(
            validate(&bytes, &rules, &mut decompressor),
            Err(InvalidBatch::DecompressedTooLarge { size_max }),
            "{codec:?}"
        );
        assert!(decompressor.buffer_size() <= size_max, "{codec:?}");
        let enough = ProduceRules { decompressed_size_max: limits::DECOMPRESSED_SIZE_MAX, ..rules };
        assert!(validate(&bytes, &enough, &mut decompressor).is_ok(), "{codec:?}");
    }
}

#[test]
fn records_without_a_value_are_refused_where_the_topic_says_so() {
    let marked = HeaderView { key: DELETE_HEADER.as_bytes(), value: None };
    let other = HeaderView { key: b"ottla.delet", value: Some(b"x") };
    for codec in [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd] {
        let make = |headers: &[HeaderView<'_>]| {
            batch(|builder, stamp| {
                stamp.compression = Compression::with_default_level(codec);
                builder.append(None, Some(b"k"), Some(b"v"), &[]).unwrap();
                builder.append(None, Some(b"k"), None, headers).unwrap();
            })
        };
        let verdict = |null_values, headers: &[HeaderView<'_>]| {
            let relaxed = ProduceRules { inner_walk: InnerWalk::IfNeeded, null_values, ..rules() };
            validate(&make(headers), &relaxed, &mut Decompressor::new()).map(|_| ())
        };
        let (both, without) = ([other, marked], [other]);
        for headers in [&both[..], &without[..], &[]] {
            let is_marked = headers.len() == 2;
            let refused = InvalidBatch::NullValue { index: 1 };
            assert_eq!(verdict(NullValues::Allow, headers), Ok(()), "{codec:?}");
            assert_eq!(verdict(NullValues::Reject, headers), Err(refused), "{codec:?}");
            let unmarked = InvalidBatch::UnmarkedNullValue { index: 1 };
            let expected = if is_marked { Ok(()) } else { Err(unmarked) };
            assert_eq!(verdict(NullValues::Header, headers), expected, "{codec:?}");
        }
        // Empty is not null.
        let empty = batch(|builder, stamp| {
            stamp.compression = Compression::with_default_level(codec);
            builder.append(None, Some(b"k"), Some(b""), &[]).unwrap();
        });
        let reject = ProduceRules { null_values: NullValues::Reject, ..rules() };
        assert!(validate(&empty, &reject, &mut Decompressor::new()).is_ok());
    }
}

#[test]
fn a_refusal_of_a_null_value_names_the_record_and_the_setting() {
    let said = InvalidBatch::NullValue { index: 7 }.to_string();
    assert_eq!(said, "record 7 has no value, and the topic's ottla.null.value is reject");
    let said = InvalidBatch::UnmarkedNullValue { index: 7 }.to_string();
    assert!(said.starts_with("record 7 has no value") && said.contains(DELETE_HEADER), "{said}");
}
