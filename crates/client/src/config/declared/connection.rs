//! How any client reaches and knows its cluster.

use super::{Allowed, COUNT, JAVA, Kind, LONG_COUNT, Setting, Support, row, switch, text, whole};

const NO_METRICS: Support = Support::Refused("this client keeps no sampled metrics");

const SIZE_OR_SYSTEM: Allowed = Allowed::Whole(-1, super::INT);

pub(super) const CONNECTION: &[Setting] = &[
    row(
        "bootstrap.resolve.timeout.ms",
        Kind::Whole,
        Some("0"),
        LONG_COUNT,
        Support::Only(&["0"], "names are looked up again with each attempt to connect"),
        "Milliseconds to go on looking up the names of bootstrap servers.",
    ),
    row(
        "bootstrap.servers",
        Kind::List,
        None,
        Allowed::Any,
        Support::Honoured,
        "HOST:PORT of brokers to ask first.",
    ),
    row(
        "client.dns.lookup",
        Kind::Text,
        Some("use_all_dns_ips"),
        Allowed::OneOf(&["use_all_dns_ips", "resolve_canonical_bootstrap_servers_only"]),
        Support::Only(&["use_all_dns_ips"], "it serves Kerberos, which is not here"),
        "Whether all addresses of a name are tried.",
    ),
    text("client.id", Some(""), Allowed::Any, "What brokers' logs and quotas call this client."),
    row(
        "config.providers",
        Kind::List,
        Some(""),
        Allowed::Any,
        JAVA,
        "Classes that look up values elsewhere.",
    ),
    switch(
        "metadata.cluster.check.enable",
        "true",
        "Whether a broker is told which cluster and broker it is taken for, and refuses if it is another.",
    ),
    whole("metadata.max.age.ms", "300000", LONG_COUNT, "Milliseconds that metadata are believed."),
    row(
        "metadata.recovery.rebootstrap.trigger.ms",
        Kind::Whole,
        Some("300000"),
        LONG_COUNT,
        Support::Only(
            &["300000"],
            "bootstrap servers are asked as soon as no known broker answers",
        ),
        "Milliseconds without metadata after which bootstrap servers are asked again.",
    ),
    text(
        "metadata.recovery.strategy",
        Some("rebootstrap"),
        Allowed::OneOfAnyCase(&["rebootstrap", "none"]),
        "Whether bootstrap servers are asked again when no known broker answers.",
    ),
    row(
        "metric.reporters",
        Kind::List,
        Some("org.apache.kafka.common.metrics.JmxReporter"),
        Allowed::Any,
        JAVA,
        "Classes that are told of metrics.",
    ),
    row(
        "metrics.num.samples",
        Kind::Whole,
        Some("2"),
        Allowed::Whole(1, super::INT),
        NO_METRICS,
        "Samples per metric.",
    ),
    row(
        "metrics.recording.level",
        Kind::Text,
        Some("INFO"),
        Allowed::OneOf(&["INFO", "DEBUG", "TRACE"]),
        NO_METRICS,
        "Which metrics are kept.",
    ),
    row(
        "metrics.sample.window.ms",
        Kind::Whole,
        Some("30000"),
        LONG_COUNT,
        NO_METRICS,
        "Milliseconds per sample.",
    ),
    whole(
        "reconnect.backoff.max.ms",
        "1000",
        LONG_COUNT,
        "Milliseconds that the pause between attempts to connect grows to.",
    ),
    whole(
        "reconnect.backoff.ms",
        "50",
        LONG_COUNT,
        "Milliseconds from one attempt to connect to the second.",
    ),
    whole("request.timeout.ms", "30000", COUNT, "Milliseconds to wait for an answer."),
    whole(
        "retry.backoff.max.ms",
        "1000",
        LONG_COUNT,
        "Milliseconds that the pause between attempts of a request grows to.",
    ),
    whole(
        "retry.backoff.ms",
        "100",
        LONG_COUNT,
        "Milliseconds from one attempt of a request to the second.",
    ),
    row(
        "security.providers",
        Kind::Text,
        None,
        Allowed::Any,
        JAVA,
        "Classes that provide algorithms.",
    ),
    whole(
        "send.buffer.bytes",
        "131072",
        SIZE_OR_SYSTEM,
        "Bytes of a socket's send buffer; -1 for the system's choice.",
    ),
    whole(
        "socket.connection.setup.timeout.max.ms",
        "30000",
        LONG_COUNT,
        "Milliseconds that the wait for a connection grows to.",
    ),
    whole(
        "socket.connection.setup.timeout.ms",
        "10000",
        LONG_COUNT,
        "Milliseconds to wait for a connection at first.",
    ),
];

pub(super) const fn connections_max_idle(default: &'static str) -> Setting {
    whole(
        "connections.max.idle.ms",
        default,
        Allowed::Whole(i64::MIN, super::MOST),
        "Milliseconds without use after which a connection is closed; negative for never.",
    )
}

pub(super) const fn receive_buffer(default: &'static str) -> Setting {
    whole(
        "receive.buffer.bytes",
        default,
        SIZE_OR_SYSTEM,
        "Bytes of a socket's receive buffer; -1 for the system's choice.",
    )
}

pub(super) const fn default_api_timeout() -> Setting {
    whole(
        "default.api.timeout.ms",
        "60000",
        COUNT,
        "Milliseconds that a call may take with all its attempts.",
    )
}

pub(super) const fn retries() -> Setting {
    whole("retries", "2147483647", COUNT, "Attempts of a request after the first.")
}

pub(super) const fn metrics_push(default: &'static str) -> Setting {
    row(
        "enable.metrics.push",
        Kind::Boolean,
        Some(default),
        Allowed::Any,
        Support::Only(&["false"], "metrics of clients (KIP-714) are not sent yet"),
        "Whether the cluster is sent this client's metrics.",
    )
}

pub(super) const fn client_rack(support: Support) -> Setting {
    row("client.rack", Kind::Text, Some(""), Allowed::Any, support, "Where this client runs.")
}
