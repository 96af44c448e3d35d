//! Settings: described and altered.

use testkit::Failed;
use testkit::compare::Comparison;
use wire::messages::describe_configs_request::DescribeConfigsResource;
use wire::messages::{
    AlterConfigsRequest, DescribeConfigsRequest, IncrementalAlterConfigsRequest,
    ListConfigResourcesRequest, alter_configs_request, incremental_alter_configs_request,
};

use crate::topics::prepare;

const TOPIC: i8 = 2;
const BROKER: i8 = 4;
const BROKER_LOGGER: i8 = 8;
const CLIENT_METRICS: i8 = 16;
const GROUP: i8 = 32;

fn describe(kind: i8, name: &str, keys: Option<&[&str]>) -> DescribeConfigsRequest {
    DescribeConfigsRequest {
        resources: vec![DescribeConfigsResource {
            resource_type: kind,
            resource_name: name.into(),
            configuration_keys: keys.map(|keys| keys.iter().map(ToString::to_string).collect()),
        }],
        include_synonyms: true,
        include_documentation: false,
    }
}

fn incremental(
    kind: i8,
    name: &str,
    changes: &[(&str, i8, Option<&str>)],
) -> IncrementalAlterConfigsRequest {
    use incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
    let configs = changes.iter().map(|(name, operation, value)| AlterableConfig {
        name: (*name).into(),
        config_operation: *operation,
        value: value.map(Into::into),
    });
    IncrementalAlterConfigsRequest {
        resources: vec![AlterConfigsResource {
            resource_type: kind,
            resource_name: name.into(),
            configs: configs.collect(),
        }],
        validate_only: false,
    }
}

/// Sets `max.message.bytes` of a topic, and waits until both have taken it over.
pub(crate) fn limit_records(c: &mut Comparison, topic: &str, size_max: &str) -> Result<(), Failed> {
    for side in [&mut c.kafka, &mut c.ottla] {
        let request = incremental(TOPIC, topic, &[("max.message.bytes", 0, Some(size_max))]);
        let answer = side.call(&request, 1)?;
        let code = answer.map(|answer| answer.responses[0].error_code);
        if code != Some(0) {
            return Err(Failed(format!("max.message.bytes of {topic}: {code:?}")));
        }
    }
    // Apache Kafka's logs hear of it a while after DescribeConfigs does.
    std::thread::sleep(std::time::Duration::from_secs(1));
    Ok(())
}

fn replace(kind: i8, name: &str, settings: &[(&str, Option<&str>)]) -> AlterConfigsRequest {
    use alter_configs_request::{AlterConfigsResource, AlterableConfig};
    let configs = settings.iter().map(|(name, value)| AlterableConfig {
        name: (*name).into(),
        value: value.map(Into::into),
    });
    AlterConfigsRequest {
        resources: vec![AlterConfigsResource {
            resource_type: kind,
            resource_name: name.into(),
            configs: configs.collect(),
        }],
        validate_only: false,
    }
}

pub(crate) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    for v in 1..=4 {
        let name = format!("settings-{v}");
        prepare(c, &name, 1, &[("retention.ms", "5000"), ("cleanup.policy", "compact,delete")])?;
        // One key at a time: the order of several is free.
        for key in ["retention.ms", "cleanup.policy", "segment.bytes"] {
            c.case("topic's own", v, |_| describe(TOPIC, &name, Some(&[key])))?;
        }
        c.case("unknown key", v, |_| describe(TOPIC, &name, Some(&["no.such.setting"])))?;
        c.case("unknown topic", v, |_| describe(TOPIC, "not-there", None))?;
        c.case("bad name", v, |_| describe(TOPIC, "a b", None))?;
        for key in ["num.partitions", "log.retention.ms", "log.segment.bytes"] {
            c.case("broker's", v, |_| describe(BROKER, "1", Some(&[key])))?;
            c.case("default of brokers", v, |_| describe(BROKER, "", Some(&[key])))?;
        }
        c.case("another broker's", v, |_| describe(BROKER, "77", None))?;
        c.case("broker that is no number", v, |_| describe(BROKER, "one", None))?;
        c.case("unknown kind", v, |_| describe(3, "x", None))?;
        for key in ["consumer.session.timeout.ms", "share.record.lock.duration.ms"] {
            c.case("a group's", v, |_| describe(GROUP, "g", Some(&[key])))?;
        }
        c.case("client metrics", v, |_| describe(CLIENT_METRICS, "m", None))?;
        c.case("loggers of another broker", v, |_| describe(BROKER_LOGGER, "77", None))?;
    }
    topic_names_and_sources(c)?;
    for v in 0..=1 {
        let name = format!("incremental-{v}");
        prepare(c, &name, 1, &[])?;
        c.case("set", v, |_| incremental(TOPIC, &name, &[("retention.ms", 0, Some("777"))]))?;
        c.case("append", v, |_| {
            incremental(TOPIC, &name, &[("cleanup.policy", 2, Some("compact"))])
        })?;
        c.case_after_change("after set", 4, |_| describe(TOPIC, &name, Some(&["retention.ms"])))?;
        c.case_after_change("after append", 4, |_| {
            describe(TOPIC, &name, Some(&["cleanup.policy"]))
        })?;
        c.case("subtract", v, |_| {
            incremental(TOPIC, &name, &[("cleanup.policy", 3, Some("delete"))])
        })?;
        c.case_after_change("after subtract", 4, |_| {
            describe(TOPIC, &name, Some(&["cleanup.policy"]))
        })?;
        c.case("delete", v, |_| incremental(TOPIC, &name, &[("retention.ms", 1, None)]))?;
        c.case_after_change("after delete", 4, |_| {
            describe(TOPIC, &name, Some(&["retention.ms"]))
        })?;
        c.case("append to no list", v, |_| {
            incremental(TOPIC, &name, &[("retention.ms", 2, Some("1"))])
        })?;
        c.case("unknown setting", v, |_| {
            incremental(TOPIC, &name, &[("no.such.setting", 0, Some("1"))])
        })?;
        c.case("bad value", v, |_| {
            incremental(TOPIC, &name, &[("retention.ms", 0, Some("soon"))])
        })?;
        c.case("null value", v, |_| incremental(TOPIC, &name, &[("retention.ms", 0, None)]))?;
        c.case("one key twice", v, |_| {
            incremental(
                TOPIC,
                &name,
                &[("retention.ms", 0, Some("1")), ("retention.ms", 0, Some("2"))],
            )
        })?;
        c.case("unknown topic", v, |_| {
            incremental(TOPIC, "not-there", &[("retention.ms", 0, Some("1"))])
        })?;
        c.case("one topic twice", v, |_| {
            let mut request = incremental(TOPIC, &name, &[("retention.ms", 0, Some("1"))]);
            request.resources.push(request.resources[0].clone());
            request
        })?;
        c.case("broker's live setting", v, |_| {
            incremental(BROKER, "1", &[("log.cleaner.threads", 0, Some("2"))])
        })?;
        c.case("broker's fixed setting", v, |_| {
            incremental(BROKER, "1", &[("broker.id", 0, Some("5"))])
        })?;
        c.case("default of brokers", v, |_| {
            incremental(BROKER, "", &[("message.max.bytes", 0, Some("2000000"))])
        })?;
        c.case_after_change("after default of brokers", 4, |side| {
            let request = describe(BROKER, "1", Some(&["message.max.bytes"]));
            // Brokers learn of it a moment after the controller has answered.
            for _ in 0..100 {
                let answer = side.call(&request, 4).ok().flatten();
                let value = answer.and_then(|a| a.results[0].configs[0].value.clone());
                if value.as_deref() == Some("2000000") {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            request
        })?;
        c.case("delete default of brokers", v, |_| {
            incremental(BROKER, "", &[("message.max.bytes", 1, None)])
        })?;
        c.case("another broker's", v, |_| {
            incremental(BROKER, "77", &[("log.cleaner.threads", 0, Some("2"))])
        })?;
    }
    for v in 0..=2 {
        let name = format!("replaced-{v}");
        prepare(c, &name, 1, &[("segment.ms", "9000")])?;
        c.case("replace", v, |_| replace(TOPIC, &name, &[("retention.ms", Some("888"))]))?;
        for key in ["retention.ms", "segment.ms"] {
            c.case_after_change("after replace", 4, |_| describe(TOPIC, &name, Some(&[key])))?;
        }
        c.case("unknown setting", v, |_| replace(TOPIC, &name, &[("no.such.setting", Some("1"))]))?;
        c.case("bad value", v, |_| replace(TOPIC, &name, &[("retention.ms", Some("soon"))]))?;
        c.case("unknown topic", v, |_| {
            replace(TOPIC, "not-there", &[("retention.ms", Some("1"))])
        })?;
    }
    for v in 0..=1 {
        c.case("client metrics", v, |_| ListConfigResourcesRequest {
            resource_types: if v == 0 { Vec::new() } else { vec![CLIENT_METRICS] },
        })?;
    }
    c.case("unknown kind", 1, |_| ListConfigResourcesRequest { resource_types: vec![3] })?;
    Ok(())
}

/// All of a topic's settings, sorted: their order is free.
fn topic_names_and_sources(c: &mut Comparison) -> Result<(), Failed> {
    prepare(c, "all-settings", 1, &[])?;
    for name in ["all-settings"] {
        let request = describe(TOPIC, name, None);
        let list = |side: &mut testkit::compare::Side| -> Result<Vec<String>, Failed> {
            let response = side.call(&request, 4)?.ok_or_else(|| Failed("closed".into()))?;
            let mut all: Vec<String> = response.results[0]
                .configs
                .iter()
                .filter(|setting| !setting.name.starts_with("ottla."))
                .map(|s| {
                    let synonyms: Vec<String> = s
                        .synonyms
                        .iter()
                        .map(|s| format!("{}={:?}@{}", s.name, s.value, s.source))
                        .collect();
                    format!(
                        "{}={:?} source {} type {} read-only {} sensitive {} synonyms {synonyms:?}",
                        s.name,
                        s.value,
                        s.config_source,
                        s.config_type,
                        s.read_only,
                        s.is_sensitive
                    )
                })
                .collect();
            all.sort();
            Ok(all)
        };
        let (wanted, found) = (list(&mut c.kafka)?, list(&mut c.ottla)?);
        for (wanted, found) in wanted.iter().zip(&found) {
            c.note("a topic's settings", wanted, found);
        }
        c.note("count of a topic's settings", &wanted.len(), &found.len());
    }
    Ok(())
}
