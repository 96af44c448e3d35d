//! Load and crashes for a long time.
//!
//! `soak [--minutes N] [--records N] [--kills-each N]`: each round sends the machine's own records with the command line to a
//! new Ottla that is killed on the way, and reads them back; rounds change between the two durabilities. Each has one
//! round at least, whatever the minutes.
//!
//! `soak --transactions N [--kills-each N]`: a client moves so many inputs to outputs in transactions while the broker and the
//! client are killed, and each has one output then.
//!
//! `soak --checker MINUTES [--seed S]`: transactions, a consumer group and a share group on an Ottla that is killed and stopped for a
//! while, judged by the simulator's rules of exactly-once.
//!
//! `soak [--kills N] [--power-cuts N] [--seed S] [--kafka]`: many producers, a consumer and deletions on an Ottla (or an
//! Apache Kafka with its defaults) that is killed, or whose machine loses its power, so often at random moments.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line program reports by printing"
)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use testkit::crashes::{self, Sum};
use testkit::exactly_once::move_through_kills;
use testkit::killed::produce_through_kills;
use testkit::load::{Crash, Program};
use testkit::packages::PackageRecords;
use testkit::{Failed, Ottla, workload};

const USAGE: &str = "usage: soak [--minutes N] [--records N] [--kills-each N]
       soak --transactions N [--kills-each N]
       soak --checker MINUTES [--seed S]
       soak [--kills N] [--power-cuts N] [--seed S] [--kafka]";
const DURABILITIES: [&str; 2] = ["ottla.durability=fsync", "ottla.durability=os"];

/// What was asked for.
struct Wish {
    duration: Duration,
    record_count: usize,
    kills_each: usize,
    /// Inputs to be moved in transactions.
    transactions: Option<usize>,
    /// Minutes of the workload that the checker judges.
    checker: Option<Duration>,
    crashes: Vec<(Crash, u32)>,
    seed: u64,
    program: Program,
}

fn main() -> ExitCode {
    let done = wish().and_then(|wish| match (wish.transactions, wish.checker) {
        (Some(count), _) => transactions(count, wish.kills_each),
        (None, Some(duration)) => check(duration, wish.seed),
        (None, None) if wish.crashes.is_empty() => rounds(&wish),
        (None, None) => crash(&wish),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn wish() -> Result<Wish, Failed> {
    let mut wish = Wish {
        duration: Duration::ZERO,
        record_count: 1_000_000,
        kills_each: 5,
        transactions: None,
        checker: None,
        crashes: Vec::new(),
        seed: 1,
        program: Program::Ottla,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        if name == "--kafka" {
            wish.program = Program::ApacheKafka;
            continue;
        }
        let number = arguments.next().and_then(|text| text.parse::<u32>().ok());
        let number = number.ok_or_else(|| Failed(USAGE.to_owned()))?;
        let count = usize::try_from(number).unwrap_or(usize::MAX);
        match name.as_str() {
            "--minutes" => wish.duration = Duration::from_secs(60) * number,
            "--records" => wish.record_count = count,
            "--kills-each" => wish.kills_each = count,
            "--checker" => wish.checker = Some(Duration::from_secs(60) * number),
            "--transactions" => wish.transactions = Some(count),
            "--kills" => wish.crashes.push((Crash::Kill, number)),
            "--power-cuts" => wish.crashes.push((Crash::PowerCut, number)),
            "--seed" => wish.seed = number.into(),
            _ => return Err(Failed(USAGE.to_owned())),
        }
    }
    Ok(wish)
}

fn crash(wish: &Wish) -> Result<(), Failed> {
    for (crash, count) in &wish.crashes {
        let word = match crash {
            Crash::Kill => "kill",
            Crash::PowerCut => "power cut",
        };
        let crashes =
            crashes::Wish { program: wish.program, crash: *crash, count: *count, seed: wish.seed };
        let report = |line: &str| println!("{word} {line}");
        let Sum { crashes, tally, unsynced } = crashes::run(crashes, report)?;
        println!(
            "SOAK {:?} {word}s={crashes} seed={} anomalies={}; {unsynced}; {tally}",
            wish.program,
            wish.seed,
            tally.anomalies()
        );
    }
    Ok(())
}

fn transactions(count: usize, kills: usize) -> Result<(), Failed> {
    let mut ottla = Ottla::start(&[])?;
    let moved = move_through_kills(&mut ottla, count, kills)?;
    println!(
        "SOAK inputs={count} {} broker_kills={} client_kills={} gave_up={} in {:.1} s",
        moved.said,
        moved.broker_kills,
        moved.client_kills,
        moved.gave_up,
        moved.took.as_secs_f64()
    );
    Ok(())
}

fn check(duration: Duration, seed: u64) -> Result<(), Failed> {
    let report = workload::run(workload::Wish { duration, seed })?;
    println!("SOAK checker seed={seed} broken=0 {report}");
    Ok(())
}

fn rounds(wish: &Wish) -> Result<(), Failed> {
    let records = PackageRecords::read(wish.record_count)?;
    let began = Instant::now();
    let (mut rounds, mut kills) = (0_usize, 0);
    for durability in DURABILITIES.iter().cycle() {
        let mut ottla = Ottla::start(&[durability])?;
        let killed = produce_through_kills(&mut ottla, &records, wish.kills_each)?;
        rounds += 1;
        kills += killed.kills.len();
        println!(
            "round {rounds}, {durability}: {} records in {:.1} s through kills at {:?}, back in {:.1} s: equal, once, in order per key",
            killed.record_count,
            killed.produced_in.as_secs_f64(),
            killed.kills,
            killed.consumed_in.as_secs_f64(),
        );
        if rounds >= DURABILITIES.len() && began.elapsed() >= wish.duration {
            break;
        }
    }
    println!("SOAK rounds={rounds} records={} kills={kills} failed=0", rounds * records.count());
    Ok(())
}
