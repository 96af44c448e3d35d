//! Followers, leaders, and who may lead.

use super::bounds::*;
use crate::table::declare;

declare! {
    /// Followers, leaders, and who may lead.
    REPLICATION, Broker:
    /// Whether leadership goes back to the replica that is named first.
    "auto.leader.rebalance.enable": Boolean = text("true"), any(), ReadOnly, NoneYet;
    /// Whether an empty follower of a tiered topic begins after what is in remote storage.
    "follower.fetch.last.tiered.offset.enable": Boolean =
        text("false"), any(), ClusterWide, NoneYet;
    /// How often it is looked at whether leadership should go back.
    "leader.imbalance.check.interval.seconds": Long = text("300"), at_least(1), ReadOnly, NoneYet;
    /// Connections to each leader over which followers copy.
    "num.replica.fetchers": Int = text("1"), at_least(1), ClusterWide, NoneYet;
    /// How long a follower rests after an error.
    "replica.fetch.backoff.ms": Int = text("1000"), at_least(0), ReadOnly, NoneYet;
    /// Bytes a follower asks for, for each partition.
    "replica.fetch.max.bytes": Int = text("1048576"), at_least(0), ReadOnly, NoneYet;
    /// Bytes a leader gathers before it answers a follower.
    "replica.fetch.min.bytes": Int = text("1"), any(), ReadOnly, NoneYet;
    /// Bytes of one whole answer to a follower.
    "replica.fetch.response.max.bytes": Int = text("10485760"), at_least(0), ReadOnly, NoneYet;
    /// How long a leader may keep a follower waiting for bytes.
    "replica.fetch.wait.max.ms": Int = text("500"), any(), ReadOnly, NoneYet;
    /// How often high watermarks are written down.
    "replica.high.watermark.checkpoint.interval.ms": Long = text("5000"), any(), ReadOnly, NoneYet;
    /// How long a follower may lag before it is no longer in sync.
    "replica.lag.time.max.ms": Long = text("30000"), any(), ReadOnly, NoneYet;
    /// Java class that picks the replica for a consumer to read.
    "replica.selector.class": Text = null(), any(), ReadOnly, NoneYet;
    /// Receive buffer of a follower's socket.
    "replica.socket.receive.buffer.bytes": Int = text("65536"), any(), ReadOnly, NoneYet;
    /// How long a follower waits for an answer.
    "replica.socket.timeout.ms": Int = text("30000"), any(), ReadOnly, NoneYet;
    /// Listener over which brokers speak with each other.
    "inter.broker.listener.name": Text = null(), any(), ReadOnly, NoneYet;
    /// Security protocol between brokers, when no listener is named.
    "security.inter.broker.protocol": Text =
        text("PLAINTEXT"), one_of(&["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]), ReadOnly, NoneYet;
    /// How often partitions without a leader are looked at for an unclean election.
    "unclean.leader.election.interval.ms": Long =
        text("300000"), at_least(1), ReadOnly, NoneYet, internal;
}
