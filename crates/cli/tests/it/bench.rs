//! `ottla bench` against a broker: what it says it did is what the broker holds.

use serde_json::Value;
use testkit::{ApacheKafka, Ottla};

use super::Cluster;

fn bench(cluster: &Cluster, arguments: &[&str]) -> Value {
    let all = [&["bench"], arguments, &["--output", "json"]].concat();
    serde_json::from_str(&cluster.run(&all)).unwrap()
}

fn records_in(cluster: &Cluster, topic: &str) -> usize {
    let count = ["consume", topic, "--from", "beginning", "--until-end", "--with", "offset"];
    cluster.run(&count).lines().count()
}

#[test]
fn every_record_that_a_bench_counts_is_in_the_topic() {
    let ottla = Ottla::start(&[]).unwrap();
    let cluster = Cluster(ottla.bootstrap());
    for (topic, preset) in [("a", "16x5"), ("b", "32x5"), ("c", "32x1"), ("d", "open")] {
        let told = bench(&cluster, &["produce", topic, "--preset", preset, "--records", "960"]);
        assert_eq!(told["records"], 960, "{told}");
        assert_eq!(told["open_loop"], preset == "open");
        assert_eq!(records_in(&cluster, topic), 960, "{preset}");
    }
}

#[test]
fn apache_kafka_takes_the_same_requests() {
    let kafka = ApacheKafka::start(&[]).unwrap();
    let cluster = Cluster(kafka.bootstrap());
    for (topic, preset) in [("a", "16x5"), ("b", "open")] {
        let told = bench(&cluster, &["produce", topic, "--preset", preset, "--records", "960"]);
        assert_eq!(told["broker"]["pids"][0], kafka.pid(), "{told}");
        assert_eq!(records_in(&cluster, topic), 960, "{preset}");
    }
    let told = bench(&cluster, &["fetch", "a", "--requests", "40", "--connections", "2"]);
    assert_eq!(told["requests"], 40, "{told}");
    assert!(told["received_bytes"].as_u64() > Some(40 * 16_000), "{told}");
}

#[test]
fn acks_0_is_counted_when_the_broker_has_taken_all() {
    let ottla = Ottla::start(&[]).unwrap();
    let cluster = Cluster(ottla.bootstrap());
    let arguments = ["produce", "t", "--acks", "0", "--records", "5000", "--connections", "3"];
    let told = bench(&cluster, &arguments);
    let records = told["records"].as_u64().unwrap();
    assert!((5_000..5_500).contains(&records), "{told}");
    assert_eq!(told["received_bytes"].as_u64().map(|bytes| bytes > 0), Some(true), "{told}");
    assert_eq!(u64::try_from(records_in(&cluster, "t")).unwrap(), records);
}

#[test]
fn the_broker_on_this_machine_is_found_and_its_use_is_told() {
    let ottla = Ottla::start(&[]).unwrap();
    let cluster = Cluster(ottla.bootstrap());
    let told = bench(&cluster, &["produce", "t", "--records", "20000", "--partitions", "2"]);
    assert_eq!(told["broker"]["pids"][0], ottla.pid(), "{told}");
    assert!(told["broker"]["resident_bytes"].as_u64().unwrap() > 1 << 20, "{told}");
    assert!(told["broker"]["cpu_seconds_per_gb"].is_number(), "{told}");
    assert!(told["broker"]["cpu_seconds_per_million_requests"].is_number(), "{told}");
    let own = std::process::id().to_string();
    let given = bench(&cluster, &["produce", "t", "--records", "1000", "--pid", &own]);
    assert_eq!(given["broker"]["pids"][0], std::process::id());
}

#[test]
fn a_fetch_counts_the_records_of_its_answers() {
    let ottla = Ottla::start(&[]).unwrap();
    let cluster = Cluster(ottla.bootstrap());
    let produce = ["produce", "t", "--records", "20000", "--partitions", "2", "--connections", "2"];
    let produced = bench(&cluster, &produce)["records"].as_u64().unwrap();
    // Answers of the whole topic, then the first of each partition once more.
    let small = ["fetch", "t", "--connections", "2", "--fetch-bytes", "20000"];
    let fetches = bench(&cluster, &[&small[..], &["--requests", "1"]].concat());
    assert!(fetches["records"].as_u64().unwrap() < 400, "{fetches}");
    let large = ["fetch", "t", "--connections", "2", "--fetch-bytes", "100000000"];
    let all = bench(&cluster, &[&large[..], &["--requests", "2", "--seconds", "60"]].concat());
    assert_eq!(all["requests"], 2, "{all}");
    let told = all["records"].as_u64().unwrap();
    // Which connection sends the second request is chance: each reads half of the topic.
    assert!(told.abs_diff(produced) < produced / 50, "{told} of {produced}");
    assert!(all["bytes"].as_u64().unwrap() > produced * 100);
    let open = bench(&cluster, &[&small[..], &["--rate", "200", "--seconds", "1"]].concat());
    assert_eq!(open["open_loop"], true);
    assert!((150..=202).contains(&open["requests"].as_u64().unwrap()), "{open}");
}

#[test]
fn what_cannot_be_measured_is_said_in_one_line() {
    let ottla = Ottla::start(&["auto.create.topics.enable=false"]).unwrap();
    let cluster = Cluster(ottla.bootstrap());
    cluster.run(&["topic", "create", "empty"]);
    let error = cluster.fail(&["bench", "fetch", "empty"]);
    assert!(error.contains("fill it with 'ottla bench produce'"), "{error}");
    let error = cluster.fail(&["bench", "fetch", "missing"]);
    assert_eq!(error.lines().count(), 1, "{error}");
    let large = ["bench", "produce", "empty", "--record-size", "3000000", "--records", "1"];
    let error = cluster.fail(&large);
    assert!(error.contains("MESSAGE_TOO_LARGE") || error.contains("too large"), "{error}");
}
