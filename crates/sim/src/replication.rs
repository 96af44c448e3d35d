//! Three brokers replicate one partition over a bad network. Their power goes at random disk operations, their disks fail,
//! are full, slow, and rot while they are down, links are cut, and the controller moves the leadership; a client produces
//! with acks=all and reads.

mod chaos;
mod controller;
mod disk_trouble;
mod member;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use io::Clock;
use model::{BrokerId, Instant, Offset, ProducerId, SeededRandom};
use replica::{Acks, FetchRequest, LeaderSettings};

use self::controller::{ClusterState, Controller, Verdict};
use self::member::Member;
use crate::clock::SimClock;
use crate::counts::counts;
use crate::failure::Broken;
use crate::history::History;
use crate::invariants;
use crate::network::{Address, Network, NetworkConfig};
use crate::node::{FetchAnswer, NodeConfig, Proposal};
use crate::planted::Planted;
use crate::producer::ModelProducer;
use crate::stop::Stop;
use crate::store::StoreConfig;
use crate::stored::LogContents;
use crate::trace::Trace;

/// How hard a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplicationOptions {
    /// Rounds of trouble; then everything heals.
    pub rounds: u64,
    /// See [`NodeConfig::waits_for_commit`].
    pub waits_for_commit: bool,
    pub planted: Planted,
}

impl Default for ReplicationOptions {
    fn default() -> Self {
        Self { rounds: 4_000, waits_for_commit: true, planted: Planted::default() }
    }
}

counts! {
    /// What a run did: a run that did nothing proves nothing.
    pub struct ReplicationSummary {
        pub acknowledged,
        pub consumed,
        pub elections,
        pub power_cuts,
        pub truncations,
        pub in_sync_changes,
        /// Lives that an error of the disk ended.
        pub failures,
        /// Steps that found no room.
        pub filled,
        pub slow_syncs,
        /// Starts on a disk that rotted.
        pub rotten,
        /// Of these, the ones at which it was found.
        pub disks_replaced,
        /// Rot that was found later, by a read.
        pub found_late,
    }
}

pub(crate) const BROKER_COUNT: usize = 3;
const CONTROLLER: Address = 100;
const CLIENT: Address = 200;
/// One round of the world.
const ROUND: Duration = Duration::from_millis(5);
/// How long a request waits before it is sent again.
const PATIENCE: Duration = Duration::from_millis(200);
/// Rounds in which a healed world must have come to rest.
const HEALING_ROUNDS: u64 = 20_000;
/// Rounds between two looks at all logs.
const CHECK_INTERVAL: u64 = 40;

/// Which producer and which of its batches waits.
pub(crate) type Ticket = (usize, u64);

/// Batches that are not answered, by producer and last sequence.
type MayCome = BTreeSet<(ProducerId, i32)>;

#[derive(Clone, Debug)]
enum Message {
    /// To all: what the controller decided.
    State(ClusterState),
    /// A broker has started.
    Register {
        incarnation: u64,
    },
    AlterInSync {
        number: u64,
        proposal: Proposal,
        /// The life of each broker that the leader means (KIP-903).
        incarnations: [u64; BROKER_COUNT],
    },
    ProposalFailed {
        number: u64,
    },
    Fetch {
        correlation: u64,
        /// Which life of the broker asks (KIP-903).
        incarnation: u64,
        request: FetchRequest,
    },
    Fetched {
        correlation: u64,
        answer: FetchAnswer,
    },
    Produce {
        ticket: Ticket,
        bytes: Arc<[u8]>,
    },
    Produced {
        ticket: Ticket,
        base: Offset,
    },
}

struct World<'a> {
    random: SeededRandom,
    clock: SimClock,
    network: Network<Message>,
    controller: Controller,
    members: Vec<Member>,
    producers: Vec<ModelProducer>,
    sent_at: BTreeMap<usize, Instant>,
    history: History,
    summary: ReplicationSummary,
    /// The only replica in sync has found that its disk rotted: that is the end.
    is_lost: bool,
    trace: &'a mut Trace,
}

pub(crate) fn run(
    seed: u64,
    options: ReplicationOptions,
    trace: &mut Trace,
) -> Result<ReplicationSummary, Broken> {
    let mut world = World::new(seed, options, trace);
    for round in 0..options.rounds {
        world.trouble()?;
        world.round(true)?;
        if round % CHECK_INTERVAL == 0 {
            world.check()?;
        }
        if world.is_lost {
            return Ok(world.summary());
        }
    }
    world.heal();
    for round in 0..HEALING_ROUNDS {
        world.round(false)?;
        if round % CHECK_INTERVAL == 0 {
            world.check()?;
            if world.is_at_rest()? || world.is_lost {
                return Ok(world.summary());
            }
        }
    }
    let text = world.describe();
    Err(Broken::liveness("a_healed_cluster_comes_to_rest", text))
}

pub(crate) fn broker_id(index: usize) -> BrokerId {
    let raw = i32::try_from(index).ok().and_then(BrokerId::from_wire);
    raw.unwrap_or_else(|| unreachable!("brokers are few"))
}

pub(crate) fn all_brokers() -> Vec<BrokerId> {
    (0..BROKER_COUNT).map(broker_id).collect()
}

fn address(index: usize) -> Address {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn index_of(id: BrokerId) -> usize {
    usize::try_from(id.to_wire()).unwrap_or(usize::MAX)
}

impl<'a> World<'a> {
    fn new(seed: u64, options: ReplicationOptions, trace: &'a mut Trace) -> Self {
        let mut random = SeededRandom::new(seed);
        let clock = SimClock::new();
        let leader = LeaderSettings {
            in_sync_count_min: if random.one_in(2) { 2 } else { 1 },
            lag_max: Duration::from_secs(2),
            planted: options.planted.replica,
            ..LeaderSettings::default()
        };
        let store = StoreConfig::small(&mut random, options.planted.storage);
        let config = NodeConfig { store, leader, waits_for_commit: options.waits_for_commit };
        let members = (0..BROKER_COUNT)
            .map(|index| Member::new(index, random.next_u64(), clock.clone(), config))
            .collect();
        let producers = (0..2_i64)
            .filter_map(ProducerId::from_wire)
            .map(|id| ModelProducer::new(id, random.fork()))
            .collect();
        Self {
            network: Network::new(random.fork(), NetworkConfig::UNRULY),
            controller: Controller::new(),
            random,
            clock,
            members,
            producers,
            sent_at: BTreeMap::new(),
            history: History::default(),
            summary: ReplicationSummary::default(),
            is_lost: false,
            trace,
        }
    }

    fn summary(&self) -> ReplicationSummary {
        let slow = self.members.iter().map(|member| member.disk().troubles().slow_syncs);
        ReplicationSummary { slow_syncs: slow.sum(), ..self.summary }
    }

    /// Time passes, messages arrive, everyone does something.
    fn round(&mut self, produces: bool) -> Result<(), Broken> {
        self.clock.advance(ROUND);
        let now = self.clock.now();
        while let Some(delivery) = self.network.poll(now) {
            self.deliver(delivery.from, delivery.to, delivery.message)?;
        }
        for index in 0..BROKER_COUNT {
            let done = self.member_round(index);
            self.settle(index, done)?;
        }
        self.controller_round();
        self.client_round(produces)?;
        self.consume()
    }

    fn deliver(&mut self, from: Address, to: Address, message: Message) -> Result<(), Broken> {
        if to == CONTROLLER {
            self.at_controller(from, message);
            return Ok(());
        }
        if to == CLIENT {
            if let Message::Produced { ticket: (producer, number), base } = message {
                let known = &mut self.producers[producer];
                if known.acknowledged(number, base, &mut self.history) {
                    self.summary.acknowledged += 1;
                    self.trace.line(format_args!("{producer} hears {number} is in at {base}"));
                }
            }
            return Ok(());
        }
        let index = to as usize;
        let done = self.at_broker(index, from, message);
        self.settle(index, done)
    }

    /// A power cut ends the life of a broker; anything else that stops it is a failure of the run.
    fn settle(&mut self, index: usize, done: Result<(), Stop>) -> Result<(), Broken> {
        match done {
            Ok(()) => self.send_from(index),
            Err(Stop::Broken(broken)) => return Err(broken),
            Err(Stop::Storage(refusal)) => self.refused(index, refusal)?,
            Err(Stop::PowerCut) => {
                self.summary.power_cuts += 1;
                self.trace.line(format_args!("broker {index}: power cut"));
                let down = Duration::from_millis(100 + self.random.below(3_000));
                self.members[index].power_cut(self.clock.now().plus(down));
                // The controller notices some time later, or by the next registration.
                self.controller.suspect(index, self.clock.now().plus(Duration::from_secs(1)));
            }
        }
        Ok(())
    }

    /// What a broker has to say after a step: answers to the client, proposals to the controller.
    fn send_from(&mut self, index: usize) {
        let now = self.clock.now();
        let member = &mut self.members[index];
        for (ticket, base) in member.drain_answers() {
            let message = Message::Produced { ticket, base };
            self.network.send(now, address(index), CLIENT, message);
        }
        if let Some(proposal) = member.next_proposal(now) {
            let (number, proposal) = proposal;
            let incarnations = member.known_incarnations();
            let message = Message::AlterInSync { number, proposal, incarnations };
            self.network.send(now, address(index), CONTROLLER, message);
        }
    }

    fn at_controller(&mut self, from: Address, message: Message) {
        let now = self.clock.now();
        let before = self.controller.state().clone();
        match message {
            Message::Register { incarnation } => {
                self.controller.register(from as usize, incarnation);
                let state = self.controller.state().clone();
                self.network.send(now, CONTROLLER, from, Message::State(state));
            }
            Message::AlterInSync { number, proposal, incarnations } => {
                let from = from as usize;
                let verdict = self.controller.alter_in_sync(from, number, &proposal, &incarnations);
                let answer = match verdict {
                    // All are told.
                    Verdict::Taken => None,
                    Verdict::Refused => Some(Message::ProposalFailed { number }),
                    Verdict::Outdated => Some(Message::State(before.clone())),
                };
                if let Some(answer) = answer {
                    self.network.send(now, CONTROLLER, address(from), answer);
                }
            }
            _ => {}
        }
        self.announce(&before);
    }

    fn controller_round(&mut self) {
        let before = self.controller.state().clone();
        self.controller.poll(self.clock.now());
        self.announce(&before);
        if self.random.one_in(50) {
            self.send_state();
        }
    }

    fn announce(&mut self, before: &ClusterState) {
        let state = self.controller.state();
        if state == before {
            return;
        }
        if state.leader_epoch != before.leader_epoch {
            self.summary.elections += 1;
        }
        if state.in_sync != before.in_sync {
            self.summary.in_sync_changes += 1;
        }
        self.trace.line(format_args!("controller: {state}"));
        self.send_state();
    }

    fn send_state(&mut self) {
        let now = self.clock.now();
        for index in 0..BROKER_COUNT {
            let state = self.controller.state().clone();
            self.network.send(now, CONTROLLER, address(index), Message::State(state));
        }
    }

    fn at_broker(&mut self, index: usize, from: Address, message: Message) -> Result<(), Stop> {
        let now = self.clock.now();
        let member = &mut self.members[index];
        match message {
            Message::State(state) => member.take_state(state)?,
            Message::ProposalFailed { number } => member.proposal_failed(number)?,
            Message::Produce { ticket, bytes } => {
                let end = member.log_end();
                member.produce(ticket, &bytes)?;
                if member.log_end() != end {
                    let (producer, number) = ticket;
                    let line = format_args!("broker {index} takes {producer}/{number} at {end:?}");
                    self.trace.line(line);
                }
            }
            Message::Fetch { correlation, incarnation, request } => {
                let size_max = 200 + u32::try_from(self.random.below(3_000)).unwrap_or(0);
                let follower = from as usize;
                let answer = member.answer_fetch(follower, incarnation, &request, size_max)?;
                if let Some(answer) = answer {
                    let message = Message::Fetched { correlation, answer };
                    self.network.send(now, address(index), from, message);
                }
            }
            Message::Fetched { correlation, answer } => {
                let end = member.log_end();
                member.fetched(correlation, &answer)?;
                if member.log_end() < end {
                    self.summary.truncations += 1;
                    let now = member.log_end();
                    self.trace.line(format_args!("broker {index} cuts {end:?} to {now:?}"));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn member_round(&mut self, index: usize) -> Result<(), Stop> {
        let now = self.clock.now();
        let member = &mut self.members[index];
        if member.is_down() {
            if member.may_start(now) {
                self.start_member(index)?;
                let end = self.members[index].log_end();
                self.trace.line(format_args!("broker {index} has {end:?}"));
            }
            return Ok(());
        }
        if let Some(incarnation) = member.registration(now) {
            let message = Message::Register { incarnation };
            self.network.send(now, address(index), CONTROLLER, message);
        }
        member.work(&mut self.random)?;
        if let Some((correlation, request)) = member.next_fetch(now) {
            let to = address(index_of(request.leader));
            let incarnation = member.incarnation();
            let message = Message::Fetch { correlation, incarnation, request };
            self.network.send(now, address(index), to, message);
        }
        Ok(())
    }

    fn client_round(&mut self, produces: bool) -> Result<(), Broken> {
        let now = self.clock.now();
        for producer in 0..self.producers.len() {
            if produces && self.random.one_in(4) {
                let size_max = if self.random.one_in(20) { 8_000 } else { 400 };
                let wall = self.clock.wall();
                let made = self.producers[producer].make(wall, Acks::AllInSync, size_max);
                let made =
                    made.map_err(|error| Broken::crash(format_args!("build a batch: {error}")))?;
                if let Some(sent) = made.cloned() {
                    self.send_produce(producer, sent.number, sent.bytes);
                }
            }
            let sent_at = self.sent_at.get(&producer).copied().unwrap_or(Instant::ZERO);
            if now.since(sent_at) > PATIENCE {
                self.sent_at.insert(producer, now);
                let again: Vec<_> = self.producers[producer].in_flight().cloned().collect();
                for sent in again {
                    self.send_produce(producer, sent.number, sent.bytes);
                }
            }
        }
        Ok(())
    }

    fn send_produce(&mut self, producer: usize, number: u64, bytes: Arc<[u8]>) {
        // Clients do not always know who leads.
        let leader = index_of(self.controller.state().leader);
        let stray = usize::try_from(self.random.below(BROKER_COUNT as u64)).unwrap_or(0);
        let to = if self.random.one_in(10) { stray } else { leader };
        let message = Message::Produce { ticket: (producer, number), bytes };
        self.network.send(self.clock.now(), CLIENT, address(to), message);
    }

    /// A consumer looks at any replica, as KIP-392 lets it: what one shows, all must keep.
    fn consume(&mut self) -> Result<(), Broken> {
        if !self.random.one_in(10) {
            return Ok(());
        }
        let index = usize::try_from(self.random.below(BROKER_COUNT as u64)).unwrap_or(0);
        let from = self.history.seen.last_key_value().map_or(Offset::ZERO, |(_, batch)| batch.end);
        match self.members[index].consume(from) {
            Ok(batches) => {
                for batch in batches {
                    self.summary.consumed += 1;
                    if batch.base >= self.history.deleted_to {
                        self.history.seen.insert(batch.base, batch);
                    }
                }
                Ok(())
            }
            Err(stop) => self.settle(index, Err(stop)),
        }
    }

    fn check(&mut self) -> Result<(), Broken> {
        let mut logs: Vec<LogContents> = Vec::new();
        for index in 0..BROKER_COUNT {
            match self.members[index].contents() {
                Ok(Some(log)) => {
                    let seen = match &self.members[index].rot {
                        // With the last group of a write-ahead log that rots, a deletion is forgotten of which some files
                        // are gone already: what was deleted is back in part, until the leader says where its log starts.
                        Some(_) => log.from(self.history.deleted_to),
                        None => log.clone(),
                    };
                    let checked = invariants::check_log(&seen);
                    checked.map_err(|broken| self.members[index].explain(broken))?;
                    if self.members[index].leads(self.controller.state()) {
                        invariants::check_leader_log(&self.history, &log)?;
                    }
                    logs.push(log);
                }
                Ok(None) => {}
                Err(stop) => self.settle(index, Err(stop))?,
            }
        }
        // What rotted on one disk is copied to others.
        let is_rotten = self.summary.rotten > 0;
        for (position, one) in logs.iter().enumerate() {
            for other in &logs[position + 1..] {
                invariants::logs_agree_when_committed(one, other, is_rotten)?;
            }
        }
        Ok(())
    }

    /// Everyone is in sync, everything is committed and answered, and all logs are the same.
    fn is_at_rest(&mut self) -> Result<bool, Broken> {
        let waiting: usize = self.producers.iter().map(|p| p.in_flight().count()).sum();
        if waiting > 0 || self.controller.state().in_sync.len() < BROKER_COUNT {
            return Ok(false);
        }
        let mut logs = Vec::new();
        for index in 0..BROKER_COUNT {
            match self.members[index].contents() {
                Ok(Some(log)) => logs.push(log),
                Ok(None) => return Ok(false),
                Err(stop) => {
                    self.settle(index, Err(stop))?;
                    return Ok(false);
                }
            }
        }
        let same = logs.windows(2).all(|pair| {
            pair[0].log_end == pair[1].log_end
                && pair[0].high_watermark == pair[1].high_watermark
                && pair[0].high_watermark == pair[0].log_end
        });
        if same {
            for log in &logs {
                invariants::check_leader_log(&self.history, log)?;
            }
        }
        Ok(same)
    }

    fn describe(&self) -> String {
        let members: Vec<String> = self.members.iter().map(Member::describe).collect();
        let waiting: usize = self.producers.iter().map(|p| p.in_flight().count()).sum();
        format!("{}; {}; {waiting} unanswered", self.controller.state(), members.join("; "))
    }
}
