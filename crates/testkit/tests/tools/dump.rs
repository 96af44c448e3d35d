use std::fs;
use std::path::{Path, PathBuf};

use testkit::{ApacheKafka, Failed, Ottla, Step, class_path};

/// What Apache's tools are run with here: segments that roll, and index entries that are close together.
const SETTINGS: &[&str] = &[
    "group.initial.rebalance.delay.ms=0",
    "log.segment.bytes=1048576",
    "log.index.interval.bytes=1024",
    "num.partitions=2",
];
const CODECS: &[&str] = &["none", "gzip", "snappy", "lz4", "zstd"];

/// Words with which the dump tool complains.
const COMPLAINTS: &[&str] = &[
    "Mismatch",
    "mismatch",
    "out of order",
    "isvalid: false",
    "Exception",
    "Error",
    "is not a valid",
    "Non-consecutive",
    "non-consecutive",
    "corrupt",
    "Could not",
    "Failed",
];

pub(crate) fn java(class: &str, arguments: &[&str]) -> Result<String, Failed> {
    let path = class_path(&ApacheKafka::tool_jars()?);
    Step::new("java")
        .args(["-Xmx384m", "-XX:TieredStopAtLevel=1", "-cp", &path, class])
        .args(arguments)
        .run()
}

/// Idempotent producers of every codec, and a group that reads and commits.
fn traffic(address: &str) {
    for codec in CODECS {
        let bootstrap = format!("bootstrap.servers={address}");
        let compression = format!("compression.type={codec}");
        let topic = format!("dump-{codec}");
        let arguments = ["--topic", &topic, "--num-records", "12000", "--record-size", "700"];
        let more = ["--throughput", "-1", "--producer-props", &bootstrap, &compression, "acks=all"];
        let arguments = [&arguments[..], &more[..]].concat();
        java("org.apache.kafka.tools.ProducerPerformance", &arguments).expect("produce");
    }
    let arguments = ["--bootstrap-server", address, "--topic", "dump-zstd", "--group", "dump"];
    let more = ["--from-beginning", "--max-messages", "12000", "--timeout-ms", "20000"];
    let arguments = [&arguments[..], &more[..]].concat();
    java("org.apache.kafka.tools.consumer.ConsoleConsumer", &arguments).expect("consume");
}

/// All files of these kinds in the partition directories whose name begins with `prefix`.
pub(crate) fn files(data: &Path, prefix: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for dir in fs::read_dir(data).expect("list").map(|entry| entry.expect("an entry").path()) {
        let is_wanted =
            dir.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix));
        if !is_wanted || !dir.is_dir() {
            continue;
        }
        let inside = fs::read_dir(&dir).expect("list").map(|entry| entry.expect("an entry").path());
        found.extend(inside.filter(|path| path.extension().is_some_and(|e| e == extension)));
    }
    found.sort();
    found
}

/// Dumps files and gives what was printed; a complaint is a failure.
pub(crate) fn dump(files: &[PathBuf], options: &[&str]) -> String {
    assert!(!files.is_empty(), "nothing to dump with {options:?}");
    let list: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let list = list.join(",");
    let arguments = [options, &["--files", &list]].concat();
    let printed = java("org.apache.kafka.tools.DumpLogSegments", &arguments).expect("the dump");
    check(&printed, files, options);
    printed
}

/// Every file was read, and nothing was complained about.
pub(crate) fn check(printed: &str, files: &[PathBuf], options: &[&str]) {
    for file in files {
        assert!(
            printed.contains(&format!("Dumping {}", file.display())),
            "{file:?} is passed over"
        );
    }
    for line in printed.lines().filter(|line| !line.starts_with("Dumping ")) {
        let complaint = COMPLAINTS.iter().find(|complaint| line.contains(**complaint));
        assert!(complaint.is_none(), "{options:?}: {line}");
    }
}

#[test]
fn apache_kafka_reads_every_file_after_a_clean_stop() {
    let mut ottla = Ottla::start(SETTINGS).expect("Ottla");
    traffic(&ottla.bootstrap());
    ottla.stop().expect("a clean stop");
    let data = ottla.data();

    let logs = files(data, "dump-", "log");
    assert!(logs.len() > 3 * CODECS.len(), "no segments were rolled: {logs:?}");
    let printed = dump(&logs, &["--deep-iteration"]);
    for codec in CODECS {
        assert!(printed.contains(&format!("compresscodec: {codec}")), "no batch of {codec}");
    }
    let records = printed.lines().filter(|line| line.starts_with("| offset:")).count();
    assert_eq!(records, 12_000 * CODECS.len(), "records in the dump");
    for extension in ["index", "timeindex"] {
        let printed = dump(&files(data, "dump-", extension), &[]);
        assert!(printed.lines().count() > 100, "no entries in {extension}");
        dump(&files(data, "dump-", extension), &["--index-sanity-check"]);
    }
    let printed = dump(&files(data, "dump-", "snapshot"), &[]);
    assert!(printed.contains("producerId: "), "no producers in the snapshots");

    let offsets: Vec<PathBuf> = files(data, "__consumer_offsets-", "log")
        .into_iter()
        .filter(|file| fs::metadata(file).expect("metadata").len() > 0)
        .collect();
    let printed = dump(&offsets, &["--offsets-decoder"]);
    assert!(printed.contains("\"group\":\"dump\""), "no offsets of the group: {printed}");
    let metadata = files(data, "__cluster_metadata-", "log");
    let printed = dump(&metadata, &["--cluster-metadata-decoder"]);
    assert!(printed.contains("PARTITION_RECORD"), "no partitions in the metadata");
    dump(&files(data, "__cluster_metadata-", "checkpoint"), &["--cluster-metadata-decoder"]);

    for log in logs {
        let epochs = log.with_file_name("leader-epoch-checkpoint");
        let text = fs::read_to_string(&epochs).expect("leader epochs");
        let lines: Vec<&str> = text.lines().collect();
        let count = lines.get(1).and_then(|line| line.parse().ok());
        assert_eq!((lines[0], count), ("0", Some(lines.len() - 2)), "{epochs:?}: {text}");
        assert!(lines.len() > 2, "{epochs:?} knows no epoch");
    }
}
