//! The same requests to Apache Kafka and Ottla, at least one accepted and one refused for each API and version that a
//! single node needs.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a test")]

mod brokers;
mod consumer_groups;
mod group_records;
mod groups;
mod partitions;
mod settings;
mod share_groups;
mod streams_groups;
mod topics;
mod transactions;
mod uniform;

use testkit::compare::Comparison;
use testkit::{ApacheKafka, Ottla};

const SETTINGS: &[&str] = &[
    "group.initial.rebalance.delay.ms=0",
    // Assignments are there at once, in the answer to the request that asks for them.
    "group.consumer.assignment.interval.ms=0",
    "group.consumer.assignor.offload.enable=false",
    // Apache Kafka looks for transactions that are open for too long so often.
    "transaction.abort.timed.out.transaction.cleanup.interval.ms=100",
    "group.streams.assignment.interval.ms=0",
    "group.streams.assignor.offload.enable=false",
    "group.streams.initial.rebalance.delay.ms=0",
    "num.partitions=2",
    "node.id=1",
];

#[test]
fn answers_are_those_of_apache_kafka() {
    let kafka = ApacheKafka::start(SETTINGS).expect("Apache Kafka");
    // Another address can stand in for Ottla, to see that the cases themselves are steady.
    let other = std::env::var("COMPARE_WITH").ok();
    let ottla = other.is_none().then(|| Ottla::start(SETTINGS).expect("Ottla"));
    let address = other.unwrap_or_else(|| ottla.as_ref().expect("Ottla").bootstrap());
    let mut comparison = Comparison::new(kafka.bootstrap(), address);
    type Part = fn(&mut Comparison) -> Result<(), testkit::Failed>;
    let parts: [(&str, Part); 9] = [
        ("brokers", brokers::compare),
        ("topics", topics::compare),
        ("settings", settings::compare),
        ("partitions", partitions::compare),
        ("groups", groups::compare),
        ("consumer groups", consumer_groups::compare),
        ("transactions", transactions::compare),
        ("streams groups", streams_groups::compare),
        ("uniform", uniform::compare),
    ];
    // One part alone, for those who work on it.
    let only = std::env::var("COMPARE_ONLY").ok();
    let parts = parts.iter().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name));
    for (name, part) in parts {
        // What stops one part is a difference too; the others still say theirs.
        if let Err(error) = part(&mut comparison) {
            comparison.note(name, &String::new(), &error.to_string());
        }
    }
    finish(comparison);
}

#[test]
fn ids_whose_epochs_are_used_up_are_those_of_apache_kafka() {
    let kafka = ApacheKafka::start(SETTINGS).expect("Apache Kafka");
    let ottla = Ottla::start(SETTINGS).expect("Ottla");
    let mut comparison = Comparison::new(kafka.bootstrap(), ottla.bootstrap());
    if let Err(error) = transactions::compare_exhausted(&mut comparison) {
        comparison.note("epochs", &String::new(), &error.to_string());
    }
    finish(comparison);
}

#[test]
fn records_that_internal_topics_do_not_hold_are_refused_as_by_apache_kafka() {
    let own = [
        "transaction.state.log.num.partitions=1",
        "share.coordinator.state.topic.num.partitions=1",
        "share.coordinator.append.linger.ms=0",
        "group.share.assignment.interval.ms=0",
        "group.share.assignor.offload.enable=false",
    ];
    let settings = [SETTINGS, &own].concat();
    let kafka = ApacheKafka::start(&settings).expect("Apache Kafka");
    let ottla = Ottla::start(&settings).expect("Ottla");
    let mut comparison = Comparison::new(kafka.bootstrap(), ottla.bootstrap());
    type Part = fn(&mut Comparison) -> Result<(), testkit::Failed>;
    let parts: [(&str, Part); 2] = [
        ("transactions", transactions::compare_too_large),
        ("share groups", share_groups::compare_too_large),
    ];
    for (name, part) in parts {
        if let Err(error) = part(&mut comparison) {
            comparison.note(name, &String::new(), &error.to_string());
        }
    }
    finish(comparison);
}

#[test]
fn share_groups_answer_as_those_of_apache_kafka() {
    let own = [
        "group.share.assignment.interval.ms=0",
        "group.share.assignor.offload.enable=false",
        "group.share.min.record.lock.duration.ms=1000",
        // All states lie in one partition, whatever ids the topics have.
        "share.coordinator.state.topic.num.partitions=1",
        "share.coordinator.append.linger.ms=0",
        // Records have the times of a fixed day: nothing is to be deleted for its age while the test runs.
        "log.retention.ms=-1",
    ];
    let settings = [SETTINGS, &own].concat();
    let kafka = ApacheKafka::start(&settings).expect("Apache Kafka");
    let ottla = Ottla::start(&settings).expect("Ottla");
    let mut comparison = Comparison::new(kafka.bootstrap(), ottla.bootstrap());
    if let Err(error) = share_groups::compare(&mut comparison) {
        comparison.note("share groups", &String::new(), &error.to_string());
    }
    let (differences, counts) = comparison.finish();
    println!("{counts}");
    let is_of = |known: &(&str, &str), text: &str| text.starts_with(known.0);
    let known = || share_groups::KNOWN.iter().chain(share_groups::SELDOM);
    let (known, others): (Vec<String>, Vec<String>) =
        differences.into_iter().partition(|text| known().any(|known| is_of(known, text)));
    println!("{} are known, see share_groups::KNOWN", known.len());
    if std::env::var("COMPARE_KNOWN").is_ok() {
        println!("{}", known.join("\n"));
    }
    assert!(others.is_empty(), "{counts}\n{}", others.join("\n"));
    // One part alone does not come to all of them.
    if std::env::var("COMPARE_PART").is_err() {
        let gone = |one: &&(&str, &str)| !known.iter().any(|text| is_of(one, text));
        let gone: Vec<_> = share_groups::KNOWN.iter().filter(gone).map(|one| one.0).collect();
        assert!(gone.is_empty(), "{gone:?} do not differ any more");
    }
}

#[test]
fn groups_change_their_type_under_each_policy_as_apache_kafka_lets_them() {
    let mut all = Vec::new();
    for policy in ["disabled", "upgrade", "downgrade"] {
        let setting = format!("group.consumer.migration.policy={policy}");
        let settings: Vec<&str> = SETTINGS.iter().copied().chain([setting.as_str()]).collect();
        let kafka = ApacheKafka::start(&settings).expect("Apache Kafka");
        let ottla = Ottla::start(&settings).expect("Ottla");
        let mut comparison = Comparison::new(kafka.bootstrap(), ottla.bootstrap());
        if let Err(error) = consumer_groups::migrations(&mut comparison) {
            comparison.note(policy, &String::new(), &error.to_string());
        }
        let (differences, counts) = comparison.finish();
        println!("{policy}: {counts}");
        all.extend(differences.into_iter().map(|difference| format!("{policy}: {difference}")));
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

fn finish(comparison: Comparison) {
    let (differences, counts) = comparison.finish();
    println!("{counts}");
    assert!(differences.is_empty(), "{counts}\n{}", differences.join("\n"));
}
