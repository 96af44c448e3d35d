//! Streams groups.

use super::bounds::*;
use crate::table::declare;

declare! {
    /// Streams groups.
    STREAMS_GROUPS, Broker:
    /// Lag of a task's state below which a member counts as ready for it.
    "group.streams.acceptable.recovery.lag": Long =
        text("10000"), at_least(0), ReadOnly, Restart, internal;
    /// Shortest time from one assignment of a streams group to the next.
    "group.streams.assignment.interval.ms": Int = text("1000"), at_least(0), ClusterWide, Live;
    /// Whether assignments of streams groups are worked out apart from the coordinator.
    "group.streams.assignor.offload.enable": Boolean =
        text("true"), any(), ClusterWide, NoneYet, internal;
    /// Assignors for streams groups.
    "group.streams.assignors": List = text("sticky"), one_or_more(), ReadOnly, Restart;
    /// How often a member of a streams group is asked to report.
    "group.streams.heartbeat.interval.ms": Int = text("5000"), at_least(1), ReadOnly, Restart;
    /// How long the first assignment of a streams group waits for more members.
    "group.streams.initial.rebalance.delay.ms": Int = text("3000"), at_least(0), ReadOnly, Restart;
    /// Largest streams.assignment.interval.ms that a group may set.
    "group.streams.max.assignment.interval.ms": Int = text("15000"), at_least(0), ReadOnly, Restart;
    /// Largest streams.heartbeat.interval.ms that a group may set.
    "group.streams.max.heartbeat.interval.ms": Int = text("15000"), at_least(1), ReadOnly, Restart;
    /// Largest streams.session.timeout.ms that a group may set.
    "group.streams.max.session.timeout.ms": Int = text("60000"), at_least(1), ReadOnly, Restart;
    /// Members that a streams group may have.
    "group.streams.max.size": Int = text("2147483647"), at_least(1), ReadOnly, Restart;
    /// Largest streams.num.standby.replicas that a group may set.
    "group.streams.max.standby.replicas": Int = text("2"), at_least(0), ReadOnly, Restart;
    /// Largest streams.num.warmup.replicas that a group may set.
    "group.streams.max.warmup.replicas": Int = text("20"), at_least(0), ReadOnly, NoneYet, internal;
    /// Smallest streams.assignment.interval.ms that a group may set.
    "group.streams.min.assignment.interval.ms": Int = text("0"), at_least(0), ReadOnly, Restart;
    /// Smallest streams.heartbeat.interval.ms that a group may set.
    "group.streams.min.heartbeat.interval.ms": Int = text("5000"), at_least(1), ReadOnly, Restart;
    /// Smallest streams.session.timeout.ms that a group may set.
    "group.streams.min.session.timeout.ms": Int = text("45000"), at_least(1), ReadOnly, Restart;
    /// Smallest streams.task.offset.interval.ms that a group may set.
    "group.streams.min.task.offset.interval.ms": Int =
        text("15000"), at_least(1), ReadOnly, Restart, internal;
    /// Further copies of each task's state that are kept.
    "group.streams.num.standby.replicas": Int = text("0"), at_least(0), ReadOnly, Restart;
    /// Tasks whose state may be built up elsewhere at a time. Apache Kafka 4.4 gives out no such tasks either.
    "group.streams.num.warmup.replicas": Int = text("2"), at_least(0), ReadOnly, NoneYet, internal;
    /// Tags of clients that copies of a task's state should differ in.
    "group.streams.rack.aware.assignment.tags": List = text(""), items(), ReadOnly, Restart;
    /// Silence after which a member of a streams group is removed.
    "group.streams.session.timeout.ms": Int = text("45000"), at_least(1), ReadOnly, Restart;
    /// How often members report how far the state of their tasks has come.
    "group.streams.task.offset.interval.ms": Int =
        text("60000"), at_least(1), ReadOnly, Restart, internal;
    /// Java class that keeps descriptions of topologies.
    "group.streams.topology.description.plugin.class": Class = null(), any(), ReadOnly, NoneYet;
}
