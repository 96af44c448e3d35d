use std::collections::VecDeque;

use model::{Instant, Offset};

use crate::effects::{AppendError, Appended, Once};
use crate::leader::Progress;
use crate::limits::PARKED_PRODUCE_COUNT_MAX;

/// A produce that waits for its batch to be durable or committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParkedProduce<T> {
    pub ticket: T,
    pub appended: Appended,
    /// Then it is answered with `TimedOut`.
    pub deadline: Instant,
}

/// An answer that may leave now.
pub type Released<T> = (T, Result<Appended, AppendError>);

/// The produces of one partition that wait for an answer, in the order of the offsets they wait for.
///
/// Nearly always they come in that order and leave from the front: O(1) each, and no allocation once it has grown.
/// Only a batch sent again waits for an earlier offset than those before it.
///
/// Deadlines are kept as the earliest one ever parked: it may be too early, never too late, and is set right when it
/// comes.
#[derive(Clone, Debug)]
pub struct ParkedProduces<T> {
    local: Queue<T>,
    committed: Queue<T>,
    earliest_deadline: Option<Instant>,
}

#[derive(Clone, Debug)]
struct Queue<T>(VecDeque<(Offset, ParkedProduce<T>)>);

impl<T: Copy> Queue<T> {
    fn insert(&mut self, needed: Offset, parked: ParkedProduce<T>) {
        let later = self.0.iter().rev().take_while(|(other, _)| *other > needed).count();
        self.0.insert(self.0.len() - later, (needed, parked));
    }

    fn pop_reached(&mut self, reached: Offset) -> Option<ParkedProduce<T>> {
        if self.0.front()?.0 > reached {
            return None;
        }
        self.0.pop_front().map(|(_, parked)| parked)
    }

    fn expire(&mut self, now: Instant, out: &mut Vec<Released<T>>) {
        self.0.retain(|(_, parked)| {
            let expired = parked.deadline <= now;
            if expired {
                out.push((parked.ticket, Err(AppendError::TimedOut)));
            }
            !expired
        });
    }

    fn earliest_deadline(&self) -> Option<Instant> {
        self.0.iter().map(|(_, parked)| parked.deadline).min()
    }
}

impl<T> Default for ParkedProduces<T> {
    fn default() -> Self {
        Self {
            local: Queue(VecDeque::new()),
            committed: Queue(VecDeque::new()),
            earliest_deadline: None,
        }
    }
}

impl<T: Copy> ParkedProduces<T> {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn len(&self) -> usize {
        self.local.0.len() + self.committed.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.local.0.is_empty() && self.committed.0.is_empty()
    }

    /// Takes an [`crate::Effect::Answer`]: into `out` if it may leave at once, else it waits. When too many wait, it
    /// is answered with an error, though its batch is written; the producer sends it again and hears of the
    /// duplicate.
    pub fn park(
        &mut self,
        ticket: T,
        result: Result<Appended, AppendError>,
        once: Once,
        deadline: Instant,
        progress: &Progress,
        out: &mut Vec<Released<T>>,
    ) {
        let appended = match (result, once) {
            (Err(_), _) | (Ok(_), Once::Now) => return out.push((ticket, result)),
            (Ok(appended), Once::Local(_) | Once::Committed(_)) => appended,
        };
        if self.len() >= PARKED_PRODUCE_COUNT_MAX {
            return out.push((ticket, Err(AppendError::TooManyWaiting)));
        }
        let parked = ParkedProduce { ticket, appended, deadline };
        match once {
            Once::Now => return,
            Once::Local(needed) if needed <= progress.durable_end => {
                return out.push((ticket, result));
            }
            Once::Committed(needed) if needed <= progress.high_watermark => {
                return out.push((ticket, committed(&parked, progress)));
            }
            Once::Local(needed) => self.local.insert(needed, parked),
            Once::Committed(needed) => self.committed.insert(needed, parked),
        }
        let earliest = self.earliest_deadline.map_or(deadline, |earliest| earliest.min(deadline));
        self.earliest_deadline = Some(earliest);
    }

    /// What may be answered now that the leader has come so far. Call it after each step that moved the durable end
    /// or the high watermark.
    pub fn release(&mut self, progress: &Progress, out: &mut Vec<Released<T>>) {
        while let Some(parked) = self.local.pop_reached(progress.durable_end) {
            out.push((parked.ticket, Ok(parked.appended)));
        }
        while let Some(parked) = self.committed.pop_reached(progress.high_watermark) {
            out.push((parked.ticket, committed(&parked, progress)));
        }
        if self.is_empty() {
            self.earliest_deadline = None;
        }
    }

    /// When to call `expire`.
    pub fn next_timeout(&self) -> Option<Instant> {
        self.earliest_deadline
    }

    /// Answers those whose deadline has come.
    pub fn expire(&mut self, now: Instant, out: &mut Vec<Released<T>>) {
        if self.earliest_deadline.is_none_or(|deadline| deadline > now) {
            return;
        }
        self.local.expire(now, out);
        self.committed.expire(now, out);
        let deadlines = (self.local.earliest_deadline(), self.committed.earliest_deadline());
        self.earliest_deadline = match deadlines {
            (Some(local), Some(committed)) => Some(local.min(committed)),
            (local, committed) => local.or(committed),
        };
    }

    /// Answers all with one error: the leadership or the log directory is lost.
    pub fn fail_all(&mut self, error: AppendError, out: &mut Vec<Released<T>>) {
        let all = self.local.0.drain(..).chain(self.committed.0.drain(..));
        out.extend(all.map(|(_, parked)| (parked.ticket, Err(error))));
        self.earliest_deadline = None;
    }
}

fn committed<T>(parked: &ParkedProduce<T>, progress: &Progress) -> Result<Appended, AppendError> {
    if progress.enough_in_sync {
        Ok(parked.appended)
    } else {
        Err(AppendError::NotEnoughReplicasAfterAppend)
    }
}

#[cfg(test)]
mod tests;
