//! One table each: what is measured, and how.

mod compaction;
mod e2e;
mod groups;
mod idle_cpu;
mod loads;
mod memory;
mod million;
mod mixed;
mod partitions;
mod polls;
mod rebalance;
mod recovery;
mod start;
mod transactions;

use testkit::Failed;

use crate::Options;
use crate::rows::Rows;

pub(crate) use polls::open as open_connections;

/// A table that can be asked for by name.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
    pub(crate) run: fn(&Options, &Rows) -> Result<(), Failed>,
}

pub(crate) const ALL: &[Table] = &[
    Table {
        name: "start",
        text: "process start to the first acknowledged produce, empty and with 10,000 partitions",
        run: start::run,
    },
    Table {
        name: "memory",
        text: "resident memory idle, 10 s after 10 GB passed through, and the peak",
        run: memory::run,
    },
    Table { name: "idle-cpu", text: "CPU of a broker that nobody uses", run: idle_cpu::run },
    Table {
        name: "produce-cpu",
        text: "CPU per GB, throughput, latencies of saturating batches of 16 KB and 1 MB, 16 connections × 5",
        run: loads::produce_cpu,
    },
    Table {
        name: "requests",
        text: "CPU per million requests and latencies of single records: 32×5, 32×1, open loop of 5,000/s",
        run: loads::requests,
    },
    Table {
        name: "fetch",
        text: "CPU per GB fetched from the page cache, 4 connections, 1 MiB at a time",
        run: loads::fetch,
    },
    Table {
        name: "polls",
        text: "CPU of 10,000 fetches that wait for records which do not come",
        run: polls::run,
    },
    Table {
        name: "e2e",
        text: "produce to consume by a C client (librdkafka) at 500/s",
        run: e2e::run,
    },
    Table {
        name: "million",
        text: "a million records of 100 bytes a second, a group that reads along, and reads from files",
        run: million::run,
    },
    Table {
        name: "mixed",
        text: "loads beside 5,000 idle connections, slow readers, oversized frames, deleted topics",
        run: mixed::run,
    },
    Table {
        name: "recovery",
        text: "start to first metadata after kill -9 under load",
        run: recovery::run,
    },
    Table {
        name: "partitions",
        text: "5,000 partitions: create, memory, start",
        run: partitions::run,
    },
    Table {
        name: "groups",
        text: "CPU of the heartbeats of 1,000 consumer groups (KIP-848) with 10 members each, at rest",
        run: groups::run,
    },
    Table {
        name: "rebalance",
        text: "rebalances of 100 members: KIP-848 with 1,000 partitions, and classic",
        run: rebalance::run,
    },
    Table {
        name: "transactions",
        text: "transactions of 100 records: throughput, latencies from the first record to the commit, CPU",
        run: transactions::run,
    },
    Table {
        name: "compaction",
        text: "what the cleaner does in a second of CPU, on copies of one directory of Apache Kafka's",
        run: compaction::run,
    },
];
