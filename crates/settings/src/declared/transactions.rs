//! Transactions.

use super::bounds::*;
use crate::table::declare;

declare! {
    /// Transactions.
    TRANSACTIONS, Broker:
    /// Longest rest before a partition is added again to a transaction on a producer's behalf.
    "add.partitions.to.txn.retry.backoff.max.ms": Int = text("100"), at_least(0), ReadOnly, Restart;
    /// First rest before a partition is added again to a transaction on a producer's behalf.
    "add.partitions.to.txn.retry.backoff.ms": Int = text("20"), at_least(1), ReadOnly, NoneYet;
    /// How often transactions that took too long are looked for.
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": Int =
        text("10000"), at_least(1), ReadOnly, NoneYet;
    /// Largest timeout that a transactional producer may ask for.
    "transaction.max.timeout.ms": Int = text("900000"), at_least(1), ReadOnly, Restart;
    /// Whether it is checked, before an append, that the partition is part of the transaction.
    "transaction.partition.verification.enable": Boolean =
        text("true"), any(), ClusterWide, Live;
    /// How often transactional ids that expired are looked for.
    "transaction.remove.expired.transaction.cleanup.interval.ms": Int =
        text("3600000"), at_least(1), ReadOnly, Restart;
    /// Bytes read at a time when the state of transactions is loaded.
    "transaction.state.log.load.buffer.size": Int = text("5242880"), at_least(1), ReadOnly, NoneYet;
    /// In-sync replicas that a write to the transaction topic needs.
    "transaction.state.log.min.isr": Int = text("2"), at_least(1), ReadOnly, Restart;
    /// Partitions of the transaction topic.
    "transaction.state.log.num.partitions": Int = text("50"), at_least(1), ReadOnly, Restart;
    /// Replicas of the transaction topic.
    "transaction.state.log.replication.factor": Short = text("3"), at_least(1), ReadOnly, Restart;
    /// Size of the segments of the transaction topic.
    "transaction.state.log.segment.bytes": Int = text("104857600"), at_least(1), ReadOnly, Restart;
    /// Whether transactions may be prepared here and decided elsewhere.
    "transaction.two.phase.commit.enable": Boolean = text("false"), any(), ReadOnly, NoneYet;
    /// Silence after which a transactional id is forgotten.
    "transactional.id.expiration.ms": Int = text("604800000"), at_least(1), ReadOnly, Restart;
}
