use std::collections::BTreeMap;
use std::time::Duration;

use model::{Offset, ProducerEpoch, ProducerId, Timestamp};

use crate::batch_facts::{BatchFacts, EndMarker, Origin, ProducerFacts};
use crate::limits::{PRODUCER_COUNT_MAX, PRODUCER_EVICTION_DIVISOR};
use crate::producer_state::{ProducerError, ProducerSnapshotEntry, ProducerState, WrittenBatch};
use crate::transactions::{EndedTransaction, Transactions};

/// All producers of one partition: what makes producing idempotent (KIP-98), and which transactions are open.
///
/// It follows the log: `replay` every batch in order and it holds what the log says. `end` is how far it has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProducerStates {
    producers: BTreeMap<ProducerId, ProducerState>,
    transactions: Transactions,
    end: Offset,
}

/// What the producers' states say of a batch that wants to be appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Next,
    /// It is in the log already.
    Duplicate(WrittenBatch),
}

impl ProducerStates {
    /// Nothing known, for a log (or the part of it that is left) that begins at `start`.
    pub fn new(start: Offset) -> Self {
        Self { end: start, ..Self::default() }
    }

    /// What a snapshot file holds that was written when the log ended at `end`.
    pub fn from_snapshot(
        end: Offset,
        entries: impl IntoIterator<Item = ProducerSnapshotEntry>,
    ) -> Self {
        let mut states = Self::new(end);
        for entry in entries {
            states.producers.insert(entry.id, ProducerState::from_snapshot(&entry));
            if let Some(first) = entry.transaction_first {
                states.transactions.begin(first, entry.id);
            }
        }
        states
    }

    /// As [`Self::from_snapshot`], with the whole window of each producer ([`ProducerState::window`]) beside its entry.
    pub fn from_windows<W: IntoIterator<Item = WrittenBatch>>(
        end: Offset,
        producers: impl IntoIterator<Item = (ProducerSnapshotEntry, W)>,
    ) -> Self {
        let mut states = Self::new(end);
        for (entry, window) in producers {
            let state = ProducerState::from_snapshot(&entry).with_window(window);
            states.producers.insert(entry.id, state);
            if let Some(first) = entry.transaction_first {
                states.transactions.begin(first, entry.id);
            }
        }
        states
    }

    /// The entries of a snapshot file for a log that ends at `end()`, by producer id.
    pub fn snapshot(&self) -> impl ExactSizeIterator<Item = ProducerSnapshotEntry> + '_ {
        self.producers.iter().map(|(id, state)| state.to_snapshot(*id))
    }

    /// The offset after the last batch that was taken in.
    pub fn end(&self) -> Offset {
        self.end
    }

    pub fn len(&self) -> usize {
        self.producers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.producers.is_empty()
    }

    pub fn get(&self, id: ProducerId) -> Option<&ProducerState> {
        self.producers.get(&id)
    }

    /// For DescribeProducers.
    pub fn iter(&self) -> impl Iterator<Item = (ProducerId, &ProducerState)> {
        self.producers.iter().map(|(id, state)| (*id, state))
    }

    /// Whether a transaction of just this epoch is open.
    pub(crate) fn has_open(&self, id: ProducerId, epoch: ProducerEpoch) -> bool {
        let state = self.producers.get(&id);
        state.is_some_and(|state| state.epoch() == epoch && state.transaction_first().is_some())
    }

    /// First offset of the oldest open transaction. The cleaner must not pass it.
    pub fn first_open_transaction(&self) -> Option<Offset> {
        self.transactions.first_open()
    }

    /// First offset that readers of committed records must not reach.
    pub fn first_unstable(&self) -> Option<Offset> {
        self.transactions.first_unstable()
    }

    /// Takes in a batch of the log: at recovery, on a follower, and after the leader's own checks. The log is the
    /// truth, so nothing is refused. `wall` is the time of an append that happens now; at recovery it is `None`, and
    /// the batches' own times count. Says which transaction the batch ended.
    pub fn replay(
        &mut self,
        base: Offset,
        facts: &BatchFacts,
        wall: Option<Timestamp>,
    ) -> Option<EndedTransaction> {
        assert!(facts.offset_count > 0, "a batch takes at least one offset");
        let delta = facts.offset_count - 1;
        let last_offset = base.plus(delta).unwrap_or(Offset::MAX);
        self.end = last_offset.plus(1).unwrap_or(Offset::MAX);
        let producer = facts.producer?;
        if let Some(marker) = facts.marker {
            return self.replay_marker(producer, marker, last_offset, facts.max_timestamp, wall);
        }
        if facts.control {
            return None;
        }
        let batch = WrittenBatch {
            last_sequence: producer.base_sequence.map(|first| first.plus(delta)),
            last_offset,
            offset_delta: delta,
            max_timestamp: facts.max_timestamp,
        };
        let state = self.state_mut(producer);
        let begins = state.data_written(producer.epoch, batch, facts.transactional, wall);
        if let Some(first) = begins {
            self.transactions.begin(first, producer.id);
        }
        None
    }

    fn replay_marker(
        &mut self,
        producer: ProducerFacts,
        marker: EndMarker,
        offset: Offset,
        timestamp: Option<Timestamp>,
        wall: Option<Timestamp>,
    ) -> Option<EndedTransaction> {
        let state = self.state_mut(producer);
        let first =
            state.marker_written(producer.epoch, marker.coordinator_epoch, timestamp, wall)?;
        Some(self.transactions.end(producer.id, first, offset, marker.outcome))
    }

    fn state_mut(&mut self, producer: ProducerFacts) -> &mut ProducerState {
        if self.producers.len() >= PRODUCER_COUNT_MAX && !self.producers.contains_key(&producer.id)
        {
            self.evict_idle();
        }
        self.producers.entry(producer.id).or_insert_with(|| ProducerState::new(producer.epoch))
    }

    /// Whether the batch may be appended, is there already, or is refused.
    pub(crate) fn check(
        &self,
        facts: &BatchFacts,
        origin: Origin,
    ) -> Result<Verdict, ProducerError> {
        let Some(producer) = facts.producer else { return Ok(Verdict::Next) };
        let state = self.producers.get(&producer.id);
        if let (Origin::Marker { epoch_rule }, Some(marker)) = (origin, facts.marker) {
            let coordinator = marker.coordinator_epoch;
            ProducerState::check_marker(state, producer.epoch, coordinator, epoch_rule)?;
            return Ok(Verdict::Next);
        }
        if let (Origin::Client { .. }, Some(first), Some(state)) =
            (origin, producer.base_sequence, state)
        {
            let last = first.plus(facts.offset_count.saturating_sub(1));
            if let Some(batch) = state.duplicate_of(producer.epoch, first, last) {
                return Ok(Verdict::Duplicate(*batch));
            }
        }
        let sequence = producer.base_sequence;
        ProducerState::check_data(state, producer.epoch, sequence, facts.transactional, origin)?;
        Ok(Verdict::Next)
    }

    /// Forgets producers that were idle for `idle_max` (`producer.id.expiration.ms`), but for those with an open
    /// transaction. Says how many.
    pub fn expire(&mut self, wall: Timestamp, idle_max: Duration) -> usize {
        let idle_max_ms = i64::try_from(idle_max.as_millis()).unwrap_or(i64::MAX);
        let before = self.producers.len();
        self.producers.retain(|_, state| {
            let seen_ms = state.last_seen().map_or(-1, Timestamp::as_millis);
            let idle_ms = wall.as_millis().saturating_sub(seen_ms);
            state.transaction_first().is_some() || idle_ms < idle_max_ms
        });
        before - self.producers.len()
    }

    /// Makes room by forgetting those idle longest. Those with an open transaction stay, even beyond the bound:
    /// without them the last stable offset would be wrong.
    fn evict_idle(&mut self) {
        let mut idle: Vec<(Option<Timestamp>, ProducerId)> = self
            .producers
            .iter()
            .filter(|(_, state)| state.transaction_first().is_none())
            .map(|(id, state)| (state.last_seen(), *id))
            .collect();
        let count = (PRODUCER_COUNT_MAX / PRODUCER_EVICTION_DIVISOR).min(idle.len());
        if count < idle.len() {
            idle.select_nth_unstable(count);
        }
        for (_, id) in &idle[..count] {
            self.producers.remove(id);
        }
    }

    /// After a truncation, or a recovery: what states of before knew of batches that are left, or were deleted from the
    /// log's start. Read again from snapshots a window is short, and a producer whose batches are all deleted may not be
    /// known at all, so that a batch whose answer was lost would be refused, or taken twice, when it comes again. What a
    /// truncation took away must be gone from `before`, see [`Self::below`].
    pub fn remember(&mut self, before: &Self) {
        let end = self.end;
        for (id, other) in &before.producers {
            if let Some(state) = self.producers.get_mut(id) {
                state.remember(other, |batch| batch.last_offset < end);
            } else if self.producers.len() < PRODUCER_COUNT_MAX {
                self.producers.extend(other.below(end).map(|state| (*id, state)));
            }
        }
    }

    /// What states of another time knew of the batches before one that they have in common. Nothing is said of others: the
    /// log may have been another in between.
    pub fn remember_older(&mut self, other: &Self) {
        for (id, state) in &mut self.producers {
            if let Some(other) = other.producers.get(id) {
                state.remember_older(other);
            }
        }
    }

    /// What is left of the windows if the log is cut at `end`: to be remembered, since epochs and transactions are what
    /// they were there only by the log itself.
    #[must_use]
    pub fn below(&self, end: Offset) -> Self {
        let kept = |(id, state): (&ProducerId, &ProducerState)| Some((*id, state.below(end)?));
        Self {
            producers: self.producers.iter().filter_map(kept).collect(),
            transactions: Transactions::default(),
            end: self.end.min(end),
        }
    }

    pub(crate) fn high_watermark_moved(&mut self, high_watermark: Offset) {
        self.transactions.settle_below(high_watermark);
    }

    pub(crate) fn log_start_moved(&mut self, log_start: Offset) {
        self.transactions.settle_below(log_start);
        self.end = self.end.max(log_start);
    }

    pub(crate) fn assert_invariants(&self, log_end: Offset) {
        assert!(self.end == log_end, "producer states have seen the whole log");
        assert!(
            self.transactions.open_count() <= self.producers.len(),
            "a producer has at most one open transaction"
        );
    }
}

#[cfg(test)]
mod tests;
