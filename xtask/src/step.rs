//! Steps of a run: each is timed and counted, what it prints is shown as it comes, and a failed one does not hide the
//! ones after it.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What a run came to.
#[derive(Default)]
pub struct Run {
    finished: Vec<Finished>,
}

struct Finished {
    name: String,
    took: Duration,
    count: Count,
    /// Empty: the step passed.
    failure: String,
}

/// Tests within a step.
#[derive(Clone, Copy, Default)]
pub struct Count {
    pub passed: u64,
    pub failed: u64,
}

impl Run {
    /// Does one step. A step without tests of its own counts as one.
    pub fn step(&mut self, name: &str, work: impl FnOnce() -> Result<Count, String>) {
        println!("=== {name}");
        let start = Instant::now();
        let result = work();
        let took = start.elapsed();
        let (mut count, failure) = match result {
            Ok(count) => (count, String::new()),
            Err(failure) => (Count::default(), failure),
        };
        if failure.is_empty() && count.passed + count.failed == 0 {
            count.passed = 1;
        }
        if !failure.is_empty() {
            count.failed = count.failed.max(1);
            println!("=== {name} failed: {failure}");
        }
        self.finished.push(Finished { name: name.to_owned(), took, count, failure });
    }

    /// A step that is one command.
    pub fn command(&mut self, name: &str, program: &str, arguments: &[&str]) {
        self.step(name, || run(program, arguments).map(|_| Count::default()));
    }

    /// A step that is one command of the test harness: its tests are counted.
    pub fn tests(&mut self, name: &str, program: &str, arguments: &[&str]) {
        let mut count = Count::default();
        self.step(name, || {
            let ended = stream(program, arguments, |line| count.add_result_of(line))?;
            match ended {
                Ok(()) if count.passed == 0 => Err("no test ran".to_owned()),
                Ok(()) => Ok(count),
                Err(failure) => Err(failure),
            }
        });
        if let Some(last) = self.finished.last_mut() {
            last.count = Count {
                passed: count.passed,
                failed: count.failed.max(u64::from(!last.failure.is_empty())),
            };
        }
    }

    /// Prints each step with its time, and one line with the sums.
    pub fn close(self) -> Result<(), String> {
        println!();
        for step in &self.finished {
            let Count { passed, failed } = step.count;
            let word = if step.failure.is_empty() && failed == 0 { "passed" } else { "FAILED" };
            println!("{word} {:>8.1} s {passed:>6} {}", step.took.as_secs_f64(), step.name);
        }
        let total = self.finished.iter().map(|step| step.took).sum::<Duration>();
        let passed: u64 = self.finished.iter().map(|step| step.count.passed).sum();
        let failed: u64 = self.finished.iter().map(|step| step.count.failed).sum();
        println!("{:.1} s in all", total.as_secs_f64());
        println!("{passed} passed, {failed} failed");
        let broken: Vec<&str> = self
            .finished
            .iter()
            .filter(|step| !step.failure.is_empty())
            .map(|step| step.name.as_str())
            .collect();
        if broken.is_empty() && failed == 0 {
            Ok(())
        } else {
            Err(format!("failed: {}", broken.join(", ")))
        }
    }
}

impl Count {
    /// Adds up lines of the test harness: `test result: ok. 3 passed; 0 failed; …`.
    fn add_result_of(&mut self, line: &str) {
        let Some(result) = line.trim_start().strip_prefix("test result: ") else { return };
        let number = |word: &str| -> u64 {
            let part = result.split([';', '.']).find(|part| part.trim_end().ends_with(word));
            part.and_then(|part| part.split_whitespace().next())
                .and_then(|number| number.parse().ok())
                .unwrap_or(0)
        };
        self.passed += number("passed");
        self.failed += number("failed");
    }
}

/// Runs a command, shows what it prints, and gives the lines of its standard output.
pub fn run(program: &str, arguments: &[&str]) -> Result<Vec<String>, String> {
    let mut lines = Vec::new();
    stream(program, arguments, |line| lines.push(line.to_owned()))??;
    Ok(lines)
}

/// The inner result says how the command ended, the outer one whether it could be run.
fn stream(
    program: &str,
    arguments: &[&str],
    mut seen: impl FnMut(&str),
) -> Result<Result<(), String>, String> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(crate::root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("run {program}: {error}"))?;
    let errors = child.stderr.take().map(|stderr| thread::spawn(move || copy_to_stderr(stderr)));
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line.map_err(|error| format!("read from {program}: {error}"))?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            seen(&line);
        }
    }
    if let Some(errors) = errors {
        let _ = errors.join();
    }
    let status = child.wait().map_err(|error| format!("wait for {program}: {error}"))?;
    Ok(if status.success() {
        Ok(())
    } else {
        Err(format!("{program} {} ended with {status}", arguments.join(" ")))
    })
}

fn copy_to_stderr(mut from: impl Read) {
    let mut buffer = [0; 8192];
    while let Ok(size @ 1..) = from.read(&mut buffer) {
        let _ = std::io::stderr().write_all(buffer.get(..size).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_the_harness_are_added_up() {
        let mut count = Count::default();
        count.add_result_of("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        count.add_result_of(
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out",
        );
        count.add_result_of("something else: 7 passed;");
        assert_eq!((count.passed, count.failed), (15, 2));
    }
}
