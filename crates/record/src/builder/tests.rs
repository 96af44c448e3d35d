use super::*;
use crate::{BatchView, Decompressor};

fn time(millis: i64) -> Option<Timestamp> {
    Timestamp::from_millis(millis)
}

#[test]
fn an_empty_batch_is_not_made() {
    let stamp = BatchStamp::default();
    let made = BatchBuilder::new().finish(&stamp, &mut Compressor::new()).map(|batch| batch.len());
    assert_eq!(made, Err(BuildError::Empty));
}

#[test]
fn offsets_may_have_gaps_but_must_grow() {
    let mut builder = BatchBuilder::new();
    builder.append_at(3, time(1), None, None, &[]).unwrap();
    assert_eq!(builder.append_at(3, time(1), None, None, &[]), Err(AppendError::OffsetOrder(3)));
    builder.append_at(9, time(1), None, None, &[]).unwrap();
    builder.append(time(1), None, None, &[]).unwrap();
    assert_eq!(builder.append_at(u32::MAX, None, None, None, &[]), Err(AppendError::Full));
    let stamp = BatchStamp { base_offset: Offset::MAX, ..BatchStamp::default() };
    assert_eq!(builder.record_count(), 3);
    let batch = builder.finish(&stamp, &mut Compressor::new()).unwrap();
    assert!(BatchView::parse(batch).is_err(), "the last offset would be past the largest");
    let batch = builder.finish(&BatchStamp::default(), &mut Compressor::new()).unwrap();
    let view = BatchView::parse_checked(batch).unwrap();
    let mut decompressor = Decompressor::new();
    let records = view.records(&mut decompressor, 0).unwrap();
    let offsets: Vec<i64> = records.map(|record| record.unwrap().offset.to_wire()).collect();
    assert_eq!(offsets, [3, 9, 10]);
    assert_eq!(view.header().last_offset_delta(), 10);
}

#[test]
fn the_size_is_known_before_the_batch_is_closed() {
    let mut builder = BatchBuilder::with_capacity(100);
    assert_eq!(builder.size(), BATCH_HEADER_SIZE);
    for index in 0..50 {
        builder.append(time(index), Some(b"key"), Some(&[0; 200]), &[]).unwrap();
    }
    let size = builder.size();
    let batch = builder.finish(&BatchStamp::default(), &mut Compressor::new()).unwrap();
    assert_eq!(batch.len(), size);
}

#[test]
fn a_cleared_builder_begins_anew() {
    let mut builder = BatchBuilder::new();
    let mut compressor = Compressor::new();
    builder.append(time(500), Some(b"k"), Some(&vec![1; BUFFER_KEPT_MAX]), &[]).unwrap();
    builder.clear();
    assert!(builder.is_empty());
    builder.append(time(7), None, Some(b"v"), &[]).unwrap();
    let reused = builder.finish(&BatchStamp::default(), &mut compressor).unwrap().to_vec();
    let mut fresh = BatchBuilder::new();
    fresh.append(time(7), None, Some(b"v"), &[]).unwrap();
    assert_eq!(fresh.finish(&BatchStamp::default(), &mut compressor).unwrap(), reused);
}
