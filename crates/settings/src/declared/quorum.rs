//! The controller, its quorum and the metadata log.

use super::bounds::*;
use crate::table::declare;

declare! {
    /// The controller, its quorum and the metadata log.
    QUORUM, Broker:
    /// How often a broker tells the controller that it lives.
    "broker.heartbeat.interval.ms": Int = text("2000"), any(), ReadOnly, Restart;
    /// Silence after which the controller fences a broker.
    "broker.session.timeout.ms": Int = text("9000"), any(), ReadOnly, Restart;
    /// Listeners of the controller.
    "controller.listener.names": List = required(), one_or_more(), ReadOnly, Restart;
    /// A controller's step that takes longer is logged.
    "controller.performance.always.log.threshold.ms": Long =
        text("2000"), at_least(0), ReadOnly, NoneYet, internal;
    /// How often a controller sums up how long its steps took.
    "controller.performance.sample.period.ms": Long =
        text("60000"), at_least(100), ReadOnly, NoneYet, internal;
    /// How long a leader gathers records before it writes them.
    "controller.quorum.append.linger.ms": Int = text("25"), at_least(0), ReadOnly, NoneYet;
    /// Whether a controller makes itself a voter when it starts.
    "controller.quorum.auto.join.enable": Boolean = text("false"), any(), ReadOnly, NoneYet;
    /// Addresses where the quorum is found.
    "controller.quorum.bootstrap.servers": List = text(""), addresses(), ReadOnly, NoneYet;
    /// Longest rest after an election that nobody won.
    "controller.quorum.election.backoff.max.ms": Int = text("1000"), at_least(0), ReadOnly, NoneYet;
    /// How long a candidate waits for votes.
    "controller.quorum.election.timeout.ms": Int = text("1000"), at_least(0), ReadOnly, Restart;
    /// Bytes of one answer to a fetch of the metadata log.
    "controller.quorum.fetch.max.bytes": Int = text("1048576"), at_least(1), ReadOnly, NoneYet;
    /// Bytes of one answer to a fetch of a snapshot.
    "controller.quorum.fetch.snapshot.max.bytes": Int =
        text("1048576"), at_least(1), ReadOnly, NoneYet;
    /// How long a follower hears nothing before it asks for an election.
    "controller.quorum.fetch.timeout.ms": Int = text("2000"), at_least(0), ReadOnly, Restart;
    /// How long a voter waits for an answer of another.
    "controller.quorum.request.timeout.ms": Int = text("2000"), at_least(0), ReadOnly, NoneYet;
    /// Rest before a voter asks again.
    "controller.quorum.retry.backoff.ms": Int = text("20"), at_least(0), ReadOnly, NoneYet;
    /// The voters of a quorum that does not change, as ID@HOST:PORT.
    "controller.quorum.voters": List = text(""), voters(), ReadOnly, Restart;
    /// How long a broker waits for an answer of the controller.
    "controller.socket.timeout.ms": Int = text("30000"), any(), ReadOnly, NoneYet;
    /// For tests: how long deleted files of the metadata log stay.
    "internal.metadata.delete.delay.millis": Long =
        text("60000"), any(), ReadOnly, NoneYet, internal;
    /// For tests: size at which a segment of the metadata log is closed.
    "internal.metadata.log.segment.bytes": Int = null(), any(), ReadOnly, Restart, internal;
    /// For tests: size of the largest batch of the metadata log.
    "internal.metadata.max.batch.size.in.bytes": Int =
        text("8388608"), any(), ReadOnly, NoneYet, internal;
    /// Directory of the metadata log; else the first data directory.
    "metadata.log.dir": Text = null(), any(), ReadOnly, Restart;
    /// Bytes of new metadata after which a snapshot is made.
    "metadata.log.max.record.bytes.between.snapshots": Long =
        text("20971520"), at_least(1), ReadOnly, Restart;
    /// Time after which a snapshot is made; 0 for never by time.
    "metadata.log.max.snapshot.interval.ms": Long = text("3600000"), at_least(0), ReadOnly, Restart;
    /// Size at which a segment of the metadata log is closed.
    "metadata.log.segment.bytes": Int = text("1073741824"), at_least(8_388_608), ReadOnly, Restart;
    /// Age at which a segment of the metadata log is closed.
    "metadata.log.segment.ms": Long = text("604800000"), any(), ReadOnly, NoneYet;
    /// How often an idle controller writes a record that does nothing; 0 for never.
    "metadata.max.idle.interval.ms": Int = text("500"), at_least(0), ReadOnly, NoneYet;
    /// Size of metadata log and snapshots above which old ones go.
    "metadata.max.retention.bytes": Long = text("104857600"), any(), ReadOnly, Restart;
    /// Age of metadata log and snapshots above which old ones go.
    "metadata.max.retention.ms": Long = text("604800000"), any(), ReadOnly, NoneYet;
}
