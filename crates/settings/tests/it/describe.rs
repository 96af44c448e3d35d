use settings::{BrokerConfig, Described, Source, Synonym};

use crate::{node, raw};

fn find(described: Vec<Described>, name: &str) -> Described {
    described.into_iter().find(|entry| entry.name == name).expect("the setting is described")
}

fn synonym(name: &str, value: &str, source: Source) -> Synonym {
    Synonym { name: name.to_owned(), value: Some(value.to_owned()), source }
}

fn with_layers() -> BrokerConfig {
    let config =
        node(&[("log.retention.hours", "48"), ("log.segment.bytes", "2000000")]).expect("fits");
    let (config, _) = config.with_dynamic(
        &raw(&[("log.segment.bytes", "3000000"), ("message.max.bytes", " 77 ")]),
        &raw(&[("log.segment.bytes", "4000000")]),
    );
    config
}

#[test]
fn every_place_that_gives_a_value_is_named_the_winner_first() {
    let entry = find(with_layers().describe_broker(), "log.segment.bytes");
    assert_eq!(entry.value.as_deref(), Some("4000000"));
    assert_eq!(entry.source, Source::DynamicBroker);
    assert!(!entry.read_only);
    assert_eq!(
        entry.synonyms,
        [
            synonym("log.segment.bytes", "4000000", Source::DynamicBroker),
            synonym("log.segment.bytes", "3000000", Source::DynamicDefaultBroker),
            synonym("log.segment.bytes", "2000000", Source::StaticBroker),
            synonym("log.segment.bytes", "1073741824", Source::Default),
        ]
    );
}

#[test]
fn a_topic_names_its_own_value_before_its_brokers() {
    let own = raw(&[("segment.bytes", "5000000")]);
    let entry = find(with_layers().describe_topic(&own).expect("fits"), "segment.bytes");
    assert_eq!(entry.value.as_deref(), Some("5000000"));
    assert_eq!(entry.source, Source::Topic);
    assert_eq!(entry.synonyms.first(), Some(&synonym("segment.bytes", "5000000", Source::Topic)));
    assert_eq!(entry.synonyms.len(), 5);
    let entry = find(with_layers().describe_topic(&raw(&[])).expect("fits"), "max.message.bytes");
    assert_eq!(entry.value.as_deref(), Some("77"));
    assert_eq!(entry.source, Source::DynamicDefaultBroker);
}

#[test]
fn a_setting_without_a_value_has_no_synonyms() {
    let entry = find(node(&[]).expect("fits").describe_broker(), "log.retention.ms");
    assert_eq!((entry.value, entry.source), (None, Source::Default));
    assert_eq!(entry.synonyms, []);
    let hours = find(node(&[]).expect("fits").describe_broker(), "log.retention.hours");
    assert_eq!(hours.synonyms, [synonym("log.retention.hours", "168", Source::Default)]);
}

#[test]
fn secrets_and_unknown_names_show_no_value() {
    let config =
        node(&[("ssl.key.password", "hush"), ("my.own.plugin.setting", "x")]).expect("fits");
    for name in ["ssl.key.password", "my.own.plugin.setting"] {
        let entry = find(config.describe_broker(), name);
        assert!(entry.is_sensitive);
        assert_eq!(entry.value, None);
        assert!(entry.synonyms.iter().all(|synonym| synonym.value.is_none()));
    }
}

#[test]
fn settings_for_kafkas_own_tests_are_not_described_unless_set() {
    let described = |pairs: &[(&str, &str)]| {
        let all = node(pairs).expect("fits").describe_broker();
        all.iter().any(|entry| entry.name == "log.initial.task.delay.ms")
    };
    assert!(!described(&[]));
    assert!(described(&[("log.initial.task.delay.ms", "5")]));
}

#[test]
fn the_nameless_broker_describes_only_what_was_set_for_all() {
    let described = with_layers().describe_all_brokers();
    let names: Vec<&str> = described.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["log.segment.bytes", "message.max.bytes"]);
    for entry in described {
        assert_eq!(entry.source, Source::DynamicDefaultBroker);
        assert_eq!(entry.synonyms.len(), 1);
    }
}
