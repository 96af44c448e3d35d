//! Transactions whose outcome is decided and not yet in all their partitions.
//!
//! Of a transactional id at most one completion is under way in this process, whatever its shard goes through meanwhile.
//! So no marker of a transaction is still on its way when the transaction is closed, and none can end the next one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{CoordinatorEpoch, Instant};
use parking_lot::{Condvar, Mutex};
use replica::MarkerEpochRule;
use txn::{Completion, Outcome, PartitionKey, TransactionalId};

use super::markers::{MarkerNotWritten, write_marker_before_close};
use crate::Broker;
use crate::coordinator::{Gather, Marker, TRANSACTION_TOPIC, Unavailable};
use crate::limits::{MARKER_RETRY_PAUSE, TRANSACTION_WAITER_COUNT_MAX};

#[derive(Default)]
pub(crate) struct Completions {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// What is under way, and what its shard asked for since: it was loaded again, and knows of no earlier attempt.
    running: BTreeMap<TransactionalId, Option<Completion>>,
    retries: BTreeMap<(Instant, u64), Retry>,
    /// Requests that wait for a transaction to be closed, by its id, and the moments at which they look again anyway.
    waiting: BTreeMap<TransactionalId, Vec<Waiting>>,
    waiting_count: usize,
    wake_at: BTreeSet<(Instant, TransactionalId)>,
    number: u64,
    stopped: bool,
}

struct Waiting {
    until: Instant,
    again: Again,
}

/// Called with false when the wait is over before it began: then there is no use in looking again.
type Again = Box<dyn FnOnce(bool) + Send>;

/// What is to be tried again.
enum Retry {
    Check(Completion),
    Tell(Attempt),
}

/// A completion, and the partitions that have not been told.
struct Attempt {
    completion: Completion,
    left: Vec<PartitionKey>,
}

impl Completions {
    /// Tells all partitions how the transaction ended, then closes it. Called once the outcome is committed.
    pub(crate) fn begin(&self, broker: &Arc<Broker>, completion: Completion) {
        {
            let mut state = self.state.lock();
            if let Some(again) = state.running.get_mut(&completion.id) {
                *again = Some(completion);
                return;
            }
            state.running.insert(completion.id.clone(), None);
        }
        check(broker, completion);
    }

    /// Calls `again` when the transaction of the id that is being ended is closed, or at `until`. At once, with false, when
    /// too many wait.
    pub(crate) fn wait(&self, id: &TransactionalId, until: Instant, again: Again) {
        let mut state = self.state.lock();
        if state.stopped || state.waiting_count >= TRANSACTION_WAITER_COUNT_MAX {
            drop(state);
            return again(false);
        }
        state.waiting_count += 1;
        state.wake_at.insert((until, id.clone()));
        state.waiting.entry(id.clone()).or_default().push(Waiting { until, again });
        drop(state);
        self.changed.notify_one();
    }

    /// The work of the thread that tries again.
    pub(crate) fn work(&self, broker: &Arc<Broker>) {
        loop {
            let mut due = Vec::new();
            let mut woken = Vec::new();
            {
                let mut state = self.state.lock();
                if state.stopped {
                    return;
                }
                let clock = broker.clock();
                let now = clock.now();
                state.take_due(now, &mut due, &mut woken);
                if due.is_empty() && woken.is_empty() {
                    match state.next_moment() {
                        Some(at) => {
                            self.changed.wait_for(&mut state, clock.bounded(at.since(now)));
                        }
                        None => self.changed.wait(&mut state),
                    }
                }
            }
            woken.into_iter().for_each(|again| again(true));
            for next in due {
                match next {
                    Retry::Check(completion) => check(broker, completion),
                    Retry::Tell(next) => attempt(broker, next),
                }
            }
        }
    }

    /// Ends the thread. What is not complete is completed after the next start.
    pub(crate) fn stop(&self) {
        let mut state = self.state.lock();
        state.stopped = true;
        state.retries.clear();
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        self.changed.notify_one();
        waiting.into_values().flatten().for_each(|waiting| (waiting.again)(false));
    }

    fn retry(&self, broker: &Broker, retry: Retry) {
        let mut state = self.state.lock();
        if state.stopped {
            return;
        }
        state.number += 1;
        let at = (broker.clock().now().plus(MARKER_RETRY_PAUSE), state.number);
        state.retries.insert(at, retry);
        drop(state);
        self.changed.notify_one();
    }

    /// The completion of the id is over; the shard may have asked for it again meanwhile.
    fn over(&self, broker: &Arc<Broker>, id: &TransactionalId) {
        let again = self.state.lock().running.remove(id).flatten();
        if let Some(completion) = again {
            self.begin(broker, completion);
        }
    }

    fn wake(&self, id: &TransactionalId) {
        let woken = {
            let mut state = self.state.lock();
            let woken = state.waiting.remove(id).unwrap_or_default();
            state.waiting_count -= woken.len();
            for waiting in &woken {
                state.wake_at.remove(&(waiting.until, id.clone()));
            }
            woken
        };
        woken.into_iter().for_each(|waiting| (waiting.again)(true));
    }
}

impl State {
    fn next_moment(&self) -> Option<Instant> {
        let retry = self.retries.first_key_value().map(|((at, _), _)| *at);
        let waiting = self.wake_at.first().map(|(at, _)| *at);
        [retry, waiting].into_iter().flatten().min()
    }

    fn take_due(&mut self, now: Instant, due: &mut Vec<Retry>, woken: &mut Vec<Again>) {
        while let Some(entry) = self.retries.first_entry() {
            if entry.key().0 > now {
                break;
            }
            due.push(entry.remove());
        }
        while self.wake_at.first().is_some_and(|(at, _)| *at <= now) {
            let Some((_, id)) = self.wake_at.pop_first() else { break };
            let Some(waiting) = self.waiting.get_mut(&id) else { continue };
            let late = waiting.extract_if(.., |waiting| waiting.until <= now);
            let late: Vec<Again> = late.map(|waiting| waiting.again).collect();
            self.waiting_count -= late.len();
            if waiting.is_empty() {
                self.waiting.remove(&id);
            }
            woken.extend(late);
        }
    }
}

/// Begins with a completion that is noted as under way. From here on nobody else closes the transaction.
fn check(broker: &Arc<Broker>, completion: Completion) {
    let answering = Arc::clone(broker);
    let (id, asked) = (completion.id.clone(), completion.clone());
    broker.transactions().coordinator().decide(
        id.as_str(),
        move |shard, _, _| shard.is_prepared(&asked),
        move |result| {
            let completions = answering.transactions().completions();
            match result {
                Ok(true) => {
                    let left = completion.partitions.iter().cloned().collect();
                    attempt(&answering, Attempt { completion, left });
                }
                // It is closed, or whoever leads the partition next sees to it.
                Ok(false) | Err(Unavailable::NotCoordinator) => {
                    completions.over(&answering, &completion.id);
                }
                Err(
                    Unavailable::Loading
                    | Unavailable::NotCommitted
                    | Unavailable::TooLarge
                    | Unavailable::Producer(_),
                ) => completions.retry(&answering, Retry::Check(completion)),
            }
        },
    );
}

/// Writes the markers that are left, and closes the transaction when there is none.
fn attempt(broker: &Arc<Broker>, attempt: Attempt) {
    let Attempt { completion, left } = attempt;
    let marker = marker_of(broker, &completion);
    let answering = Arc::clone(broker);
    let (told, id) = (left.clone(), completion.id.clone());
    let gather = Gather::new(left.len(), move |results: Vec<Result<(), MarkerNotWritten>>| {
        let not_told = told.into_iter().zip(results).filter(|(key, result)| match result {
            Ok(()) => false,
            Err(error) => is_to_be_tried_again(&completion, key, error),
        });
        let left: Vec<PartitionKey> = not_told.map(|(key, _)| key).collect();
        if left.is_empty() {
            close(&answering, completion);
        } else {
            let completions = answering.transactions().completions();
            completions.retry(&answering, Retry::Tell(Attempt { completion, left }));
        }
    });
    let mut uncommitted = None;
    for (index, key) in left.iter().enumerate() {
        let part = gather.part(index);
        let told = move |result| part.give(result);
        let early = write_marker_before_close(broker, key, marker, &id, told);
        uncommitted = uncommitted.or(early);
    }
    if let Some(dir) = uncommitted {
        // What closes the transaction stands behind them, unless others are still on their way.
        broker.call_committer(&dir);
    }
}

fn is_to_be_tried_again(
    completion: &Completion,
    key: &PartitionKey,
    error: &MarkerNotWritten,
) -> bool {
    if error.is_fenced() {
        // A later life of the producer wrote there, which it could only after this transaction had been ended.
        let (id, topic, partition) = (&completion.id, &key.topic, key.partition);
        tracing::error!(%id, %topic, %partition, %error, "end of a transaction is refused");
    }
    !error.is_fenced() && !error.is_gone()
}

/// All partitions were told.
fn close(broker: &Arc<Broker>, completion: Completion) {
    let answering = Arc::clone(broker);
    let id = completion.id.clone();
    let done = completion.clone();
    broker.transactions().coordinator().decide(
        id.as_str(),
        move |shard, soft, now| shard.complete(soft, now, &done),
        move |result| {
            let completions = answering.transactions().completions();
            match result {
                Ok(()) => completions.over(&answering, &completion.id),
                // Whoever leads the partition next finds what is to be done.
                Err(Unavailable::NotCoordinator) => completions.over(&answering, &completion.id),
                Err(
                    Unavailable::Loading
                    | Unavailable::NotCommitted
                    | Unavailable::TooLarge
                    | Unavailable::Producer(_),
                ) => {
                    let attempt = Attempt { completion, left: Vec::new() };
                    completions.retry(&answering, Retry::Tell(attempt));
                }
            }
        },
    );
    // Its closing is in the log, so that what comes next may be decided, and is answered after it.
    broker.transactions().completions().wake(&id);
}

fn marker_of(broker: &Broker, completion: &Completion) -> Marker {
    let image = broker.image();
    let partition = broker.transactions().coordinator().partition_of(completion.id.as_str());
    let leader_epoch = partition.and_then(|partition| {
        let topic = image.topic(TRANSACTION_TOPIC)?;
        Some(topic.partitions.get(&partition)?.leader_epoch.to_wire())
    });
    Marker {
        producer: completion.producer.id,
        epoch: completion.producer.epoch,
        committed: completion.outcome == Outcome::Commit,
        coordinator_epoch: leader_epoch.and_then(CoordinatorEpoch::from_wire).unwrap_or_default(),
        epoch_rule: match completion.version.bumps_epoch() {
            true => MarkerEpochRule::Later,
            false => MarkerEpochRule::SameOrLater,
        },
    }
}
