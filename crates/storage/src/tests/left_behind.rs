//! What lies in the files beside the log, and is no part of it.

use io::{Disk, Open};
use model::Offset;

use super::world::*;

fn change(world: &World, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let path = World::path(name);
    let mut bytes = world.disk.read(&path).unwrap();
    change(&mut bytes);
    world.disk.open(&path, Open::REPLACE).unwrap().write_at(&bytes, 0).unwrap();
}

/// A life that has begun on a closed log of `count` batches of two records each, and knows of it by its recovery point.
fn begun(count: usize) -> World {
    let mut world = World::plain();
    let index = world.create(id(1, 0), name("t", 0));
    for _ in 0..count {
        let _ = world.append(index, 2, 900);
        world.commit().unwrap();
    }
    world.close().unwrap();
    world.disk.restart();
    world.reopen().unwrap();
    world
}

#[test]
fn a_batch_of_another_time_behind_the_recovery_point_is_no_damage() {
    let log = "t-0/00000000000000000000.log";
    for count in 1..6 {
        let mut world = begun(count);
        world.disk.restart();
        // Of a write that nobody was told of, and of which the log made something else.
        change(&world, log, |bytes| {
            let first = record::Batches::new(bytes).next().unwrap().unwrap().bytes().to_vec();
            bytes.extend_from_slice(&first);
        });
        world.reopen().unwrap();
        let partition = world.partitions[0].borrow();
        assert_eq!(partition.now().batches.len(), count);
    }
}

#[test]
fn a_log_of_which_all_segments_are_to_be_deleted_opens_although_they_are_half_gone() {
    let mut world = begun(12);
    let end = world.partitions[0].borrow().log.log_end();
    let mut bases: Vec<Offset> = world.partitions[0].borrow().log.segment_bases().collect();
    while world.partitions[0].borrow().log.segment_bases().count() == bases.len() {
        let _ = world.append(0, 2, 900);
    }
    let new: Vec<Offset> = world.partitions[0].borrow().log.segment_bases().collect();
    bases.retain(|base| Some(base) != new.last());
    let start = *new.last().unwrap();
    assert!(start >= end, "what is new lies in the write-ahead log alone");
    {
        let mut partition = world.partitions[0].borrow_mut();
        let partition = &mut *partition;
        let _ = partition.log.raise_start(start, &partition.producers).unwrap();
    }
    world.commit().unwrap();
    let expected = world.partitions[0].borrow().now().batches.last().cloned().unwrap();
    world.disk.restart();
    // On a full disk they are deleted ahead of their turn, and a batch that waits may make the end of one again.
    for base in &bases {
        change(&world, &format!("t-0/{:020}.log", base.to_wire()), |bytes| {
            let size = bytes.len().min(200);
            bytes[..size].fill(0);
        });
    }
    world.reopen().unwrap();
    let partition = world.partitions[0].borrow();
    assert_eq!(partition.now().start, start);
    assert_eq!(partition.now().batches, [expected]);
}
