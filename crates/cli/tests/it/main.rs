//! The commands as processes, against Apache Kafka and against Ottla. Slow: both are started.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;
use testkit::{ApacheKafka, Ottla, target_directory};

/// The program as it was built: `OTTLA_BINARY`, else the release build, else the debug build.
fn program() -> PathBuf {
    if let Some(given) = std::env::var_os("OTTLA_BINARY") {
        return given.into();
    }
    let built = ["release", "debug"].map(|profile| target_directory().join(profile).join("ottla"));
    built
        .into_iter()
        .find(|path| path.exists())
        .expect("build the program first: cargo build --release")
}

/// One cluster that commands are sent to.
struct Cluster(String);

impl Cluster {
    fn output(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(program());
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

type ByKey = BTreeMap<String, Vec<String>>;

fn by_key(text: &str) -> ByKey {
    let mut by_key = ByKey::new();
    for line in text.lines() {
        let (key, value) = line.split_once('\t').unwrap();
        by_key.entry(key.to_owned()).or_default().push(value.to_owned());
    }
    by_key
}

/// The machine's package database as JSON lines keyed by package, repeated to as many records as `OTTLA_RECORDS` says.
fn packages() -> (String, usize) {
    let count = std::env::var("OTTLA_RECORDS").map_or(200_000, |count| count.parse().unwrap());
    let database = fs::read_to_string("/var/lib/dpkg/status").unwrap();
    let entries: Vec<&str> =
        database.split("\n\n").filter(|it| it.starts_with("Package: ")).collect();
    assert!(!entries.is_empty());
    let mut text = String::new();
    for (index, entry) in entries.iter().cycle().take(count).enumerate() {
        let package = entry.lines().next().unwrap().trim_start_matches("Package: ");
        let lines: Vec<&str> = entry.lines().take(6).collect();
        let value = serde_json::json!({ "index": index, "entry": lines });
        text += &format!("{package}\t{value}\n");
    }
    (text, count)
}

fn real_records_come_back(cluster: &Cluster) {
    let (text, count) = packages();
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("packages");
    fs::write(&file, &text).unwrap();
    cluster.run(&["topic", "create", "packages", "--partitions", "4"]);
    let file = file.to_str().unwrap();
    cluster.run(&[
        "produce",
        "packages",
        "--key-separator",
        "\\t",
        "--codec",
        "lz4",
        "--file",
        file,
    ]);
    let back = cluster.run(&["consume", "packages", "--until-end", "--with", "key"]);
    assert_eq!(back.lines().count(), count);
    assert!(by_key(&back) == by_key(&text), "records differ, or their order per key");
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
