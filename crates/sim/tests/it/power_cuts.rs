use sim::{FailureKind, PowerCutOptions, Scenario, Summary, run, run_all};

const SEEDS: u64 = 100;
const CUTS: u64 = 10;

fn scenario(waits_for_commit: bool) -> Scenario {
    Scenario::PowerCuts(PowerCutOptions {
        cuts: CUTS,
        waits_for_commit,
        ..PowerCutOptions::default()
    })
}

#[test]
fn a_thousand_power_cuts_lose_nothing_acknowledged() {
    let summaries = run_all(scenario(true), 0..SEEDS).unwrap_or_else(|failure| panic!("{failure}"));
    let sum = |count: fn(&sim::PowerCutSummary) -> u64| -> u64 {
        let counts = summaries.iter().map(|summary| match summary {
            Summary::PowerCuts(summary) => count(summary),
            Summary::Replication(_) | Summary::Faults(_) | Summary::Workload(_) => 0,
        });
        counts.sum()
    };
    assert!(sum(|summary| summary.cuts) >= SEEDS * CUTS);
    assert!(sum(|summary| summary.acknowledged) > 10_000, "{summaries:?}");
    assert!(sum(|summary| summary.consumed) > 1_000);
    assert!(sum(|summary| summary.clean_stops) > 0);
    assert!(sum(|summary| summary.found_again) > 0, "some were in though nobody was told");
    assert!(sum(|summary| summary.written_again) > 0, "some were lost, which nobody was told");
}

#[test]
fn an_answer_that_does_not_wait_for_the_commit_is_caught() {
    let Err(failure) = run_all(scenario(false), 0..SEEDS) else {
        panic!("the planted bug was not caught");
    };
    assert_eq!(failure.broken.kind, FailureKind::Correctness, "{failure}");
    let caught_by = ["acknowledged_survives", "seen_stays"];
    assert!(caught_by.contains(&failure.broken.invariant), "{failure}");
}

#[test]
fn one_seed_gives_one_trace() {
    let trace = |seed| match run(scenario(true), seed) {
        Ok((_, trace)) => trace,
        Err(failure) => panic!("{failure}"),
    };
    let first = trace(7);
    assert!(first.count() > 100);
    assert_eq!(first, trace(7));
    assert_ne!(first.digest(), trace(8).digest());
}
