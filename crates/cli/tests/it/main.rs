//! The commands as processes, against Apache Kafka and against Ottla. Slow: both are started.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod bench;
mod why;

use std::fs;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;
use testkit::killed::produce_through_kills;
use testkit::packages::PackageRecords;
use testkit::{ApacheKafka, Ottla, program};

/// One cluster that commands are sent to.
struct Cluster(String);

impl Cluster {
    fn output(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(program().unwrap());
        command.args(arguments).args(["--bootstrap", &self.0]).stdin(Stdio::null());
        command.output().unwrap()
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
