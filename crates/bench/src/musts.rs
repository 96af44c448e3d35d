//! What the figures must be, each beside Apache Kafka's or alone.

use crate::broker::Kind;

/// One demand on one figure.
pub(crate) struct Must {
    pub(crate) table: &'static str,
    pub(crate) load: &'static str,
    pub(crate) figure: &'static str,
    pub(crate) kind: Kind,
    pub(crate) limit: Limit,
}

/// What is demanded.
#[derive(Clone, Copy)]
pub(crate) enum Limit {
    Below(f64),
    Above(f64),
    /// Of Apache Kafka's figure, in the median of the rounds' ratios.
    ShareAtMost(f64),
    ShareAtLeast(f64),
    ShareBelow(f64),
}

impl Limit {
    pub(crate) fn words(self) -> String {
        match self {
            Self::Below(value) => format!("below {value}"),
            Self::Above(value) => format!("above {value}"),
            Self::ShareBelow(share) => format!("below {share:.2} of Kafka's"),
            Self::ShareAtMost(share) => format!("at most {share:.2} of Kafka's"),
            Self::ShareAtLeast(share) => format!("at least {share:.2} of Kafka's"),
        }
    }

    /// `value` is the figure itself, or its share of Kafka's.
    pub(crate) fn is_met(self, value: f64) -> bool {
        match self {
            Self::Below(limit) | Self::ShareBelow(limit) => value < limit,
            Self::Above(limit) => value > limit,
            Self::ShareAtMost(share) => value <= share,
            Self::ShareAtLeast(share) => value >= share,
        }
    }

    pub(crate) const fn is_share(self) -> bool {
        !matches!(self, Self::Below(_) | Self::Above(_))
    }
}

const fn must(
    table: &'static str,
    load: &'static str,
    figure: &'static str,
    kind: Kind,
    limit: Limit,
) -> Must {
    Must { table, load, figure, kind, limit }
}

use Kind::{OttlaDurable as Durable, OttlaOs as Os};
use Limit::{Above, Below, ShareAtLeast as AtLeast, ShareAtMost as AtMost, ShareBelow};

const B16: &str = "16 KB batches, 16×5";
const FLOOD: &str = "10 GB of 16 KB batches, 16×5";
const B1M: &str = "1 MB batches, 16×5";
const R5: &str = "single records, 32×5";
const R1: &str = "single records, 32×1";
const OPEN: &str = "single records, open 5,000/s";
const E2E: &str = "librdkafka, open 500/s";
const MILLION: &str = "1,050,000 records/s offered for 600 s";
const MIXED: &str = "p99 mixed ÷ alone";
const KILLED: &str = "2 GB in 60 s, kill -9 under load";
const MANY: &str = "5,000 partitions";
const RESTING: &str = "1,000 groups × 10 members at rest";
/// Two, and until the second heartbeat is answered.
const TWO_BEATS: f64 = 2.05;
const INTERVALS: &str = "heartbeat intervals";
const CLASSIC: &str = "classic: one of 100 members leaves";
const TXN: &str = "transactions of 100 records, 16×1";
/// Two thirds of what Apache Kafka does at most: latencies at the same rate, not each at its own.
const TXN_BUSY: &str = "transactions of 100 records, open 600/s";
const TXN_OPEN: &str = "transactions of 100 records, open 100/s";
const COMPACTED: &str = "2 × 4,000,000 records, 400,000 keys";
const BYTES: &str = "CPU s/GB";
const REQUESTS: &str = "CPU s/M requests";
const THIRD: f64 = 0.334;

pub(crate) const ALL: &[Must] = &[
    must("start", "empty directory", "ms", Durable, Below(50.0)),
    must("start", "10,000 partitions", "ms", Durable, Below(1_000.0)),
    must("memory", FLOOD, "idle MB", Durable, Below(25.0)),
    must("memory", FLOOD, "after MB", Durable, Below(80.0)),
    must("memory", FLOOD, "peak MB", Durable, Below(256.0)),
    must("memory", FLOOD, "idle MB", Os, Below(25.0)),
    must("memory", FLOOD, "after MB", Os, Below(80.0)),
    must("memory", FLOOD, "peak MB", Os, Below(256.0)),
    must("idle-cpu", "nobody connected", "% of a core", Durable, Below(0.2)),
    must("produce-cpu", B16, BYTES, Durable, AtMost(0.25)),
    must("produce-cpu", B16, BYTES, Os, AtMost(THIRD)),
    must("produce-cpu", B1M, BYTES, Durable, AtMost(THIRD)),
    must("produce-cpu", B1M, BYTES, Os, AtMost(THIRD)),
    must("produce-cpu", B16, "MB/s", Durable, AtLeast(1.0)),
    must("produce-cpu", B1M, "MB/s", Durable, AtLeast(1.0)),
    must("requests", R5, REQUESTS, Os, AtMost(0.2)),
    must("requests", R1, REQUESTS, Os, AtMost(THIRD)),
    must("requests", OPEN, REQUESTS, Os, AtMost(0.2)),
    must("requests", R5, REQUESTS, Durable, AtMost(THIRD)),
    must("requests", R1, REQUESTS, Durable, AtMost(0.5)),
    must("requests", OPEN, REQUESTS, Durable, AtMost(1.0)),
    must("fetch", "fetch 1 MiB, 4×1", BYTES, Durable, AtMost(1.15)),
    must("fetch", "fetch 1 MiB, 4×1", BYTES, Os, AtMost(1.15)),
    must("polls", "10,000 idle long polls", "% of a core", Durable, Below(1.0)),
    must("requests", OPEN, "p50 ms", Os, ShareBelow(1.0)),
    must("requests", OPEN, "p99 ms", Os, AtMost(0.4)),
    must("requests", OPEN, "p99 ms", Durable, ShareBelow(1.0)),
    must("produce-cpu", B16, "p99 ms", Durable, AtMost(THIRD)),
    must("e2e", E2E, "p50 ms", Os, ShareBelow(1.0)),
    must("e2e", E2E, "p99 ms", Os, AtMost(0.5)),
    must("million", MILLION, "records/s", Durable, Above(1_000_000.0)),
    must("million", MILLION, "lag in the end, records", Durable, Below(1.0)),
    must("million", MILLION, "records not read", Durable, Below(1.0)),
    must("million", MILLION, "read later by sendfile, %", Durable, Above(95.0)),
    must("mixed", OPEN, MIXED, Durable, Below(2.0)),
    must("mixed", OPEN, MIXED, Os, Below(2.0)),
    must("mixed", B16, MIXED, Durable, Below(2.0)),
    must("mixed", B16, MIXED, Os, Below(2.0)),
    must("mixed", "all", "peak MB", Durable, Below(256.0)),
    must("mixed", "all", "peak MB", Os, Below(256.0)),
    must("recovery", KILLED, "start ms", Durable, Below(1_000.0)),
    must("recovery", KILLED, "start ms", Os, Below(1_000.0)),
    must("partitions", MANY, "create ms", Durable, Below(2_000.0)),
    must("partitions", MANY, "memory MB", Durable, Below(40.0)),
    must("partitions", MANY, "start ms", Durable, Below(500.0)),
    must("groups", RESTING, "% of a core", Durable, Below(10.0)),
    must("rebalance", "KIP-848: 100 members start", INTERVALS, Durable, Below(TWO_BEATS)),
    must("rebalance", "KIP-848: one of 100 members leaves", INTERVALS, Durable, Below(TWO_BEATS)),
    must("rebalance", "KIP-848: one joins 99 members", INTERVALS, Durable, Below(TWO_BEATS)),
    must("rebalance", "classic: 100 members start", "ms", Durable, AtMost(1.0)),
    must("rebalance", CLASSIC, "ms", Durable, AtMost(1.0)),
    must("rebalance", CLASSIC, "ms from the first to hear", Durable, AtMost(1.0)),
    must("transactions", TXN, "transactions/s", Durable, AtLeast(1.0)),
    must("transactions", TXN_BUSY, "p99 ms", Durable, AtMost(0.5)),
    must("transactions", TXN_OPEN, "p99 ms", Os, AtMost(0.5)),
    must("transactions", TXN_OPEN, "p99 ms", Durable, ShareBelow(1.0)),
    must("compaction", COMPACTED, "MB/CPU s", Durable, AtLeast(2.0)),
];
