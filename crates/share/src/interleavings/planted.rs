//! Each bug that is planted in the shipped code is caught, by a fact that it breaks.

use super::run;
use crate::{Planted, PlantedBug};

const SEEDS: u64 = 500;

/// The bug breaks one of these facts within the seeds, and up to that seed nothing is broken without it. Which fact, and
/// after how many seeds, is seen with `cargo test -p share planted -- --show-output`.
fn is_caught(bug: PlantedBug, facts: &[&str]) {
    let failed = (0..SEEDS).find_map(|seed| Some((seed, run(seed, Planted::of(bug)).err()?)));
    let Some((seed, broken)) = failed else { panic!("{bug:?} was not caught in {SEEDS} seeds") };
    println!("{bug:?}: {} ({}), after {} seeds", broken.fact, broken.seen, seed + 1);
    assert!(facts.contains(&broken.fact), "{bug:?} breaks another fact: {}", broken.fact);
    for seed in 0..=seed {
        assert!(run(seed, Planted::default()).is_ok(), "seed {seed} is not clean");
    }
}

const COUNTS: &str = "delivery counts go up one by one";
const REDELIVERED: &str = "a decided record is not delivered again";

#[test]
fn a_record_delivered_twice_is_caught() {
    is_caught(PlantedBug::DeliverTwice, &["one holder"]);
}

#[test]
fn an_answer_before_the_write_is_caught() {
    is_caught(PlantedBug::AnswerBeforeWritten, &[REDELIVERED, COUNTS]);
}

#[test]
fn an_ignored_delivery_limit_is_caught() {
    is_caught(PlantedBug::IgnoreDeliveryLimit, &["no more deliveries than the limit"]);
}

#[test]
fn a_lost_release_is_caught() {
    is_caught(PlantedBug::LoseReleased, &["the start offset passes decided records only"]);
}

#[test]
fn a_start_that_passes_what_is_undecided_is_caught() {
    is_caught(PlantedBug::StartOverUndecided, &["the start offset passes decided records only"]);
}

#[test]
fn trust_in_a_failed_write_is_caught() {
    is_caught(PlantedBug::TrustFailedWrite, &[REDELIVERED, "complete records are counted"]);
}

#[test]
fn a_stale_leader_that_is_taken_is_caught() {
    is_caught(PlantedBug::AcceptStaleLeader, &[REDELIVERED]);
}

#[test]
fn a_dropped_update_is_caught() {
    is_caught(PlantedBug::DropUpdate, &[REDELIVERED, "complete records are counted"]);
}

#[test]
fn a_stale_snapshot_is_caught() {
    is_caught(PlantedBug::StaleSnapshot, &[REDELIVERED, "complete records are counted", COUNTS]);
}

#[test]
fn aborted_records_that_are_delivered_are_caught() {
    is_caught(PlantedBug::DeliverAborted, &["only records that are there are delivered"]);
}
