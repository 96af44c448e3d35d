//! Reads partitions from their beginning over raw connections, counting bytes of batches as they come, without
//! decompressing them.

use std::time::Instant;

use client::{Client, ClientError, Connection, Isolation, OffsetQuery, Refused};
use model::{Offset, TopicPartition, Uuid};
use record::Batches;
use tokio::task::JoinSet;
use wire::messages::FetchRequest;
use wire::messages::fetch_request::{FetchPartition, FetchTopic};

use super::Tally;
use crate::command::{partitions, topic_name};
use crate::error::{CliError, Result};
use crate::limits::BENCH_CONNECTIONS_MAX;

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// The topic
    topic: String,
    /// Records to read [default: what the topic holds now, on each connection]
    #[arg(long, value_name = "N")]
    records: Option<u64>,
    /// Connections; each reads one partition, in turn [default: one for each partition]
    #[arg(long, value_name = "N")]
    connections: Option<usize>,
    /// Bytes of one answer
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 20)]
    fetch_bytes: i32,
    /// Begin again at the end of a partition, until --records were read
    #[arg(long, requires = "records")]
    repeat: bool,
}

#[derive(Clone)]
struct Reading {
    partition: TopicPartition,
    topic_id: Uuid,
    first: Offset,
    end: Offset,
    /// Of this connection.
    records: u64,
    fetch_bytes: i32,
    repeat: bool,
}

pub(super) async fn run(client: Client, arguments: Arguments) -> Result<Tally> {
    let topic = topic_name(&arguments.topic)?;
    let metadata = client.topics(&[topic.as_str()], false).await?;
    let known = metadata.topics.get(topic.as_str());
    let topic_id = known.map_or(Uuid::ZERO, |topic| topic.id);
    let all = partitions(&topic, known.map_or(0, |topic| topic.partitions.len()));
    let connections = arguments.connections.unwrap_or(all.len()).clamp(1, BENCH_CONNECTIONS_MAX);
    let list = async |query| {
        let queries: Vec<_> = all.iter().map(|partition| (partition.clone(), query)).collect();
        client.list_offsets(&queries, Isolation::Uncommitted).await
    };
    let (firsts, ends) = (list(OffsetQuery::Earliest).await?, list(OffsetQuery::Latest).await?);
    let lanes = u64::try_from(connections).unwrap_or(1);
    let mut ready = Vec::new();
    for partition in all.iter().cycle().take(connections) {
        let first = firsts.get(partition).and_then(|it| it.offset).unwrap_or(Offset::ZERO);
        let end = ends.get(partition).and_then(|it| it.offset).unwrap_or(Offset::ZERO);
        if end <= first {
            continue;
        }
        let connection = client.open(client.leader(partition).await?).await?;
        let reading = Reading {
            partition: partition.clone(),
            topic_id,
            first,
            end,
            records: arguments.records.map_or(u64::MAX, |records| records.div_ceil(lanes)),
            fetch_bytes: arguments.fetch_bytes,
            repeat: arguments.repeat,
        };
        ready.push((connection, reading));
    }
    if ready.is_empty() {
        return Err(CliError::Usage("the topic is empty; fill it with 'ottla bench produce'"));
    }
    let mut total = Tally::new()?;
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for (connection, reading) in ready {
        tasks.spawn(read(connection, reading));
    }
    while let Some(finished) = tasks.join_next().await {
        if let Ok(tally) = finished {
            total.add(&tally?);
        }
    }
    total.elapsed = began.elapsed();
    Ok(total)
}

async fn read(connection: Connection, reading: Reading) -> Result<Tally> {
    let mut tally = Tally::new()?;
    let max = if reading.topic_id.is_zero() { 12 } else { i16::MAX };
    let version = connection.version_of::<FetchRequest>(max)?;
    let mut next = reading.first;
    while tally.records < reading.records {
        if next >= reading.end {
            if !reading.repeat {
                break;
            }
            next = reading.first;
        }
        let since = Instant::now();
        let response = connection.request_at(&request(&reading, next), version).await?;
        Refused::check(response.error_code, || reading.partition.to_string(), None)
            .map_err(ClientError::from)?;
        let (mut records, mut size) = (0, 0);
        for data in response.responses.iter().flat_map(|topic| &topic.partitions) {
            Refused::check(data.error_code, || reading.partition.to_string(), None)
                .map_err(ClientError::from)?;
            // The CRC is checked, as a client must.
            for batch in Batches::checked(data.records.as_deref().unwrap_or_default()) {
                let batch = match batch {
                    Ok(batch) => batch,
                    // An answer may end within a batch: the rest comes with the next one.
                    Err(stop) if stop.is_torn() => break,
                    Err(stop) => {
                        return Err(CliError::Client(ClientError::CorruptBatch {
                            partition: reading.partition.clone(),
                            offset: next.to_wire(),
                            reason: stop.reason.into(),
                        }));
                    }
                };
                records += u64::from(batch.header().record_count());
                size += u64::try_from(batch.bytes().len()).unwrap_or(0);
                next = batch.header().next_offset();
            }
        }
        tally.count(since, records, size);
    }
    Ok(tally)
}

fn request(reading: &Reading, next: Offset) -> FetchRequest {
    let partition = FetchPartition {
        partition: reading.partition.partition.to_wire(),
        fetch_offset: next.to_wire(),
        partition_max_bytes: reading.fetch_bytes,
        ..FetchPartition::default()
    };
    let topic = FetchTopic {
        topic: reading.partition.topic.to_string(),
        topic_id: reading.topic_id,
        partitions: vec![partition],
    };
    FetchRequest {
        max_wait_ms: 500,
        min_bytes: 1,
        max_bytes: reading.fetch_bytes,
        topics: vec![topic],
        ..FetchRequest::default()
    }
}
