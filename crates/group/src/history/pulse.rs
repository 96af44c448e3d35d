use std::time::Duration;

use model::Instant;

/// When a member was heard of, and how long it was silent at most.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pulse {
    heard_at: Option<Instant>,
    gap_max: Option<Duration>,
}

impl Pulse {
    pub(crate) fn heard(&mut self, now: Instant) {
        if let Some(before) = self.heard_at {
            self.gap_max = self.gap_max.max(Some(now.since(before)));
        }
        self.heard_at = Some(now);
    }

    /// The member had to wait for an answer until now: that was no silence of its own.
    pub(crate) fn released(&mut self, now: Instant) {
        self.heard_at = Some(now);
    }

    pub(crate) fn since_heard(&self, now: Instant) -> Option<Duration> {
        self.heard_at.map(|at| now.since(at))
    }

    pub(crate) fn gap_max(&self) -> Option<Duration> {
        self.gap_max
    }
}
