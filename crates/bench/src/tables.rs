//! One table each: what is measured, and how.

mod idle_cpu;
mod loads;
mod memory;
mod partitions;
mod polls;
mod recovery;
mod start;

use testkit::Failed;

use crate::Options;
use crate::rows::Rows;

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
        name: "recovery",
        text: "start to first metadata after kill -9 under load",
        run: recovery::run,
    },
    Table {
        name: "partitions",
        text: "5,000 partitions: create, memory, start",
        run: partitions::run,
    },
];
