//! `ottla consume --share` on both brokers, and through a kill.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use testkit::{ApacheKafka, Ottla};

use super::{Cluster, PATIENCE, json};

/// What members that are there at once read together.
const CROWD: usize = 2_000;

fn produce(cluster: &Cluster, topic: &str, lines: impl IntoIterator<Item = String>) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("lines");
    let text: String = lines.into_iter().map(|line| line + "\n").collect();
    fs::write(&file, text).unwrap();
    cluster.run(&["produce", topic, "--file", file.to_str().unwrap()]);
}

fn begin(cluster: &Cluster, group: &str) {
    let set = ["--set", "share.auto.offset.reset=earliest"];
    cluster.run(&[&["config", "alter", "group", group][..], &set].concat());
}

fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

/// Waits until the group has come as far as is wanted: what is decided last is written down with what comes next.
fn wait_for(cluster: &Cluster, group: &str, is_wanted: impl Fn(&Value) -> bool) {
    let end = Instant::now() + PATIENCE;
    loop {
        let found = json(cluster, &["group", "describe", group])[0].clone();
        if is_wanted(&found) {
            return;
        }
        assert!(Instant::now() < end, "{found:#}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// What is left; of a partition without a decision Apache Kafka does not tell. `None` before there is one.
fn lag(group: &Value) -> Option<i64> {
    let lags = group["offsets"].as_array()?.iter().filter_map(|row| row["lag"].as_i64());
    lags.reduce(|all, one| all + one)
}

fn spawn(cluster: &Cluster, arguments: &[&str]) -> Child {
    let mut command = cluster.command(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// What it printed, when it ends by itself.
fn end(child: Child) -> String {
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    String::from_utf8(output.stdout).unwrap()
}

/// A few records, some at a time: each is printed once, until the group is sent back.
fn few(cluster: &Cluster) {
    cluster.run(&["topic", "create", "few", "--partitions", "2"]);
    produce(cluster, "few", ["a", "b", "c", "d", "e"].map(str::to_owned));
    begin(cluster, "s");
    let read = ["consume", "few", "--share", "s"];
    let first = cluster.run(&[&read[..], &["--count", "2"]].concat());
    assert_eq!(first.lines().count(), 2);
    let rest = cluster.run(&[&read[..], &["--idle", "3"]].concat());
    assert_eq!(sorted(&(first + &rest)), ["a", "b", "c", "d", "e"]);
    wait_for(cluster, "s", |group| group["state"] == "Empty" && lag(group) == Some(0));
    cluster.run(&["group", "reset", "s", "--topic", "few", "--to", "beginning"]);
    let again = cluster.run(&[&read[..], &["--count", "5", "--with", "delivery-count"]].concat());
    assert_eq!(sorted(&again), ["1\ta", "1\tb", "1\tc", "1\td", "1\te"]);
    cluster.run(&["group", "reset", "s", "--topic", "few", "--to", "beginning"]);
    let lines = cluster.run(&[&read[..], &["--count", "5", "--format", "json"]].concat());
    for line in lines.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        assert_eq!(record["delivery_count"], 1, "{line}");
    }
    // What one prints as JSON another sends.
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("lines");
    fs::write(&file, lines).unwrap();
    cluster.run(&["produce", "few", "--json", "--file", file.to_str().unwrap()]);
    assert_eq!(cluster.run(&[&read[..], &["--count", "5"]].concat()).lines().count(), 5);
}

/// A group that is placed before its first member comes.
fn placed(cluster: &Cluster) {
    cluster.run(&["topic", "create", "placed", "--partitions", "1"]);
    produce(cluster, "placed", ["a", "b", "c"].map(str::to_owned));
    cluster.run(&["group", "reset", "p", "--share", "--topic", "placed", "--to", "1"]);
    let read = ["consume", "placed", "--share", "p", "--idle", "3"];
    assert_eq!(cluster.run(&read), "b\nc\n");
}

/// Several members at once: each record goes to one of them.
fn shared(cluster: &Cluster) {
    cluster.run(&["topic", "create", "shared", "--partitions", "1"]);
    begin(cluster, "crowd");
    let read = ["consume", "shared", "--share", "crowd", "--idle", "8"];
    let members: Vec<Child> = (0..3).map(|_| spawn(cluster, &read)).collect();
    let all_are_there = |group: &Value| {
        let members = group["members"].as_array().unwrap();
        members.len() == 3
            && members.iter().all(|it| !it["assignment"].as_array().unwrap().is_empty())
    };
    let end_at = Instant::now() + PATIENCE;
    while !cluster.run(&["group", "list"]).contains("crowd") {
        assert!(Instant::now() < end_at, "nobody has joined");
        std::thread::sleep(Duration::from_millis(50));
    }
    wait_for(cluster, "crowd", all_are_there);
    for part in 0..10 {
        let numbers = part * CROWD / 10..(part + 1) * CROWD / 10;
        produce(cluster, "shared", numbers.map(|number| format!("{number:05}")));
    }
    let printed: Vec<String> = members.into_iter().map(end).collect();
    let all = printed.concat();
    let wanted: Vec<String> = (0..CROWD).map(|number| format!("{number:05}")).collect();
    assert_eq!(sorted(&all), wanted);
    let shares: Vec<usize> = printed.iter().map(|text| text.lines().count()).collect();
    assert!(shares.iter().filter(|share| **share > 0).count() > 1, "{shares:?}");
    wait_for(cluster, "crowd", |group| group["state"] == "Empty" && lag(group) == Some(0));
}

/// What was printed before Ctrl-C is accepted, and the group knows at once that the member is gone.
fn interrupted(cluster: &Cluster) {
    cluster.run(&["topic", "create", "waited", "--partitions", "1"]);
    produce(cluster, "waited", ["one".to_owned(), "two".to_owned()]);
    begin(cluster, "i");
    let mut reader = spawn(cluster, &["consume", "waited", "--share", "i"]);
    let mut printed = BufReader::new(reader.stdout.take().unwrap());
    for wanted in ["one\n", "two\n"] {
        let mut line = String::new();
        printed.read_line(&mut line).unwrap();
        assert_eq!(line, wanted);
    }
    let interrupted = Instant::now();
    testkit::Step::new("kill").args(["-INT", &reader.id().to_string()]).run().unwrap();
    assert_eq!(end(reader), "");
    assert!(interrupted.elapsed() < Duration::from_secs(10), "{:?}", interrupted.elapsed());
    let group = json(cluster, &["group", "describe", "i"])[0].clone();
    assert_eq!(group["state"], "Empty", "{group:#}");
    wait_for(cluster, "i", |group| lag(group) == Some(0));
}

fn refused(cluster: &Cluster) {
    cluster.run(&["topic", "create", "plain", "--partitions", "1"]);
    let missing = cluster.fail(&["consume", "missing", "--share", "s"]);
    assert!(missing.contains("UNKNOWN_TOPIC_OR_PARTITION"), "{missing}");
    cluster.run(&["consume", "plain", "--group", "classic", "--until-end"]);
    let classic = cluster.fail(&["consume", "plain", "--share", "classic", "--idle", "1"]);
    assert!(classic.contains("group classic"), "{classic}");
    let reset = ["group", "reset", "classic", "--share", "--topic", "plain", "--to", "end"];
    let classic = cluster.fail(&reset);
    assert!(classic.contains("not a share group"), "{classic}");
    for more in [&["--until-end"][..], &["--from", "end"], &["--group", "g"], &["--uncommitted"]] {
        let output = cluster.output(&[&["consume", "plain", "--share", "s"][..], more].concat());
        assert_eq!(output.status.code(), Some(2), "{more:?}");
    }
}

fn story(cluster: &Cluster) {
    few(cluster);
    placed(cluster);
    shared(cluster);
    interrupted(cluster);
    refused(cluster);
}

#[test]
fn share_groups_are_read_on_ottla() {
    let ottla = Ottla::start(&[]).unwrap();
    story(&Cluster(ottla.bootstrap()));
}

#[test]
fn share_groups_are_read_on_apache_kafka() {
    let kafka = ApacheKafka::start(&[]).unwrap();
    story(&Cluster(kafka.bootstrap()));
}

#[test]
fn without_a_record_for_so_long_every_consumer_ends() {
    let ottla = Ottla::start(&["group.initial.rebalance.delay.ms=0"]).unwrap();
    let cluster = Cluster(ottla.bootstrap());
    cluster.run(&["topic", "create", "t", "--partitions", "1"]);
    produce(&cluster, "t", ["a".to_owned()]);
    for how in [&[][..], &["--group", "g"]] {
        let printed = cluster.run(&[&["consume", "t", "--idle", "1"][..], how].concat());
        assert_eq!(printed, "a\n", "{how:?}");
    }
}

#[test]
fn a_member_goes_on_when_its_broker_was_killed() {
    let mut ottla = Ottla::start(&[]).unwrap();
    let cluster = Cluster(ottla.bootstrap());
    cluster.run(&["topic", "create", "t", "--partitions", "2"]);
    begin(&cluster, "s");
    let mut reader = spawn(&cluster, &["consume", "t", "--share", "s"]);
    let mut printed = BufReader::new(reader.stdout.take().unwrap());
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for round in 0..3 {
        let lines: Vec<String> = (0..100).map(|number| format!("{round}-{number}")).collect();
        produce(&cluster, "t", lines.iter().cloned());
        while lines.iter().any(|line| !seen.contains_key(line)) {
            let mut line = String::new();
            assert_ne!(printed.read_line(&mut line).unwrap(), 0, "{:?}", reader.try_wait());
            *seen.entry(line.trim_end().to_owned()).or_default() += 1;
        }
        if round < 2 {
            ottla.kill().unwrap();
            ottla.restart().unwrap();
        }
    }
    testkit::Step::new("kill").args(["-TERM", &reader.id().to_string()]).run().unwrap();
    assert!(reader.wait_with_output().unwrap().status.success());
    assert_eq!(seen.len(), 300, "{seen:?}");
    wait_for(&cluster, "s", |group| lag(group) == Some(0));
}
