//! Kills and power cuts under load. `cargo xtask soak --kills N --power-cuts N --seed S` does the same for longer.

use testkit::crashes::{Sum, Wish, run};
use testkit::load::{Crash, Program};

fn crashes(crash: Crash, count: u32) -> Sum {
    let mut lines = Vec::new();
    let wish = Wish { program: Program::Ottla, crash, count, seed: 4 };
    let sum = run(wish, |line| lines.push(line.to_owned()));
    let sum = sum.unwrap_or_else(|failed| panic!("{failed}\n{}", lines.join("\n")));
    assert_eq!((sum.crashes, sum.tally.anomalies()), (count, 0), "{}", lines.join("\n"));
    let tally = &sum.tally;
    let seen = [
        tally.acknowledged,
        tally.in_doubt,
        tally.found,
        tally.commits,
        tally.record_deletions,
        tally.topic_deletions,
        tally.rolled_segments,
    ];
    assert!(!seen.contains(&0), "the load did not do all it should: {tally}");
    sum
}

#[test]
fn a_kill_under_load_loses_and_doubles_nothing() {
    crashes(Crash::Kill, 5);
}

#[test]
fn a_power_cut_under_load_loses_and_doubles_nothing_that_was_promised() {
    let sum = crashes(Crash::PowerCut, 8);
    assert!(sum.unsynced.lost > 0 && sum.unsynced.kept > 0, "no dice were thrown");
}
