use model::Instant;

use super::run::{Hold, Mark, Run, RunState, Settled};
use crate::{
    DeadLetter, Effect, Effects, OffsetRange, PlantedBug, SharePartition, StateBatch, StateWrite,
    WRITE_RETRY_PAUSE, WriteError, WriteId,
};

impl SharePartition {
    /// Sends what is to be written, unless a write is on its way: then it goes along with the next one.
    pub(crate) fn flush(&mut self, out: &mut Effects) {
        if self.is_fenced || !self.writes.is_wanted || self.writes.on_its_way.is_some() {
            return;
        }
        let id = self.writes.next;
        self.writes.next = id.next();
        self.writes.on_its_way = Some(id);
        self.writes.is_wanted = false;
        self.writes.retry_at = None;
        let mut batches: Vec<StateBatch> = Vec::new();
        let mut complete_count: u64 = 0;
        for (range, run) in self.runs.iter_mut() {
            let is_settling = matches!(run.state, RunState::Settling { .. });
            let Some(state) = run.written() else { continue };
            if state.is_final() {
                complete_count += range.count();
            }
            if is_settling || run.mark == Mark::Dirty {
                if run.mark == Mark::Dirty {
                    run.mark = Mark::Sent(id);
                }
                let batch = StateBatch { range, state, delivery_count: run.delivery_count };
                push_joined(&mut batches, batch);
            }
        }
        out.push(Effect::Write(StateWrite {
            id,
            state_epoch: self.state_epoch,
            leader_epoch: self.leader_epoch,
            start_offset: self.runs.start(),
            delivery_complete_count: u32::try_from(complete_count).unwrap_or(u32::MAX),
            batches,
        }));
    }

    /// How the write went. Of a write that nobody knows any more nothing is taken.
    pub fn write_done(
        &mut self,
        now: Instant,
        id: WriteId,
        result: Result<(), WriteError>,
        out: &mut Effects,
    ) {
        if self.is_fenced || self.writes.on_its_way != Some(id) {
            return;
        }
        self.writes.on_its_way = None;
        let trusts = self.settings.planted.has(PlantedBug::TrustFailedWrite);
        let result = if trusts { Ok(()) } else { result };
        match result {
            Ok(()) => self.written(id, out),
            Err(WriteError::Fenced) => return self.become_fenced(out),
            Err(_) => self.not_written(now, id, out),
        }
        let answer = result.map_err(crate::AcknowledgeError::Write);
        while let Some((_, ticket)) = self.writes.waiting.pop_front_if(|(write, _)| *write == id) {
            out.push(Effect::Answer { ticket, result: answer });
        }
        self.advance_start(out);
        // What failed waits; what came since goes at once, and takes it along.
        if result.is_ok() || !self.writes.waiting.is_empty() {
            self.flush(out);
        }
        self.assert_invariants();
    }

    fn written(&mut self, id: WriteId, out: &mut Effects) {
        let mut first_available = None;
        for (range, run) in self.runs.iter_mut() {
            match &run.state {
                RunState::Settling { to, write, .. } if *write == id => {
                    if *to == Settled::Available {
                        first_available.get_or_insert_with(|| range.first());
                    }
                    run.state = to.state();
                    run.mark = Mark::Clean;
                }
                _ if run.mark == Mark::Sent(id) => run.mark = Mark::Clean,
                _ => continue,
            }
            out.push_letter(range, run);
        }
        if let Some(first) = first_available {
            self.became_available(first, out);
        }
    }

    /// Members hold again what they had decided about, unless their time is over.
    fn not_written(&mut self, now: Instant, id: WriteId, out: &mut Effects) {
        let limit = self.limit();
        let mut first_available = None;
        let mut next_lock_end: Option<Instant> = None;
        for (range, run) in self.runs.iter_mut() {
            match &run.state {
                RunState::Settling { hold, write, .. } if *write == id => {
                    let Hold { until, .. } = *hold;
                    if until > now {
                        next_lock_end = Some(next_lock_end.map_or(until, |end| end.min(until)));
                        run.state = RunState::Acquired(hold.clone());
                    } else if run.come_back(&limit) {
                        first_available.get_or_insert_with(|| range.first());
                    }
                }
                _ if run.mark == Mark::Sent(id) => run.mark = Mark::Dirty,
                _ => {}
            }
        }
        if let Some(until) = next_lock_end {
            self.note_lock_end(until);
        }
        if let Some(first) = first_available {
            self.became_available(first, out);
        }
        // The start offset at least.
        self.writes.is_wanted = true;
        self.writes.retry_at = Some(now.plus(WRITE_RETRY_PAUSE));
    }
}

impl Effects {
    /// Records come to the dead-letter topic once it is written down that they go there.
    fn push_letter(&mut self, range: OffsetRange, run: &Run) {
        if let RunState::Archiving(cause) = run.state {
            let letter = DeadLetter { range, delivery_count: run.delivery_count, cause };
            self.push(Effect::DeadLetter(letter));
        }
    }
}

fn push_joined(batches: &mut Vec<StateBatch>, batch: StateBatch) {
    if let Some(last) = batches.last_mut() {
        let is_alike = last.state == batch.state && last.delivery_count == batch.delivery_count;
        if is_alike && last.range.end() == batch.range.first() {
            last.range = OffsetRange::spanning(last.range.first(), batch.range.end());
            return;
        }
    }
    batches.push(batch);
}
