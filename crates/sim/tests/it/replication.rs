use sim::{FailureKind, ReplicationOptions, ReplicationSummary, Scenario, Summary, run, run_all};

const SEEDS: u64 = 20;

fn scenario(waits_for_commit: bool) -> Scenario {
    Scenario::Replication(ReplicationOptions { waits_for_commit, ..ReplicationOptions::default() })
}

#[test]
fn replicas_agree_and_keep_what_was_acknowledged_through_crashes_and_elections() {
    let summaries = run_all(scenario(true), 0..SEEDS).unwrap_or_else(|failure| panic!("{failure}"));
    let sum = |count: fn(&ReplicationSummary) -> u64| -> u64 {
        let counts = summaries.iter().map(|summary| match summary {
            Summary::Replication(summary) => count(summary),
            Summary::PowerCuts(_) | Summary::Faults(_) | Summary::Workload(_) => 0,
        });
        counts.sum()
    };
    assert!(sum(|summary| summary.acknowledged) > 1_000, "{summaries:?}");
    assert!(sum(|summary| summary.consumed) > 1_000, "{summaries:?}");
    assert!(sum(|summary| summary.elections) > 50, "{summaries:?}");
    assert!(sum(|summary| summary.power_cuts) > 50, "{summaries:?}");
    assert!(sum(|summary| summary.truncations) > 5, "{summaries:?}");
    assert!(sum(|summary| summary.in_sync_changes) > 50, "{summaries:?}");
    assert!(sum(|summary| summary.failures) > 20, "{summaries:?}");
    assert!(sum(|summary| summary.filled) > 20, "{summaries:?}");
    assert!(sum(|summary| summary.slow_syncs) > 20, "{summaries:?}");
    assert!(sum(|summary| summary.rotten) > 5, "{summaries:?}");
    assert!(sum(|summary| summary.disks_replaced) > 1, "{summaries:?}");
}

#[test]
fn a_leader_that_does_not_wait_for_its_disk_is_caught() {
    // What is lost shows as such, or as a producer that is refused for ever after; the first is looked for.
    let failures = (0..10 * SEEDS).filter_map(|seed| run(scenario(false), seed).err());
    let lost = failures.map(|failure| failure.broken).find(|broken| {
        broken.kind == FailureKind::Correctness
            && ["acknowledged_survives", "seen_stays"].contains(&broken.invariant)
    });
    assert!(lost.is_some(), "the planted bug was not caught");
}

#[test]
fn one_seed_gives_one_trace() {
    let trace = |seed| match run(scenario(true), seed) {
        Ok((_, trace)) => trace,
        Err(failure) => panic!("{failure}"),
    };
    let first = trace(3);
    assert!(first.count() > 100);
    assert_eq!(first, trace(3));
}
