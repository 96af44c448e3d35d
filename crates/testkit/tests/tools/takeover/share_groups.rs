//! A share group goes on where it was, whoever opens the directory: what was decided stays decided, what was released comes
//! again, with the number of its deliveries.

use std::collections::BTreeMap;

use testkit::{ApacheKafka, Ottla, Step, program};

use super::hand::Hand;

const SETTINGS: &[&str] = &[
    "group.initial.rebalance.delay.ms=0",
    "share.coordinator.state.topic.num.partitions=2",
    // So that there are both kinds of records: states written whole, and changes of them.
    "share.coordinator.snapshot.update.records.per.snapshot=5",
];
/// Records of each partition in each part.
const PART: usize = 120;
const GROUP: &str = "workers";
const TOPIC: &str = "work";

/// What members were given and said, by partition and offset: deliveries, and the last word.
#[derive(Default)]
struct Worked(BTreeMap<(i32, i64), (i16, String)>);

impl Worked {
    /// A member works on so many records. None of them was decided before, and each delivery is counted.
    fn go_on(&mut self, hand: &mut Hand, count: usize) {
        let lines = hand.ask(&format!("work {GROUP} {TOPIC} {count}"));
        assert!(lines.len() >= count, "{lines:?}");
        for line in lines {
            let words: Vec<&str> = line.split(' ').collect();
            let number = |at: usize| words[at].parse::<i64>().expect("a number");
            let key = (i32::try_from(number(0)).expect("a partition"), number(1));
            let deliveries = i16::try_from(number(2)).expect("a count");
            let before = self.0.insert(key, (deliveries, words[3].to_owned()));
            let (earlier, word) = before.unwrap_or_else(|| (0, "release".to_owned()));
            assert_eq!(word, "release", "{line} was decided before");
            assert_eq!(deliveries, earlier + 1, "{line} after {earlier} deliveries");
        }
    }

    fn open_count(&self) -> usize {
        self.0.values().filter(|(_, word)| word == "release").count()
    }
}

/// Stops all that writes, and looks whether Apache's own tool can read every record.
fn dumped(hand: &mut Hand, kafka: &ApacheKafka) {
    let counts = hand.dump_all(&kafka.data());
    assert!(counts.values().all(|count| *count > 0), "{counts:?}");
}

#[test]
fn share_groups_go_from_apache_kafka_to_ottla_and_back() {
    let mut kafka = ApacheKafka::start_as_shipped(SETTINGS, &[]).expect("Apache Kafka");
    let mut hand = Hand::start(&kafka.bootstrap());
    let mut worked = Worked::default();
    hand.ask(&format!("topic {TOPIC} 2"));
    hand.ask(&format!("group-config {GROUP} share.auto.offset.reset earliest"));
    hand.ask(&format!("group-config {GROUP} share.delivery.count.limit 10"));
    hand.ask(&format!("send one {TOPIC} {}", 2 * PART));
    worked.go_on(&mut hand, PART);
    let stands = hand.ask(&format!("stands {GROUP}"));
    assert!(!stands.is_empty(), "it stands nowhere");
    kafka.stop().expect("a stop");

    let mut ottla = Ottla::start_for(&kafka).expect("Ottla on Apache Kafka's directory");
    assert_eq!(hand.ask(&format!("stands {GROUP}")), stands, "on Ottla");
    worked.go_on(&mut hand, PART / 2);
    hand.ask(&format!("send one {TOPIC} {}", 2 * PART));
    worked.go_on(&mut hand, PART);
    let stands = hand.ask(&format!("stands {GROUP}"));
    ottla.stop().expect("a stop");
    dumped(&mut hand, &kafka);

    kafka.restart().expect("Apache Kafka on Ottla's directory");
    assert_eq!(hand.ask(&format!("stands {GROUP}")), stands, "on Apache Kafka");
    worked.go_on(&mut hand, PART);
    let stands = hand.ask(&format!("stands {GROUP}"));
    kafka.kill().expect("kill -9");

    ottla.restart().expect("Ottla after a crash of Apache Kafka");
    assert_eq!(hand.ask(&format!("stands {GROUP}")), stands, "on Ottla again");
    worked.go_on(&mut hand, PART / 2);
    let stands = hand.ask(&format!("stands {GROUP}"));
    ottla.kill().expect("kill -9");
    Step::new(program().expect("the program"))
        .args(["log", "drain"])
        .args([kafka.data()])
        .run()
        .expect("drain");
    dumped(&mut hand, &kafka);

    kafka.restart().expect("Apache Kafka at last");
    assert_eq!(hand.ask(&format!("stands {GROUP}")), stands, "on Apache Kafka at last");
    // All that is left: what was never given out, and what was released and not decided since.
    while worked.0.len() < 4 * PART || worked.open_count() > 0 {
        worked.go_on(&mut hand, 1);
    }
    assert_eq!(worked.0.len(), 4 * PART, "each record was given out");
    assert!(worked.0.values().any(|(deliveries, _)| *deliveries == 3), "some came three times");
}
