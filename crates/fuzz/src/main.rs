//! `fuzz [--minutes N] [--target NAME] [--seed N]`, or one input again: `fuzz --target NAME --input HEX|FILE`.

use std::io::{Write, stderr, stdout};
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime};

use fuzz::{TARGETS, Target};

const USAGE: &str =
    "usage: fuzz [--minutes N] [--target NAME] [--seed N] [--input HEX|FILE] [--list]";

/// Inputs of one target before the next has its turn, as parts of a short run.
const ROUND_PART: u64 = 4;

struct Order {
    targets: Vec<&'static Target>,
    duration: Duration,
    seed: u64,
    input: Option<Vec<u8>>,
}

fn main() -> ExitCode {
    match parse(std::env::args().skip(1)).and_then(|order| carry_out(&order)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            say(stderr(), &text);
            ExitCode::FAILURE
        }
    }
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Order, String> {
    let clock = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let mut order = Order {
        targets: TARGETS.iter().collect(),
        duration: Duration::from_secs(60),
        seed: clock.as_secs(),
        input: None,
    };
    while let Some(name) = arguments.next() {
        if name == "--list" {
            TARGETS.iter().for_each(|target| say(stdout(), target.name));
            order.targets.clear();
            return Ok(order);
        }
        let value = arguments.next().ok_or(USAGE)?;
        let number = || value.parse::<u64>().map_err(|_| format!("{value} is not a number"));
        match name.as_str() {
            "--minutes" => order.duration = Duration::from_secs(60 * number()?),
            "--seed" => order.seed = number()?,
            "--target" => {
                let target = fuzz::find(&value).ok_or_else(|| format!("no target {value}"))?;
                order.targets = vec![target];
            }
            "--input" => {
                let bytes = fuzz::from_hex(&value).map_or_else(|| std::fs::read(&value), Ok);
                order.input = Some(bytes.map_err(|error| format!("read {value}: {error}"))?);
            }
            _ => return Err(USAGE.to_owned()),
        }
    }
    Ok(order)
}

fn carry_out(order: &Order) -> Result<(), String> {
    fuzz::watch();
    if let Some(input) = &order.input {
        let [target] = order.targets[..] else { return Err(USAGE.to_owned()) };
        let verdict = fuzz::repeat(target, input).map_err(|broken| broken.to_string())?;
        say(stdout(), &format!("{}: {verdict:?}", target.name));
        return Ok(());
    }
    let mut totals = vec![fuzz::Counts::default(); order.targets.len()];
    let (began, mut seed) = (Instant::now(), order.seed);
    while !order.targets.is_empty() {
        for (target, total) in order.targets.iter().zip(&mut totals) {
            let counts = fuzz::run(target, seed, target.count.div_ceil(ROUND_PART))
                .map_err(|failure| failure.to_string())?;
            total.add(counts);
        }
        seed = seed.wrapping_add(1);
        if began.elapsed() >= order.duration {
            break;
        }
    }
    for (target, total) in order.targets.iter().zip(&totals) {
        let line = format!(
            "{:<24} {:>10} taken, {:>10} refused, {} bytes at most, {} per byte",
            target.name, total.taken, total.refused, total.memory, total.memory_per_byte
        );
        say(stdout(), &line);
    }
    let (first, rounds) = (order.seed, seed.wrapping_sub(order.seed));
    say(stdout(), &format!("FUZZ seeds {first} to {seed}, {rounds} rounds, failed=0"));
    Ok(())
}

/// A closed pipe is the reader's wish.
fn say(mut out: impl Write, text: &str) {
    let _ = writeln!(out, "{text}");
}
