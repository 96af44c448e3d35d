//! Changes of settings while the cluster runs: what AlterConfigs and IncrementalAlterConfigs may do.

use std::sync::Arc;

use crate::config::{over_broker, topic_values};
use crate::table::base_name;
use crate::{
    BrokerConfig, Dynamic, InvalidValue, Kind, RawSettings, Setting, Table, TopicSettings, broker,
    client_metrics, group, topic,
};

/// The two broker settings that bound one of a group.
macro_rules! bounds {
    ($kind:literal, $name:literal) => {
        (concat!("group.", $kind, ".min.", $name), concat!("group.", $kind, ".max.", $name))
    };
}
/// What IncrementalAlterConfigs asks for one setting (KIP-339).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AlterOp {
    Set,
    Delete,
    /// Items are added to a list; those that are in it already stay where they are.
    Append,
    Subtract,
}

impl AlterOp {
    /// `None` for a number that no version knows.
    pub fn from_wire(raw: i8) -> Option<Self> {
        match raw {
            0 => Some(Self::Set),
            1 => Some(Self::Delete),
            2 => Some(Self::Append),
            3 => Some(Self::Subtract),
            _ => None,
        }
    }
}

/// Why a change is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AlterRefused {
    #[error("Unknown {scope} config name: {name}")]
    Unknown { scope: &'static str, name: String },
    #[error("{0}")]
    Invalid(#[from] InvalidValue),
    #[error("Cannot change {name} while the broker runs: it counts from the next start")]
    ReadOnly { name: String },
    #[error("Cannot change {name} for all brokers at once: name one broker")]
    PerBroker { name: String },
    #[error("Cannot change {name} without a listener: write listener.name.LISTENER.{name}")]
    NeedsListener { name: String },
    #[error("Can't {op:?} to key {name} because its type is not LIST.")]
    NotAList { op: AlterOp, name: String },
    #[error("Null value not supported for {name}")]
    NullValue { name: String },
}

/// What a setting of `table` is after `op`; `None` if it is unset afterwards. `current` is what was set for this
/// resource, `inherited` what it is without that: a list begins from there.
pub fn alter(
    table: &Table,
    name: &str,
    op: AlterOp,
    value: Option<&str>,
    current: Option<&str>,
    inherited: Option<&str>,
) -> Result<Option<String>, AlterRefused> {
    let given = || value.ok_or_else(|| AlterRefused::NullValue { name: name.to_owned() });
    match op {
        AlterOp::Delete => return Ok(None),
        AlterOp::Set => return given().map(|value| Some(value.to_owned())),
        AlterOp::Append | AlterOp::Subtract => {}
    }
    if table.find(name).is_none_or(|setting| setting.kind != Kind::List) {
        return Err(AlterRefused::NotAList { op, name: name.to_owned() });
    }
    let items = |text: &str| -> Vec<String> {
        text.split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(ToOwned::to_owned)
            .collect()
    };
    let mut list = items(current.or(inherited).unwrap_or_default());
    for item in items(given()?) {
        match op {
            AlterOp::Subtract => list.retain(|other| *other != item),
            _ if list.contains(&item) => {}
            _ => list.push(item),
        }
    }
    Ok(Some(list.join(",")))
}

/// Whether a topic may have these settings of its own, all together.
pub fn check_topic(config: &BrokerConfig, own: &RawSettings) -> Result<(), AlterRefused> {
    known(topic(), "topic", own)?;
    let values = topic_values(config.values(), own)?;
    TopicSettings::from_values(&values)?;
    Ok(())
}

/// Whether a group may have these settings of its own, all together.
pub fn check_group(config: &BrokerConfig, own: &RawSettings) -> Result<(), AlterRefused> {
    known(group(), "group", own)?;
    let values = over_broker(group(), config.values(), own)?;
    let dead_letters = "errors.deadletterqueue.topic.name";
    if let Some(topic) = own.get(dead_letters).filter(|topic| topic.starts_with("__")) {
        let allowed = "a name that does not begin with __, as those of internal topics do";
        return Err(InvalidValue::because(dead_letters, topic, allowed).into());
    }
    for (name, within) in GROUP_BOUNDS {
        let Some(number) = own.get(*name).and_then(|_| values.optional_whole(name)) else {
            continue;
        };
        for (bound, is_least) in [(within.0, true), (within.1, false)] {
            let Some(limit) = config.values().optional_whole(bound) else { continue };
            if (is_least && number < limit) || (!is_least && number > limit) {
                let side = if is_least { "at least" } else { "at most" };
                let allowed = format!("{side} {bound}, which is {limit}");
                return Err(InvalidValue::because(name, number, allowed).into());
            }
        }
    }
    Ok(())
}

/// A group's setting, and the broker's that bound it. An empty name: no bound on that side.
const GROUP_BOUNDS: &[(&str, (&str, &str))] = &[
    ("consumer.heartbeat.interval.ms", bounds!("consumer", "heartbeat.interval.ms")),
    ("consumer.session.timeout.ms", bounds!("consumer", "session.timeout.ms")),
    ("consumer.assignment.interval.ms", bounds!("consumer", "assignment.interval.ms")),
    ("share.heartbeat.interval.ms", bounds!("share", "heartbeat.interval.ms")),
    ("share.session.timeout.ms", bounds!("share", "session.timeout.ms")),
    ("share.assignment.interval.ms", bounds!("share", "assignment.interval.ms")),
    ("share.record.lock.duration.ms", bounds!("share", "record.lock.duration.ms")),
    ("share.delivery.count.limit", bounds!("share", "delivery.count.limit")),
    ("share.partition.max.record.locks", bounds!("share", "partition.max.record.locks")),
    ("streams.heartbeat.interval.ms", bounds!("streams", "heartbeat.interval.ms")),
    ("streams.session.timeout.ms", bounds!("streams", "session.timeout.ms")),
    ("streams.assignment.interval.ms", bounds!("streams", "assignment.interval.ms")),
    ("streams.num.standby.replicas", ("", "group.streams.max.standby.replicas")),
    ("streams.num.warmup.replicas", ("", "group.streams.max.warmup.replicas")),
    ("streams.task.offset.interval.ms", ("group.streams.min.task.offset.interval.ms", "")),
];

/// Whether a subscription to metrics of clients may have these settings.
pub fn check_client_metrics(own: &RawSettings) -> Result<(), AlterRefused> {
    known(client_metrics(), "client metrics", own)?;
    for (name, value) in own {
        if let Some(setting) = client_metrics().find_exact(name) {
            setting.parse(value)?;
        }
    }
    Ok(())
}

/// Whether `changed` may be set while `config` runs, for all brokers or for one. It holds only what changes; a
/// setting that is unset is not in it.
pub fn check_broker(
    config: &BrokerConfig,
    changed: &RawSettings,
    for_all_brokers: bool,
) -> Result<(), AlterRefused> {
    for (name, value) in changed {
        let setting = broker()
            .find(name)
            .ok_or_else(|| AlterRefused::Unknown { scope: "broker", name: name.clone() })?;
        check_dynamic(setting, name, for_all_brokers)?;
        setting.parse(value)?;
    }
    let mut all_brokers = config.all_brokers().clone();
    let mut this_broker = config.this_broker().clone();
    let layer = if for_all_brokers { &mut all_brokers } else { &mut this_broker };
    layer.extend(changed.clone());
    let started_with = Arc::new(config.started_with().clone());
    BrokerConfig::layered(started_with, all_brokers, this_broker)?;
    Ok(())
}

fn check_dynamic(setting: &Setting, name: &str, for_all_brokers: bool) -> Result<(), AlterRefused> {
    let of_listener = base_name(name).is_some();
    let secures = name.starts_with("ssl.") || name.starts_with("sasl.");
    match setting.dynamic {
        Dynamic::ReadOnly => Err(AlterRefused::ReadOnly { name: name.to_owned() }),
        Dynamic::PerBroker if secures && !of_listener => {
            Err(AlterRefused::NeedsListener { name: name.to_owned() })
        }
        Dynamic::PerBroker if for_all_brokers => {
            Err(AlterRefused::PerBroker { name: name.to_owned() })
        }
        _ if of_listener && for_all_brokers => {
            Err(AlterRefused::PerBroker { name: name.to_owned() })
        }
        _ => Ok(()),
    }
}

fn known(table: &Table, scope: &'static str, own: &RawSettings) -> Result<(), AlterRefused> {
    match own.keys().find(|name| table.find_exact(name).is_none()) {
        Some(name) => Err(AlterRefused::Unknown { scope, name: name.clone() }),
        None => Ok(()),
    }
}
