use std::collections::BTreeSet;

use settings::{
    DefaultText, Dynamic, Effect, Kind, Setting, Table, broker, client_metrics, group, topic,
};

fn all() -> Vec<&'static Setting> {
    [broker(), topic(), group(), client_metrics()].into_iter().flat_map(Table::iter).collect()
}

fn of_kafka(table: &'static Table) -> usize {
    table.names().filter(|name| !name.starts_with("ottla.")).count()
}

#[test]
fn all_settings_of_kafka_4_4_are_declared() {
    assert_eq!(of_kafka(broker()), 379);
    assert_eq!(of_kafka(topic()), 38);
    assert_eq!(of_kafka(group()), 27);
    assert_eq!(of_kafka(client_metrics()), 3);
    let names: BTreeSet<&str> = all()
        .iter()
        .map(|setting| setting.name)
        .filter(|name| !name.starts_with("ottla."))
        .collect();
    assert_eq!(names.len(), 440, "seven are both a broker's and a topic's");
}

#[test]
fn every_default_is_a_value_that_is_allowed() {
    for setting in all() {
        if let DefaultText::Text(text) = setting.default {
            let parsed = setting.parse(text);
            // Kafka lets a default lie outside the bounds of what may be set: an empty text where none is allowed.
            assert!(parsed.is_ok() || text.is_empty(), "{}: {parsed:?}", setting.name);
            let shown = setting.default_value().map(|value| value.to_string());
            assert_eq!(shown.as_deref(), Some(text), "{} is written as it was read", setting.name);
        }
    }
}

#[test]
fn every_setting_has_a_sentence() {
    for setting in all() {
        assert!(setting.text.len() > 15 && setting.text.ends_with('.'), "{}", setting.name);
    }
}

#[test]
fn what_a_topic_or_group_takes_from_its_broker_exists_and_fits() {
    for setting in [topic(), group()].into_iter().flat_map(Table::iter) {
        for from in setting.from {
            let of_broker =
                broker().find_exact(from).unwrap_or_else(|| panic!("{from} is declared"));
            let numbers = [Kind::Int, Kind::Long];
            let both_numbers = numbers.contains(&of_broker.kind) && numbers.contains(&setting.kind);
            let first_of_list = (of_broker.kind, setting.kind) == (Kind::List, Kind::Text);
            assert!(
                of_broker.kind == setting.kind || both_numbers || first_of_list,
                "{}",
                setting.name
            );
        }
    }
}

#[test]
fn a_java_class_never_has_an_effect() {
    let classes: Vec<&Setting> =
        all().into_iter().filter(|setting| setting.is_java_class()).collect();
    assert_eq!(classes.len(), 26);
    for setting in classes {
        assert_eq!(setting.effect, Effect::NoneYet, "{}", setting.name);
    }
}

#[test]
fn what_counts_at_once_can_be_changed_while_the_broker_runs() {
    for setting in all().into_iter().filter(|setting| setting.effect == Effect::Live) {
        assert_ne!(setting.dynamic, Dynamic::ReadOnly, "{}", setting.name);
    }
}

#[test]
fn a_wrong_value_is_refused_with_setting_value_and_what_is_allowed() {
    let message = |name: &str, value: &str| {
        let setting = broker().find_exact(name).expect("it is declared");
        setting.parse(value).expect_err("the value is wrong").to_string()
    };
    assert_eq!(
        message("num.partitions", "0"),
        "Invalid value 0 for configuration num.partitions: allowed is a whole number from 1"
    );
    assert_eq!(
        message("process.roles", "boss"),
        "Invalid value boss for configuration process.roles: allowed is a list of broker, controller with commas, \
         no item empty or twice, one at least"
    );
    assert_eq!(
        message("auto.create.topics.enable", "yes"),
        "Invalid value yes for configuration auto.create.topics.enable: allowed is true or false"
    );
}

#[test]
fn a_listener_and_a_mechanism_may_stand_before_a_name() {
    let find = |name: &str| broker().find(name).map(|setting| setting.name);
    assert_eq!(find("listener.name.client.ssl.keystore.type"), Some("ssl.keystore.type"));
    assert_eq!(find("listener.name.client.plain.sasl.jaas.config"), Some("sasl.jaas.config"));
    assert_eq!(find("listener.name.client.no.such.setting"), None);
    assert_eq!(find("no.such.setting"), None);
}
