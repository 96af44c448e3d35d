use std::collections::BTreeMap;

use sim::{FaultOptions, Scenario, Totals, run, run_each};

const SEEDS: u64 = 100;

fn scenario() -> Scenario {
    Scenario::Faults(FaultOptions::default())
}

#[test]
fn a_disk_that_does_all_that_disks_may_loses_nothing_acknowledged_and_serves_no_damage() {
    let mut totals = Totals::default();
    let told = |_, scenario, summary, _| totals.add(scenario, &summary);
    run_each(&[scenario()], 0..SEEDS, 2, told).unwrap_or_else(|failure| panic!("{failure}"));
    for (_, name, sum) in totals.each() {
        assert!(sum > 0, "in {SEEDS} seeds there were no {name}: {totals:?}");
    }
}

#[test]
fn the_power_may_go_at_every_single_disk_operation() {
    for seed in 0..3 {
        for operation in 1..=250 {
            let cut_at = Some(operation);
            let options = FaultOptions { lives: 1, damages: 0, cut_at, ..FaultOptions::default() };
            let done = run(Scenario::Faults(options), seed);
            assert!(done.is_ok(), "at operation {operation}: {}", done.unwrap_err());
        }
    }
}

#[test]
fn one_seed_gives_one_trace() {
    let trace = |seed| match run(scenario(), seed) {
        Ok((_, trace)) => trace,
        Err(failure) => panic!("{failure}"),
    };
    let first = trace(5);
    assert!(first.count() > 100);
    assert_eq!(first, trace(5));
    assert_ne!(first.digest(), trace(6).digest());
}

#[test]
fn threads_change_nothing_but_the_time() {
    let digests = |threads| {
        let mut digests = Vec::new();
        let told = |seed, scenario: Scenario, summary, trace: sim::Trace| {
            digests.push((seed, scenario.name(), summary, trace.digest()));
        };
        run_each(&Scenario::all(), 20..26, threads, told).unwrap();
        digests
    };
    let one = digests(1);
    let scenarios = Scenario::all().len();
    assert_eq!(one.len(), 6 * scenarios);
    assert!(one.is_sorted_by_key(|(seed, ..)| *seed));
    assert_eq!(one, digests(3));
    let names: BTreeMap<_, _> = one.iter().map(|(_, name, ..)| (*name, ())).collect();
    assert_eq!(names.len(), scenarios);
}
