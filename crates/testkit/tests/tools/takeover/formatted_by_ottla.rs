//! A directory that Ottla made under Apache Kafka's own `server.properties`, and one with a feature that Ottla does not know.

use testkit::{ApacheKafka, Ottla};

use super::features;
use super::hand::Hand;
use super::raw::RawProducer;

const SETTINGS: &[&str] = &["group.initial.rebalance.delay.ms=0", "num.partitions=1"];

#[test]
fn what_ottla_formats_goes_to_apache_kafka_and_back_and_a_feature_that_is_too_new_is_lowered_first()
{
    let mut kafka = ApacheKafka::unformatted(SETTINGS).expect("settings");
    kafka.override_setting("unstable.feature.versions.enable=true");
    let address = kafka.bootstrap();
    let mut ottla = Ottla::start_for(&kafka).expect("Ottla in an empty directory");
    let mut hand = Hand::start(&address);
    hand.ask("topic made 1");
    hand.ask("send one made 500");
    let mut producer = RawProducer::new(&address, "made");
    producer.send(&address);
    let mut seen = hand.ask("group classic readers made 200");
    let quorum = hand.ask("quorum");
    let records = hand.read(&["made"]);
    ottla.stop().expect("a stop");

    kafka.restart().expect("Apache Kafka in a directory that Ottla formatted");
    assert_eq!(hand.ask("quorum"), quorum);
    assert_eq!(hand.read(&["made"]), records);
    producer.go_on(&address);
    hand.ask("send one made 100");
    seen.extend(hand.ask("group classic readers made 200"));
    features(&address, &["upgrade", "--feature", "metadata.version=34"]);
    kafka.stop().expect("a stop");

    let said = Ottla::refused_for(&kafka).expect("Ottla must not open it");
    assert!(said.contains("metadata.version at level 34"), "{said}");
    let command = said.split_once("HOST:PORT ").and_then(|(_, rest)| rest.split_once('`'));
    let command: Vec<&str> = command.expect("a command").0.split(' ').collect();
    kafka.restart().expect("Apache Kafka on what Ottla refused");
    features(&address, &command);
    kafka.stop().expect("a stop");

    ottla.restart().expect("Ottla with the feature lowered");
    producer.go_on(&address);
    hand.ask("send one made 100");
    seen.extend(hand.ask("group classic readers made 200"));
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((seen.len(), count), (600, 600), "records are read once");
}
