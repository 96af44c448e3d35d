use model::{LeaderEpoch, Offset, ProducerEpoch, ProducerId, Sequence};

use super::*;
use crate::{BatchBuilder, BatchStamp, BatchView, Decompressor, ProducerStamp};

fn time(ms: i64) -> Timestamp {
    Timestamp::from_millis(ms).unwrap()
}

/// Ten records with keys k0 to k9, of which the odd ones have no value.
fn batch(compression: Compression, append_time: Option<Timestamp>) -> Vec<u8> {
    let mut builder = BatchBuilder::new();
    for index in 0..10_u8 {
        let key = [b'k', b'0' + index];
        let value = [index; 40];
        let value = (index % 2 == 0).then_some(&value[..]);
        let stamp = time(1000 + 7 * i64::from(index));
        builder.append(Some(stamp), Some(&key), value, &[]).unwrap();
    }
    let stamp = BatchStamp {
        base_offset: Offset::from_wire(500).unwrap(),
        leader_epoch: LeaderEpoch::from_wire(3),
        compression,
        producer: Some(ProducerStamp {
            id: ProducerId::from_wire(9).unwrap(),
            epoch: ProducerEpoch::ZERO,
            base_sequence: Sequence::from_wire(70),
        }),
        transactional: true,
        append_time,
        ..BatchStamp::default()
    };
    builder.finish(&stamp, &mut Compressor::new()).unwrap().to_vec()
}

type Seen = Vec<(i64, Option<i64>, Vec<u8>, bool)>;

fn seen(bytes: &[u8]) -> Seen {
    let view = BatchView::parse_checked(bytes).unwrap();
    let mut decompressor = Decompressor::new();
    let records = view.records(&mut decompressor, 1 << 20).unwrap();
    let record = |record: Result<RecordView<'_>, RecordError>| {
        let record = record.unwrap();
        let millis = record.timestamp.map(Timestamp::as_millis);
        (record.offset.to_wire(), millis, record.key.unwrap().to_vec(), record.value.is_some())
    };
    records.map(record).collect()
}

fn filtered(
    bytes: &[u8],
    horizon: Option<Timestamp>,
    keep: impl FnMut(&RecordView<'_>) -> bool,
) -> (Vec<u8>, BatchFilter) {
    let view = BatchView::parse(bytes).unwrap();
    let mut decompressor = Decompressor::new();
    let codec = view.header().attributes().codec().unwrap();
    let records = decompressor.decompress(codec, view.record_bytes(), 1 << 20).unwrap();
    let mut filter = BatchFilter::new();
    filter.scan(view.header(), records, keep).unwrap();
    let mut out = b"before".to_vec();
    filter.write(view.header(), records, horizon, &mut Compressor::new(), &mut out).unwrap();
    (out.split_off(6), filter)
}

#[test]
fn what_is_kept_stays_as_it_was_in_every_codec() {
    for codec in [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd] {
        let before = batch(Compression::with_default_level(codec), None);
        let keep = |offset: i64| [500, 503, 504, 508].contains(&offset);
        let (after, filter) = filtered(&before, None, |record| keep(record.offset.to_wire()));
        let kept: Seen = seen(&before).into_iter().filter(|record| keep(record.0)).collect();
        assert_eq!(seen(&after), kept, "{codec:?}");
        assert_eq!((filter.kept_count(), filter.keeps_all()), (4, false));
        assert!(filter.has_tombstones());
        let (old, new) = (BatchView::parse(&before).unwrap(), BatchView::parse(&after).unwrap());
        let (old, new) = (old.header(), new.header());
        assert_eq!(old.base_offset(), new.base_offset());
        assert_eq!(old.last_offset(), new.last_offset());
        assert_eq!(old.producer(), new.producer());
        assert_eq!(old.leader_epoch(), new.leader_epoch());
        assert_eq!(old.attributes(), new.attributes());
        assert_eq!(new.max_timestamp(), Some(time(1056)));
    }
}

#[test]
fn a_horizon_moves_no_time_and_is_read_back() {
    for codec in [Codec::None, Codec::Zstd] {
        let before = batch(Compression::with_default_level(codec), None);
        for horizon in [time(0), time(5), time(1_700_000_000_000)] {
            let (after, _) = filtered(&before, Some(horizon), |_| true);
            assert_eq!(seen(&after), seen(&before));
            let header = *BatchView::parse(&after).unwrap().header();
            assert_eq!(header.delete_horizon(), Some(horizon));
            // Once more, without a new one.
            let (again, _) = filtered(&after, None, |record| record.value.is_none());
            assert_eq!(BatchView::parse(&again).unwrap().header().delete_horizon(), Some(horizon));
            let tombstones: Seen = seen(&before).into_iter().filter(|record| !record.3).collect();
            assert_eq!(seen(&again), tombstones);
        }
    }
}

#[test]
fn append_time_stays_the_batchs() {
    let before = batch(Compression::None, Some(time(9000)));
    let (after, _) = filtered(&before, Some(time(77)), |record| record.offset.to_wire() == 501);
    assert_eq!(seen(&after), [(501, Some(9000), b"k1".to_vec(), false)]);
    assert_eq!(BatchView::parse(&after).unwrap().header().max_timestamp(), Some(time(9000)));
}

#[test]
fn an_empty_batch_keeps_offsets_and_sequence() {
    let before = batch(Compression::Snappy, None);
    let header = *BatchView::parse(&before).unwrap().header();
    let mut out = Vec::new();
    write_empty_batch(&header, &mut out);
    assert_eq!(out.len(), BATCH_HEADER_SIZE);
    let empty = BatchView::parse_checked(&out).unwrap();
    assert_eq!(empty.header().record_count(), 0);
    assert_eq!(empty.header().producer(), header.producer());
    assert_eq!(empty.header().base_offset(), header.base_offset());
    assert_eq!(empty.header().next_offset(), header.next_offset());
    assert_eq!(empty.header().max_timestamp(), header.max_timestamp());
    assert!(empty.header().attributes().is_transactional());
    assert_eq!(seen(&out), []);
}

#[test]
fn bytes_that_are_no_records_are_refused() {
    let before = batch(Compression::None, None);
    let view = BatchView::parse(&before).unwrap();
    let records = view.record_bytes();
    let mut filter = BatchFilter::new();
    for cut in 0..records.len() {
        assert!(filter.scan(view.header(), &records[..cut], |_| true).is_err(), "{cut}");
    }
}
