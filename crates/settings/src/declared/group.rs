//! What a group may have set for it.

use super::bounds::*;
use crate::table::declare;

declare! {
    /// What a group may have set for it.
    GROUP, Group:
    /// Shortest time from one assignment of this consumer group to the next.
    "consumer.assignment.interval.ms": Int =
        text("1000"), at_least(0), PerGroup, Live; from "group.consumer.assignment.interval.ms";
    /// Whether this consumer group's assignments are worked out apart from the coordinator.
    "consumer.assignor.offload.enable": Boolean =
        text("true"), any(), PerGroup, NoneYet, internal
        ; from "group.consumer.assignor.offload.enable";
    /// How often a member of this consumer group is asked to report.
    "consumer.heartbeat.interval.ms": Int =
        text("5000"), at_least(1), PerGroup, Live; from "group.consumer.heartbeat.interval.ms";
    /// Silence after which a member of this consumer group is removed.
    "consumer.session.timeout.ms": Int =
        text("45000"), at_least(1), PerGroup, Live; from "group.consumer.session.timeout.ms";
    /// Whether a dead letter holds the record, not only where it was.
    "errors.deadletterqueue.copy.record.enable": Boolean = text("false"), any(), PerGroup, Live;
    /// Dead-letter topic of this share group; empty for none.
    "errors.deadletterqueue.topic.name": Text = text(""), any(), PerGroup, Live;
    /// Shortest time from one assignment of this share group to the next.
    "share.assignment.interval.ms": Int =
        text("1000"), at_least(0), PerGroup, Live; from "group.share.assignment.interval.ms";
    /// Whether this share group's assignments are worked out apart from the coordinator.
    "share.assignor.offload.enable": Boolean =
        text("true"), any(), PerGroup, NoneYet, internal
        ; from "group.share.assignor.offload.enable";
    /// Where a share group that is new begins to read.
    "share.auto.offset.reset": Text = text("latest"), offset_reset(), PerGroup, Live;
    /// How often this group is handed a record before it is given up.
    "share.delivery.count.limit": Int =
        text("5"), at_least(2), PerGroup, Live; from "group.share.delivery.count.limit";
    /// How often a member of this share group is asked to report.
    "share.heartbeat.interval.ms": Int =
        text("5000"), at_least(1), PerGroup, Live; from "group.share.heartbeat.interval.ms";
    /// Whether this share group sees records of transactions that are not decided.
    "share.isolation.level": Text =
        text("read_uncommitted"), one_of(&["read_committed", "read_uncommitted"]), PerGroup, Live;
    /// Records of one partition that may be out with this group at a time.
    "share.partition.max.record.locks": Int =
        text("2000"), at_least(100), PerGroup, Live
        ; from "group.share.partition.max.record.locks";
    /// How long a record handed out belongs to its consumer in this group.
    "share.record.lock.duration.ms": Int =
        text("30000"), at_least(1000), PerGroup, Live
        ; from "group.share.record.lock.duration.ms";
    /// Whether a consumer may ask for more time with a record.
    "share.renew.acknowledge.enable": Boolean = text("true"), any(), PerGroup, Live;
    /// Silence after which a member of this share group is removed.
    "share.session.timeout.ms": Int =
        text("45000"), at_least(1), PerGroup, Live; from "group.share.session.timeout.ms";
    /// Lag of a task's state below which a member of this group counts as ready for it.
    "streams.acceptable.recovery.lag": Long =
        text("10000"), at_least(0), PerGroup, Live, internal
        ; from "group.streams.acceptable.recovery.lag";
    /// Shortest time from one assignment of this streams group to the next.
    "streams.assignment.interval.ms": Int =
        text("1000"), at_least(0), PerGroup, Live; from "group.streams.assignment.interval.ms";
    /// Assignor of this streams group.
    "streams.assignor.name": Text =
        null(), any(), PerGroup, NoneYet; from "group.streams.assignors";
    /// Whether this streams group's assignments are worked out apart from the coordinator.
    "streams.assignor.offload.enable": Boolean =
        text("true"), any(), PerGroup, NoneYet, internal
        ; from "group.streams.assignor.offload.enable";
    /// How often a member of this streams group is asked to report.
    "streams.heartbeat.interval.ms": Int =
        text("5000"), at_least(1), PerGroup, Live; from "group.streams.heartbeat.interval.ms";
    /// How long this streams group's first assignment waits for more members.
    "streams.initial.rebalance.delay.ms": Int =
        text("3000"), at_least(0), PerGroup, Live
        ; from "group.streams.initial.rebalance.delay.ms";
    /// Further copies of each task's state that this group keeps.
    "streams.num.standby.replicas": Int =
        text("0"), at_least(0), PerGroup, Live; from "group.streams.num.standby.replicas";
    /// Tasks of this group whose state may be built up elsewhere at a time. Apache Kafka 4.4 gives out no such tasks either.
    "streams.num.warmup.replicas": Int =
        text("2"), at_least(0), PerGroup, NoneYet, internal
        ; from "group.streams.num.warmup.replicas";
    /// Tags of clients that copies of a task's state should differ in, for this group.
    "streams.rack.aware.assignment.tags": List =
        text(""), items(), PerGroup, Live; from "group.streams.rack.aware.assignment.tags";
    /// Silence after which a member of this streams group is removed.
    "streams.session.timeout.ms": Int =
        text("45000"), at_least(1), PerGroup, Live; from "group.streams.session.timeout.ms";
    /// How often members of this group report how far the state of their tasks has come.
    "streams.task.offset.interval.ms": Int =
        text("60000"), at_least(1), PerGroup, Live, internal
        ; from "group.streams.task.offset.interval.ms";
}
