//! The clients of librdkafka, a C program that is compiled when it is needed.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use testkit::{Failed, Step, project_root, target_directory};

/// What a run of `latency` printed, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Latencies {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) p999: f64,
    pub(crate) max: f64,
}

/// The program, compiled.
pub(crate) struct CClient(PathBuf);

impl CClient {
    pub(crate) fn build() -> Result<Self, Failed> {
        let directory = target_directory().join("bench");
        std::fs::create_dir_all(&directory)
            .map_err(|error| Failed(format!("make {}: {error}", directory.display())))?;
        let program = directory.join("e2e");
        let source = project_root().join("bench/clients/e2e.c");
        let paths = ["-o".as_ref(), program.as_os_str(), source.as_os_str()];
        let compiled = Step::new("cc")
            .args(["-O2", "-Wall", "-Wextra", "-Werror"])
            .args(paths)
            .args(["-lrdkafka", "-lpthread"])
            .run();
        match compiled {
            Ok(_) => Ok(Self(program)),
            Err(_) if !Path::new("/usr/include/librdkafka/rdkafka.h").exists() => Err(Failed(
                "the C client needs librdkafka's headers: apt-get install librdkafka-dev".into(),
            )),
            Err(error) => Err(error),
        }
    }

    /// From produce to consume, at so many records a second.
    pub(crate) fn latency(
        &self,
        address: &str,
        topic: &str,
        per_second: u32,
        seconds: f64,
    ) -> Result<Latencies, Failed> {
        let arguments = ["latency", address, topic, &per_second.to_string(), &seconds.to_string()];
        let printed = Step::new(&self.0).args(arguments).run()?;
        parse(&printed).ok_or_else(|| Failed(format!("no latencies: {printed}")))
    }

    /// A member of a group, which reads until its standard input ends.
    pub(crate) fn group(&self, address: &str, topic: &str, group: &str) -> Result<Child, Failed> {
        let mut command = std::process::Command::new(&self.0);
        command.args(["group", address, topic, group]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command.spawn().map_err(|error| Failed(format!("start a consumer: {error}")))
    }
}

/// Ends a member of a group; the records that it read.
pub(crate) fn finish_group(mut member: Child) -> Result<u64, Failed> {
    drop(member.stdin.take());
    let output = member.wait_with_output();
    let output = output.map_err(|error| Failed(format!("wait for a consumer: {error}")))?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let records = printed.split_whitespace().next().and_then(|word| word.parse().ok());
    records.ok_or_else(|| Failed(format!("the consumer ended with {}: {printed}", output.status)))
}

/// Count, p50, p99, p99.9 and the highest, in microseconds.
fn parse(printed: &str) -> Option<Latencies> {
    let words: Vec<u32> =
        printed.split_whitespace().map(|word| word.parse().ok()).collect::<Option<_>>()?;
    let [_, p50, p99, p999, max] = words[..] else { return None };
    let ms = |micros: u32| f64::from(micros) / 1_000.0;
    Some(Latencies { p50: ms(p50), p99: ms(p99), p999: ms(p999), max: ms(max) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_are_five_numbers_and_nothing_else() {
        let latencies = Latencies { p50: 0.2, p99: 1.0, p999: 2.0, max: 3.5 };
        assert_eq!(parse("600 200 1000 2000 3500\n"), Some(latencies));
        assert_eq!(parse("600 200 1000\n"), None);
        assert_eq!(parse("error 1 2 3 4"), None);
    }
}
