use model::{LeaderEpoch, Offset};

use crate::leader_epochs::EpochEnd;
use crate::replica_log::ReplicaLog;

/// Who reads, which decides how far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reader {
    /// To the log's end, durable or not.
    Follower,
    /// A consumer of `read_uncommitted`: to the high watermark.
    Uncommitted,
    /// A consumer of `read_committed`: to the last stable offset.
    Committed,
}

/// Where a fetch wants to read, and what it knows of epochs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchFrom {
    pub reader: Reader,
    pub offset: Offset,
    /// The leader epoch that the reader believes in; `None` checks nothing.
    pub leader_epoch: Option<LeaderEpoch>,
    /// The epoch of the last batch that the reader has; `None` checks nothing (fetch before version 12).
    pub last_fetched_epoch: Option<LeaderEpoch>,
}

/// What a fetch may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchVerdict {
    /// Batches that begin below `end`. Nothing yet when `end` is not above the fetch offset.
    Read { end: Offset },
    /// The reader's log parts from this one: it must truncate (KIP-595).
    Diverging(EpochEnd),
}

/// Why a fetch is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchRefused {
    /// Kafka's OFFSET_OUT_OF_RANGE, 1.
    #[error("offset out of range {log_start}..{log_end}")]
    OutOfRange { log_start: Offset, log_end: Offset },
    /// The reader is behind. Kafka's FENCED_LEADER_EPOCH, 74.
    #[error("leader epoch is older than {current}")]
    FencedEpoch { current: LeaderEpoch },
    /// The reader is ahead. Kafka's UNKNOWN_LEADER_EPOCH, 75.
    #[error("leader epoch is newer than {current}")]
    UnknownEpoch { current: LeaderEpoch },
}

/// Whether what a request believes of the leader epoch is true (KIP-320).
pub fn check_leader_epoch(
    current: LeaderEpoch,
    believed: Option<LeaderEpoch>,
) -> Result<(), FetchRefused> {
    match believed {
        Some(believed) if believed < current => Err(FetchRefused::FencedEpoch { current }),
        Some(believed) if believed > current => Err(FetchRefused::UnknownEpoch { current }),
        Some(_) | None => Ok(()),
    }
}

impl ReplicaLog {
    /// The first offset that the reader may not have.
    pub fn end_for(&self, reader: Reader) -> Offset {
        match reader {
            Reader::Follower => self.log_end(),
            Reader::Uncommitted => self.high_watermark(),
            Reader::Committed => self.last_stable(),
        }
    }

    pub(crate) fn check_fetch(
        &self,
        current: LeaderEpoch,
        from: &FetchFrom,
    ) -> Result<FetchVerdict, FetchRefused> {
        check_leader_epoch(current, from.leader_epoch)?;
        let out_of_range =
            FetchRefused::OutOfRange { log_start: self.log_start(), log_end: self.log_end() };
        if from.offset < self.log_start() {
            return Err(out_of_range);
        }
        if let Some(last_fetched) = from.last_fetched_epoch {
            let known = self.end_of_epoch(last_fetched).ok_or(out_of_range)?;
            if known.epoch < last_fetched || known.end < from.offset {
                return Ok(FetchVerdict::Diverging(known));
            }
        }
        if from.offset > self.log_end() {
            return Err(out_of_range);
        }
        Ok(FetchVerdict::Read { end: self.end_for(from.reader) })
    }
}
