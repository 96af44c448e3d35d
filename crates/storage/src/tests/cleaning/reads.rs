use super::keyed::*;
use crate::tests::world::*;
use crate::*;

/// A cleaning up to the point where its first new segment is about to take the place of others.
fn until_replacing(log: &Keyed) -> (Cleaning, Box<Replacement>) {
    let of = log.cleanable().unwrap();
    let producers = LastRecords::of(&log.world.partitions[0].borrow().producers);
    let mut cleaning = Cleaning::new(of, producers, &SETTINGS, wall(log.now));
    loop {
        match cleaning.step().unwrap() {
            CleanStep::Worked(_) => {}
            CleanStep::Replace(new) => return (cleaning, new),
            CleanStep::Done(_) => panic!("nothing was cleaned"),
        }
    }
}

fn plan(log: &Keyed, from: i64) -> FileRead {
    let partition = log.world.partitions[0].borrow();
    let mut out = Vec::new();
    match partition.log.read(offset(from), partition.log.log_end(), 2_000, true, &mut out) {
        ReadPlan::File(read) => read,
        other => panic!("{other:?}"),
    }
}

fn filled(seed: u64) -> Keyed {
    let mut log = Keyed::new(seed, compacted());
    for _ in 0..80 {
        log.put_random(12, None);
    }
    log.seal().unwrap();
    // What is in memory is read from there.
    log.world.close().unwrap();
    log.world.disk.restart();
    log.world.reopen().unwrap();
    log
}

#[test]
fn a_range_of_a_replaced_segment_is_read_to_its_end() {
    let log = filled(1);
    let Resolved::Range(range) = plan(&log, 0).resolve().unwrap() else { panic!() };
    let before = range.read().unwrap();
    let (mut cleaning, new) = until_replacing(&log);
    assert!(log.world.partitions[0].borrow_mut().log.replace(*new));
    assert_eq!(range.read().unwrap(), before);
    assert!(cleaning.replaced(true).unwrap());
    assert_eq!(range.read().unwrap(), before, "the file lives as long as somebody holds it");
    log.check();
}

#[test]
fn a_plan_from_before_a_replacement_is_made_again() {
    let log = filled(2);
    let early = [plan(&log, 0), plan(&log, 7)];
    let times = log.world.partitions[0].borrow().log.search_timestamp(wall(0)).unwrap();
    let (mut cleaning, new) = until_replacing(&log);
    for read in &early {
        assert!(matches!(read.resolve().unwrap(), Resolved::Range(_)), "nothing has changed yet");
    }
    assert!(log.world.partitions[0].borrow_mut().log.replace(*new));
    let between = [plan(&log, 0), plan(&log, 7)];
    for is_named in [false, true] {
        if is_named {
            assert!(cleaning.replaced(true).unwrap());
        }
        for read in &early {
            assert!(matches!(read.resolve().unwrap(), Resolved::ContinueAt(_)));
        }
        assert!(matches!(times.run(), Err(StorageError::Replaced)));
        for (read, from) in between.iter().zip([0, 7]) {
            match read.resolve().unwrap() {
                Resolved::Range(range) => {
                    let bytes = range.read().unwrap();
                    assert!(record::Batches::checked(&bytes).all(|batch| batch.is_ok()));
                }
                Resolved::ContinueAt(next) => assert!(next > offset(from), "nothing is left"),
                Resolved::Nothing => panic!("the log goes on"),
            }
        }
        log.check();
    }
}

#[test]
fn every_offset_reads_on_at_the_next_batch_that_is_left() {
    let mut log = filled(3);
    log.put_random(12, None);
    log.clean();
    let left = log.read();
    for from in 0..log.end().to_wire() {
        let partition = log.world.partitions[0].borrow();
        let bytes = read_at(&partition.log, offset(from), log.end(), 1);
        let next = left.iter().map(|record| record.0).find(|at| *at >= offset(from));
        let batch = record::Batches::checked(&bytes).next();
        let found = batch.map(|batch| *batch.unwrap().header());
        if let Some(next) = next {
            let found = found.unwrap_or_else(|| panic!("nothing at {from}"));
            assert!(found.last_offset() >= offset(from), "{from}");
            assert!(found.base_offset() <= next, "{from}: {next} was skipped");
        }
    }
}

#[test]
fn a_search_by_time_finds_what_is_left() {
    let mut log = Keyed::new(4, compacted());
    for _ in 0..120 {
        log.put_random(9, None);
        log.now += 10;
    }
    log.clean();
    let partition = log.world.partitions[0].borrow();
    let mut all = Vec::new();
    for batch in read_all_with_gaps(&partition.log) {
        let view = record::BatchView::parse(&batch.1).unwrap();
        let mut decompressor = record::Decompressor::new();
        for record in view.records(&mut decompressor, 1 << 20).unwrap() {
            let record = record.unwrap();
            all.push((record.offset, record.timestamp.unwrap()));
        }
    }
    for target in (1_000_000..log.now).step_by(7) {
        let found = partition.log.search_timestamp(wall(target));
        let found = found.and_then(|search| search.run().unwrap());
        let expected = all.iter().find(|(_, time)| *time >= wall(target));
        assert_eq!(
            found.map(|found| found.offset),
            expected.map(|(offset, _)| *offset),
            "{target}"
        );
    }
}

#[test]
fn retention_and_cuts_in_between_win() {
    for what in 0..4 {
        let mut log = filled(5 + what);
        let (mut cleaning, new) = until_replacing(&log);
        let end = log.end();
        {
            let mut partition = log.world.partitions[0].borrow_mut();
            match what {
                0 => {
                    let Partition { log, producers, .. } = &mut *partition;
                    drop(log.raise_start(offset(end.to_wire() - 2), producers));
                }
                1 => drop(partition.log.reset_to(end)),
                2 => drop(partition.log.delete()),
                _ => {
                    let search = partition.log.search_truncation(offset(10)).unwrap();
                    let truncation = search.run().unwrap();
                    drop(partition.log.truncate(truncation));
                }
            }
            assert!(!partition.log.replace(*new), "{what}");
        }
        assert!(!cleaning.replaced(false).unwrap());
        assert!(matches!(cleaning.step().unwrap(), CleanStep::Done(_)));
        log.world.commit().unwrap();
        log.world.dir.lane().drain_step(DrainGoal::All).unwrap();
        log.world.dir.lane().purge().unwrap();
        let left = log.world.disk.peek_paths(&World::path("table-0"));
        let is_left = |path: &std::path::PathBuf| path.display().to_string().ends_with(".cleaned");
        assert!(!left.iter().any(is_left), "{what}: {left:?}");
        if what != 2 {
            log.world.disk.power_on();
            log.world.reopen().unwrap();
        }
        log.now += 1;
    }
}

#[test]
fn a_log_is_cut_within_a_segment_that_was_just_replaced() {
    for seed in 0..20 {
        let log = filled(20 + seed);
        let (_cleaning, new) = until_replacing(&log);
        assert!(log.world.partitions[0].borrow_mut().log.replace(*new));
        // Its files do not have their names yet.
        let middle = log.end().to_wire() / 3;
        let search = log.world.partitions[0].borrow().log.search_truncation(offset(middle));
        let truncation = search.unwrap().run().unwrap();
        let end = truncation.end();
        drop(log.world.partitions[0].borrow_mut().log.truncate(truncation));
        let mut log = log;
        let expected = log.read();
        log.world.commit().unwrap();
        log.world.disk.power_on();
        log.world.reopen().unwrap();
        assert_eq!(log.end(), end);
        assert_eq!(log.read(), expected, "seed {seed}");
    }
}
