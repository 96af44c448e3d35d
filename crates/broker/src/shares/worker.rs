//! The thread that does what has to wait for a time, or what nobody else may do where it came up.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use io::Clock;
use model::Instant;
use parking_lot::{Condvar, Mutex};

use crate::Broker;

type Job = Box<dyn FnOnce(&Arc<Broker>) + Send>;

/// Names a job that waits for its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct JobKey(Instant, u64);

#[derive(Default)]
pub(super) struct Worker {
    state: Mutex<State>,
    changed: Condvar,
}

/// Its size is bounded by those who put jobs in: two for each fetch that waits, two for each share-partition, one for all
/// producers that wait for an id.
#[derive(Default)]
struct State {
    ready: VecDeque<Job>,
    timed: BTreeMap<JobKey, Job>,
    next_number: u64,
    is_stopped: bool,
}

impl Worker {
    pub(super) fn soon(&self, job: impl FnOnce(&Arc<Broker>) + Send + 'static) {
        let mut state = self.state.lock();
        if !state.is_stopped {
            state.ready.push_back(Box::new(job));
            self.changed.notify_one();
        }
    }

    pub(super) fn later(
        &self,
        at: Instant,
        job: impl FnOnce(&Arc<Broker>) + Send + 'static,
    ) -> JobKey {
        let mut state = self.state.lock();
        let key = JobKey(at, state.next_number);
        state.next_number += 1;
        if state.is_stopped {
            return key;
        }
        let is_first = state.timed.first_key_value().is_none_or(|(first, _)| key < *first);
        state.timed.insert(key, Box::new(job));
        if is_first {
            self.changed.notify_one();
        }
        key
    }

    pub(super) fn cancel(&self, key: JobKey) {
        self.state.lock().timed.remove(&key);
    }

    pub(super) fn stop(&self) {
        let dropped = {
            let mut state = self.state.lock();
            state.is_stopped = true;
            (std::mem::take(&mut state.ready), std::mem::take(&mut state.timed))
        };
        self.changed.notify_all();
        // What they hold may come back here when it goes, so not under the lock.
        drop(dropped);
    }

    pub(super) fn work(&self, broker: &Arc<Broker>) {
        while let Some(job) = self.next(&**broker.clock()) {
            job(broker);
        }
    }

    fn next(&self, clock: &dyn Clock) -> Option<Job> {
        let mut state = self.state.lock();
        loop {
            if state.is_stopped {
                return None;
            }
            let now = clock.now();
            let due = state.timed.first_entry().filter(|first| first.key().0 <= now);
            if let Some(due) = due {
                return Some(due.remove());
            }
            if let Some(job) = state.ready.pop_front() {
                return Some(job);
            }
            match state.timed.first_key_value() {
                Some((JobKey(at, _), _)) => {
                    let wait = clock.bounded(at.since(now));
                    self.changed.wait_for(&mut state, wait);
                }
                None => self.changed.wait(&mut state),
            }
        }
    }
}
