use model::{CoordinatorEpoch, Offset, ProducerEpoch, ProducerId, Sequence, Timestamp};

use crate::batch_facts::{MarkerEpochRule, Origin, UnknownProducer};
use crate::limits::PRODUCER_BATCH_COUNT_MAX;

/// Why a producer's batch is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProducerError {
    /// A later life of this producer id has written here. Kafka's INVALID_PRODUCER_EPOCH, 47.
    #[error("producer epoch {got} is fenced by epoch {current}")]
    FencedEpoch { got: ProducerEpoch, current: ProducerEpoch },
    /// Neither the next batch nor one of the last five again. Kafka's OUT_OF_ORDER_SEQUENCE_NUMBER, 45. `last` is
    /// `None` where the epoch has no batch yet, so that 0 was expected.
    #[error("sequence {got} does not follow {last:?}")]
    OutOfOrder { got: Sequence, last: Option<Sequence> },
    /// A batch outside of a transaction while the producer has one open. Kafka's INVALID_TXN_STATE, 48.
    #[error("a batch outside of the producer's open transaction")]
    TransactionOpen,
    /// A batch of a transaction that nobody knows of, or no longer. Kafka's INVALID_TXN_STATE, 48.
    #[error("a batch of no ongoing transaction")]
    NotInTransaction,
    /// An end marker of a coordinator that has been replaced. Kafka's TRANSACTION_COORDINATOR_FENCED, 52.
    #[error("coordinator epoch {got} is fenced by epoch {current}")]
    FencedCoordinator { got: CoordinatorEpoch, current: CoordinatorEpoch },
}

/// One batch in a producer's window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenBatch {
    /// `None` for what has no sequence: coordinators' batches.
    pub last_sequence: Option<Sequence>,
    pub last_offset: Offset,
    /// Last offset minus first offset; as many sequences lie between the first and the last.
    pub offset_delta: u32,
    pub max_timestamp: Option<Timestamp>,
}

impl WrittenBatch {
    pub fn first_offset(&self) -> Offset {
        let first = self.last_offset.to_wire() - i64::from(self.offset_delta);
        Offset::from_wire(first).unwrap_or(Offset::ZERO)
    }

    fn has_sequences(&self, first: Sequence, last: Sequence) -> bool {
        self.last_sequence == Some(last) && last.minus(self.offset_delta) == first
    }
}

/// The last batches of a producer, oldest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Window {
    batches: [Option<WrittenBatch>; PRODUCER_BATCH_COUNT_MAX],
}

impl Window {
    fn push(&mut self, batch: WrittenBatch) {
        if self.batches[PRODUCER_BATCH_COUNT_MAX - 1].is_some() {
            self.batches.rotate_left(1);
            self.batches[PRODUCER_BATCH_COUNT_MAX - 1] = Some(batch);
        } else if let Some(free) = self.batches.iter_mut().find(|place| place.is_none()) {
            *free = Some(batch);
        }
    }

    fn iter(&self) -> impl DoubleEndedIterator<Item = &WrittenBatch> {
        self.batches.iter().flatten()
    }

    fn last(&self) -> Option<&WrittenBatch> {
        self.iter().next_back()
    }
}

/// What one partition remembers of one producer id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProducerState {
    epoch: ProducerEpoch,
    coordinator_epoch: Option<CoordinatorEpoch>,
    last_timestamp: Option<Timestamp>,
    /// When it was last heard of, by the later of the wall clock and its own timestamps: what expiry goes by. A
    /// producer of old records is not idle.
    last_seen: Option<Timestamp>,
    transaction_first: Option<Offset>,
    window: Window,
}

/// One of the 46-byte entries of a producer snapshot file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProducerSnapshotEntry {
    pub id: ProducerId,
    pub epoch: ProducerEpoch,
    /// -1 in the file when there is no batch or it has no sequence.
    pub last_sequence: Option<Sequence>,
    /// -1 in the file when the newest epoch has no batch.
    pub last_offset: Option<Offset>,
    pub offset_delta: u32,
    pub last_timestamp: Option<Timestamp>,
    pub coordinator_epoch: Option<CoordinatorEpoch>,
    /// First offset of the open transaction.
    pub transaction_first: Option<Offset>,
}

impl ProducerState {
    pub(crate) fn new(epoch: ProducerEpoch) -> Self {
        Self {
            epoch,
            coordinator_epoch: None,
            last_timestamp: None,
            last_seen: None,
            transaction_first: None,
            window: Window::default(),
        }
    }

    pub(crate) fn from_snapshot(entry: &ProducerSnapshotEntry) -> Self {
        let mut state = Self::new(entry.epoch);
        state.coordinator_epoch = entry.coordinator_epoch;
        state.last_timestamp = entry.last_timestamp;
        state.last_seen = entry.last_timestamp;
        state.transaction_first = entry.transaction_first;
        if let Some(last_offset) = entry.last_offset {
            state.window.push(WrittenBatch {
                last_sequence: entry.last_sequence,
                last_offset,
                offset_delta: entry.offset_delta,
                max_timestamp: entry.last_timestamp,
            });
        }
        state
    }

    pub(crate) fn to_snapshot(&self, id: ProducerId) -> ProducerSnapshotEntry {
        let last = self.window.last();
        ProducerSnapshotEntry {
            id,
            epoch: self.epoch,
            last_sequence: last.and_then(|batch| batch.last_sequence),
            last_offset: last.map(|batch| batch.last_offset),
            offset_delta: last.map_or(0, |batch| batch.offset_delta),
            last_timestamp: self.last_timestamp,
            coordinator_epoch: self.coordinator_epoch,
            transaction_first: self.transaction_first,
        }
    }

    pub fn epoch(&self) -> ProducerEpoch {
        self.epoch
    }

    /// `None` when the epoch has no batch yet, or only ones without sequence.
    pub fn last_sequence(&self) -> Option<Sequence> {
        self.window.last().and_then(|batch| batch.last_sequence)
    }

    pub fn last_timestamp(&self) -> Option<Timestamp> {
        self.last_timestamp
    }

    pub fn coordinator_epoch(&self) -> Option<CoordinatorEpoch> {
        self.coordinator_epoch
    }

    /// Where its open transaction begins; `None` when none is open.
    pub fn transaction_first(&self) -> Option<Offset> {
        self.transaction_first
    }

    /// The batches that a repeat is recognised by, oldest first. A checkpoint that keeps them all, beside the snapshot
    /// entry, loses nothing of the window.
    pub fn window(&self) -> impl Iterator<Item = &WrittenBatch> {
        self.window.iter()
    }

    pub(crate) fn with_window(mut self, batches: impl IntoIterator<Item = WrittenBatch>) -> Self {
        self.window = Window::default();
        for batch in batches {
            self.window.push(batch);
        }
        self
    }

    /// Adds batches that another state of the same producer and epoch remembers and that `is_in` says are in the log, or
    /// were deleted from its start; a snapshot file keeps only the last one of each producer.
    pub(crate) fn remember(&mut self, other: &Self, is_in: impl Fn(&WrittenBatch) -> bool) {
        if other.epoch != self.epoch {
            return;
        }
        // By the place alone: a snapshot's time of a batch is that of the producer's end marker, if one followed.
        let known = |batch: &WrittenBatch| {
            self.window.iter().any(|own| own.last_offset == batch.last_offset)
        };
        let more = other.window.iter().filter(|batch| is_in(batch) && !known(batch));
        let mut all: Vec<WrittenBatch> = self.window.iter().chain(more).copied().collect();
        all.sort_unstable_by_key(|batch| batch.last_offset);
        self.window = Window::default();
        all.into_iter().for_each(|batch| self.window.push(batch));
        self.last_seen = self.last_seen.max(other.last_seen);
    }

    /// As [`Self::remember`], of a state from another time: batches before one that both remember. That one is in the log,
    /// so those before it in the sequence are, or were.
    pub(crate) fn remember_older(&mut self, other: &Self) {
        let is_common = |batch: &WrittenBatch| {
            let place = (batch.last_sequence, batch.last_offset);
            other.window.iter().any(|other| (other.last_sequence, other.last_offset) == place)
        };
        let numbered = |batch: &&WrittenBatch| batch.last_sequence.is_some();
        let common = self.window.iter().rev().filter(numbered).find(|batch| is_common(batch));
        if let Some(common) = common.copied() {
            self.remember(other, |batch| batch.last_offset < common.last_offset);
        }
    }

    /// The part of the window that lies below `end`, as a state without a transaction; `None` when nothing does. A batch
    /// that lies there has the epoch that the producer had there.
    pub(crate) fn below(&self, end: Offset) -> Option<Self> {
        let mut kept = self.window.iter().filter(|batch| batch.last_offset < end).copied();
        let first = kept.next()?;
        let mut state = Self { transaction_first: None, ..self.clone() };
        state = state.with_window(std::iter::once(first).chain(kept));
        Some(state)
    }

    pub(crate) fn last_seen(&self) -> Option<Timestamp> {
        self.last_seen
    }

    /// The batch in the window that has just these sequences, so is the same one.
    pub(crate) fn duplicate_of(
        &self,
        epoch: ProducerEpoch,
        first: Sequence,
        last: Sequence,
    ) -> Option<&WrittenBatch> {
        if epoch != self.epoch {
            return None;
        }
        self.window.iter().find(|batch| batch.has_sequences(first, last))
    }

    /// Whether the batch of a client may come next. `state` is `None` for an unknown producer.
    pub(crate) fn check_data(
        state: Option<&Self>,
        epoch: ProducerEpoch,
        sequence: Option<Sequence>,
        transactional: bool,
        origin: Origin,
    ) -> Result<(), ProducerError> {
        if let Some(current) = state.map(|state| state.epoch).filter(|current| epoch < *current) {
            return Err(ProducerError::FencedEpoch { got: epoch, current });
        }
        if let (Origin::Client { unknown_producer, .. }, Some(got)) = (origin, sequence) {
            Self::check_sequence(state, epoch, got, unknown_producer)?;
        }
        if !transactional && state.is_some_and(|state| state.transaction_first.is_some()) {
            return Err(ProducerError::TransactionOpen);
        }
        Ok(())
    }

    fn check_sequence(
        state: Option<&Self>,
        epoch: ProducerEpoch,
        got: Sequence,
        unknown_producer: UnknownProducer,
    ) -> Result<(), ProducerError> {
        let last = match state {
            // It may be one whose records have all been deleted, so that any sequence can be the next.
            None if unknown_producer == UnknownProducer::AnySequence => return Ok(()),
            None => None,
            Some(state) if state.epoch != epoch => None,
            Some(state) => state.last_sequence(),
        };
        let follows = last.map_or(got == Sequence::ZERO, |last| last.is_followed_by(got));
        if follows { Ok(()) } else { Err(ProducerError::OutOfOrder { got, last }) }
    }

    /// Whether an end marker may be written.
    pub(crate) fn check_marker(
        state: Option<&Self>,
        epoch: ProducerEpoch,
        coordinator_epoch: CoordinatorEpoch,
        rule: MarkerEpochRule,
    ) -> Result<(), ProducerError> {
        let Some(state) = state else { return Ok(()) };
        let repeats_marker = epoch == state.epoch && state.transaction_first.is_none();
        let fenced = match rule {
            MarkerEpochRule::SameOrLater => epoch < state.epoch,
            MarkerEpochRule::Later => epoch <= state.epoch && !repeats_marker,
        };
        if fenced {
            return Err(ProducerError::FencedEpoch { got: epoch, current: state.epoch });
        }
        match state.coordinator_epoch {
            Some(current) if coordinator_epoch < current => {
                Err(ProducerError::FencedCoordinator { got: coordinator_epoch, current })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// A data batch was written. Says where the transaction begins if this batch begins one.
    pub(crate) fn data_written(
        &mut self,
        epoch: ProducerEpoch,
        batch: WrittenBatch,
        transactional: bool,
        wall: Option<Timestamp>,
    ) -> Option<Offset> {
        self.set_epoch(epoch);
        self.window.push(batch);
        self.last_timestamp = batch.max_timestamp;
        self.last_seen = batch.max_timestamp.max(wall).max(self.last_seen);
        if transactional && self.transaction_first.is_none() {
            self.transaction_first = Some(batch.first_offset());
            return self.transaction_first;
        }
        None
    }

    /// An end marker was written. Gives the first offset of the transaction that it ended, if one was open.
    pub(crate) fn marker_written(
        &mut self,
        epoch: ProducerEpoch,
        coordinator_epoch: CoordinatorEpoch,
        timestamp: Option<Timestamp>,
        wall: Option<Timestamp>,
    ) -> Option<Offset> {
        self.set_epoch(epoch);
        self.coordinator_epoch = Some(coordinator_epoch);
        self.last_timestamp = timestamp;
        self.last_seen = timestamp.max(wall).max(self.last_seen);
        self.transaction_first.take()
    }

    fn set_epoch(&mut self, epoch: ProducerEpoch) {
        if self.epoch != epoch {
            self.epoch = epoch;
            self.window = Window::default();
        }
    }
}
