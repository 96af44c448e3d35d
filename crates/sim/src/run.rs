use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::failure::{Broken, Failure};
use crate::power_cuts::{self, PowerCutOptions, PowerCutSummary};
use crate::replication::{self, ReplicationOptions, ReplicationSummary};
use crate::trace::Trace;

/// What is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// One broker whose power goes at random disk operations.
    PowerCuts(PowerCutOptions),
    /// Three brokers that replicate over a bad network, crash, and change their leader.
    Replication(ReplicationOptions),
}

/// What a run did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Summary {
    PowerCuts(PowerCutSummary),
    Replication(ReplicationSummary),
}

impl Scenario {
    pub const fn name(&self) -> &'static str {
        match self {
            Self::PowerCuts(_) => "power-cuts",
            Self::Replication(_) => "replication",
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

fn text_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "panic".to_owned())
}
