//! Measures a cluster with requests made once and sent as fast, or as often, as asked: what is measured is the cluster, not
//! this program's batching.
//!
//! With `--rate` the load is open: requests are due by the clock whether or not earlier ones were answered, and a latency
//! counts from when its request was due. Without it the load is closed: each connection keeps its number of requests in
//! flight, so latencies say how long a full pipeline takes, not what a quiet client would see.

mod consume;
mod produce;

use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use serde_json::{Value, json};

use crate::cluster::ClusterArguments;
use crate::error::{CliError, Result};
use crate::limits::LATENCY_MICROS_MAX;
use crate::output::{self, Format, Table, thousands};

#[derive(Clone, Debug, clap::Args)]
pub struct BenchArguments {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    cluster: ClusterArguments,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Action {
    /// Send batches to a topic
    Produce(produce::Arguments),
    /// Read a topic from its beginning
    Consume(consume::Arguments),
}

pub(crate) async fn run(arguments: BenchArguments) -> Result<()> {
    let client = arguments.cluster.connect().await?;
    let tally = match arguments.action {
        Action::Produce(action) => Box::pin(produce::run(client, action)).await?,
        Action::Consume(action) => Box::pin(consume::run(client, action)).await?,
    };
    tally.show(arguments.cluster.output)
}

/// What one connection, or all of them, did.
#[derive(Debug)]
struct Tally {
    records: u64,
    size: u64,
    requests: u64,
    /// Of requests, in microseconds.
    latencies: Histogram<u64>,
    elapsed: Duration,
    is_open_loop: bool,
}

impl Tally {
    fn new() -> Result<Self> {
        let latencies = Histogram::new_with_bounds(1, LATENCY_MICROS_MAX, 3)
            .map_err(|_| CliError::Usage("the histogram's bounds are wrong"))?;
        let elapsed = Duration::ZERO;
        Ok(Self { records: 0, size: 0, requests: 0, latencies, elapsed, is_open_loop: false })
    }

    fn count(&mut self, since: Instant, records: u64, size: u64) {
        let micros = u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.latencies.saturating_record(micros.max(1));
        self.records += records;
        self.size += size;
        self.requests += 1;
    }

    fn add(&mut self, other: &Self) {
        self.records += other.records;
        self.size += other.size;
        self.requests += other.requests;
        // Both have the same bounds.
        let _ = self.latencies.add(&other.latencies);
    }

    fn per_second(&self, count: u64) -> u64 {
        let micros = self.elapsed.as_micros().max(1);
        u64::try_from(u128::from(count) * 1_000_000 / micros).unwrap_or(u64::MAX)
    }

    fn show(&self, format: Format) -> Result<()> {
        let quantiles = [50.0, 99.0, 99.9].map(|it| self.latencies.value_at_percentile(it));
        let [p50, p99, p999] = quantiles;
        let json = || -> Value {
            json!({
                "records": self.records, "bytes": self.size, "requests": self.requests,
                "seconds": self.elapsed.as_secs_f64(),
                "records_per_second": self.per_second(self.records),
                "bytes_per_second": self.per_second(self.size),
                "requests_per_second": self.per_second(self.requests),
                "open_loop": self.is_open_loop,
                "latency_us": {
                    "p50": p50, "p99": p99, "p99.9": p999,
                    "min": self.latencies.min(), "max": self.latencies.max(),
                },
            })
        };
        output::show(format, json, || {
            let mut table = Table::new(&[
                "RECORDS",
                "SECONDS",
                "RECORDS/S",
                "MB/S",
                "REQUESTS/S",
                "P50-MS",
                "P99-MS",
                "P99.9-MS",
                "MAX-MS",
            ]);
            let rate = self.per_second(self.size);
            let mut row = vec![
                thousands(self.records),
                format!("{:.2}", self.elapsed.as_secs_f64()),
                thousands(self.per_second(self.records)),
                format!("{}.{:02}", rate / 1_000_000, rate % 1_000_000 / 10_000),
                thousands(self.per_second(self.requests)),
            ];
            let times = [p50, p99, p999, self.latencies.max()];
            row.extend(times.map(|it| format!("{}.{:03}", it / 1_000, it % 1_000)));
            table.row(row);
            table
        })
    }
}
