//! `cargo run --release -p bench -- TABLE…`: Ottla beside Apache Kafka on this machine. Each table's rows go to
//! `bench/results/TABLE.tsv`, and the last run of every table to `bench/RESULTS.md`. `bench/README.md` says what each
//! table is and how it is measured.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line program reports by printing"
)]

mod broker;
mod c_client;
mod cgroup;
mod classic_member;
mod consumer_member;
mod machine;
mod musts;
mod nuisance;
mod report;
mod requests;
mod rows;
mod statistics;
mod subject;
mod tables;
mod transactional_producer;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use broker::Kind;
use rows::Rows;
use testkit::{Failed, project_root, target_directory};

const USAGE: &str = "usage: bench TABLE…|all|report [OPTION]…
  --quick         short and rough, for development; rows go to target/bench
  --only KIND     kafka, ottla, ottla-os; again for several
  --seconds N     of each load
  --warm-up N     seconds of each load before it is measured, of Apache Kafka
  --rounds N      in which all brokers are measured once
tables:";

fn main() -> ExitCode {
    match Options::read(std::env::args().skip(1)).and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// What was asked for.
pub(crate) struct Options {
    pub(crate) kinds: Vec<Kind>,
    pub(crate) lasts: Duration,
    pub(crate) warm_up: Duration,
    pub(crate) rounds: usize,
    /// How long each load is to last, if that was said.
    pub(crate) seconds: Option<Duration>,
    /// Bytes that one load may send, for the disk's sake.
    pub(crate) bytes_max: u64,
    pub(crate) is_quick: bool,
    tables: Vec<&'static tables::Table>,
}

impl Options {
    fn read(arguments: impl Iterator<Item = String>) -> Result<Self, Failed> {
        let arguments: Vec<String> = arguments.collect();
        let is_quick = arguments.iter().any(|argument| argument == "--quick");
        let mut options = Self {
            kinds: Vec::new(),
            lasts: if is_quick { Duration::from_millis(1_500) } else { Duration::from_secs(5) },
            warm_up: Duration::from_secs(if is_quick { 4 } else { 60 }),
            rounds: if is_quick { 1 } else { 6 },
            seconds: None,
            bytes_max: if is_quick { 384 << 20 } else { 2 << 30 },
            is_quick,
            tables: Vec::new(),
        };
        let mut arguments = arguments.into_iter();
        while let Some(name) = arguments.next() {
            match name.as_str() {
                "all" => options.tables.extend(tables::ALL),
                "report" | "--quick" => {}
                option if option.starts_with("--") => {
                    let value = arguments.next();
                    options.option(option, &value.ok_or_else(|| usage("a value is missing"))?)?;
                }
                table => {
                    let found = tables::ALL.iter().find(|known| known.name == table);
                    options.tables.push(found.ok_or_else(|| usage(table))?);
                }
            }
        }
        if options.kinds.is_empty() {
            options.kinds.extend(Kind::ALL);
        }
        Ok(options)
    }

    fn option(&mut self, name: &str, value: &str) -> Result<(), Failed> {
        let number = || value.parse::<u32>().map_err(|_| usage(value));
        match name {
            "--only" => self.kinds.push(match value {
                "kafka" => Kind::Kafka,
                "ottla" => Kind::OttlaDurable,
                "ottla-os" => Kind::OttlaOs,
                other => return Err(usage(other)),
            }),
            "--seconds" => {
                self.lasts = Duration::from_secs(number()?.into());
                self.seconds = Some(self.lasts);
            }
            "--warm-up" => self.warm_up = Duration::from_secs(number()?.into()),
            "--rounds" => self.rounds = usize::try_from(number()?).unwrap_or(1),
            other => return Err(usage(other)),
        }
        Ok(())
    }

    /// The brokers in the order of a round: there and back, so that none is always the first.
    pub(crate) fn order(&self, round: usize) -> Vec<Kind> {
        let mut order = self.kinds.clone();
        if !round.is_multiple_of(2) {
            order.reverse();
        }
        order
    }
}

fn usage(reason: &str) -> Failed {
    let tables = tables::ALL.iter().map(|table| format!("\n  {:<14}  {}", table.name, table.text));
    Failed(format!("{reason}?\n{USAGE}{}", tables.collect::<String>()))
}

fn run(options: &Options) -> Result<(), Failed> {
    let release = target_directory().join("release/ottla");
    if std::env::var_os("OTTLA_BINARY").is_none() && !release.exists() {
        return Err(Failed("build the program first: cargo build --release".into()));
    }
    if !options.tables.is_empty() && rows::file_system() == "tmpfs" {
        return Err(Failed("data would be in memory: set TMPDIR to a directory on a disk".into()));
    }
    // A short run is not what is kept.
    let directory: PathBuf = match options.is_quick {
        true => target_directory().join("bench"),
        false => project_root().join("bench"),
    };
    for table in &options.tables {
        println!("{}: {}", table.name, table.text);
        let began = Instant::now();
        (table.run)(options, &Rows::begin(&directory.join("results"), table.name)?)?;
        println!("{} took {:.0} s", table.name, began.elapsed().as_secs_f64());
    }
    let page = directory.join("RESULTS.md");
    report::write(&directory.join("results"), &page)?;
    println!("wrote {}", page.display());
    Ok(())
}
