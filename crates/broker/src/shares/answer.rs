//! The bytes of a ShareFetch answer, and where the log's ranges stand between them.

use model::PartitionId;
use settings::ShareGroupOwnSettings;
use share::AcquiredRecords;
use storage::LogRange;
use transport::{Answer, Part};
use wire::messages::ShareFetchResponse;
use wire::messages::share_fetch_response::{AcquiredRecords as WireRecords, PartitionData};
use wire::{EncodeError, ErrorCode, ShareFetchResponseWriter};

use super::fetch::Outcome;
use crate::ReplyTo;

/// What is said of a partition, and how its acknowledgements went.
pub(super) type Said = (PartitionId, Outcome, ErrorCode);

/// Records go to the socket from where they lie.
pub(super) fn send(reply: ReplyTo, own: &ShareGroupOwnSettings, mut partitions: Vec<Said>) {
    partitions.sort_by_key(|(partition, ..)| *partition);
    let head = ShareFetchResponse {
        acquisition_lock_timeout_ms: i32::try_from(own.record_lock_duration_ms).unwrap_or(i32::MAX),
        ..ShareFetchResponse::default()
    };
    reply.send_written(|answer, version| write(answer, version, &head, partitions));
}

fn write(
    answer: &mut Answer,
    version: i16,
    head: &ShareFetchResponse,
    mut partitions: Vec<Said>,
) -> Result<(), EncodeError> {
    let is_same = |one: &Said, next: &Said| one.0.topic == next.0.topic;
    let topic_count = partitions.chunk_by(is_same).count();
    let mut positions = Vec::with_capacity(partitions.len());
    let mut writer = ShareFetchResponseWriter::begin(answer.bytes(), version, head, topic_count)?;
    for topic in partitions.chunk_by_mut(is_same) {
        let Some((first, ..)) = topic.first() else { continue };
        writer.topic(first.topic.uuid(), topic.len())?;
        for (partition, outcome, acknowledged) in topic {
            let size: u64 = outcome.records.iter().map(LogRange::size).sum();
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            let data = partition_data(*partition, outcome, *acknowledged);
            let position = writer.partition(&data, size)?;
            positions.push((position, std::mem::take(&mut outcome.records)));
        }
    }
    writer.finish(&[])?;
    for (position, ranges) in positions {
        for range in ranges {
            answer.push_at(
                position,
                match range {
                    LogRange::Memory(slice) => Part::Shared(slice),
                    LogRange::File(range) => Part::File {
                        file: range.file,
                        position: range.position,
                        size: range.size as usize,
                    },
                },
            );
        }
    }
    Ok(())
}

fn partition_data(
    partition: PartitionId,
    outcome: &Outcome,
    acknowledged: ErrorCode,
) -> PartitionData {
    let records = |records: &AcquiredRecords| WireRecords {
        first_offset: records.range.first().to_wire(),
        last_offset: records.range.last().to_wire(),
        delivery_count: i16::try_from(records.delivery_count).unwrap_or(i16::MAX),
    };
    PartitionData {
        partition_index: partition.partition.to_wire(),
        error_code: outcome.error.unwrap_or_default().code(),
        acknowledge_error_code: acknowledged.code(),
        current_leader: outcome.leader.unwrap_or_default(),
        acquired_records: outcome.acquired.iter().map(records).collect(),
        ..PartitionData::default()
    }
}
