//! The commands as processes, against Apache Kafka and against Ottla. Slow: both are started.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod bench;
mod groups;
mod leaderless;
mod share;
mod why;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use testkit::killed::produce_through_kills;
use testkit::packages::PackageRecords;
use testkit::{ApacheKafka, Ottla, program};

/// One cluster that commands are sent to.
struct Cluster(String);

impl Cluster {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program().unwrap());
        command.args(arguments).args(["--bootstrap", &self.0]).stdin(Stdio::null());
        command
    }

    fn output(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?} at {}: {error}", self.0);
        String::from_utf8(output.stdout).unwrap()
    }

    /// What the program says on standard error when it fails.
    fn fail(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?} at {}", self.0);
        String::from_utf8(output.stderr).unwrap()
    }
}

fn json(cluster: &Cluster, arguments: &[&str]) -> Value {
    serde_json::from_str(&cluster.run(&[arguments, &["--output", "json"]].concat())).unwrap()
}

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);
/// Far longer than one description takes, and shorter than a client waits for a leader.
const DESCRIBE_PATIENCE: Duration = Duration::from_secs(15);

/// Records that go through a broker which lives.
const RECORD_COUNT: usize = 200_000;
/// Records that go through a broker which is killed.
const KILLED_RECORD_COUNT: usize = 1_000_000;

fn real_records_come_back(cluster: &Cluster) {
    let records = PackageRecords::read(RECORD_COUNT).unwrap();
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("packages");
    records.write(&file).unwrap();
    let file = file.to_str().unwrap();
    cluster.run(&["topic", "create", "packages", "--partitions", "4"]);
    let produce = ["produce", "packages", "-K", "\\t", "--codec", "lz4", "--file", file];
    cluster.run(&produce);
    let back = cluster.run(&["consume", "packages", "--until-end", "--with", "key"]);
    records.compare(&back).unwrap();
}

/// A run of commands; its prints are compared between the two brokers.
fn story(cluster: &Cluster) -> Vec<String> {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("lines");
    fs::write(&file, "k1:a\nk2:b\nk3:c\nk4:\nk5:e\n").unwrap();
    let file = file.to_str().unwrap();
    let shown = ["consume", "t", "-e", "-w", "key,headers,partition,offset", "-p"];
    let mut prints = vec![
        cluster.run(&[
            "topic",
            "create",
            "t",
            "--partitions",
            "3",
            "--config",
            "retention.ms=1000000",
        ]),
        cluster.fail(&["topic", "create", "t"]).lines().count().to_string(),
        cluster.run(&["produce", "t", "-K", ":", "-H", "h=x", "-z", "zstd", "--file", file]),
    ];
    for partition in ["0", "1", "2"] {
        prints.push(cluster.run(&[&shown[..], &[partition]].concat()));
    }
    prints.push(
        cluster.run(&["consume", "t", "--group", "g", "--until-end"]).lines().count().to_string(),
    );
    prints.push(cluster.run(&["group", "describe", "g"]));
    prints.push(cluster.run(&["group", "reset", "g", "--to", "beginning"]));
    prints.push(
        cluster.run(&["consume", "t", "--group", "g", "--until-end"]).lines().count().to_string(),
    );
    prints.push(cluster.run(&["group", "delete", "g"]));
    prints.push(cluster.run(&[
        "topic",
        "alter",
        "t",
        "--partitions",
        "5",
        "--config",
        "max.message.bytes=9999",
    ]));
    prints.push(cluster.fail(&["topic", "alter", "t", "--partitions", "2"]));
    let configs = cluster.run(&["config", "describe", "topic", "t", "--all"]);
    prints.extend(configs.lines().filter(|it| it.starts_with("max.message.bytes")).map(words));
    prints.push(cluster.fail(&["consume", "missing"]));
    prints.push(cluster.run(&["topic", "delete", "t"]));
    prints
}

fn words(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lines on standard output.
fn sorted(output: &Output) -> Vec<String> {
    let mut lines: Vec<String> =
        String::from_utf8_lossy(&output.stdout).lines().map(ToOwned::to_owned).collect();
    lines.sort();
    lines
}

/// Describes a topic, which is quick at every moment, until so many of its partitions have no leader.
fn wait_for_leaderless(cluster: &Cluster, topic: &str, count: usize) {
    let end = Instant::now() + PATIENCE;
    loop {
        let begun = Instant::now();
        let table = cluster.run(&["topic", "describe", topic]);
        assert!(begun.elapsed() < DESCRIBE_PATIENCE, "took {:?}", begun.elapsed());
        let is_leaderless = |line: &&str| line.split_whitespace().nth(1) == Some("-");
        if table.lines().filter(is_leaderless).count() == count {
            return;
        }
        assert!(Instant::now() < end, "{table}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A log directory goes, and with it the leaders of its partitions.
#[test]
fn partitions_without_a_leader_do_not_hide_the_others() {
    let own = TempDir::new().unwrap();
    let (first, second) = (own.path().join("first"), own.path().join("second"));
    let both = PathBuf::from(format!("{},{}", first.display(), second.display()));
    let mut ottla = Ottla::start_in(&both, &[]).unwrap();
    let cluster = Cluster(ottla.bootstrap());
    cluster.run(&["topic", "create", "half", "--partitions", "6"]);
    let line = own.path().join("line");
    let topic = |partition: usize| format!("half-{partition}");
    for partition in 0..6 {
        fs::write(&line, format!("record of {partition}\n")).unwrap();
        let (number, file) = (partition.to_string(), line.to_str().unwrap());
        cluster.run(&["produce", "half", "--partition", &number, "--file", file]);
    }
    // A stop drains the write-ahead logs, and so shows which partition is where.
    ottla.stop().unwrap();
    let (led, lost): (Vec<usize>, Vec<usize>) =
        (0..6).partition(|it| first.join(topic(*it)).exists());
    assert!(!led.is_empty() && !lost.is_empty());
    assert!(lost.iter().all(|it| second.join(topic(*it)).exists()));
    ottla.restart().unwrap();
    wait_for_leaderless(&cluster, "half", 0);

    fs::rename(&second, own.path().join("away")).unwrap();
    wait_for_leaderless(&cluster, "half", lost.len());
    let expected: Vec<String> = led.iter().map(|it| format!("record of {it}")).collect();
    let told = |output: &Output| {
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        lost.iter().all(|it| error.contains(&format!("{} has no leader", topic(*it))))
    };
    let output = cluster.output(&["consume", "half", "--until-end"]);
    assert_eq!(output.status.code(), Some(1), "not all of it was read");
    assert_eq!(sorted(&output), expected);
    assert!(told(&output), "{output:?}");
    let count = led.len().to_string();
    let output = cluster.output(&["consume", "half", "--from", "0", "--count", &count]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(sorted(&output), expected);
    assert!(told(&output), "{output:?}");

    let mut reader = cluster.command(&["consume", "half", "--from", "0", "--count", "6"]);
    let mut reader = reader.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The reader has begun without the partitions that it names.
    let mut said = BufReader::new(reader.stderr.take().unwrap());
    for _ in &lost {
        said.read_line(&mut String::new()).unwrap();
    }
    ottla.kill().unwrap();
    fs::rename(own.path().join("away"), &second).unwrap();
    ottla.restart().unwrap();
    let end = Instant::now() + PATIENCE;
    while reader.try_wait().unwrap().is_none() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(50));
    }
    // It has ended, or hangs and must not live on.
    let _ = reader.kill();
    let output = reader.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let all: Vec<String> = (0..6).map(|it| format!("record of {it}")).collect();
    assert_eq!(sorted(&output), all, "those that are led again are read too");
}

#[test]
fn commands_print_the_same_on_ottla_and_on_apache_kafka() {
    let kafka = ApacheKafka::start(&[]).unwrap();
    let ottla = Ottla::start(&[]).unwrap();
    let [of_kafka, of_ottla] = [kafka.bootstrap(), ottla.bootstrap()].map(|it| story(&Cluster(it)));
    assert_eq!(of_ottla, of_kafka);
    assert_eq!(of_ottla[6], "5");
    assert!(
        of_ottla[7].starts_with("GROUP  TOPIC  PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG")
    );
}

#[test]
fn real_records_come_back_equal_and_in_order_per_key_from_ottla() {
    let ottla = Ottla::start(&[]).unwrap();
    real_records_come_back(&Cluster(ottla.bootstrap()));
}

#[test]
fn a_million_real_records_come_back_once_and_in_order_per_key_from_a_broker_that_was_killed() {
    let mut ottla = Ottla::start(&[]).unwrap();
    let records = PackageRecords::read(KILLED_RECORD_COUNT).unwrap();
    let killed = produce_through_kills(&mut ottla, &records, 3).unwrap();
    assert_eq!(killed.record_count, KILLED_RECORD_COUNT);
    let count = u64::try_from(KILLED_RECORD_COUNT).unwrap();
    assert!(killed.kills.iter().all(|held| (1..count).contains(held)), "{killed:?}");
}

#[test]
fn real_records_come_back_equal_and_in_order_per_key_from_apache_kafka() {
    let kafka = ApacheKafka::start(&[]).unwrap();
    real_records_come_back(&Cluster(kafka.bootstrap()));
}

#[test]
fn without_a_broker_the_error_says_what_to_check() {
    let nobody = Cluster("127.0.0.1:1".to_owned());
    let error = nobody.fail(&["topic", "list"]);
    assert!(error.contains("no broker answers at 127.0.0.1:1"), "{error}");
    assert_eq!(error.lines().count(), 1);
}
