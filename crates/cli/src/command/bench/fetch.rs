//! The beginning of each partition again and again: answers are found out once, then the same requests are repeated.

use std::sync::Arc;
use std::time::Duration;

use client::{Client, ClientError, Connection, OffsetQuery, Refused};
use load::{Lane, Load, Pace, frames};
use model::{Offset, TopicPartition};
use record::Batches;

use super::{Report, RunArguments, leader_address, measure, offsets};
use crate::command::{partitions, topic_name};
use crate::error::{CliError, Result};
use crate::limits::{BENCH_CONNECTIONS_MAX, BENCH_FETCHES_MAX, BENCH_IN_FLIGHT_MAX};

/// How long a broker may wait for bytes that are not there; they are.
const WAIT_MS: i32 = 500;

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// The topic, with records in it
    topic: String,
    /// Seconds to read for [default: 10, unless --requests ends it]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    seconds: Option<u64>,
    /// Requests to send
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    requests: Option<u64>,
    /// Connections; each reads one partition, in turn
    #[arg(long, value_name = "N", default_value_t = 4)]
    connections: usize,
    /// Requests in flight per connection
    #[arg(long, value_name = "N", default_value_t = 1)]
    in_flight: usize,
    /// Requests per second over all connections: an open load [default: as many as go]
    #[arg(long, value_name = "N", conflicts_with = "in_flight", value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,
    /// Bytes of one answer
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 20, value_parser = clap::value_parser!(i32).range(1..))]
    fetch_bytes: i32,
    /// Answers of a partition that are read before it begins again
    #[arg(long, value_name = "N", default_value_t = 64)]
    fetches: usize,
    #[command(flatten)]
    run: RunArguments,
}

/// What is read of one partition, and the records in each of its answers.
struct Plan {
    lane: Lane,
    records: Vec<u64>,
}

pub(super) async fn run(client: Client, arguments: Arguments) -> Result<Report> {
    let topic = topic_name(&arguments.topic)?;
    let name = topic.as_str();
    let metadata = client.topics(&[name], false).await?;
    let all = partitions(&topic, metadata.topics.get(name).map_or(0, |it| it.partitions.len()));
    let firsts = offsets(&client, &all, OffsetQuery::Earliest).await?;
    let ends = offsets(&client, &all, OffsetQuery::Latest).await?;
    let mut plans = Vec::new();
    for (partition, (first, end)) in all.iter().zip(firsts.into_iter().zip(ends)) {
        if first < end && plans.len() < arguments.connections {
            plans.push(plan(&client, partition, first..end, &arguments).await?);
        }
    }
    if plans.is_empty() {
        return Err(CliError::Usage("the topic is empty; fill it with 'ottla bench produce'"));
    }
    let connections = arguments.connections.clamp(1, BENCH_CONNECTIONS_MAX);
    let lanes = plans.iter().map(|plan| plan.lane.clone()).cycle().take(connections).collect();
    let pace = match arguments.rate {
        Some(requests) => Pace::Open { per_second: requests.into() },
        None => Pace::Closed { depth: arguments.in_flight.clamp(1, BENCH_IN_FLIGHT_MAX) },
    };
    let lasts = match (arguments.seconds, arguments.requests) {
        (None, Some(_)) => Duration::MAX,
        (seconds, _) => Duration::from_secs(seconds.unwrap_or(10)),
    };
    let mut load = Load::lasting(lanes, pace, frames::fetch_answers(name), lasts);
    load.requests_max = arguments.requests.unwrap_or(u64::MAX);
    let measured = measure(&load, &format!("topic {name}"), &arguments.run)?;
    let of_lanes = measured.outcome.requests.iter().zip(plans.iter().cycle());
    let received = measured.outcome.received_bytes;
    Ok(Report {
        records: of_lanes.map(|(count, plan)| records_in(&plan.records, *count)).sum(),
        bytes: received,
        wire_bytes: received,
        measured,
    })
}

/// Records in the first `count` answers, which begin again behind the last.
fn records_in(answers: &[u64], count: u64) -> u64 {
    let length = u64::try_from(answers.len()).unwrap_or(u64::MAX).max(1);
    let rest = usize::try_from(count % length).unwrap_or(0);
    let whole: u64 = answers.iter().sum();
    count / length * whole + answers.iter().take(rest).sum::<u64>()
}

/// Reads a partition once, to know at which offsets answers begin.
async fn plan(
    client: &Client,
    partition: &TopicPartition,
    offsets: std::ops::Range<i64>,
    arguments: &Arguments,
) -> Result<Plan> {
    let connection = client.open(client.leader(partition).await?).await?;
    let (mut frames, mut records) = (Vec::new(), Vec::new());
    let mut next = offsets.start;
    let count_max = arguments.fetches.clamp(1, BENCH_FETCHES_MAX);
    let (name, index) = (arguments.topic.as_str(), partition.partition.to_wire());
    while next < offsets.end && frames.len() < count_max {
        let (behind, count) = look(&connection, partition, next, arguments.fetch_bytes).await?;
        if behind <= next {
            break;
        }
        let frame = frames::fetch_frame(name, index, next, arguments.fetch_bytes, WAIT_MS)?;
        frames.push(frame);
        records.push(count);
        next = behind;
    }
    let address = leader_address(client, partition).await?;
    Ok(Plan { lane: Lane { address, frames: Arc::new(frames) }, records })
}

/// Where the answer to a fetch at `offset` ends, and how many records it has.
async fn look(
    connection: &Connection,
    partition: &TopicPartition,
    offset: i64,
    size_max: i32,
) -> Result<(i64, u64)> {
    let name = partition.topic.as_str();
    let index = partition.partition.to_wire();
    let request = frames::fetch(name, index, offset, size_max, WAIT_MS);
    let response = connection.request_at(&request, frames::FETCH_VERSION).await?;
    let check =
        |code| Refused::check(code, || partition.to_string(), None).map_err(ClientError::from);
    check(response.error_code)?;
    let (mut behind, mut records) = (offset, 0);
    for data in response.responses.iter().flat_map(|topic| &topic.partitions) {
        check(data.error_code)?;
        // The CRC is checked, as a client must.
        for batch in Batches::checked(data.records.as_deref().unwrap_or_default()) {
            match batch {
                Ok(batch) => {
                    records += u64::from(batch.header().record_count());
                    behind = Offset::to_wire(batch.header().next_offset());
                }
                // An answer may end within a batch: the rest comes with the next one.
                Err(stop) if stop.is_torn() => break,
                Err(stop) => {
                    return Err(CliError::Client(ClientError::CorruptBatch {
                        partition: partition.clone(),
                        offset: behind,
                        reason: stop.reason.into(),
                    }));
                }
            }
        }
    }
    Ok((behind, records))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_round_and_round() {
        assert_eq!(records_in(&[5, 3, 1], 0), 0);
        assert_eq!(records_in(&[5, 3, 1], 2), 8);
        assert_eq!(records_in(&[5, 3, 1], 7), 23);
    }
}
