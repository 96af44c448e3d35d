//! What must hold for all batches, and for all bytes that are none.

use model::{LeaderEpoch, Offset, ProducerEpoch, ProducerId, Sequence, Timestamp};
use proptest::prelude::*;
use record::{
    BatchBuilder, BatchError, BatchHeader, BatchStamp, BatchView, Batches, Codec, Compression,
    Compressor, Decompressor, HeaderView, InnerWalk, ProduceRules, ProducerStamp, limits,
    patch_base_offset_and_epoch, recompress, set_log_append_time, size_of_batch, validate,
};

/// A record as owned values.
#[derive(Clone, Debug, PartialEq)]
struct Event {
    time: Option<Timestamp>,
    key: Option<Vec<u8>>,
    value: Option<Vec<u8>>,
    headers: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

fn bytes(size_max: usize) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..size_max.min(300)),
        (any::<u8>(), 0..size_max).prop_map(|(byte, size)| vec![byte; size]),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let time = prop_oneof![-1..3_i64, 1_699_999_999_000..1_700_000_001_000_i64, Just(i64::MAX)];
    let headers = prop::collection::vec((bytes(20), prop::option::of(bytes(90))), 0..4);
    (time, prop::option::of(bytes(200)), prop::option::of(bytes(100_000)), headers).prop_map(
        |(time, key, value, headers)| Event {
            time: Timestamp::from_millis(time),
            key,
            value,
            headers,
        },
    )
}

fn codec() -> impl Strategy<Value = Codec> {
    (0..5_u8).prop_map(|raw| Codec::from_wire(raw).unwrap())
}

fn producer() -> impl Strategy<Value = Option<ProducerStamp>> {
    prop::option::of((0..i64::MAX, 0..i16::MAX, 0..i32::MAX).prop_map(|(id, epoch, sequence)| {
        ProducerStamp {
            id: ProducerId::from_wire(id).unwrap(),
            epoch: ProducerEpoch::from_wire(epoch).unwrap(),
            base_sequence: Sequence::from_wire(sequence),
        }
    }))
}

fn build(events: &[Event], stamp: &BatchStamp) -> Vec<u8> {
    let mut builder = BatchBuilder::new();
    for event in events {
        let headers: Vec<HeaderView<'_>> = event
            .headers
            .iter()
            .map(|(key, value)| HeaderView { key, value: value.as_deref() })
            .collect();
        let before = builder.size();
        let (key, value) = (event.key.as_deref(), event.value.as_deref());
        builder.append(event.time, key, value, &headers).unwrap();
        let bound = BatchBuilder::record_size_max(key, value, &headers);
        assert!(builder.size() - before <= bound);
    }
    builder.finish(stamp, &mut Compressor::new()).unwrap().to_vec()
}

fn read(batch: &[u8]) -> Vec<(i64, Event)> {
    let mut decompressor = Decompressor::new();
    let view = BatchView::parse_checked(batch).unwrap();
    let records = view.records(&mut decompressor, limits::DECOMPRESSED_SIZE_MAX).unwrap();
    let owned = records.map(|record| {
        let record = record.unwrap();
        let headers = record.headers;
        let event = Event {
            time: record.timestamp,
            key: record.key.map(<[u8]>::to_vec),
            value: record.value.map(<[u8]>::to_vec),
            headers: headers
                .map(|header| (header.key.to_vec(), header.value.map(<[u8]>::to_vec)))
                .collect(),
        };
        (record.offset.to_wire(), event)
    });
    owned.collect()
}

/// Touches everything that can be read in bytes that may be anything.
fn read_anything(bytes: &[u8], size_max: usize) {
    let rules = ProduceRules {
        inner_walk: InnerWalk::Always,
        decompressed_size_max: size_max,
        ..ProduceRules::default()
    };
    let mut decompressor = Decompressor::new();
    let _ = size_of_batch(bytes);
    let _ = validate(bytes, &rules, &mut decompressor);
    for codec in [Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd] {
        if let Ok(output) = decompressor.decompress(codec, bytes, size_max) {
            assert!(output.len() <= size_max);
        }
    }
    for view in Batches::new(bytes).filter_map(Result::ok) {
        let Ok(records) = view.records(&mut decompressor, size_max) else { continue };
        for record in records.filter_map(Result::ok) {
            assert!(record.headers.count() <= bytes.len().max(size_max));
        }
    }
    assert!(decompressor.buffer_size() <= size_max);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_a_builder_takes_a_reader_gives(
        events in prop::collection::vec(event(), 1..20),
        codec in codec(),
        producer in producer(),
        base in 0..i64::MAX / 2,
    ) {
        let stamp = BatchStamp {
            base_offset: Offset::from_wire(base).unwrap(),
            leader_epoch: LeaderEpoch::from_wire(3),
            compression: Compression::with_default_level(codec),
            producer,
            transactional: producer.is_some(),
            ..BatchStamp::default()
        };
        let batch = build(&events, &stamp);
        let expected: Vec<(i64, Event)> = (base..).zip(events).collect();
        prop_assert_eq!(read(&batch), expected);
        let header = *BatchView::parse(&batch).unwrap().header();
        prop_assert_eq!(header.producer(), producer);
        prop_assert_eq!(header.leader_epoch(), stamp.leader_epoch);
        prop_assert_eq!(header.attributes().is_transactional(), producer.is_some());
    }

    #[test]
    fn what_a_builder_makes_is_valid_and_stays_so_when_recompressed(
        events in prop::collection::vec(event(), 1..20),
        from in codec(),
        to in codec(),
        producer in producer(),
    ) {
        let compression = Compression::with_default_level(from);
        let stamp = BatchStamp { compression, producer, ..BatchStamp::default() };
        let batch = build(&events, &stamp);
        let rules = ProduceRules {
            inner_walk: InnerWalk::Always,
            batch_size_max: usize::MAX,
            ..ProduceRules::default()
        };
        let mut decompressor = Decompressor::new();
        let valid = validate(&batch, &rules, &mut decompressor).unwrap();
        prop_assert!(!valid.max_timestamp_differs());
        prop_assert_eq!(valid.size(), batch.len());
        let mut again = vec![1, 2, 3];
        let size_max = limits::DECOMPRESSED_SIZE_MAX;
        recompress(
            &BatchView::parse(&batch).unwrap(),
            Compression::with_default_level(to),
            &mut Compressor::new(),
            &mut decompressor,
            size_max,
            &mut again,
        ).unwrap();
        let again = &again[3..];
        let second = validate(again, &rules, &mut decompressor).unwrap();
        prop_assert_eq!(second.codec(), to);
        prop_assert_eq!(second.producer(), valid.producer());
        prop_assert_eq!(second.max_timestamp(), valid.max_timestamp());
        prop_assert_eq!(read(again), read(&batch));
    }

    #[test]
    fn a_patched_batch_keeps_its_crc_and_its_records(
        events in prop::collection::vec(event(), 1..10),
        codec in codec(),
        base in 0..i64::MAX / 2,
        epoch in 0..i32::MAX,
        time in 0..i64::MAX,
    ) {
        let compression = Compression::with_default_level(codec);
        let mut batch = build(&events, &BatchStamp { compression, ..BatchStamp::default() });
        let base_offset = Offset::from_wire(base).unwrap();
        patch_base_offset_and_epoch(&mut batch, base_offset, LeaderEpoch::from_wire(epoch).unwrap());
        let expected: Vec<(i64, Event)> = (base..).zip(events).collect();
        prop_assert_eq!(read(&batch), expected.clone());
        let at = Timestamp::from_millis(time).unwrap();
        set_log_append_time(&mut batch, at).unwrap();
        let all_at = |(offset, event): (i64, Event)| (offset, Event { time: Some(at), ..event });
        prop_assert_eq!(read(&batch), expected.into_iter().map(all_at).collect::<Vec<_>>());
        let header = *BatchView::parse(&batch).unwrap().header();
        prop_assert_eq!(header.leader_epoch().unwrap().to_wire(), epoch);
    }

    #[test]
    fn garbage_is_refused_without_a_panic(garbage in prop::collection::vec(any::<u8>(), 0..400)) {
        read_anything(&garbage, 1 << 16);
    }

    #[test]
    fn a_mutated_batch_never_panics_and_stays_in_its_bound(
        events in prop::collection::vec(event(), 1..5),
        codec in codec(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        mend in any::<bool>(),
    ) {
        let compression = Compression::with_default_level(codec);
        let mut batch = build(&events, &BatchStamp { compression, ..BatchStamp::default() });
        for (at, byte) in changes {
            let index = at.index(batch.len());
            batch[index] = byte;
        }
        if mend {
            let crc = record::crc32c(&batch[21..]);
            batch[17..21].copy_from_slice(&crc.to_be_bytes());
        }
        read_anything(&batch, 1 << 16);
        read_anything(&batch[61..], 1 << 16);
    }
}

#[test]
fn a_log_cut_at_any_byte_keeps_its_whole_batches_and_says_where_they_end() {
    let mut log = Vec::new();
    let mut ends = vec![0];
    for (index, codec) in (0..5_u8).enumerate() {
        let event = Event {
            time: None,
            key: None,
            value: Some(vec![b'x'; 40 * index]),
            headers: Vec::new(),
        };
        let compression = Compression::with_default_level(Codec::from_wire(codec).unwrap());
        log.extend(build(
            &vec![event; index + 1],
            &BatchStamp { compression, ..BatchStamp::default() },
        ));
        ends.push(log.len());
    }
    for cut in 0..=log.len() {
        let kept = ends.iter().filter(|end| **end <= cut).count() - 1;
        let mut batches = Batches::checked(&log[..cut]);
        for index in 0..kept {
            let view = batches.next().unwrap().unwrap();
            assert_eq!(view.bytes(), &log[ends[index]..ends[index + 1]]);
        }
        assert_eq!(batches.position(), ends[kept]);
        if cut == ends[kept] {
            assert!(batches.next().is_none(), "cut at {cut}");
            continue;
        }
        let stop = batches.next().unwrap().unwrap_err();
        assert!(stop.is_torn(), "cut at {cut}: {stop}");
        assert_eq!(stop.position, ends[kept]);
        assert!(batches.next().is_none());
    }
}

#[test]
fn a_changed_byte_stops_the_walk_at_its_batch() {
    let event = Event { time: None, key: None, value: Some(vec![9; 30]), headers: Vec::new() };
    let batch = build(&[event], &BatchStamp::default());
    let log = batch.repeat(3);
    // Not under the CRC: base offset and leader epoch, which only order and epochs can prove wrong.
    let free = |at: usize| at < 8 || (12..16).contains(&at);
    for at in (0..batch.len()).filter(|at| !free(*at)) {
        let mut log = log.clone();
        log[batch.len() + at] ^= 0x10;
        let mut batches = Batches::checked(&log);
        assert!(batches.next().unwrap().is_ok());
        let stop = batches.next().unwrap().unwrap_err();
        assert_eq!(stop.position, batch.len(), "byte {at}");
    }
}

#[test]
fn a_file_is_walked_by_headers_alone() {
    let event = Event { time: None, key: None, value: Some(vec![9; 30]), headers: Vec::new() };
    let batch = build(&[event], &BatchStamp::default());
    let log = batch.repeat(4);
    let (mut position, mut count) = (0, 0);
    while let Some(head) = log[position..].first_chunk() {
        let header = BatchHeader::parse(head).unwrap();
        position += header.size();
        count += 1;
    }
    assert_eq!((position, count), (log.len(), 4));
    assert_eq!(size_of_batch(&log[..17]), Ok(Some(batch.len())));
    assert_eq!(size_of_batch(&log[..16]), Ok(None));
    let present = batch.len() - 1;
    assert_eq!(
        BatchView::parse(&batch[..present]).unwrap_err(),
        BatchError::Incomplete { needed: batch.len(), present }
    );
}
