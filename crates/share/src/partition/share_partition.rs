use std::collections::VecDeque;

use group::Ticket;
use model::{Instant, LeaderEpoch, Offset};

use super::run::RunState;
use super::runs::Runs;
use crate::{Effect, Effects, PlantedBug, ShareSettings, StateEpoch, WriteId};

/// The leader's side of one share-partition: which records are in flight, who holds them, what was decided about them.
///
/// Records are handed out by [`Self::acquire`] from what was read at [`Self::next_fetch_offset`]. Decisions of members
/// are answered once the share coordinator has written them; the end of a lock counts at once and is written after.
///
/// Invariants (KIP-932):
/// - each offset from the start to the end is in exactly one state;
/// - a record is held by at most one member;
/// - the start offset never goes back, and moves over decided records only, or with the log's start;
/// - no record is delivered more often than the limit allows;
/// - a delivery count never goes down;
/// - at most one write is on its way, so that writes reach the coordinator in order.
#[derive(Debug)]
pub struct SharePartition {
    pub(crate) runs: Runs,
    pub(crate) settings: ShareSettings,
    pub(crate) state_epoch: StateEpoch,
    pub(crate) leader_epoch: LeaderEpoch,
    /// Nothing before this is available.
    pub(crate) available_from: Offset,
    /// No lock ends earlier.
    pub(crate) next_lock_end: Option<Instant>,
    /// Locks are not looked at before this.
    pub(crate) lock_check_from: Instant,
    pub(crate) writes: Writes,
    pub(crate) is_fenced: bool,
    pub(crate) lock_timeout_count: u64,
}

/// What is on its way to the coordinator, and what is to follow.
#[derive(Debug, Default)]
pub(crate) struct Writes {
    pub(crate) on_its_way: Option<WriteId>,
    /// The id of the next write: what settles now waits for it.
    pub(crate) next: WriteId,
    /// Something is to be written.
    pub(crate) is_wanted: bool,
    /// Requests to be answered when the write is done, in the order of the writes.
    pub(crate) waiting: VecDeque<(WriteId, Ticket)>,
    pub(crate) retry_at: Option<Instant>,
}

impl Writes {
    pub(crate) fn new(life: u64, is_wanted: bool) -> Self {
        Self { next: WriteId::first_of(life), is_wanted, ..Self::default() }
    }
}

impl SharePartition {
    /// Where records are to be read that may be acquired next.
    pub fn next_fetch_offset(&self) -> Offset {
        let mut runs = self.runs.next_from(self.available_from);
        runs.find(|(_, run)| run.state == RunState::Available)
            .map_or_else(|| self.runs.end(), |(range, _)| range.first())
    }

    /// Whether reading there can be of use: something is available again, or there is room for more.
    pub fn can_acquire(&self) -> bool {
        !self.is_fenced && (self.next_fetch_offset() < self.runs.end() || self.room() > 0)
    }

    pub const fn start_offset(&self) -> Offset {
        self.runs.start()
    }

    /// The first offset that was never read.
    pub const fn end_offset(&self) -> Offset {
        self.runs.end()
    }

    pub const fn leader_epoch(&self) -> LeaderEpoch {
        self.leader_epoch
    }

    pub const fn state_epoch(&self) -> StateEpoch {
        self.state_epoch
    }

    /// Records between start and end offset: acquired, available again, or decided out of order.
    pub const fn in_flight_count(&self) -> u64 {
        self.runs.record_count()
    }

    /// Rows of records in flight that share one fate.
    pub fn in_flight_batch_count(&self) -> usize {
        self.runs.run_count()
    }

    /// Rows of records whose lock ended by itself, since this one leads.
    pub const fn lock_timeout_count(&self) -> u64 {
        self.lock_timeout_count
    }

    pub const fn settings(&self) -> &ShareSettings {
        &self.settings
    }

    /// For settings that change while the group runs. Locks that are held keep their end.
    pub fn set_settings(&mut self, settings: ShareSettings) {
        self.settings = settings;
    }

    /// When to call [`Self::time_passed`] next; `None` while nothing has a deadline.
    pub fn next_timeout(&self) -> Option<Instant> {
        [self.next_lock_check(), self.writes.retry_at].into_iter().flatten().min()
    }

    /// The log begins later now: what lies before is gone, whoever holds it.
    pub fn log_start_moved(&mut self, log_start: Offset, out: &mut Effects) {
        if self.is_fenced || log_start <= self.runs.start() {
            return;
        }
        self.runs.start_at(log_start);
        self.writes.is_wanted = true;
        self.advance_start(out);
        out.push_fetchable();
        self.flush(out);
        self.assert_invariants();
    }

    /// Records for which there is room.
    pub(crate) fn room(&self) -> u64 {
        let limit = self.settings.record_lock_count_max.min(crate::RECORD_LOCK_COUNT_MAX);
        u64::from(limit).saturating_sub(self.runs.record_count())
    }

    /// Moves the start offset over what is decided.
    pub(crate) fn advance_start(&mut self, out: &mut Effects) {
        let jumps = self.settings.planted.has(PlantedBug::StartOverUndecided);
        let mut has_moved = false;
        while let Some(first) = self.runs.first() {
            let may_go = first.is_final() || (jumps && first.state == RunState::Available);
            if !may_go {
                break;
            }
            let gone = self.runs.pop_first();
            // What was never written goes with the start offset, which is then worth a write of its own.
            self.writes.is_wanted |= gone.is_some_and(|gone| gone.mark != super::run::Mark::Clean);
            has_moved = true;
        }
        self.available_from = self.available_from.max(self.runs.start());
        if has_moved {
            out.push_fetchable();
        }
    }

    pub(crate) fn became_available(&mut self, first: Offset, out: &mut Effects) {
        self.available_from = self.available_from.min(first);
        out.push_fetchable();
    }

    /// Somebody else leads. Whoever waits is told, and nothing more is handed out.
    pub(crate) fn become_fenced(&mut self, out: &mut Effects) {
        self.is_fenced = true;
        for (_, ticket) in self.writes.waiting.drain(..) {
            let result = Err(crate::AcknowledgeError::NotLeader);
            out.push(Effect::Answer { ticket, result });
        }
        self.runs.clear();
        self.next_lock_end = None;
        self.writes = Writes::default();
        out.push(Effect::Fenced);
    }

    /// Looks at every run in tests; otherwise at what costs nothing.
    pub(crate) fn assert_invariants(&self) {
        assert!(self.runs.start() <= self.runs.end(), "the start is not after the end");
        assert!(
            self.runs.first().is_none_or(|run| !run.is_final()),
            "the start offset stands at something undecided"
        );
        if cfg!(debug_assertions) {
            self.runs.assert_invariants();
            for (range, run) in self.runs.iter() {
                match &run.state {
                    RunState::Available => {
                        assert!(self.available_from <= range.first(), "what is available is found");
                    }
                    RunState::Acquired(hold) => {
                        let is_watched = self.next_lock_end.is_some_and(|end| end <= hold.until);
                        assert!(is_watched, "locks end");
                    }
                    RunState::Settling { write, .. } => {
                        let is_sent = self.writes.on_its_way == Some(*write);
                        assert!(is_sent || *write == self.writes.next, "what settles is written");
                    }
                    _ => {}
                }
            }
        }
    }
}
