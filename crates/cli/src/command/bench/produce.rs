//! The same batch again and again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use client::{Client, NewTopic, OffsetQuery};
use load::frames::{self, Batch, BatchShape};
use load::{Lane, Load, Pace};
use model::{Timestamp, TopicPartition};

use super::preset::{Preset, Shape};
use super::{Report, RunArguments, leader_address, measure, offsets};
use crate::command::produce::{AcksName, CodecName};
use crate::command::{partitions, topic_name};
use crate::error::{CliError, Result};
use crate::limits::{BENCH_BATCH_SIZE_MAX, BENCH_CONNECTIONS_MAX, BENCH_IN_FLIGHT_MAX};
use crate::place::now_millis;

/// Records that are sent when nothing says how many or how long, and seconds of a preset.
const RECORDS: u64 = 1_000_000;
const PRESET_SECONDS: u64 = 10;
const BATCH_BYTES: usize = 16 << 10;
/// Without a preset.
const SHAPE: Shape = Shape {
    connections: 1,
    in_flight: 5,
    rate: None,
    record_size: 100,
    records_per_batch: u64::MAX,
    partitions: 1,
};

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// The topic; created if it does not exist
    topic: String,
    /// A load that is known by name; what else is asked for changes it
    #[arg(long, value_enum)]
    preset: Option<Preset>,
    /// Records to send, rounded up to whole batches [default: 1,000,000, unless --seconds or a preset ends it]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    records: Option<u64>,
    /// Seconds to send for [default: 10 with a preset]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    seconds: Option<u64>,
    /// Bytes of a record's value [default: 100]
    #[arg(long, value_name = "BYTES")]
    record_size: Option<usize>,
    /// Bytes of a batch before compression [default: 16384]
    #[arg(long, value_name = "BYTES")]
    batch_bytes: Option<usize>,
    /// Connections; each sends to one partition, in turn [default: 1]
    #[arg(long, value_name = "N")]
    connections: Option<usize>,
    /// Requests in flight per connection [default: 5]
    #[arg(long, value_name = "N")]
    in_flight: Option<usize>,
    /// Records per second over all connections: an open load [default: as many as go]
    #[arg(long, value_name = "N", conflicts_with = "in_flight", value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,
    /// Partitions of a topic that is created [default: 1, or 16 with a preset]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..))]
    partitions: Option<i32>,
    /// Compress batches
    #[arg(long, short = 'z', value_enum, default_value_t = CodecName::None)]
    codec: CodecName,
    /// Who must have a batch before it is answered; with 0 a latency ends when this machine has taken the bytes [default: all,
    /// or 1 with a preset]
    #[arg(long, value_enum)]
    acks: Option<AcksName>,
    #[command(flatten)]
    run: RunArguments,
}

impl Arguments {
    fn shape(&self) -> Shape {
        let preset = self.preset.map_or(SHAPE, Preset::shape);
        let connections = self.connections.unwrap_or(preset.connections);
        let in_flight = self.in_flight.unwrap_or(preset.in_flight);
        Shape {
            connections: connections.clamp(1, BENCH_CONNECTIONS_MAX),
            in_flight: in_flight.clamp(1, BENCH_IN_FLIGHT_MAX),
            // A number in flight asks for a closed load.
            rate: if self.in_flight.is_some() { None } else { preset.rate },
            record_size: self.record_size.unwrap_or(preset.record_size),
            records_per_batch: match self.batch_bytes {
                Some(_) => u64::MAX,
                None => preset.records_per_batch,
            },
            partitions: self.partitions.unwrap_or(preset.partitions),
        }
    }

    /// Records, and how long: the first of the two ends the load.
    fn bounds(&self) -> (Option<u64>, Option<Duration>) {
        let seconds = match (self.seconds, self.records, self.preset) {
            (None, None, Some(_)) => Some(PRESET_SECONDS),
            (seconds, _, _) => seconds,
        };
        let records = match (self.records, seconds) {
            (None, None) => Some(RECORDS),
            (records, _) => records,
        };
        (records, seconds.map(Duration::from_secs))
    }

    fn acks(&self) -> AcksName {
        let usual = self.preset.map_or(AcksName::All, |_| AcksName::Leader);
        self.acks.unwrap_or(usual)
    }
}

pub(super) async fn run(client: Client, arguments: Arguments) -> Result<Report> {
    let shape = arguments.shape();
    let (records, lasts) = arguments.bounds();
    let all = topic(&client, &arguments.topic, shape.partitions).await?;
    let lane_count = u64::try_from(shape.connections).unwrap_or(1);
    let batch = batch(&arguments, shape, records.map(|records| records.div_ceil(lane_count)))?;
    let acks = arguments.acks().acks().to_wire();
    let per_batch = u64::from(batch.record_count);

    let mut of_partitions = Vec::new();
    for partition in &all {
        let address = leader_address(&client, partition).await?;
        let index = partition.partition.to_wire();
        let bytes = batch.bytes.clone();
        let frame = frames::produce_frame(&arguments.topic, index, bytes, acks)?;
        of_partitions.push(Lane { address, frames: Arc::new(vec![frame]) });
    }
    let lanes = of_partitions.into_iter().cycle().take(shape.connections).collect();
    let pace = match (arguments.rate, shape.rate) {
        (Some(records), _) => {
            Pace::Open { per_second: f64::from(records) / f64::from(batch.record_count) }
        }
        (None, Some(requests)) => Pace::Open { per_second: requests.into() },
        (None, None) => Pace::Closed { depth: shape.in_flight },
    };
    let answers = frames::produce_answers(&arguments.topic, acks);
    let mut load = Load::lasting(lanes, pace, answers, lasts.unwrap_or(Duration::MAX));
    load.requests_max = records.map_or(u64::MAX, |records| records.div_ceil(per_batch));
    let measured = measure(&load, &format!("topic {}", arguments.topic), &arguments.run)?;
    let requests = measured.outcome.request_count();
    Ok(Report {
        records: requests * per_batch,
        bytes: requests * batch.value_bytes,
        wire_bytes: measured.outcome.sent_bytes,
        measured,
    })
}

/// The partitions of a topic whose leaders serve; it is created if it does not exist.
async fn topic(client: &Client, text: &str, partition_count: i32) -> Result<Vec<TopicPartition>> {
    let topic = topic_name(text)?;
    if client.topics(&[text], false).await.is_err() {
        let new = NewTopic {
            name: text.to_owned(),
            partition_count: Some(partition_count),
            replication_factor: None,
            configs: BTreeMap::new(),
        };
        client.create_topic(&new, false).await?;
    }
    let metadata = client.topics(&[text], true).await?;
    let all = partitions(&topic, metadata.topics.get(text).map_or(0, |it| it.partitions.len()));
    // Asked until it is answered, which the load will not do.
    offsets(client, &all, OffsetQuery::Latest).await?;
    Ok(all)
}

fn batch(arguments: &Arguments, shape: Shape, count_max: Option<u64>) -> Result<Batch> {
    let size_max = match shape.records_per_batch {
        u64::MAX => arguments.batch_bytes.unwrap_or(BATCH_BYTES),
        _ => usize::MAX,
    };
    let records = usize::try_from(shape.records_per_batch).unwrap_or(usize::MAX);
    let values = if size_max == usize::MAX { records } else { 1 }.saturating_mul(shape.record_size);
    if values > BENCH_BATCH_SIZE_MAX || arguments.batch_bytes > Some(BENCH_BATCH_SIZE_MAX) {
        return Err(CliError::Usage("batches of a benchmark have at most 64 MiB"));
    }
    let shape = BatchShape {
        value_size: shape.record_size,
        count_max: shape.records_per_batch.min(count_max.unwrap_or(u64::MAX)),
        size_max,
    };
    let now = Timestamp::from_millis(now_millis()).ok_or(CliError::Usage("it is before 1970"))?;
    Ok(frames::batch(shape, arguments.codec.compression(), now)?)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    fn parse(words: &[&str]) -> Arguments {
        Line::try_parse_from([&["bench", "t"], words].concat()).unwrap().arguments
    }

    #[test]
    fn a_preset_is_changed_by_what_else_is_asked_for() {
        let open = parse(&["--preset", "open"]);
        assert_eq!(open.shape(), Preset::Open.shape());
        assert_eq!(open.bounds(), (None, Some(Duration::from_secs(10))));
        assert_eq!(open.acks(), AcksName::Leader);
        let changed = parse(&["--preset", "16x5", "--connections", "4", "--record-size", "10"]);
        let wanted = Shape { connections: 4, record_size: 10, ..Preset::Batches.shape() };
        assert_eq!(changed.shape(), wanted);
    }

    #[test]
    fn the_load_ends_by_what_is_asked_for_or_after_a_million_records() {
        assert_eq!(parse(&[]).bounds(), (Some(RECORDS), None));
        assert_eq!(parse(&["--seconds", "3"]).bounds(), (None, Some(Duration::from_secs(3))));
        let both = parse(&["--seconds", "3", "--records", "9"]);
        assert_eq!(both.bounds(), (Some(9), Some(Duration::from_secs(3))));
        assert_eq!(parse(&["--preset", "32x1", "--records", "9"]).bounds(), (Some(9), None));
    }

    #[test]
    fn a_batch_is_filled_to_its_bytes_and_holds_no_more_than_is_to_be_sent() {
        let make = |words: &[&str], count_max| {
            let arguments = parse(words);
            batch(&arguments, arguments.shape(), count_max)
        };
        let full = make(&[], None).unwrap();
        assert!((BATCH_BYTES - 200..=BATCH_BYTES).contains(&full.bytes.len()));
        assert_eq!(make(&[], Some(7)).unwrap().record_count, 7);
        assert_eq!(make(&["--preset", "16x5"], None).unwrap().record_count, 16);
        assert_eq!(make(&["--preset", "32x1"], None).unwrap().record_count, 1);
        assert!(make(&["--record-size", "100000000"], None).is_err());
        assert!(make(&["--batch-bytes", "100000000"], None).is_err());
    }
}
