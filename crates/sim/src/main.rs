//! See `USAGE`.

use std::io::{Write, stderr, stdout};
use std::ops::Range;
use std::process::ExitCode;
use std::thread;

use sim::{Failure, Scenario, Totals, run_each};

const USAGE: &str = "usage: sim [--power-cuts | --replication | --faults | --workload] \
    [--seed N | --seeds COUNT [--from N]] [--trace]";

struct Order {
    scenarios: Vec<Scenario>,
    seeds: Range<u64>,
    /// Print the whole trace of each run, not only the end of a failed one.
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
            if order.trace {
                failure.trace.last(usize::MAX).for_each(|line| say(stdout(), line));
            }
            say(stderr(), &failure.to_string());
            ExitCode::from(failure.broken.kind.exit_code())
        }
    }
}

fn carry_out(order: &Order) -> Result<(), Box<Failure>> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut totals = Totals::default();
    let told = |seed, scenario: Scenario, summary: sim::Summary, trace: sim::Trace| {
        if order.trace {
            trace.last(usize::MAX).for_each(|line| say(stdout(), line));
        }
        let (name, count, digest) = (scenario.name(), trace.count(), trace.digest());
        say(stdout(), &format!("seed {seed}: {name}, {count} lines, {digest:016x}"));
        totals.add(scenario, &summary);
    };
    let done = run_each(&order.scenarios, order.seeds.clone(), threads, told);
    for (scenario, name, sum) in totals.each() {
        say(stdout(), &format!("{scenario:<12} {sum:>12} {}", name.replace('_', " ")));
    }
    done
}

fn parse(arguments: &[String]) -> Result<Order, String> {
    let mut scenarios = Scenario::all();
    let (mut from, mut count, mut trace) = (0, 10, false);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut number = || {
            let text = rest.next().ok_or(USAGE)?;
            text.parse::<u64>().map_err(|_| format!("{text} is not a seed or a count"))
        };
        match argument.as_str() {
            "--seed" => (from, count) = (number()?, 1),
            "--seeds" => count = number()?,
            "--from" => from = number()?,
            "--trace" => trace = true,
            other => {
                let name = other.strip_prefix("--").ok_or(USAGE)?;
                scenarios.retain(|scenario| scenario.name() == name);
                if scenarios.is_empty() {
                    return Err(USAGE.to_owned());
                }
            }
        }
    }
    Ok(Order { scenarios, seeds: from..from.saturating_add(count), trace })
}

/// A closed pipe is the reader's wish.
fn say(mut out: impl Write, text: &str) {
    let _ = writeln!(out, "{text}");
}
