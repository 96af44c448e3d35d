use std::collections::BTreeMap;
use std::time::Duration;

use group::{Decision, Event, GroupShard, Now, Reply, Soft, Ticket};
use model::{Instant, Offset};

use super::record_batches::{RecordBatches, WriteFailed};
use super::{CoordinatorLog, Settings, Unavailable};

/// What is to be done with a reply, once it is known whether it may leave.
pub(super) type Done = Box<dyn FnOnce(Result<(), Unavailable>) + Send>;

type Parked = Box<dyn FnOnce(Result<Reply, Unavailable>) + Send>;

/// A shard that is loaded.
pub(super) struct Active {
    pub(super) hard: GroupShard,
    pub(super) soft: Soft,
    /// Requests that the machine has parked.
    parked: BTreeMap<Ticket, Parked>,
    /// Replies by the offset that must be committed, and their place in time.
    waiting: BTreeMap<(Offset, u64), Waiting>,
    /// None of `waiting` has an earlier deadline.
    late_from: Option<Instant>,
    next_number: u64,
    batches: RecordBatches,
    commit_timeout: Duration,
}

struct Waiting {
    deadline: Instant,
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

impl Active {
    pub(super) fn new(hard: GroupShard, soft: Soft, settings: &Settings) -> Self {
        Self {
            hard,
            soft,
            parked: BTreeMap::new(),
            waiting: BTreeMap::new(),
            late_from: None,
            next_number: 0,
            batches: RecordBatches::in_codec(settings.codec),
            commit_timeout: settings.commit_timeout,
        }
    }

    pub(super) fn set_commit_timeout(&mut self, timeout: Duration) {
        self.commit_timeout = timeout;
    }

    /// Parks a request under a new ticket.
    pub(super) fn park(&mut self, parked: Parked) -> Ticket {
        let ticket = Ticket(self.number());
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
        now: Now,
        decision: Decision<R>,
        done: impl FnOnce(Result<R, Unavailable>) + Send + 'static,
    ) -> Result<(), WriteFailed> {
        let Decision { records, reply, answers, events, seen } = decision;
        let written = self.batches.append(log, now.wall, &records, &mut self.hard);
        let end = written.as_ref().ok().copied().flatten();
        let needed = end.max(seen.and_then(|seen| seen.plus(1))).unwrap_or(Offset::ZERO);
        let deadline = now.instant.plus(self.commit_timeout);
        self.wait(needed, deadline, Box::new(move |outcome| done(outcome.map(|()| reply))));
        for answer in answers {
            if let Some(parked) = self.parked.remove(&answer.ticket) {
                let done =
                    move |outcome: Result<(), Unavailable>| parked(outcome.map(|()| answer.reply));
                self.wait(needed, deadline, Box::new(done));
            }
        }
        events.iter().for_each(say);
        written.map(|_| ())
    }

    fn wait(&mut self, needed: Offset, deadline: Instant, done: Done) {
        let number = self.number();
        self.late_from = Some(self.late_from.map_or(deadline, |late| late.min(deadline)));
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
        for (_, waiting) in self.waiting.extract_if(.., |_, waiting| waiting.deadline <= now) {
            finished.push(waiting.done, Err(Unavailable::NotCommitted));
        }
        self.late_from = self.waiting.values().map(|waiting| waiting.deadline).min();
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
        [self.late_from, self.soft.next_timeout()].into_iter().flatten().min()
    }
}

/// What operators know from Kafka's own log.
fn say(event: &Event) {
    match event {
        Event::Rebalancing { group, generation, why, client_reason } => {
            tracing::info!(%group, %generation, ?why, ?client_reason, "prepare to rebalance group");
        }
        Event::Joined { group, generation, member_count } => {
            tracing::info!(%group, %generation, member_count, "members joined group");
        }
        Event::Assigned { group, generation, member_count } => {
            tracing::info!(%group, %generation, member_count, "stabilized group");
        }
        Event::Emptied { group, generation } => {
            tracing::info!(%group, %generation, "group is now empty");
        }
        Event::MemberRemoved { group, member, why } => {
            tracing::info!(%group, %member, ?why, "member removed from group");
        }
        Event::OffsetsExpired { group_count, offset_count } => {
            tracing::info!(group_count, offset_count, "removed expired groups and offsets");
        }
    }
}
