use super::keyed::*;
use crate::tests::world::*;
use crate::*;

/// A log with several groups of segments to be cleaned, some of it cleaned before.
fn prepared(seed: u64, durability: Durability) -> Keyed {
    let mut log = Keyed::new(seed, LogConfig { durability, ..compacted() });
    for _ in 0..40 {
        log.put_random(60, Some(5));
    }
    log.clean();
    for at in 0..60 {
        log.put_random(60, Some(5));
        if at % 20 == 7 {
            log.put(&[(b"transactional", Some(b"aborted"))], Some(6), true, false);
            log.end_transaction(6, false);
        }
    }
    log.now += 5_000;
    log.seal().unwrap();
    log
}

/// Records that a reader of committed records sees.
fn committed(log: &Keyed) -> Vec<Record> {
    log.read().into_iter().filter(|record| record.1.as_deref() != Some(b"transactional")).collect()
}

fn check_after_crash(log: &mut Keyed, what: &str) {
    let end = log.end();
    log.world.reopen().unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(log.end(), end, "{what}");
    let read = committed(log);
    assert_eq!(table(&read), log.table(), "{what}");
    assert!(read.windows(2).all(|pair| pair[0].0 < pair[1].0), "{what}");
    let partition = log.world.partitions[0].borrow();
    for record in &read {
        assert!(log.written.contains(record), "{what}");
    }
    // Whoever reads committed records still hears of every aborted one that he meets.
    let met =
        log.read().iter().filter(|record| record.1.as_deref() == Some(b"transactional")).count();
    let told = partition.log.search_aborted(offset(0), end).run().unwrap().len();
    assert!(told >= met, "{what}: {told} of {met}");
    let left = log.world.disk.peek_paths(&World::path("table-0"));
    let is_left = |path: &std::path::PathBuf| {
        let name = path.display().to_string();
        name.ends_with(".cleaned") || name.ends_with(".swap") || name.ends_with(".deleted")
    };
    assert!(!left.iter().any(is_left), "{what}: {left:?}");
}

#[test]
fn a_crash_at_every_disk_operation_of_a_cleaning_loses_nothing() {
    for durability in [Durability::Fsync, Durability::Os] {
        let mut cut_at = 1;
        loop {
            let mut crashed = false;
            for seed in 0..3 {
                let mut log = prepared(seed, durability);
                log.world.disk.crash_after(cut_at);
                let cleaned = log.clean_with(&SETTINGS);
                if log.world.disk.is_off() {
                    crashed = true;
                    assert!(cleaned.is_err());
                } else {
                    cleaned.unwrap();
                }
                if seed == 2 {
                    log.world.disk.restart();
                } else {
                    log.world.disk.power_on();
                }
                let what = format!("{durability:?}, seed {seed}, operation {cut_at}");
                check_after_crash(&mut log, &what);
                // And goes on from there.
                log.put_random(60, Some(5));
                log.clean();
                let read = committed(&log);
                assert_eq!(table(&read), log.table(), "{what}, cleaned again");
            }
            if !crashed {
                break;
            }
            cut_at += 1;
        }
        assert!(cut_at > 40, "{cut_at} operations are no cleaning");
    }
}

#[test]
fn a_crash_in_the_recovery_of_a_cleaning_loses_nothing() {
    let mut ended = 0;
    for cut_at in (20..60).step_by(3) {
        for second in (1..25).step_by(2) {
            let mut log = prepared(second, Durability::Fsync);
            log.world.disk.crash_after(cut_at);
            if log.clean_with(&SETTINGS).is_ok() {
                continue;
            }
            log.world.disk.power_on();
            log.world.disk.crash_after(second);
            if log.world.open().is_ok() {
                log.world.disk.restart();
            } else {
                log.world.disk.power_on();
            }
            check_after_crash(&mut log, &format!("operations {cut_at} and {second}"));
            ended += u64::from(
                log.world.notices.iter().any(|n| matches!(n, Notice::CleaningEnded { .. })),
            );
        }
    }
    assert!(ended > 0, "no start ever ended a cleaning");
}
