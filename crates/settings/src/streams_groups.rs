//! The settings of streams groups, resolved and typed.

use crate::config::over_broker;
use crate::values::Values;
use crate::{BrokerConfig, InvalidValue, RawSettings, group};

/// What a broker's streams groups are.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamsGroupSettings {
    /// Whether members are served.
    pub enabled: bool,
    pub own: StreamsGroupOwn,
    /// What a group may set for itself at least.
    pub session_timeout_ms_min: u32,
    pub heartbeat_interval_ms_min: u32,
    pub assignment_interval_ms_min: u32,
    pub task_offset_interval_ms_min: u32,
    /// What a group may set for itself at most.
    pub session_timeout_ms_max: u32,
    pub heartbeat_interval_ms_max: u32,
    pub assignment_interval_ms_max: u32,
    pub standby_count_max: u32,
    pub member_count_max: u32,
}

/// What each streams group may set for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamsGroupOwn {
    pub session_timeout_ms: u32,
    pub heartbeat_interval_ms: u32,
    pub assignment_interval_ms: u32,
    pub initial_rebalance_delay_ms: u32,
    pub task_offset_interval_ms: u32,
    pub acceptable_recovery_lag: i64,
    pub standby_count: u32,
    /// Tags of clients that copies of a task's state should differ in.
    pub rack_tags: Vec<String>,
}

impl StreamsGroupSettings {
    pub(crate) fn from_values(values: &Values) -> Result<Self, InvalidValue> {
        let number = |name: &str| values.number(&format!("group.streams.{name}"));
        let protocols = values.list("group.coordinator.rebalance.protocols");
        check_assignors(values)?;
        Ok(Self {
            enabled: protocols.iter().any(|protocol| protocol == "streams"),
            own: own(values, "group.streams.")?,
            session_timeout_ms_min: number("min.session.timeout.ms")?,
            heartbeat_interval_ms_min: number("min.heartbeat.interval.ms")?,
            assignment_interval_ms_min: number("min.assignment.interval.ms")?,
            task_offset_interval_ms_min: number("min.task.offset.interval.ms")?,
            session_timeout_ms_max: number("max.session.timeout.ms")?,
            heartbeat_interval_ms_max: number("max.heartbeat.interval.ms")?,
            assignment_interval_ms_max: number("max.assignment.interval.ms")?,
            standby_count_max: number("max.standby.replicas")?,
            member_count_max: number("max.size")?,
        })
    }
}

fn own(values: &Values, prefix: &str) -> Result<StreamsGroupOwn, InvalidValue> {
    let number = |name: &str| values.number::<u32>(&format!("{prefix}{name}"));
    Ok(StreamsGroupOwn {
        session_timeout_ms: number("session.timeout.ms")?,
        heartbeat_interval_ms: number("heartbeat.interval.ms")?,
        assignment_interval_ms: number("assignment.interval.ms")?,
        initial_rebalance_delay_ms: number("initial.rebalance.delay.ms")?,
        task_offset_interval_ms: number("task.offset.interval.ms")?,
        acceptable_recovery_lag: values.number(&format!("{prefix}acceptable.recovery.lag"))?,
        standby_count: number("num.standby.replicas")?,
        rack_tags: values.list(&format!("{prefix}rack.aware.assignment.tags")).to_vec(),
    })
}

/// Apache Kafka's own assignor may be named by its class; there is no other here.
fn check_assignors(values: &Values) -> Result<(), InvalidValue> {
    const NAME: &str = "group.streams.assignors";
    const CLASS: &str = "org.apache.kafka.coordinator.group.streams.assignor.StickyTaskAssignor";
    let unknown = |item: &&String| *item != "sticky" && *item != CLASS;
    match values.list(NAME).iter().find(unknown) {
        Some(other) => Err(InvalidValue::because(NAME, other, "sticky")),
        None => Ok(()),
    }
}

impl BrokerConfig {
    /// The settings of a streams group with these of its own. They may have been allowed under other bounds: those of today
    /// hold.
    pub fn streams_group(&self, set: &RawSettings) -> Result<StreamsGroupOwn, InvalidValue> {
        let settings = &self.settings().groups.streams;
        if set.is_empty() {
            return Ok(settings.own.clone());
        }
        let values = over_broker(group(), self.values(), set)?;
        let own = own(&values, "streams.")?;
        let within = |value: u32, least: u32, most: u32| value.max(least).min(most);
        Ok(StreamsGroupOwn {
            session_timeout_ms: within(
                own.session_timeout_ms,
                settings.session_timeout_ms_min,
                settings.session_timeout_ms_max,
            ),
            heartbeat_interval_ms: within(
                own.heartbeat_interval_ms,
                settings.heartbeat_interval_ms_min,
                settings.heartbeat_interval_ms_max,
            ),
            assignment_interval_ms: within(
                own.assignment_interval_ms,
                settings.assignment_interval_ms_min,
                settings.assignment_interval_ms_max,
            ),
            task_offset_interval_ms: own
                .task_offset_interval_ms
                .max(settings.task_offset_interval_ms_min),
            standby_count: own.standby_count.min(settings.standby_count_max),
            ..own
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
    fn a_groups_own_settings_lie_over_the_brokers_and_within_its_bounds() {
        let config = config(&[("group.streams.num.standby.replicas", "1")]).unwrap();
        assert_eq!(config.streams_group(&RawSettings::new()).unwrap().standby_count, 1);
        let own = [
            ("streams.num.standby.replicas", "9"),
            ("streams.session.timeout.ms", "90000"),
            ("streams.task.offset.interval.ms", "1"),
            ("streams.initial.rebalance.delay.ms", "0"),
            ("streams.rack.aware.assignment.tags", "zone,cluster"),
        ];
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let own = config.streams_group(&own).unwrap();
        assert_eq!((own.standby_count, own.session_timeout_ms), (2, 60_000));
        assert_eq!((own.task_offset_interval_ms, own.initial_rebalance_delay_ms), (15_000, 0));
        assert_eq!(own.rack_tags, ["zone", "cluster"]);
    }

    #[test]
    fn no_assignor_but_sticky_is_taken() {
        let class = "org.apache.kafka.coordinator.group.streams.assignor.StickyTaskAssignor";
        assert!(config(&[("group.streams.assignors", class)]).is_ok());
        assert!(config(&[("group.streams.assignors", "sticky,mine")]).is_err());
    }
}
