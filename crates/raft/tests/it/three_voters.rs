use std::time::Duration;

use crate::world::{VOTERS, World, id};

/// Crashes, cuts and writes at random for a while, then peace; everything acknowledged must be there.
fn run(seed: u64) -> World {
    let mut world = World::new(seed);
    let end = world.now.plus(Duration::from_secs(60));
    let mut next = world.now;
    while world.now < end {
        while world.advance(next) {}
        next = world.now.plus(Duration::from_millis(1 + world.random.below(300)));
        let own = id(1 + i32::try_from(world.random.below(3)).unwrap());
        match world.random.below(40) {
            0 => world.crash(own),
            1 | 2 if !world.is_up(own) => world.start(own),
            3 => world.cut = Some(own),
            4 | 5 => world.cut = None,
            6 => {
                if let Some(leader) = world.leader() {
                    world.crash(leader);
                }
            }
            _ => world.propose(),
        }
    }
    world.cut = None;
    for raw in 1..=VOTERS {
        if !world.is_up(id(raw)) {
            world.start(id(raw));
        }
    }
    let peace = world.now.plus(Duration::from_secs(20));
    while world.advance(peace) {}
    world
}

#[test]
fn what_was_acknowledged_stays_whatever_fails() {
    let mut acknowledged = 0;
    for seed in 0..60 {
        let mut world = run(seed);
        let leader = world.leader();
        assert!(leader.is_some(), "seed {seed}: nobody leads after {:?}", world.now);
        let before = world.acknowledged.len();
        world.propose();
        let soon = world.now.plus(Duration::from_secs(2));
        while world.advance(soon) {}
        assert_eq!(world.acknowledged.len(), before + 1, "seed {seed}: no progress in peace");
        for bytes in &world.acknowledged {
            let is_there = world.committed.iter().any(|(_, _, committed)| committed == bytes);
            assert!(is_there, "seed {seed}: an acknowledged record is gone");
        }
        acknowledged += world.acknowledged.len();
    }
    assert!(acknowledged > 1_000, "only {acknowledged} records were acknowledged in all seeds");
}

#[test]
fn one_seed_repeats_exactly() {
    let (first, second) = (run(7), run(7));
    assert_eq!(first.committed, second.committed);
    assert_eq!(first.acknowledged, second.acknowledged);
    assert!(!first.acknowledged.is_empty());
}
