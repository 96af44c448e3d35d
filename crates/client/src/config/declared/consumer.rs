//! What only the consumer has, or has with a default of its own.

use super::connection::{
    client_rack, connections_max_idle, default_api_timeout, metrics_push, receive_buffer,
};
use super::{Allowed, COUNT, INT, JAVA, Kind, Setting, Support, row, switch, text, whole};

/// The one Java deserializer that does what is done anyway.
const BYTES: Support = Support::Only(
    &["org.apache.kafka.common.serialization.ByteArrayDeserializer"],
    "records are given as bytes",
);

const NO_SHARE: Support = Support::Refused("the share consumer (KIP-932) is not here yet");

pub(super) const CONSUMER: &[Setting] = &[
    switch(
        "allow.auto.create.topics",
        "true",
        "Whether brokers may create a topic that is subscribed to.",
    ),
    whole(
        "auto.commit.interval.ms",
        "5000",
        COUNT,
        "Milliseconds between commits of enable.auto.commit.",
    ),
    text(
        "auto.offset.reset",
        Some("latest"),
        Allowed::OffsetReset,
        "Where reading begins without an offset, or with one that is gone.",
    ),
    row(
        "check.crcs",
        Kind::Boolean,
        Some("true"),
        Allowed::Any,
        Support::Only(&["true"], "checksums are always looked at"),
        "Whether checksums of batches are looked at.",
    ),
    client_rack(Support::Refused("fetching from the closest replica (KIP-392) is not here yet")),
    connections_max_idle("540000"),
    default_api_timeout(),
    switch(
        "enable.auto.commit",
        "true",
        "Whether offsets of records that were handed out are committed in the background.",
    ),
    metrics_push("true"),
    row(
        "exclude.internal.topics",
        Kind::Boolean,
        Some("true"),
        Allowed::Any,
        Support::Only(
            &["true"],
            "patterns of topics are matched by the broker, which excludes them",
        ),
        "Whether a pattern of topics leaves internal ones out.",
    ),
    whole("fetch.max.bytes", "52428800", COUNT, "Bytes of one answer to a fetch."),
    whole(
        "fetch.max.wait.ms",
        "500",
        COUNT,
        "Milliseconds that a broker may wait for fetch.min.bytes.",
    ),
    whole("fetch.min.bytes", "1", COUNT, "Bytes that a broker may wait for."),
    text("group.id", None, Allowed::Any, "The group that topics are shared with."),
    text(
        "group.instance.id",
        None,
        Allowed::NotEmpty,
        "Name under which a member may restart without a rebalance (KIP-345).",
    ),
    text(
        "group.protocol",
        Some("classic"),
        Allowed::OneOfAnyCase(&["consumer", "classic"]),
        "Which group protocol is spoken.",
    ),
    text("group.remote.assignor", None, Allowed::Any, "Which assignor the broker takes."),
    whole(
        "heartbeat.interval.ms",
        "3000",
        Allowed::Whole(i32::MIN as i64, INT),
        "Milliseconds between heartbeats of a classic member.",
    ),
    row(
        "interceptor.classes",
        Kind::List,
        Some(""),
        Allowed::Any,
        JAVA,
        "Classes that see records.",
    ),
    row(
        "internal.throw.on.fetch.stable.offset.unsupported",
        Kind::Boolean,
        Some("false"),
        Allowed::Any,
        Support::Refused("it is internal to Kafka Streams"),
        "Whether brokers that cannot give stable offsets are refused.",
    ),
    text(
        "isolation.level",
        Some("read_uncommitted"),
        Allowed::OneOf(&["read_committed", "read_uncommitted"]),
        "Whether records of open and aborted transactions are shown.",
    ),
    row("key.deserializer", Kind::Text, None, Allowed::Any, BYTES, "Class that reads keys."),
    whole("max.partition.fetch.bytes", "1048576", COUNT, "Bytes of one partition per fetch."),
    whole(
        "max.poll.interval.ms",
        "300000",
        Allowed::Whole(1, INT),
        "Milliseconds between two calls of next after which the member leaves its group.",
    ),
    row(
        "max.poll.records",
        Kind::Whole,
        Some("500"),
        Allowed::Whole(1, INT),
        Support::Refused(
            "records are handed out by the batch; a visit of them ends where the application says",
        ),
        "Records per poll.",
    ),
    row(
        "partition.assignment.strategy",
        Kind::List,
        Some(
            "org.apache.kafka.clients.consumer.RangeAssignor,org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
        ),
        Allowed::Any,
        Support::Honoured,
        "Assignors of a classic group, the one that is liked best first.",
    ),
    receive_buffer("65536"),
    whole(
        "session.timeout.ms",
        "45000",
        Allowed::Whole(i32::MIN as i64, INT),
        "Milliseconds without a heartbeat after which a classic member counts as dead.",
    ),
    row(
        "share.acknowledgement.mode",
        Kind::Text,
        Some("implicit"),
        Allowed::OneOf(&["implicit", "explicit"]),
        NO_SHARE,
        "Whether records are acknowledged by the next poll.",
    ),
    row(
        "share.acquire.mode",
        Kind::Text,
        Some("BATCH_OPTIMIZED"),
        Allowed::OneOfAnyCase(&["batch_optimized", "record_limit"]),
        NO_SHARE,
        "Whether whole batches are acquired.",
    ),
    row("value.deserializer", Kind::Text, None, Allowed::Any, BYTES, "Class that reads values."),
];
