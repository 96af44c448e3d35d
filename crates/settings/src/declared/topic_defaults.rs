//! What a topic takes from its broker when it does not say otherwise itself.

use super::bounds::*;
use crate::table::declare;

declare! {
    /// What a topic takes from its broker when it does not say otherwise itself.
    TOPIC_DEFAULTS, Broker:
    /// Level of gzip when batches are compressed again on their way in; -1 is the codec's own choice.
    "compression.gzip.level": Int = text("-1"), gzip_level(), ClusterWide, Live;
    /// Level of lz4 when batches are compressed again on their way in.
    "compression.lz4.level": Int = text("9"), between(1, 17), ClusterWide, Live;
    /// Codec that stored batches have; `producer` keeps them as they came.
    "compression.type": Text =
        text("producer"), one_of(&["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"]), ClusterWide, Live;
    /// Level of zstd when batches are compressed again on their way in.
    "compression.zstd.level": Int = text("3"), between(-131_072, 22), ClusterWide, Live;
    /// Size that a record may reach when it is decompressed.
    "max.decompressed.message.bytes": Int =
        text("2147483639"), between(1, 2_147_483_639), ClusterWide, NoneYet;
    /// How many in-sync replicas must hold a batch before acks=all is answered.
    "min.insync.replicas": Int = text("1"), at_least(1), ClusterWide, Live;
    /// Whether a replica that is not in sync may lead when no other can, at the price of records.
    "unclean.leader.election.enable": Boolean = text("false"), any(), ClusterWide, NoneYet;
    /// How long a tombstone stays in a compacted log for readers to see.
    "log.cleaner.delete.retention.ms": Long = text("86400000"), at_least(0), ClusterWide, Live;
    /// Age at which a record is compacted whatever the share of new bytes.
    "log.cleaner.max.compaction.lag.ms": Long =
        text("9223372036854775807"), at_least(1), ClusterWide, Live;
    /// Share of not yet compacted bytes from which a log is worth compacting.
    "log.cleaner.min.cleanable.ratio": Double = text("0.5"), real(0.0, 1.0), ClusterWide, Live;
    /// Age below which a record is left out of compaction.
    "log.cleaner.min.compaction.lag.ms": Long = text("0"), at_least(0), ClusterWide, Live;
    /// How old records go: by age and size, by key, by both, or never.
    "log.cleanup.policy": List =
        text("delete"), items_of(&["compact", "delete"]), ClusterWide, Live;
    /// 1 asks for each batch on disk before it is answered; other numbers are without effect yet.
    "log.flush.interval.messages": Long =
        text("9223372036854775807"), at_least(1), ClusterWide, Live;
    /// Age of unsynced records after which a partition is synced to disk.
    "log.flush.interval.ms": Long = null(), any(), ClusterWide, NoneYet;
    /// How often partitions are looked at for being due to sync.
    "log.flush.scheduler.interval.ms": Long = text("9223372036854775807"), any(), ReadOnly, NoneYet;
    /// Bytes of log from one entry of the offset index to the next.
    "log.index.interval.bytes": Int = text("4096"), at_least(0), ClusterWide, Live;
    /// Size that an index file may reach; a full one rolls the segment.
    "log.index.size.max.bytes": Int = text("10485760"), at_least(4), ClusterWide, Live;
    /// Size of a tiered partition that stays on local disk; -2 takes log.retention.bytes.
    "log.local.retention.bytes": Long = text("-2"), at_least(-2), ClusterWide, NoneYet;
    /// Age of records of a tiered partition that stay on local disk; -2 takes log.retention.ms.
    "log.local.retention.ms": Long = text("-2"), at_least(-2), ClusterWide, NoneYet;
    /// How far a record's own time may lie ahead of the broker's clock.
    "log.message.timestamp.after.max.ms": Long = text("3600000"), at_least(0), ClusterWide, Live;
    /// How far a record's own time may lie behind the broker's clock.
    "log.message.timestamp.before.max.ms": Long =
        text("9223372036854775807"), at_least(0), ClusterWide, Live;
    /// Whose time a record carries: its producer's or that of the append.
    "log.message.timestamp.type": Text =
        text("CreateTime"), one_of(&["CreateTime", "LogAppendTime"]), ClusterWide, Live;
    /// Whether the space of a new segment is reserved at once.
    "log.preallocate": Boolean = text("false"), any(), ClusterWide, NoneYet;
    /// Bytes that must follow a segment before it is copied to remote storage; -1 ties it to local retention.
    "log.remote.copy.lag.bytes": Long = text("-1"), at_least(-1), ClusterWide, NoneYet;
    /// Age of a segment before it is copied to remote storage; -1 ties it to local retention.
    "log.remote.copy.lag.ms": Long = text("0"), at_least(-1), ClusterWide, NoneYet;
    /// Size above which a partition loses its oldest segments; -1 for no limit.
    "log.retention.bytes": Long = text("-1"), any(), ClusterWide, Live;
    /// Hours that records are kept, unless minutes or milliseconds are set.
    "log.retention.hours": Int = text("168"), any(), ReadOnly, Restart;
    /// Minutes that records are kept, unless milliseconds are set.
    "log.retention.minutes": Int = null(), any(), ReadOnly, Restart;
    /// Milliseconds that records are kept; -1 for ever.
    "log.retention.ms": Long = null(), any(), ClusterWide, Live;
    /// Hours after which the active segment is closed, unless milliseconds are set.
    "log.roll.hours": Int = text("168"), at_least(1), ReadOnly, Restart;
    /// Hours by which a segment may close sooner, at random, unless milliseconds are set.
    "log.roll.jitter.hours": Int = text("0"), at_least(0), ReadOnly, Restart;
    /// Milliseconds by which a segment may close sooner, at random.
    "log.roll.jitter.ms": Long = null(), any(), ClusterWide, Live;
    /// Milliseconds after which the active segment is closed.
    "log.roll.ms": Long = null(), any(), ClusterWide, Live;
    /// Size at which the active segment is closed.
    "log.segment.bytes": Int = text("1073741824"), at_least(1_048_576), ClusterWide, Live;
    /// How long a file marked as deleted stays before it is unlinked. Files are unlinked at once: whoever reads one has it open, and a full disk gets its room back.
    "log.segment.delete.delay.ms": Long = text("60000"), at_least(0), ClusterWide, NoneYet;
    /// Size of the largest batch taken, as it was sent.
    "message.max.bytes": Int = text("1048588"), at_least(0), ClusterWide, Live;
}
