//! Many random histories of one share-partition: members that fetch, decide, forget, leave and die, while time passes,
//! leaders follow each other, old ones go on for a while, and writes to the coordinator are late, fail, or happen
//! although they are said to have failed. A failing history is named by its seed.

mod history;
mod model;
mod partition_log;
mod planted;
mod state_store;

use history::{Counts, History};

use crate::Planted;

/// Of each history.
const STEP_COUNT: usize = 250;
const HISTORY_COUNT: u64 = 2_000;

/// A fact that does not hold, with what was seen.
#[derive(Debug)]
struct Broken {
    fact: &'static str,
    seen: String,
}

fn check(holds: bool, fact: &'static str, seen: impl FnOnce() -> String) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(Broken { fact, seen: seen() }) }
}

fn run(seed: u64, planted: Planted) -> Result<Counts, Broken> {
    let mut history = History::new(seed, planted);
    for _ in 0..STEP_COUNT {
        history.step()?;
    }
    history.come_to_rest()?;
    Ok(history.counts)
}

#[test]
fn histories_hold_what_share_groups_promise() {
    let mut all = Counts::default();
    for seed in 0..HISTORY_COUNT {
        match run(seed, Planted::default()) {
            Ok(counts) => all.add(&counts),
            Err(broken) => panic!("seed {seed}: {}: {}", broken.fact, broken.seen),
        }
    }
    all.assert_that_all_happened();
}

#[test]
fn a_seed_repeats_its_history() {
    for seed in 0..50 {
        let (first, second) = (run(seed, Planted::default()), run(seed, Planted::default()));
        assert_eq!(first.unwrap(), second.unwrap(), "seed {seed}");
    }
}
