//! Committed offsets, classic groups and consumer groups.

use super::bounds::*;
use crate::table::declare;

declare! {
    /// Committed offsets, classic groups and consumer groups.
    GROUPS, Broker:
    /// Shortest time from one assignment of a consumer group to the next.
    "group.consumer.assignment.interval.ms": Int = text("1000"), at_least(0), ClusterWide, Live;
    /// Whether assignments of consumer groups are worked out apart from the coordinator.
    "group.consumer.assignor.offload.enable": Boolean =
        text("true"), any(), ClusterWide, NoneYet, internal;
    /// Assignors for consumer groups; the first is taken when a member names none.
    "group.consumer.assignors": List = text("uniform,range"), one_or_more(), ReadOnly, Restart;
    /// How often a member of a consumer group is asked to report.
    "group.consumer.heartbeat.interval.ms": Int = text("5000"), at_least(1), ReadOnly, Restart;
    /// Largest consumer.assignment.interval.ms that a group may set.
    "group.consumer.max.assignment.interval.ms": Int =
        text("15000"), at_least(0), ReadOnly, Restart;
    /// Largest consumer.heartbeat.interval.ms that a group may set.
    "group.consumer.max.heartbeat.interval.ms": Int = text("15000"), at_least(1), ReadOnly, Restart;
    /// Largest consumer.session.timeout.ms that a group may set.
    "group.consumer.max.session.timeout.ms": Int = text("60000"), at_least(1), ReadOnly, Restart;
    /// Members that a consumer group may have.
    "group.consumer.max.size": Int = text("2147483647"), at_least(1), ReadOnly, Restart;
    /// Which of classic and consumer groups may turn into the other while they run.
    "group.consumer.migration.policy": Text =
        text("bidirectional"), one_of_any_case(&["DISABLED", "DOWNGRADE", "UPGRADE", "BIDIRECTIONAL"]), ReadOnly, Restart;
    /// Smallest consumer.assignment.interval.ms that a group may set.
    "group.consumer.min.assignment.interval.ms": Int = text("0"), at_least(0), ReadOnly, Restart;
    /// Smallest consumer.heartbeat.interval.ms that a group may set.
    "group.consumer.min.heartbeat.interval.ms": Int = text("5000"), at_least(1), ReadOnly, Restart;
    /// Smallest consumer.session.timeout.ms that a group may set.
    "group.consumer.min.session.timeout.ms": Int = text("45000"), at_least(1), ReadOnly, Restart;
    /// How often patterns of topic names are matched afresh.
    "group.consumer.regex.refresh.interval.ms": Int =
        text("600000"), at_least(10_000), ReadOnly, Restart, internal;
    /// Silence after which a member of a consumer group is removed.
    "group.consumer.session.timeout.ms": Int = text("45000"), at_least(1), ReadOnly, Restart;
    /// How long the coordinator gathers writes; -1 lets it choose.
    "group.coordinator.append.linger.ms": Int = text("-1"), at_least(-1), ReadOnly, NoneYet;
    /// Threads for the coordinator's heavier work.
    "group.coordinator.background.threads": Int = text("2"), at_least(1), ReadOnly, NoneYet;
    /// Largest buffer that the coordinator keeps for its next write.
    "group.coordinator.cached.buffer.max.bytes": Int =
        text("1048588"), at_least(524_288), ClusterWide, NoneYet;
    /// Which kinds of group are served.
    "group.coordinator.rebalance.protocols": List =
        text("classic,consumer,streams"), one_or_more_of(&["consumer", "classic", "share", "streams"]), ReadOnly, Restart;
    /// Threads of the group coordinator.
    "group.coordinator.threads": Int = text("4"), at_least(1), ReadOnly, NoneYet;
    /// How long the first rebalance of an empty classic group waits for more members.
    "group.initial.rebalance.delay.ms": Int = text("3000"), any(), ReadOnly, Restart;
    /// Largest session timeout that a member of a classic group may ask for.
    "group.max.session.timeout.ms": Int = text("1800000"), any(), ReadOnly, Restart;
    /// Members that a classic group may have.
    "group.max.size": Int = text("2147483647"), at_least(1), ReadOnly, Restart;
    /// Smallest session timeout that a member of a classic group may ask for.
    "group.min.session.timeout.ms": Int = text("6000"), any(), ReadOnly, Restart;
    /// Size of the text that may come with a committed offset.
    "offset.metadata.max.bytes": Int = text("4096"), any(), ReadOnly, Restart;
    /// How long a commit of offsets may wait for its replicas.
    "offsets.commit.timeout.ms": Int = text("5000"), at_least(1), ReadOnly, Restart;
    /// Bytes read at a time when committed offsets are loaded.
    "offsets.load.buffer.size": Int = text("5242880"), at_least(1), ReadOnly, NoneYet;
    /// How often expired offsets are looked for.
    "offsets.retention.check.interval.ms": Long = text("600000"), at_least(1), ReadOnly, Restart;
    /// Minutes that offsets are kept after a group became empty.
    "offsets.retention.minutes": Int = text("10080"), at_least(1), ReadOnly, Restart;
    /// Codec of the offsets topic, by its number.
    "offsets.topic.compression.codec": Int = text("0"), between(0, 4), ReadOnly, Restart;
    /// Partitions of the offsets topic.
    "offsets.topic.num.partitions": Int = text("50"), at_least(1), ReadOnly, Restart;
    /// Replicas of the offsets topic; fewer while there are fewer brokers.
    "offsets.topic.replication.factor": Short = text("3"), at_least(1), ReadOnly, Restart;
    /// Size of the segments of the offsets topic.
    "offsets.topic.segment.bytes": Int = text("104857600"), at_least(1), ReadOnly, Restart;
}
