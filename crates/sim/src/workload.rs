//! Exactly-once on one broker: clients read records, copy them in transactions, and commit their group's offsets in these. The
//! broker is killed and its power cut, syncs are slow, messages are lost, doubled, and held back until long after their
//! time, clients die and are followed by others while what they sent is still on its way.

mod broker;
mod checker;
mod cleaning;
mod coordinators;
mod copier;
mod feeder;
mod key;
mod logs;
mod member;
mod members;
mod observer;
mod reader;
mod sharer;
mod shares;
mod trouble;

use std::collections::BTreeMap;
use std::time::Duration;

use group::{ConsumerSettings, GroupSettings, MemberId};
use io::{Clock, SimDisk};
use model::{Instant, LeaderEpoch, Offset, ProducerId, SeededRandom};
use replica::{LeaderSettings, Reader};
use txn::{TransactionSettings, TransactionalId};

use self::broker::{Broker, Caller, Reply, Request};
pub use self::checker::{
    AttemptId, Checker, Copied, Delivery, MemberNumber, Owner, Place, ShareRules, Told,
};
use self::copier::{Copier, place};
use self::feeder::Feeder;
use self::key::{INPUT_COUNT, Key, OUTPUT_COUNT};
use self::logs::Logs;
use self::member::Member;
use self::members::Topics;
use self::observer::Observer;
pub use self::reader::{Given, Page, read_committed};
use self::sharer::Sharer;
use self::shares::Shares;
use crate::clock::SimClock;
use crate::counts::counts;
use crate::failure::Broken;
use crate::network::{Address, Network, NetworkConfig};
use crate::planted::Planted;
use crate::stop::Stop;
use crate::store::StoreConfig;
use crate::trace::Trace;

/// How hard a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkloadOptions {
    /// Rounds of trouble; then everything heals.
    pub rounds: u64,
    pub planted: Planted,
}

impl Default for WorkloadOptions {
    fn default() -> Self {
        Self { rounds: 3_000, planted: Planted::default() }
    }
}

counts! {
    /// What a run did: a run that did nothing proves nothing.
    pub struct WorkloadSummary {
        pub acknowledged,
        pub committed,
        pub aborted,
        /// Lives of clients that another life put an end to, or a transaction's time-out.
        pub fenced,
        /// Clients that died.
        pub killed,
        /// Brokers that died.
        pub broker_kills,
        pub power_cuts,
        pub clean_stops,
        pub read,
        pub slow_syncs,
        /// Logs that were compacted, and deletions of records that were copied.
        pub cleanings,
        pub deletions,
        /// Deletions of what the share coordinator does not need any more.
        pub prunings,
        /// Records that members of the share group were given.
        pub shared,
        pub shared_again,
        pub share_accepted,
        pub share_released,
        /// Records whose locks had to end.
        pub share_left,
        /// Acknowledgements that were refused, and share sessions that came to an end.
        pub share_refused,
        pub share_sessions,
        /// Memberships of the consumer group, and those that the coordinator put an end to.
        pub joined,
        pub members_fenced,
        /// Static members whose place was not free yet.
        pub unreleased,
        /// Members that left, or said that they were coming back.
        pub left,
        /// Partitions that came to another member.
        pub handed_over,
        /// Transactions of members that had lost their partitions.
        pub stale,
        /// Members that stood still in the middle of a transaction for longer than the group waits.
        pub slept,
    }
}

const BROKER: Address = 0;
/// Its number is that of the client less this.
const FIRST_COPIER: Address = 10;
const FIRST_FEEDER: Address = 20;
const OBSERVER: Address = 30;
const FIRST_SHARER: Address = 40;
const SHARER_COUNT: u32 = 3;
/// The heartbeats of the copiers that are members of the group.
const FIRST_MEMBER: Address = 50;
const MEMBER_COUNT: u32 = 3;
/// One round of the world.
const ROUND: Duration = Duration::from_millis(5);
/// Steps of a cleaning in a round that has one.
const CLEAN_STEPS: u32 = 4;
/// Rounds in which a healed world must have come to rest.
const HEALING_ROUNDS: u64 = 40_000;

#[derive(Clone, Debug)]
enum Message {
    Ask(Caller, Box<Request>),
    Answer(u64, Box<Reply>),
}

struct World<'a> {
    options: WorkloadOptions,
    random: SeededRandom,
    disk: SimDisk,
    clock: SimClock,
    store: StoreConfig,
    network: Network<Message>,
    broker: Option<Broker>,
    leader_epoch: LeaderEpoch,
    starts_at: Instant,
    topics: Topics,
    /// The newest report of each member that has come to a broker.
    heard: BTreeMap<MemberId, u64>,
    /// The device is at work on a slow sync until then.
    busy_until: Instant,
    copiers: Vec<Copier>,
    feeders: Vec<Feeder>,
    sharers: Vec<Sharer>,
    observer: Observer,
    checker: Checker,
    next_attempt: AttemptId,
    next_producer: i64,
    summary: WorkloadSummary,
    trace: &'a mut Trace,
}

pub(crate) fn run(
    seed: u64,
    options: WorkloadOptions,
    trace: &mut Trace,
) -> Result<WorkloadSummary, Broken> {
    let mut world = World::new(seed, options, trace);
    for _ in 0..options.rounds {
        world.trouble()?;
        world.round(true)?;
    }
    world.heal();
    for _ in 0..HEALING_ROUNDS {
        world.round(false)?;
        if world.is_at_rest() {
            world.read_all()?;
            world.checker.finish()?;
            return Ok(world.summary());
        }
    }
    Err(Broken::liveness("a_healed_workload_comes_to_rest", world.unrest()))
}

impl<'a> World<'a> {
    fn new(seed: u64, options: WorkloadOptions, trace: &'a mut Trace) -> Self {
        let mut random = SeededRandom::new(seed);
        let disk = SimDisk::new(random.next_u64());
        disk.allow_direct(random.one_in(2));
        let store = StoreConfig::small(&mut random, options.planted.storage);
        let copiers = copiers(&mut random);
        let topics = Topics {
            input_count: 1 + u32::try_from(random.below(u64::from(INPUT_COUNT))).unwrap_or(0),
            assignment_interval: Duration::from_millis(300 * random.below(2)),
        };
        let feeders = (0..INPUT_COUNT).map(|index| Feeder::new(index, random.fork())).collect();
        let sharers = (0..SHARER_COUNT).map(|member| Sharer::new(member, random.fork())).collect();
        Self {
            options,
            network: Network::new(random.fork(), NetworkConfig::UNRULY),
            random,
            disk,
            clock: SimClock::new(),
            store,
            broker: None,
            leader_epoch: LeaderEpoch::ZERO,
            starts_at: Instant::ZERO,
            topics,
            heard: BTreeMap::new(),
            busy_until: Instant::ZERO,
            copiers,
            feeders,
            sharers,
            observer: Observer::default(),
            checker: Checker::with_share_group(shares::RULES),
            next_attempt: 0,
            next_producer: i64::from(INPUT_COUNT),
            summary: WorkloadSummary::default(),
            trace,
        }
    }

    fn summary(&self) -> WorkloadSummary {
        let sum = |of: fn(&copier::Did) -> u64| self.copiers.iter().map(|c| of(&c.did)).sum();
        let members = |of: fn(&member::DidMember) -> u64| -> u64 {
            self.copiers.iter().filter_map(|c| c.member.as_ref()).map(|m| of(&m.did)).sum()
        };
        let shares =
            |of: fn(&sharer::DidShare) -> u64| self.sharers.iter().map(|s| of(&s.did)).sum();
        WorkloadSummary {
            committed: sum(|did| did.committed),
            aborted: sum(|did| did.aborted),
            fenced: sum(|did| did.fenced),
            killed: sum(|did| did.killed),
            slow_syncs: self.disk.troubles().slow_syncs,
            shared: shares(|did| did.delivered),
            shared_again: shares(|did| did.again),
            share_accepted: shares(|did| did.accepted),
            share_released: shares(|did| did.released),
            share_left: shares(|did| did.left),
            share_refused: shares(|did| did.refused),
            share_sessions: shares(|did| did.sessions),
            joined: members(|did| did.joined),
            members_fenced: members(|did| did.fenced),
            unreleased: members(|did| did.unreleased),
            left: members(|did| did.left),
            handed_over: self.checker.handed_over_count(),
            stale: sum(|did| did.stale),
            slept: sum(|did| did.slept),
            ..self.summary
        }
    }

    /// Time passes, messages arrive, everyone does something.
    fn round(&mut self, feeds: bool) -> Result<(), Broken> {
        self.clock.advance(ROUND);
        let now = self.clock.now();
        while let Some(delivery) = self.network.poll(now) {
            match delivery.message {
                Message::Ask(caller, request) => {
                    let done = self.at_broker(caller, *request);
                    self.settle(done)?;
                }
                Message::Answer(number, reply) => {
                    self.at_client(delivery.to, number, *reply)?;
                }
            }
        }
        let done = self.broker_round();
        self.settle(done)?;
        self.clients_round(feeds);
        Ok(())
    }

    /// A power cut ends the life of the broker; anything else that stops it is a failure of the run.
    fn settle(&mut self, done: Result<(), Stop>) -> Result<(), Broken> {
        match done {
            Ok(()) => Ok(()),
            Err(Stop::Broken(broken)) => Err(broken),
            Err(Stop::Storage(refusal)) => Err(refusal.into()),
            Err(Stop::PowerCut) => {
                self.summary.power_cuts += 1;
                self.trace.line("power cut");
                self.broker = None;
                self.checker.broker_dies();
                self.disk.power_on();
                let down = Duration::from_millis(self.random.below(800));
                self.starts_at = self.clock.now().plus(down);
                Ok(())
            }
        }
    }

    fn start_broker(&mut self) -> Result<(), Stop> {
        let planted = self.options.planted;
        let next = self.leader_epoch.next();
        self.leader_epoch = next.ok_or_else(|| Broken::crash("no leader epoch is left"))?;
        let leader = LeaderSettings { planted: planted.replica, ..LeaderSettings::default() };
        let epoch = self.leader_epoch;
        let logs = Logs::open(&self.disk, &self.clock, self.store, leader, epoch)?;
        let transactions = txn::Soft::new(TransactionSettings::default());
        let consumer = ConsumerSettings {
            session_timeout: members::SESSION_TIMEOUT,
            ..ConsumerSettings::default()
        };
        let settings = GroupSettings { consumer, ..GroupSettings::default() };
        let groups = (group::Soft::new(settings, self.random.fork()), self.topics);
        let shares = Shares::new(planted.share);
        let mut broker = Broker::new(logs, self.clock.clone(), transactions, groups, shares);
        broker.transactions.plant(planted.txn);
        broker.groups.plant(planted.group);
        broker.load()?;
        self.trace.line(format_args!("the broker starts in epoch {epoch}"));
        self.broker = Some(broker);
        Ok(())
    }

    fn broker_round(&mut self) -> Result<(), Stop> {
        let now = self.clock.now();
        if self.broker.is_none() {
            return if now >= self.starts_at { self.start_broker() } else { Ok(()) };
        }
        let Some(broker) = &mut self.broker else { return Ok(()) };
        match self.random.below(20) {
            0..6 => broker.logs.begin_group()?,
            6..12 => {
                // Other syncs keep nobody waiting.
                let _ = self.disk.take_delay();
                broker.logs.write_group();
                let delay = self.disk.take_delay();
                if !delay.is_zero() {
                    self.busy_until = now.plus(delay);
                }
            }
            12..18 if now < self.busy_until => {}
            12..18 => broker.logs.end_group()?,
            18 => broker.logs.drain()?,
            _ if self.random.one_in(5) => broker.logs.checkpoint()?,
            _ => {
                for _ in 0..CLEAN_STEPS {
                    self.summary.cleanings += u64::from(broker.logs.clean()?);
                }
            }
        }
        broker.tick()?;
        self.summary.prunings += std::mem::take(&mut broker.pruned);
        let answers = broker.drain_answers();
        if self.disk.is_off() {
            return Err(Stop::PowerCut);
        }
        self.send_answers(answers);
        Ok(())
    }

    /// A report that comes twice, or after a newer one, is of a connection that was given up: nobody hears it.
    fn is_in_order(&mut self, request: &Request) -> bool {
        let Request::Heartbeat(number, report) = request else { return true };
        let Some(member) = &report.member else { return true };
        let heard = self.heard.entry(member.clone()).or_default();
        let is_newer = number > heard;
        *heard = (*heard).max(*number);
        is_newer
    }

    fn at_broker(&mut self, caller: Caller, request: Request) -> Result<(), Stop> {
        if !self.is_in_order(&request) {
            return Ok(());
        }
        let Some(broker) = &mut self.broker else { return Ok(()) };
        self.next_producer += 1;
        let fresh = ProducerId::from_wire(self.next_producer);
        let fresh = fresh.ok_or_else(|| Broken::crash("no producer id is left"))?;
        broker.handle(caller, request, fresh)?;
        let answers = broker.drain_answers();
        if self.disk.is_off() {
            return Err(Stop::PowerCut);
        }
        self.send_answers(answers);
        Ok(())
    }

    fn send_answers(&mut self, answers: Vec<(Caller, Reply)>) {
        for (caller, reply) in answers {
            let message = Message::Answer(caller.number, Box::new(reply));
            self.network.send(self.clock.now(), BROKER, caller.client, message);
        }
    }

    fn at_client(&mut self, client: Address, number: u64, reply: Reply) -> Result<(), Broken> {
        let index = |first: Address| usize::try_from(client - first).unwrap_or(usize::MAX);
        if client == OBSERVER {
            return self.observed(number, reply);
        }
        if client >= FIRST_MEMBER {
            let Reply::Heartbeat(reply) = reply else { return Ok(()) };
            let copier = self.copiers.get_mut(index(FIRST_MEMBER));
            let Some(member) = copier.and_then(|copier| copier.member.as_mut()) else {
                return Ok(());
            };
            return member.answered(number, reply, self.clock.now(), &mut self.checker);
        }
        if client >= FIRST_SHARER {
            let Some(sharer) = self.sharers.get_mut(index(FIRST_SHARER)) else { return Ok(()) };
            return sharer.answered(number, reply, self.clock.now(), &mut self.checker);
        }
        if client >= FIRST_FEEDER {
            let Some(feeder) = self.feeders.get_mut(index(FIRST_FEEDER)) else { return Ok(()) };
            return feeder.answered(number, &reply, &mut self.checker);
        }
        let Some(copier) = self.copiers.get_mut(index(FIRST_COPIER)) else { return Ok(()) };
        let (before, wall) = (copier.did, self.clock.wall());
        let (attempts, checker) = (&mut self.next_attempt, &mut self.checker);
        copier.answered(number, reply, wall, attempts, checker)?;
        let after = copier.did;
        if (before.committed, before.aborted) != (after.committed, after.aborted) {
            let (committed, aborted) = (after.committed, after.aborted);
            self.trace.line(format_args!("client {client}: {committed} and {aborted} so far"));
        }
        Ok(())
    }

    fn clients_round(&mut self, feeds: bool) {
        let now = self.clock.now();
        let mut asked: Vec<(Address, u64, Request)> = Vec::new();
        for (index, copier) in (0..).zip(&mut self.copiers) {
            if copier.sleeps(now) {
                continue;
            }
            let request = copier.next_request(now, &mut self.checker);
            asked.extend(request.map(|(number, it)| (FIRST_COPIER + index, number, it)));
            let member = copier.member.as_mut();
            let request = member.and_then(|member| member.next_request(now, &mut self.checker));
            asked.extend(request.map(|(number, it)| (FIRST_MEMBER + index, number, it)));
        }
        for (client, feeder) in (FIRST_FEEDER..).zip(&mut self.feeders) {
            let request = feeder.next_request(now, self.clock.wall(), feeds);
            asked.extend(request.map(|(number, request)| (client, number, request)));
        }
        for (client, sharer) in (FIRST_SHARER..).zip(&mut self.sharers) {
            let request = sharer.next_request(now, &mut self.checker);
            asked.extend(request.map(|(number, request)| (client, number, request)));
        }
        let request = self.observer.next_request(now, &mut self.random);
        asked.extend(request.map(|(number, request)| (OBSERVER, number, request)));
        for (client, number, request) in asked {
            let message = Message::Ask(Caller { client, number }, Box::new(request));
            self.network.send(now, client, BROKER, message);
        }
    }

    fn observed(&mut self, number: u64, reply: Reply) -> Result<(), Broken> {
        if number != self.observer.number {
            return Ok(());
        }
        self.observer.sent_at = None;
        match reply {
            Reply::Offsets(offsets) => {
                for (key, offset) in offsets {
                    let (partition, at) = place(key, offset);
                    self.checker.group_is_at(partition, at)?;
                    self.observer.group.insert(key, offset);
                }
                Ok(())
            }
            Reply::Page(page) => {
                let output = self.observer.output();
                self.take_read(output, &page)?;
                self.observer.next.insert(output, page.next);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn take_read(&mut self, output: u8, page: &Page) -> Result<(), Broken> {
        for given in &page.given {
            let copied = Copied::decode(&given.value)?;
            self.checker.read(place(Key::Output(output), given.offset), copied)?;
            self.summary.read += 1;
        }
        Ok(())
    }

    /// All that was fed is copied, and the group has come to the end of all it reads.
    fn is_at_rest(&mut self) -> bool {
        let Some(broker) = &self.broker else { return false };
        let group_is_there = (0..INPUT_COUNT).map(Key::Input).all(|key| {
            let at = self.observer.group.get(&key).copied().unwrap_or(Offset::ZERO);
            at == broker.logs.high_watermark(key)
        });
        let fed = self.feeders.iter().all(Feeder::is_idle);
        self.summary.acknowledged = self.feeders.iter().map(Feeder::acknowledged_count).sum();
        let shared = (0..OUTPUT_COUNT).all(|output| {
            let key = Key::Output(output);
            let (at, _) = broker.shares.standing(output);
            // Compaction may leave a log that ends behind its last batch.
            let rest = || broker.logs.read(key, at, Reader::Committed);
            at == broker.logs.high_watermark(key) || rest().is_ok_and(|bytes| bytes.is_empty())
        });
        fed && group_is_there && shared && self.copiers.iter().all(Copier::is_idle)
    }

    /// What keeps the world from its rest.
    fn unrest(&self) -> String {
        let (missing, unshared) = (self.checker.missing_count(), self.checker.unshared_count());
        let idle = self.copiers.iter().filter(|copier| copier.is_idle()).count();
        let mut text =
            format!("{missing} records are missing, {unshared} not accepted, {idle} copiers idle");
        if let Some(broker) = &self.broker {
            for output in 0..OUTPUT_COUNT {
                let end = broker.logs.high_watermark(Key::Output(output));
                let (at, in_flight) = broker.shares.standing(output);
                text += &format!(
                    "; output {output} ends at {end}, the share group is at {at:?} with {in_flight} in flight"
                );
            }
            for input in (0..INPUT_COUNT).map(Key::Input) {
                let end = broker.logs.high_watermark(input);
                let at = self.observer.group.get(&input);
                text += &format!("; {input:?} ends at {end}, the group is at {at:?}");
            }
        }
        text
    }

    /// From the beginning to the end, by a reader that has seen nothing yet.
    fn read_all(&mut self) -> Result<(), Broken> {
        self.checker.begin_last_read();
        for output in 0..OUTPUT_COUNT {
            let mut next = Offset::ZERO;
            loop {
                let Some(broker) = &self.broker else { return Ok(()) };
                let key = Key::Output(output);
                let page = match reader::read_from_log(&broker.logs, key, next) {
                    Ok(page) => page,
                    Err(stop) => return self.settle(Err(stop)),
                };
                self.take_read(output, &page)?;
                if page.next == next {
                    break;
                }
                next = page.next;
            }
        }
        Ok(())
    }
}

/// By the seed: members of the group, of which some are static, or such as have two partitions each for good.
fn copiers(random: &mut SeededRandom) -> Vec<Copier> {
    let id = |index: u32| TransactionalId::new(&format!("copier-{index}"));
    if random.one_in(3) {
        let alone = (0..INPUT_COUNT / 2).filter_map(|index| {
            let keys = vec![Key::Input(2 * index), Key::Input(2 * index + 1)];
            Some(Copier::new(id(index.into())?, keys, random.fork()))
        });
        return alone.collect();
    }
    let members = (0..MEMBER_COUNT).filter_map(|index| {
        let is_static = random.one_in(3);
        let member = Member::new(index, is_static, random.fork());
        Some(Copier::of_group(id(index)?, member, random.fork()))
    });
    members.collect()
}
