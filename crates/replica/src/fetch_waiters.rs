use model::{Instant, Offset};

use crate::limits::FETCH_WAITER_COUNT_MAX;
use crate::read::Reader;
use crate::replica_log::ReplicaLog;

/// A fetch that waits for this partition to have more for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchWaiter<W> {
    /// The shell's mark for the fetch; one fetch has the same in every partition that it waits on.
    pub waiter: W,
    pub reader: Reader,
    /// Where it will read from: its fetch offset.
    pub from: Offset,
    /// Woken once so many bytes can be read from there; with 1 or less, by the first batch.
    pub size_bytes_min: u64,
    /// `None` where the shell keeps the fetch's deadline itself.
    pub deadline: Option<Instant>,
}

/// The fetches that wait on one partition. One that is woken is removed: its session looks again, and parks again if
/// that was not enough.
///
/// Work per step that moves an end: one comparison per waiter, and nothing at all where nobody waits for that end.
#[derive(Clone, Debug)]
pub struct FetchWaiters<W> {
    waiting: Vec<FetchWaiter<W>>,
    earliest_deadline: Option<Instant>,
}

impl<W> Default for FetchWaiters<W> {
    fn default() -> Self {
        Self { waiting: Vec::new(), earliest_deadline: None }
    }
}

impl<W: Copy + PartialEq> FetchWaiters<W> {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Parks a fetch. `Err` gives it back when too many wait: answer it with what there is.
    pub fn park(&mut self, waiter: FetchWaiter<W>) -> Result<(), FetchWaiter<W>> {
        if self.waiting.len() >= FETCH_WAITER_COUNT_MAX {
            return Err(waiter);
        }
        if let Some(deadline) = waiter.deadline {
            let earliest = self.earliest_deadline.map_or(deadline, |other| other.min(deadline));
            self.earliest_deadline = Some(earliest);
        }
        self.waiting.push(waiter);
        Ok(())
    }

    /// Takes a fetch out that was answered, or whose connection closed.
    pub fn remove(&mut self, waiter: W) {
        self.waiting.retain(|waiting| waiting.waiter != waiter);
    }

    /// Wakes who can read enough now. `bytes_between` tells how much lies between two offsets of the log; it is
    /// asked only for those who want more than one byte.
    pub fn wake(
        &mut self,
        log: &ReplicaLog,
        mut bytes_between: impl FnMut(Offset, Offset) -> u64,
        out: &mut Vec<W>,
    ) {
        if self.waiting.is_empty() {
            return;
        }
        self.waiting.retain(|waiting| {
            let end = log.end_for(waiting.reader);
            let enough = end > waiting.from
                && (waiting.size_bytes_min <= 1
                    || bytes_between(waiting.from, end) >= waiting.size_bytes_min);
            // An offset that truncation or deletion put out of the log is an answer as well.
            let outside = waiting.from < log.log_start() || waiting.from > log.log_end();
            if enough || outside {
                out.push(waiting.waiter);
            }
            !enough && !outside
        });
        if self.waiting.is_empty() {
            self.earliest_deadline = None;
        }
    }

    /// Wakes all: the partition changed its leader, was deleted, or its directory failed.
    pub fn wake_all(&mut self, out: &mut Vec<W>) {
        out.extend(self.waiting.drain(..).map(|waiting| waiting.waiter));
        self.earliest_deadline = None;
    }

    /// When to call `expire`; may be too early, never too late.
    pub fn next_timeout(&self) -> Option<Instant> {
        self.earliest_deadline
    }

    /// Wakes those whose deadline has come.
    pub fn expire(&mut self, now: Instant, out: &mut Vec<W>) {
        if self.earliest_deadline.is_none_or(|deadline| deadline > now) {
            return;
        }
        self.waiting.retain(|waiting| {
            let expired = waiting.deadline.is_some_and(|deadline| deadline <= now);
            if expired {
                out.push(waiting.waiter);
            }
            !expired
        });
        self.earliest_deadline = self.waiting.iter().filter_map(|waiting| waiting.deadline).min();
    }
}

#[cfg(test)]
mod tests;
