use sim::{Planted, Scenario, Summary, WorkloadOptions, WorkloadSummary, run, run_all};

const SEEDS: u64 = 10;
/// Within which each planted bug is caught.
const PLANTED_SEEDS: u64 = 1_000;

fn scenario(planted: Planted) -> Scenario {
    Scenario::Workload(WorkloadOptions { planted, ..WorkloadOptions::default() })
}

#[test]
fn what_is_acknowledged_is_copied_exactly_once_through_crashes_and_zombies() {
    let clean = scenario(Planted::default());
    let summaries = run_all(clean, 0..SEEDS).unwrap_or_else(|failure| panic!("{failure}"));
    let sum = |count: fn(&WorkloadSummary) -> u64| -> u64 {
        let counts = summaries.iter().map(|summary| match summary {
            Summary::Workload(summary) => count(summary),
            Summary::PowerCuts(_) | Summary::Replication(_) | Summary::Faults(_) => 0,
        });
        counts.sum()
    };
    assert!(sum(|summary| summary.acknowledged) > 100 * SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.committed) > 20 * SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.aborted) > 2 * SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.fenced) > SEEDS / 2, "{summaries:?}");
    assert!(sum(|summary| summary.killed) > 10 * SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.broker_kills) > SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.power_cuts) > SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.clean_stops) > 0, "{summaries:?}");
    assert!(sum(|summary| summary.read) > 500 * SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.slow_syncs) > SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.cleanings) > SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.deletions) > SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.prunings) > SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.shared) > 100 * SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.shared_again) > SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.share_accepted) > 50 * SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.share_released) > SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.share_left) > SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.share_refused) > SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.share_sessions) > SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.joined) > 3 * SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.members_fenced) > 0, "{summaries:?}");
    assert!(sum(|summary| summary.unreleased) > 0, "{summaries:?}");
    assert!(sum(|summary| summary.left) > SEEDS / 2, "{summaries:?}");
    assert!(sum(|summary| summary.handed_over) > 10 * SEEDS, "{summaries:?}");
    assert!(sum(|summary| summary.stale) > SEEDS / 2, "{summaries:?}");
    assert!(sum(|summary| summary.slept) > SEEDS, "{summaries:?}");
}

#[test]
fn one_seed_gives_one_trace() {
    let trace = |seed| match run(scenario(Planted::default()), seed) {
        Ok((_, trace)) => trace,
        Err(failure) => panic!("{failure}"),
    };
    assert_eq!(trace(3), trace(3));
}

/// The bug breaks one of these facts within the seeds, and without it nothing is broken from that seed. Which fact, and after
/// how many seeds, is seen with `cargo test -p sim workload -- --show-output`.
#[expect(clippy::print_stdout, reason = "shown on request only")]
fn check(planted: impl Into<Planted>, facts: &[&str]) {
    let planted = planted.into();
    let mut failed =
        (0..PLANTED_SEEDS).filter_map(|seed| Some((seed, run(scenario(planted), seed).err()?)));
    let caught = failed.find(|(_, failure)| facts.contains(&failure.broken.invariant));
    let Some((seed, failure)) = caught else {
        panic!("{planted:?} was not caught in {PLANTED_SEEDS} seeds");
    };
    println!("{}, after {} seeds", failure.broken.invariant, seed + 1);
    assert!(run(scenario(Planted::default()), seed).is_ok(), "seed {seed} is not clean");
}

const LOST: [&str; 4] = [
    "final_reads_see_everything",
    "a_healed_workload_comes_to_rest",
    "group_offsets_never_go_back",
    "transactions_are_whole",
];

#[test]
fn an_acknowledged_record_that_is_dropped_is_caught() {
    check(storage::Planted::of(storage::PlantedBug::DropBatchInReplay), &LOST);
}

#[test]
fn an_answer_before_the_commit_is_caught() {
    let facts = [&LOST[..], &["seen_stays", "copied_exactly_once"]].concat();
    check(storage::Planted::of(storage::PlantedBug::AckBeforeCommit), &facts);
}

#[test]
fn a_forgotten_abort_is_caught() {
    let facts = ["no_aborted_read", "copied_exactly_once"];
    check(storage::Planted::of(storage::PlantedBug::ForgetAborted), &facts);
}

#[test]
fn a_stale_epoch_that_is_accepted_is_caught() {
    let planted = Planted {
        replica: replica::Planted::of(replica::PlantedBug::AcceptStaleEpoch),
        txn: txn::Planted::of(txn::PlantedBug::AcceptStaleEpoch),
        ..Planted::default()
    };
    let facts = ["no_aborted_read", "copied_exactly_once", "transactions_are_whole"];
    check(planted, &facts);
}

#[test]
fn two_offsets_that_are_swapped_are_caught() {
    let facts = [&LOST[..], &["copied_exactly_once", "seen_stays"]].concat();
    check(group::Planted::of(group::PlantedBug::SwapTwoOffsets), &facts);
}

#[test]
fn offsets_of_an_aborted_transaction_that_are_kept_are_caught() {
    check(group::Planted::of(group::PlantedBug::KeepAbortedOffsets), &LOST);
}

#[test]
fn offsets_of_a_member_that_has_lost_its_partitions_are_caught() {
    let facts = ["copied_exactly_once", "group_offsets_never_go_back", "order_is_kept"];
    check(group::Planted::of(group::PlantedBug::AcceptStaleMember), &facts);
}

#[test]
fn partitions_that_are_given_to_others_too_early_are_caught() {
    let facts = ["one_owner_at_a_time"];
    check(group::Planted::of(group::PlantedBug::RevokeUnasked), &facts);
}

#[test]
fn a_skipped_sync_is_caught() {
    let facts = [&LOST[..], &["seen_stays", "the_undamaged_is_not_refused"]].concat();
    check(storage::Planted::of(storage::PlantedBug::SkipOneSync), &facts);
}

#[test]
fn a_record_that_two_members_of_a_share_group_are_given_is_caught() {
    let facts = ["shared_with_one_at_a_time", "the_accepted_is_not_given_again"];
    check(share::Planted::of(share::PlantedBug::DeliverTwice), &facts);
}

#[test]
fn an_acceptance_that_is_answered_before_it_is_written_is_caught() {
    let facts = ["the_accepted_is_not_given_again"];
    check(share::Planted::of(share::PlantedBug::AnswerBeforeWritten), &facts);
}

#[test]
fn a_released_record_that_is_lost_is_caught() {
    check(share::Planted::of(share::PlantedBug::LoseReleased), &["each_shared_record_is_accepted"]);
}

#[test]
fn a_share_coordinator_that_drops_an_update_is_caught() {
    let facts = ["the_accepted_is_not_given_again", "a_healed_workload_comes_to_rest"];
    check(share::Planted::of(share::PlantedBug::DropUpdate), &facts);
}
