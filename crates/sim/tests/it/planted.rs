//! Each bug that is planted in the shipped code is caught, by a fact that it breaks.

use replica::PlantedBug::{AckDuplicateEarly, ServeBeyondDurable};
use sim::{FaultOptions, Planted, PowerCutOptions, ReplicationOptions, Scenario, run};
use storage::PlantedBug::{
    AckBeforeCommit, CorruptWal, DropBatchInReplay, ForgetProducers, IndexOffByOneBatch,
    ResurrectTail, SkipOneSync, TrimBeforeSync,
};

const SEEDS: u64 = 1_000;

fn scenarios(planted: Planted) -> [Scenario; 3] {
    [
        Scenario::Faults(FaultOptions { planted, ..FaultOptions::default() }),
        Scenario::PowerCuts(PowerCutOptions { planted, ..PowerCutOptions::default() }),
        Scenario::Replication(ReplicationOptions { planted, ..ReplicationOptions::default() }),
    ]
}

/// The bug breaks one of these facts within the seeds, and up to that seed nothing is broken without it. Which fact, and
/// after how many seeds, is seen with `cargo test -p sim planted -- --show-output`.
#[expect(clippy::print_stdout, reason = "shown on request only")]
fn check(planted: impl Into<Planted>, facts: &[&str]) {
    let planted = planted.into();
    let runs = (0..SEEDS).flat_map(|seed| scenarios(planted).map(|scenario| (seed, scenario)));
    let mut failed = runs.filter_map(|(seed, scenario)| Some((seed, run(scenario, seed).err()?)));
    let caught = failed.find(|(_, failure)| facts.contains(&failure.broken.invariant));
    let Some((seed, failure)) = caught else {
        panic!("{planted:?} was not caught in {SEEDS} seeds");
    };
    let (fact, scenario) = (failure.broken.invariant, failure.scenario);
    println!("{fact} in {scenario}, after {} seeds", seed + 1);
    for seed in 0..=seed {
        for scenario in scenarios(Planted::default()) {
            assert!(run(scenario, seed).is_ok(), "seed {seed} of {} is not clean", scenario.name());
        }
    }
}

const LOST: [&str; 4] =
    ["acknowledged_survives", "seen_stays", "the_undamaged_is_not_refused", "damage_is_found"];

#[test]
fn a_skipped_sync_is_caught() {
    check(storage::Planted::of(SkipOneSync), &LOST);
}

#[test]
fn a_batch_dropped_in_replay_is_caught() {
    check(storage::Planted::of(DropBatchInReplay), &LOST);
}

#[test]
fn forgotten_producers_are_caught() {
    check(storage::Planted::of(ForgetProducers), &["producers_agree"]);
}

#[test]
fn an_index_that_is_off_by_one_batch_is_caught() {
    check(storage::Planted::of(IndexOffByOneBatch), &["indexes_agree", "lookups_agree"]);
}

#[test]
fn an_acknowledgement_before_the_commit_is_caught() {
    let facts = ["producers_hear_of_durable", "consumers_see_durable", "acknowledged_survives"];
    check(storage::Planted::of(AckBeforeCommit), &facts);
}

#[test]
fn what_is_served_beyond_the_durable_end_is_caught() {
    check(replica::Planted::of(ServeBeyondDurable), &["consumers_see_durable", "seen_stays"]);
}

#[test]
fn a_corrupt_write_ahead_log_is_caught() {
    check(storage::Planted::of(CorruptWal), &LOST);
}

#[test]
fn a_duplicate_that_is_acknowledged_early_is_caught() {
    let facts = ["producers_hear_of_durable", "acknowledged_survives"];
    check(replica::Planted::of(AckDuplicateEarly), &facts);
}

#[test]
fn a_trim_before_the_sync_is_caught() {
    check(storage::Planted::of(TrimBeforeSync), &LOST);
}

#[test]
fn a_resurrected_tail_is_caught() {
    check(storage::Planted::of(ResurrectTail), &["truncated_stays_gone"]);
}
