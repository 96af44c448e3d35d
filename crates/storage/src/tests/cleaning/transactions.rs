use super::keyed::*;
use crate::tests::world::*;
use crate::*;

/// Markers that are left, by their offset, and whether they have a delete horizon.
fn markers(log: &Keyed) -> Vec<(i64, bool)> {
    let batches = read_all_with_gaps(&log.world.partitions[0].borrow().log);
    let header = |batch: &[u8]| *record::BatchView::parse(batch).unwrap().header();
    let headers = batches.iter().map(|batch| header(&batch.1));
    let markers = headers.filter(|header| header.attributes().is_control());
    markers
        .map(|header| (header.base_offset().to_wire(), header.delete_horizon().is_some()))
        .collect()
}

fn told(log: &Keyed) -> Vec<i64> {
    let partition = log.world.partitions[0].borrow();
    let found = partition.log.search_aborted(offset(0), log.end()).run().unwrap();
    found.iter().map(|aborted| aborted.first.to_wire()).collect()
}

/// Something after it, so that what is looked at is neither the last batch of a cleaning nor of its producer.
fn pad(log: &mut Keyed) {
    for producer in [21, 22] {
        log.put(&[(b"pad", Some(b"-"))], Some(producer), true, true);
        log.end_transaction(producer, true);
    }
    log.put(&[(b"pad", Some(b"."))], None, false, true);
}

#[test]
fn aborted_records_go_at_once_and_their_marker_when_nobody_can_need_it() {
    let mut log = Keyed::new(1, compacted());
    log.put(&[(b"a", Some(b"1"))], Some(21), true, true);
    log.end_transaction(21, true);
    log.put(&[(b"a", Some(b"2")), (b"x", Some(b"2"))], Some(22), true, false);
    log.end_transaction(22, false);
    pad(&mut log);
    log.clean();
    log.check();
    assert!(log.read().iter().any(|record| record.2.as_deref() == Some(b"1")));
    assert_eq!(markers(&log)[..2], [(1, false), (4, false)], "both had batches");
    assert_eq!(told(&log), [2], "readers of what they hold already must hear of it");
    // In the next cleaning nothing of the aborted one is met.
    pad(&mut log);
    log.clean();
    assert_eq!(markers(&log)[..2], [(1, false), (4, true)]);
    assert_eq!(told(&log), Vec::<i64>::new());
    log.now += 999;
    pad(&mut log);
    log.clean();
    assert_eq!(markers(&log)[1], (4, true), "too early");
    log.now += 1;
    pad(&mut log);
    log.clean();
    assert!(markers(&log).iter().all(|marker| marker.0 != 4));
    assert_eq!(markers(&log)[0], (1, false), "its record is still there");
    log.check();
}

#[test]
fn a_marker_of_records_that_are_gone_goes_later() {
    let mut log = Keyed::new(1, compacted());
    log.put(&[(b"a", Some(b"1"))], Some(21), true, true);
    log.end_transaction(21, true);
    log.put(&[(b"a", Some(b"2"))], None, false, true);
    pad(&mut log);
    log.clean();
    assert_eq!(markers(&log)[0], (1, false));
    pad(&mut log);
    log.clean();
    assert_eq!(markers(&log)[0], (1, true));
    log.now += 1_000;
    pad(&mut log);
    log.clean();
    assert!(markers(&log)[0].0 > 1);
    log.check();
}

#[test]
fn nothing_behind_an_open_transaction_is_touched() {
    let mut log = Keyed::new(1, compacted());
    for _ in 0..30 {
        log.put_random(3, None);
    }
    log.seal().unwrap();
    let open = log.end();
    log.put(&[(b"open", Some(b"1"))], Some(9), true, false);
    for _ in 0..30 {
        log.put_random(3, None);
    }
    log.seal().unwrap();
    let of = log.cleanable().unwrap();
    assert!(of.dirty_bytes() > 0);
    log.clean_with(&SETTINGS).unwrap();
    assert_eq!(log.world.dir.cleaned_to(&name("table", 0)), Some(open));
    assert!(log.read().iter().any(|record| record.1.as_deref() == Some(b"open")));
    log.end_transaction(9, false);
    log.clean();
    log.check();
}

#[test]
fn a_transaction_over_many_segments_and_groups_is_one() {
    let config = LogConfig { segment_bytes: 1 << 10, ..compacted() };
    let mut log = Keyed::new(1, config);
    for at in 0..200_u32 {
        let key = (at % 150).to_be_bytes();
        // Two at the same time: one is aborted in the end, the other not.
        log.put(&[(&key, Some(&[1; 30]))], Some(31), true, at % 2 == 2);
        log.put(&[(&key, Some(&[2; 30]))], Some(32), true, true);
    }
    log.end_transaction(31, false);
    log.end_transaction(32, true);
    pad(&mut log);
    let stats = log.clean();
    assert!(stats.segments_after > 2, "{stats:?}");
    log.check();
    // Once more, as after a start: the aborted one is gone, and the other's marker must not be taken for its.
    log.world.close().unwrap();
    log.world.disk.restart();
    log.world.reopen().unwrap();
    log.check();
    pad(&mut log);
    log.clean();
    log.check();
    assert_eq!(
        log.read().iter().filter(|record| record.2.as_deref() == Some(&[2; 30])).count(),
        150
    );
}
