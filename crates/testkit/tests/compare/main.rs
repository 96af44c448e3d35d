//! The same requests to Apache Kafka and Ottla, at least one accepted and one refused for each API and version that a
//! single node needs without transactions, share groups, streams groups and the new consumer protocol.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a test")]

mod brokers;
mod groups;
mod partitions;
mod settings;
mod topics;

use testkit::compare::Comparison;
use testkit::{ApacheKafka, Ottla};

const SETTINGS: &[&str] = &["group.initial.rebalance.delay.ms=0", "num.partitions=2", "node.id=1"];

#[test]
fn answers_are_those_of_apache_kafka() {
    let kafka = ApacheKafka::start(SETTINGS).expect("Apache Kafka");
    // Another address can stand in for Ottla, to see that the cases themselves are steady.
    let other = std::env::var("COMPARE_WITH").ok();
    let ottla = other.is_none().then(|| Ottla::start(SETTINGS).expect("Ottla"));
    let address = other.unwrap_or_else(|| ottla.as_ref().expect("Ottla").bootstrap());
    let mut comparison = Comparison::new(kafka.bootstrap(), address);
    type Part = fn(&mut Comparison) -> Result<(), testkit::Failed>;
    let parts: [(&str, Part); 5] = [
        ("brokers", brokers::compare),
        ("topics", topics::compare),
        ("settings", settings::compare),
        ("partitions", partitions::compare),
        ("groups", groups::compare),
    ];
    for (name, part) in parts {
        // What stops one part is a difference too; the others still say theirs.
        if let Err(error) = part(&mut comparison) {
            comparison.note(name, &String::new(), &error.to_string());
        }
    }
    let (differences, counts) = comparison.finish();
    println!("{counts}");
    assert!(differences.is_empty(), "{counts}\n{}", differences.join("\n"));
}
