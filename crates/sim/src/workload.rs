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
mod reader;
mod sharer;
mod shares;

use std::collections::BTreeMap;
use std::time::Duration;

use group::GroupSettings;
use io::{Clock, SimDisk};
use model::{Instant, LeaderEpoch, Offset, ProducerId, SeededRandom};
use replica::{LeaderSettings, Reader};
use txn::{TransactionSettings, TransactionalId};

use self::broker::{Broker, Caller, Reply, Request};
pub use self::checker::{AttemptId, Checker, Copied, Delivery, MemberNumber, Place, ShareRules};
use self::copier::{Copier, PATIENCE, place};
use self::feeder::Feeder;
use self::key::{INPUT_COUNT, Key, OUTPUT_COUNT};
use self::logs::Logs;
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
    }
}

const BROKER: Address = 0;
/// Its number is that of the client less this.
const FIRST_COPIER: Address = 10;
const FIRST_FEEDER: Address = 20;
/// Reads what the copiers wrote, and asks how far the group is.
const OBSERVER: Address = 30;
const FIRST_SHARER: Address = 40;
const SHARER_COUNT: u32 = 3;
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

/// One request at a time, so that answers are in the order of the logs.
#[derive(Debug, Default)]
struct Observer {
    number: u64,
    sent_at: Option<Instant>,
    asked: u64,
    /// Where it reads on, by output partition.
    next: BTreeMap<u8, Offset>,
    group: BTreeMap<Key, Offset>,
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
        let copiers = (0..INPUT_COUNT / 2).filter_map(|index| {
            let id = TransactionalId::new(&format!("copier-{index}"))?;
            let keys = vec![Key::Input(2 * index), Key::Input(2 * index + 1)];
            Some(Copier::new(id, keys, random.fork()))
        });
        let copiers = copiers.collect();
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
            ..self.summary
        }
    }

    /// Sometimes, something bad.
    fn trouble(&mut self) -> Result<(), Broken> {
        match self.random.below(1_000) {
            0..3 => {
                let operations = 1 + self.random.below(60);
                self.disk.crash_after(operations);
                self.trace.line(format_args!("power goes after {operations} operations"));
            }
            3..6 => {
                let done = self.stop_broker();
                self.settle(done)?;
            }
            6..16 => {
                let count = self.copiers.len() as u64;
                let index = usize::try_from(self.random.below(count)).unwrap_or(0);
                if let Some(copier) = self.copiers.get_mut(index) {
                    copier.kill();
                    self.trace.line(format_args!("copier {index} dies"));
                }
            }
            26..31 => self.delete_copied(),
            23..26 => {
                let count = self.sharers.len() as u64;
                let index = usize::try_from(self.random.below(count)).unwrap_or(0);
                if let Some(sharer) = self.sharers.get_mut(index) {
                    sharer.begin_life(&mut self.checker);
                    self.trace.line(format_args!("sharer {index} dies"));
                }
            }
            16..18 => self.disk.slow_syncs(4, Duration::from_secs(1)),
            18..22 => self.disk.slow_syncs(0, Duration::ZERO),
            // Longer than a transaction may be open.
            22 if self.random.one_in(4) => self.clock.advance(broker::TRANSACTION_TIMEOUT * 2),
            _ => {}
        }
        Ok(())
    }

    /// Records that the group is done with go from the input.
    fn delete_copied(&mut self) {
        let Some(broker) = &mut self.broker else { return };
        let index = u8::try_from(self.random.below(u64::from(INPUT_COUNT))).unwrap_or(0);
        let key = Key::Input(index);
        let Some(done) = self.observer.group.get(&key) else { return };
        if broker.logs.delete_records(key, *done) {
            self.summary.deletions += 1;
            self.trace.line(format_args!("records before {done} are deleted from input {index}"));
        }
    }

    /// The process is killed while the machine stays up, or stops cleanly.
    fn stop_broker(&mut self) -> Result<(), Stop> {
        let Some(broker) = self.broker.take() else { return Ok(()) };
        self.checker.broker_dies();
        self.starts_at = self.clock.now().plus(Duration::from_millis(self.random.below(800)));
        if self.random.one_in(3) {
            self.trace.line("the broker stops");
            broker.logs.close()?;
            self.summary.clean_stops += 1;
        } else {
            self.trace.line("the broker is killed");
            drop(broker);
            self.summary.broker_kills += 1;
        }
        self.disk.restart();
        Ok(())
    }

    fn heal(&mut self) {
        self.trace.line("everything heals");
        self.network.set_config(NetworkConfig::CALM);
        self.disk.slow_syncs(0, Duration::ZERO);
        // A cut that was ordered and has not come: let it come now, or never.
        self.disk.crash_after(u64::MAX / 2);
        self.starts_at = Instant::ZERO;
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
        let groups = group::Soft::new(GroupSettings::default(), self.random.fork());
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

    fn at_broker(&mut self, caller: Caller, request: Request) -> Result<(), Stop> {
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
        for (client, copier) in (FIRST_COPIER..).zip(&mut self.copiers) {
            let request = copier.next_request(now, &mut self.checker);
            asked.extend(request.map(|(number, request)| (client, number, request)));
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

impl Observer {
    /// Which partition the present request reads.
    fn output(&self) -> u8 {
        u8::try_from(self.number % u64::from(OUTPUT_COUNT)).unwrap_or(0)
    }

    fn next_request(&mut self, now: Instant, random: &mut SeededRandom) -> Option<(u64, Request)> {
        if self.sent_at.is_some_and(|at| now.since(at) <= PATIENCE) {
            return None;
        }
        // Never the same request twice: answers of two could be told apart by nothing.
        self.number += 1;
        self.sent_at = Some(now);
        self.asked += 1;
        if self.asked.is_multiple_of(3) {
            let keys = (0..INPUT_COUNT).map(Key::Input).collect();
            return Some((self.number, Request::FetchOffsets { keys, stable: false }));
        }
        let output = self.output();
        let from = match random.one_in(20) {
            // From the beginning again.
            true => Offset::ZERO,
            false => self.next.get(&output).copied().unwrap_or(Offset::ZERO),
        };
        Some((self.number, Request::Read { key: Key::Output(output), from }))
    }
}
