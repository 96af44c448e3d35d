//! Measures brokers with requests that are encoded before the clock starts and sent as fast, or as often, as asked: what is
//! measured is the broker, not this program's batching. The same bytes go to any Kafka.
//!
//! With `--rate` the load is open: requests are due by the clock whether or not earlier ones were answered, and a latency
//! counts from when its request was due. Without it the load is closed: each connection keeps its number of requests in
//! flight, so latencies say how long a full pipeline takes, not what a quiet client would see.
//!
//! Of a broker on this machine its use of CPU and memory is told too: what it used from the first request until it was at
//! rest again, so that what it left to be done behind its answers is in it.

mod fetch;
mod preset;
mod produce;

use std::collections::BTreeSet;
use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;

use client::{Client, ClientError, Isolation, OffsetQuery, Refused, ServerAddress};
use load::{Lane, Load, LoadError, Outcome, Pace, Process, wait_for_rest};
use model::TopicPartition;
use serde_json::{Value, json};

use crate::cluster::ClusterArguments;
use crate::error::{CliError, Result};
use crate::limits::BENCH_REST_PATIENCE;
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
    /// Send the same batches again and again
    Produce(produce::Arguments),
    /// Read the beginning of each partition again and again
    Fetch(fetch::Arguments),
}

/// What both have in common.
#[derive(Clone, Debug, clap::Args)]
struct RunArguments {
    /// Seconds of the same load before anything is measured; a JVM that just started wants 60
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    warm_up: u64,
    /// Process of the broker; again for several [default: those that listen, if they are on this machine]
    #[arg(long, value_name = "PID")]
    pid: Vec<u32>,
}

pub(crate) async fn run(arguments: BenchArguments) -> Result<()> {
    let client = arguments.cluster.connect().await?;
    let report = match arguments.action {
        Action::Produce(action) => Box::pin(produce::run(client, action)).await?,
        Action::Fetch(action) => Box::pin(fetch::run(client, action)).await?,
    };
    report.show(arguments.cluster.output)
}

/// Where the leader of a partition is; it has one and serves when this comes back.
async fn leader_address(client: &Client, partition: &TopicPartition) -> Result<SocketAddr> {
    let leader = client.leader(partition).await?;
    let address =
        client.with_known(|known| known.brokers.get(&leader).map(|it| it.address.clone()));
    resolve(&address.ok_or(ClientError::UnknownBroker(leader))?)
}

fn resolve(address: &ServerAddress) -> Result<SocketAddr> {
    let resolved = (address.host.as_str(), address.port).to_socket_addrs();
    let mut resolved =
        resolved.map_err(|source| CliError::io("resolve a broker's name", source))?;
    resolved.next().ok_or(CliError::Usage("a broker's name has no address"))
}

/// Where partitions end, or begin.
async fn offsets(
    client: &Client,
    partitions: &[TopicPartition],
    query: OffsetQuery,
) -> Result<Vec<i64>> {
    let queries: Vec<_> = partitions.iter().map(|partition| (partition.clone(), query)).collect();
    let listed = client.list_offsets(&queries, Isolation::Uncommitted).await?;
    let of =
        |partition| listed.get(partition).and_then(|it| it.offset).map_or(0, |it| it.to_wire());
    Ok(partitions.iter().map(of).collect())
}

/// Runs the load, warmed up if that is asked for.
fn measure(load: &Load, subject: &str, arguments: &RunArguments) -> Result<Measured> {
    let refused = |error| match error {
        LoadError::Refused { code, address } => {
            match Refused::check(code, || format!("{subject} at {address}"), None) {
                Err(refused) => CliError::Client(refused.into()),
                Ok(()) => CliError::Load(error),
            }
        }
        other => CliError::Load(other),
    };
    if arguments.warm_up > 0 {
        let lasts = Duration::from_secs(arguments.warm_up);
        let warm_up = Load { lasts, requests_max: u64::MAX, ..load.clone() };
        load::run(&warm_up).map_err(refused)?;
    }
    let brokers = brokers(&load.lanes, &arguments.pid);
    let cpu = || cpu_of(brokers.as_deref().unwrap_or_default());
    let before = cpu()?;
    let outcome = load::run(load).map_err(refused)?;
    let broker = match &brokers {
        None => None,
        Some(brokers) => {
            wait_for_rest(cpu, BENCH_REST_PATIENCE)?;
            let resident = brokers.iter().map(|broker| broker.resident_bytes());
            Some(BrokerUse {
                pids: brokers.iter().map(|broker| broker.pid()).collect(),
                cpu: cpu()?.saturating_sub(before),
                resident_bytes: resident.sum::<load::Result<u64>>()?,
            })
        }
    };
    Ok(Measured { outcome, is_open_loop: matches!(load.pace, Pace::Open { .. }), broker })
}

/// All that take part, or `None`: a part of them would make the cluster look cheaper than it is.
fn brokers(lanes: &[Lane], pids: &[u32]) -> Option<Vec<Process>> {
    if !pids.is_empty() {
        return Some(pids.iter().map(|pid| Process::of(*pid)).collect());
    }
    let addresses: BTreeSet<SocketAddr> = lanes.iter().map(|lane| lane.address).collect();
    addresses.into_iter().map(Process::listening_at).collect()
}

fn cpu_of(brokers: &[Process]) -> load::Result<Duration> {
    brokers.iter().map(|broker| broker.cpu()).sum()
}

struct Measured {
    outcome: Outcome,
    is_open_loop: bool,
    broker: Option<BrokerUse>,
}

/// What the brokers' processes used.
struct BrokerUse {
    pids: Vec<u32>,
    cpu: Duration,
    resident_bytes: u64,
}

/// What is printed.
struct Report {
    measured: Measured,
    records: u64,
    /// Of values that were sent, before compression, or of what came back.
    bytes: u64,
    /// Of requests that were sent, or of answers to fetches: those that CPU is counted by.
    wire_bytes: u64,
}

impl Report {
    fn per_second(&self, count: u64) -> u64 {
        let micros = self.measured.outcome.took.as_micros().max(1);
        u64::try_from(u128::from(count) * 1_000_000 / micros).unwrap_or(u64::MAX)
    }

    /// Seconds of CPU for each `unit` of `count`.
    fn cpu_for(&self, broker: &BrokerUse, count: u64, unit: f64) -> Option<f64> {
        (count > 0).then(|| broker.cpu.as_secs_f64() * unit / count as f64)
    }

    fn json(&self) -> Value {
        let Measured { outcome, is_open_loop, broker } = &self.measured;
        let requests = outcome.request_count();
        let broker = broker.as_ref().map(|broker| {
            json!({
                "pids": broker.pids,
                "cpu_seconds": broker.cpu.as_secs_f64(),
                "cpu_seconds_per_gb": self.cpu_for(broker, self.wire_bytes, 1e9),
                "cpu_seconds_per_million_requests": self.cpu_for(broker, requests, 1e6),
                "resident_bytes": broker.resident_bytes,
            })
        });
        json!({
            "records": self.records, "bytes": self.bytes, "requests": requests,
            "sent_bytes": outcome.sent_bytes, "received_bytes": outcome.received_bytes,
            "seconds": outcome.took.as_secs_f64(),
            "records_per_second": self.per_second(self.records),
            "bytes_per_second": self.per_second(self.bytes),
            "requests_per_second": self.per_second(requests),
            "open_loop": is_open_loop,
            "latency_us": {
                "p50": outcome.percentile_micros(50.0),
                "p99": outcome.percentile_micros(99.0),
                "p99.9": outcome.percentile_micros(99.9),
                "min": outcome.latencies.min(), "max": outcome.latencies.max(),
            },
            "broker": broker,
        })
    }

    fn table(&self) -> Table {
        let outcome = &self.measured.outcome;
        let requests = outcome.request_count();
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
            "BROKER-PID",
            "CPU-S/GB",
            "CPU-S/M-REQUESTS",
            "RESIDENT-MB",
        ]);
        let rate = self.per_second(self.bytes);
        let mut row = vec![
            thousands(self.records),
            format!("{:.2}", outcome.took.as_secs_f64()),
            thousands(self.per_second(self.records)),
            format!("{}.{:02}", rate / 1_000_000, rate % 1_000_000 / 10_000),
            thousands(self.per_second(requests)),
        ];
        row.extend([50.0, 99.0, 99.9, 100.0].map(|it| format!("{:.3}", outcome.percentile_ms(it))));
        match &self.measured.broker {
            None => row.extend(["-"; 4].map(str::to_owned)),
            Some(broker) => {
                let shown = |figure: Option<f64>| {
                    figure.map_or_else(|| "-".to_owned(), |figure| format!("{figure:.3}"))
                };
                let pids: Vec<String> = broker.pids.iter().map(ToString::to_string).collect();
                row.push(pids.join(","));
                row.push(shown(self.cpu_for(broker, self.wire_bytes, 1e9)));
                row.push(shown(self.cpu_for(broker, requests, 1e6)));
                row.push(format!("{:.1}", broker.resident_bytes as f64 / f64::from(1 << 20)));
            }
        }
        table.row(row);
        table
    }

    fn show(&self, format: Format) -> Result<()> {
        output::show(format, || self.json(), || self.table())
    }
}
