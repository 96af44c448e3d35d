//! A disk that is full, fails, or loses syncs.

use std::path::Path;

use io::Fault;

use super::world::*;
use crate::*;

#[test]
fn a_full_disk_at_a_drain_keeps_the_write_ahead_log_and_recovers_by_itself() {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    for _ in 0..5 {
        let _ = world.append(index, 1, 500);
    }
    world.commit().unwrap();
    world.disk.set_capacity(Some(world.disk.used() + 100));
    let error = world.dir.lane().drain_step(DrainGoal::All).unwrap_err();
    assert!(error.is_full());
    assert_eq!(world.dir.lane().state(), LaneState::Full);
    assert!(world.dir.lane().must_pause());
    assert_eq!(read_all(&world.partitions[0].borrow().log).len(), 5, "reads go on");

    world.disk.set_capacity(None);
    assert_eq!(world.dir.lane().drain_step(DrainGoal::All).unwrap().frames, 5);
    assert_eq!(world.dir.lane().state(), LaneState::Running);
    world.checkpoint().unwrap();
    let before = world.partitions[0].borrow().now().clone();
    world.disk.power_on();
    world.reopen().unwrap();
    assert_eq!(world.partitions[0].borrow().now().batches, before.batches);
}

/// The kernel says so only to who had the file system open by then.
#[test]
fn a_write_that_was_lost_before_the_sync_of_all_files_is_noticed_by_it() {
    let mut world = World::plain();
    for partition in 0..40 {
        let index = world.create(id(1, partition), name("t", partition));
        let _ = world.append(index, 1, 500);
    }
    world.commit().unwrap();
    world.dir.lane().drain_step(DrainGoal::All).unwrap();
    world.disk.lose_writeback();
    assert!(matches!(world.checkpoint(), Err(StorageError::Io { .. })));
    assert!(world.dir.is_offline());
}

#[test]
fn a_full_disk_at_a_commit_keeps_the_group_and_writes_it_again() {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    let _ = world.append(index, 1, 500);
    world.commit().unwrap();
    for _ in 0..100 {
        let _ = world.append(index, 1, 1000);
    }
    let durable = world.dir.lane().durable();
    world.disk.set_capacity(Some(world.disk.used()));
    assert!(world.commit().unwrap_err().is_full());
    assert_eq!(world.dir.lane().durable(), durable);
    world.disk.set_capacity(None);
    world.commit().unwrap();
    assert_eq!(world.dir.lane().durable(), world.dir.lane().newest_sequence());
    let before = world.partitions[0].borrow().now().clone();
    world.disk.power_on();
    world.reopen().unwrap();
    assert_eq!(world.partitions[0].borrow().now().batches, before.batches);
}

#[test]
fn batches_that_find_no_room_in_their_segment_are_committed_by_the_write_ahead_log() {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    while let Prepared::File { .. } = world.dir.lane().prepare_step().unwrap() {}
    for _ in 0..10 {
        let _ = world.append(index, 1, 1000);
    }
    world.disk.set_capacity(Some(world.disk.used()));
    world.commit().unwrap();
    assert_eq!(world.dir.lane().durable(), world.dir.lane().newest_sequence());
    assert_eq!(world.dir.lane().state(), LaneState::Full, "more must not be taken in");
    let before = world.partitions[0].borrow().now().clone();
    world.disk.set_capacity(None);
    world.disk.power_on();
    world.reopen().unwrap();
    assert_eq!(world.partitions[0].borrow().now().batches, before.batches);
}

#[test]
fn a_small_disk_that_the_write_ahead_log_fills_is_not_full() {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    let prepare = |world: &World| {
        while let Prepared::File { .. } = world.dir.lane().prepare_step().unwrap() {}
    };
    let _ = world.append(index, 1, 100);
    world.commit().unwrap();
    prepare(&world);
    // Room for one more file, and for what comes to the segments.
    world.disk.set_capacity(Some(world.disk.used() + (100 << 10)));
    for _ in 0..200 {
        let _ = world.append(index, 1, 10);
        world.commit().unwrap();
        prepare(&world);
        assert_eq!(world.dir.lane().state(), LaneState::Running);
        if world.dir.lane().wants_checkpoint() {
            world.checkpoint().unwrap();
        }
    }
    // What is in nobody's way any more is no reason for a checkpoint.
    assert!(!world.dir.lane().wants_checkpoint());
}

#[test]
fn segments_that_go_make_room_for_what_waits_before_them() {
    let lane = LaneConfig { wal_file_size: 1 << 20, ..small_lane() };
    let mut world = World::new(1, lane, small_log());
    while let Prepared::File { .. } = world.dir.lane().prepare_step().unwrap() {}
    let index = world.create(id(1, 0), name("t", 0));
    while world.partitions[index].borrow().log.segment_bases().count() < 4 {
        let _ = world.append(index, 1, 1000);
        world.commit().unwrap();
        let _ = world.dir.lane().drain_step(DrainGoal::All).unwrap();
    }
    let used = world.disk.used();
    world.disk.set_capacity(Some(used));
    for _ in 0..3 {
        let _ = world.append(index, 1, 500);
    }
    let kept = world.partitions[index].borrow().log.segment_bases().nth(3).unwrap();
    let producers = world.partitions[index].borrow().producers.clone();
    let raised = world.partitions[index].borrow_mut().log.raise_start(kept, &producers);
    assert!(raised.is_some());
    world.commit().unwrap();
    assert!(world.dir.lane().drain_step(DrainGoal::All).unwrap_err().is_full());
    assert_eq!(world.dir.lane().state(), LaneState::Full);
    assert!(world.disk.used() < used, "the old segments are still there");
    let _ = world.dir.lane().drain_step(DrainGoal::All).unwrap();
    assert_eq!(world.dir.lane().state(), LaneState::Running);
}

#[test]
fn the_deletion_of_a_log_needs_no_room_for_what_it_did_not_get_to_write() {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    while let Prepared::File { .. } = world.dir.lane().prepare_step().unwrap() {}
    for _ in 0..10 {
        let _ = world.append(index, 1, 1000);
    }
    world.commit().unwrap();
    let _ = world.dir.lane().drain_step(DrainGoal::All).unwrap();
    let _ = world.append(index, 1, 1000);
    world.commit().unwrap();
    let full = world.disk.used();
    world.disk.set_capacity(Some(full));
    assert!(world.dir.lane().drain_step(DrainGoal::All).unwrap_err().is_full());
    assert!(world.partitions[index].borrow_mut().log.delete().is_none());
    world.commit().unwrap();
    let _ = world.dir.lane().drain_step(DrainGoal::All).unwrap();
    assert_eq!(world.dir.lane().state(), LaneState::Running);
    world.dir.lane().purge().unwrap();
    assert!(world.disk.used() < full);
}

#[test]
fn writes_past_the_write_ahead_log_that_found_no_room_are_run_again() {
    let mut world = World::plain();
    let os = LogConfig { durability: Durability::Os, ..small_log() };
    let index = world.create_with(id(1, 0), name("t", 0), std::sync::Arc::new(os));
    let Appended::Direct(Some(write)) = world.append(index, 1, 500) else { unreachable!() };
    let _ = write.run().unwrap();
    world.disk.set_capacity(Some(world.disk.used()));
    let Appended::Direct(Some(write)) = world.append(index, 1, 500) else { unreachable!() };
    assert!(write.run().unwrap_err().is_full());
    assert_eq!(world.dir.lane().state(), LaneState::Full);
    let [again] = &world.dir.stopped_writes()[..] else { panic!("the write is not found") };
    assert!(again.run().unwrap_err().is_full());
    assert_eq!(world.dir.lane().state(), LaneState::Full);
    world.disk.set_capacity(None);
    let [again] = &world.dir.stopped_writes()[..] else { panic!("the write is not found") };
    let end = world.partitions[index].borrow().log.log_end();
    assert_eq!(again.run().unwrap(), Some(end));
    assert_eq!(world.dir.lane().state(), LaneState::Running);
    assert!(world.dir.stopped_writes().is_empty());
}

#[test]
fn a_failed_write_takes_the_directory_offline_for_good() {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    world.disk.set_fault(Path::new(DIR), Fault::Write);
    let _ = world.append(index, 1, 500);
    assert!(world.commit().is_err());
    assert!(world.dir.is_offline());
    world.disk.clear_faults();
    assert!(world.dir.lane().next_group().is_none());
    assert!(matches!(world.dir.lane().drain_step(DrainGoal::All), Err(StorageError::Offline)));
}

#[test]
fn a_failed_sync_at_a_checkpoint_takes_the_directory_offline_and_loses_nothing() {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    for _ in 0..5 {
        let _ = world.append(index, 1, 500);
    }
    world.commit().unwrap();
    let before = world.partitions[0].borrow().now().clone();
    world.disk.set_fault(&World::path("t-0"), Fault::Sync);
    assert!(world.checkpoint().is_err());
    assert!(world.dir.is_offline());
    world.disk.clear_faults();
    world.disk.power_on();
    world.reopen().unwrap();
    assert_eq!(world.partitions[0].borrow().now().batches, before.batches);
}

#[test]
fn one_failing_directory_takes_only_its_own_partitions_offline() {
    let world = World::plain();
    world.disk.restart();
    let topics = OneConfig(std::sync::Arc::clone(&world.config));
    let settings = settings(&world.disk, &world.arena, world.lane, 9);
    let good = Path::new("/good").to_path_buf();
    world.disk.set_fault(Path::new(DIR), Fault::Read);
    let opened =
        LogDirs::open(&[Path::new(DIR).to_path_buf(), good.clone()], &settings, &topics).unwrap();
    assert_eq!(opened.dirs.failed().len(), 1);
    assert_eq!(opened.dirs.for_new_partition(|_| 0).unwrap().path(), good);
    assert!(!opened.dirs.all_offline());
    opened.dirs.by_path(&good).unwrap().fail();
    assert!(opened.dirs.all_offline());
}

#[test]
fn a_second_process_on_the_directory_is_refused() {
    let world = World::plain();
    let topics = OneConfig(std::sync::Arc::clone(&world.config));
    let settings = settings(&world.disk, &world.arena, world.lane, 9);
    let error = LogDir::open(Path::new(DIR), &settings, &topics).unwrap_err();
    assert!(matches!(error, StorageError::Locked { .. }));
}
