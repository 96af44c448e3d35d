//! What a topic may say for itself.

use super::bounds::*;
use crate::table::declare;

declare! {
    /// What a topic may say for itself.
    TOPIC, Topic:
    /// Level of gzip when batches are compressed again on their way in; -1 is the codec's own choice.
    "compression.gzip.level": Int =
        text("-1"), gzip_level(), PerTopic, Live; from "compression.gzip.level";
    /// Level of lz4 when batches are compressed again on their way in.
    "compression.lz4.level": Int =
        text("9"), between(1, 17), PerTopic, Live; from "compression.lz4.level";
    /// Codec that stored batches have; `producer` keeps them as they came.
    "compression.type": Text =
        text("producer"), one_of(&["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"]), PerTopic, Live
        ; from "compression.type";
    /// Level of zstd when batches are compressed again on their way in.
    "compression.zstd.level": Int =
        text("3"), between(-131_072, 22), PerTopic, Live; from "compression.zstd.level";
    /// Size that a record may reach when it is decompressed.
    "max.decompressed.message.bytes": Int =
        text("2147483639"), between(1, 2_147_483_639), PerTopic, NoneYet
        ; from "max.decompressed.message.bytes";
    /// How many in-sync replicas must hold a batch before acks=all is answered.
    "min.insync.replicas": Int =
        text("1"), at_least(1), PerTopic, Live; from "min.insync.replicas";
    /// Whether a replica that is not in sync may lead when no other can, at the price of records.
    "unclean.leader.election.enable": Boolean =
        text("false"), any(), PerTopic, NoneYet; from "unclean.leader.election.enable";
    /// How old records go: by age and size, by key, by both, or never.
    "cleanup.policy": List =
        text("delete"), items_of(&["compact", "delete"]), PerTopic, Live
        ; from "log.cleanup.policy";
    /// How long a tombstone stays in a compacted log for readers to see.
    "delete.retention.ms": Long =
        text("86400000"), at_least(0), PerTopic, Live; from "log.cleaner.delete.retention.ms";
    /// Whether share groups may put dead letters here.
    "errors.deadletterqueue.group.enable": Boolean = text("false"), any(), PerTopic, Live;
    /// How long a file marked as deleted stays before it is unlinked. Files are unlinked at once: whoever reads one has it open, and a full disk gets its room back.
    "file.delete.delay.ms": Long =
        text("60000"), at_least(0), PerTopic, NoneYet; from "log.segment.delete.delay.ms";
    /// 1 asks for each batch on disk before it is answered; other numbers are without effect yet.
    "flush.messages": Long =
        text("9223372036854775807"), at_least(1), PerTopic, Live
        ; from "log.flush.interval.messages";
    /// Age of unsynced records after which a partition is synced to disk.
    "flush.ms": Long =
        text("9223372036854775807"), at_least(0), PerTopic, NoneYet
        ; from "log.flush.interval.ms", "log.flush.scheduler.interval.ms";
    /// Replicas, as PARTITION:BROKER, that copy at a limited speed; * for all.
    "follower.replication.throttled.replicas": List =
        text(""), throttled_replicas(), PerTopic, NoneYet;
    /// Bytes of log from one entry of the offset index to the next.
    "index.interval.bytes": Int =
        text("4096"), at_least(0), PerTopic, Live; from "log.index.interval.bytes";
    /// For tests: size at which the active segment is closed, below the usual smallest.
    "internal.segment.bytes": Int = null(), any(), PerTopic, Live, internal;
    /// Replicas, as PARTITION:BROKER, that are copied from at a limited speed; * for all.
    "leader.replication.throttled.replicas": List =
        text(""), throttled_replicas(), PerTopic, NoneYet;
    /// Size of a tiered partition that stays on local disk; -2 takes retention.bytes.
    "local.retention.bytes": Long =
        text("-2"), at_least(-2), PerTopic, NoneYet; from "log.local.retention.bytes";
    /// Age of records of a tiered partition that stay on local disk; -2 takes retention.ms.
    "local.retention.ms": Long =
        text("-2"), at_least(-2), PerTopic, NoneYet; from "log.local.retention.ms";
    /// Age at which a record is compacted whatever the share of new bytes.
    "max.compaction.lag.ms": Long =
        text("9223372036854775807"), at_least(1), PerTopic, Live
        ; from "log.cleaner.max.compaction.lag.ms";
    /// Size of the largest batch taken, as it was sent.
    "max.message.bytes": Int =
        text("1048588"), at_least(0), PerTopic, Live; from "message.max.bytes";
    /// How far a record's own time may lie ahead of the broker's clock.
    "message.timestamp.after.max.ms": Long =
        text("3600000"), at_least(0), PerTopic, Live; from "log.message.timestamp.after.max.ms";
    /// How far a record's own time may lie behind the broker's clock.
    "message.timestamp.before.max.ms": Long =
        text("9223372036854775807"), at_least(0), PerTopic, Live
        ; from "log.message.timestamp.before.max.ms";
    /// Whose time a record carries: its producer's or that of the append.
    "message.timestamp.type": Text =
        text("CreateTime"), one_of(&["CreateTime", "LogAppendTime"]), PerTopic, Live
        ; from "log.message.timestamp.type";
    /// Share of not yet compacted bytes from which a log is worth compacting.
    "min.cleanable.dirty.ratio": Double =
        text("0.5"), real(0.0, 1.0), PerTopic, Live; from "log.cleaner.min.cleanable.ratio";
    /// Age below which a record is left out of compaction.
    "min.compaction.lag.ms": Long =
        text("0"), at_least(0), PerTopic, Live; from "log.cleaner.min.compaction.lag.ms";
    /// Whether the space of a new segment is reserved at once.
    "preallocate": Boolean = text("false"), any(), PerTopic, NoneYet; from "log.preallocate";
    /// Bytes that must follow a segment before it is copied to remote storage; -1 ties it to local retention.
    "remote.copy.lag.bytes": Long =
        text("-1"), at_least(-1), PerTopic, NoneYet; from "log.remote.copy.lag.bytes";
    /// Age of a segment before it is copied to remote storage; -1 ties it to local retention.
    "remote.copy.lag.ms": Long =
        text("0"), at_least(-1), PerTopic, NoneYet; from "log.remote.copy.lag.ms";
    /// Whether no more segments go to remote storage.
    "remote.log.copy.disable": Boolean = text("false"), any(), PerTopic, NoneYet;
    /// Whether remote segments are deleted when remote storage is switched off.
    "remote.log.delete.on.disable": Boolean = text("false"), any(), PerTopic, NoneYet;
    /// Whether old segments go to remote storage.
    "remote.storage.enable": Boolean = text("false"), any(), PerTopic, NoneYet;
    /// Size above which a partition loses its oldest segments; -1 for no limit.
    "retention.bytes": Long = text("-1"), any(), PerTopic, Live; from "log.retention.bytes";
    /// Milliseconds that records are kept; -1 for ever.
    "retention.ms": Long =
        text("604800000"), at_least(-1), PerTopic, Live
        ; from "log.retention.ms", "log.retention.minutes", "log.retention.hours";
    /// Size at which the active segment is closed.
    "segment.bytes": Int =
        text("1073741824"), at_least(1_048_576), PerTopic, Live; from "log.segment.bytes";
    /// Size that an index file may reach; a full one rolls the segment.
    "segment.index.bytes": Int =
        text("10485760"), at_least(4), PerTopic, Live; from "log.index.size.max.bytes";
    /// Milliseconds by which a segment may close sooner, at random.
    "segment.jitter.ms": Long =
        text("0"), at_least(0), PerTopic, Live
        ; from "log.roll.jitter.ms", "log.roll.jitter.hours";
    /// Milliseconds after which the active segment is closed.
    "segment.ms": Long =
        text("604800000"), at_least(1), PerTopic, Live; from "log.roll.ms", "log.roll.hours";
}
