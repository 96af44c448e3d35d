//! The same frame again and again, over raw connections. What is counted is bytes of values, before compression.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use bytes::Bytes;
use client::{
    Acks, ApiVersions, Client, ClientError, Connection, NewTopic, PendingAnswer, Refused,
    ServerAddress,
};
use model::{SeededRandom, Timestamp, TopicPartition};
use record::{BatchBuilder, BatchStamp, Compressor};
use tokio::task::JoinSet;
use wire::ApiKey;
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::{ProduceRequest, ProduceResponse};

use super::Tally;
use crate::command::produce::{AcksName, CodecName};
use crate::command::{partitions, topic_name};
use crate::error::{CliError, Result};
use crate::limits::{BENCH_BATCH_SIZE_MAX, BENCH_CONNECTIONS_MAX, BENCH_IN_FLIGHT_MAX};
use crate::place::now_millis;

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// The topic; created with one partition if it does not exist
    topic: String,
    /// Records to send, rounded up to whole batches on each connection
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    records: u64,
    /// Bytes of a record's value
    #[arg(long, value_name = "BYTES", default_value_t = 100)]
    record_size: usize,
    /// Bytes of a batch before compression
    #[arg(long, value_name = "BYTES", default_value_t = 16 << 10)]
    batch_bytes: usize,
    /// Connections; each sends to one partition, in turn
    #[arg(long, value_name = "N", default_value_t = 1)]
    connections: usize,
    /// Requests in flight per connection
    #[arg(long, value_name = "N", default_value_t = 5)]
    in_flight: usize,
    /// Records per second over all connections: an open load [default: as many as go]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    rate: Option<u64>,
    /// Compress batches
    #[arg(long, short = 'z', value_enum, default_value_t = CodecName::None)]
    codec: CodecName,
    /// Who must have a batch before it is answered; with 0 a latency ends when this machine has taken the bytes
    #[arg(long, value_enum, default_value_t = AcksName::All)]
    acks: AcksName,
}

/// What every connection sends.
#[derive(Clone)]
struct Load {
    address: ServerAddress,
    partition: TopicPartition,
    topic_id: model::Uuid,
    batch: Bytes,
    record_count: u64,
    size: u64,
    acks: Acks,
    requests: u64,
    in_flight: usize,
    /// Between two requests of this connection, if the load is open.
    interval: Option<Duration>,
    wait: Duration,
}

pub(super) async fn run(client: Client, arguments: Arguments) -> Result<Tally> {
    let topic = topic_name(&arguments.topic)?;
    let name = topic.as_str();
    if arguments.record_size.max(arguments.batch_bytes) > BENCH_BATCH_SIZE_MAX {
        return Err(CliError::Usage("batches of a benchmark have at most 64 MiB"));
    }
    if client.topics(&[name], false).await.is_err() {
        let new = NewTopic {
            name: name.to_owned(),
            partition_count: Some(1),
            replication_factor: None,
            configs: std::collections::BTreeMap::new(),
        };
        client.create_topic(&new, false).await?;
    }
    let metadata = client.topics(&[name], true).await?;
    let count = metadata.topics.get(name).map_or(0, |topic| topic.partitions.len());
    let topic_id = metadata.topics.get(name).map_or(model::Uuid::ZERO, |topic| topic.id);
    let all = partitions(&topic, count);
    let connections = arguments.connections.clamp(1, BENCH_CONNECTIONS_MAX);
    let lanes = u64::try_from(connections).unwrap_or(1);
    let (batch, record_count, size) = batch(&arguments, arguments.records.div_ceil(lanes))?;
    let requests = arguments.records.div_ceil(record_count).div_ceil(lanes).max(1);
    let interval = arguments.rate.map(|rate| {
        let nanos = 1_000_000_000_u128 * u128::from(record_count) * u128::from(lanes);
        Duration::from_nanos(u64::try_from(nanos / u128::from(rate.max(1))).unwrap_or(u64::MAX))
    });
    // Opened before the clock starts.
    let mut ready = Vec::new();
    for partition in all.iter().cycle().take(connections) {
        let connection = client.open(client.leader(partition).await?).await?;
        let load = Load {
            address: connection.address().clone(),
            partition: partition.clone(),
            topic_id,
            batch: batch.clone(),
            record_count,
            size,
            acks: arguments.acks.acks(),
            requests,
            in_flight: arguments.in_flight.clamp(1, BENCH_IN_FLIGHT_MAX),
            interval,
            wait: client.config().request_timeout,
        };
        ready.push((connection, load));
    }
    let mut total = Tally::new()?;
    total.is_open_loop = interval.is_some();
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for (connection, load) in ready {
        tasks.spawn(drive(connection, load, began));
    }
    while let Some(finished) = tasks.join_next().await {
        if let Ok(tally) = finished {
            total.add(&tally?);
        }
    }
    total.elapsed = began.elapsed();
    Ok(total)
}

/// One batch of records that do not compress to nothing, at most `count_max`; their count, and the bytes of their values.
fn batch(arguments: &Arguments, count_max: u64) -> Result<(Bytes, u64, u64)> {
    let mut random = SeededRandom::new(1);
    let mut builder = BatchBuilder::new();
    let timestamp = Timestamp::from_millis(now_millis());
    let mut size = 0;
    while u64::from(builder.record_count()) < count_max {
        let value: Vec<u8> = (0..arguments.record_size)
            .map(|_| b'a' + u8::try_from(random.below(26)).unwrap_or(0))
            .collect();
        let next = BatchBuilder::record_size_max(None, Some(&value), &[]);
        if !builder.is_empty() && builder.size() + next > arguments.batch_bytes {
            break;
        }
        if builder.append(timestamp, None, Some(&value), &[]).is_err() {
            break;
        }
        size += u64::try_from(value.len()).unwrap_or(0);
    }
    let stamp = BatchStamp { compression: arguments.codec.compression(), ..BatchStamp::default() };
    let count = u64::from(builder.record_count());
    let bytes = Bytes::copy_from_slice(builder.finish(&stamp, &mut Compressor::new())?);
    Ok((bytes, count, size))
}

async fn drive(connection: Connection, load: Load, began: Instant) -> Result<Tally> {
    let mut tally = Tally::new()?;
    let max = if load.topic_id.is_zero() { 12 } else { i16::MAX };
    let version = connection.version_of::<ProduceRequest>(max)?;
    let data = PartitionProduceData {
        index: load.partition.partition.to_wire(),
        records: Some(load.batch.clone()),
    };
    let topic = TopicProduceData {
        name: load.partition.topic.to_string(),
        topic_id: load.topic_id,
        partition_data: vec![data],
    };
    let request = ProduceRequest {
        acks: load.acks.to_wire(),
        timeout_ms: i32::try_from(load.wait.as_millis()).unwrap_or(i32::MAX),
        topic_data: vec![topic],
        ..ProduceRequest::default()
    };
    let mut in_flight: VecDeque<(Instant, PendingAnswer<ProduceResponse>)> = VecDeque::new();
    let mut due = began;
    for _ in 0..load.requests {
        if let Some(interval) = load.interval {
            // Answers are taken while waiting, or their latency would count the wait.
            while let Some((since, pending)) = in_flight.front_mut() {
                tokio::select! {
                    biased;
                    answer = pending => {
                        let since = *since;
                        finish(&load, &mut tally, since, answer)?;
                        in_flight.pop_front();
                    }
                    () = tokio::time::sleep_until(due.into()) => break,
                }
            }
            tokio::time::sleep_until(due.into()).await;
            due += interval;
        } else if in_flight.len() >= load.in_flight {
            take(&load, &mut tally, &mut in_flight).await?;
        }
        let since = if load.interval.is_some() { due } else { Instant::now() };
        let since = load.interval.map_or(since, |interval| since - interval);
        if load.acks == Acks::None {
            connection.send_unanswered(&request, version).await?;
            tally.count(since, load.record_count, load.size);
            continue;
        }
        in_flight.push_back((since, connection.send_at(&request, version).await?));
        // An open load has no bound of its own: it must not fill the memory when the cluster falls behind.
        while in_flight.len() >= BENCH_IN_FLIGHT_MAX {
            take(&load, &mut tally, &mut in_flight).await?;
        }
    }
    while !in_flight.is_empty() {
        take(&load, &mut tally, &mut in_flight).await?;
    }
    if load.acks == Acks::None {
        // Requests of a connection are taken in their order: this answer says that the broker has taken all of them.
        connection.request(&ApiVersions::request()).await?;
    }
    Ok(tally)
}

async fn take(
    load: &Load,
    tally: &mut Tally,
    in_flight: &mut VecDeque<(Instant, PendingAnswer<ProduceResponse>)>,
) -> Result<()> {
    let Some((since, pending)) = in_flight.pop_front() else { return Ok(()) };
    let answer = tokio::time::timeout(load.wait, pending).await;
    let (api, after) = (ApiKey::Produce, load.wait);
    let late = |_| ClientError::TimedOut { address: load.address.clone(), api, after };
    finish(load, tally, since, answer.map_err(late)?)
}

fn finish(
    load: &Load,
    tally: &mut Tally,
    since: Instant,
    answer: client::Result<ProduceResponse>,
) -> Result<()> {
    let answer = answer?;
    for result in answer.responses.iter().flat_map(|topic| &topic.partition_responses) {
        let message = result.error_message.as_deref();
        Refused::check(result.error_code, || load.partition.to_string(), message)
            .map_err(ClientError::from)?;
    }
    tally.count(since, load.record_count, load.size);
    Ok(())
}
