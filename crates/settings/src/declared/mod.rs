//! The tables, by subject. A row's facts (name, type, default, bounds, how it may change) are those of Kafka 4.4;
//! its effect is Ottla's and must be true: `Live` and `Restart` only for what code reads.

mod bounds;
mod client_metrics;
mod group;
mod groups;
mod log;
mod network;
mod node;
mod ottla;
mod quorum;
mod remote;
mod replication;
mod sasl;
mod share_groups;
mod ssl;
mod streams_groups;
mod topic;
mod topic_defaults;
mod transactions;

use std::sync::LazyLock;

use crate::Table;

/// Settings of a node, whichever roles it plays.
pub fn broker() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| {
        Table::of(&[
            topic_defaults::TOPIC_DEFAULTS,
            log::LOG,
            network::NETWORK,
            node::NODE,
            replication::REPLICATION,
            quorum::QUORUM,
            groups::GROUPS,
            share_groups::SHARE_GROUPS,
            streams_groups::STREAMS_GROUPS,
            transactions::TRANSACTIONS,
            remote::REMOTE,
            sasl::SASL,
            ssl::SSL,
            ottla::NODE,
        ])
    });
    &TABLE
}

/// Settings of a topic.
pub fn topic() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| Table::of(&[topic::TOPIC, ottla::TOPIC]));
    &TABLE
}

/// Settings of a group (KIP-848, KIP-932, KIP-1071).
pub fn group() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| Table::of(&[group::GROUP]));
    &TABLE
}

/// Settings of a subscription to metrics of clients (KIP-714).
pub fn client_metrics() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| Table::of(&[client_metrics::CLIENT_METRICS]));
    &TABLE
}
