use super::run::RunState;
use crate::{Effects, OffsetRange, SharePartition};

impl SharePartition {
    /// The dead-letter topic has these records, or the shell has given up on them: they are archived. What the start
    /// offset has passed since, or was not on its way, is passed over.
    pub fn dead_letters_done(&mut self, ranges: &[OffsetRange], out: &mut Effects) {
        if self.is_fenced {
            return;
        }
        for range in ranges {
            let known = self.runs.span().and_then(|span| span.intersect(*range));
            let Some(known) = known else { continue };
            for (_, run) in self.runs.cut_out(known) {
                if matches!(run.state, RunState::Archiving(_)) {
                    run.become_dirty(RunState::Archived);
                    self.writes.is_wanted = true;
                }
            }
        }
        self.advance_start(out);
        self.flush(out);
        self.assert_invariants();
    }
}
