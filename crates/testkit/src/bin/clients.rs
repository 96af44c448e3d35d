//! Prepares and runs the client suites: `clients [--bootstrap HOST:PORT] [SUITE…]`. Without an address it starts Ottla.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line program reports by printing"
)]

use std::process::ExitCode;

use testkit::suites::{self, Suite};
use testkit::{Failed, Ottla};

fn main() -> ExitCode {
    match run() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Groups that turn as fast as the suites can see.
const SETTINGS: &[&str] = &[
    "group.initial.rebalance.delay.ms=0",
    "group.consumer.min.heartbeat.interval.ms=500",
    "group.consumer.heartbeat.interval.ms=500",
    "group.consumer.min.session.timeout.ms=6000",
    "group.consumer.session.timeout.ms=6000",
    "group.share.min.heartbeat.interval.ms=500",
    "group.share.heartbeat.interval.ms=500",
    "group.share.min.record.lock.duration.ms=1000",
];

/// How many suites failed.
fn run() -> Result<usize, Failed> {
    let mut bootstrap = None;
    let mut chosen: Vec<&Suite> = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--bootstrap" {
            bootstrap =
                Some(arguments.next().ok_or_else(|| Failed("--bootstrap wants HOST:PORT".into()))?);
            continue;
        }
        let suite = suites::ALL.iter().find(|suite| suite.name == argument);
        chosen.push(suite.ok_or_else(|| {
            let names: Vec<&str> = suites::ALL.iter().map(|suite| suite.name).collect();
            Failed(format!("no suite is called {argument}; there are {}", names.join(", ")))
        })?);
    }
    if chosen.is_empty() {
        chosen = suites::ALL.iter().collect();
    }
    let mut own = None;
    let bootstrap = match bootstrap {
        Some(given) => given,
        None => own.insert(Ottla::start(SETTINGS)?).bootstrap(),
    };
    let mut failed = 0;
    for suite in &chosen {
        let first = suite.prepare().and_then(|()| suite.run(&bootstrap));
        // Sessions of 6 s run out on a machine that is busy elsewhere, on any broker; a defect shows twice.
        let result = first.or_else(|error| {
            println!("again, after {}: {error}", suite.name);
            suite.run(&bootstrap)
        });
        match result {
            Ok(report) => println!("{} ({:.1} s)", report.closing_line, report.took.as_secs_f64()),
            Err(error) => {
                failed += 1;
                println!("FAILED {}: {error}", suite.name);
            }
        }
    }
    println!("client suites: {} passed, {failed} failed", chosen.len() - failed);
    Ok(failed)
}
