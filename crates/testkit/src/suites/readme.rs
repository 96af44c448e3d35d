//! The programs of the README's chapter on exactly once, taken out of it as they stand: only the address and the names are those of
//! this run.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{built, prepare_java, prepare_python};
use crate::{Failed, Step, program, project_root};

/// Inputs of each program, and how many of them are there when it begins.
const COUNT: usize = 4_000;
const AT_FIRST: usize = 2_000;
/// Until what is there must be moved.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn prepare() -> Result<(), Failed> {
    prepare_python()?;
    prepare_java("java", &[])
}

pub(super) fn run(bootstrap: &str) -> Result<String, Failed> {
    let path = project_root().join("README.md");
    let page = fs::read_to_string(&path);
    let page = page.map_err(|error| Failed(format!("read {}: {error}", path.display())))?;
    let own = TempDir::new().map_err(|error| Failed(format!("make a directory: {error}")))?;
    let python = || Step::new(built("python").join("venv/bin/python"));
    let libraries = format!("{}/*", built("java").join("libs").display());
    let java = || Step::new("java").args(["-Xmx256m", "-cp", &libraries]);
    // At the same time: after the kill each waits for the session of its earlier life to end.
    thread::scope(|scope| {
        let python =
            scope.spawn(|| moves(bootstrap, &page, ("python", "billing.py"), own.path(), &python));
        let java = moves(bootstrap, &page, ("java", "Billing.java"), own.path(), &java);
        let python = python.join().map_err(|_| Failed("a test panicked".into()))?;
        python.and(java)
    })?;
    Ok(format!("SUITE readme produced={} consumed={} rebalances=0", 2 * COUNT, 2 * COUNT))
}

/// Runs the block that the README calls by this file's name, kills it on its way, runs it again, and counts what it has moved.
fn moves(
    bootstrap: &str,
    page: &str,
    (language, file): (&str, &str),
    directory: &Path,
    interpreter: &(dyn Fn() -> Step + Sync),
) -> Result<(), Failed> {
    let text = block(page, language, file)
        .ok_or_else(|| Failed(format!("the README has no block in {language} after {file}")))?;
    let now = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_millis());
    let own = |name: &str| format!("{name}-{language}-{now:x}");
    let names = ["orders", "invoices", "billing", "billing-1"];
    if !names.iter().all(|name| text.contains(&format!("\"{name}\""))) {
        return Err(Failed(format!("{file} uses other names than {names:?}")));
    }
    let text = names.iter().fold(text.replace("localhost:9092", bootstrap), |text, name| {
        text.replace(&format!("\"{name}\""), &format!("\"{}\"", own(name)))
    });
    let path = directory.join(file);
    fs::write(&path, text).map_err(|error| Failed(format!("write {}: {error}", path.display())))?;
    let (orders, invoices) = (own("orders"), own("invoices"));
    produce(bootstrap, &orders, 0..AT_FIRST)?;
    let start = || interpreter().args([&path]).spawn(Stdio::null(), Stdio::null());
    let mut living = Living(start()?);
    until(bootstrap, &invoices, AT_FIRST, &mut living)?;
    // Half of the rest is there when it is killed, whatever it has done with that.
    let half = AT_FIRST + (COUNT - AT_FIRST) / 2;
    produce(bootstrap, &orders, AT_FIRST..half)?;
    drop(living);
    produce(bootstrap, &orders, half..COUNT)?;
    let mut living = Living(start()?);
    until(bootstrap, &invoices, COUNT, &mut living)
}

/// The first block in a language behind the first mention of a file.
fn block(page: &str, language: &str, file: &str) -> Option<String> {
    let (_, after) = page.split_once(&format!("`{file}`:\n"))?;
    let (_, block) = after.split_once(&format!("```{language}\n"))?;
    Some(block.split_once("```")?.0.to_owned())
}

/// A program that runs until it is killed.
struct Living(Child);

impl Drop for Living {
    fn drop(&mut self) {
        // SIGKILL. It may have ended, which is seen elsewhere.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn order(number: usize) -> String {
    format!("order {number}")
}

fn produce(bootstrap: &str, topic: &str, numbers: std::ops::Range<usize>) -> Result<(), Failed> {
    let lines: String = numbers.map(|number| order(number) + "\n").collect();
    Step::new(program()?)
        .args(["produce", topic, "--quiet", "--bootstrap", bootstrap])
        .input(lines)
        .run()
        .map(drop)
}

/// Waits until all inputs up to `count` have come out, and sees that each did once.
fn until(bootstrap: &str, topic: &str, count: usize, living: &mut Living) -> Result<(), Failed> {
    let end = Instant::now() + PATIENCE;
    loop {
        // There is no such topic before the first output.
        let read = Step::new(program()?)
            .args([
                "consume",
                topic,
                "--from",
                "beginning",
                "--until-end",
                "--bootstrap",
                bootstrap,
            ])
            .run();
        let printed = read.unwrap_or_default();
        let found: Vec<&str> = printed.lines().collect();
        let different: BTreeSet<&str> = found.iter().copied().collect();
        if different.len() != found.len() {
            return Err(Failed(format!("{} of {topic} came twice", found.len() - different.len())));
        }
        if found.len() >= count {
            let missing = (0..count).map(order).find(|order| !different.contains(&**order));
            return match missing {
                None if found.len() == count => Ok(()),
                other => Err(Failed(format!("{} in {topic}; missing: {other:?}", found.len()))),
            };
        }
        if let Ok(Some(status)) = living.0.try_wait() {
            return Err(Failed(format!("the program of the README ended with {status}")));
        }
        if Instant::now() > end {
            return Err(Failed(format!("{} of {count} came to {topic}", found.len())));
        }
        thread::sleep(Duration::from_millis(200));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_found_by_the_file_that_is_named_before_it() {
        let page = "With `a.py`:\n```python\nfirst\n```\nand `B.java`:\n```java\nsecond\n```\n";
        assert_eq!(block(page, "python", "a.py").as_deref(), Some("first\n"));
        assert_eq!(block(page, "java", "B.java").as_deref(), Some("second\n"));
        assert_eq!(block(page, "java", "C.java"), None);
    }
}
