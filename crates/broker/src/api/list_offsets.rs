use std::collections::BTreeSet;
use std::sync::Arc;

use model::{LeaderEpoch, Offset, PartitionIndex, Timestamp};
use replica::Reader;
use storage::{PartitionLog, StorageError, TimestampSearch};
use wire::ErrorCode;
use wire::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use wire::messages::list_offsets_response::{
    ListOffsetsPartitionResponse, ListOffsetsTopicResponse,
};
use wire::messages::{ListOffsetsRequest, ListOffsetsResponse};

use crate::partition::Partition;
use crate::{Broker, ReplyTo, Request, error_map};

/// Timestamps with a meaning of their own.
const LATEST: i64 = -1;
const EARLIEST: i64 = -2;
const MAX_TIMESTAMP: i64 = -3;
const EARLIEST_LOCAL: i64 = -4;
const LATEST_TIERED: i64 = -5;
const EARLIEST_PENDING_UPLOAD: i64 = -6;

/// From this version on an answer says the leader epoch of the record (KIP-320).
const LEADER_EPOCH_VERSION_MIN: i16 = 4;

/// The first version that has a timestamp of a meaning of its own.
const fn version_min(timestamp: i64) -> i16 {
    match timestamp {
        MAX_TIMESTAMP => 7,
        EARLIEST_LOCAL => 8,
        LATEST_TIERED => 9,
        EARLIEST_PENDING_UPLOAD => 11,
        _ => 0,
    }
}

/// A partition's answer, or the search that will give it.
enum Found {
    Answer(ListOffsetsPartitionResponse),
    /// In files, and so not for a loop; nothing at or above the offset counts.
    Search(Arc<Partition>, TimestampSearch, i64, Offset),
}

pub fn handle(broker: &Arc<Broker>, request: Request<ListOffsetsRequest>, reply: ReplyTo) {
    let repeated = repeated(&request.message.topics);
    let mut topics = Vec::with_capacity(request.message.topics.len());
    let mut searches = false;
    for topic in &request.message.topics {
        let find = |partition: &ListOffsetsPartition| {
            if repeated.contains(&(topic.name.as_str(), partition.partition_index)) {
                return Found::Answer(refused(partition, ErrorCode::InvalidRequest));
            }
            find(broker, &request, &topic.name, partition)
                .unwrap_or_else(|error| Found::Answer(refused(partition, error)))
        };
        // What is asked for more than once is answered once.
        let mut answered = BTreeSet::new();
        let asked = topic.partitions.iter().filter(|one| answered.insert(one.partition_index));
        let (indexes, found): (Vec<_>, Vec<_>) =
            asked.map(|partition| (partition.partition_index, find(partition))).unzip();
        searches |= found.iter().any(|found| matches!(found, Found::Search(..)));
        topics.push((topic.name.clone(), indexes, found));
    }
    let version = request.version;
    if !searches {
        return reply.send(&response(broker, version, topics));
    }
    let searching = Arc::clone(broker);
    broker.blocking().run(move || reply.send(&response(&searching, version, topics)));
}

fn response(
    broker: &Broker,
    version: i16,
    topics: Vec<(String, Vec<i32>, Vec<Found>)>,
) -> ListOffsetsResponse {
    let in_version = |mut answer: ListOffsetsPartitionResponse| {
        if version < LEADER_EPOCH_VERSION_MIN {
            answer.leader_epoch = -1;
        }
        answer
    };
    let topics = topics.into_iter().map(|(name, indexes, found)| ListOffsetsTopicResponse {
        name,
        partitions: indexes
            .into_iter()
            .zip(found)
            .map(|(index, found)| match found {
                Found::Answer(answer) => answer,
                Found::Search(partition, search, timestamp, end) => {
                    run(broker, index, &partition, (search, timestamp), end)
                }
            })
            .map(in_version)
            .collect(),
    });
    ListOffsetsResponse { throttle_time_ms: 0, topics: topics.collect() }
}

fn find(
    broker: &Broker,
    request: &Request<ListOffsetsRequest>,
    topic: &str,
    asked: &ListOffsetsPartition,
) -> Result<Found, ErrorCode> {
    // No meaning is given to the numbers below the special ones.
    if asked.timestamp < EARLIEST_PENDING_UPLOAD || request.version < version_min(asked.timestamp) {
        return Err(ErrorCode::UnsupportedVersion);
    }
    let index = PartitionIndex::from_wire(asked.partition_index)
        .ok_or(ErrorCode::UnknownTopicOrPartition)?;
    let refused = |error| error_map::partition_error(&error);
    let partition = broker.partition_of(topic, index).map_err(refused)?;
    let state = partition.lock();
    let leader = state.leader().map_err(refused)?;
    leader
        .check_leader_epoch(LeaderEpoch::from_wire(asked.current_leader_epoch))
        .map_err(|error| error_map::fetch_refused(&error))?;
    let log = leader.log();
    let reader = match (request.message.replica_id, request.message.isolation_level) {
        (0.., _) => Reader::Follower,
        (_, 1) => Reader::Committed,
        _ => Reader::Uncommitted,
    };
    let end = log.end_for(reader);
    let answer = |offset: Option<Offset>, epoch: Option<LeaderEpoch>| {
        Ok(Found::Answer(ListOffsetsPartitionResponse {
            partition_index: asked.partition_index,
            offset: offset.map_or(-1, Offset::to_wire),
            leader_epoch: epoch.map_or(-1, LeaderEpoch::to_wire),
            ..ListOffsetsPartitionResponse::default()
        }))
    };
    let search = match asked.timestamp {
        LATEST => return answer(Some(end), log.epochs().latest()),
        EARLIEST | EARLIEST_LOCAL => {
            let start = log.log_start();
            return answer(Some(start), log.epochs().epoch_at(start));
        }
        // Nothing is kept elsewhere.
        LATEST_TIERED | EARLIEST_PENDING_UPLOAD => return answer(None, None),
        other => search(state.log(), other),
    };
    match search {
        None => answer(None, None),
        Some(search) => {
            drop(state);
            Ok(Found::Search(partition, search, asked.timestamp, end))
        }
    }
}

fn search(log: &PartitionLog, timestamp: i64) -> Option<TimestampSearch> {
    match timestamp {
        MAX_TIMESTAMP => log.search_max_timestamp(),
        other => Timestamp::from_millis(other).and_then(|target| log.search_timestamp(target)),
    }
}

fn run(
    broker: &Broker,
    partition_index: i32,
    partition: &Partition,
    (first, timestamp): (TimestampSearch, i64),
    end: Offset,
) -> ListOffsetsPartitionResponse {
    let mut answer =
        ListOffsetsPartitionResponse { partition_index, ..ListOffsetsPartitionResponse::default() };
    let mut found = first.run();
    while let Err(StorageError::Replaced) = found {
        // Compacted meanwhile: the new plan is of what there is now.
        let again = search(partition.lock().log(), timestamp);
        found = again.map_or(Ok(None), |again| again.run());
    }
    match found {
        Ok(Some(found)) if found.offset < end => {
            answer.offset = found.offset.to_wire();
            answer.timestamp = found.timestamp.as_millis();
            answer.leader_epoch = found.leader_epoch.map_or(-1, LeaderEpoch::to_wire);
        }
        // Retention was quicker: there is nothing so late any more, or it is not committed yet.
        Ok(_) | Err(StorageError::Gone) => {}
        Err(error) => {
            broker.read_error(partition, &error);
            answer.error_code = error_map::storage_error(&error).code();
        }
    }
    answer
}

fn refused(asked: &ListOffsetsPartition, error: ErrorCode) -> ListOffsetsPartitionResponse {
    ListOffsetsPartitionResponse {
        partition_index: asked.partition_index,
        error_code: error.code(),
        ..ListOffsetsPartitionResponse::default()
    }
}

/// Partitions that the request names more than once: which one is meant?
fn repeated(topics: &[ListOffsetsTopic]) -> BTreeSet<(&str, i32)> {
    let mut seen = BTreeSet::new();
    let named = topics.iter().flat_map(|topic| {
        topic.partitions.iter().map(|partition| (topic.name.as_str(), partition.partition_index))
    });
    named.filter(|named| !seen.insert(*named)).collect()
}
