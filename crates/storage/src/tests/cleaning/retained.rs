use std::collections::BTreeSet;

use model::Offset;

use super::keyed::*;
use crate::tests::world::*;
use crate::*;

#[test]
fn random_logs_keep_the_last_value_of_each_key_through_cleanings_and_starts() {
    let mut dropped = 0;
    for seed in 0..60 {
        let mut log = Keyed::new(seed, compacted());
        for round in 0..4 {
            for _ in 0..30 + log.random.below(60) {
                let producer =
                    (seed % 2 == 0).then(|| 1 + i64::try_from(seed + round).unwrap() % 3);
                log.put_random(25, producer);
                log.now += 10;
            }
            let stats = log.clean();
            dropped += stats.records_read - stats.records_kept;
            log.check();
            // Of all that was sealed, each key once, but for tombstones that are still to be seen.
            let keys: BTreeSet<_> = log.written.iter().map(|record| record.1.clone()).collect();
            assert!(log.read().len() <= keys.len(), "seed {seed}");
            let end = log.end();
            match log.random.below(3) {
                0 => {
                    log.world.close().unwrap();
                    log.world.disk.restart();
                }
                1 => log.world.disk.power_on(),
                _ => continue,
            }
            log.world.reopen().unwrap();
            assert_eq!(log.end(), end);
            log.check();
        }
    }
    assert!(dropped > 10_000, "only {dropped} records went");
}

#[test]
fn what_bypasses_the_write_ahead_log_is_cleaned_too() {
    let config = LogConfig { durability: Durability::Os, ..compacted() };
    let mut log = Keyed::new(3, config);
    for _ in 0..3 {
        for _ in 0..60 {
            log.put_random(10, Some(4));
        }
        let stats = log.clean();
        assert!(stats.segments_before > 2 && stats.size_after < stats.size_before / 2);
        log.check();
        log.world.disk.power_on();
        log.world.reopen().unwrap();
        log.check();
    }
}

#[test]
fn a_small_map_cleans_a_log_part_by_part() {
    let mut log = Keyed::new(5, LogConfig { segment_bytes: 256 << 10, ..compacted() });
    let few = |log: &Keyed| {
        let stats = log.clean_with(&CleaningSettings { map_bytes: 1, ..SETTINGS }).unwrap();
        stats.keys
    };
    for batch in 0..400_u32 {
        let keys: Vec<_> =
            (0..100).map(|key| ((batch * 100 + key) % 20_000).to_be_bytes()).collect();
        let records: Vec<(&[u8], Option<&[u8]>)> =
            keys.iter().map(|key| (&key[..], Some(&b"v"[..]))).collect();
        log.put(&records, None, false, true);
        if log.world.dir.lane().must_pause() {
            log.world.checkpoint().unwrap();
        }
    }
    log.seal().unwrap();
    let mut cleanings = 0;
    while log.cleanable().is_some_and(|of| of.dirty_bytes() > 0) {
        assert!(few(&log) > 10_000);
        cleanings += 1;
    }
    assert!(cleanings > 1 && cleanings < 5, "{cleanings}");
    log.check();
    assert_eq!(log.read().len(), 20_000);
}

#[test]
fn small_segments_become_one() {
    let mut log = Keyed::new(8, compacted());
    for _ in 0..100 {
        log.put_random(10, None);
    }
    let stats = log.clean();
    assert!(stats.segments_before > 5, "{stats:?}");
    // By now they are small.
    log.put_random(10, None);
    log.clean();
    let count = log.world.partitions[0].borrow().log.segment_bases().count();
    assert!(count <= 3, "{count} segments are left");
    let first = log.world.partitions[0].borrow().log.segment_bases().next();
    assert_eq!(first, Some(Offset::ZERO), "the first keeps its name");
    log.check();
}

#[test]
fn a_tombstone_goes_after_delete_retention_and_not_before() {
    let mut log = Keyed::new(9, compacted());
    log.put(&[(b"a", Some(b"1")), (b"b", Some(b"1"))], None, false, true);
    log.put(&[(b"a", None)], None, false, true);
    // Its age does not count, but how long readers had to see it after the first cleaning.
    log.now += 1_000_000;
    log.clean();
    let has_tombstone = |log: &Keyed| log.read().iter().any(|record| record.2.is_none());
    assert_eq!(log.read().len(), 2, "the value of a is gone, that of b and the tombstone are left");
    for later in [0, 1, 998] {
        log.now += later;
        log.put(&[(b"c", Some(b"1"))], None, false, true);
        log.clean();
        assert!(has_tombstone(&log), "{later} too early");
        log.check();
    }
    // A start changes nothing of it.
    log.world.close().unwrap();
    log.world.disk.restart();
    log.world.reopen().unwrap();
    log.now += 1;
    log.put(&[(b"c", Some(b"1"))], None, false, true);
    log.clean();
    assert!(!has_tombstone(&log));
    log.check();
}

#[test]
fn young_records_wait_and_old_ones_do_not() {
    let config = LogConfig {
        min_compaction_lag_ms: 500,
        max_compaction_lag_ms: Some(2_000),
        min_cleanable_ratio: 0.9,
        ..compacted()
    };
    let mut log = Keyed::new(2, config);
    log.put(&[(b"a", Some(b"1"))], None, false, true);
    log.seal().unwrap();
    assert!(log.cleanable().is_none(), "too young");
    log.now += 501;
    let of = log.cleanable().unwrap();
    assert!(of.is_dirty_enough() && !of.is_overdue(wall(log.now)).unwrap());
    log.clean();
    log.put(&[(b"a", Some(b"2"))], None, false, true);
    log.seal().unwrap();
    log.now += 1_000;
    let of = log.cleanable().unwrap();
    assert!(!of.is_dirty_enough(), "half of it");
    assert!(!of.is_overdue(wall(log.now)).unwrap());
    assert!(of.is_overdue(wall(log.now + 1_001)).unwrap());
    // As after a start, when memory does not know it.
    log.world.close().unwrap();
    log.world.disk.restart();
    log.world.reopen().unwrap();
    let of = log.cleanable().unwrap();
    assert!(!of.is_overdue(wall(log.now)).unwrap());
    assert!(of.is_overdue(wall(log.now + 1_001)).unwrap());
}

#[test]
fn only_what_a_checkpoint_knows_is_cleaned() {
    let mut log = Keyed::new(2, compacted());
    for _ in 0..40 {
        log.put_random(5, None);
    }
    log.world.commit().unwrap();
    let of = log.cleanable().unwrap();
    assert_eq!(of.dirty_bytes(), 0);
    assert!(of.wants_checkpoint(wall(log.now)));
    log.world.checkpoint().unwrap();
    let of = log.cleanable().unwrap();
    assert!(of.dirty_bytes() > 0 && !of.wants_checkpoint(wall(log.now)));
}

#[test]
fn what_is_overdue_wants_the_checkpoint_that_it_waits_for() {
    let config =
        LogConfig { max_compaction_lag_ms: Some(2_000), min_cleanable_ratio: 1.0, ..compacted() };
    let mut log = Keyed::new(2, config);
    for _ in 0..40 {
        log.put_random(5, None);
    }
    log.world.commit().unwrap();
    let of = log.cleanable().unwrap();
    assert!(!of.is_dirty_enough() && !of.wants_checkpoint(wall(log.now)));
    let later = wall(log.now + 2_001);
    assert!(of.wants_checkpoint(later));
    log.world.checkpoint().unwrap();
    let of = log.cleanable().unwrap();
    assert!(of.is_overdue(later).unwrap() && !of.wants_checkpoint(later));
}

#[test]
fn the_last_sequence_of_each_producer_outlives_its_records() {
    let mut log = Keyed::new(11, compacted());
    log.put(&[(b"a", Some(b"1")), (b"b", Some(b"1"))], Some(7), false, true);
    log.put(&[(b"a", Some(b"2")), (b"b", Some(b"2"))], Some(8), false, true);
    log.put(&[(b"a", Some(b"3")), (b"b", Some(b"3"))], None, false, true);
    log.clean();
    assert_eq!(log.read().len(), 2);
    let before = log.world.partitions[0].borrow().producers.clone();
    // From the log alone: without the checkpoint and the snapshots.
    log.world.close().unwrap();
    log.world.disk.restart();
    for entry in log.world.disk.peek_paths(&World::path("table-0")) {
        if entry.extension().is_some_and(|extension| extension == "snapshot") {
            io::Disk::remove_file(&log.world.disk, &entry).unwrap();
        }
    }
    log.world.reopen().unwrap();
    let after = log.world.partitions[0].borrow().producers.clone();
    for id in [7, 8] {
        let id = model::ProducerId::from_wire(id).unwrap();
        let last = |states: &replica::ProducerStates| states.get(id).unwrap().last_sequence();
        assert_eq!(last(&after), last(&before));
        assert_eq!(last(&after).map(model::Sequence::to_wire), Some(1));
    }
}

#[test]
fn records_without_a_key_go() {
    let mut log = Keyed::new(2, compacted());
    let index = 0;
    let _ = log.world.append(index, 3, 100);
    log.put(&[(b"a", Some(b"1"))], None, false, true);
    log.clean();
    assert_eq!(log.read().len(), 1);
    log.check();
}

#[test]
fn a_damaged_batch_stops_the_cleaning_and_nothing_is_lost() {
    let mut log = Keyed::new(12, compacted());
    for _ in 0..60 {
        log.put_random(5, None);
    }
    log.seal().unwrap();
    let path = World::path("table-0/00000000000000000000.log");
    assert!(log.world.disk.flip_bit(&path, 1000, 3));
    let error = log.clean_with(&SETTINGS).unwrap_err();
    assert!(matches!(error, StorageError::Corrupt { .. }), "{error}");
    let names: Vec<String> = log
        .world
        .disk
        .peek_paths(&World::path("table-0"))
        .iter()
        .map(|path| path.display().to_string())
        .filter(|name| name.ends_with(".cleaned") || name.ends_with(".swap"))
        .collect();
    assert_eq!(names, Vec::<String>::new());
    assert!(log.world.disk.flip_bit(&path, 1000, 3));
    log.clean_with(&SETTINGS).unwrap();
    log.check();
}

#[test]
fn a_topic_of_the_same_name_is_dirty_from_its_start() {
    let mut log = Keyed::new(12, compacted());
    for _ in 0..60 {
        log.put_random(5, None);
    }
    log.clean();
    assert!(log.world.partitions[0].borrow_mut().log.delete().is_none());
    log.world.commit().unwrap();
    log.world.checkpoint().unwrap();
    log.world.partitions.clear();
    log.world.create(id(2, 0), name("table", 0));
    log.written.clear();
    for _ in 0..60 {
        log.put_random(5, None);
    }
    log.seal().unwrap();
    assert_eq!(log.cleanable().unwrap().first_dirty(), Offset::ZERO);
    log.clean_with(&SETTINGS).unwrap();
    log.check();
    let file = World::path("cleaner-offset-checkpoint");
    let text = String::from_utf8(log.world.disk.peek(&file).unwrap()).unwrap();
    let end = log.end();
    assert_eq!(text, format!("0\n1\ntable 0 {end}\n"));
}
