use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use group::{MemberId, Ticket};
use metadata::Image;
use model::{Instant, LeaderEpoch, Offset};
use parking_lot::Mutex;
use share::{
    AcknowledgeError, AcknowledgementBatch, Acquire, Acquired, CoordinatorError, DeadLetter,
    Decision, Effect, Effects, OffsetRange, SharePartition, SharePartitionKey, ShareSettings,
    StateWrite, Write, WriteError,
};
use wire::ErrorCode;

use super::dead_letters::{self, Queue};
use super::metrics::{self, Spreads};
use super::{fetch, group_settings};
use crate::Broker;
use crate::coordinator::Unavailable;
use crate::partition::Partition;

/// How acknowledgements went.
pub(super) type Acknowledged = Result<(), AcknowledgeError>;

type Done = Box<dyn FnOnce(Acknowledged) + Send>;

/// One share-partition that this broker leads: the machine that decides, and who waits, behind one small lock. What a step
/// wants done is done after it, without the lock.
pub(crate) struct SharedPartition {
    key: SharePartitionKey,
    partition: Arc<Partition>,
    leader_epoch: LeaderEpoch,
    /// When somebody wanted it first.
    wanted_since: Instant,
    state: Mutex<State>,
    dead_letters: Queue,
    spreads: Spreads,
}

struct State {
    phase: Phase,
    /// Acknowledgements that wait to be written.
    answers: BTreeMap<Ticket, Done>,
    next_ticket: u64,
    /// Fetches that wait for records to be had.
    waiters: BTreeSet<u64>,
    /// Somebody reads records that it means to acquire; nobody else does meanwhile.
    is_fetching: bool,
    /// When that began, and when the one before ended.
    fetch_began: Instant,
    fetch_ended: Option<Instant>,
    /// Somebody else wanted to.
    is_missed: bool,
    /// When the worker means to look at deadlines.
    looks_at: Option<Instant>,
}

enum Phase {
    /// Its state is being read.
    Opening,
    Open(Box<SharePartition>),
    /// It cannot be read.
    Failed(ErrorCode),
    /// It is led elsewhere, or its state was set anew: whoever wants it finds it again.
    Gone,
}

/// Whether a fetch may read, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begin {
    Read(Offset),
    /// There is nothing to be had now; who waits is told when there is.
    NotNow,
    Failed(ErrorCode),
    Gone,
}

/// What the page of metrics says of it.
pub(super) struct Numbers {
    pub(super) record_count: u64,
    pub(super) batch_count: u64,
    pub(super) lock_timeout_count: u64,
}

/// What a step wants done.
enum Todo {
    Write(StateWrite),
    Answer(Done, Acknowledged),
    Letter(DeadLetter),
    Wake(BTreeSet<u64>),
    Forget,
    LookAt(Instant),
}

impl SharedPartition {
    pub(super) fn new(
        key: SharePartitionKey,
        partition: Arc<Partition>,
        leader_epoch: LeaderEpoch,
        now: Instant,
    ) -> Self {
        let state = State {
            phase: Phase::Opening,
            answers: BTreeMap::new(),
            next_ticket: 0,
            waiters: BTreeSet::new(),
            is_fetching: false,
            fetch_began: Instant::ZERO,
            fetch_ended: None,
            is_missed: false,
            looks_at: None,
        };
        Self {
            key,
            partition,
            leader_epoch,
            wanted_since: now,
            state: Mutex::new(state),
            dead_letters: Queue::default(),
            spreads: Spreads::default(),
        }
    }

    pub(crate) fn key(&self) -> &SharePartitionKey {
        &self.key
    }

    pub(super) fn partition(&self) -> &Arc<Partition> {
        &self.partition
    }

    pub(super) fn leader_epoch(&self) -> LeaderEpoch {
        self.leader_epoch
    }

    pub(super) fn wanted_since(&self) -> Instant {
        self.wanted_since
    }

    pub(super) fn dead_letters(&self) -> &Queue {
        &self.dead_letters
    }

    pub(super) fn spreads(&self) -> &Spreads {
        &self.spreads
    }

    /// Whether this broker leads it, in the term in which it was opened.
    pub(super) fn is_led_in(&self, broker: &Broker, image: &Image) -> bool {
        let topic = image.topic_by_id(self.key.topic);
        let metadata = topic.and_then(|topic| topic.partitions.get(&self.key.partition));
        metadata.is_some_and(|it| {
            it.leader == Some(broker.id()) && it.leader_epoch == self.leader_epoch
        })
    }

    /// Its state was read.
    pub(super) fn opened(
        self: &Arc<Self>,
        broker: &Arc<Broker>,
        opened: Result<(SharePartition, Effects), ErrorCode>,
    ) {
        let mut todo = Vec::new();
        {
            let state = &mut *self.state.lock();
            if !matches!(state.phase, Phase::Opening) {
                return;
            }
            match opened {
                Ok((machine, mut effects)) => {
                    state.phase = Phase::Open(Box::new(machine));
                    state.take_effects(&mut effects, &mut todo);
                }
                Err(error) => {
                    state.phase = Phase::Failed(error);
                    todo.push(Todo::Forget);
                }
            }
            todo.push(Todo::Wake(std::mem::take(&mut state.waiters)));
        }
        self.carry_out(broker, todo);
    }

    /// Nobody uses it any more.
    pub(super) fn end(self: &Arc<Self>, broker: &Arc<Broker>) {
        let mut todo = Vec::new();
        {
            let state = &mut *self.state.lock();
            if !matches!(state.phase, Phase::Failed(_)) {
                state.phase = Phase::Gone;
            }
            let answers = std::mem::take(&mut state.answers);
            let refused = Err(AcknowledgeError::NotLeader);
            todo.extend(answers.into_values().map(|done| Todo::Answer(done, refused)));
            todo.push(Todo::Wake(std::mem::take(&mut state.waiters)));
        }
        self.carry_out(broker, todo);
    }

    /// Takes a member's decisions; `done` is called when they are written, or refused.
    pub(crate) fn acknowledge(
        self: &Arc<Self>,
        broker: &Arc<Broker>,
        settings: ShareSettings,
        (member, batches): (&MemberId, &[AcknowledgementBatch]),
        done: impl FnOnce(Acknowledged) + Send + 'static,
    ) {
        let now = broker.now().instant;
        let counters = broker.shares().metrics().group(&self.key.group);
        let counts = metrics::counts(batches);
        let mut done: Option<Done> = Some(Box::new(move |result| {
            if result.is_ok() {
                counters.acknowledged(&counts);
            }
            done(result);
        }));
        self.step(broker, |machine, answers, out| {
            let (next, waiting) = answers;
            let ticket = Ticket(*next);
            *next += 1;
            waiting.extend(done.take().map(|done| (ticket, done)));
            machine.set_settings(settings);
            machine.acknowledge(now, ticket, member, batches, out);
        });
        // It is not open any more, or not yet: then the member holds nothing of it.
        if let Some(done) = done {
            done(Err(AcknowledgeError::NotLeader));
        }
    }

    pub(super) fn release_member(self: &Arc<Self>, broker: &Arc<Broker>, member: &MemberId) {
        self.step(broker, |machine, _, out| machine.release_member(member, out));
    }

    pub(super) fn log_start_moved(self: &Arc<Self>, broker: &Arc<Broker>, log_start: Offset) {
        self.step(broker, |machine, _, out| machine.log_start_moved(log_start, out));
    }

    /// These have left the queue.
    pub(super) fn dead_letters_done(
        self: &Arc<Self>,
        broker: &Arc<Broker>,
        ranges: &[OffsetRange],
    ) {
        self.step(broker, |machine, _, out| machine.dead_letters_done(ranges, out));
    }

    /// A fetch wants to read. With [`Begin::Read`] nobody else does until [`Self::end_fetch`]. It is told when there is more to
    /// be had, until it leaves.
    pub(super) fn begin_fetch(&self, now: Instant, waiter: u64, settings: ShareSettings) -> Begin {
        let state = &mut *self.state.lock();
        let begin = match &mut state.phase {
            Phase::Opening => Begin::NotNow,
            Phase::Failed(error) => Begin::Failed(*error),
            Phase::Gone => Begin::Gone,
            Phase::Open(machine) => {
                if *machine.settings() != settings {
                    machine.set_settings(settings);
                }
                if !machine.can_acquire() {
                    Begin::NotNow
                } else if state.is_fetching {
                    state.is_missed = true;
                    Begin::NotNow
                } else {
                    state.is_fetching = true;
                    state.fetch_began = now;
                    Begin::Read(machine.next_fetch_offset())
                }
            }
        };
        if matches!(begin, Begin::NotNow | Begin::Read(_)) {
            state.waiters.insert(waiter);
        }
        begin
    }

    /// The fetch has read, and acquired what it means to.
    pub(super) fn end_fetch(self: &Arc<Self>, broker: &Arc<Broker>, waiter: u64) {
        let now = broker.now().instant;
        let missed = {
            let state = &mut *self.state.lock();
            state.is_fetching = false;
            let began = state.fetch_began;
            let idle_since = state.fetch_ended.replace(now).unwrap_or(began);
            self.spreads.let_go(now.since(began), began.since(idle_since));
            let missed = std::mem::take(&mut state.is_missed);
            let mut others =
                if missed { std::mem::take(&mut state.waiters) } else { BTreeSet::new() };
            // For this one nothing is new.
            if others.remove(&waiter) {
                state.waiters.insert(waiter);
            }
            others
        };
        broker.shares().wake_all(broker, missed);
    }

    /// Why its state could not be read. Whoever waited for it hears that; it is opened anew for who comes next.
    pub(super) fn failure(&self) -> Option<ErrorCode> {
        match self.state.lock().phase {
            Phase::Failed(error) => Some(error),
            Phase::Opening | Phase::Open(_) | Phase::Gone => None,
        }
    }

    pub(super) fn leave(&self, waiter: u64) {
        self.state.lock().waiters.remove(&waiter);
    }

    /// Hands what was read to a member. `None` when it is gone.
    pub(super) fn acquire(
        self: &Arc<Self>,
        broker: &Arc<Broker>,
        request: &Acquire<'_>,
    ) -> Option<Acquired> {
        let now = broker.now().instant;
        let acquired = self.step(broker, |machine, _, out| machine.acquire(now, request, out))?;
        self.spreads.acquired(&acquired.records);
        Some(acquired)
    }

    /// `None` when it is not open.
    pub(super) fn numbers(&self) -> Option<Numbers> {
        let state = self.state.lock();
        let Phase::Open(machine) = &state.phase else { return None };
        Some(Numbers {
            record_count: machine.in_flight_count(),
            batch_count: machine.in_flight_batch_count() as u64,
            lock_timeout_count: machine.lock_timeout_count(),
        })
    }

    fn step<R>(
        self: &Arc<Self>,
        broker: &Arc<Broker>,
        run: impl FnOnce(
            &mut SharePartition,
            (&mut u64, &mut BTreeMap<Ticket, Done>),
            &mut Effects,
        ) -> R,
    ) -> Option<R> {
        let mut todo = Vec::new();
        let result = {
            let state = &mut *self.state.lock();
            let Phase::Open(machine) = &mut state.phase else { return None };
            let mut effects = Effects::default();
            let result = run(machine, (&mut state.next_ticket, &mut state.answers), &mut effects);
            state.take_effects(&mut effects, &mut todo);
            result
        };
        self.carry_out(broker, todo);
        Some(result)
    }

    fn carry_out(self: &Arc<Self>, broker: &Arc<Broker>, todo: Vec<Todo>) {
        for what in todo {
            match what {
                Todo::Write(write) => self.write(broker, write),
                Todo::Answer(done, result) => done(result),
                Todo::Letter(letter) => dead_letters::send(broker, self, letter),
                Todo::Wake(waiters) => broker.shares().wake_all(broker, waiters),
                Todo::Forget => broker.shares().forget(broker, self),
                Todo::LookAt(at) => {
                    let shared = Arc::clone(self);
                    broker.shares().worker.later(at, move |broker| shared.time_passed(broker));
                }
            }
        }
    }

    fn time_passed(self: &Arc<Self>, broker: &Arc<Broker>) {
        self.state.lock().looks_at = None;
        let now = broker.now().instant;
        let settings = fetch::share_settings(broker, &group_settings(broker, &self.key.group));
        self.step(broker, |machine, _, out| {
            machine.set_settings(settings);
            machine.time_passed(now, out);
        });
    }

    /// Asks the share coordinator to write.
    fn write(self: &Arc<Self>, broker: &Arc<Broker>, write: StateWrite) {
        let id = write.id;
        let request = Write {
            key: self.key.clone(),
            state_epoch: write.state_epoch,
            leader_epoch: write.leader_epoch,
            start_offset: Some(write.start_offset),
            delivery_complete_count: Some(write.delivery_complete_count),
            batches: write.batches,
        };
        let (shared, answering) = (Arc::clone(self), Arc::clone(broker));
        let began = broker.now().instant;
        broker.shares().coordinator.decide(
            &self.key.to_string(),
            move |shard, soft, now| match shard.write(soft, now, &request) {
                Ok(decision) => decision.map(Ok),
                Err(error) => Decision::refused(Err(error)),
            },
            move |result| {
                let result = written(result);
                let now = answering.now().instant;
                if result.is_ok() {
                    answering.shares().metrics().wrote(now.since(began));
                }
                shared.step(&answering, |machine, _, out| {
                    machine.write_done(now, id, result, out);
                });
            },
        );
    }
}

impl State {
    fn take_effects(&mut self, effects: &mut Effects, todo: &mut Vec<Todo>) {
        for effect in effects.drain() {
            match effect {
                Effect::Write(write) => todo.push(Todo::Write(write)),
                Effect::Answer { ticket, result } => {
                    let done = self.answers.remove(&ticket);
                    todo.extend(done.map(|done| Todo::Answer(done, result)));
                }
                Effect::Fetchable => {
                    todo.push(Todo::Wake(std::mem::take(&mut self.waiters)));
                }
                Effect::DeadLetter(letter) => todo.push(Todo::Letter(letter)),
                Effect::Fenced => todo.push(Todo::Forget),
            }
        }
        let Phase::Open(machine) = &self.phase else { return };
        let Some(at) = machine.next_timeout() else { return };
        // An earlier look asks anew.
        if self.looks_at.is_none_or(|looks_at| at < looks_at) {
            self.looks_at = Some(at);
            todo.push(Todo::LookAt(at));
        }
    }
}

fn written(result: Result<Result<(), CoordinatorError>, Unavailable>) -> Result<(), WriteError> {
    match result {
        Ok(Ok(())) => Ok(()),
        // Without a state there is nothing left to lead either.
        Ok(Err(
            CoordinatorError::FencedStateEpoch
            | CoordinatorError::FencedLeaderEpoch
            | CoordinatorError::WriteUninitialized
            | CoordinatorError::ReadUninitialized,
        )) => Err(WriteError::Fenced),
        Ok(Err(
            CoordinatorError::TooManyBatches
            | CoordinatorError::TooManySharePartitions
            | CoordinatorError::RecordTooLarge,
        )) => Err(WriteError::Failed),
        Err(Unavailable::NotCoordinator | Unavailable::Loading) => {
            Err(WriteError::CoordinatorNotAvailable)
        }
        Err(Unavailable::NotCommitted | Unavailable::TooLarge | Unavailable::Producer(_)) => {
            Err(WriteError::Failed)
        }
    }
}
