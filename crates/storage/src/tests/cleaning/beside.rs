//! Cleanings, step by step, beside everything else that a log goes through, with crashes at random disk operations.

use model::Offset;

use super::keyed::*;
use crate::tests::world::*;
use crate::*;

const SEEDS: u64 = 200;
const LIVES: u64 = 3;

struct Beside {
    log: Keyed,
    cleaning: Option<Cleaning>,
    /// All before it is sure to survive.
    durable: Offset,
    /// What a cleaning went by must not be cut off: it was committed.
    committed: Offset,
    /// What may have been written too, if a cut that crashed was not carried out.
    uncut: Option<Vec<Record>>,
    did: Did,
}

#[derive(Default)]
struct Did {
    crashes: u64,
    cleanings: u64,
    given_up: u64,
    cuts: u64,
}

impl Beside {
    fn new(seed: u64) -> Self {
        let durability = if seed % 4 == 3 { Durability::Os } else { Durability::Fsync };
        let config = LogConfig { segment_bytes: 2 << 10, durability, ..compacted() };
        Self {
            log: Keyed::new(seed, config),
            cleaning: None,
            durable: Offset::ZERO,
            committed: Offset::ZERO,
            uncut: None,
            did: Did::default(),
        }
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.log.random.below(bound)
    }

    fn step(&mut self) -> Result<()> {
        self.log.now += 20;
        match self.below(40) {
            0..=15 => {
                let producer = Some(i64::try_from(self.below(3)).unwrap() + 1);
                self.log.put_random(12, producer);
            }
            16..=19 => self.commit()?,
            20 => drop(self.log.world.dir.lane().drain_step(DrainGoal::All)?),
            21..=22 => self.seal()?,
            // Of `os` topics they are known to files before they are known to a checkpoint.
            23 if !self.is_os() => self.raise_start()?,
            24 if !self.is_os() => self.truncate()?,
            _ => {
                for _ in 0..8 {
                    self.clean()?;
                }
            }
        }
        if self.log.world.dir.lane().must_pause() {
            self.seal()?;
        }
        Ok(())
    }

    fn is_os(&self) -> bool {
        self.log.world.config.durability == Durability::Os
    }

    fn commit(&mut self) -> Result<()> {
        let end = self.log.end();
        self.log.world.commit()?;
        self.log.world.dir.sync_direct_writes()?;
        self.durable = end;
        self.uncut = None;
        Ok(())
    }

    fn seal(&mut self) -> Result<()> {
        let end = self.log.end();
        self.log.seal()?;
        self.durable = end;
        self.uncut = None;
        Ok(())
    }

    fn raise_start(&mut self) -> Result<()> {
        let start = self.log.world.partitions[0].borrow().log.log_start();
        let more = u32::try_from(self.below(40)).unwrap();
        let start = start.plus(more).unwrap().min(self.durable);
        let deleted = {
            let partition = &mut *self.log.world.partitions[0].borrow_mut();
            partition.log.raise_start(start, &partition.producers)
        };
        match deleted.and_then(|deleted| deleted.write) {
            Some(write) => write.run().map(|_| ()),
            None => Ok(()),
        }
    }

    fn truncate(&mut self) -> Result<()> {
        let start = self.log.world.partitions[0].borrow().log.log_start();
        let floor = self.committed.max(start);
        let back = self.below(30).min(self.log.end().records_since(floor));
        let end = offset(self.log.end().to_wire() - i64::try_from(back).unwrap());
        let search = self.log.world.partitions[0].borrow().log.search_truncation(end);
        let Some(search) = search else { return Ok(()) };
        let truncation = search.run()?;
        let end = truncation.end();
        if end < floor {
            return Ok(());
        }
        self.uncut = Some(self.log.written.clone());
        self.durable = self.durable.min(end);
        self.log.written.retain(|record| record.0 < end);
        self.did.cuts += 1;
        let write = {
            let mut partition = self.log.world.partitions[0].borrow_mut();
            let write = partition.log.truncate(truncation);
            partition.epochs.truncate_to(end);
            write
        };
        if let Some(write) = write {
            write.run()?;
        }
        let scan = self.log.world.partitions[0].borrow().log.scan_producers(end);
        self.take_producers(scan.run()?);
        self.commit()
    }

    fn take_producers(&mut self, producers: replica::ProducerStates) {
        let next = |id| {
            let state = producers.get(model::ProducerId::from_wire(id).unwrap());
            let last = state.and_then(replica::ProducerState::last_sequence);
            last.map_or(0, |last| last.to_wire() + 1)
        };
        self.log.sequences = (1..=3).map(|id| (id, next(id))).collect();
        self.log.world.partitions[0].borrow_mut().producers = producers;
    }

    fn clean(&mut self) -> Result<()> {
        let Some(cleaning) = &mut self.cleaning else {
            let Some(of) = self.log.cleanable() else { return Ok(()) };
            if of.dirty_bytes() > 0 {
                let producers = LastRecords::of(&self.log.world.partitions[0].borrow().producers);
                self.committed = self.committed.max(of.upper);
                let now = wall(self.log.now);
                self.cleaning = Some(Cleaning::new(of, producers, &SETTINGS, now));
            }
            return Ok(());
        };
        match cleaning.step()? {
            CleanStep::Worked(_) => {}
            CleanStep::Replace(new) => {
                let taken = self.log.world.partitions[0].borrow_mut().log.replace(*new);
                if !cleaning.replaced(taken)? {
                    self.did.given_up += 1;
                    self.cleaning = None;
                }
            }
            CleanStep::Done(to) => {
                self.log.world.dir.note_cleaned(cleaning.name(), to)?;
                self.cleaning = None;
                self.did.cleanings += 1;
            }
        }
        Ok(())
    }

    fn live(&mut self, seed: u64) {
        let after = 1 + self.below(500);
        self.log.world.disk.crash_after(after);
        let mut steps = 0;
        while steps < 2_000 && !self.log.world.disk.is_off() && self.step().is_ok() {
            steps += 1;
        }
        assert!(self.log.world.disk.is_off(), "seed {seed}: an error without a crash");
        self.did.crashes += 1;
        self.cleaning = None;
        if self.log.random.one_in(3) {
            self.log.world.disk.restart();
        } else {
            self.log.world.disk.power_on();
        }
        self.log.world.reopen().unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        self.check(seed);
    }

    fn check(&mut self, seed: u64) {
        let (start, end) = {
            let partition = self.log.world.partitions[0].borrow();
            (partition.log.log_start(), partition.log.log_end())
        };
        assert!(end >= self.durable, "seed {seed}: {end} is before {}", self.durable);
        let read: Vec<Record> =
            self.log.read().into_iter().filter(|record| record.0 >= start).collect();
        let within = |written: &Vec<Record>| -> Vec<Record> {
            let kept = written.iter().filter(|record| record.0 >= start && record.0 < end);
            kept.cloned().collect()
        };
        let fits = |written: &Vec<Record>| {
            let within = within(written);
            table(&read) == table(&within) && read.iter().all(|record| within.contains(record))
        };
        if !fits(&self.log.written) {
            let uncut = self.uncut.take().filter(fits);
            self.log.written = uncut.unwrap_or_else(|| panic!("seed {seed}: records are lost"));
        }
        self.uncut = None;
        self.log.written.retain(|record| record.0 < end);
        self.durable = end;
        let producers = self.log.world.partitions[0].borrow().producers.clone();
        self.take_producers(producers);
    }
}

#[test]
fn a_log_that_is_cleaned_beside_all_else_loses_nothing() {
    let mut all = Did::default();
    for seed in 0..SEEDS {
        let mut beside = Beside::new(seed);
        // The name of the partition's directory is not what is looked at here.
        beside.log.put_random(12, None);
        beside.seal().unwrap();
        for _ in 0..LIVES {
            beside.live(seed);
        }
        let did = beside.did;
        all.crashes += did.crashes;
        all.cleanings += did.cleanings;
        all.given_up += did.given_up;
        all.cuts += did.cuts;
    }
    assert!(all.crashes == SEEDS * LIVES && all.cleanings > 1_000, "{} cleanings", all.cleanings);
    assert!(all.given_up > 10 && all.cuts > 250, "{} given up, {} cuts", all.given_up, all.cuts);
}
