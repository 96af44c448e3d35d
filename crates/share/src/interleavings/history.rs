use std::time::Duration;

use group::{MemberId, Ticket};
use model::{Instant, LeaderEpoch, Offset, SeededRandom};

use super::model::Model;
use super::partition_log::PartitionLog;
use super::state_store::StateStore;
use super::{Broken, check};
use crate::samples::{member, range};
use crate::{
    AcknowledgeType, AcknowledgementBatch, Acquire, AcquireMode, DeadLetter, Effect, Effects,
    OffsetRange, Opening, Planted, SharePartition, ShareSettings, StateWrite, WriteError,
};

const LOCK: Duration = Duration::from_secs(30);
const LOCK_COUNT_MAX: u32 = 20;

/// One history: the log, the coordinator, the leader, perhaps the one before it, and the model that watches.
pub(super) struct History {
    random: SeededRandom,
    log: PartitionLog,
    store: StateStore,
    leaders: Vec<Leader>,
    next_life: u32,
    settings: ShareSettings,
    model: Model,
    members: Vec<MemberId>,
    now: Instant,
    next_ticket: u64,
    /// A write happened that was said to have failed.
    is_in_doubt: bool,
    first_start: Option<Offset>,
    pub(super) counts: Counts,
}

/// The last one leads; one before it does not know yet.
struct Leader {
    life: u32,
    partition: SharePartition,
    write: Option<StateWrite>,
    letters: Vec<DeadLetter>,
    is_gone: bool,
}

/// What has happened, so that no history is empty.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    acquired: u64,
    again: u64,
    done: u64,
    refused: u64,
    failed: u64,
    in_doubt: u64,
    fenced: u64,
    lives: u64,
    letters: u64,
    locks_ended: u64,
    reloads: u64,
}

impl Counts {
    fn all(&self) -> [u64; 11] {
        let Self { acquired, again, done, refused, failed, in_doubt, .. } = *self;
        let Self { fenced, lives, letters, locks_ended, reloads, .. } = *self;
        [
            acquired,
            again,
            done,
            refused,
            failed,
            in_doubt,
            fenced,
            lives,
            letters,
            locks_ended,
            reloads,
        ]
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.acquired += other.acquired;
        self.again += other.again;
        self.done += other.done;
        self.refused += other.refused;
        self.failed += other.failed;
        self.in_doubt += other.in_doubt;
        self.fenced += other.fenced;
        self.lives += other.lives;
        self.letters += other.letters;
        self.locks_ended += other.locks_ended;
        self.reloads += other.reloads;
    }

    pub(super) fn assert_that_all_happened(&self) {
        assert!(self.all().iter().all(|count| *count > 1_000), "{self:?}");
    }
}

impl History {
    pub(super) fn new(seed: u64, planted: Planted) -> Self {
        let mut random = SeededRandom::new(seed);
        let settings = ShareSettings {
            record_lock_count_max: LOCK_COUNT_MAX,
            record_lock_duration: LOCK,
            delivery_count_limit: 2 + u16::try_from(random.below(5)).unwrap(),
            renew_allowed: true,
            dead_letters: random.one_in(2),
            planted,
        };
        let log = PartitionLog::new(Offset::ZERO);
        let model = Model::new(settings.delivery_count_limit, random.one_in(2));
        let mut history = Self {
            random,
            log,
            store: StateStore::new(planted),
            leaders: Vec::new(),
            next_life: 0,
            settings,
            model,
            members: ["ann", "bob", "eve"].map(member).to_vec(),
            now: Instant::from_millis(1),
            next_ticket: 0,
            is_in_doubt: false,
            first_start: None,
            counts: Counts::default(),
        };
        history.begin_life();
        history
    }

    pub(super) fn step(&mut self) -> Result<(), Broken> {
        let which = self.some_leader();
        match self.random.below(32) {
            0..4 => self.log.append(&mut self.random),
            4..12 => self.acquire(which)?,
            12..20 => self.acknowledge(which)?,
            20..25 => self.finish_write(which)?,
            25 => self.finish_letter(which)?,
            26 => self.release(which)?,
            27..29 => self.pass()?,
            29 if self.random.one_in(3) => self.log.compact(&mut self.random),
            29 if self.random.one_in(4) => self.log.move_start(&mut self.random),
            30 if self.random.one_in(3) => self.begin_life(),
            31 if self.random.one_in(3) => {
                self.store.reload()?;
                self.counts.reloads += 1;
            }
            _ => self.finish_write(which)?,
        }
        self.watch()
    }

    /// Mostly the one that leads.
    fn some_leader(&mut self) -> usize {
        let last = self.leaders.len() - 1;
        if self.random.one_in(4) { last.saturating_sub(1) } else { last }
    }

    /// A new leader; the old one is not told, or is dead.
    fn begin_life(&mut self) {
        let life = self.next_life;
        self.next_life += 1;
        let leader_epoch = LeaderEpoch::from_wire(i32::try_from(life).unwrap()).unwrap();
        let read = self.store.read(leader_epoch);
        let start = read.start_offset.unwrap_or(self.log.start).max(self.log.start);
        self.first_start.get_or_insert(start);
        let opening = Opening {
            life: life.into(),
            state_epoch: read.state_epoch,
            leader_epoch,
            start_offset: start,
            is_start_new: read.start_offset.is_none(),
            batches: read.batches,
        };
        let mut out = Effects::default();
        let partition = SharePartition::open(opening, self.settings, &mut out).unwrap();
        let keeps = usize::from(self.random.one_in(2));
        while self.leaders.len() > keeps {
            let dead = self.leaders.remove(0);
            self.model.forget_life(dead.life);
        }
        let (write, letters) = (None, Vec::new());
        self.leaders.push(Leader { life, partition, write, letters, is_gone: false });
        self.counts.lives += 1;
        self.model.begin_life(life);
        let which = self.leaders.len() - 1;
        self.carry_out(which, out).unwrap();
    }

    fn acquire(&mut self, which: usize) -> Result<(), Broken> {
        let member = self.some_member();
        let mode = match self.random.below(2) {
            0 => AcquireMode::RecordLimit,
            _ => AcquireMode::BatchOptimized,
        };
        let most = 1 + u32::try_from(self.random.below(25)).unwrap();
        let batch_count = 1 + usize::try_from(self.random.below(5)).unwrap();
        self.acquire_as(which, &member, mode, most, batch_count)
    }

    fn acquire_as(
        &mut self,
        which: usize,
        member: &MemberId,
        mode: AcquireMode,
        record_count_max: u32,
        batch_count: usize,
    ) -> Result<(), Broken> {
        let leader = &mut self.leaders[which];
        let mut out = Effects::default();
        leader.partition.log_start_moved(self.log.start, &mut out);
        self.carry_out(which, out)?;
        let leader = &mut self.leaders[which];
        let fetch_offset = leader.partition.next_fetch_offset();
        let fetched = self.log.read(fetch_offset, batch_count);
        let aborted = match self.model.committed_only {
            true => self.log.aborted_in(&fetched),
            false => Vec::new(),
        };
        let batch_size = 1 + u32::try_from(self.random.below(10)).unwrap();
        let request = Acquire {
            member,
            mode,
            record_count_max,
            batch_size,
            fetch_offset,
            fetched: &fetched,
            aborted: &aborted,
        };
        let mut out = Effects::default();
        let before = leader.partition.in_flight_count();
        let acquired = leader.partition.acquire(self.now, &request, &mut out);
        let in_flight = leader.partition.in_flight_count();
        let rows = acquired.records;
        let count: u64 = rows.iter().map(|row| row.range.count()).sum();
        let again = rows.iter().filter(|row| row.delivery_count > 1);
        self.counts.again += again.map(|row| row.range.count()).sum::<u64>();
        self.counts.acquired += count;
        if mode == AcquireMode::RecordLimit {
            let fits = count <= u64::from(record_count_max);
            check(fits, "a record limit is kept", || format!("{count}"))?;
        }
        // The last batch of six may go beyond, and an earlier leader's holes are not known to be such.
        let fits = in_flight <= before.max(u64::from(LOCK_COUNT_MAX) + 5);
        check(fits, "no more in flight than locks", || format!("{in_flight}"))?;
        let life = leader.life;
        self.model.acquired(life, self.now, self.now.plus(LOCK), member, &rows, &self.log)?;
        self.carry_out(which, out)
    }

    /// About what the member holds, or something else.
    fn acknowledge(&mut self, which: usize) -> Result<(), Broken> {
        let member = self.some_member();
        let held = self.model.held_by(self.leaders[which].life, &member);
        let mut batches: Vec<AcknowledgementBatch> = Vec::new();
        for at in held {
            let at = at.to_wire();
            if self.random.one_in(3) {
                continue;
            }
            let kind = self.some_type();
            match batches.last_mut() {
                Some(last) if last.range.end().to_wire() == at && !self.random.one_in(4) => {
                    last.range = range(last.range.first().to_wire(), at);
                    last.types.push(kind);
                }
                _ => batches.push(AcknowledgementBatch { range: range(at, at), types: vec![kind] }),
            }
        }
        for batch in &mut batches {
            if self.random.one_in(2) {
                batch.types.truncate(1);
            }
        }
        if batches.is_empty() || self.random.one_in(10) {
            let at = i64::try_from(self.random.below(60)).unwrap();
            let types = vec![self.some_type()];
            batches = vec![AcknowledgementBatch { range: range(at, at + 2), types }];
        }
        self.acknowledge_as(which, &member, &batches)
    }

    fn acknowledge_as(
        &mut self,
        which: usize,
        member: &MemberId,
        batches: &[AcknowledgementBatch],
    ) -> Result<(), Broken> {
        self.next_ticket += 1;
        let ticket = Ticket(self.next_ticket);
        let leader = &mut self.leaders[which];
        let start = leader.partition.start_offset();
        let plan = batches.iter().flat_map(|batch| {
            let type_of = |index: usize| *batch.types.get(index).unwrap_or(&batch.types[0]);
            let each = super::model::each(batch.range).enumerate();
            let one =
                |(index, at): (usize, Offset)| (OffsetRange::new(at, at).unwrap(), type_of(index));
            each.filter(|(_, at)| *at >= start).map(one).collect::<Vec<_>>()
        });
        let (life, plan) = (leader.life, plan.collect());
        let mut out = Effects::default();
        leader.partition.acknowledge(self.now, ticket, member, batches, &mut out);
        self.model.acknowledges(life, ticket, plan, self.now.plus(LOCK));
        self.carry_out(which, out)?;
        self.model.waits(life, ticket);
        Ok(())
    }

    /// The coordinator has the write, or not; the leader hears so, or of a failure.
    fn finish_write(&mut self, which: usize) -> Result<(), Broken> {
        let Some(write) = self.leaders[which].write.take() else { return Ok(()) };
        let result = match self.random.below(8) {
            0 => {
                self.counts.failed += 1;
                Err(WriteError::CoordinatorNotAvailable)
            }
            1 => self.store.write(&write).and_then(|()| {
                self.counts.in_doubt += 1;
                self.is_in_doubt = true;
                Err(WriteError::Failed)
            }),
            _ => self.store.write(&write),
        };
        self.told(which, &write, result)
    }

    fn told(
        &mut self,
        which: usize,
        write: &StateWrite,
        result: Result<(), WriteError>,
    ) -> Result<(), Broken> {
        if result.is_ok() && !self.is_in_doubt && which + 1 == self.leaders.len() {
            let (told, is) = (self.store.told_complete_count(), self.store.complete_count());
            check(told == Some(is), "complete records are counted", || {
                format!("{told:?}, not {is}")
            })?;
        }
        let mut out = Effects::default();
        let leader = &mut self.leaders[which];
        leader.partition.write_done(self.now, write.id, result, &mut out);
        self.carry_out(which, out)
    }

    fn finish_letter(&mut self, which: usize) -> Result<(), Broken> {
        let leader = &mut self.leaders[which];
        let Some(letter) = leader.letters.pop() else { return Ok(()) };
        let mut out = Effects::default();
        leader.partition.dead_letters_done(&[letter.range], &mut out);
        self.counts.letters += letter.range.count();
        self.carry_out(which, out)
    }

    fn release(&mut self, which: usize) -> Result<(), Broken> {
        let member = self.some_member();
        let leader = &mut self.leaders[which];
        let mut out = Effects::default();
        leader.partition.release_member(&member, &mut out);
        self.model.released(leader.life, &member);
        self.carry_out(which, out)
    }

    fn pass(&mut self) -> Result<(), Broken> {
        // In whole seconds, so that it is clear which locks are over.
        let seconds = self.random.below(20);
        self.now = self.now.plus(Duration::from_secs(seconds));
        for which in 0..self.leaders.len() {
            let leader = &mut self.leaders[which];
            let before = leader.partition.next_fetch_offset();
            let mut out = Effects::default();
            leader.partition.time_passed(self.now, &mut out);
            self.counts.locks_ended += u64::from(leader.partition.next_fetch_offset() < before);
            self.carry_out(which, out)?;
        }
        Ok(())
    }

    fn carry_out(&mut self, which: usize, mut out: Effects) -> Result<(), Broken> {
        for effect in out.drain() {
            let leader = &mut self.leaders[which];
            match effect {
                Effect::Write(write) => {
                    let is_free = leader.write.replace(write).is_none();
                    check(is_free, "one write at a time", String::new)?;
                }
                Effect::Answer { ticket, result } => {
                    let counted = if result.is_ok() {
                        &mut self.counts.done
                    } else {
                        &mut self.counts.refused
                    };
                    *counted += 1;
                    self.model.answered(leader.life, ticket, result.is_ok())?;
                }
                Effect::DeadLetter(letter) => {
                    self.model.is_lettered(letter.range);
                    leader.letters.push(letter);
                }
                Effect::Fetchable => {}
                Effect::Fenced => {
                    self.counts.fenced += 1;
                    leader.is_gone = true;
                    leader.letters.clear();
                    self.model.nobody_waits(leader.life)?;
                }
            }
        }
        Ok(())
    }

    fn watch(&mut self) -> Result<(), Broken> {
        for leader in &self.leaders {
            let start = leader.partition.start_offset();
            self.model.start_is(leader.life, start, &self.log)?;
        }
        let last = self.leaders.last().unwrap();
        check(!last.is_gone, "who leads is not fenced", || format!("life {}", last.life))
    }

    /// No faults any more, and one member that accepts all: everything must come to an end.
    pub(super) fn come_to_rest(&mut self) -> Result<(), Broken> {
        while self.leaders.len() > 1 {
            let dead = self.leaders.remove(0);
            self.model.forget_life(dead.life);
        }
        let ann = self.members[0].clone();
        for _ in 0..300 {
            while let Some(write) = self.leaders[0].write.take() {
                let result = self.store.write(&write);
                self.told(0, &write, result)?;
            }
            while !self.leaders[0].letters.is_empty() {
                self.finish_letter(0)?;
            }
            self.acquire_as(0, &ann, AcquireMode::BatchOptimized, 50, 50)?;
            let held = self.model.held_by(self.leaders[0].life, &ann);
            for at in held {
                let range = OffsetRange::new(at, at).unwrap();
                let types = vec![AcknowledgeType::Accept];
                let ended = at < self.leaders[0].partition.start_offset();
                if !ended {
                    self.acknowledge_as(0, &ann, &[AcknowledgementBatch { range, types }])?;
                }
            }
            self.now = self.now.plus(Duration::from_secs(2));
            let mut out = Effects::default();
            self.leaders[0].partition.time_passed(self.now, &mut out);
            self.carry_out(0, out)?;
            self.watch()?;
        }
        let leader = &self.leaders[0];
        let (start, end) = (leader.partition.start_offset(), self.log.end);
        check(start == end, "everything is decided in the end", || format!("{start} of {end}"))?;
        check(leader.write.is_none(), "in the end all is written", || {
            format!("{:?}", leader.write)
        })?;
        self.model.nobody_waits(leader.life)?;
        self.model.all_delivered(self.first_start.unwrap(), &self.log)?;
        if self.settings.dead_letters {
            self.model.all_rejected_are_lettered(&self.log)?;
        }
        if !self.is_in_doubt {
            let lag = self.store.lag(end);
            check(lag == Some(0), "in the end there is no lag", || format!("{lag:?}"))?;
        }
        Ok(())
    }

    fn some_member(&mut self) -> MemberId {
        let which = usize::try_from(self.random.below(self.members.len() as u64)).unwrap();
        self.members[which].clone()
    }

    fn some_type(&mut self) -> AcknowledgeType {
        match self.random.below(10) {
            0..4 => AcknowledgeType::Accept,
            4..7 => AcknowledgeType::Release,
            7 => AcknowledgeType::Reject,
            8 => AcknowledgeType::Renew,
            _ => AcknowledgeType::Gap,
        }
    }
}
