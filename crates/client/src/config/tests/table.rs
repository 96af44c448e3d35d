//! Every row of the table: what it is, and that it does what it says.

use std::collections::BTreeSet;

use crate::config::declared::STREAMS;
use crate::{ConfigError, Kind, Properties, Role, Setting, Support};

const ROLES: [Role; 3] = [Role::Producer, Role::Consumer, Role::Admin];

fn rows() -> impl Iterator<Item = (Role, &'static Setting)> {
    ROLES.into_iter().flat_map(|role| Properties::settings(role).map(move |it| (role, it)))
}

/// The typed settings of a client, as text.
fn typed(role: Role, given: &[(&str, &str)]) -> Result<String, ConfigError> {
    let required = match role {
        Role::Consumer => vec![("bootstrap.servers", "a:1"), ("group.id", "g"), ("client.id", "c")],
        Role::Producer | Role::Admin => vec![("bootstrap.servers", "a:1"), ("client.id", "c")],
    };
    let properties = Properties::new(role, required.iter().chain(given).copied())?;
    let client = properties.client()?;
    Ok(match role {
        Role::Producer => {
            let (producer, transactions) = (properties.producer()?, properties.transactions()?);
            format!("{client:?} {producer:?} {transactions:?}")
        }
        Role::Consumer => {
            let topics = vec!["t".to_owned()];
            format!("{client:?} {:?} {:?}", properties.consumer()?, properties.group(topics)?)
        }
        Role::Admin => format!("{client:?}"),
    })
}

/// A value that is allowed, is not the default, and contradicts nothing but its companions.
fn other_value(name: &str) -> (&'static str, &'static [(&'static str, &'static str)]) {
    match name {
        "acks" => ("1", &[]),
        "auto.offset.reset" => ("by_duration:PT1H", &[]),
        "bootstrap.servers" => ("b:2,c:3", &[]),
        "client.id" => ("other", &[]),
        "compression.type" => ("lz4", &[]),
        "compression.gzip.level" => ("7", &[("compression.type", "gzip")]),
        "compression.lz4.level" => ("11", &[("compression.type", "lz4")]),
        "compression.zstd.level" => ("-5", &[("compression.type", "zstd")]),
        "group.id" => ("other", &[]),
        "group.protocol" => ("consumer", &[]),
        "group.remote.assignor" => ("range", &[("group.protocol", "consumer")]),
        "group.instance.id" => ("one", &[]),
        "isolation.level" => ("read_committed", &[]),
        "metadata.recovery.strategy" => ("NONE", &[]),
        "max.in.flight.requests.per.connection" => ("3", &[]),
        "delivery.timeout.ms" => ("123456", &[]),
        "session.timeout.ms" | "request.timeout.ms" => ("12345", &[]),
        "transactional.id" => ("orders", &[]),
        "transaction.timeout.ms" => ("77", &[("transactional.id", "orders")]),
        "metadata.max.idle.ms" => ("5001", &[]),
        "partition.assignment.strategy" => ("cooperative-sticky", &[]),
        "partitioner.class" => ("consistent", &[]),
        _ => ("77", &[]),
    }
}

#[test]
fn every_default_is_a_value_of_its_setting() {
    for (role, setting) in rows() {
        let Some(default) = setting.default else { continue };
        let value = setting.default_value();
        assert!(value.is_some(), "{role:?} {}: {default}", setting.name);
        let honest = Setting { support: Support::Honoured, ..*setting };
        assert_eq!(honest.parse(default).ok(), value, "{role:?} {}", setting.name);
    }
}

#[test]
fn no_setting_is_declared_twice_for_one_client() {
    for role in ROLES {
        let names: Vec<_> = Properties::settings(role).map(|it| it.name).collect();
        let distinct: BTreeSet<_> = names.iter().collect();
        assert_eq!(names.len(), distinct.len(), "{role:?}");
        assert!(STREAMS.iter().all(|name| !distinct.contains(name)));
    }
}

#[test]
fn every_client_of_kafka_4_4_has_all_its_settings() {
    let count = |role| Properties::settings(role).count();
    assert_eq!(count(Role::Producer), 120);
    assert_eq!(count(Role::Consumer), 120);
    assert_eq!(count(Role::Admin), 95);
    assert_eq!(STREAMS.len(), 54);
}

#[test]
fn every_setting_that_is_honoured_changes_what_the_client_does() {
    for (role, setting) in rows().filter(|(_, it)| it.support == Support::Honoured) {
        let (value, with) = match (setting.kind, setting.default) {
            (Kind::Boolean, Some("true")) => ("false", &[][..]),
            (Kind::Boolean, _) => ("true", &[][..]),
            _ => other_value(setting.name),
        };
        let name = setting.name;
        let before = typed(role, with).unwrap();
        let mut given = with.to_vec();
        given.push((name, value));
        let after = typed(role, &given).unwrap_or_else(|error| panic!("{role:?} {name}: {error}"));
        assert_ne!(before, after, "{role:?} {name}={value} changes nothing");
    }
}

#[test]
fn every_setting_that_is_honoured_has_its_default_without_being_given() {
    for (role, setting) in rows().filter(|(_, it)| it.support == Support::Honoured) {
        let Some(default) = setting.default.filter(|it| !it.is_empty()) else { continue };
        let found = typed(role, &[(setting.name, default)]);
        assert_eq!(found, typed(role, &[]), "{role:?} {}={default}", setting.name);
    }
}

#[test]
fn every_setting_that_is_refused_is_refused_by_its_name_with_a_reason() {
    for (role, setting) in rows() {
        let (raw, expected) = match setting.support {
            Support::Honoured => continue,
            Support::Refused(reason) => (setting.default.unwrap_or("1"), reason),
            Support::Only(values, reason) => {
                for value in values {
                    typed(role, &[(setting.name, value)]).unwrap();
                }
                let other = match setting.kind {
                    Kind::Boolean if values == ["true"] => "false",
                    Kind::Boolean => "true",
                    Kind::Whole => "1",
                    _ => match setting.allowed {
                        crate::Allowed::OneOf(words) | crate::Allowed::OneOfAnyCase(words) => {
                            let other = words.iter().find(|word| {
                                !values.iter().any(|value| value.eq_ignore_ascii_case(word))
                            });
                            other.unwrap()
                        }
                        _ => "other",
                    },
                };
                (other, reason)
            }
        };
        let error = typed(role, &[(setting.name, raw)]).unwrap_err();
        let ConfigError::Refused { name, reason, .. } = &error else {
            panic!("{role:?} {}: {error}", setting.name)
        };
        assert_eq!((*name, *reason), (setting.name, expected));
        assert!(error.to_string().contains(setting.name), "{error}");
        assert!(!reason.is_empty());
    }
}

#[test]
fn every_setting_of_streams_is_refused_as_one_of_streams() {
    for (role, name) in ROLES.iter().flat_map(|role| STREAMS.iter().map(move |it| (*role, *it))) {
        let error = typed(role, &[(name, "1")]).unwrap_err();
        assert!(matches!(error, ConfigError::Elsewhere { whose: "Kafka Streams", .. }), "{error}");
    }
}
