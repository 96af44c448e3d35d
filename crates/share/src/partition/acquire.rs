use std::time::Duration;

use group::MemberId;
use model::{Instant, Offset};

use super::fetched::{deliverable, gaps};
use super::run::{Hold, Mark, Run, RunState};
use crate::{
    AbortedTransaction, BATCH_OVERRUN_RECORD_COUNT_MAX, Effects, FetchedBatch, OffsetRange,
    PlantedBug, RECORD_LOCK_COUNT_MAX, SharePartition,
};

/// How exactly the wanted number of records is kept to (KIP-1206).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AcquireMode {
    /// Batches stay whole; there may be more records than asked for.
    #[default]
    BatchOptimized,
    /// Never more.
    RecordLimit,
}

impl AcquireMode {
    pub const fn from_wire(raw: i8) -> Option<Self> {
        match raw {
            0 => Some(Self::BatchOptimized),
            1 => Some(Self::RecordLimit),
            _ => None,
        }
    }
}

/// What a member fetched for this share-partition.
#[derive(Clone, Copy, Debug)]
pub struct Acquire<'a> {
    pub member: &'a MemberId,
    pub mode: AcquireMode,
    pub record_count_max: u32,
    /// Records for which the member wants to acknowledge at once.
    pub batch_size: u32,
    /// Where the log was read.
    pub fetch_offset: Offset,
    /// What was read, in order.
    pub fetched: &'a [FetchedBatch],
    /// Empty for readers of uncommitted records.
    pub aborted: &'a [AbortedTransaction],
}

/// What the member has got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acquired {
    /// In order. Empty when all of it is held by others, decided, or missing.
    pub records: Vec<AcquiredRecords>,
    /// How long the locks last.
    pub lock_duration: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcquiredRecords {
    pub range: OffsetRange,
    pub delivery_count: u16,
}

/// One acquisition as it goes on.
struct Step<'a> {
    request: &'a Acquire<'a>,
    hold: Hold,
    acquired: Vec<AcquiredRecords>,
    acquired_count: u64,
    /// Records that were delivered too often come alone: nothing more is taken.
    is_closed: bool,
}

impl SharePartition {
    /// Hands records to a member: those that became available again first, then such as were never in flight.
    pub fn acquire(&mut self, now: Instant, request: &Acquire<'_>, out: &mut Effects) -> Acquired {
        let lock_duration = self.settings.record_lock_duration;
        let nothing = Acquired { records: Vec::new(), lock_duration };
        let fetched_end = request.fetched.last().map(|batch| batch.range.end());
        let read_from = request.fetched.first().map(|batch| batch.range.first());
        let (Some(fetched_end), Some(read_from)) = (fetched_end, read_from) else { return nothing };
        let from = read_from.min(request.fetch_offset).max(self.runs.start());
        let region = OffsetRange::between(from, fetched_end);
        // A read behind the end, of an earlier life of the state, would leave records out.
        let region = region.filter(|region| region.first() <= self.runs.end());
        let Some(region) = region.filter(|_| !self.is_fenced) else { return nothing };

        let parts = deliverable(request.fetched, request.aborted, self.settings.planted);
        self.drop_missing(region, &gaps(region, &parts));
        let until = now.plus(lock_duration);
        let hold = Hold { member: request.member.clone(), until };
        let mut step =
            Step { request, hold, acquired: Vec::new(), acquired_count: 0, is_closed: false };
        for part in parts.iter().filter_map(|part| part.intersect(region)) {
            if let Some(known) = part.before(self.runs.end()) {
                self.acquire_again(known, &mut step);
            }
        }
        if let Some(unread) = region.from(self.runs.end()) {
            self.acquire_new(unread, &parts, &mut step);
        }
        if !step.acquired.is_empty() {
            self.note_lock_end(until);
        }
        self.advance_start(out);
        if step.acquired.is_empty() {
            // Otherwise an acknowledgement follows, and takes along what is to be written.
            self.flush(out);
        }
        self.assert_invariants();
        Acquired { records: step.acquired, lock_duration }
    }

    /// Records in flight that are not in the log any more, or not for these readers.
    fn drop_missing(&mut self, region: OffsetRange, missing: &[OffsetRange]) {
        let known = region.before(self.runs.end());
        for gap in missing.iter().filter_map(|gap| gap.intersect(known?)) {
            self.writes.is_wanted |= self.runs.mark_missing(gap);
        }
    }

    /// Takes what is available of records that were in flight before.
    fn acquire_again(&mut self, part: OffsetRange, step: &mut Step<'_>) {
        if self.has_all_locks() {
            return;
        }
        let mut at = Some(part);
        while let Some(rest) = at.filter(|_| step.may_take_more()) {
            let Some((range, run)) = self.runs.overlapping(rest).next() else { return };
            let (together, delivery_count) = (run.together, run.delivery_count);
            let is_available = run.state == RunState::Available
                || (self.settings.planted.has(PlantedBug::DeliverTwice)
                    && matches!(run.state, RunState::Acquired(_)));
            at = rest.from(range.end());
            let Some(piece) = range.intersect(rest).filter(|_| is_available) else { continue };
            if delivery_count >= self.delivery_count_limit() {
                self.archive_over_limit(piece);
                continue;
            }
            let Some(taken) = self.how_much(piece, together, delivery_count, step) else { return };
            for (_, run) in self.runs.cut_out(taken) {
                run.state = RunState::Acquired(step.hold.clone());
                run.delivery_count = delivery_count + 1;
                run.mark = Mark::Clean;
            }
            step.took(taken, delivery_count + 1);
            at = rest.from(taken.end());
        }
    }

    /// Whether as many records are held as may be. As long as no more are in flight at all there is nothing to count; a
    /// leader may find more that others have left.
    fn has_all_locks(&self) -> bool {
        let most = u64::from(RECORD_LOCK_COUNT_MAX.min(self.settings.record_lock_count_max));
        if self.runs.record_count() <= most {
            return false;
        }
        let held = self.runs.iter().filter(|(_, run)| {
            matches!(run.state, RunState::Acquired(_) | RunState::Settling { .. })
        });
        held.map(|(range, _)| range.count()).sum::<u64>() >= most
    }

    /// The part of available records that is handed out together. `None` when they have to wait for another fetch.
    ///
    /// A record that makes its reader fail takes others down with it, so records that were delivered half as often as
    /// they may be come in half of what they came into flight with, then in quarters and so on, apart from others; for the
    /// last time each comes alone.
    fn how_much(
        &self,
        piece: OffsetRange,
        together: u64,
        delivery_count: u16,
        step: &mut Step<'_>,
    ) -> Option<OffsetRange> {
        let limit = self.delivery_count_limit();
        let throttled_from = limit.div_ceil(2).max(2);
        let mut most = step.count_max(piece.count());
        if delivery_count >= throttled_from {
            if step.acquired_count > 0 {
                step.is_closed = true;
                return None;
            }
            let is_last_time = limit > 2 && delivery_count + 1 == limit;
            let halved = u32::from(delivery_count - throttled_from) + 1;
            let portion = together.checked_shr(halved).unwrap_or(0).max(1);
            most = most.min(if is_last_time { 1 } else { portion });
            step.is_closed = true;
        }
        piece.take(most)
    }

    /// Takes records that were never in flight, as far as there is room, and passes over what is missing.
    fn acquire_new(&mut self, region: OffsetRange, parts: &[OffsetRange], step: &mut Step<'_>) {
        let mut parts = parts.iter().filter_map(|part| part.intersect(region));
        let mut room = self.room();
        loop {
            let part = parts.next();
            let part_first = part.map_or_else(|| region.end(), OffsetRange::first);
            if !step.may_take_more() {
                return;
            }
            if let Some(gap) = OffsetRange::between(self.runs.end(), part_first) {
                self.runs.push(gap, Run::new(gap, RunState::Missing, 0, Mark::Dirty));
                self.writes.is_wanted = true;
            }
            let Some(part) = part else { return };
            let wanted = step.wanted_count().min(room);
            let most = match step.request.mode {
                AcquireMode::RecordLimit => wanted,
                AcquireMode::BatchOptimized if wanted == 0 => 0,
                AcquireMode::BatchOptimized => {
                    wanted.saturating_add(u64::from(BATCH_OVERRUN_RECORD_COUNT_MAX))
                }
            };
            let Some(taken) = part.take(most) else { return };
            room = room.saturating_sub(taken.count());
            let state = RunState::Acquired(step.hold.clone());
            self.runs.push(taken, Run::new(taken, state, 1, Mark::Clean));
            step.took(taken, 1);
            if taken.end() < part.end() {
                return;
            }
        }
    }

    /// The limit was lowered under records that had been delivered more often already.
    fn archive_over_limit(&mut self, piece: OffsetRange) {
        let limit = self.limit();
        for (_, run) in self.runs.cut_out(piece) {
            run.come_back(&limit);
        }
        self.writes.is_wanted = true;
    }
}

impl Step<'_> {
    fn wanted_count(&self) -> u64 {
        u64::from(self.request.record_count_max).saturating_sub(self.acquired_count)
    }

    fn may_take_more(&self) -> bool {
        !self.is_closed && self.wanted_count() > 0
    }

    /// Records that may be taken of so many that belong together.
    fn count_max(&self, together: u64) -> u64 {
        match self.request.mode {
            AcquireMode::RecordLimit => self.wanted_count(),
            AcquireMode::BatchOptimized => {
                together.min(self.wanted_count() + u64::from(BATCH_OVERRUN_RECORD_COUNT_MAX))
            }
        }
    }

    /// Notes what was taken, in one row with what came before as long as that is not a batch of the wanted size.
    fn took(&mut self, range: OffsetRange, delivery_count: u16) {
        self.acquired_count += range.count();
        let is_limited = self.request.mode == AcquireMode::BatchOptimized;
        let batch_size = u64::from(self.request.batch_size.max(1));
        if let Some(last) = self.acquired.last_mut() {
            let is_full = is_limited && last.range.count() >= batch_size;
            let follows = last.range.end() == range.first();
            if follows && !is_full && last.delivery_count == delivery_count {
                last.range = OffsetRange::spanning(last.range.first(), range.end());
                return;
            }
        }
        self.acquired.push(AcquiredRecords { range, delivery_count });
    }
}
