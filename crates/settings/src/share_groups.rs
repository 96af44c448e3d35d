//! The settings of share groups and of their coordinator, resolved and typed.

use crate::config::over_broker;
use crate::values::Values;
use crate::{BrokerConfig, ConsumerGroupTimes, InvalidValue, RawSettings, group};

/// What a broker's share groups are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareGroupSettings {
    /// What a group has that says nothing itself.
    pub own: ShareGroupOwnSettings,
    /// The least and the most that a group may set for itself.
    pub least: ShareGroupBounds,
    pub most: ShareGroupBounds,
    pub member_count_max: u32,
    pub initialize_retry_interval_ms: u32,
    pub session_count_max: u32,
    pub dead_letters: DeadLetterSettings,
    pub coordinator: ShareCoordinatorSettings,
}

/// Where records may go that share groups give up (KIP-1191).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetterSettings {
    /// A dead-letter topic that is missing is made.
    pub auto_create_topics: bool,
    /// What the names of dead-letter topics begin with; empty: any.
    pub topic_prefix: String,
}

/// What each share group may set for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareGroupOwnSettings {
    pub times: ConsumerGroupTimes,
    pub record_lock_duration_ms: u32,
    pub record_locks_max: u32,
    pub delivery_count_limit: u16,
    pub renews: bool,
    /// It sees only records of transactions that are decided.
    pub read_committed: bool,
    /// `latest`, `earliest` or `by_duration:` and a duration.
    pub auto_offset_reset: String,
    /// Where records go that the group gives up.
    pub dead_letter_topic: Option<String>,
    /// The records themselves, not only where they were.
    pub copies_dead_letters: bool,
}

/// Bounds of what a group may set for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareGroupBounds {
    pub times: ConsumerGroupTimes,
    pub record_lock_duration_ms: u32,
    pub record_locks_max: u32,
    pub delivery_count_limit: u16,
}

/// What the share coordinator goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareCoordinatorSettings {
    pub updates_per_snapshot: u32,
    pub cold_snapshot_interval_ms: u32,
    pub prune_interval_ms: u32,
    pub write_timeout_ms: u32,
    /// The number that names a codec in a batch.
    pub codec: u8,
}

impl ShareGroupSettings {
    pub(crate) fn from_values(values: &Values) -> Result<Self, InvalidValue> {
        let of_broker = bounds(values, "group.share.")?;
        Ok(Self {
            own: ShareGroupOwnSettings {
                times: of_broker.times,
                record_lock_duration_ms: of_broker.record_lock_duration_ms,
                record_locks_max: of_broker.record_locks_max,
                delivery_count_limit: of_broker.delivery_count_limit,
                renews: true,
                read_committed: false,
                auto_offset_reset: "latest".to_owned(),
                dead_letter_topic: None,
                copies_dead_letters: false,
            },
            least: bounds(values, "group.share.min.")?,
            most: bounds(values, "group.share.max.")?,
            member_count_max: values.number("group.share.max.size")?,
            initialize_retry_interval_ms: values
                .number("group.share.initialize.retry.interval.ms")?,
            session_count_max: values.number("group.share.max.share.sessions")?,
            dead_letters: DeadLetterSettings {
                auto_create_topics: values
                    .flag("errors.deadletterqueue.auto.create.topics.enable")?,
                topic_prefix: values.text("errors.deadletterqueue.topic.name.prefix")?.to_owned(),
            },
            coordinator: ShareCoordinatorSettings {
                updates_per_snapshot: values
                    .number("share.coordinator.snapshot.update.records.per.snapshot")?,
                cold_snapshot_interval_ms: values
                    .number("share.coordinator.cold.partition.snapshot.interval.ms")?,
                prune_interval_ms: values
                    .number("share.coordinator.state.topic.prune.interval.ms")?,
                write_timeout_ms: values.number("share.coordinator.write.timeout.ms")?,
                codec: values.number("share.coordinator.state.topic.compression.codec")?,
            },
        })
    }
}

fn bounds(values: &Values, prefix: &str) -> Result<ShareGroupBounds, InvalidValue> {
    let name = |name: &str| format!("{prefix}{name}");
    Ok(ShareGroupBounds {
        times: ConsumerGroupTimes {
            session_timeout_ms: values.number(&name("session.timeout.ms"))?,
            heartbeat_interval_ms: values.number(&name("heartbeat.interval.ms"))?,
            assignment_interval_ms: values.number(&name("assignment.interval.ms"))?,
        },
        record_lock_duration_ms: values.number(&name("record.lock.duration.ms"))?,
        record_locks_max: values.number(&name("partition.max.record.locks"))?,
        delivery_count_limit: values.number(&name("delivery.count.limit"))?,
    })
}

impl BrokerConfig {
    /// What a share group with these settings of its own goes by. They may have been allowed under other bounds: those of
    /// today hold.
    pub fn share_group(&self, own: &RawSettings) -> Result<ShareGroupOwnSettings, InvalidValue> {
        let settings = &self.settings().groups.share;
        if own.is_empty() {
            return Ok(settings.own.clone());
        }
        let values = over_broker(group(), self.values(), own)?;
        let asked = bounds(&values, "share.")?;
        let (least, most) = (&settings.least, &settings.most);
        let within = |of: fn(&ShareGroupBounds) -> u32| of(&asked).max(of(least)).min(of(most));
        Ok(ShareGroupOwnSettings {
            times: ConsumerGroupTimes {
                session_timeout_ms: within(|it| it.times.session_timeout_ms),
                heartbeat_interval_ms: within(|it| it.times.heartbeat_interval_ms),
                assignment_interval_ms: within(|it| it.times.assignment_interval_ms),
            },
            record_lock_duration_ms: within(|it| it.record_lock_duration_ms),
            record_locks_max: within(|it| it.record_locks_max),
            delivery_count_limit: asked
                .delivery_count_limit
                .max(least.delivery_count_limit)
                .min(most.delivery_count_limit),
            renews: values.flag("share.renew.acknowledge.enable")?,
            read_committed: values.text("share.isolation.level")? == "read_committed",
            auto_offset_reset: values.text("share.auto.offset.reset")?.to_owned(),
            dead_letter_topic: Some(values.text("errors.deadletterqueue.topic.name")?)
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
            copies_dead_letters: values.flag("errors.deadletterqueue.copy.record.enable")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> BrokerConfig {
        let mut started_with = BrokerConfig::single_node_defaults("/tmp/x");
        let set = ("group.share.record.lock.duration.ms".to_owned(), "20000".to_owned());
        started_with.extend([set]);
        BrokerConfig::new(started_with).unwrap()
    }

    #[test]
    fn a_group_that_says_nothing_goes_by_its_broker() {
        let own = config().share_group(&RawSettings::new()).unwrap();
        assert_eq!((own.record_lock_duration_ms, own.delivery_count_limit), (20_000, 5));
        assert_eq!(own.auto_offset_reset, "latest");
        assert_eq!((own.dead_letter_topic, own.copies_dead_letters), (None, false));
    }

    #[test]
    fn a_groups_own_settings_stay_within_the_brokers_bounds() {
        let own = [
            ("share.record.lock.duration.ms", "90000"),
            ("share.isolation.level", "read_committed"),
            ("share.auto.offset.reset", "earliest"),
            ("share.delivery.count.limit", "12"),
            ("errors.deadletterqueue.topic.name", "dlq.x"),
            ("errors.deadletterqueue.copy.record.enable", "true"),
        ];
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let own = config().share_group(&own).unwrap();
        assert_eq!((own.record_lock_duration_ms, own.delivery_count_limit), (60_000, 10));
        assert!(own.read_committed);
        assert_eq!(own.auto_offset_reset, "earliest");
        assert_eq!(
            (own.dead_letter_topic.as_deref(), own.copies_dead_letters),
            (Some("dlq.x"), true)
        );
    }
}
