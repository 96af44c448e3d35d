//! `cargo run -p sim -- [--power-cuts | --replication] [--seed N | --seeds N] [--trace]`

use std::io::{Write, stderr, stdout};
use std::ops::Range;
use std::process::ExitCode;

use sim::{Failure, PowerCutOptions, ReplicationOptions, Scenario, run};

struct Order {
    scenarios: Vec<Scenario>,
    seeds: Range<u64>,
    /// Print the trace of each run, not only of a failed one.
    trace: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let order = match parse(&arguments) {
        Ok(order) => order,
        Err(text) => {
            say(stderr(), &text);
            return ExitCode::from(2);
        }
    };
    match carry_out(&order) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(stderr(), &failure.to_string());
            ExitCode::from(failure.broken.kind.exit_code())
        }
    }
}

fn carry_out(order: &Order) -> Result<(), Box<Failure>> {
    for seed in order.seeds.clone() {
        for scenario in &order.scenarios {
            let (summary, trace) = run(*scenario, seed)?;
            if order.trace {
                trace.last(usize::MAX).for_each(|line| say(stdout(), line));
            }
            let (count, digest) = (trace.count(), trace.digest());
            say(stdout(), &format!("seed {seed}: {count} lines, {digest:016x}, {summary:?}"));
        }
    }
    Ok(())
}

fn parse(arguments: &[String]) -> Result<Order, String> {
    const USAGE: &str =
        "usage: sim [--power-cuts | --replication] [--seed N | --seeds COUNT] [--trace]";
    let power_cuts = Scenario::PowerCuts(PowerCutOptions::default());
    let replication = Scenario::Replication(ReplicationOptions::default());
    let mut order = Order { scenarios: vec![power_cuts, replication], seeds: 0..10, trace: false };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut number = || {
            let text = rest.next().ok_or(USAGE)?;
            text.parse::<u64>().map_err(|_| format!("{text} is not a seed or a count"))
        };
        match argument.as_str() {
            "--power-cuts" => order.scenarios = vec![power_cuts],
            "--replication" => order.scenarios = vec![replication],
            "--seed" => {
                let seed = number()?;
                order.seeds = seed..seed.saturating_add(1);
            }
            "--seeds" => order.seeds = 0..number()?,
            "--trace" => order.trace = true,
            _ => return Err(USAGE.to_owned()),
        }
    }
    Ok(order)
}

/// A closed pipe is the reader's wish.
fn say(mut out: impl Write, text: &str) {
    let _ = writeln!(out, "{text}");
}
