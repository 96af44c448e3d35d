use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use model::{Instant, Offset, PartitionIndex, Timestamp};

use super::in_transaction::InTransaction;
use super::machine::{Decided, Machine};
use super::members_memory::MembersTaken;
use super::record_batches::{RecordBatches, WriteFailed, Written};
use super::{CoordinatorLog, OnEffect, Settings, Unavailable, Urgency};

/// What is to be done with a reply, once it is known whether it may leave.
pub(super) type Done = Box<dyn FnOnce(Result<(), Unavailable>) + Send>;

type Parked<M> = Box<dyn FnOnce(Result<<M as Machine>::Reply, Unavailable>) + Send>;

/// A shard that is loaded.
pub(super) struct Active<M: Machine> {
    pub(super) hard: M,
    pub(super) soft: M::Soft,
    /// Requests that the machine has parked.
    parked: BTreeMap<M::Ticket, Parked<M>>,
    /// Replies by the offset that must be committed, and their place in time.
    waiting: BTreeMap<(Offset, u64), Waiting>,
    /// None of `waiting` has an earlier deadline.
    late_from: Option<Instant>,
    next_number: u64,
    batches: RecordBatches,
    pub(super) commit_timeout: Duration,
    partition: PartitionIndex,
    members: MembersTaken,
    on_effect: OnEffect<M>,
}

/// The two clocks, read once for a step.
#[derive(Clone, Copy)]
pub(super) struct Clocks {
    pub(super) instant: Instant,
    pub(super) wall: Timestamp,
}

impl Clocks {
    pub(super) fn machine<M: Machine>(self) -> M::Now {
        M::now(self.instant, self.wall)
    }
}

/// How a decision is carried out.
#[derive(Clone, Copy, Default)]
pub(super) struct How {
    /// Its records are part of this transaction.
    pub(super) within: Option<InTransaction>,
    /// The reply does not wait for them: the caller writes behind them, and has both committed.
    pub(super) before_next: bool,
}

struct Waiting {
    /// `None`: it waits as long as it takes.
    deadline: Option<Instant>,
    done: Done,
}

/// Replies that may leave, in order. Run outside of all locks.
#[derive(Default)]
pub(super) struct Finished(Vec<(Done, Result<(), Unavailable>)>);

impl Finished {
    pub(super) fn push(&mut self, done: Done, result: Result<(), Unavailable>) {
        self.0.push((done, result));
    }

    pub(super) fn run(self) {
        for (done, result) in self.0 {
            done(result);
        }
    }
}

impl<M: Machine> Active<M> {
    pub(super) fn new(
        hard: M,
        soft: M::Soft,
        settings: &Settings<M::Settings>,
        partition: PartitionIndex,
        members: MembersTaken,
        on_effect: OnEffect<M>,
    ) -> Self {
        Self {
            hard,
            soft,
            parked: BTreeMap::new(),
            waiting: BTreeMap::new(),
            late_from: None,
            next_number: 0,
            batches: RecordBatches::in_codec(settings.codec),
            commit_timeout: settings.commit_timeout,
            partition,
            members,
            on_effect,
        }
    }

    pub(super) fn set_commit_timeout(&mut self, timeout: Duration) {
        self.commit_timeout = timeout;
    }

    /// Before a step.
    pub(super) fn say_bounds(&mut self, log: &dyn CoordinatorLog) {
        self.batches.set_batch_size_max(log.batch_size_max());
        M::set_record_size_max(&mut self.soft, self.batches.record_size_max());
        M::set_members_room(&mut self.soft, self.members.room());
    }

    /// After a step.
    pub(super) fn count_members(&mut self) {
        self.members.set(self.hard.members_size(&self.soft));
    }

    /// Parks a request under a new ticket.
    pub(super) fn park(&mut self, parked: Parked<M>) -> M::Ticket {
        let ticket = M::ticket(self.number());
        self.parked.insert(ticket, parked);
        ticket
    }

    fn number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number
    }

    /// Writes a decision's records and lets its replies wait for them. After a failure this state is worth nothing.
    pub(super) fn carry_out<R: Send + 'static>(
        &mut self,
        log: &dyn CoordinatorLog,
        now: Clocks,
        decision: M::Decision<R>,
        done: impl FnOnce(Result<R, Unavailable>) + Send + 'static,
    ) -> Result<(), WriteFailed> {
        self.carry_out_as(log, now, decision, How::default(), done)
    }

    /// The same in another way. If the producer in whose transaction the records are may not write, only the reply is refused.
    pub(super) fn carry_out_as<R: Send + 'static>(
        &mut self,
        log: &dyn CoordinatorLog,
        now: Clocks,
        decision: M::Decision<R>,
        how: How,
        done: impl FnOnce(Result<R, Unavailable>) + Send + 'static,
    ) -> Result<(), WriteFailed> {
        let Decided { records, reply, answers, effects, events, seen } = M::take_apart(decision);
        let urgency = if how.before_next { Urgency::WithNext } else { Urgency::Now };
        let written = Written { within: how.within, urgency };
        let written = self.batches.append(log, now.wall, &records, &mut self.hard, written);
        let end = written.as_ref().ok().copied().flatten();
        let needed = end.max(seen.and_then(|seen| seen.plus(1))).unwrap_or(Offset::ZERO);
        let deadline = Some(now.instant.plus(self.commit_timeout));
        if let Err(why) = &written
            && let Some(why) = why.refused_producer()
        {
            self.wait(Offset::ZERO, deadline, Box::new(move |_| done(Err(why))));
            return Ok(());
        }
        // What comes next in the write-ahead log is not durable, nor seen by anybody, without what this rests on.
        let reply_needs = if how.before_next && written.is_ok() { Offset::ZERO } else { needed };
        self.wait(reply_needs, deadline, Box::new(move |outcome| done(outcome.map(|()| reply))));
        for (ticket, reply) in answers {
            if let Some(parked) = self.parked.remove(&ticket) {
                let done = move |outcome: Result<(), Unavailable>| parked(outcome.map(|()| reply));
                self.wait(needed, deadline, Box::new(done));
            }
        }
        for effect in effects {
            let (partition, on_effect) = (self.partition, Arc::clone(&self.on_effect));
            let done = move |outcome: Result<(), Unavailable>| {
                if outcome.is_ok() {
                    on_effect(partition, effect);
                }
            };
            // However late the records are committed, what they stand for is to be done then.
            self.wait(needed, None, Box::new(done));
        }
        events.iter().for_each(M::say);
        written.map(|_| ())
    }

    pub(super) fn wait(&mut self, needed: Offset, deadline: Option<Instant>, done: Done) {
        let number = self.number();
        self.late_from = [self.late_from, deadline].into_iter().flatten().min();
        self.waiting.insert((needed, number), Waiting { deadline, done });
    }

    /// Takes out the replies that rest on nothing above `high_watermark`.
    pub(super) fn take_committed(&mut self, high_watermark: Offset, finished: &mut Finished) {
        while let Some(entry) = self.waiting.first_entry() {
            if entry.key().0 > high_watermark {
                break;
            }
            finished.push(entry.remove().done, Ok(()));
        }
        if self.waiting.is_empty() {
            self.late_from = None;
        }
    }

    /// Takes out the replies that have waited too long.
    pub(super) fn take_late(&mut self, now: Instant, finished: &mut Finished) {
        if self.late_from.is_none_or(|late| late > now) {
            return;
        }
        let late = |waiting: &Waiting| waiting.deadline.is_some_and(|deadline| deadline <= now);
        for (_, waiting) in self.waiting.extract_if(.., |_, waiting| late(waiting)) {
            finished.push(waiting.done, Err(Unavailable::NotCommitted));
        }
        self.late_from = self.waiting.values().filter_map(|waiting| waiting.deadline).min();
    }

    /// Ends everything that waits or is parked.
    pub(super) fn end(self, why: Unavailable, finished: &mut Finished) {
        for (_, waiting) in self.waiting {
            finished.push(waiting.done, Err(why));
        }
        for (_, parked) in self.parked {
            let done =
                move |outcome: Result<(), Unavailable>| parked(Err(outcome.err().unwrap_or(why)));
            finished.push(Box::new(done), Err(why));
        }
    }

    /// When something here is due.
    pub(super) fn next_deadline(&self) -> Option<Instant> {
        [self.late_from, self.hard.next_timeout(&self.soft)].into_iter().flatten().min()
    }
}
