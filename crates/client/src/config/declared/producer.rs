//! What only the producer has, or has with a default of its own.

use super::connection::{client_rack, connections_max_idle, metrics_push, receive_buffer, retries};
use super::{
    Allowed, COUNT, INT, JAVA, Kind, LONG_COUNT, MOST, Setting, Support, row, switch, text, whole,
};

use crate::producer::PARTITIONER_NAMES;

/// The one Java serializer that does what is done anyway.
const BYTES: Support = Support::Only(
    &["org.apache.kafka.common.serialization.ByteArraySerializer"],
    "records are given as bytes",
);

pub(super) const PRODUCER: &[Setting] = &[
    text(
        "acks",
        Some("all"),
        Allowed::OneOf(&["all", "-1", "0", "1"]),
        "Who must have a batch before it counts as delivered.",
    ),
    whole("batch.size", "16384", COUNT, "Bytes of a batch before compression."),
    whole("buffer.memory", "33554432", LONG_COUNT, "Bytes of records that are not delivered yet."),
    row(
        "buffer.memory.allocation.strategy",
        Kind::Text,
        Some("full"),
        Allowed::OneOfAnyCase(&["full", "incremental"]),
        Support::Refused("it is internal to Java's producer; buffers here grow with their batch"),
        "How a batch takes its memory.",
    ),
    client_rack(Support::Refused("it serves partitioner.rack.aware, which is not here")),
    row(
        "compression.gzip.level",
        Kind::Whole,
        Some("-1"),
        Allowed::GzipLevel,
        Support::Honoured,
        "Level of gzip; -1 is the codec's own choice.",
    ),
    whole("compression.lz4.level", "9", Allowed::Whole(1, 17), "Level of lz4."),
    text(
        "compression.type",
        Some("none"),
        Allowed::OneOf(&["none", "gzip", "snappy", "lz4", "zstd"]),
        "Codec of batches.",
    ),
    whole("compression.zstd.level", "3", Allowed::Whole(-131_072, 22), "Level of zstd."),
    connections_max_idle("540000"),
    whole(
        "delivery.timeout.ms",
        "120000",
        COUNT,
        "Milliseconds from a call of send to success or failure.",
    ),
    switch("enable.idempotence", "true", "Whether retries cannot double or reorder records."),
    metrics_push("true"),
    row(
        "interceptor.classes",
        Kind::List,
        Some(""),
        Allowed::Any,
        JAVA,
        "Classes that see records.",
    ),
    row("key.serializer", Kind::Text, None, Allowed::Any, BYTES, "Class that makes keys bytes."),
    whole("linger.ms", "5", LONG_COUNT, "Milliseconds that a batch waits to be filled."),
    whole(
        "max.block.ms",
        "60000",
        LONG_COUNT,
        "Milliseconds that send may wait for metadata and for room.",
    ),
    whole(
        "max.in.flight.requests.per.connection",
        "5",
        Allowed::Whole(1, INT),
        "Requests without an answer per broker.",
    ),
    whole(
        "max.request.size",
        "1048576",
        COUNT,
        "Bytes of a request, and so of the largest record.",
    ),
    whole(
        "metadata.max.idle.ms",
        "300000",
        Allowed::Whole(5_000, MOST),
        "Milliseconds without records after which a topic is forgotten.",
    ),
    switch(
        "partitioner.adaptive.partitioning.enable",
        "true",
        "Whether slower partitions get fewer of the records without a key.",
    ),
    row(
        "partitioner.availability.timeout.ms",
        Kind::Whole,
        Some("0"),
        LONG_COUNT,
        Support::Only(&["0"], "a partition is left out when it has no leader"),
        "Milliseconds of silence after which a broker gets no records without a key; 0 for never.",
    ),
    text(
        "partitioner.class",
        None,
        Allowed::OneOf(PARTITIONER_NAMES),
        "Who chooses partitions: Java's RoundRobinPartitioner, or a partitioner of librdkafka by its name.",
    ),
    switch(
        "partitioner.ignore.keys",
        "false",
        "Whether partitions are chosen as if records had no keys.",
    ),
    row(
        "partitioner.rack.aware",
        Kind::Boolean,
        Some("false"),
        Allowed::Any,
        Support::Only(&["false"], "the producer does not look at racks"),
        "Whether leaders in the same rack are preferred for records without a key.",
    ),
    receive_buffer("32768"),
    retries(),
    whole(
        "transaction.timeout.ms",
        "60000",
        Allowed::Whole(i32::MIN as i64, INT),
        "Milliseconds after which the coordinator aborts a transaction.",
    ),
    row(
        "transaction.two.phase.commit.enable",
        Kind::Boolean,
        Some("false"),
        Allowed::Any,
        Support::Only(&["false"], "transactions of two phases (KIP-939) are not settled in Kafka"),
        "Whether transactions wait for an outer coordinator.",
    ),
    text(
        "transactional.id",
        None,
        Allowed::NotEmpty,
        "Name under which transactions outlive this process.",
    ),
    row(
        "value.serializer",
        Kind::Text,
        None,
        Allowed::Any,
        BYTES,
        "Class that makes values bytes.",
    ),
];
