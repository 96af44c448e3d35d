//! How many instructions the kernels of the data path take, held against the counts that were last accepted. They are
//! counted by valgrind, so that neither neighbours nor the clock have a say.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use crate::step::{Count, run as command};

const CASES: &[&str] = &["append", "builder", "fetch-answer", "produce-answer", "produce-decode"];
/// Runs of a kernel of which one count is the difference, so that the start of the process is not in it.
const FEW: u64 = 1_000;
const MANY: u64 = 3_000;
/// Percent that a count may be above the accepted one.
const MORE_PERCENT: u64 = 2;
const ACCEPTED: &str = "bench/instructions.tsv";

/// Counts; with `accept` the counts become the accepted ones.
pub fn run(accept: bool) -> Result<Count, String> {
    let build = ["build", "--release", "--quiet", "--package", "bench", "--bin", "instructions"];
    command("cargo", &build)?;
    let mut counts = BTreeMap::new();
    for case in CASES {
        let more = instructions(case, MANY)?.saturating_sub(instructions(case, FEW)?);
        counts.insert((*case).to_owned(), more / (MANY - FEW));
    }
    let path = crate::root().join(ACCEPTED);
    if accept {
        let lines = counts.iter().map(|(case, count)| format!("{case}\t{count}\n"));
        let text = format!("kernel\tinstructions\n{}", lines.collect::<String>());
        fs::write(&path, text).map_err(|error| format!("write {ACCEPTED}: {error}"))?;
        return Ok(Count::default());
    }
    let text = fs::read_to_string(&path).map_err(|error| format!("read {ACCEPTED}: {error}"))?;
    let breaches = breaches(&counts, &accepted(&text));
    if breaches.is_empty() {
        let passed = u64::try_from(counts.len()).unwrap_or(0);
        return Ok(Count { passed, failed: 0 });
    }
    Err(format!(
        "{}\nIf that is what the change is worth: cargo xtask instructions --accept",
        breaches.join("\n")
    ))
}

fn accepted(text: &str) -> BTreeMap<String, u64> {
    let lines = text.lines().skip(1).filter_map(|line| line.split_once('\t'));
    lines.filter_map(|(case, count)| Some((case.to_owned(), count.parse().ok()?))).collect()
}

/// What is wrong, one line each.
fn breaches(counts: &BTreeMap<String, u64>, accepted: &BTreeMap<String, u64>) -> Vec<String> {
    let breach = |(case, count): (&String, &u64)| match accepted.get(case) {
        None => Some(format!("{case}: {count} instructions, and no count was accepted")),
        Some(most) if *count * 100 > most * (100 + MORE_PERCENT) => {
            Some(format!("{case}: {count} instructions, {most} were accepted"))
        }
        Some(_) => None,
    };
    counts.iter().filter_map(breach).collect()
}

/// Of the whole process.
fn instructions(case: &str, count: u64) -> Result<u64, String> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| crate::root().join("target"), std::path::PathBuf::from);
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(target.join("release/instructions"))
        .args([case, &count.to_string()])
        .output()
        .map_err(|error| format!("run valgrind: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected :"));
    let number = collected.and_then(|(_, number)| number.trim().parse().ok());
    match number {
        Some(number) if output.status.success() => Ok(number),
        _ => Err(format!("valgrind of {case}: {}\n{said}", output.status)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_percent_more_pass_and_three_do_not() {
        let accepted = accepted("kernel\tinstructions\na\t1000\n");
        let found = |case: &str, count| breaches(&[(case.to_owned(), count)].into(), &accepted);
        assert!(found("a", 1_020).is_empty());
        assert_eq!(found("a", 1_030).len(), 1);
        assert_eq!(found("b", 1).len(), 1, "a kernel without an accepted count is a breach");
    }
}
