//! Share groups and their state.

use super::bounds::*;
use crate::table::declare;

declare! {
    /// Share groups and their state.
    SHARE_GROUPS, Broker:
    /// Whether the dead-letter topic of a share group is made when it is missing.
    "errors.deadletterqueue.auto.create.topics.enable": Boolean =
        text("false"), any(), ClusterWide, Live;
    /// What the name of every dead-letter topic must begin with.
    "errors.deadletterqueue.topic.name.prefix": Text = text("dlq."), any(), ClusterWide, Live;
    /// Shortest time from one assignment of a share group to the next.
    "group.share.assignment.interval.ms": Int = text("1000"), at_least(0), ClusterWide, Live;
    /// Whether assignments of share groups are worked out apart from the coordinator.
    "group.share.assignor.offload.enable": Boolean =
        text("true"), any(), ClusterWide, NoneYet, internal;
    /// Assignors for share groups.
    "group.share.assignors": List = text("simple"), one_or_more(), ReadOnly, NoneYet;
    /// How often a record is handed out before it is given up.
    "group.share.delivery.count.limit": Int = text("5"), between(2, 10), ReadOnly, Restart;
    /// Java class that writes dead letters of share groups.
    "group.share.dlq.manager.class.name": Text =
        text("org.apache.kafka.server.share.dlq.DefaultShareGroupDLQManager"), any(), ReadOnly, NoneYet, internal;
    /// How often a member of a share group is asked to report.
    "group.share.heartbeat.interval.ms": Int = text("5000"), at_least(1), ReadOnly, Restart;
    /// Rest before the state of a share group is set up again.
    "group.share.initialize.retry.interval.ms": Int =
        text("30000"), at_least(1), ReadOnly, Restart, internal;
    /// Largest share.assignment.interval.ms that a group may set.
    "group.share.max.assignment.interval.ms": Int = text("15000"), at_least(0), ReadOnly, Restart;
    /// Largest share.delivery.count.limit that a group may set.
    "group.share.max.delivery.count.limit": Int = text("10"), between(5, 25), ReadOnly, Restart;
    /// Largest share.heartbeat.interval.ms that a group may set.
    "group.share.max.heartbeat.interval.ms": Int = text("15000"), at_least(1), ReadOnly, Restart;
    /// Largest share.partition.max.record.locks that a group may set.
    "group.share.max.partition.max.record.locks": Int =
        text("4000"), between(2000, 10_000), ReadOnly, Restart;
    /// Largest share.record.lock.duration.ms that a group may set.
    "group.share.max.record.lock.duration.ms": Int =
        text("60000"), between(30_000, 3_600_000), ReadOnly, Restart;
    /// Largest share.session.timeout.ms that a group may set.
    "group.share.max.session.timeout.ms": Int = text("60000"), at_least(1), ReadOnly, Restart;
    /// Sessions of share consumers remembered at a time.
    "group.share.max.share.sessions": Int = text("2000"), at_least(1), ReadOnly, Restart;
    /// Members that a share group may have.
    "group.share.max.size": Int = text("200"), between(1, 1000), ReadOnly, Restart;
    /// Smallest share.assignment.interval.ms that a group may set.
    "group.share.min.assignment.interval.ms": Int = text("0"), at_least(0), ReadOnly, Restart;
    /// Smallest share.delivery.count.limit that a group may set.
    "group.share.min.delivery.count.limit": Int = text("2"), between(2, 5), ReadOnly, Restart;
    /// Smallest share.heartbeat.interval.ms that a group may set.
    "group.share.min.heartbeat.interval.ms": Int = text("5000"), at_least(1), ReadOnly, Restart;
    /// Smallest share.partition.max.record.locks that a group may set.
    "group.share.min.partition.max.record.locks": Int =
        text("100"), between(100, 2000), ReadOnly, Restart;
    /// Smallest share.record.lock.duration.ms that a group may set.
    "group.share.min.record.lock.duration.ms": Int =
        text("15000"), between(1000, 30_000), ReadOnly, Restart;
    /// Smallest share.session.timeout.ms that a group may set.
    "group.share.min.session.timeout.ms": Int = text("45000"), at_least(1), ReadOnly, Restart;
    /// Records of one partition that may be out with consumers at a time.
    "group.share.partition.max.record.locks": Int =
        text("2000"), between(100, 10_000), ReadOnly, Restart;
    /// Java class that stores the state of share groups.
    "group.share.persister.class.name": Text =
        text("org.apache.kafka.server.share.persister.DefaultStatePersister"), any(), ReadOnly, NoneYet, internal;
    /// How long a record handed out belongs to its consumer.
    "group.share.record.lock.duration.ms": Int =
        text("30000"), between(1000, 3_600_000), ReadOnly, Restart;
    /// Silence after which a member of a share group is removed.
    "group.share.session.timeout.ms": Int = text("45000"), at_least(1), ReadOnly, Restart;
    /// How long the share coordinator gathers writes; -1 lets it choose.
    "share.coordinator.append.linger.ms": Int = text("-1"), at_least(-1), ReadOnly, NoneYet;
    /// Largest buffer that the share coordinator keeps for its next write.
    "share.coordinator.cached.buffer.max.bytes": Int =
        text("1048588"), at_least(524_288), ClusterWide, NoneYet;
    /// How often the state of an idle share partition is written whole.
    "share.coordinator.cold.partition.snapshot.interval.ms": Int =
        text("300000"), at_least(1), ReadOnly, Restart, internal;
    /// Bytes read at a time when the state of share groups is loaded.
    "share.coordinator.load.buffer.size": Int = text("5242880"), at_least(1), ReadOnly, NoneYet;
    /// Updates of state from one written whole to the next.
    "share.coordinator.snapshot.update.records.per.snapshot": Int =
        text("500"), between(0, 500), ReadOnly, Restart;
    /// Codec of the share state topic, by its number.
    "share.coordinator.state.topic.compression.codec": Int = text("0"), any(), ReadOnly, Restart;
    /// In-sync replicas that a write to the share state topic needs.
    "share.coordinator.state.topic.min.isr": Short = text("2"), at_least(1), ReadOnly, Restart;
    /// Partitions of the share state topic.
    "share.coordinator.state.topic.num.partitions": Int =
        text("50"), at_least(1), ReadOnly, Restart;
    /// How often overtaken records of the share state topic are deleted.
    "share.coordinator.state.topic.prune.interval.ms": Int =
        text("300000"), at_least(1), ReadOnly, Restart, internal;
    /// Replicas of the share state topic.
    "share.coordinator.state.topic.replication.factor": Short =
        text("3"), at_least(1), ReadOnly, Restart;
    /// Size of the segments of the share state topic.
    "share.coordinator.state.topic.segment.bytes": Int =
        text("104857600"), at_least(1), ReadOnly, Restart;
    /// Threads of the share coordinator.
    "share.coordinator.threads": Int = text("1"), at_least(1), ReadOnly, NoneYet;
    /// How long a write of share state may wait for its replicas.
    "share.coordinator.write.timeout.ms": Int = text("5000"), at_least(1), ReadOnly, Restart;
    /// Of Kafka's own table of parked share fetches: after how many it is cleaned.
    "share.fetch.purgatory.purge.interval.requests": Int = text("1000"), any(), ReadOnly, NoneYet;
}
