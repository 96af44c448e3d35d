//! The bytes of a Fetch answer, and where the log's ranges stand between them.

use std::ops::Range;

use storage::LogRange;
use transport::{Answer, Part};
use wire::messages::fetch_response::{
    AbortedTransaction, EpochEndOffset, LeaderIdAndEpoch, PartitionData,
};
use wire::{ErrorCode, FetchResponseHead, FetchResponseWriter};

use super::params::Asking;
use super::{LEADER_VERSION_MIN, Outcome};
use crate::fetch_session::{FetchTarget, Told};
use crate::limits::FETCH_MEMORY_SIZE_MAX;
use crate::partition::ReadResult;

pub(super) fn write_answer(
    asking: &Asking,
    outcomes: &mut [Outcome],
    targets: &[FetchTarget],
    out: &mut Vec<u8>,
    positions: &mut Vec<(usize, Range<usize>)>,
) -> Result<(), wire::EncodeError> {
    let version = asking.head.version;
    let same_topic = |first: &Outcome, second: &Outcome| {
        let (first, second) = (targets.get(first.target), targets.get(second.target));
        first.map(|t| (t.topic_id, &t.name)) == second.map(|t| (t.topic_id, &t.name))
    };
    let head = FetchResponseHead {
        session_id: asking.session_id,
        topic_count: outcomes.chunk_by(same_topic).count(),
        ..FetchResponseHead::default()
    };
    let mut writer = FetchResponseWriter::begin(out, version, head)?;
    for topic in outcomes.chunk_by_mut(same_topic) {
        let Some(first) = topic.first().and_then(|first| targets.get(first.target)) else {
            continue;
        };
        let name = first.name.as_ref().map_or("", model::TopicName::as_str);
        writer.topic(name, first.topic_id, topic.len())?;
        for outcome in topic {
            let partition = targets.get(outcome.target).map_or(-1, |target| target.partition);
            let data = partition_data(partition, outcome, version);
            let size = usize::try_from(outcome.size).unwrap_or(usize::MAX);
            positions.push((writer.partition(&data, size)?, outcome.ranges.clone()));
        }
    }
    writer.finish(&[])
}

fn partition_data(partition_index: i32, outcome: &mut Outcome, version: i16) -> PartitionData {
    let mut data = PartitionData {
        partition_index,
        aborted_transactions: outcome.aborted.take(),
        ..PartitionData::default()
    };
    match &outcome.result {
        Ok(result) => {
            data.high_watermark = result.high_watermark.to_wire();
            data.last_stable_offset = result.last_stable.to_wire();
            data.log_start_offset = result.log_start.to_wire();
            if let Some(end) = &result.diverging {
                data.diverging_epoch =
                    EpochEndOffset { epoch: end.epoch.to_wire(), end_offset: end.end.to_wire() };
            }
        }
        Err(error) => {
            data.error_code = error.code();
            // A partition that is not there has an empty list, one that was not read has none.
            let is_unknown = matches!(
                error,
                ErrorCode::UnknownTopicOrPartition
                    | ErrorCode::UnknownTopicId
                    | ErrorCode::InconsistentTopicId
            );
            data.aborted_transactions = is_unknown.then(Vec::new);
            data.high_watermark = -1;
            data.last_stable_offset = -1;
            data.log_start_offset = -1;
        }
    }
    if let Some((leader_id, leader_epoch)) = outcome.leader
        && version >= LEADER_VERSION_MIN
    {
        data.current_leader = LeaderIdAndEpoch { leader_id, leader_epoch };
    }
    data
}

/// Puts the ranges of the log where the answer has room for them.
pub(super) fn push_ranges(
    answer: &mut Answer,
    ranges: &mut Vec<LogRange>,
    positions: &[(usize, Range<usize>)],
) {
    let mut rest = ranges.drain(..);
    for (position, of_partition) in positions {
        for range in rest.by_ref().take(of_partition.len()) {
            answer.push_at(
                *position,
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
}

/// Leaves of the ranges from `before` on only the first ones, as much from memory as an answer may hold; gives how much that
/// is. What is left out comes with the next fetch.
pub(super) fn bound_memory(ranges: &mut Vec<LogRange>, before: usize) -> u64 {
    let (mut memory, mut end) = (0, before);
    while let Some(range) = ranges.get(end).filter(|_| memory < FETCH_MEMORY_SIZE_MAX) {
        if matches!(range, LogRange::Memory(_)) {
            memory += range.size();
        }
        end += 1;
    }
    ranges.truncate(end);
    memory
}

pub(super) fn aborted(transaction: &storage::AbortedTransaction) -> AbortedTransaction {
    AbortedTransaction {
        producer_id: transaction.producer.to_wire(),
        first_offset: transaction.first.to_wire(),
    }
}

pub(super) fn told(result: &ReadResult) -> Told {
    Told { high_watermark: result.high_watermark.to_wire(), log_start: result.log_start.to_wire() }
}

/// Whether an incremental answer names the partition.
pub(super) fn is_news(outcome: &Outcome, before: Option<Told>) -> bool {
    match &outcome.result {
        Err(_) => true,
        Ok(result) => {
            outcome.size > 0 || result.diverging.is_some() || before != Some(told(result))
        }
    }
}

/// For the metrics: what goes out of a partition.
pub(super) fn count(outcome: &Outcome, targets: &[FetchTarget]) {
    let found = targets.get(outcome.target).and_then(|target| target.found.as_ref());
    let Some((_, Ok(partition))) = found else { return };
    match &outcome.result {
        Ok(_) => partition.traffic().gave_out(outcome.size),
        Err(_) => partition.traffic().gave_error(),
    }
}
