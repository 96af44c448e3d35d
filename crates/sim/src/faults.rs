//! One broker on a disk that does all that disks may: it loses and tears what was not synced, fails to read, write and
//! sync, is full, slow and dies in the middle of anything; and between two lives of the process, on copies of the disk,
//! what is stored rots. Idempotent producers with several batches in flight send again what is not answered, one consumer
//! reads along, another begins at the log's start.

mod clients;
mod damage;
mod weather;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use io::{Clock, SimDisk};
use model::{
    BrokerId, Instant, LeaderEpoch, Offset, PartitionEpoch, ProducerId, SeededRandom, Sequence,
};
use replica::{Input, LeaderSettings, LeaderTerm, ProducerStates};

use self::clients::Producer;
use crate::clock::SimClock;
use crate::counts::counts;
use crate::failure::Broken;
use crate::history::History;
use crate::invariants;
use crate::node::{Node, NodeConfig};
use crate::planted::Planted;
use crate::producer::ModelProducer;
use crate::segment_files::read_segments;
use crate::stop::{Reason, Stop};
use crate::store::{StoreConfig, WrittenGroup};
use crate::trace::Trace;

/// How hard a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultOptions {
    /// Lives of the process.
    pub lives: u64,
    /// How often stored data rots before each of them.
    pub damages: u64,
    /// The power goes at this disk operation of the first life, counted from 1; else by chance.
    pub cut_at: Option<u64>,
    pub planted: Planted,
}

impl Default for FaultOptions {
    fn default() -> Self {
        Self { lives: 8, damages: 3, cut_at: None, planted: Planted::default() }
    }
}

counts! {
    /// What a run did: a run that did nothing proves nothing.
    pub struct FaultSummary {
        pub power_cuts,
        pub kills,
        pub clean_stops,
        /// Lives that an error of the disk ended.
        pub failures,
        pub acknowledged,
        /// Answers that were lost on the way.
        pub answers_lost,
        pub sent_again,
        /// Produces answered with an error because of the disk.
        pub refused,
        pub timed_out,
        pub consumed,
        /// Read by the consumer that begins at the log's start.
        pub consumed_again,
        pub lookups,
        pub files_lost,
        pub files_torn,
        pub read_errors,
        pub write_errors,
        pub sync_errors,
        pub slow_syncs,
        pub filled,
        /// Reads while the disk was full.
        pub reads_when_full,
        pub room_again,
        pub flips,
        pub misdirected,
        /// Damage that was found: a start or a read was refused, and the place named.
        pub damage_found,
        /// Damage that cost nothing: to what is not needed, or is made again.
        pub damage_harmless,
        /// Damage to the last group of the write-ahead log, which nothing can tell from one that was never written.
        pub damage_to_the_last_group,
    }
}

/// Which producer and which of its batches waits.
type Ticket = (usize, u64);

const PRODUCER_COUNT: usize = 3;

pub(crate) struct World<'a> {
    options: FaultOptions,
    random: SeededRandom,
    disk: SimDisk,
    clock: SimClock,
    config: NodeConfig,
    producers: Vec<Producer>,
    /// All that was ever sent, by producer and sequence.
    sent: BTreeMap<(ProducerId, i32), Arc<[u8]>>,
    history: History,
    leader_epoch: LeaderEpoch,
    /// Where the consumer is that reads along, and the one that began at the log's start.
    reader: Offset,
    late_reader: Option<Offset>,
    /// The device is at work on a slow sync until then.
    busy_until: Instant,
    /// Rounds of looking for room since there is some.
    looks_for_room: Option<u64>,
    durable_end: Offset,
    /// What the last life knew of them.
    producers_before: ProducerStates,
    groups: VecDeque<WrittenGroup>,
    summary: FaultSummary,
    trace: &'a mut Trace,
}

pub(crate) fn run(
    seed: u64,
    options: FaultOptions,
    trace: &mut Trace,
) -> Result<FaultSummary, Broken> {
    let mut random = SeededRandom::new(seed);
    let disk = SimDisk::new(random.next_u64());
    disk.allow_direct(random.one_in(2));
    let producers = (0..PRODUCER_COUNT)
        .filter_map(|index| ProducerId::from_wire(i64::try_from(index).ok()?))
        .map(|id| Producer::new(ModelProducer::new(id, random.fork())))
        .collect();
    let config = NodeConfig {
        store: StoreConfig::small(&mut random, options.planted.storage),
        leader: LeaderSettings { planted: options.planted.replica, ..LeaderSettings::default() },
        waits_for_commit: true,
    };
    let mut world = World {
        options,
        random,
        disk,
        clock: SimClock::new(),
        config,
        producers,
        sent: BTreeMap::new(),
        history: History::default(),
        leader_epoch: LeaderEpoch::ZERO,
        reader: Offset::ZERO,
        late_reader: None,
        busy_until: Instant::ZERO,
        looks_for_room: None,
        durable_end: Offset::ZERO,
        producers_before: ProducerStates::default(),
        groups: VecDeque::new(),
        summary: FaultSummary::default(),
        trace,
    };
    for _ in 0..options.lives {
        world.live()?;
        world.rot()?;
    }
    world.last_life()?;
    Ok(world.summary())
}

impl World<'_> {
    fn summary(&self) -> FaultSummary {
        let troubles = self.disk.troubles();
        FaultSummary {
            files_lost: troubles.lost,
            files_torn: troubles.torn,
            read_errors: troubles.read_errors,
            write_errors: troubles.write_errors,
            sync_errors: troubles.sync_errors,
            slow_syncs: troubles.slow_syncs,
            ..self.summary
        }
    }

    /// One life of the process, to whatever ends it.
    fn live(&mut self) -> Result<(), Broken> {
        self.order_weather();
        let mut ended = match self.start() {
            Ok(mut node) => {
                let worked = self.work(&mut node);
                self.end(node, worked)
            }
            Err(stop) => Err(stop),
        };
        if let Err(Stop::Storage(refusal)) = &ended
            && refusal.reason == Reason::Full
        {
            // A start on a disk without any room may be refused.
            self.trace.line("no room to start");
            self.disk.set_capacity(None);
            self.disk.restart();
            ended = Ok(());
        }
        invariants::no_sync_is_tried_again(self.disk.troubles().syncs_again)?;
        match ended {
            Ok(()) => Ok(()),
            Err(Stop::Broken(broken)) => Err(broken),
            Err(Stop::PowerCut) => {
                self.summary.power_cuts += 1;
                self.trace.line("power cut");
                self.disk.power_on();
                Ok(())
            }
            Err(Stop::Storage(refusal)) if refusal.reason == Reason::Failed => {
                self.summary.failures += 1;
                self.trace.line(format_args!("failed: {}", refusal.text));
                self.disk.clear_faults();
                // A failed process is started again by itself, or with its machine.
                if self.random.one_in(2) {
                    self.disk.restart()
                } else {
                    self.disk.power_on()
                }
                Ok(())
            }
            // Nothing is damaged here.
            Err(Stop::Storage(refusal)) => Err(refusal.into()),
        }
    }

    fn start(&mut self) -> Result<Node<Ticket>, Stop> {
        let mut node = self.start_on(self.disk.clone())?;
        self.groups.clear();
        self.leader_epoch =
            self.leader_epoch.next().ok_or_else(|| Broken::crash("no leader epoch is left"))?;
        let me = node.id();
        let contents = node.contents()?;
        let producers = node.log().producers();
        invariants::producers_agree(producers, &contents)?;
        invariants::producers_survive(&self.producers_before, producers, &contents)?;
        invariants::indexes_agree(&read_segments(&self.disk)?)?;
        node.lead(LeaderTerm {
            me,
            leader_epoch: self.leader_epoch,
            partition_epoch: PartitionEpoch::ZERO,
            replicas: vec![me],
            in_sync: vec![me],
        })?;
        let (start, end) = (contents.log_start, contents.log_end);
        self.trace.line(format_args!("start: log {start}..{end}"));
        self.check(&mut node)?;
        self.producers.iter_mut().for_each(Producer::must_send_again);
        Ok(node)
    }

    fn start_on(&self, disk: SimDisk) -> Result<Node<Ticket>, Stop> {
        let me = BrokerId::from_wire(0).ok_or_else(|| Broken::crash("broker id"))?;
        Node::start(me, disk, self.clock.clone(), self.config)
    }

    fn work(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        loop {
            self.clock.advance(Duration::from_micros(self.random.below(20_000)));
            let done = match self.random.below(100) {
                0..30 => self.produce(node),
                30..72 => self.commit(node),
                72..78 => self.consume(node),
                78..81 => self.consume_from_start(node),
                81..85 => node.drain(),
                85..88 => node.checkpoint(),
                88 => self.delete_records(node),
                89..92 => self.wait(node),
                92..95 => self.send_again(node),
                95 => self.fill_disk(node),
                96 => self.check_at_rest(node),
                97 if self.random.one_in(6) => return Ok(()),
                _ => self.look_for_room(node),
            };
            self.full_is_no_failure(node, done)?;
            self.answers(node)?;
            if node.is_off() {
                return Err(Stop::PowerCut);
            }
        }
    }

    /// The committer, which a slow device keeps waiting.
    fn commit(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        match self.random.below(3) {
            0 => node.begin_group(),
            1 => {
                node.write_group();
                let delay = self.disk.take_delay();
                if !delay.is_zero() {
                    self.busy_until = self.clock.now().plus(delay);
                }
                Ok(())
            }
            _ if self.clock.now() < self.busy_until => Ok(()),
            _ => node.end_group(),
        }
    }

    fn delete_records(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        let mark = node.log().high_watermark();
        let back = i64::try_from(self.random.below(60)).unwrap_or(0);
        let Some(before) = Offset::from_wire(mark.to_wire() - back) else { return Ok(()) };
        self.history.forget_below(before);
        self.trace.line(format_args!("delete records before {before}"));
        node.step(Input::DeleteRecords { ticket: (0, 0), before: Some(before) })
    }

    fn wait(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        let long = if self.random.one_in(4) { 20_000 } else { 1_000 };
        self.clock.advance(Duration::from_millis(self.random.below(long)));
        node.tick()
    }

    fn check(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        let contents = node.contents()?;
        invariants::check_leader_log(&self.history, &contents)?;
        for _ in 0..6 {
            let count = contents.batches.len() as u64;
            let index = usize::try_from(self.random.below(count)).unwrap_or(0);
            let Some(batch) = contents.batches.get(index) else { break };
            invariants::offsets_are_found(node.store(), &contents, batch)?;
            let off = i64::try_from(self.random.below(3)).unwrap_or(0) - 1;
            let target = batch
                .max_timestamp
                .and_then(|time| model::Timestamp::from_millis(time.as_millis() + off));
            if let Some(target) = target {
                invariants::times_are_found(node.store(), &contents, target)?;
            }
            self.summary.lookups += 1;
        }
        Ok(())
    }

    /// All is committed and carried out, so the files say what memory does.
    fn check_at_rest(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        node.commit_all()?;
        node.drain()?;
        invariants::indexes_agree(&read_segments(&self.disk)?)?;
        self.check(node)
    }

    /// With nothing going wrong any more, all that is in flight is answered.
    fn last_life(&mut self) -> Result<(), Broken> {
        self.disk.set_capacity(None);
        self.disk.slow_syncs(0, Duration::ZERO);
        self.disk.clear_faults();
        self.trace.line("the last life");
        let done = self.start().and_then(|mut node| {
            for _ in 0..20 {
                self.send_all(&mut node)?;
                node.commit_all()?;
                self.answers(&mut node)?;
            }
            self.check_at_rest(&mut node)
        });
        match done {
            Ok(()) => {}
            Err(Stop::Broken(broken)) => return Err(broken),
            Err(Stop::Storage(refusal)) => return Err(refusal.into()),
            Err(Stop::PowerCut) => return Err(Broken::crash("power cut out of its time")),
        }
        match self.in_flight_count() {
            0 => Ok(()),
            waiting => {
                let text = format!("{waiting} batches are not answered");
                Err(Broken::liveness("all_is_answered", text))
            }
        }
    }
}

/// For keys of maps.
fn raw(sequence: Option<Sequence>) -> i32 {
    sequence.map_or(-1, Sequence::to_wire)
}
