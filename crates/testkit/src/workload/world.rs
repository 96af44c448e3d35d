use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use model::{SeededRandom, Uuid};
use parking_lot::Mutex;
use sim::{AttemptId, Broken, Checker};

use super::report::{Counts, Report};
use crate::Failed;
use crate::load::pipeline::{Pipeline, Trouble};

/// How long a request may take: longer than the broker is stopped.
const PATIENCE: Duration = Duration::from_secs(8);
/// Between two tries.
pub(super) const PAUSE: Duration = Duration::from_millis(20);

/// What all threads share.
#[derive(Debug)]
pub(super) struct World {
    address: String,
    pub(super) input: Uuid,
    pub(super) output: Uuid,
    began: Instant,
    checker: Mutex<Checker>,
    counts: Counts,
    healed: AtomicBool,
    stopped: AtomicBool,
    next_attempt: AtomicU64,
    /// What clients were refused with, and how often.
    refusals: Mutex<BTreeMap<(&'static str, i16), u64>>,
    failure: Mutex<Option<Failed>>,
}

impl World {
    pub(super) fn new(address: &str, checker: Checker, input: Uuid, output: Uuid) -> Self {
        Self {
            address: address.to_owned(),
            input,
            output,
            began: Instant::now(),
            checker: Mutex::new(checker),
            counts: Counts::default(),
            healed: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
            next_attempt: AtomicU64::new(0),
            refusals: Mutex::default(),
            failure: Mutex::default(),
        }
    }

    pub(super) fn now(&self) -> model::Instant {
        let nanos = u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        model::Instant::from_nanos(nanos)
    }

    pub(super) fn judge<T>(&self, with: impl FnOnce(&mut Checker) -> T) -> T {
        with(&mut self.checker.lock())
    }

    pub(super) fn next_attempt(&self) -> AttemptId {
        self.next_attempt.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(super) fn count(&self, which: impl FnOnce(&Counts) -> &AtomicU64) {
        self.add(1, which);
    }

    pub(super) fn add(&self, count: u64, which: impl FnOnce(&Counts) -> &AtomicU64) {
        which(&self.counts).fetch_add(count, Ordering::Relaxed);
    }

    pub(super) fn report(&self) -> Report {
        self.counts.report()
    }

    /// Notes a code that was answered.
    pub(super) fn refused(&self, what: &'static str, code: i16) {
        *self.refusals.lock().entry((what, code)).or_default() += 1;
    }

    /// Trouble is over: nothing is produced any more, nobody dies.
    pub(super) fn heal(&self) {
        self.healed.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_healed(&self) -> bool {
        self.healed.load(Ordering::Relaxed)
    }

    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Notes the first failure, which ends the run.
    pub(super) fn end_with(&self, result: Result<(), Failed>) {
        if let Err(failed) = result {
            self.failure.lock().get_or_insert(failed);
            self.stop();
        }
    }

    pub(super) fn failure(&self) -> Result<(), Failed> {
        match self.failure.lock().take() {
            None => Ok(()),
            Some(Failed(text)) => {
                let (report, refusals) = (self.report(), self.refusals.lock().clone());
                Err(Failed(format!(
                    "{text}\n{report}\nwhat was refused, code, times: {refusals:?}"
                )))
            }
        }
    }

    /// Sleeps, unless it is over meanwhile.
    pub(super) fn rest(&self, duration: Duration) {
        let end = Instant::now() + duration;
        while Instant::now() < end && !self.is_stopped() {
            thread::sleep(PAUSE.min(end.saturating_duration_since(Instant::now())));
        }
    }

    pub(super) fn connect(&self) -> Result<Pipeline, Trouble> {
        Pipeline::connect(&self.address, PATIENCE)
    }

    /// One life after the other, each on a connection of its own, until one ends well or all is over.
    pub(super) fn live(
        &self,
        mut life: impl FnMut(&mut Pipeline) -> Result<(), Trouble>,
    ) -> Result<(), Failed> {
        while !self.is_stopped() {
            match self.connect().and_then(|mut connection| life(&mut connection)) {
                Ok(()) => return Ok(()),
                Err(Trouble::Gone) => self.rest(PAUSE),
                Err(Trouble::Broken(failed)) => return Err(failed),
            }
        }
        Ok(())
    }

    /// Here the client may die, or sleep so long that it is taken for dead.
    pub(super) fn danger(&self, random: &mut SeededRandom) -> Result<(), Trouble> {
        if self.is_healed() {
            return Ok(());
        }
        match random.below(400) {
            0..6 => {
                self.count(|counts| &counts.client_kills);
                Err(Trouble::Gone)
            }
            6 => {
                self.count(|counts| &counts.client_naps);
                self.rest(Duration::from_millis(2_500 + random.below(4_000)));
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// A broken rule, as the tests' failure.
pub(super) fn broken(broken: Broken) -> Failed {
    let Broken { kind, invariant, text } = broken;
    Failed(format!("{kind:?}: {invariant}: {text}"))
}

/// The same, in the middle of a client's life.
pub(super) fn judged(result: Result<(), Broken>) -> Result<(), Trouble> {
    result.map_err(|error| Trouble::Broken(broken(error)))
}
