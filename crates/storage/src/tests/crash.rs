//! Power cuts and kills at random disk operations, in the middle of everything that storage does.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use model::{LeaderEpoch, Offset, ProducerId, SeededRandom, TopicId, TopicName};
use replica::ProducerStates;

use super::world::*;
use crate::*;

const SEEDS: u64 = 1000;
const LIVES: u64 = 3;

/// What must have survived of one partition.
struct Expected {
    /// States that are allowed, oldest first: from the last that was acknowledged on.
    states: Vec<State>,
    was_deleted: bool,
}

/// One seed: lives of random work, each ended by a crash. `Err` names what was lost.
struct Run {
    world: World,
    random: SeededRandom,
    next_topic: u8,
    /// The topics that there are by the cluster's metadata, which lose nothing. `None`: logs are opened without.
    topics: Option<BTreeMap<TopicName, TopicId>>,
    os: Arc<LogConfig>,
    did: Did,
}

/// What a run did: one that did nothing proves nothing.
#[derive(Clone, Copy, Default)]
struct Did {
    cuts: u64,
    /// As bits.
    frame_types: u16,
}

impl Run {
    fn new(seed: u64, planted: bool) -> Self {
        let mut random = SeededRandom::new(seed);
        let mut lane = small_lane();
        lane.direct = random.one_in(2);
        if planted {
            lane.planted = Planted::of(PlantedBug::AckBeforeCommit);
        }
        let world = World::new(seed, lane, small_log());
        let os = Arc::new(LogConfig { durability: Durability::Os, ..small_log() });
        let topics = (seed % 2 == 1).then(BTreeMap::new);
        let mut run = Self { world, random, next_topic: 1, topics, os, did: Did::default() };
        for _ in 0..3 {
            run.create();
        }
        run
    }

    fn create(&mut self) {
        let topic = self.next_topic;
        self.next_topic += 1;
        // Names come again, as of topics that are deleted and made anew.
        let name = name(&format!("topic-{}", topic % 4), 0);
        let taken = |partition: &RefCell<Partition>| *partition.borrow().log.name() == name;
        if !self.world.partitions.iter().any(taken) {
            if let Some(topics) = &mut self.topics {
                topics.insert(name.topic.clone(), id(topic, 0).topic);
            }
            self.world.create(id(topic, 0), name);
        }
    }

    /// One random thing. An error is the crash.
    fn step(&mut self) -> Result<()> {
        let count = self.world.partitions.len() as u64;
        let index = usize::try_from(self.random.below(count.max(1))).unwrap();
        let choice = self.random.below(40);
        match choice {
            _ if count == 0 => self.create(),
            0..=15 => self.append(index, 1 + self.random.clone().below(600)),
            16 => {
                for _ in 0..3 {
                    self.append(index, 4000);
                }
            }
            17..=26 => self.commit()?,
            27..=29 => drop(self.world.dir.lane().drain_step(DrainGoal::All)?),
            30 => drop(self.world.dir.lane().drain_step(DrainGoal::Runs)?),
            31..=32 => self.world.checkpoint()?,
            33 => drop(self.world.dir.lane().prepare_step()?),
            34 => self.truncate(index)?,
            35 => self.raise_start(index),
            36 => self.reset_or_delete(index),
            37 => self.create(),
            38 => self.raise_epoch(index),
            _ => self.world.dir.lane().purge()?,
        }
        if self.world.dir.lane().must_pause() {
            self.world.checkpoint()?;
        }
        Ok(())
    }

    fn append(&mut self, index: usize, size: u64) {
        let records = 1 + u32::try_from(self.random.below(3)).unwrap();
        let _ = self.world.append(index, records, usize::try_from(size).unwrap());
    }

    fn commit(&mut self) -> Result<()> {
        self.world.dir.lane().commit(&mut Vec::new()).map(|_| ())
    }

    fn raise_epoch(&mut self, index: usize) {
        let mut partition = self.world.partitions[index].borrow_mut();
        let next = partition.epochs.latest().map_or(LeaderEpoch::ZERO, |last| last.next().unwrap());
        let end = partition.log.log_end();
        partition.epochs.assign(next, end);
    }

    fn note(&self, index: usize, state: State) {
        let sequence = self.world.dir.lane().newest_sequence();
        self.world.partitions[index].borrow_mut().history.push((sequence, state));
    }

    fn truncate(&mut self, index: usize) -> Result<()> {
        let mut state = self.world.partitions[index].borrow().now().clone();
        let length = state.end.records_since(state.start);
        let back = self.random.below(length.min(20) + 1);
        let end = offset(state.end.to_wire() - i64::try_from(back).unwrap());
        let search = self.world.partitions[index].borrow().log.search_truncation(end);
        let Some(search) = search else { return Ok(()) };
        let truncation = search.run()?;
        let across = state.batches.iter().find(|batch| end_of(batch) > end);
        let end = across.map_or(end, |batch| batch.0.min(end));
        assert_eq!(truncation.end(), end);
        state.batches.retain(|batch| end_of(batch) <= end);
        state.start = state.start.min(end);
        state.end = end;
        {
            let mut partition = self.world.partitions[index].borrow_mut();
            assert!(partition.log.truncate(truncation).is_none());
            partition.epochs.truncate_to(end);
        }
        self.note(index, state.clone());
        let scan = self.world.partitions[index].borrow().log.scan_producers(end);
        let producers = scan.run()?;
        assert_producers(&producers, &state);
        let mut partition = self.world.partitions[index].borrow_mut();
        partition.next_sequence = next_sequence(&producers);
        partition.producers = producers;
        Ok(())
    }

    fn raise_start(&mut self, index: usize) {
        let mut state = self.world.partitions[index].borrow().now().clone();
        let length = state.end.records_since(state.start);
        let start =
            offset(state.start.to_wire() + i64::try_from(self.random.below(length + 1)).unwrap());
        {
            let mut partition = self.world.partitions[index].borrow_mut();
            let partition = &mut *partition;
            let deleted = partition.log.raise_start(start, &partition.producers);
            let Some(deleted) = deleted else { return };
            assert_eq!(deleted.log_start, start);
            partition.epochs.start_at(start);
        }
        state.start = start;
        self.note(index, state);
    }

    fn reset_or_delete(&mut self, index: usize) {
        if self.random.one_in(2) {
            let end = self.world.partitions[index].borrow().log.log_end();
            let start = end.plus(u32::try_from(self.random.below(5)).unwrap()).unwrap();
            {
                let mut partition = self.world.partitions[index].borrow_mut();
                assert!(partition.log.reset_to(start).is_none());
                partition.epochs = replica::LeaderEpochs::default();
                partition.producers = ProducerStates::new(start);
                partition.next_sequence = 0;
            }
            self.note(index, State { start, end: start, batches: Vec::new() });
        } else {
            let mut partition = self.world.partitions.swap_remove(index).into_inner();
            if let Some(topics) = &mut self.topics {
                topics.remove(&partition.log.name().topic);
            }
            assert!(partition.log.delete().is_none());
        }
    }

    /// What the disk may hold now.
    fn expected(&self) -> Vec<(model::PartitionId, Expected)> {
        let durable = self.world.dir.lane().durable();
        let of = |partition: &RefCell<Partition>| {
            let partition = partition.borrow();
            let acknowledged =
                partition.history.iter().rposition(|(at, _)| *at <= durable).unwrap();
            let states = partition.history[acknowledged..].iter().map(|(_, state)| state.clone());
            let acknowledged_at = partition.history[acknowledged].0;
            let nothing_durable = acknowledged_at == LaneSequence::default()
                && partition.history[acknowledged].1.batches.is_empty();
            (
                partition.log.id(),
                Expected { states: states.collect(), was_deleted: nothing_durable },
            )
        };
        self.world.partitions.iter().map(of).collect()
    }

    /// Opens after the crash, with crashes in the middle of recovery too, and compares.
    fn recover(&mut self) -> std::result::Result<(), String> {
        let expected = self.expected();
        loop {
            if self.random.one_in(4) {
                self.world.disk.restart();
            } else {
                self.world.disk.power_on();
            }
            if self.random.one_in(3) {
                self.world.disk.crash_after(1 + self.random.below(60));
            }
            let opened = match &self.topics {
                Some(topics) => {
                    let config = Arc::clone(&self.world.config);
                    self.world.open_with(&Named { config: &config, topics })
                }
                None => self.world.open(),
            };
            if self.world.disk.is_off() {
                continue;
            }
            self.world.disk.crash_after(u64::MAX / 2);
            let opened = opened.map_err(|error| error.to_string())?;
            if let Some(failed) = opened.failed.first() {
                return Err(format!("{}: {}", failed.name, failed.error));
            }
            self.world.take_up(opened);
            break;
        }
        for (id, expected) in &expected {
            self.check(*id, expected)?;
        }
        let known = |partition: &RefCell<Partition>| {
            let id = partition.borrow().log.id();
            expected.iter().any(|(known, _)| *known == id)
        };
        if self.topics.is_some() && !self.world.partitions.iter().all(known) {
            return Err("a topic that the metadata do not have was opened".to_owned());
        }
        // A deletion that was not durable may have been lost: the metadata knows better, and it is done again.
        self.world.partitions.retain(|partition| {
            let partition = &mut partition.borrow_mut().log;
            let wanted = expected.iter().any(|(id, _)| *id == partition.id());
            assert!(wanted || partition.delete().is_none());
            wanted
        });
        Ok(())
    }

    fn check(
        &self,
        id: model::PartitionId,
        expected: &Expected,
    ) -> std::result::Result<(), String> {
        let Some(index) = self.world.index_of(id) else {
            let empty = expected.was_deleted;
            return if empty { Ok(()) } else { Err(format!("{id:?} is gone")) };
        };
        let partition = self.world.partitions[index].borrow();
        let found = partition.now();
        let same = |state: &&State| {
            let visible = |batch: &&Arc<(Offset, Vec<u8>)>| end_of(batch) > state.start;
            state.end == found.end
                && state.start == found.start
                && state.batches.iter().filter(visible).eq(found.batches.iter())
        };
        let Some(state) = expected.states.iter().find(same) else {
            let ends: Vec<_> = expected
                .states
                .iter()
                .map(|state| (state.start.to_wire(), state.end.to_wire()))
                .collect();
            return Err(format!(
                "{:?}: found {}..{}, allowed {ends:?}",
                partition.log, found.start, found.end
            ));
        };
        assert_producers(&partition.producers, state);
        Ok(())
    }

    fn live(&mut self) -> std::result::Result<(), String> {
        self.world.disk.crash_after(1 + self.random.below(400));
        let mut steps = 0;
        while self.step().is_ok() && steps < 3000 {
            steps += 1;
        }
        if !self.world.disk.is_off() && steps < 3000 {
            return Err("an error without a crash".to_owned());
        }
        self.did.cuts += u64::from(self.world.disk.is_off());
        self.did.frame_types |= self.world.dir.lane().frame_types();
        self.recover()
    }

    fn add_os_partition(&mut self) {
        let config = Arc::clone(&self.os);
        self.world.create_with(id(200, 0), name("os", 0), config);
    }
}

fn end_of(batch: &(Offset, Vec<u8>)) -> Offset {
    record::BatchView::parse(&batch.1).unwrap().header().next_offset()
}

fn next_sequence(producers: &ProducerStates) -> i32 {
    let state = producers.get(ProducerId::from_wire(7).unwrap());
    state.and_then(replica::ProducerState::last_sequence).map_or(0, |last| last.to_wire() + 1)
}

/// The windows are those of the batches that the log had since its last reset.
fn assert_producers(producers: &ProducerStates, state: &State) {
    let mut replayed = ProducerStates::new(state.start);
    for batch in &state.batches {
        let view = record::BatchView::parse(&batch.1).unwrap();
        replayed.replay(batch.0, &batch_facts(&view), None);
    }
    assert_eq!(producers.end(), state.end);
    // Of producers whose batches all lie before the log's start, a reader of the log may know nothing.
    if state.batches.last().is_some_and(|last| end_of(last) > state.start) {
        assert_eq!(
            next_sequence(producers),
            next_sequence(&replayed),
            "{} {} {:?}",
            state.start,
            state.end,
            state.batches.iter().map(|b| b.0).collect::<Vec<_>>()
        );
    }
}

fn run(seed: u64, planted: bool) -> std::result::Result<Did, String> {
    let mut run = Run::new(seed, planted);
    for _ in 0..LIVES {
        run.live().map_err(|lost| format!("seed {seed}: {lost}"))?;
    }
    Ok(run.did)
}

#[test]
fn a_thousand_power_cuts_lose_nothing_acknowledged() {
    let (mut cuts, mut frame_types, mut lost) = (0, 0, Vec::new());
    for seed in 0..SEEDS {
        match run(seed, false) {
            Ok(did) => {
                cuts += did.cuts;
                frame_types |= did.frame_types;
            }
            Err(text) => lost.push(text),
        }
    }
    assert_eq!(lost, Vec::<String>::new());
    assert!(cuts >= 1_000, "only {cuts} power cuts");
    // Types 1 to 7: batch, bulk, truncate, log start, reset, delete, name.
    assert_eq!(frame_types, 0b1_1111_1110, "some type of frame was never written");
}

#[test]
fn acknowledging_before_the_commit_is_caught() {
    let caught = (0..200).filter(|seed| run(*seed, true).is_err()).count();
    assert!(caught > 0);
}

#[test]
#[ignore = "for a person: seeds from FIRST_SEED on, as many as SEED_COUNT"]
fn more_seeds() {
    let number = |name| std::env::var(name).unwrap().parse::<u64>().unwrap();
    let first = number("FIRST_SEED");
    for seed in first..first + number("SEED_COUNT") {
        run(seed, false).unwrap();
    }
}

#[test]
fn one_seed_repeats_exactly() {
    let trace = |seed| {
        let mut run = Run::new(seed, false);
        run.live().unwrap();
        let ends =
            run.world.partitions.iter().map(|p| p.borrow().log.log_end()).collect::<Vec<_>>();
        (run.world.disk.operations(), ends)
    };
    assert_eq!(trace(11), trace(11));
}

#[test]
fn a_topic_of_durability_os_keeps_what_was_synced_and_whole_batches_only() {
    for seed in 0..200 {
        let mut run = Run::new(seed, false);
        run.add_os_partition();
        let index = run.world.partitions.len() - 1;
        run.world.disk.crash_after(20 + run.random.below(150));
        let mut synced = Offset::ZERO;
        loop {
            let appended = run.world.append(index, 1, 300);
            let Appended::Direct(Some(write)) = appended else { panic!("nobody else writes") };
            let Ok(Some(written)) = write.run() else { break };
            assert_eq!(written, run.world.partitions[index].borrow().log.log_end());
            if run.random.one_in(6) {
                if run.world.dir.sync_direct_writes().is_err() {
                    break;
                }
                synced = written;
            }
            if run.random.one_in(10) && run.world.checkpoint().is_err() {
                break;
            }
        }
        let history = run.world.partitions[index].borrow().now().clone();
        run.world.disk.power_on();
        run.world.reopen().unwrap();
        let Some(index) = run.world.index_of(id(200, 0)) else {
            assert_eq!(synced, Offset::ZERO, "seed {seed}");
            continue;
        };
        let partition = run.world.partitions[index].borrow();
        let found = partition.now();
        assert!(found.end >= synced, "seed {seed}: {} of {synced}", found.end);
        assert!(history.batches.starts_with(&found.batches), "seed {seed}");
    }
}

#[test]
fn a_checkpoint_does_not_vouch_for_what_another_thread_is_about_to_sync() {
    let mut world = World::plain();
    let os = LogConfig { durability: Durability::Os, ..small_log() };
    let index = world.create_with(id(1, 0), name("t", 0), Arc::new(os));
    let append = |world: &World| {
        let Appended::Direct(Some(write)) = world.append(index, 1, 500) else { unreachable!() };
        let _ = write.run().unwrap();
    };
    append(&world);
    world.checkpoint().unwrap();
    append(&world);
    // As a committer does at a change of durability: it has the files, and has not synced them yet.
    let files = Arc::clone(&world.partitions[index].borrow().log.files);
    let _not_synced = files.direct().take_dirty();
    world.checkpoint().unwrap();
    world.disk.crash_after(1);
    let _ = world.dir.lane().prepare_step();
    world.disk.power_on();
    world.reopen().unwrap();
    let end = world.partitions[0].borrow().log.log_end();
    assert!(end >= offset(1), "what was synced is gone: {end}");
}
