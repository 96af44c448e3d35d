//! What a replay costs the disk.

use std::time::Duration;

use super::world::*;
use crate::*;

/// Partitions with so many batches each, in turns, that no drain has seen; then the process dies.
fn left(partitions: i32, batches: usize) -> World {
    let config = LogConfig { index_interval_bytes: 512, ..LogConfig::default() };
    let mut world = World::new(7, small_lane(), config);
    let all: Vec<usize> = (0..partitions)
        .map(|partition| world.create(id(1, partition), name("t", partition)))
        .collect();
    for _ in 0..batches {
        for index in &all {
            let _ = world.append(*index, 1, 700);
        }
        world.commit().unwrap();
    }
    world.disk.restart();
    world
}

/// Operations that change something, until the directory is open, and how long syncs took if one is half a second.
fn cost_of_opening(mut world: World) -> (u64, Duration) {
    world.disk.slow_syncs(1, Duration::from_secs(1));
    world.disk.take_delay();
    let before = world.disk.operations();
    let opened = world.open().unwrap();
    let count = world.disk.operations() - before;
    world.disk.slow_syncs(0, Duration::ZERO);
    world.take_up(opened);
    for partition in &world.partitions {
        let partition = partition.borrow();
        assert_eq!(read_all(&partition.log), partition.now().batches);
    }
    (count, world.disk.take_delay())
}

#[test]
fn a_replay_writes_the_batches_of_a_partition_together_even_if_many_took_turns() {
    let (few, _) = cost_of_opening(left(3, 4));
    let (many, _) = cost_of_opening(left(3, 40));
    // More files of the write-ahead log are there to be synced and removed.
    assert!(many < few + 20, "{few} operations for 4 batches each, {many} for 40");
}

#[test]
fn a_replay_syncs_the_files_of_all_partitions_together() {
    let (_, few) = cost_of_opening(left(2, 1));
    let (_, many) = cost_of_opening(left(200, 1));
    assert!(many < few + Duration::from_secs(10), "{few:?} for 2 partitions, {many:?} for 200");
}

/// How long the syncs of a drain that makes so many directories took, if one is half a second.
fn syncs_of_first_drain(partitions: i32) -> Duration {
    let mut world = World::new(7, small_lane(), LogConfig::default());
    for partition in 0..partitions {
        let index = world.create(id(1, partition), name("t", partition));
        let _ = world.append(index, 1, 700);
    }
    world.commit().unwrap();
    world.disk.slow_syncs(1, Duration::from_secs(1));
    world.disk.take_delay();
    let drained = world.dir.lane().drain_step(DrainGoal::All).unwrap();
    assert_eq!(drained.frames, usize::try_from(partitions).unwrap());
    world.disk.take_delay()
}

#[test]
fn a_drain_makes_the_directories_of_all_partitions_together() {
    let (few, many) = (syncs_of_first_drain(2), syncs_of_first_drain(200));
    assert!(many < few + Duration::from_secs(10), "{few:?} for 2 partitions, {many:?} for 200");
}
