//! Listeners, connections, requests and threads.

use super::bounds::*;
use crate::table::declare;

declare! {
    /// Listeners, connections, requests and threads.
    NETWORK, Broker:
    /// Addresses that clients are told; where none is set, the one they came in on.
    "advertised.listeners": List = null(), one_or_more(), ReadOnly, Restart;
    /// How long a connection that failed to authenticate is held before it is closed.
    "connection.failed.authentication.delay.ms": Int = text("100"), at_least(0), ReadOnly, NoneYet;
    /// Silence after which a connection is closed.
    "connections.max.idle.ms": Long = text("600000"), any(), ReadOnly, Restart;
    /// Time after which a client must authenticate again; 0 for never.
    "connections.max.reauth.ms": Long = text("0"), any(), ReadOnly, NoneYet;
    /// Listeners that accept before the authorizer is ready.
    "early.start.listeners": List = null(), items(), ReadOnly, NoneYet;
    /// Bytes that one fetch is answered with at most, but for a first batch that is larger.
    "fetch.max.bytes": Int = text("57671680"), at_least(1024), ReadOnly, Restart;
    /// Of Kafka's own table of parked fetches: after how many it is cleaned.
    "fetch.purgatory.purge.interval.requests": Int = text("1000"), any(), ReadOnly, NoneYet;
    /// Of Kafka's own table of parked deletions of records: after how many it is cleaned.
    "delete.records.purgatory.purge.interval.requests": Int = text("1"), any(), ReadOnly, NoneYet;
    /// Which security protocol each listener name speaks.
    "listener.security.protocol.map": Text =
        text("SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT"), any(), PerBroker, Restart;
    /// Addresses that are listened on, each as NAME://HOST:PORT.
    "listeners": List = text("PLAINTEXT://:9092"), one_or_more(), PerBroker, Restart;
    /// New connections a second.
    "max.connection.creation.rate": Int = text("2147483647"), at_least(0), ClusterWide, Restart;
    /// Open connections.
    "max.connections": Int = text("2147483647"), at_least(0), ClusterWide, Restart;
    /// Open connections from one address.
    "max.connections.per.ip": Int = text("2147483647"), at_least(0), ClusterWide, Restart;
    /// Addresses with a limit of their own, as HOST:COUNT.
    "max.connections.per.ip.overrides": Text = text(""), any(), ClusterWide, Restart;
    /// Fetch sessions remembered at a time.
    "max.incremental.fetch.session.cache.slots": Int = text("1000"), at_least(0), ReadOnly, Restart;
    /// Partitions that one DescribeTopicPartitions is answered with.
    "max.request.partition.size.limit": Int = text("2000"), at_least(1), ReadOnly, Restart;
    /// Threads that carry out requests; here the event loops do.
    "num.io.threads": Int = text("8"), at_least(1), ClusterWide, NoneYet;
    /// Event loops that serve connections; never more than the machine has processors.
    "num.network.threads": Int = text("3"), at_least(1), ClusterWide, Restart;
    /// Of Kafka's own table of parked produces: after how many it is cleaned.
    "producer.purgatory.purge.interval.requests": Int = text("1000"), any(), ReadOnly, NoneYet;
    /// Bytes of requests held in memory before reading pauses; -1 for no limit.
    "queued.max.request.bytes": Long = text("-1"), any(), ReadOnly, NoneYet;
    /// Requests that wait at a time before reading pauses.
    "queued.max.requests": Int = text("500"), at_least(1), ReadOnly, NoneYet;
    /// How long this node waits for an answer from another.
    "request.timeout.ms": Int = text("30000"), any(), ReadOnly, NoneYet;
    /// Longest wait for a connection to another node.
    "socket.connection.setup.timeout.max.ms": Long = text("30000"), any(), ReadOnly, NoneYet;
    /// First wait for a connection to another node.
    "socket.connection.setup.timeout.ms": Long = text("10000"), any(), ReadOnly, NoneYet;
    /// Connections that the system holds before they are accepted.
    "socket.listen.backlog.size": Int = text("50"), at_least(1), ReadOnly, Restart;
    /// Receive buffer of a socket; -1, or nothing said, leaves it to the system.
    "socket.receive.buffer.bytes": Int = text("102400"), any(), ReadOnly, Restart;
    /// Size of the largest request taken.
    "socket.request.max.bytes": Int = text("104857600"), at_least(1), ReadOnly, Restart;
    /// Send buffer of a socket; what a distant consumer can read is at most twice this in one round trip; -1 leaves it to the system.
    "socket.send.buffer.bytes": Int = text("102400"), any(), ReadOnly, Restart;
}
