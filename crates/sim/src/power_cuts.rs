//! One broker, three idempotent producers, one consumer; the power goes at a random disk operation, again and again.

use std::time::Duration;

use io::{Clock, SimDisk};
use model::{BrokerId, LeaderEpoch, Offset, PartitionEpoch, ProducerId, SeededRandom};
use replica::{Acks, AppendError, Input, LeaderSettings, LeaderTerm, ProducerStates};

use crate::clock::SimClock;
use crate::counts::counts;
use crate::failure::Broken;
use crate::history::History;
use crate::invariants;
use crate::node::{Node, NodeConfig};
use crate::planted::Planted;
use crate::producer::ModelProducer;
use crate::stop::Stop;
use crate::store::StoreConfig;
use crate::trace::Trace;

/// How hard a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PowerCutOptions {
    pub cuts: u64,
    /// See [`NodeConfig::waits_for_commit`].
    pub waits_for_commit: bool,
    pub planted: Planted,
}

impl Default for PowerCutOptions {
    fn default() -> Self {
        Self { cuts: 10, waits_for_commit: true, planted: Planted::default() }
    }
}

counts! {
    /// What a run did: a run that did nothing proves nothing.
    pub struct PowerCutSummary {
        pub cuts,
        pub clean_stops,
        pub acknowledged,
        /// Batches that were in the log although nobody had been told.
        pub found_again,
        /// Batches sent again because they were lost, before anybody was told that they were in.
        pub written_again,
        pub consumed,
    }
}

/// Which producer and which of its batches waits.
type Ticket = (usize, u64);

const PRODUCER_COUNT: usize = 3;

struct World<'a> {
    random: SeededRandom,
    disk: SimDisk,
    clock: SimClock,
    config: NodeConfig,
    producers: Vec<ModelProducer>,
    history: History,
    leader_epoch: LeaderEpoch,
    consumed_to: Offset,
    /// What the last life knew of them.
    producers_before: ProducerStates,
    summary: PowerCutSummary,
    trace: &'a mut Trace,
}

pub(crate) fn run(
    seed: u64,
    options: PowerCutOptions,
    trace: &mut Trace,
) -> Result<PowerCutSummary, Broken> {
    let mut random = SeededRandom::new(seed);
    let disk = SimDisk::new(random.next_u64());
    disk.allow_direct(random.one_in(2));
    let producers = (0..PRODUCER_COUNT)
        .filter_map(|index| ProducerId::from_wire(i64::try_from(index).ok()?))
        .map(|id| ModelProducer::new(id, random.fork()))
        .collect();
    let config = NodeConfig {
        store: StoreConfig::small(&mut random, options.planted.storage),
        leader: LeaderSettings { planted: options.planted.replica, ..LeaderSettings::default() },
        waits_for_commit: options.waits_for_commit,
    };
    let mut world = World {
        random,
        disk,
        clock: SimClock::new(),
        config,
        producers,
        history: History::default(),
        leader_epoch: LeaderEpoch::ZERO,
        consumed_to: Offset::ZERO,
        producers_before: ProducerStates::default(),
        summary: PowerCutSummary::default(),
        trace,
    };
    while world.summary.cuts < options.cuts {
        world.live()?;
    }
    world.last_life()?;
    Ok(world.summary)
}

impl World<'_> {
    /// One life of the process, from start to the next power cut, kill or stop.
    fn live(&mut self) -> Result<(), Broken> {
        let operations = 1 + self.random.below(300);
        self.disk.crash_after(operations);
        self.trace.line(format_args!("power goes after {operations} operations"));
        let ended = match self.start() {
            Ok(mut node) => {
                let worked = self.work(&mut node);
                self.producers_before = node.log().producers().clone();
                worked.and_then(|()| self.stop(node))
            }
            Err(stop) => Err(stop),
        };
        match ended {
            Ok(()) => Ok(()),
            Err(Stop::Broken(broken)) => Err(broken),
            Err(Stop::Storage(refusal)) => Err(refusal.into()),
            Err(Stop::PowerCut) => {
                self.summary.cuts += 1;
                self.trace.line("power cut");
                self.disk.power_on();
                Ok(())
            }
        }
    }

    /// With the power on, all that is in flight is answered.
    fn last_life(&mut self) -> Result<(), Broken> {
        let done = self.start().and_then(|mut node| {
            node.commit_all()?;
            self.answers(&mut node)?;
            self.check(&mut node)
        });
        match done {
            Ok(()) => {}
            Err(Stop::Broken(broken)) => return Err(broken),
            Err(Stop::Storage(refusal)) => return Err(refusal.into()),
            Err(Stop::PowerCut) => return Err(Broken::crash("power cut out of its time")),
        }
        match self.producers.iter().map(|producer| producer.in_flight().count()).sum() {
            0 => Ok(()),
            waiting => {
                let text = format!("{waiting} batches are not answered");
                Err(Broken::liveness("all_is_answered", text))
            }
        }
    }

    fn start(&mut self) -> Result<Node<Ticket>, Stop> {
        let me = BrokerId::from_wire(0).ok_or_else(|| Broken::crash("broker id"))?;
        let mut node = Node::start(me, self.disk.clone(), self.clock.clone(), self.config)?;
        self.leader_epoch =
            self.leader_epoch.next().ok_or_else(|| Broken::crash("no leader epoch is left"))?;
        node.lead(LeaderTerm {
            me,
            leader_epoch: self.leader_epoch,
            partition_epoch: PartitionEpoch::ZERO,
            replicas: vec![me],
            in_sync: vec![me],
        })?;
        let log = node.log();
        self.trace.line(format_args!("start: log {}..{}", log.log_start(), log.log_end()));
        self.check(&mut node)?;
        let contents = node.contents()?;
        let producers = node.log().producers();
        invariants::producers_survive(&self.producers_before, producers, &contents)?;
        let sent = self.send_again(&mut node);
        // They may have written before the power went.
        self.producers_before = node.log().producers().clone();
        sent?;
        Ok(node)
    }

    /// Producers send what was not answered again, in order, and each batch must be taken: it is either in the log
    /// already or the next one.
    fn send_again(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        for index in 0..self.producers.len() {
            let waiting: Vec<_> = self.producers[index].in_flight().cloned().collect();
            for sent in waiting {
                let end = node.log().log_end();
                node.produce((index, sent.number), &sent.bytes, sent.acks)?;
                if node.log().log_end() > end {
                    self.summary.written_again += 1;
                } else {
                    self.summary.found_again += 1;
                }
            }
        }
        self.answers(node)
    }

    fn work(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        loop {
            match self.random.below(100) {
                0..35 => self.produce(node)?,
                35..50 => node.begin_group()?,
                50..65 => node.write_group(),
                65..80 => node.end_group()?,
                80..85 => self.consume(node)?,
                85..90 => node.drain()?,
                90..93 => node.checkpoint()?,
                93 => self.delete_records(node)?,
                94..97 => self.wait(node)?,
                97 => self.check(node)?,
                98 if self.random.one_in(4) => return Ok(()),
                _ => {}
            }
            self.answers(node)?;
            if node.is_off() {
                return Err(Stop::PowerCut);
            }
        }
    }

    /// A clean stop, or the process is killed while the machine stays up.
    fn stop(&mut self, mut node: Node<Ticket>) -> Result<(), Stop> {
        if self.random.one_in(2) {
            self.trace.line("killed");
            drop(node);
        } else {
            node.commit_all()?;
            self.answers(&mut node)?;
            node.stop()?;
            self.summary.clean_stops += 1;
            self.trace.line("stopped");
        }
        self.disk.restart();
        Ok(())
    }

    fn produce(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        let index = usize::try_from(self.random.below(PRODUCER_COUNT as u64)).unwrap_or(0);
        let acks = if self.random.one_in(3) { Acks::Leader } else { Acks::AllInSync };
        let size_max = if self.random.one_in(10) { 20_000 } else { 600 };
        let made = self.producers[index]
            .make(self.clock.wall(), acks, size_max)
            .map_err(|error| Broken::crash(format_args!("build a batch: {error}")))?;
        let Some(sent) = made.cloned() else { return Ok(()) };
        let size = sent.bytes.len();
        self.trace.line(format_args!("{index} produces {}: {size} bytes, {acks:?}", sent.number));
        node.produce((index, sent.number), &sent.bytes, acks)?;
        Ok(())
    }

    fn answers(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        for ((index, number), result) in node.drain_released() {
            match result {
                Ok(appended) => {
                    let base = appended.base;
                    if self.producers[index].acknowledged(number, base, &mut self.history) {
                        self.summary.acknowledged += 1;
                        self.trace.line(format_args!("{index} hears {number} is in at {base}"));
                    }
                }
                // It asks again in the next life.
                Err(AppendError::TimedOut | AppendError::NotLeader) => {}
                Err(error) => {
                    let text = format!("producer {index}, batch {number}: {error}");
                    return Err(Broken::correctness("producers_are_not_refused", text).into());
                }
            }
        }
        Ok(())
    }

    fn consume(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        for batch in node.consume(self.consumed_to, 4_000)? {
            self.consumed_to = batch.end;
            self.summary.consumed += 1;
            if batch.base >= self.history.deleted_to {
                self.history.seen.insert(batch.base, batch);
            }
        }
        self.trace.line(format_args!("consumed to {}", self.consumed_to));
        Ok(())
    }

    fn delete_records(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        let mark = node.log().high_watermark();
        let back = i64::try_from(self.random.below(40)).unwrap_or(0);
        let Some(before) = Offset::from_wire(mark.to_wire() - back) else { return Ok(()) };
        self.history.forget_below(before);
        self.trace.line(format_args!("delete records before {before}"));
        node.step(Input::DeleteRecords { ticket: (0, 0), before: Some(before) })
    }

    fn wait(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        self.clock.advance(Duration::from_millis(self.random.below(2_000)));
        node.tick()
    }

    fn check(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        let contents = node.contents()?;
        invariants::check_leader_log(&self.history, &contents)?;
        Ok(())
    }
}
