//! One data directory under one `server.properties`, now of Apache Kafka, now of Ottla.

mod as_shipped;
mod formatted_by_ottla;
pub(crate) mod hand;
mod raw;
mod share_groups;
mod unclean;

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

use testkit::{ApacheKafka, Ottla, Step, program};

use crate::dump::{dump, files, java};

const SETTINGS: &[&str] = &[
    "group.initial.rebalance.delay.ms=0",
    "log.segment.bytes=1048576",
    "log.index.interval.bytes=1024",
    "num.partitions=2",
    "metadata.log.max.record.bytes.between.snapshots=1500",
];
const CODECS: &[&str] = &["none", "gzip", "snappy", "lz4", "zstd"];
/// Records of a topic in each part of its life.
const PART: usize = 6_000;
/// Of the group, in each.
const READ: usize = 400;

fn topic(codec: &str) -> String {
    format!("over-{codec}")
}

fn lines(part: usize) -> Vec<String> {
    (0..PART).map(|at| format!("{part}-{at} {}", "some words ".repeat(at % 40))).collect()
}

/// One part of each topic.
fn produce(address: &str, part: usize) {
    for codec in CODECS {
        let mut child = Command::new(program().expect("the program"))
            .args(["produce", &topic(codec), "--codec", codec, "-q", "--bootstrap", address])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("a producer");
        let mut input = child.stdin.take().expect("its input");
        input.write_all((lines(part).join("\n") + "\n").as_bytes()).expect("write");
        drop(input);
        assert!(child.wait().expect("its end").success(), "produce part {part} with {codec}");
    }
}

fn consume(address: &str, topic: &str, more: &[&str]) -> Vec<String> {
    let printed = Step::new(program().expect("the program"))
        .args(["consume", topic, "--bootstrap", address])
        .args(more)
        .run()
        .expect("consume");
    printed.lines().map(str::to_owned).collect()
}

/// All parts of all topics are there, each record once.
fn check(address: &str, parts: usize) {
    let mut expected: Vec<String> = (0..parts).flat_map(lines).collect();
    expected.sort();
    for codec in CODECS {
        let mut read = consume(address, &topic(codec), &["--from", "beginning", "--until-end"]);
        read.sort();
        assert!(read == expected, "{codec}: {} of {} records", read.len(), expected.len());
    }
}

/// What the group reads next; none of it was read before.
fn read_on(address: &str, seen: &mut BTreeSet<String>) {
    let count = READ.to_string();
    let more = ["--group", "over", "--from", "beginning", "--count", &count];
    for line in consume(address, &topic("lz4"), &more) {
        assert!(seen.insert(line.clone()), "the group read it before: {line}");
    }
}

/// Runs `kafka-features.sh` with these words.
fn features(address: &str, words: &[&str]) -> String {
    let arguments = [&["--bootstrap-server", address], words].concat();
    java("org.apache.kafka.tools.FeatureCommand", &arguments).expect("kafka-features.sh")
}

/// Apache's dump tool has nothing to complain about.
fn check_files(kafka: &ApacheKafka) {
    let data = kafka.data();
    let logs: Vec<_> = files(&data, "over-", "log");
    assert!(logs.len() > 2 * CODECS.len(), "no segments were rolled: {logs:?}");
    dump(&logs, &["--deep-iteration"]);
    for extension in ["index", "timeindex", "snapshot"] {
        dump(&files(&data, "over-", extension), &[]);
    }
    dump(&files(&data, "__cluster_metadata-", "log"), &["--cluster-metadata-decoder"]);
}

/// The voters stand in the settings, and the metadata is of an older release: at first.
#[test]
fn a_data_directory_goes_from_apache_kafka_to_ottla_and_back_with_all_that_is_in_it() {
    let mut kafka = ApacheKafka::start_at_release("3.9", SETTINGS).expect("Apache Kafka");
    let address = kafka.bootstrap();
    let mut seen = BTreeSet::new();
    produce(&address, 0);
    read_on(&address, &mut seen);
    kafka.stop().expect("a stop");

    let mut ottla = Ottla::start_for(&kafka).expect("Ottla on Apache Kafka's directory");
    check(&address, 1);
    read_on(&address, &mut seen);
    produce(&address, 1);
    check(&address, 2);
    ottla.stop().expect("a stop");
    check_files(&kafka);

    kafka.restart().expect("Apache Kafka on Ottla's directory");
    check(&address, 2);
    read_on(&address, &mut seen);
    produce(&address, 2);
    features(&address, &["upgrade", "--feature", "kraft.version=1"]);
    kafka.stop().expect("a stop");

    ottla.restart().expect("Ottla once more");
    check(&address, 3);
    read_on(&address, &mut seen);
    produce(&address, 3);
    ottla.kill().expect("kill -9");

    let said = kafka.refused().expect("Apache Kafka must not open what is not drained");
    assert!(said.contains("ottla.wal-not-drained"), "it does not say why: {said}");
    let drained = Step::new(program().expect("the program"))
        .args(["log", "drain"])
        .args([kafka.data()])
        .run()
        .expect("drain");
    assert!(drained.contains("drained"), "{drained}");
    check_files(&kafka);
    kafka.restart().expect("Apache Kafka on the drained directory");
    check(&address, 4);
    read_on(&address, &mut seen);
    assert_eq!(seen.len(), 5 * READ);
}
