//! What makes a client a member of the consumer group: its heartbeats (KIP-848), beside what else it does.

use std::collections::BTreeSet;
use std::time::Duration;

use group::{
    Assignment, Client, ConsumerHeartbeat, ConsumerHeartbeatReply, GroupError, InstanceId,
    MemberEpoch, MemberId, Standing,
};
use model::{Instant, SeededRandom};

use super::Key;
use super::broker::{Request, group_id};
use super::checker::{Checker, Owner, Told};
use super::copier::PATIENCE;
use super::key::INPUT_COUNT;
use super::members::{HEARTBEAT_INTERVAL, INPUT, REBALANCE_TIMEOUT, SESSION_TIMEOUT};
use crate::failure::Broken;

/// What a run counts of the members.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct DidMember {
    pub(super) joined: u64,
    /// The coordinator took the member for another one, or for dead.
    pub(super) fenced: u64,
    /// Told that the place of a static member is not free.
    pub(super) unreleased: u64,
    /// Went with a word: for good, or to come back.
    pub(super) left: u64,
}

/// As whom a member commits and fetches offsets.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) member: MemberId,
    pub(super) instance: Option<InstanceId>,
    pub(super) epoch: i32,
    /// In which of its memberships.
    joins: u64,
}

#[derive(Debug)]
pub(super) struct Member {
    index: u32,
    life: u32,
    instance: Option<InstanceId>,
    random: SeededRandom,
    pub(super) did: DidMember,
    id: MemberId,
    /// `None`: it is to join.
    epoch: Option<MemberEpoch>,
    joins: u64,
    /// What it was told last to have.
    told: BTreeSet<u8>,
    /// That, and what it has not let go of.
    held: BTreeSet<u8>,
    /// Its next report says everything: an answer is missing.
    is_full: bool,
    /// With its next report it goes.
    parts: bool,
    /// Of the report that is under way. A report that is sent again is another one: nobody hears of an answer on a connection that
    /// was given up.
    number: u64,
    asked_at: Option<Instant>,
    beats_at: Instant,
    /// Until then at least nobody had asked it to let go of anything.
    unasked_at: Instant,
}

impl Member {
    pub(super) fn new(index: u32, is_static: bool, random: SeededRandom) -> Self {
        let instance = is_static.then(|| InstanceId::new(&format!("instance-{index}")));
        Self {
            index,
            life: 0,
            instance,
            random,
            did: DidMember::default(),
            id: member_id(index, 0),
            epoch: None,
            joins: 0,
            told: BTreeSet::new(),
            held: BTreeSet::new(),
            is_full: false,
            parts: false,
            number: 0,
            asked_at: None,
            beats_at: Instant::ZERO,
            unasked_at: Instant::ZERO,
        }
    }

    fn owner(&self) -> Owner {
        let life = if self.instance.is_some() { 0 } else { self.life };
        (u64::from(self.index) << 32) + u64::from(life)
    }

    /// The process dies without a word, and another begins.
    pub(super) fn begin_life(&mut self, checker: &mut Checker) {
        self.give_up(checker);
        self.life += 1;
        self.id = member_id(self.index, self.life);
        self.parts = false;
    }

    /// With its next report it leaves, or says that it is coming back; then another begins.
    pub(super) fn part(&mut self) {
        self.parts = self.epoch.is_some();
    }

    /// It has lost all that it had, and joins.
    fn give_up(&mut self, checker: &mut Checker) {
        checker.holds_only(self.owner(), &BTreeSet::new());
        self.epoch = None;
        self.joins += 1;
        self.told.clear();
        self.held.clear();
        self.asked_at = None;
        self.number += 1;
    }

    /// Between two transactions: it lets go of what is not its own any more. Gives what it reads from now on.
    pub(super) fn take_over(&mut self) -> Vec<Key> {
        self.held.clone_from(&self.told);
        let parts = self.parts;
        self.held.iter().filter(|_| !parts).map(|index| Key::Input(*index)).collect()
    }

    /// `None`: not a member now.
    pub(super) fn named(&self) -> Option<Named> {
        let (member, instance) = (self.id.clone(), self.instance.clone());
        Some(Named { member, instance, epoch: self.epoch?.to_wire(), joins: self.joins })
    }

    /// As whom it commits what it began as `begun`: it may say its newest epoch, if it has been a member all the time.
    pub(super) fn named_since(&mut self, begun: &Named) -> Named {
        let newest = self.named().filter(|now| now.joins == begun.joins);
        newest.filter(|_| self.random.one_in(2)).unwrap_or_else(|| begun.clone())
    }

    pub(super) fn next_request(
        &mut self,
        now: Instant,
        checker: &mut Checker,
    ) -> Option<(u64, Request)> {
        let is_due = match self.asked_at {
            Some(at) => now.since(at) > PATIENCE,
            None => now >= self.beats_at,
        };
        if !is_due {
            return None;
        }
        self.is_full |= self.asked_at.is_some() || self.random.one_in(10);
        self.number += 1;
        self.asked_at = Some(now);
        let standing = match self.epoch {
            Some(_) if self.parts && self.instance.is_some() && self.random.one_in(2) => {
                Standing::Pausing
            }
            Some(_) if self.parts => Standing::Leaving,
            Some(epoch) => Standing::Member(epoch),
            None => Standing::Joining,
        };
        let request = self.report(standing);
        let held = self.held.iter().map(|index| u32::from(*index)).collect();
        checker.holds_only(self.owner(), &held);
        let number = self.number;
        if matches!(standing, Standing::Leaving | Standing::Pausing) {
            self.did.left += 1;
            self.begin_life(checker);
            // It takes a while to start.
            let pause = Duration::from_millis(self.random.below(500));
            self.beats_at = now.plus(pause);
        }
        Some((number, Request::Heartbeat(number, Box::new(request))))
    }

    fn report(&mut self, standing: Standing) -> ConsumerHeartbeat {
        let says_all = self.epoch.is_none() || std::mem::take(&mut self.is_full);
        let owned: Assignment = self.held.iter().map(|index| Key::Input(*index).id()).collect();
        ConsumerHeartbeat {
            group: group_id(),
            member: Some(self.id.clone()),
            standing,
            instance: self.instance.clone(),
            rack: None,
            client: Client { id: "copier".into(), host: "/127.0.0.1".into() },
            rebalance_timeout: says_all.then_some(REBALANCE_TIMEOUT),
            topics: says_all.then(|| [INPUT.into()].into()),
            pattern: None,
            assignor: None,
            owned: Some(owned),
        }
    }

    pub(super) fn answered(
        &mut self,
        number: u64,
        reply: Result<ConsumerHeartbeatReply, GroupError>,
        now: Instant,
        checker: &mut Checker,
    ) -> Result<(), Broken> {
        if number != self.number {
            return Ok(());
        }
        let Some(asked_at) = self.asked_at.take() else { return Ok(()) };
        self.beats_at = now.plus(HEARTBEAT_INTERVAL);
        match reply {
            Ok(reply) => self.hear(reply, asked_at, now, checker),
            Err(GroupError::UnreleasedInstance) => {
                self.did.unreleased += 1;
                Ok(())
            }
            // A later life has its place: this one is at its end.
            Err(GroupError::FencedInstance) => {
                self.did.fenced += 1;
                self.begin_life(checker);
                Ok(())
            }
            Err(
                GroupError::FencedMemberEpoch
                | GroupError::UnknownMember
                | GroupError::NotConsumerGroup,
            ) => {
                self.did.fenced += 1;
                self.give_up(checker);
                Ok(())
            }
            Err(other) => Err(Broken::crash(format!("a heartbeat is answered {other:?}"))),
        }
    }

    fn hear(
        &mut self,
        reply: ConsumerHeartbeatReply,
        asked_at: Instant,
        now: Instant,
        checker: &mut Checker,
    ) -> Result<(), Broken> {
        let before = self.epoch.map_or(0, MemberEpoch::to_wire);
        let epoch = MemberEpoch::from_wire(reply.epoch).filter(|_| reply.epoch >= before.max(1));
        let Some(epoch) = epoch else {
            let text = format!("{} was at epoch {before}, now {}", self.id, reply.epoch);
            return Err(Broken::correctness("member_epochs_never_go_back", text));
        };
        self.did.joined += u64::from(self.epoch.is_none());
        self.epoch = Some(epoch);
        if let Some(assignment) = reply.assignment {
            let has = |index: &u8| assignment.contains(Key::Input(*index).id());
            self.told = (0..INPUT_COUNT).filter(has).collect();
            self.held.extend(self.told.iter().copied());
        }
        if self.held == self.told {
            self.unasked_at = asked_at;
        }
        // The coordinator puts an end to one that is silent, and to one that does not let go, whatever else it says.
        let until = asked_at.plus(SESSION_TIMEOUT).min(self.unasked_at.plus(REBALANCE_TIMEOUT));
        checker.told(&Told {
            owner: self.owner(),
            epoch: epoch.to_wire(),
            partitions: self.told.iter().map(|index| u32::from(*index)).collect(),
            at: now,
            until,
        })
    }
}

fn member_id(index: u32, life: u32) -> MemberId {
    let id = MemberId::new(&format!("member-{index}-{life}"));
    id.unwrap_or_else(|| unreachable!("not empty"))
}
