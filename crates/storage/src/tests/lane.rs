//! The write-ahead log: groups, their torn ends, damage in their middle.

use std::path::PathBuf;

use io::{Disk, Open};
use model::SeededRandom;

use super::world::*;
use crate::*;

/// Bytes of the batches of a test of the drain.
const BATCH: usize = 12_800;

/// The bytes of batches, one after the other, as a segment holds them.
trait ConcatBytes {
    fn concat_bytes(&self) -> Vec<u8>;
}

impl ConcatBytes for Vec<std::sync::Arc<(model::Offset, Vec<u8>)>> {
    fn concat_bytes(&self) -> Vec<u8> {
        self.iter().flat_map(|batch| batch.1.iter().copied()).collect()
    }
}

fn wal_files(world: &World) -> Vec<PathBuf> {
    let entries = world.disk.list(World::path("").as_path()).unwrap();
    let mut names: Vec<_> = entries
        .into_iter()
        // The first is empty and stays so.
        .filter(|entry| entry.size > 0)
        .map(|entry| entry.name)
        .filter(|name| name.starts_with("ottla.wal."))
        .collect();
    names.sort();
    names.iter().map(|name| World::path(name)).collect()
}

/// Three groups of one batch each, nothing drained.
fn three_groups() -> World {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    for _ in 0..3 {
        let _ = world.append(index, 1, 700);
        world.commit().unwrap();
    }
    world
}

#[test]
fn what_was_committed_comes_back_without_ever_having_been_drained() {
    let mut world = three_groups();
    let before = world.partitions[0].borrow().now().clone();
    world.disk.power_on();
    world.reopen().unwrap();
    let partition = world.partitions[0].borrow();
    assert_eq!(partition.now().batches, before.batches);
    assert_eq!(*partition.log.name(), name("t", 0));
    assert!(
        world.notices.iter().any(|notice| matches!(notice, Notice::Replayed { frames: 3, .. }))
    );
}

#[test]
fn a_last_group_that_is_cut_at_any_byte_is_left_out() {
    let world = three_groups();
    let path = wal_files(&world).remove(0);
    let bytes = world.disk.read(&path).unwrap();
    // Groups begin at pages; the third is the last.
    let last = 2 * 4096;
    let length = bytes[last + 32..].first_chunk().unwrap();
    let size = 64 + u32::from_be_bytes(*length) as usize;
    assert!(size > 1024, "frames fill a sector, and the batch lies in others");
    for cut in 0..size {
        let mut torn = World { disk: copy(&world.disk), ..three_groups() };
        let file = torn.disk.open(&path, Open::WRITE).unwrap();
        file.write_at(&vec![0xee; bytes.len() - last - cut], (last + cut) as u64).unwrap();
        file.sync_data().unwrap();
        torn.disk.restart();
        torn.reopen().unwrap();
        let partition = torn.partitions[0].borrow();
        assert_eq!(partition.log.log_end(), offset(2), "cut at {cut}");
    }
}

/// A disk with the same files, all durable.
fn copy(disk: &io::SimDisk) -> io::SimDisk {
    let copy = io::SimDisk::new(1);
    copy_dir(disk, &copy, std::path::Path::new("/"));
    copy
}

fn copy_dir(from: &io::SimDisk, to: &io::SimDisk, dir: &std::path::Path) {
    to.create_dir_all(dir).unwrap();
    for entry in from.list(dir).unwrap() {
        let path = dir.join(&entry.name);
        if entry.is_dir {
            copy_dir(from, to, &path);
        } else {
            to.replace(&path, &from.read(&path).unwrap()).unwrap();
        }
    }
    to.sync_dir(dir).unwrap();
}

#[test]
fn damage_in_the_middle_is_named_and_nothing_is_touched() {
    // In the frame, in the place of the batch that stands behind it, and in the batch.
    for at in [64 + 20, 64 + 64 + 3, 64 + 64 + 7, 1024 + 100] {
        let mut world = three_groups();
        let path = wal_files(&world).remove(0);
        assert!(world.disk.flip_bit(&path, 4096 + at, 3));
        world.disk.restart();
        let before = world.disk.read(&path).unwrap();
        let error = world.open().unwrap_err();
        let StorageError::Corrupt { path: named, position, damage } = error else {
            panic!("{error}")
        };
        assert_eq!((named, position), (path.clone(), 4096), "{at}");
        assert!(matches!(damage, Damage::MissingGroup(_)));
        assert_eq!(world.disk.read(&path).unwrap(), before);
    }
}

#[test]
fn a_large_contribution_goes_straight_to_its_segment_and_is_checked_at_replay() {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    for _ in 0..3 {
        let _ = world.append(index, 1, 4000);
    }
    world.commit().unwrap();
    let log = World::path("t-0/00000000000000000000.log");
    assert_eq!(world.disk.file_size(&log).unwrap(), Some(world.partitions[0].borrow().log.size()));
    assert_eq!(world.disk.file_size(&wal_files(&world)[0]).unwrap(), Some(4096), "only the frame");
    let before = world.partitions[0].borrow().now().clone();
    world.disk.power_on();
    world.reopen().unwrap();
    assert_eq!(world.partitions[0].borrow().now().batches, before.batches);

    world.disk.flip_bit(&log, 5000, 0);
    assert!(world.commit().is_ok());
}

#[test]
fn bulk_data_that_is_lost_is_an_error_and_not_an_end() {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    for _ in 0..3 {
        let _ = world.append(index, 1, 4000);
    }
    world.commit().unwrap();
    world.disk.flip_bit(&World::path("t-0/00000000000000000000.log"), 5000, 0);
    world.disk.restart();
    let error = world.open().unwrap_err();
    assert!(matches!(error, StorageError::Corrupt { damage: Damage::BulkLost, .. }), "{error}");
}

#[test]
fn one_group_takes_what_queued_and_the_next_waits_for_it() {
    let mut world = World::plain();
    let (first, second) =
        (world.create(id(1, 0), name("t", 0)), world.create(id(1, 1), name("t", 1)));
    let _ = world.append(first, 1, 100);
    let Appended::InLane(newest) = world.append(second, 2, 100) else { panic!() };
    let lane = world.dir.lane();
    let mut job = lane.next_group().unwrap();
    let Appended::InLane(later) = world.append(first, 1, 100) else { panic!() };
    assert!(lane.next_group().is_none(), "one group at a time");
    assert!(lane.durable() < newest);
    let result = job.run();
    let mut ends = Vec::new();
    assert_eq!(lane.group_written(job, result, &mut ends).unwrap(), newest);
    let end = |partition, end| DurableEnd { partition: id(1, partition), end: offset(end) };
    assert_eq!(ends, [end(0, 1), end(1, 2)]);
    assert!(lane.durable() < later);
    assert!(lane.has_queued());
}

#[test]
fn files_are_recycled_and_do_not_grow_in_number() {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    while world.dir.lane().prepare_step().unwrap() != Prepared::Nothing {}
    for _ in 0..40 {
        for _ in 0..10 {
            let _ = world.append(index, 1, 3000);
            world.commit().unwrap();
        }
        world.checkpoint().unwrap();
    }
    assert!(wal_files(&world).len() <= 4, "{:?}", wal_files(&world));
    let before = world.partitions[0].borrow().now().clone();
    world.disk.power_on();
    world.reopen().unwrap();
    assert_eq!(world.partitions[0].borrow().now().batches, before.batches);
}

#[test]
fn files_that_are_trimmed_while_a_group_is_being_written_are_used_again() {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..40 {
        for _ in 0..20 {
            let _ = world.append(index, 1, 4000);
            world.commit().unwrap();
        }
        let checkpoint = world.dir.begin_checkpoint(&Table(&world.partitions));
        let _ = world.append(index, 1, 4000);
        let mut job = world.dir.lane().next_group().unwrap();
        let result = job.run();
        assert!(matches!(world.dir.finish_checkpoint(checkpoint), Ok(CheckpointResult::Done)));
        world.dir.lane().group_written(job, result, &mut Vec::new()).unwrap();
        seen.extend(wal_files(&world));
    }
    assert!(seen.len() < 8, "{} files for 40 times 2 files of content", seen.len());
}

#[test]
fn a_drain_leaves_the_last_page_for_the_next_one_and_a_checkpoint_does_not() {
    let mut world = World::new(3, LaneConfig { bulk_size_min: 1 << 20, ..small_lane() }, {
        LogConfig { segment_bytes: 1 << 20, ..small_log() }
    });
    let index = world.create(id(1, 0), name("t", 0));
    let log = World::path("t-0/00000000000000000000.log");
    let drain = |world: &World| {
        // As much as makes a drain worth its while.
        for _ in 0..17 {
            let _ = world.append(index, 1, BATCH);
            world.commit().unwrap();
        }
        world.dir.lane().drain_step(DrainGoal::Runs).unwrap();
        let all = world.partitions[index].borrow().now().batches.concat_bytes();
        let file = world.disk.read(&log).unwrap();
        assert_eq!(file.len() % 4096, 0, "whole pages");
        assert!(all.len() - file.len() < 4096, "{} of {}", file.len(), all.len());
        assert_eq!(file, all[..file.len()]);
    };
    drain(&world);
    assert_eq!(world.dir.lane().undrained_size() / BATCH as u64, 1, "one batch waits");
    drain(&world);
    drain(&world);
    world.checkpoint().unwrap();
    let all = world.partitions[index].borrow().now().batches.concat_bytes();
    assert_eq!(world.disk.read(&log).unwrap(), all);
    assert_eq!(world.dir.lane().undrained_size(), 0);
    // What a crash leaves after a drain that left a page.
    drain(&world);
    let before = world.partitions[index].borrow().now().batches.clone();
    world.disk.power_on();
    world.reopen().unwrap();
    assert_eq!(world.partitions[0].borrow().now().batches, before);
}

#[test]
fn large_contributions_of_several_partitions_are_written_by_several_threads() {
    let lane = LaneConfig { bulk_threads_max: 3, group_size_max: 256 << 10, ..small_lane() };
    let mut world = World::new(4, lane, LogConfig { segment_bytes: 1 << 20, ..small_log() });
    for partition in 0..7 {
        world.create(id(1, partition), name("t", partition));
    }
    for round in 0..5 {
        for index in (0..7).chain(0..7) {
            let _ = world.append(index, 1, 9_000 + round * 100);
        }
        world.commit().unwrap();
        for (index, partition) in world.partitions.iter().enumerate() {
            let log = World::path(&format!("t-{index}/00000000000000000000.log"));
            let all = partition.borrow().now().batches.concat_bytes();
            assert_eq!(world.disk.read(&log).unwrap(), all);
        }
    }
    let before: Vec<_> =
        world.partitions.iter().map(|partition| partition.borrow().now().batches.clone()).collect();
    world.disk.power_on();
    world.reopen().unwrap();
    for (partition, before) in world.partitions.iter().zip(before) {
        assert_eq!(partition.borrow().now().batches, before);
    }
}

#[test]
fn bytes_that_look_like_a_group_are_not_taken_for_one() {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    let _ = world.append(index, 1, 700);
    world.commit().unwrap();
    let path = wal_files(&world).remove(0);
    let group = world.disk.read(&path).unwrap();
    // Another life has another salt, so yesterday's groups are nobody's.
    world.disk.restart();
    world.reopen().unwrap();
    let file = world.disk.open(&path, Open::CREATE).unwrap();
    file.write_at(&group, 0).unwrap();
    world.disk.restart();
    world.reopen().unwrap();
    assert_eq!(world.partitions[0].borrow().log.log_end(), offset(1));
}

#[test]
fn without_the_guard_a_log_with_content_is_refused() {
    let mut world = three_groups();
    world.disk.remove_dir_all(&World::path("ottla.wal-not-drained")).unwrap();
    world.disk.restart();
    assert!(matches!(world.open().unwrap_err(), StorageError::Unguarded { .. }));
}

fn remove_wal(world: &World) {
    for entry in world.disk.list(World::path("").as_path()).unwrap() {
        if entry.name.starts_with("ottla.wal.") {
            world.disk.remove_file(&World::path(&entry.name)).unwrap();
        }
    }
}

#[test]
fn a_guard_whose_log_is_gone_is_refused() {
    let mut world = three_groups();
    remove_wal(&world);
    world.disk.restart();
    assert!(matches!(world.open().unwrap_err(), StorageError::WalGone { .. }));
}

#[test]
fn a_life_that_wrote_nothing_is_followed_by_another() {
    let mut world = World::plain();
    for _ in 0..3 {
        world.disk.restart();
        world.reopen().unwrap();
    }
}

#[test]
fn a_log_that_is_removed_while_it_is_in_use_takes_the_directory_offline() {
    let world = three_groups();
    world.dir.check_there().unwrap();
    remove_wal(&world);
    assert!(matches!(world.dir.check_there().unwrap_err(), StorageError::Exchanged { .. }));
    assert!(world.dir.is_offline());
}

#[test]
fn another_directory_in_the_place_of_one_takes_it_offline() {
    let world = three_groups();
    let salt = World::path("ottla.wal-not-drained/salt");
    world.disk.replace(&salt, b"another life").unwrap();
    assert!(matches!(world.dir.check_there().unwrap_err(), StorageError::Exchanged { .. }));
    assert!(world.dir.is_offline());
}

#[test]
fn a_lost_checkpoint_is_made_up_for_by_the_log_and_the_segments() {
    for seed in 0..30 {
        let mut world = World::new(seed, small_lane(), small_log());
        let index = world.create(id(1, 0), name("t", 0));
        let mut random = SeededRandom::new(seed);
        for _ in 0..60 {
            let _ = world.append(index, 1, usize::try_from(1 + random.below(900)).unwrap());
            if random.one_in(3) {
                world.commit().unwrap();
            }
            if random.one_in(15) {
                world.checkpoint().unwrap();
            }
        }
        world.commit().unwrap();
        let before = world.partitions[0].borrow().now().clone();
        world.disk.flip_bit(&World::path("ottla.checkpoint"), 20, 1);
        world.disk.restart();
        world.reopen().unwrap();
        assert!(
            world.notices.iter().any(|notice| matches!(notice, Notice::CheckpointIgnored { .. }))
        );
        assert_eq!(world.partitions[0].borrow().now().batches, before.batches, "seed {seed}");
    }
}

/// Else large requests of other kinds, which need whole chunks, would find none until the next checkpoint.
#[test]
fn a_few_small_batches_that_hold_many_chunks_are_drained() {
    let lane = LaneConfig { held_size_max: 2 << 20, ..LaneConfig::for_arena(4 << 20) };
    let mut world = World::new(1, lane, small_log());
    let index = world.create(id(1, 0), name("t", 0));
    let chunk_passes = |world: &World| drop(world.arena.copy_of(&vec![0; 900 << 10]).unwrap());
    let _ = world.append(index, 1, 100);
    world.commit().unwrap();
    chunk_passes(&world);
    let _ = world.append(index, 1, 100);
    world.commit().unwrap();
    assert!(!world.dir.lane().wants_drain(), "one chunk is held");
    chunk_passes(&world);
    let _ = world.append(index, 1, 100);
    world.commit().unwrap();
    assert!(world.dir.lane().wants_drain());
    let drained = world.dir.lane().drain_step(DrainGoal::Runs).unwrap();
    assert_eq!(drained.frames, 3);
    assert_eq!(world.arena.usage().held, 1 << 20, "the chunk that is being filled");
    assert!(!world.dir.lane().wants_drain());
}
