//! Apache Kafka's own command line tools print on Ottla what they print on Apache Kafka.
//!
//! The scripts are `tests/clients/tools/*.txt`; `COMPARE_WITH=HOST:PORT` stands in for Ottla, and `COMPARE_WITH=kafka` is a second
//! Apache Kafka, to see that the scripts themselves are steady.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's own functions, which the lints do not know as tests"
)]

mod compacted;
mod dump;
mod mask;
mod takeover;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use testkit::{ApacheKafka, Failed, Ottla, Step, class_path, project_root, target_directory};

const SETTINGS: &[&str] = &[
    "group.initial.rebalance.delay.ms=0",
    "node.id=1",
    "num.partitions=2",
    "log.retention.check.interval.ms=3600000",
];

/// One command of a script and the lines that it printed.
struct Ran {
    command: String,
    lines: Vec<String>,
}

struct Tools {
    path: String,
}

impl Tools {
    fn prepare() -> Result<Self, Failed> {
        let jars = class_path(&ApacheKafka::tool_jars()?);
        let classes = target_directory().join("clients/tools");
        fs::create_dir_all(&classes)
            .map_err(|error| Failed(format!("make {classes:?}: {error}")))?;
        let source = project_root().join("tests/clients/tools/src/Tools.java");
        Step::new("javac").args(["-cp", &jars, "-d"]).args([&classes]).args([source]).run()?;
        Ok(Self { path: format!("{jars}:{}", classes.display()) })
    }

    fn run(&self, script: &str, variables: &[(&str, String)]) -> Result<Vec<Ran>, Failed> {
        let script = project_root().join("tests/clients/tools").join(script);
        let variables = variables.iter().map(|(name, value)| format!("{name}={value}"));
        let step = Step::new("java").args([
            "-Xmx384m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            &self.path,
            "Tools",
        ]);
        let printed = step.args([script]).args(variables).run()?;
        let mut all: Vec<Ran> = Vec::new();
        for line in printed.lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                all.push(Ran { command: command.to_owned(), lines: Vec::new() });
            } else if let Some(last) = all.last_mut() {
                last.lines.push(line.to_owned());
            }
        }
        Ok(all)
    }
}

/// The broker that is compared with Apache Kafka.
enum Other {
    Ottla(Ottla),
    Kafka(ApacheKafka),
    Address(String),
}

impl Other {
    fn start() -> Result<Self, Failed> {
        match std::env::var("COMPARE_WITH").ok() {
            None => Ottla::start(SETTINGS).map(Self::Ottla),
            Some(word) if word == "kafka" => ApacheKafka::start(SETTINGS).map(Self::Kafka),
            Some(address) => Ok(Self::Address(address)),
        }
    }

    fn bootstrap(&self) -> String {
        match self {
            Self::Ottla(ottla) => ottla.bootstrap(),
            Self::Kafka(kafka) => kafka.bootstrap(),
            Self::Address(address) => address.clone(),
        }
    }

    /// Stops it cleanly where it is ours to stop, and says where its files are.
    fn files(&mut self) -> Result<Option<PathBuf>, Failed> {
        match self {
            Self::Ottla(ottla) => ottla.stop().map(|()| Some(ottla.data().to_owned())),
            Self::Kafka(kafka) => Ok(Some(kafka.data())),
            Self::Address(_) => Ok(None),
        }
    }
}

#[test]
fn tools_print_what_they_print_on_apache_kafka() {
    let tools = Tools::prepare().expect("tools");
    let kafka = ApacheKafka::start(SETTINGS).expect("Apache Kafka");
    let mut other = Other::start().expect("the broker to compare");
    let brokers = [kafka.bootstrap(), other.bootstrap()];
    let run = |address: &String| tools.run("online.txt", &[("BROKERS", address.clone())]);
    let [wanted, found] = thread::scope(|scope| {
        brokers
            .each_ref()
            .map(|address| scope.spawn(move || run(address)))
            .map(|thread| thread.join().expect("the script's thread").expect("the script"))
    });
    // Where the group of the scripts has its offsets, of 50 partitions.
    let fifty = std::num::NonZeroU32::new(50).expect("not zero");
    let readers = model::coordinator_partition("readers", fifty).to_wire();
    let mut differences = differences(&wanted, &found, &brokers);
    let mut count = wanted.len();
    if let Some(directory) = other.files().expect("a clean stop") {
        let dump = |data: &Path| {
            let variables =
                [("DATA", data.display().to_string()), ("READERS", readers.to_string())];
            tools.run("offline.txt", &variables).expect("the dump")
        };
        let directories = [kafka.data(), directory];
        let [wanted, found] = directories.each_ref().map(|data| dump(data));
        let texts = directories.map(|data| data.display().to_string());
        differences.extend(self::differences(&wanted, &found, &texts));
        count += wanted.len();
    }
    assert!(
        differences.is_empty(),
        "{} of {count} commands printed something else:\n{}",
        differences.len(),
        differences.join("\n")
    );
}

/// Commands that print something else on Ottla, and why.
const DIFFER: &[(&str, &str)] = &[
    (
        "kafka-features --bootstrap-server $BROKERS describe",
        "Apache Kafka runs with static voters here, so its kraft.version is 0",
    ),
    ("kafka-metadata-quorum", "static voters have no directory ids"),
    ("kafka-broker-api-versions", "APIs that are not built are not advertised"),
    ("__cluster_metadata-0", "Ottla was stopped before the dump, and fenced its broker"),
    (
        "--offsets-decoder",
        "the first join of a group writes no record, and batches carry no sequence",
    ),
];

/// Commands that printed different lines, with the lines; `own` is what stands for each broker's address or directory.
fn differences(wanted: &[Ran], found: &[Ran], own: &[String; 2]) -> Vec<String> {
    assert_eq!(wanted.len(), found.len(), "commands run");
    assert!(wanted.len() > 5, "the script has commands");
    let pairs = wanted.iter().zip(found);
    pairs.filter_map(|(wanted, found)| difference(wanted, found, own)).collect()
}

/// What an error says in words is each broker's own; which error it is must agree.
fn without_text(line: &str) -> String {
    let ends = ["Exception: ", "Error while executing topic command : "];
    let end = ends.iter().filter_map(|end| line.rfind(end).map(|at| at + end.len())).max();
    line[..end.unwrap_or(line.len())].to_owned()
}

fn difference(wanted: &Ran, found: &Ran, own: &[String; 2]) -> Option<String> {
    assert_eq!(wanted.command, found.command);
    let wanted_lines = mask::masked(&wanted.command, &wanted.lines, &own[0]);
    let found_lines = mask::masked(&found.command, &found.lines, &own[1]);
    let texts = |lines: Vec<String>| -> Vec<String> {
        lines
            .iter()
            .filter(|line| !line.starts_with("ottla."))
            .map(|line| without_text(line))
            .collect()
    };
    let (wanted_lines, found_lines) = (texts(wanted_lines), texts(found_lines));
    let mut balance: BTreeMap<&String, i32> = BTreeMap::new();
    for line in &wanted_lines {
        *balance.entry(line).or_default() += 1;
    }
    for line in &found_lines {
        *balance.entry(line).or_default() -= 1;
    }
    balance.retain(|_, count| *count != 0);
    if !balance.is_empty() && DIFFER.iter().any(|(command, _)| wanted.command.contains(command)) {
        return None;
    }
    // The same lines in another order count only where the order is the records'.
    if balance.is_empty() && (wanted_lines == found_lines || !mask::ordered(&wanted.command)) {
        return None;
    }
    let mut text = format!("$ {}\n", wanted.command);
    if balance.is_empty() {
        text += "  the same lines in another order\n";
    }
    for (line, count) in balance {
        let whose = if count > 0 { "Kafka" } else { "Ottla" };
        text += &format!("  {whose}: {line}\n");
    }
    Some(text)
}
