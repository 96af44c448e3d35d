//! `cargo run --release -p bench`: Ottla beside Apache Kafka on this machine, written to `bench/RESULTS.md`.
//!
//! Options: `--only kafka|ottla|ottla-os` (again for several), `--seconds N` for each load, `--warm-up N`, `--rounds N`,
//! `--out FILE`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line program reports by printing"
)]

mod broker;
mod load;
mod phases;
mod report;
mod requests;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use broker::Kind;
use phases::Durations;
use testkit::{Failed, project_root};

fn main() -> ExitCode {
    match Options::read(std::env::args().skip(1)).and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

struct Options {
    kinds: Vec<Kind>,
    durations: Durations,
    rounds: usize,
    out: PathBuf,
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, Failed> {
        let phase = Duration::from_secs(4);
        let mut options = Self {
            kinds: Vec::new(),
            durations: Durations { phase, warm_up: Duration::from_secs(20) },
            rounds: 1,
            out: project_root().join("bench/RESULTS.md"),
        };
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or_else(|| Failed(format!("{name} wants a value")))?;
            let number = || {
                value
                    .parse::<u32>()
                    .map_err(|_| Failed(format!("{name} wants a number, not {value}")))
            };
            match name.as_str() {
                "--only" => options.kinds.push(match value.as_str() {
                    "kafka" => Kind::Kafka,
                    "ottla" => Kind::OttlaDurable,
                    "ottla-os" => Kind::OttlaOs,
                    other => {
                        return Err(Failed(format!(
                            "--only knows kafka, ottla, ottla-os, not {other}"
                        )));
                    }
                }),
                "--seconds" => options.durations.phase = Duration::from_secs(number()?.into()),
                "--warm-up" => options.durations.warm_up = Duration::from_secs(number()?.into()),
                "--rounds" => options.rounds = usize::try_from(number()?).unwrap_or(1),
                "--out" => options.out = value.into(),
                other => return Err(Failed(format!("no option is called {other}"))),
            }
        }
        if options.kinds.is_empty() {
            options.kinds.extend(Kind::ALL);
        }
        Ok(options)
    }
}

/// Measures A B C C B A, so that what drifts on the machine (heat, disk, neighbours) falls on all alike.
fn run(options: &Options) -> Result<(), Failed> {
    let there = options.kinds.iter().copied();
    let back = options.kinds.iter().rev().copied();
    let order: Vec<Kind> = there.chain(back).collect::<Vec<_>>().repeat(options.rounds);
    let mut runs = Vec::new();
    for (number, kind) in order.iter().enumerate() {
        println!("run {} of {}: {}", number + 1, order.len(), kind.name());
        runs.push((*kind, phases::measure(*kind, options.durations)?));
    }
    report::write(&options.out, &options.kinds, &runs, options.durations, &order)?;
    println!("wrote {}", options.out.display());
    Ok(())
}
