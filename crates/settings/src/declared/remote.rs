//! Remote storage of old segments.

use super::bounds::*;
use crate::table::declare;

declare! {
    /// Remote storage of old segments.
    REMOTE, Broker:
    /// How long a fetch waits for bytes from remote storage.
    "remote.fetch.max.wait.ms": Int = text("500"), at_least(1), ClusterWide, NoneYet;
    /// How long a question for offsets waits for remote storage.
    "remote.list.offsets.request.timeout.ms": Long =
        text("30000"), at_least(1), ClusterWide, NoneYet;
    /// Disk for copies of remote indexes.
    "remote.log.index.file.cache.total.size.bytes": Long =
        text("1073741824"), at_least(1), ClusterWide, NoneYet;
    /// How long an unused copy of a remote index stays.
    "remote.log.index.file.cache.ttl.ms": Long =
        text("900000"), at_least(-1), ReadOnly, NoneYet, internal;
    /// Threads that copy segments to remote storage.
    "remote.log.manager.copier.thread.pool.size": Int =
        text("10"), at_least(1), ClusterWide, NoneYet;
    /// Bytes a second that go to remote storage.
    "remote.log.manager.copy.max.bytes.per.second": Long =
        text("9223372036854775807"), at_least(1), ClusterWide, NoneYet;
    /// Windows over which that speed is taken.
    "remote.log.manager.copy.quota.window.num": Int = text("11"), at_least(1), ReadOnly, NoneYet;
    /// Length of one such window.
    "remote.log.manager.copy.quota.window.size.seconds": Int =
        text("1"), at_least(1), ReadOnly, NoneYet;
    /// Threads that delete expired segments from remote storage.
    "remote.log.manager.expiration.thread.pool.size": Int =
        text("10"), at_least(1), ClusterWide, NoneYet;
    /// Bytes a second that come from remote storage.
    "remote.log.manager.fetch.max.bytes.per.second": Long =
        text("9223372036854775807"), at_least(1), ClusterWide, NoneYet;
    /// Windows over which that speed is taken.
    "remote.log.manager.fetch.quota.window.num": Int = text("11"), at_least(1), ReadOnly, NoneYet;
    /// Length of one such window.
    "remote.log.manager.fetch.quota.window.size.seconds": Int =
        text("1"), at_least(1), ReadOnly, NoneYet;
    /// Threads for the remote side of partitions that follow.
    "remote.log.manager.follower.thread.pool.size": Int =
        text("2"), at_least(1), ClusterWide, NoneYet;
    /// How often work on remote storage is looked for.
    "remote.log.manager.task.interval.ms": Long = text("30000"), at_least(1), ReadOnly, NoneYet;
    /// Longest rest before such work is tried again.
    "remote.log.manager.task.retry.backoff.max.ms": Long =
        text("30000"), at_least(1), ReadOnly, NoneYet, internal;
    /// First rest before such work is tried again.
    "remote.log.manager.task.retry.backoff.ms": Long =
        text("500"), at_least(1), ReadOnly, NoneYet, internal;
    /// Random share of that rest.
    "remote.log.manager.task.retry.jitter": Double =
        text("0.2"), real(0.0, 0.5), ReadOnly, NoneYet, internal;
    /// Threads for other work on remote storage.
    "remote.log.manager.thread.pool.size": Int = text("2"), at_least(1), ReadOnly, NoneYet;
    /// Size of what a storage plugin may note about a segment.
    "remote.log.metadata.custom.metadata.max.bytes": Int =
        text("128"), at_least(0), ReadOnly, NoneYet;
    /// Java class that keeps track of remote segments.
    "remote.log.metadata.manager.class.name": Text =
        text("org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager"), not_empty(), ReadOnly, NoneYet;
    /// Where that class is found.
    "remote.log.metadata.manager.class.path": Text = null(), any(), ReadOnly, NoneYet;
    /// What the names of that class's own settings begin with.
    "remote.log.metadata.manager.impl.prefix": Text =
        text("rlmm.config."), not_empty(), ReadOnly, NoneYet;
    /// Listener over which that class speaks with brokers.
    "remote.log.metadata.manager.listener.name": Text = null(), not_empty(), ReadOnly, NoneYet;
    /// Reads from remote storage that wait at a time.
    "remote.log.reader.max.pending.tasks": Int = text("100"), at_least(1), ReadOnly, NoneYet;
    /// Threads that read from remote storage.
    "remote.log.reader.threads": Int = text("10"), at_least(1), ClusterWide, NoneYet;
    /// Java class that is the remote storage.
    "remote.log.storage.manager.class.name": Text = null(), not_empty(), ReadOnly, NoneYet;
    /// Where that class is found.
    "remote.log.storage.manager.class.path": Text = null(), any(), ReadOnly, NoneYet;
    /// What the names of that class's own settings begin with.
    "remote.log.storage.manager.impl.prefix": Text =
        text("rsm.config."), not_empty(), ReadOnly, NoneYet;
    /// Whether old segments may go to remote storage.
    "remote.log.storage.system.enable": Boolean = text("false"), any(), ReadOnly, NoneYet;
}
