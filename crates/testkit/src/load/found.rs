//! What a reader finds in a partition.

use record::{Batches, Decompressor};
use wire::messages::fetch_request::{FetchPartition, FetchTopic};
use wire::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use wire::messages::{FetchRequest, ListOffsetsRequest, fetch_response};

use super::pipeline::{Pipeline, Trouble};
use super::value::{self, RecordId};
use crate::Failed;

/// Topics by name.
const VERSION: i16 = 12;
const NONE: i16 = 0;

/// Asks ListOffsets for the start and for the end.
pub(super) const EARLIEST: i64 = -2;
pub(crate) const LATEST: i64 = -1;

/// One record that was served; `None` for one that nobody sent.
pub(super) type Served = (i64, Option<RecordId>);

pub(crate) fn fetch_request(
    partitions: impl IntoIterator<Item = (String, i32, i64)>,
    wait_ms: i32,
) -> FetchRequest {
    let topics = partitions.into_iter().map(|(topic, partition, fetch_offset)| {
        let partition = FetchPartition {
            partition,
            current_leader_epoch: -1,
            fetch_offset,
            last_fetched_epoch: -1,
            log_start_offset: -1,
            partition_max_bytes: 4 << 20,
            ..FetchPartition::default()
        };
        FetchTopic { topic, partitions: vec![partition], ..FetchTopic::default() }
    });
    FetchRequest {
        replica_id: -1,
        max_wait_ms: wait_ms,
        min_bytes: 1,
        max_bytes: 16 << 20,
        session_epoch: -1,
        topics: topics.collect(),
        ..FetchRequest::default()
    }
}

pub(crate) fn fetch(
    connection: &mut Pipeline,
    request: &FetchRequest,
) -> Result<Vec<(String, fetch_response::PartitionData)>, Trouble> {
    let answer = connection.call(request, VERSION)?;
    if answer.error_code != NONE {
        return Err(Failed(format!("fetch: code {}", answer.error_code)).into());
    }
    let partitions = answer.responses.into_iter().flat_map(|topic| {
        let name = topic.topic;
        topic.partitions.into_iter().map(move |partition| (name.clone(), partition))
    });
    Ok(partitions.collect())
}

/// The records of a fetched piece from `offset` on; an answer may end within a batch.
pub(super) fn records(bytes: &[u8], offset: i64) -> Result<Vec<Served>, Failed> {
    let mut found = Vec::new();
    let mut decompressor = Decompressor::new();
    for batch in Batches::checked(bytes) {
        let batch = match batch {
            Ok(batch) => batch,
            Err(stop) if stop.is_torn() => break,
            Err(stop) => return Err(Failed(format!("rot was served behind {offset}: {stop}"))),
        };
        let failed = |error| Failed(format!("rot was served behind {offset}: {error}"));
        for record in batch.records(&mut decompressor, 1 << 26).map_err(failed)? {
            let record = record.map_err(failed)?;
            if record.offset.to_wire() >= offset {
                let id = record.value.and_then(value::read);
                found.push((record.offset.to_wire(), id));
            }
        }
    }
    Ok(found)
}

/// All that a partition holds.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) log_start: i64,
    pub(super) end: i64,
    pub(super) records: Vec<Served>,
}

/// Reads a partition from its start to its end.
pub(super) fn read_all(
    connection: &mut Pipeline,
    topic: &str,
    partition: i32,
) -> Result<Found, Trouble> {
    let Some(mut offset) = bound(connection, topic, partition, EARLIEST)? else {
        return Err(Failed(format!("{topic}-{partition} is not served")).into());
    };
    let mut found = Found::default();
    loop {
        let request = fetch_request([(topic.to_owned(), partition, offset)], 0);
        let answers = fetch(connection, &request)?;
        let Some((_, answer)) = answers.into_iter().next() else {
            return Err(Failed(format!("no answer for {topic}-{partition}")).into());
        };
        if answer.error_code != NONE {
            let code = answer.error_code;
            return Err(Failed(format!("read {topic}-{partition} at {offset}: code {code}")).into());
        }
        found.log_start = answer.log_start_offset;
        found.end = answer.high_watermark;
        let mut piece = records(&answer.records.unwrap_or_default(), offset)?;
        let Some((last, _)) = piece.last() else {
            if offset < found.end {
                let end = found.end;
                return Err(Failed(format!(
                    "{topic}-{partition} ends at {offset} and not at its high watermark {end}"
                ))
                .into());
            }
            return Ok(found);
        };
        offset = last + 1;
        found.records.append(&mut piece);
    }
}

/// Where a partition begins or ends for consumers; `None` while it is not served.
pub(crate) fn bound(
    connection: &mut Pipeline,
    topic: &str,
    partition: i32,
    which: i64,
) -> Result<Option<i64>, Trouble> {
    let asked = ListOffsetsPartition {
        partition_index: partition,
        timestamp: which,
        ..ListOffsetsPartition::default()
    };
    let topics = vec![ListOffsetsTopic { name: topic.into(), partitions: vec![asked] }];
    let request = ListOffsetsRequest { replica_id: -1, topics, ..ListOffsetsRequest::default() };
    let answer = connection.call(&request, 7)?;
    let mut answers = answer.topics.iter().flat_map(|topic| &topic.partitions);
    Ok(answers.next().filter(|answer| answer.error_code == NONE).map(|answer| answer.offset))
}
