//! Data directories, the log's background work, its cleaner and its flushes.

use super::bounds::*;
use crate::table::declare;

declare! {
    /// Data directories, the log's background work, its cleaner and its flushes.
    LOG, Broker:
    /// Threads for housekeeping.
    "background.threads": Int = text("10"), at_least(1), ClusterWide, NoneYet;
    /// Data directories that are given no new replicas; * means all of them.
    "cordoned.log.dirs": List = text(""), items(), PerBroker, NoneYet;
    /// How long a cleaner rests when nothing is worth compacting.
    "log.cleaner.backoff.ms": Long = text("15000"), at_least(0), ClusterWide, Live;
    /// Memory for the key tables of all cleaners together.
    "log.cleaner.dedupe.buffer.size": Long = text("134217728"), any(), ClusterWide, Live;
    /// Whether compaction runs.
    "log.cleaner.enable": Boolean = text("true"), any(), ReadOnly, Restart;
    /// How full the key table of a cleaner may be.
    "log.cleaner.io.buffer.load.factor": Double = text("0.9"), any(), ClusterWide, Live;
    /// Memory for reading and writing of all cleaners together.
    "log.cleaner.io.buffer.size": Int = text("524288"), at_least(0), ClusterWide, Live;
    /// Bytes a second that cleaners may read and write together.
    "log.cleaner.io.max.bytes.per.second": Double =
        text("1.7976931348623157E308"), any(), ClusterWide, Live;
    /// How many cleaners run.
    "log.cleaner.threads": Int = text("1"), at_least(0), ClusterWide, Restart;
    /// The data directory, when log.dirs is not set.
    "log.dir": List = text("/tmp/kafka-logs"), one_or_more(), ReadOnly, Restart;
    /// How long a broker keeps running when it cannot tell the controller of a failed data directory.
    "log.dir.failure.timeout.ms": Long = text("30000"), at_least(1), ReadOnly, NoneYet;
    /// The data directories.
    "log.dirs": List = null(), one_or_more(), ReadOnly, Restart;
    /// How often the place up to which a log is known to be good is written down.
    "log.flush.offset.checkpoint.interval.ms": Int = text("60000"), at_least(0), ReadOnly, NoneYet;
    /// How often the first offset of each log is written down.
    "log.flush.start.offset.checkpoint.interval.ms": Int =
        text("60000"), at_least(0), ReadOnly, NoneYet;
    /// For tests: how long after the start housekeeping of logs begins.
    "log.initial.task.delay.ms": Long = text("30000"), at_least(0), ReadOnly, Restart, internal;
    /// How often segments are looked at for being too old or too many.
    "log.retention.check.interval.ms": Long = text("300000"), at_least(1), ReadOnly, Restart;
    /// Threads that open the logs of one data directory at the start.
    "num.recovery.threads.per.data.dir": Int = text("2"), at_least(1), ClusterWide, Restart;
    /// Threads that move replicas from one data directory to another.
    "num.replica.alter.log.dirs.threads": Int = null(), any(), ReadOnly, NoneYet;
    /// How often forgotten producers are looked for.
    "producer.id.expiration.check.interval.ms": Int =
        text("600000"), at_least(1), ReadOnly, Restart, internal;
    /// How long the state of a silent idempotent producer is remembered.
    "producer.id.expiration.ms": Int = text("86400000"), at_least(1), ClusterWide, Live;
}
