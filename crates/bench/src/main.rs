//! `cargo run --release -p bench`: Ottla beside Apache Kafka on this machine, written to `bench/RESULTS.md`.
//!
//! Options: `--only kafka|ottla|ottla-os` (again for several), `--seconds N` for each load, `--warm-up N` (of Apache Kafka),
//! `--rounds N`, `--load TEXT` (only those whose name contains it), `--out FILE`. A debug build of the program is refused unless `OTTLA_BINARY` names it: its figures say nothing.
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
use std::time::{Duration, Instant};

use broker::Kind;
use phases::Subject;
use report::Runs;
use testkit::{Failed, project_root, target_directory};

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
    phase: Duration,
    warm_up: Duration,
    rounds: usize,
    /// Only loads whose name contains it.
    load: String,
    out: PathBuf,
}

/// Starts of each broker that are measured.
const START_COUNT: usize = 3;

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, Failed> {
        let mut options = Self {
            kinds: Vec::new(),
            phase: Duration::from_secs(2),
            warm_up: Duration::from_secs(48),
            rounds: 4,
            load: String::new(),
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
                "--seconds" => options.phase = Duration::from_secs(number()?.into()),
                "--warm-up" => options.warm_up = Duration::from_secs(number()?.into()),
                "--rounds" => options.rounds = usize::try_from(number()?).unwrap_or(1),
                "--load" => options.load = value,
                "--out" => options.out = value.into(),
                other => return Err(Failed(format!("no option is called {other}"))),
            }
        }
        if options.kinds.is_empty() {
            options.kinds.extend(Kind::ALL);
        }
        Ok(options)
    }

    /// There is no compiler at work in Ottla: it only fills its memory.
    fn own_warm_up(&self) -> Duration {
        self.warm_up / 8
    }

    /// The brokers in the order of a round: there and back, so that none is always the first.
    fn order(&self, round: usize) -> Vec<Kind> {
        let mut order = self.kinds.clone();
        if !round.is_multiple_of(2) {
            order.reverse();
        }
        order
    }
}

fn run(options: &Options) -> Result<(), Failed> {
    let release = target_directory().join("release/ottla");
    if std::env::var_os("OTTLA_BINARY").is_none() && !release.exists() {
        return Err(Failed("build the program first: cargo build --release".into()));
    }
    let began = Instant::now();
    let mut runs = Runs::new();
    for round in 0..START_COUNT {
        for kind in options.order(round) {
            println!("start {} of {START_COUNT}: {}", round + 1, kind.name());
            let figures = phases::measure_start(kind)?;
            runs.extend(figures.into_iter().map(|figure| (round, kind, figure)));
        }
    }
    let mut subjects = Vec::new();
    for kind in &options.kinds {
        println!("warm up {}", kind.name());
        let warm_up = if *kind == Kind::Kafka { options.warm_up } else { options.own_warm_up() };
        subjects.push(Subject::start(*kind, &options.load, options.phase, warm_up)?);
    }
    for load in 0..subjects.first().map_or(0, Subject::load_count) {
        for round in 0..options.rounds {
            for kind in options.order(round) {
                println!(
                    "load {}, round {} of {}: {}",
                    load + 1,
                    round + 1,
                    options.rounds,
                    kind.name()
                );
                for subject in subjects.iter().filter(|subject| subject.kind == kind) {
                    let figures = subject.measure(load)?;
                    runs.extend(figures.into_iter().map(|figure| (round, kind, figure)));
                }
            }
        }
        subjects.iter().try_for_each(|subject| subject.clean(load))?;
    }
    for subject in &subjects {
        let figures = subject.measure_end()?;
        runs.extend(figures.into_iter().map(|figure| (0, subject.kind, figure)));
    }
    report::write(options, &runs, began.elapsed())?;
    println!("wrote {}", options.out.display());
    Ok(())
}
