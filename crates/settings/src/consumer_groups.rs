//! The settings of consumer groups, resolved and typed.

use crate::config::over_broker;
use crate::values::Values;
use crate::{BrokerConfig, InvalidValue, RawSettings, group};

/// What a broker's consumer groups are.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsumerGroupSettings {
    /// Whether members of the new protocol are served.
    pub enabled: bool,
    pub times: ConsumerGroupTimes,
    /// The shortest and the longest that a group may set for itself.
    pub times_min: ConsumerGroupTimes,
    pub times_max: ConsumerGroupTimes,
    pub member_count_max: u32,
    /// `uniform` or `range`; the first is taken when members name none.
    pub assignors: Vec<String>,
    /// A classic group with members may become a consumer group.
    pub can_upgrade: bool,
    /// A consumer group may become a classic one.
    pub can_downgrade: bool,
    pub regex_refresh_interval_ms: u32,
}

/// What each consumer group may set for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsumerGroupTimes {
    pub session_timeout_ms: u32,
    pub heartbeat_interval_ms: u32,
    pub assignment_interval_ms: u32,
}

impl ConsumerGroupSettings {
    pub(crate) fn from_values(values: &Values) -> Result<Self, InvalidValue> {
        let times = |prefix: &str| -> Result<ConsumerGroupTimes, InvalidValue> {
            let of = |name: &str| values.number(&format!("group.consumer.{prefix}{name}"));
            Ok(ConsumerGroupTimes {
                session_timeout_ms: of("session.timeout.ms")?,
                heartbeat_interval_ms: of("heartbeat.interval.ms")?,
                assignment_interval_ms: of("assignment.interval.ms")?,
            })
        };
        let policy = values.text("group.consumer.migration.policy")?.to_lowercase();
        let protocols = values.list("group.coordinator.rebalance.protocols");
        Ok(Self {
            enabled: protocols.iter().any(|protocol| protocol == "consumer"),
            times: times("")?,
            times_min: times("min.")?,
            times_max: times("max.")?,
            member_count_max: values.number("group.consumer.max.size")?,
            assignors: assignors(values)?,
            can_upgrade: policy == "upgrade" || policy == "bidirectional",
            can_downgrade: policy == "downgrade" || policy == "bidirectional",
            regex_refresh_interval_ms: values.number("group.consumer.regex.refresh.interval.ms")?,
        })
    }
}

/// Apache Kafka's own assignors may be named by their classes; there are no others here.
fn assignors(values: &Values) -> Result<Vec<String>, InvalidValue> {
    const NAME: &str = "group.consumer.assignors";
    const PACKAGE: &str = "org.apache.kafka.coordinator.group.assignor.";
    let known = |item: &String| match item.strip_prefix(PACKAGE).unwrap_or(item) {
        "uniform" | "UniformAssignor" => Ok("uniform".to_owned()),
        "range" | "RangeAssignor" => Ok("range".to_owned()),
        other => Err(InvalidValue::because(NAME, other, "a list of uniform and range")),
    };
    values.list(NAME).iter().map(known).collect()
}

impl BrokerConfig {
    /// The times of a consumer group with these settings of its own. They may have been allowed under other bounds: those
    /// of today hold.
    pub fn consumer_group_times(
        &self,
        own: &RawSettings,
    ) -> Result<ConsumerGroupTimes, InvalidValue> {
        let settings = &self.settings().groups.consumer;
        if own.is_empty() {
            return Ok(settings.times);
        }
        let values = over_broker(group(), self.values(), own)?;
        let (least, most) = (&settings.times_min, &settings.times_max);
        let within = |name: &str, least: u32, most: u32| -> Result<u32, InvalidValue> {
            Ok(values.number::<u32>(name)?.max(least).min(most))
        };
        Ok(ConsumerGroupTimes {
            session_timeout_ms: within(
                "consumer.session.timeout.ms",
                least.session_timeout_ms,
                most.session_timeout_ms,
            )?,
            heartbeat_interval_ms: within(
                "consumer.heartbeat.interval.ms",
                least.heartbeat_interval_ms,
                most.heartbeat_interval_ms,
            )?,
            assignment_interval_ms: within(
                "consumer.assignment.interval.ms",
                least.assignment_interval_ms,
                most.assignment_interval_ms,
            )?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(set: &[(&str, &str)]) -> Result<BrokerConfig, InvalidValue> {
        let mut started_with = BrokerConfig::single_node_defaults("/tmp/x");
        started_with
            .extend(set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        BrokerConfig::new(started_with)
    }

    #[test]
    fn a_group_that_says_nothing_has_its_brokers_times() {
        let config = config(&[("group.consumer.session.timeout.ms", "50000")]).unwrap();
        let times = config.consumer_group_times(&RawSettings::new()).unwrap();
        assert_eq!((times.session_timeout_ms, times.heartbeat_interval_ms), (50_000, 5_000));
    }

    #[test]
    fn a_groups_own_times_stay_within_the_brokers_bounds() {
        let config = config(&[]).unwrap();
        let own =
            [("consumer.session.timeout.ms", "90000"), ("consumer.heartbeat.interval.ms", "7000")];
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let times = config.consumer_group_times(&own).unwrap();
        assert_eq!((times.session_timeout_ms, times.heartbeat_interval_ms), (60_000, 7_000));
    }

    #[test]
    fn assignors_may_be_named_by_their_classes_and_no_others_are_taken() {
        let class = "org.apache.kafka.coordinator.group.assignor.RangeAssignor";
        let of = |value| config(&[("group.consumer.assignors", value)]);
        let named = of(class).unwrap().settings().groups.consumer.assignors.clone();
        assert_eq!(named, ["range"]);
        assert!(of("uniform,mine").is_err());
    }

    #[test]
    fn each_migration_policy_opens_its_directions() {
        for (policy, directions) in [
            ("disabled", (false, false)),
            ("UPGRADE", (true, false)),
            ("downgrade", (false, true)),
            ("Bidirectional", (true, true)),
        ] {
            let config = config(&[("group.consumer.migration.policy", policy)]).unwrap();
            let consumer = &config.settings().groups.consumer;
            assert_eq!((consumer.can_upgrade, consumer.can_downgrade), directions, "{policy}");
        }
    }
}
