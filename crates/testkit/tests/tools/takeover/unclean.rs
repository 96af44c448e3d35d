//! A directory that Apache Kafka had no time to leave in order.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use testkit::{ApacheKafka, Ottla};

use super::hand::Hand;
use crate::dump::files;

const SETTINGS: &[&str] = &[
    "log.dirs={own}/data,{own}/more",
    "log.segment.bytes=1048576",
    "transaction.state.log.num.partitions=2",
];

/// The last segment of a transactional topic, if it is here, ends with a batch that is not whole.
fn tear(dir: &Path) {
    let Some(last) = files(dir, "money-", "log").pop() else { return };
    let bytes = fs::read(&last).expect("read");
    let mut file = OpenOptions::new().append(true).open(last).expect("open");
    file.write_all(&bytes[..bytes.len().min(100)]).expect("append");
}

/// As if the first segment had been compacted, and the process killed before it had its name.
fn interrupt_cleaning(dir: &Path) {
    for kind in ["log", "index", "timeindex"] {
        let first = files(dir, "load-", kind).into_iter().next().expect("a segment");
        fs::rename(&first, first.with_extension(format!("{kind}.swap"))).expect("rename");
    }
}

#[test]
fn what_apache_kafka_acknowledged_before_kill_9_is_on_ottla_and_its_producer_goes_on() {
    let mut kafka = ApacheKafka::start_as_shipped(SETTINGS, &[]).expect("Apache Kafka");
    let mut hand = Hand::start(&kafka.bootstrap());
    hand.ask("topic load 2");
    hand.ask("topic money 2");
    hand.ask("transactions payer money 5");
    let records = hand.read(&["money"]);
    hand.ask("load load");
    let dirs = ["data", "more"].map(|name| kafka.data().with_file_name(name));
    let until = Instant::now() + Duration::from_secs(60);
    while dirs.iter().any(|dir| files(dir, "load-", "log").len() < 3) {
        assert!(Instant::now() < until, "no segments were rolled");
        thread::sleep(Duration::from_millis(20));
    }
    kafka.kill().expect("kill -9");
    dirs.iter().for_each(|dir| tear(dir));
    dirs.iter().for_each(|dir| interrupt_cleaning(dir));

    let mut ottla = Ottla::start_for(&kafka).expect("Ottla on what Apache Kafka left");
    thread::sleep(Duration::from_secs(1));
    let sent = hand.ask("end-load");
    let count: usize = sent[0].parse().expect("a number");
    hand.ask(&format!("once load {count}"));
    assert_eq!(hand.read(&["money"]), records);
    ottla.stop().expect("a stop");
    for dir in dirs {
        hand.dump_all(&dir);
    }

    kafka.restart().expect("Apache Kafka on Ottla's directory");
    hand.ask(&format!("once load {count}"));
    assert_eq!(hand.read(&["money"]), records);
    // Its coordinator goes on as well.
    hand.ask("transactions payer money 2");
}
