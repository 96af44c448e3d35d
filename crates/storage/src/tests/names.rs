//! What survives a power cut of a log's first segments, whose names reach the disk in any order.

use super::world::*;
use crate::*;

const SEEDS: u64 = 60;

/// A log of two or three segments, of which nothing was acknowledged when the power goes at the given operation. Says
/// whether it still was on then.
fn is_cut_at(operation: u64, seed: u64, config: LogConfig) -> bool {
    let mut world = World::new(seed, small_lane(), config);
    let index = world.create(id(1, 0), name("t", 0));
    world.disk.crash_after(operation);
    let written = (0..3).try_for_each(|_| match world.append(index, 2, 9_000) {
        Appended::InLane(_) => Ok(()),
        Appended::Direct(Some(write)) => write.run().map(|_| ()),
        Appended::Direct(None) => Ok(()),
    });
    let committed = written.and_then(|()| world.commit());
    let is_over = committed.is_ok();
    let sent = world.partitions[index].borrow().now().clone();
    world.disk.power_on();
    world.reopen().unwrap();
    let Some(index) = world.index_of(id(1, 0)) else { return !is_over };
    let partition = world.partitions[index].borrow();
    let found = partition.now();
    let at = format!("cut at {operation}, seed {seed}");
    assert_eq!(found.start, sent.start, "{at}: the log begins where it began");
    assert!(sent.batches.starts_with(&found.batches), "{at}: what is there is a beginning");
    !is_over
}

fn check(durability: Durability) {
    for seed in 0..SEEDS {
        let config = || LogConfig { durability, ..small_log() };
        let cuts = (1..).take_while(|operation| is_cut_at(*operation, seed, config())).count();
        assert!(cuts > 5, "{cuts} operations");
    }
}

#[test]
fn of_batches_that_went_straight_to_new_segments_a_beginning_survives() {
    check(Durability::Fsync);
}

#[test]
fn of_batches_that_bypassed_the_write_ahead_log_a_beginning_survives() {
    check(Durability::Os);
}
