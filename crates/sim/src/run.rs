use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;

use crate::failure::{Broken, Failure};
use crate::faults::{self, FaultOptions, FaultSummary};
use crate::power_cuts::{self, PowerCutOptions, PowerCutSummary};
use crate::replication::{self, ReplicationOptions, ReplicationSummary};
use crate::trace::Trace;
use crate::workload::{self, WorkloadOptions, WorkloadSummary};

/// What is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// One broker whose power goes at random disk operations.
    PowerCuts(PowerCutOptions),
    /// Three brokers that replicate over a bad network, crash, and change their leader.
    Replication(ReplicationOptions),
    /// One broker on a disk that does all that disks may.
    Faults(FaultOptions),
    /// Transactions and groups on one broker that crashes, with clients that die.
    Workload(WorkloadOptions),
}

/// What a run did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Summary {
    PowerCuts(PowerCutSummary),
    Replication(ReplicationSummary),
    Faults(FaultSummary),
    Workload(WorkloadSummary),
}

impl Summary {
    /// Each count with its name.
    pub fn each(&self) -> Vec<(&'static str, u64)> {
        match self {
            Self::PowerCuts(summary) => summary.each(),
            Self::Replication(summary) => summary.each(),
            Self::Faults(summary) => summary.each(),
            Self::Workload(summary) => summary.each(),
        }
    }
}

/// Sums of the counts of many runs, by scenario and name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals(BTreeMap<&'static str, Vec<(&'static str, u64)>>);

impl Totals {
    pub fn add(&mut self, scenario: Scenario, summary: &Summary) {
        let counts = summary.each();
        let sums = self
            .0
            .entry(scenario.name())
            .or_insert_with(|| counts.iter().map(|(name, _)| (*name, 0)).collect());
        for ((_, sum), (_, count)) in sums.iter_mut().zip(counts) {
            *sum += count;
        }
    }

    /// Scenario, name of the count, sum.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, &'static str, u64)> + '_ {
        let rows = |(scenario, sums): (&&'static str, &Vec<_>)| {
            let scenario = *scenario;
            sums.clone().into_iter().map(move |(name, sum)| (scenario, name, sum))
        };
        self.0.iter().flat_map(rows)
    }
}

impl Scenario {
    /// All of them, as hard as they are by default.
    pub fn all() -> Vec<Self> {
        vec![
            Self::PowerCuts(PowerCutOptions::default()),
            Self::Replication(ReplicationOptions::default()),
            Self::Faults(FaultOptions::default()),
            Self::Workload(WorkloadOptions::default()),
        ]
    }

    pub const fn name(&self) -> &'static str {
        match self {
            Self::PowerCuts(_) => "power-cuts",
            Self::Replication(_) => "replication",
            Self::Faults(_) => "faults",
            Self::Workload(_) => "workload",
        }
    }
}

/// Runs a scenario from one seed. The same seed gives the same trace.
pub fn run(scenario: Scenario, seed: u64) -> Result<(Summary, Trace), Box<Failure>> {
    let mut trace = Trace::new();
    trace.line(format_args!("{} from seed {seed}", scenario.name()));
    let result = catch_unwind(AssertUnwindSafe(|| match scenario {
        Scenario::PowerCuts(options) => {
            power_cuts::run(seed, options, &mut trace).map(Summary::PowerCuts)
        }
        Scenario::Replication(options) => {
            replication::run(seed, options, &mut trace).map(Summary::Replication)
        }
        Scenario::Faults(options) => faults::run(seed, options, &mut trace).map(Summary::Faults),
        Scenario::Workload(options) => {
            workload::run(seed, options, &mut trace).map(Summary::Workload)
        }
    }));
    let broken = match result {
        Ok(Ok(summary)) => return Ok((summary, trace)),
        Ok(Err(broken)) => broken,
        Err(panic) => Broken::crash(text_of(&*panic)),
    };
    Err(Box::new(Failure { scenario: scenario.name(), seed, broken, trace }))
}

/// Runs a scenario from each seed, until one fails.
pub fn run_all(scenario: Scenario, seeds: Range<u64>) -> Result<Vec<Summary>, Box<Failure>> {
    seeds.map(|seed| run(scenario, seed).map(|(summary, _)| summary)).collect()
}

/// Runs all scenarios from each seed, on several threads, and gives what came of each to `told` in the order of the
/// seeds. Stops at the first failure, which is that of the smallest seed that fails.
pub fn run_each(
    scenarios: &[Scenario],
    seeds: Range<u64>,
    threads: usize,
    mut told: impl FnMut(u64, Scenario, Summary, Trace),
) -> Result<(), Box<Failure>> {
    let (next, failed) = (AtomicU64::new(seeds.start), AtomicBool::new(false));
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            let sender = sender.clone();
            scope.spawn(|| {
                let sender = sender;
                // A seed that was taken is always done, so all before one that fails are.
                while !failed.load(Ordering::Relaxed) {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    let runs: Result<Vec<_>, _> =
                        scenarios.iter().map(|scenario| run(*scenario, seed)).collect();
                    failed.fetch_or(runs.is_err(), Ordering::Relaxed);
                    if sender.send((seed, runs)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut expected = seeds.start;
        for (seed, runs) in receiver {
            waiting.insert(seed, runs);
            while let Some(runs) = waiting.remove(&expected) {
                for (scenario, (summary, trace)) in scenarios.iter().zip(runs?) {
                    told(expected, *scenario, summary, trace);
                }
                expected += 1;
            }
        }
        Ok(())
    })
}

fn text_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "panic".to_owned())
}
