//! A member of the share group that reads what the copiers wrote.

use std::collections::BTreeMap;

use model::{Instant, Offset, SeededRandom};
use share::{AcknowledgeType, AcquireMode, NextEpoch, SessionEpoch};

use super::Key;
use super::broker::{Reply, Request};
use super::checker::{Checker, Copied, Delivery, MemberNumber};
use super::copier::{PATIENCE, place};
use super::shares::{InSession, RULES, ShareAcknowledge, ShareFetch, Shared};
use crate::failure::Broken;

/// What a run counts of the members.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct DidShare {
    pub(super) delivered: u64,
    /// Not for the first time.
    pub(super) again: u64,
    pub(super) accepted: u64,
    pub(super) released: u64,
    /// Records of which nothing was said, so that their locks had to end.
    pub(super) left: u64,
    /// Acknowledgements that came too late.
    pub(super) refused: u64,
    /// Share sessions that were not what the member thought.
    pub(super) sessions: u64,
}

#[derive(Debug)]
enum Step {
    Fetch(ShareFetch),
    Acknowledge(ShareAcknowledge),
}

impl Step {
    const fn session(&self) -> InSession {
        match self {
            Self::Fetch(fetch) => fetch.session,
            Self::Acknowledge(acknowledge) => acknowledge.session,
        }
    }
}

#[derive(Debug)]
pub(super) struct Sharer {
    member: MemberNumber,
    random: SeededRandom,
    pub(super) did: DidShare,
    /// Of the request that is under way.
    number: u64,
    /// For the first time, and in which life of the broker.
    asked_at: Option<(Instant, u64)>,
    sent_at: Option<Instant>,
    /// It is at work on what it was given.
    works_until: Instant,
    step: Step,
}

impl Sharer {
    pub(super) fn new(member: MemberNumber, mut random: SeededRandom) -> Self {
        let connection = u64::from(member) << 32;
        let session = InSession { member, connection, epoch: SessionEpoch::Initial };
        let step = Step::Fetch(some_fetch(session, &mut random));
        let did = DidShare::default();
        Self {
            member,
            random,
            did,
            number: 0,
            asked_at: None,
            sent_at: None,
            works_until: Instant::ZERO,
            step,
        }
    }

    /// The process dies, or gives up its connection: the broker gives what it holds to others once it hears of that.
    pub(super) fn begin_life(&mut self, checker: &mut Checker) {
        checker.member_left(self.member);
        self.works_until = Instant::ZERO;
        let connection = self.step.session().connection + 1;
        let session = InSession { member: self.member, connection, epoch: SessionEpoch::Initial };
        self.fetch(session);
    }

    fn go_to(&mut self, step: Step) {
        self.step = step;
        self.number += 1;
        self.asked_at = None;
        self.sent_at = None;
    }

    /// Of the request after the present one.
    fn next_session(&self) -> InSession {
        let session = self.step.session();
        let epoch = match session.epoch {
            SessionEpoch::Next(epoch) => SessionEpoch::Next(epoch.next()),
            SessionEpoch::Initial | SessionEpoch::Final => SessionEpoch::Next(NextEpoch::FIRST),
        };
        InSession { epoch, ..session }
    }

    fn fetch(&mut self, session: InSession) {
        let fetch = some_fetch(session, &mut self.random);
        self.go_to(Step::Fetch(fetch));
    }

    fn fetch_next(&mut self) {
        self.fetch(self.next_session());
    }

    pub(super) fn next_request(
        &mut self,
        now: Instant,
        checker: &mut Checker,
    ) -> Option<(u64, Request)> {
        let waits = self.sent_at.is_some_and(|at| now.since(at) <= PATIENCE);
        if waits || now < self.works_until {
            return None;
        }
        self.sent_at = Some(now);
        self.asked_at.get_or_insert_with(|| (now, checker.life()));
        let request = match &self.step {
            Step::Fetch(fetch) => Request::ShareFetch(*fetch),
            Step::Acknowledge(acknowledge) => {
                let output = Key::Output(acknowledge.output);
                for (at, kind) in &acknowledge.types {
                    match kind {
                        AcknowledgeType::Accept => checker.accept_asked(place(output, *at)),
                        _ => checker.released(place(output, *at), self.member),
                    }
                }
                Request::ShareAcknowledge(acknowledge.clone())
            }
        };
        Some((self.number, request))
    }

    pub(super) fn answered(
        &mut self,
        number: u64,
        reply: Reply,
        now: Instant,
        checker: &mut Checker,
    ) -> Result<(), Broken> {
        if number != self.number {
            return Ok(());
        }
        match (&self.step, reply) {
            (_, Reply::Later) => {}
            // Of two copies of a request, one comes after the other.
            (_, Reply::NoSession) => {
                self.did.sessions += 1;
                self.begin_life(checker);
            }
            (Step::Fetch(_), Reply::Shared(output, given)) => {
                self.given(output, given, now, checker)?;
            }
            (Step::Acknowledge(acknowledge), Reply::Done) => {
                let output = Key::Output(acknowledge.output);
                for (at, kind) in &acknowledge.types {
                    if *kind == AcknowledgeType::Accept {
                        checker.accepted(place(output, *at), self.member, now)?;
                        self.did.accepted += 1;
                    } else {
                        self.did.released += 1;
                    }
                }
                self.fetch_next();
            }
            // Its locks have ended.
            (Step::Acknowledge(_), Reply::NotHeld) => {
                self.did.refused += 1;
                self.fetch_next();
            }
            (step, reply) => {
                let text = format!("at {step:?} the answer is {reply:?}");
                return Err(Broken::crash(text));
            }
        }
        Ok(())
    }

    fn given(
        &mut self,
        output: u8,
        given: Vec<Shared>,
        now: Instant,
        checker: &mut Checker,
    ) -> Result<(), Broken> {
        let Some((asked_at, life)) = self.asked_at else { return Ok(()) };
        let mut types = BTreeMap::<Offset, AcknowledgeType>::new();
        for (given, count) in given {
            let copied = Copied::decode(&given.value)?;
            let place = place(Key::Output(output), given.offset);
            let delivery = Delivery { member: self.member, life, asked_at, at: now, count };
            checker.delivered(place, copied, delivery)?;
            self.did.delivered += 1;
            self.did.again += u64::from(count > 1);
            match self.random.below(16) {
                0 => self.did.left += 1,
                1..3 => drop(types.insert(given.offset, AcknowledgeType::Release)),
                _ => drop(types.insert(given.offset, AcknowledgeType::Accept)),
            }
        }
        if types.is_empty() {
            self.fetch_next();
        } else {
            if self.random.one_in(30) {
                // Its locks end meanwhile.
                self.works_until = now.plus(RULES.lock * 5 / 4);
            }
            let session = self.next_session();
            self.go_to(Step::Acknowledge(ShareAcknowledge { session, output, types }));
        }
        Ok(())
    }
}

fn some_fetch(session: InSession, random: &mut SeededRandom) -> ShareFetch {
    let mode = match random.one_in(2) {
        true => AcquireMode::RecordLimit,
        false => AcquireMode::BatchOptimized,
    };
    let record_count_max = 1 + u32::try_from(random.below(6)).unwrap_or(0);
    ShareFetch { session, mode, record_count_max }
}
