//! Rebalances of large groups, of either protocol.

mod classic;
mod consumer;

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use testkit::Failed;
use testkit::compare::Side;

use crate::Options;
use crate::broker::Running;
use crate::requests::{self, Coordinated};
use crate::rows::Rows;
use crate::subject::first_acknowledged;

const MEMBER_COUNT: usize = 100;
const PARTITION_COUNT: usize = 1_000;
/// Until a rebalance must be over.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn run(options: &Options, rows: &Rows) -> Result<(), Failed> {
    for round in 0..options.rounds.min(3) {
        for kind in options.order(round) {
            let broker = Running::start(kind)?;
            first_acknowledged(&broker)?;
            let mut side = Side::new(broker.address());
            requests::coordinator(&mut side, Coordinated::Group, "bench-rebalance")?;
            consumer::run(rows, (round, kind), &broker)?;
            classic::run(rows, (round, kind), &broker)?;
        }
    }
    Ok(())
}

/// What all members of a group say of themselves, each after each of its steps.
struct Board<T> {
    seen: Mutex<Vec<Option<T>>>,
}

impl<T: Clone> Board<T> {
    fn new() -> Self {
        Self { seen: Mutex::new(vec![None; MEMBER_COUNT]) }
    }

    fn put(&self, number: usize, value: Option<T>) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = seen.get_mut(number) {
            *place = value;
        }
    }

    /// Waits until `is_over` says so of what the members say; gives when that was seen.
    fn wait(&self, what: &str, is_over: impl Fn(&[Option<T>]) -> bool) -> Result<Instant, Failed> {
        let end = Instant::now() + PATIENCE;
        loop {
            let now = Instant::now();
            if is_over(&self.seen.lock().unwrap_or_else(PoisonError::into_inner)) {
                return Ok(now);
            }
            if now > end {
                return Err(Failed(format!("{what} is not over after {PATIENCE:?}")));
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// What a member is told to do beside its heartbeats.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Leave,
    /// Ends without a word.
    End,
}
