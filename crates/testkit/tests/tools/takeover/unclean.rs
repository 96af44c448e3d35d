//! A directory that Apache Kafka had no time to leave in order.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::thread;
use std::time::Duration;

use testkit::{ApacheKafka, Ottla};

use super::hand::Hand;

const SETTINGS: &[&str] = &["log.segment.bytes=1048576", "transaction.state.log.num.partitions=2"];

/// The last segment ends with a batch that is not whole.
fn tear(partition: &Path) {
    let entries =
        fs::read_dir(partition).expect("list").map(|entry| entry.expect("an entry").path());
    let logs = entries.filter(|path| path.extension().is_some_and(|kind| kind == "log"));
    let last = logs.max().expect("a segment");
    let bytes = fs::read(&last).expect("read");
    let mut file = OpenOptions::new().append(true).open(last).expect("open");
    file.write_all(&bytes[..bytes.len().min(100)]).expect("append");
}

#[test]
fn what_apache_kafka_acknowledged_before_kill_9_is_on_ottla_and_its_producer_goes_on() {
    let mut kafka = ApacheKafka::start_as_shipped(SETTINGS, &[]).expect("Apache Kafka");
    let mut hand = Hand::start(&kafka.bootstrap());
    hand.ask("topic load 2");
    hand.ask("topic money 1");
    hand.ask("transactions payer money 5");
    let records = hand.read(&["money"]);
    hand.ask("load load");
    thread::sleep(Duration::from_secs(3));
    kafka.kill().expect("kill -9");
    tear(&kafka.data().join("money-0"));

    let mut ottla = Ottla::start_for(&kafka).expect("Ottla on what Apache Kafka left");
    thread::sleep(Duration::from_secs(1));
    let sent = hand.ask("end-load");
    let count: usize = sent[0].parse().expect("a number");
    assert!(count > 10_000, "only {count} records were sent");
    hand.ask(&format!("once load {count}"));
    assert_eq!(hand.read(&["money"]), records);
    ottla.stop().expect("a stop");
    hand.dump_all(&kafka.data());

    kafka.restart().expect("Apache Kafka on Ottla's directory");
    hand.ask(&format!("once load {count}"));
    assert_eq!(hand.read(&["money"]), records);
    // Its coordinator goes on as well.
    hand.ask("transactions payer money 2");
}
