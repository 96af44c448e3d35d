use std::vec::Drain;

use model::{BrokerId, LeaderEpoch, Offset, PartitionEpoch, Timestamp};

use crate::producer_state::ProducerError;
use crate::transactions::EndedTransaction;

/// What a step wants done, in order. Made once and used again for every step: it keeps its memory.
#[derive(Debug)]
pub struct Effects<T, B> {
    effects: Vec<Effect<T, B>>,
}

impl<T, B> Default for Effects<T, B> {
    fn default() -> Self {
        Self { effects: Vec::new() }
    }
}

impl<T, B> Effects<T, B> {
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn push(&mut self, effect: Effect<T, B>) {
        self.effects.push(effect);
    }

    /// Takes the effects out, first one first.
    pub fn drain(&mut self) -> Drain<'_, Effect<T, B>> {
        self.effects.drain(..)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Effect<T, B>> {
        self.effects.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.effects.is_empty()
    }
}

/// One thing for the shell to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect<T, B> {
    /// Queue the batch for the log, still under the partition's lock: the order of these is the order of offsets.
    /// On a leader, `base` and `leader_epoch` are to be patched into it; on a follower they stand in it already.
    Write { base: Offset, leader_epoch: LeaderEpoch, batch: B },
    /// Answer a produce as soon as `once` is true. See [`crate::ParkedProduces`].
    Answer { ticket: T, result: Result<Appended, AppendError>, once: Once },
    /// Answer a DeleteRecords once the low watermark has come to `once`; with an error, at once.
    DeletedRecords { ticket: T, result: Result<Offset, DeleteRecordsError> },
    /// Readers of uncommitted records, and followers that wait for it, may go on.
    HighWatermarkMoved(Offset),
    /// Readers of committed records may go on.
    LastStableMoved(Offset),
    /// Records below it are gone for readers; segments that lie wholly below may be deleted.
    LogStartMoved(Offset),
    /// The smallest log start of all replicas: DeleteRecords below it have taken place.
    LowWatermarkMoved(Offset),
    /// The leader-epoch checkpoint changed.
    EpochStarted { epoch: LeaderEpoch, start: Offset },
    /// An aborted one belongs in the transaction index.
    TransactionEnded(EndedTransaction),
    /// Ask the controller for these in-sync replicas (AlterPartition), on the condition of both epochs. One is under
    /// way at most.
    ProposeInSync {
        in_sync: Vec<BrokerId>,
        leader_epoch: LeaderEpoch,
        partition_epoch: PartitionEpoch,
    },
    /// Cut the log, so that it ends at this offset. Then step [`crate::FollowerInput::Truncated`].
    Truncate { end: Offset },
    /// Drop the whole log and begin an empty one there. Then step [`crate::FollowerInput::Truncated`].
    Restart { start: Offset },
    /// The log is empty; let it begin here instead, a little earlier. There is nothing to wait for.
    BeginAt { start: Offset },
}

/// What must be true before a produce is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Once {
    /// Refused, or acks=0.
    Now,
    /// acks=1: the own log is as durable as the topic asks up to here (exclusive).
    Local(Offset),
    /// acks=all: the high watermark is here.
    Committed(Offset),
}

/// How many replicas must hold a batch before the producer hears "done".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acks {
    None,
    Leader,
    AllInSync,
}

/// Where an accepted batch lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    pub base: Offset,
    /// One past its last offset.
    pub end: Offset,
    pub log_start: Offset,
    pub novelty: Novelty,
}

/// Whether an accepted batch was written by this very request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Novelty {
    New,
    /// An earlier request did; Kafka answers that batch's largest timestamp as the append time.
    Duplicate {
        max_timestamp: Option<Timestamp>,
    },
}

/// Why a batch was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    #[error(transparent)]
    Producer(#[from] ProducerError),
    /// Before the append. Kafka's NOT_ENOUGH_REPLICAS, 19.
    #[error("{in_sync} in-sync replicas, {needed} needed")]
    NotEnoughReplicas { in_sync: usize, needed: usize },
    /// The batch is written and may yet be committed. Kafka's NOT_ENOUGH_REPLICAS_AFTER_APPEND, 20.
    #[error("too few in-sync replicas after the append")]
    NotEnoughReplicasAfterAppend,
    /// Clients may not write control batches. Kafka's INVALID_RECORD, 87.
    #[error("a control batch from a client")]
    ControlBatch,
    /// The partition has used up all offsets.
    #[error("no offsets are left")]
    OffsetsExhausted,
    /// Waited until its deadline; the batch may yet be committed. Kafka's REQUEST_TIMED_OUT, 7.
    #[error("not acknowledged in time")]
    TimedOut,
    /// This broker stopped leading while the answer was waiting; the batch may yet be committed. Kafka's
    /// NOT_LEADER_OR_FOLLOWER, 6.
    #[error("no longer the leader")]
    NotLeader,
    /// The log directory failed. Kafka's KAFKA_STORAGE_ERROR, 56.
    #[error("the log directory failed")]
    Storage,
    /// Too many produces wait already.
    #[error("too many produces wait for an answer")]
    TooManyWaiting,
}

/// Why records were not deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeleteRecordsError {
    /// Kafka's OFFSET_OUT_OF_RANGE, 1.
    #[error("offset {asked} is above the high watermark {high_watermark}")]
    AboveHighWatermark { asked: Offset, high_watermark: Offset },
}
