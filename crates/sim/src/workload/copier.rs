//! A client that copies records, in transactions, and commits in them how far it has come.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use model::{Instant, Offset, SeededRandom, Sequence, Timestamp};
use record::{BatchBuilder, BatchStamp, Compressor, ProducerStamp};
use txn::{Outcome, Producer, TransactionalId};

use super::Key;
use super::broker::{Reply, Request};
use super::checker::{AttemptId, Checker, Copied};
use super::key::OUTPUT_COUNT;
use super::member::{Member, Named};
use super::reader::Page;
use crate::failure::Broken;

/// How long a request waits before it is sent again.
pub(super) const PATIENCE: Duration = Duration::from_millis(300);
/// Records of one transaction from one partition.
const TAKEN_MAX: usize = 6;

/// What a run counts of its clients.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Did {
    pub(super) committed: u64,
    pub(super) aborted: u64,
    /// Lives that another life, or the broker, put an end to.
    pub(super) fenced: u64,
    pub(super) killed: u64,
    /// Transactions that had to be aborted since the group had given the partitions to others.
    pub(super) stale: u64,
    /// Times that it stood still for longer than the group waits.
    pub(super) slept: u64,
}

#[derive(Debug)]
enum Step {
    Init,
    FetchOffsets,
    Read,
    Add,
    Produce,
    CommitOffsets,
    End,
}

#[derive(Debug)]
pub(super) struct Copier {
    id: TransactionalId,
    keys: Vec<Key>,
    /// Of the group, which says what it copies; `None` of one that copies always the same.
    pub(super) member: Option<Member>,
    /// As whom it has fetched the offsets that it copies from.
    begun: Option<Named>,
    random: SeededRandom,
    pub(super) did: Did,
    /// Of the request that is under way; counts over all lives.
    number: u64,
    sent_at: Option<Instant>,
    step: Step,
    producer: Option<Producer>,
    offsets: BTreeMap<Key, Offset>,
    /// Partitions that are still to be read.
    unread: VecDeque<Key>,
    taken: Vec<Taken>,
    attempt: AttemptId,
    outcome: Outcome,
    batches: VecDeque<(Key, Arc<[u8]>)>,
    /// For how long it is going to sleep once a transaction is under way.
    drowsy: Option<Duration>,
    asleep_until: Instant,
}

/// A record to be copied.
#[derive(Clone, Copy, Debug)]
struct Taken {
    key: Key,
    offset: Offset,
    id: u64,
}

impl Copier {
    pub(super) fn new(id: TransactionalId, keys: Vec<Key>, random: SeededRandom) -> Self {
        Self {
            id,
            keys,
            member: None,
            begun: None,
            random,
            did: Did::default(),
            number: 0,
            sent_at: None,
            step: Step::Init,
            producer: None,
            offsets: BTreeMap::new(),
            unread: VecDeque::new(),
            taken: Vec::new(),
            attempt: 0,
            outcome: Outcome::Commit,
            batches: VecDeque::new(),
            drowsy: None,
            asleep_until: Instant::ZERO,
        }
    }

    /// One that copies what the group gives it.
    pub(super) fn of_group(id: TransactionalId, member: Member, random: SeededRandom) -> Self {
        Self { member: Some(member), ..Self::new(id, Vec::new(), random) }
    }

    /// The process dies. What it has sent goes on without it.
    pub(super) fn kill(&mut self, checker: &mut Checker) {
        if self.is_between() && self.random.one_in(2) {
            // It ends in good order, as far as the group is concerned.
            self.member.iter_mut().for_each(Member::part);
        } else {
            self.member.iter_mut().for_each(|member| member.begin_life(checker));
        }
        self.did.killed += 1;
        self.begin_life();
    }

    /// No transaction is under way.
    fn is_between(&self) -> bool {
        matches!(self.step, Step::FetchOffsets | Step::Read)
    }

    /// It has nothing to copy.
    pub(super) fn is_idle(&self) -> bool {
        self.is_between() && self.taken.is_empty()
    }

    /// A process that is stopped for a while, as a pause for garbage does it: after it has read and before it has committed, so
    /// that it goes on with what may be another's.
    pub(super) fn get_drowsy(&mut self, duration: Duration) {
        self.drowsy = self.member.is_some().then_some(duration);
    }

    /// Whether it sleeps, which it may begin now. Nobody hears of it meanwhile, its heartbeats neither.
    pub(super) fn sleeps(&mut self, now: Instant) -> bool {
        let may_begin = self.sent_at.is_none()
            && matches!(self.step, Step::Add | Step::Produce | Step::CommitOffsets);
        if may_begin && self.drowsy.is_some() && self.random.one_in(3) {
            let duration = self.drowsy.take().unwrap_or_default();
            self.asleep_until = now.plus(duration);
            self.did.slept += 1;
        }
        now < self.asleep_until
    }

    fn begin_life(&mut self) {
        self.drowsy = None;
        self.asleep_until = Instant::ZERO;
        self.taken.clear();
        self.producer = None;
        self.go_to(Step::Init);
    }

    fn go_to(&mut self, step: Step) {
        self.step = step;
        self.number += 1;
        self.sent_at = None;
    }

    /// As a member, between transactions: takes over what the group gives it now. Whether there is something to copy.
    fn joins_in(&mut self) -> bool {
        let (Step::FetchOffsets, Some(member)) = (&self.step, &mut self.member) else {
            return true;
        };
        self.keys = member.take_over();
        self.begun = member.named();
        // Answers about what it had before do not count.
        self.go_to(Step::FetchOffsets);
        !self.keys.is_empty()
    }

    /// The request to be sent now, for the first time or again.
    pub(super) fn next_request(
        &mut self,
        now: Instant,
        checker: &mut Checker,
    ) -> Option<(u64, Request)> {
        if self.sent_at.is_some_and(|at| now.since(at) <= PATIENCE) {
            return None;
        }
        if !self.joins_in() {
            return None;
        }
        self.sent_at = Some(now);
        let id = self.id.clone();
        let request = match (&self.step, self.producer) {
            (Step::Init, _) | (_, None) => Request::Init { id },
            (Step::FetchOffsets, _) => {
                let (keys, named) = (self.keys.clone(), self.begun.clone());
                Request::FetchOffsets { keys, stable: true, named }
            }
            (Step::Read, _) => {
                let key = *self.unread.front()?;
                let from = self.offsets.get(&key).copied().unwrap_or(Offset::ZERO);
                Request::Read { key, from }
            }
            (Step::Add, Some(producer)) => {
                let keys = self.batches.iter().map(|(key, _)| *key).chain([Key::Offsets]);
                Request::Add { id, producer, keys: keys.collect() }
            }
            (Step::Produce, Some(producer)) => {
                let (key, batch) = self.batches.front()?.clone();
                Request::Produce { id, producer, key, batch }
            }
            (Step::CommitOffsets, Some(producer)) => {
                let offsets = self.offsets.iter().map(|(key, offset)| (*key, *offset)).collect();
                let named = self.begun.as_ref().zip(self.member.as_mut());
                let named = named.map(|(begun, member)| member.named_since(begun));
                Request::CommitOffsets { id, producer, offsets, named }
            }
            (Step::End, Some(producer)) => {
                if self.outcome == Outcome::Commit {
                    checker.commit_asked(self.attempt);
                }
                Request::End { id, producer, outcome: self.outcome }
            }
        };
        Some((self.number, request))
    }

    /// The answer to a request; one that is not waited for any more is passed over. `next_attempt` counts the attempts of all.
    pub(super) fn answered(
        &mut self,
        number: u64,
        reply: Reply,
        wall: Timestamp,
        next_attempt: &mut AttemptId,
        checker: &mut Checker,
    ) -> Result<(), Broken> {
        if number != self.number {
            return Ok(());
        }
        match (&self.step, reply) {
            // When its patience is at its end.
            (_, Reply::Later) => {}
            (_, Reply::Fenced) => {
                self.did.fenced += 1;
                self.begin_life();
            }
            (Step::FetchOffsets, Reply::StaleMember) => self.go_to(Step::FetchOffsets),
            // What it was to copy is somebody else's.
            (Step::CommitOffsets, Reply::StaleMember) if self.member.is_some() => {
                self.did.stale += 1;
                self.outcome = Outcome::Abort;
                self.go_to(Step::End);
            }
            (Step::Init, Reply::Producer(producer)) => {
                self.producer = Some(producer);
                self.go_to(Step::FetchOffsets);
            }
            (Step::FetchOffsets, Reply::Offsets(offsets)) => {
                self.offsets = offsets.into_iter().collect();
                self.taken.clear();
                self.unread = self.keys.iter().copied().collect();
                self.go_to(Step::Read);
            }
            (Step::Read, Reply::Page(page)) => {
                self.take(page);
                if !self.unread.is_empty() {
                    self.go_to(Step::Read);
                } else if self.taken.is_empty() {
                    self.go_to(Step::FetchOffsets);
                } else {
                    *next_attempt += 1;
                    self.begin(*next_attempt, wall, checker)?;
                }
            }
            (Step::Add, Reply::Done) => self.go_to(Step::Produce),
            (Step::Produce, Reply::Done) => {
                self.batches.pop_front();
                let all = self.batches.is_empty();
                self.go_to(if all { Step::CommitOffsets } else { Step::Produce });
            }
            (Step::CommitOffsets, Reply::Done) => self.go_to(Step::End),
            (Step::End, Reply::Producer(producer)) => {
                match self.outcome {
                    Outcome::Commit => {
                        checker.committed(self.attempt);
                        self.did.committed += 1;
                    }
                    Outcome::Abort => self.did.aborted += 1,
                }
                self.producer = Some(producer);
                self.go_to(Step::FetchOffsets);
            }
            (step, reply) => {
                let text = format!("at {step:?} the answer is {reply:?}");
                return Err(Broken::crash(text));
            }
        }
        Ok(())
    }

    fn take(&mut self, page: Page) {
        let Some(key) = self.unread.pop_front() else { return };
        let mut next = page.next;
        for (index, given) in page.given.iter().enumerate() {
            if index == TAKEN_MAX {
                next = given.offset;
                break;
            }
            let id = given.value.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
            self.taken.push(Taken { key, offset: given.offset, id });
        }
        self.offsets.insert(key, next);
    }

    /// Makes the batches of a new transaction.
    fn begin(
        &mut self,
        attempt: AttemptId,
        wall: Timestamp,
        checker: &mut Checker,
    ) -> Result<(), Broken> {
        self.attempt = attempt;
        self.outcome = if self.random.one_in(5) { Outcome::Abort } else { Outcome::Commit };
        self.batches.clear();
        checker.begun(attempt, self.taken.iter().map(|taken| taken.id).collect::<BTreeSet<_>>());
        let Some(producer) = self.producer else { return Ok(()) };
        for output in 0..OUTPUT_COUNT {
            let mut builder = BatchBuilder::new();
            let to_here = |taken: &&Taken| taken.id % u64::from(OUTPUT_COUNT) == u64::from(output);
            for taken in self.taken.iter().filter(to_here) {
                let copied =
                    Copied { attempt, source: place(taken.key, taken.offset), id: taken.id };
                let mut value = copied.encode();
                let padding = usize::try_from(self.random.below(300)).unwrap_or(0);
                value.resize(value.len() + padding, 0);
                // Each copy has a key of its own, so that compaction hides none.
                let key = [attempt.to_be_bytes(), taken.id.to_be_bytes()].concat();
                let added = builder.append(Some(wall), Some(&key), Some(&value), &[]);
                added.map_err(Broken::crash)?;
            }
            if builder.is_empty() {
                continue;
            }
            let producer = ProducerStamp {
                id: producer.id,
                epoch: producer.epoch,
                base_sequence: Some(Sequence::ZERO),
            };
            let stamp = BatchStamp {
                producer: Some(producer),
                transactional: true,
                ..BatchStamp::default()
            };
            let batch = builder.finish(&stamp, &mut Compressor::new()).map_err(Broken::crash)?;
            self.batches.push_back((Key::Output(output), batch.into()));
        }
        self.go_to(Step::Add);
        Ok(())
    }
}

/// As the checker names records of the input.
pub(super) fn place(key: Key, offset: Offset) -> (u32, i64) {
    let partition = match key {
        Key::Input(index) | Key::Output(index) => u32::from(index),
        Key::Transactions | Key::Offsets | Key::Shares => u32::MAX,
    };
    (partition, offset.to_wire())
}
