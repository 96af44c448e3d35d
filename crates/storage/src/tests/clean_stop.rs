//! What a clean stop leaves is what Apache Kafka leaves.

use std::sync::Arc;

use io::Disk;
use model::ProducerId;

use super::world::*;
use crate::checkpoint::*;
use crate::*;

fn names(world: &World, dir: &str) -> Vec<String> {
    let entries = world.disk.list(&World::path(dir)).unwrap();
    let mut names: Vec<_> = entries.into_iter().map(|entry| entry.name).collect();
    names.sort();
    names
}

fn closed(batches: usize) -> World {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    world.create(id(1, 1), name("t", 1));
    for _ in 0..batches {
        let _ = world.append(index, 2, 900);
        world.commit().unwrap();
    }
    world.close().unwrap();
    world
}

#[test]
fn only_kafkas_files_are_left_and_one_that_kafka_passes_over() {
    let world = closed(3);
    assert_eq!(
        names(&world, ""),
        [
            ".kafka_cleanshutdown",
            ".lock",
            "log-start-offset-checkpoint",
            "ottla.producers",
            "recovery-point-offset-checkpoint",
            "replication-offset-checkpoint",
            "t-0",
        ]
    );
    assert_eq!(
        names(&world, "t-0"),
        [
            "00000000000000000000.index",
            "00000000000000000000.log",
            "00000000000000000000.timeindex",
            "00000000000000000006.snapshot",
            "leader-epoch-checkpoint",
            "partition.metadata",
        ]
    );
    let offsets = world.disk.read(&World::path("recovery-point-offset-checkpoint")).unwrap();
    assert_eq!(decode_offsets(&offsets).unwrap(), [(name("t", 0), offset(6))]);
    let epochs = world.disk.read(&World::path("t-0/leader-epoch-checkpoint")).unwrap();
    assert_eq!(epochs, b"0\n1\n0 0\n");
    let snapshot = world.disk.read(&World::path("t-0/00000000000000000006.snapshot")).unwrap();
    assert_eq!(decode_producer_snapshot(&snapshot).unwrap().len(), 1);
    assert_eq!(snapshot.len(), 10 + 46);
    let times = world.disk.read(&World::path("t-0/00000000000000000000.timeindex")).unwrap();
    assert_eq!(times.len() % 12, 0);
    assert_eq!(times[times.len() - 12..times.len() - 4], 10_041_i64.to_be_bytes());
}

#[test]
fn a_clean_start_finds_everything_and_nothing_to_say() {
    let mut world = closed(30);
    let before = world.partitions[0].borrow().now().clone();
    assert!(names(&world, "t-0").len() > 6, "several segments");
    world.disk.power_on();
    world.reopen().unwrap();
    assert_eq!(world.notices, []);
    assert_eq!(world.dir.broker_epoch_before(), model::BrokerEpoch::from_wire(5));
    let partition = world.partitions[0].borrow();
    assert_eq!(partition.now().batches, before.batches);
    assert_eq!(partition.next_sequence, 60);
    assert!(!names(&world, "").contains(&".kafka_cleanshutdown".to_owned()), "gone while in use");
    drop(partition);
    let _ = world.append(0, 1, 100);
    world.commit().unwrap();
    world.disk.power_on();
    world.reopen().unwrap();
    assert_eq!(world.partitions[0].borrow().log.log_end(), offset(61));
}

#[test]
fn stops_and_starts_leave_the_files_as_they_are() {
    let mut world = closed(30);
    let contents = |world: &World| {
        let read = |name: &String| world.disk.read(&World::path(&format!("t-0/{name}"))).unwrap();
        let names = names(world, "t-0");
        names.iter().map(|name| (name.clone(), read(name))).collect::<Vec<_>>()
    };
    let before = contents(&world);
    world.disk.restart();
    world.reopen().unwrap();
    world.close().unwrap();
    assert_eq!(contents(&world), before);
}

#[test]
fn a_power_cut_at_any_moment_of_a_stop_is_recovered_from() {
    for seed in 0..150 {
        let mut world = World::new(seed, small_lane(), small_log());
        let index = world.create(id(1, 0), name("t", 0));
        for _ in 0..20 {
            let _ = world.append(index, 2, 900);
            world.commit().unwrap();
        }
        let before = world.partitions[0].borrow().now().clone();
        world.disk.crash_after(seed % 75 + 1);
        let _ = world.close();
        world.disk.power_on();
        world.reopen().unwrap();
        assert_eq!(world.partitions[0].borrow().now().batches, before.batches, "seed {seed}");
    }
}

#[test]
fn a_deleted_partition_is_gone_and_its_name_is_free() {
    let mut world = closed(3);
    world.disk.restart();
    world.reopen().unwrap();
    assert!(world.partitions[0].borrow_mut().log.delete().is_none());
    world.partitions.clear();
    let again = world.create(id(2, 0), name("t", 0));
    let _ = world.append(again, 1, 100);
    world.commit().unwrap();
    world.close().unwrap();
    assert!(names(&world, "").iter().all(|name| !name.ends_with("-delete")));
    let metadata = world.disk.read(&World::path("t-0/partition.metadata")).unwrap();
    assert_eq!(decode_partition_metadata(&metadata), Ok(id(2, 0).topic));
    world.disk.power_on();
    world.reopen().unwrap();
    assert_eq!(world.partitions[0].borrow().log.log_end(), offset(1));
}

fn window(world: &World) -> Vec<i32> {
    let partition = world.partitions[0].borrow();
    let state = partition.producers.get(ProducerId::from_wire(7).unwrap()).unwrap();
    state.window().map(|batch| batch.last_sequence.unwrap().to_wire()).collect()
}

#[test]
fn five_batches_of_a_producer_are_known_after_a_clean_stop_and_a_crash_behind_it() {
    let mut world = closed(7);
    for _ in 0..2 {
        world.disk.restart();
        world.reopen().unwrap();
        assert_eq!(window(&world), [5, 7, 9, 11, 13]);
        world.close().unwrap();
    }
    world.disk.restart();
    world.reopen().unwrap();
    let _ = world.append(0, 2, 100);
    world.commit().unwrap();
    world.disk.power_on();
    world.reopen().unwrap();
    assert_eq!(window(&world), [7, 9, 11, 13, 15]);
}

#[test]
fn what_a_clean_stop_knew_of_producers_says_nothing_of_another_log() {
    let mut world = closed(7);
    let stale = world.disk.read(&World::path("ottla.producers")).unwrap();
    world.disk.restart();
    world.reopen().unwrap();
    for _ in 0..5 {
        let _ = world.append(0, 2, 100);
    }
    world.commit().unwrap();
    world.close().unwrap();
    let path = World::path("ottla.producers");
    world.disk.replace(&path, &stale).unwrap();
    world.disk.restart();
    world.reopen().unwrap();
    assert_eq!(window(&world), [23], "as Kafka's snapshot says");
    let bad = [&stale[..20], &[stale[20] ^ 1], &stale[21..]].concat();
    world.close().unwrap();
    world.disk.replace(&path, &bad).unwrap();
    world.disk.restart();
    world.reopen().unwrap();
    assert_eq!(window(&world), [23]);
    assert_eq!(world.notices, [Notice::CheckpointIgnored { path }]);
}

fn drain(world: &World) -> Result<Option<DrainedDir>> {
    drain_log_dir(Arc::new(world.disk.clone()), &World::path(""), 99, wall(50_000))
}

#[test]
fn what_a_killed_process_left_is_drained_to_what_a_clean_stop_leaves() {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    for _ in 0..3 {
        let _ = world.append(index, 2, 900);
        world.commit().unwrap();
    }
    let before = read_all(&world.partitions[0].borrow().log);
    world.disk.restart();
    let drained = drain(&world).unwrap().unwrap();
    assert_eq!(drained.partitions, 1);
    assert!(drained.notices.iter().any(|notice| matches!(notice, Notice::Replayed { .. })));
    assert_eq!(names(&world, ""), names(&closed(3), ""));
    assert_eq!(names(&world, "t-0"), names(&closed(3), "t-0"));
    assert!(drain(&world).unwrap().is_none(), "there is nothing left to drain");
    world.reopen().unwrap();
    assert_eq!(read_all(&world.partitions[0].borrow().log), before);
}

#[test]
fn a_directory_that_is_in_use_or_missing_is_not_drained() {
    let world = World::plain();
    assert!(matches!(drain(&world), Err(StorageError::Locked { .. })));
    let missing = drain_log_dir(Arc::new(world.disk.clone()), &World::path("no"), 1, wall(1));
    assert!(missing.unwrap_err().is_missing());
    assert!(!world.disk.is_dir(&World::path("no")).unwrap());
}
