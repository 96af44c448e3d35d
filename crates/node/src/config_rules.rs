//! What the controller has to know about settings, answered from their tables.

use controller::{ConfigRules, Refusal};
use metadata::{ConfigKind, ConfigResource, ConfigValues};
use settings::{
    AlterRefused, BrokerConfig, Kind, RawSettings, Setting, Table, broker, check_broker,
    check_client_metrics, check_group, check_topic, client_metrics, group, topic,
};

/// The rules of this node's settings.
pub(crate) struct SettingRules {
    /// As it was started: what is changed while the cluster runs stands in the metadata.
    pub(crate) config: BrokerConfig,
    /// Bytes of a request that this node takes at most.
    pub(crate) request_size_max: usize,
}

/// A producer's batch comes with the rest of its request: names, header, what tags there are.
const AROUND_BATCH: usize = 1024;

impl ConfigRules for SettingRules {
    fn check(
        &self,
        resource: &ConfigResource,
        before: &ConfigValues,
        after: &ConfigValues,
    ) -> Result<(), Refusal> {
        match resource.kind {
            ConfigKind::Topic => {
                check_topic(&self.config, after).map_err(refused)?;
                if before.get(MAX_MESSAGE_BYTES) != after.get(MAX_MESSAGE_BYTES)
                    && let Some(largest) = self.largest_that_passes(after)
                {
                    let topic = resource.name.as_str();
                    let wanted = after.get(MAX_MESSAGE_BYTES).map_or("", String::as_str);
                    tracing::warn!(
                        topic,
                        wanted,
                        largest,
                        "requests with batches as large as the topic's max.message.bytes are not taken: raise ottla.memory.bytes or socket.request.max.bytes"
                    );
                }
                Ok(())
            }
            ConfigKind::Group => check_group(&self.config, after).map_err(refused),
            ConfigKind::ClientMetrics => check_client_metrics(after).map_err(|error| match error {
                // As Kafka answers: a bad interval is a bad request, a bad pattern a bad setting.
                AlterRefused::Invalid(invalid) if invalid.name == "interval.ms" => {
                    Refusal::InvalidRequest(invalid.to_string())
                }
                error => refused(error),
            }),
            ConfigKind::Broker => self.check_broker(resource, before, after),
            ConfigKind::BrokerLogger => Err(Refusal::InvalidRequest(
                "levels of loggers are no part of the metadata".to_owned(),
            )),
        }
    }

    fn is_list(&self, kind: ConfigKind, name: &str) -> bool {
        find(kind, name).is_some_and(|setting| setting.kind == Kind::List)
    }

    fn default_value(&self, kind: ConfigKind, name: &str) -> Option<String> {
        match kind {
            ConfigKind::Broker => self.config.value_text(name),
            ConfigKind::Topic => {
                self.described(self.config.describe_topic(&RawSettings::new()), name)
            }
            ConfigKind::Group => {
                self.described(self.config.describe_group(&RawSettings::new()), name)
            }
            ConfigKind::ClientMetrics | ConfigKind::BrokerLogger => {
                find(kind, name)?.default_value().map(|value| value.to_string())
            }
        }
    }
}

const MAX_MESSAGE_BYTES: &str = "max.message.bytes";

impl SettingRules {
    /// The largest batch that a request can bring, when the topic would allow a larger one. It is told and not refused: Apache
    /// Kafka takes the setting, and few topics ever see the batches that they allow.
    fn largest_that_passes(&self, topic: &ConfigValues) -> Option<usize> {
        let wanted: usize = topic.get(MAX_MESSAGE_BYTES)?.trim().parse().ok()?;
        let largest = self.request_size_max.saturating_sub(AROUND_BATCH);
        (wanted > largest).then_some(largest)
    }

    fn check_broker(
        &self,
        resource: &ConfigResource,
        before: &ConfigValues,
        after: &RawSettings,
    ) -> Result<(), Refusal> {
        let for_all_brokers = resource.name.is_empty();
        if !for_all_brokers && resource.name.parse::<u32>().is_err() {
            let name = &resource.name;
            return Err(Refusal::InvalidRequest(format!("{name} is not the id of a broker")));
        }
        let changed: RawSettings = after
            .iter()
            .filter(|(name, value)| before.get(*name) != Some(*value))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        // Kafka's brokers answer a bad setting of theirs as a bad request, not as a bad setting.
        check_broker(&self.config, &changed, for_all_brokers)
            .map_err(|error| Refusal::InvalidRequest(error.to_string()))
    }

    fn described<E>(
        &self,
        described: Result<Vec<settings::Described>, E>,
        name: &str,
    ) -> Option<String> {
        described.ok()?.into_iter().find(|entry| entry.name == name)?.value
    }
}

fn refused(error: AlterRefused) -> Refusal {
    Refusal::InvalidConfig(error.to_string())
}

fn find(kind: ConfigKind, name: &str) -> Option<&'static Setting> {
    let table: &'static Table = match kind {
        ConfigKind::Topic => topic(),
        ConfigKind::Broker => broker(),
        ConfigKind::Group => group(),
        ConfigKind::ClientMetrics => client_metrics(),
        ConfigKind::BrokerLogger => return None,
    };
    table.find(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> SettingRules {
        let config = BrokerConfig::new(BrokerConfig::single_node_defaults("/data"));
        SettingRules { config: config.expect("the defaults fit"), request_size_max: 8 << 20 }
    }

    fn check(resource: ConfigResource, name: &str, value: &str) -> Result<(), Refusal> {
        let after = ConfigValues::from([(name.to_owned(), value.to_owned())]);
        rules().check(&resource, &ConfigValues::new(), &after)
    }

    #[test]
    fn each_kind_of_resource_has_its_own_settings() {
        let topic = || ConfigResource::topic("a");
        assert_eq!(check(topic(), "retention.ms", "5"), Ok(()));
        assert!(matches!(check(topic(), "retention.ms", "x"), Err(Refusal::InvalidConfig(_))));
        assert!(matches!(check(topic(), "log.retention.ms", "5"), Err(Refusal::InvalidConfig(_))));
        let all = ConfigResource::broker_default;
        assert_eq!(check(all(), "log.retention.ms", "5"), Ok(()));
        assert!(matches!(check(all(), "num.partitions", "5"), Err(Refusal::InvalidRequest(_))));
        let nobody = ConfigResource { kind: ConfigKind::Broker, name: "x".to_owned() };
        assert!(matches!(check(nobody, "log.retention.ms", "5"), Err(Refusal::InvalidRequest(_))));
    }

    #[test]
    fn a_topic_that_allows_more_than_a_request_can_bring_is_taken_and_told() {
        let largest = |value: &str| {
            let topic = ConfigValues::from([(MAX_MESSAGE_BYTES.to_owned(), value.to_owned())]);
            rules().largest_that_passes(&topic)
        };
        assert_eq!(largest("1048588"), None);
        assert_eq!(largest("8388608"), Some((8 << 20) - AROUND_BATCH));
        assert_eq!(check(ConfigResource::topic("a"), MAX_MESSAGE_BYTES, "10000000"), Ok(()));
    }

    #[test]
    fn what_does_not_change_is_not_asked_about() {
        let before = ConfigValues::from([("num.partitions".to_owned(), "5".to_owned())]);
        assert_eq!(rules().check(&ConfigResource::broker_default(), &before, &before), Ok(()));
    }

    #[test]
    fn lists_begin_from_what_is_inherited() {
        let rules = rules();
        assert!(rules.is_list(ConfigKind::Topic, "cleanup.policy"));
        assert!(!rules.is_list(ConfigKind::Topic, "retention.ms"));
        assert_eq!(
            rules.default_value(ConfigKind::Topic, "cleanup.policy").as_deref(),
            Some("delete")
        );
        assert_eq!(rules.default_value(ConfigKind::Broker, "num.partitions").as_deref(), Some("1"));
    }
}
