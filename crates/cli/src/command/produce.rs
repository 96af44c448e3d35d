//! Records from lines: read by a thread, sent by the event loop.

mod input;
mod line;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use client::{Acks, Client, ClientError, Delivery, NewRecord, Producer, ProducerConfig};
use model::PartitionIndex;
use record::{Codec, Compression, HeaderView};
use serde_json::json;

use super::{pair, topic_name};
use crate::cluster::ClusterArguments;
use crate::error::{CliError, Result};
use crate::limits::DELIVERIES_MAX;
use crate::output::{self, Format, Progress, thousands};
use line::{LineForm, ParsedLine};

#[derive(Clone, Debug, clap::Args)]
pub struct ProduceArguments {
    /// The topic; brokers may create it if it does not exist
    topic: String,
    /// Read records from a file instead of standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// What stands between key and value in a line; without it, lines are values. \t is a tab
    #[arg(long, short = 'K', value_name = "TEXT", conflicts_with = "json")]
    key_separator: Option<String>,
    /// Give every record this key
    #[arg(long, short = 'k', value_name = "KEY", conflicts_with_all = ["json", "key_separator"])]
    key: Option<String>,
    /// Lines are JSON objects with "value" and, if wanted, "key", "headers", "partition" and "timestamp", as 'consume --format json' prints them
    #[arg(long)]
    json: bool,
    /// A value that stands for none: a tombstone in a compacted topic
    #[arg(long, value_name = "TEXT", conflicts_with = "json")]
    null_value: Option<String>,
    /// A header of every record; may be repeated
    #[arg(long, short = 'H', value_name = "NAME=VALUE")]
    header: Vec<String>,
    /// Send to this partition [default: by key; without one, each batch to another partition]
    #[arg(long, short = 'p', value_name = "N", value_parser = clap::value_parser!(i32).range(0..))]
    partition: Option<i32>,
    /// Compress batches
    #[arg(long, short = 'z', value_enum, default_value_t = CodecName::None)]
    codec: CodecName,
    /// Who must have a record before it counts as delivered
    #[arg(long, value_enum, default_value_t = AcksName::All)]
    acks: AcksName,
    /// Bytes of a batch before compression
    #[arg(long, value_name = "BYTES", default_value_t = 256 << 10)]
    batch_size: usize,
    /// Milliseconds to wait for a batch to fill
    #[arg(long, value_name = "MS", default_value_t = 5)]
    linger: u64,
    /// Largest request, and so largest record, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 20)]
    max_request_size: usize,
    /// Show no progress
    #[arg(long, short = 'q')]
    quiet: bool,
    #[command(flatten)]
    cluster: ClusterArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum CodecName {
    None,
    Gzip,
    Snappy,
    Lz4,
    Zstd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum AcksName {
    /// Nobody
    #[value(name = "0")]
    None,
    /// The leader
    #[value(name = "1")]
    Leader,
    /// Every replica in sync
    #[value(name = "all", alias = "-1")]
    All,
}

impl CodecName {
    pub(crate) const fn compression(self) -> Compression {
        Compression::with_default_level(match self {
            Self::None => Codec::None,
            Self::Gzip => Codec::Gzip,
            Self::Snappy => Codec::Snappy,
            Self::Lz4 => Codec::Lz4,
            Self::Zstd => Codec::Zstd,
        })
    }
}

impl AcksName {
    pub(crate) const fn acks(self) -> Acks {
        match self {
            Self::None => Acks::None,
            Self::Leader => Acks::Leader,
            Self::All => Acks::All,
        }
    }
}

/// What was sent, and what became of it.
#[derive(Debug, Default)]
struct Tally {
    sent: u64,
    size: u64,
    failed: u64,
    first_error: Option<ClientError>,
    waiting: VecDeque<Delivery>,
}

impl Tally {
    fn count(&mut self, delivery: &Delivery) {
        if let Some(Err(error)) = delivery.result() {
            self.failed += 1;
            self.first_error.get_or_insert(error);
        }
    }

    /// Looks at deliveries that are decided; waits for the oldest if too many are not.
    async fn settle(&mut self, at_most: usize) {
        while let Some(first) = self.waiting.front() {
            if !first.is_decided() {
                if self.waiting.len() <= at_most {
                    return;
                }
                // What it says is counted in the next line.
                let _ = first.wait().await;
            }
            if let Some(delivery) = self.waiting.pop_front() {
                self.count(&delivery);
            }
        }
    }
}

pub(crate) async fn run(arguments: ProduceArguments) -> Result<()> {
    let client = arguments.cluster.connect().await?;
    let tally = send_all(client, &arguments).await?;
    if let Some(first) = tally.first_error {
        return Err(CliError::Undelivered { failed: tally.failed, total: tally.sent, first });
    }
    if arguments.cluster.output == Format::Json {
        output::print_json(&json!({ "records": tally.sent, "bytes": tally.size }))?;
    }
    Ok(())
}

async fn send_all(client: Client, arguments: &ProduceArguments) -> Result<Tally> {
    let topic = topic_name(&arguments.topic)?;
    // Says at once that the topic cannot be had, before a person has typed the first line.
    client.topics(&[topic.as_str()], true).await?;
    let form = LineForm::new(
        arguments.json,
        arguments.key_separator.as_deref(),
        arguments.null_value.as_deref(),
    );
    let headers = arguments.header.iter().map(|text| pair(text)).collect::<Result<Vec<_>>>()?;
    let fixed: Vec<HeaderView<'_>> = headers
        .iter()
        .map(|(name, value)| HeaderView { key: name.as_bytes(), value: Some(value.as_bytes()) })
        .collect();
    let config = config(arguments, client.config().request_timeout);
    let producer = Producer::new(client, config)?;
    let mut input = input::open(arguments.file.as_deref())?;
    let mut tally = Tally::default();
    let mut progress = Watch::new(!arguments.quiet);
    let mut line_number = 0;
    while let Some(block) = input.recv().await {
        for line in block?.lines() {
            line_number += 1;
            let parsed =
                form.parse(line).map_err(|reason| CliError::Line { line: line_number, reason })?;
            let headers = headers_of(&parsed, &fixed);
            let partition = parsed.partition.or(arguments.partition);
            let record = NewRecord {
                topic: &topic,
                partition: partition.and_then(PartitionIndex::from_wire),
                timestamp: parsed.timestamp,
                key: parsed.key.as_deref().or_else(|| arguments.key.as_deref().map(str::as_bytes)),
                value: parsed.value.as_deref(),
                headers: &headers,
            };
            tally.waiting.push_back(producer.send(record).await?);
            tally.sent += 1;
            tally.size += u64::try_from(line.len()).unwrap_or(0);
            if tally.waiting.len() % 1_024 == 0 {
                tally.settle(DELIVERIES_MAX).await;
                progress.show(&tally);
            }
        }
        tally.settle(DELIVERIES_MAX).await;
        progress.show(&tally);
    }
    producer.flush().await;
    tally.settle(0).await;
    progress.finish(&tally);
    Ok(tally)
}

fn headers_of<'a>(parsed: &'a ParsedLine<'_>, fixed: &[HeaderView<'a>]) -> Vec<HeaderView<'a>> {
    if parsed.headers.is_empty() && fixed.is_empty() {
        return Vec::new();
    }
    let own = parsed
        .headers
        .iter()
        .map(|(key, value)| HeaderView { key: key.as_bytes(), value: value.as_deref() });
    fixed.iter().copied().chain(own).collect()
}

fn config(arguments: &ProduceArguments, request_timeout: Duration) -> ProducerConfig {
    let defaults = ProducerConfig::default();
    let linger = Duration::from_millis(arguments.linger);
    ProducerConfig {
        acks: arguments.acks.acks(),
        // Only of use where every replica in sync answers.
        idempotent: arguments.acks == AcksName::All,
        compression: arguments.codec.compression(),
        linger,
        delivery_timeout: defaults.delivery_timeout.max(linger.saturating_add(request_timeout)),
        batch_size: arguments.batch_size.clamp(1, arguments.max_request_size),
        request_size_max: arguments.max_request_size.max(1_024),
        ..defaults
    }
}

/// Progress, at most four times a second.
struct Watch {
    progress: Progress,
    began: Instant,
    last: Instant,
}

impl Watch {
    fn new(wanted: bool) -> Self {
        Self { progress: Progress::new(wanted), began: Instant::now(), last: Instant::now() }
    }

    fn line(&self, tally: &Tally) -> String {
        let millis = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        let (kilobytes, rate) = (tally.size / 1_024, tally.sent.saturating_mul(1_000) / millis);
        let (sent, kilobytes, rate) =
            (thousands(tally.sent), thousands(kilobytes), thousands(rate));
        format!("{sent} records, {kilobytes} KiB, {rate} records/s")
    }

    fn show(&mut self, tally: &Tally) {
        if self.progress.is_wanted() && self.last.elapsed() > Duration::from_millis(250) {
            self.last = Instant::now();
            self.progress.show(&self.line(tally));
        }
    }

    fn finish(&mut self, tally: &Tally) {
        if self.progress.is_wanted() {
            self.progress.finish(&self.line(tally));
        }
    }
}
