use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use io::Clock;
use model::{Instant, Offset, PartitionIndex, SeededRandom};
use parking_lot::Mutex;
use storage::LogDir;

use super::active::{Active, Clocks, Finished, How};
use super::alarm::Alarm;
use super::load::Loading;
use super::machine::{GoneTopic, Machine};
use super::members_memory::{MembersMemory, MembersTaken};
use super::record_batches::WriteFailed;
use super::reload_pause::ReloadPause;
use super::{CoordinatorLog, OnEffect, Settings, Unavailable};

/// Deadlines carried out under one hold of the lock, so that requests get their turn in between.
const DEADLINES_PER_LOCK: usize = 64;

/// After a log could not be read, until it is tried again.
const LOAD_RETRY_PAUSE: Duration =
    if cfg!(test) { Duration::from_millis(10) } else { Duration::from_secs(5) };

/// One partition of the coordinator's topic, as its leader.
pub(super) struct Shard<M: Machine> {
    partition: PartitionIndex,
    log: Arc<dyn CoordinatorLog>,
    clock: Arc<dyn Clock>,
    alarm: Arc<Alarm<M>>,
    /// The high watermark; held for an instant and never while waiting for anything else.
    committed: Mutex<Offset>,
    phase: Mutex<Phase<M>>,
    /// Taken under the lock of `phase`.
    reload_pause: Mutex<ReloadPause>,
    settings: Mutex<Settings<M::Settings>>,
    random: Mutex<SeededRandom>,
    on_effect: OnEffect<M>,
    members: Arc<MembersMemory>,
    /// Places of the log that were left out when it was read last, because they are damaged.
    damaged_count: AtomicUsize,
}

enum Phase<M: Machine> {
    Loading,
    Active(Box<Active<M>>),
    /// The log could not be read; it is tried again at that moment.
    Failed(Instant),
    /// Writes have failed one after the other; the log is read again at that moment.
    Resting(Instant),
    /// The broker does not lead the partition any more.
    Gone,
}

impl<M: Machine> Shard<M> {
    pub(super) fn new(
        partition: PartitionIndex,
        log: Arc<dyn CoordinatorLog>,
        clock: Arc<dyn Clock>,
        alarm: Arc<Alarm<M>>,
        settings: Settings<M::Settings>,
        random: SeededRandom,
        on_effect: OnEffect<M>,
    ) -> Self {
        let committed = Mutex::new(log.high_watermark());
        Self {
            partition,
            log,
            clock,
            alarm,
            committed,
            phase: Mutex::new(Phase::Loading),
            reload_pause: Mutex::default(),
            settings: Mutex::new(settings),
            random: Mutex::new(random),
            on_effect,
            members: Arc::default(),
            damaged_count: AtomicUsize::new(0),
        }
    }

    pub(super) fn set_damaged_count(&self, count: usize) {
        self.damaged_count.store(count, Ordering::Relaxed);
    }

    pub(super) fn damaged_count(&self) -> usize {
        self.damaged_count.load(Ordering::Relaxed)
    }

    pub(super) fn counting_members(mut self, members: Arc<MembersMemory>) -> Self {
        self.members = members;
        self
    }

    pub(super) fn partition(&self) -> PartitionIndex {
        self.partition
    }

    pub(super) fn log(&self) -> &dyn CoordinatorLog {
        &*self.log
    }

    pub(super) fn begin_load(self: &Arc<Self>) {
        self.alarm.load(Arc::clone(self));
    }

    /// A soft state with nothing in it yet.
    pub(super) fn new_soft(&self) -> M::Soft {
        M::soft(&self.settings.lock().machine, self.random.lock().fork())
    }

    pub(super) fn set_settings(&self, settings: &Settings<M::Settings>) {
        self.settings.lock().clone_from(settings);
        if let Phase::Active(active) = &mut *self.phase.lock() {
            M::set_settings(&mut active.soft, &settings.machine);
            active.set_commit_timeout(settings.commit_timeout);
        }
    }

    pub(super) fn topics_deleted(self: &Arc<Self>, topics: &[GoneTopic]) {
        let run = |active: &mut Active<M>, log: &dyn CoordinatorLog, now: Clocks, done| {
            let Active { hard, soft, .. } = active;
            match hard.topics_deleted(soft, now.machine::<M>(), topics) {
                Some(decision) => active.carry_out(log, now, decision, done),
                None => Ok(()),
            }
        };
        self.with_active(run, |_: Result<(), Unavailable>| {});
    }

    pub(super) fn decide<R: Send + 'static>(
        self: &Arc<Self>,
        decide: impl FnOnce(&M, &mut M::Soft, M::Now) -> M::Decision<R>,
        done: impl FnOnce(Result<R, Unavailable>) + Send + 'static,
    ) {
        let run = |active: &mut Active<M>, log: &dyn CoordinatorLog, now: Clocks, done| {
            let decision = decide(&active.hard, &mut active.soft, now.machine::<M>());
            active.carry_out(log, now, decision, done)
        };
        self.with_active(run, done);
    }

    /// As [`Self::decide`] for who is about to write to `dir`. What is told besides the reply: whether its records are still to be
    /// committed.
    pub(super) fn decide_before<R: Send + 'static>(
        self: &Arc<Self>,
        dir: &LogDir,
        decide: impl FnOnce(&M, &mut M::Soft, M::Now) -> M::Decision<R>,
        done: impl FnOnce(Result<R, Unavailable>, bool) + Send + 'static,
    ) {
        let before_next = self.log.goes_before(dir);
        let run = |active: &mut Active<M>, log: &dyn CoordinatorLog, now: Clocks, done| {
            let decision = decide(&active.hard, &mut active.soft, now.machine::<M>());
            let how = How { before_next, ..How::default() };
            active.carry_out_as(log, now, decision, how, done)
        };
        self.with_active(run, move |result| done(result, before_next));
    }

    pub(super) fn decide_parked(
        self: &Arc<Self>,
        decide: impl FnOnce(&M, &mut M::Soft, M::Now, M::Ticket) -> M::Decision<()>,
        done: impl FnOnce(Result<M::Reply, Unavailable>) + Send + 'static,
    ) {
        let run = |active: &mut Active<M>, log: &dyn CoordinatorLog, now: Clocks, done| {
            let ticket = active.park(Box::new(done));
            let decision = decide(&active.hard, &mut active.soft, now.machine::<M>(), ticket);
            active.carry_out(log, now, decision, |_| {})
        };
        self.with_active(run, done);
    }

    /// Runs a step if the shard is loaded; else says why not.
    pub(super) fn with_active<D, R>(
        self: &Arc<Self>,
        run: impl FnOnce(&mut Active<M>, &dyn CoordinatorLog, Clocks, D) -> Result<(), WriteFailed>,
        done: D,
    ) where
        D: FnOnce(Result<R, Unavailable>),
    {
        let mut finished = Finished::default();
        let refused = {
            let mut phase = self.phase.lock();
            match &mut *phase {
                Phase::Active(active) => {
                    // Read under the lock, so that steps see time in their own order.
                    let now = self.now();
                    active.say_bounds(&*self.log);
                    let result = run(active, &*self.log, now, done);
                    active.count_members();
                    self.settle(&mut phase, result, &mut finished);
                    None
                }
                Phase::Loading => Some((done, Unavailable::Loading)),
                Phase::Resting(_) => Some((done, Unavailable::NotCommitted)),
                Phase::Failed(_) | Phase::Gone => Some((done, Unavailable::NotCoordinator)),
            }
        };
        finished.run();
        match refused {
            Some((done, why)) => done(Err(why)),
            None => self.release(),
        }
    }

    /// After a step: sets the alarm, or, when the step could not be written, begins anew.
    fn settle(
        self: &Arc<Self>,
        phase: &mut Phase<M>,
        result: Result<(), WriteFailed>,
        finished: &mut Finished,
    ) {
        match (result, &*phase) {
            (Ok(()), Phase::Active(active)) => self.alarm.set(active.next_deadline()),
            (Ok(()), _) => {}
            (Err(WriteFailed(why)), _) => {
                tracing::warn!(partition = %self.partition, %why, "reload {} shard after a failed write", M::KIND);
                self.restart(phase, why, finished);
            }
        }
    }

    fn restart(self: &Arc<Self>, phase: &mut Phase<M>, why: Unavailable, finished: &mut Finished) {
        if !matches!(phase, Phase::Active(_)) {
            return;
        }
        let committed = *self.committed.lock();
        let next = match self.reload_pause.lock().failed(committed) {
            None => Phase::Loading,
            Some(pause) => Phase::Resting(self.clock.now().plus(pause)),
        };
        if let Phase::Active(active) = std::mem::replace(phase, next) {
            active.end(why, finished);
        }
        match *phase {
            Phase::Resting(until) => self.alarm.set(Some(until)),
            _ => self.begin_load(),
        }
    }

    fn now(&self) -> Clocks {
        Clocks { instant: self.clock.now(), wall: self.clock.wall() }
    }

    pub(super) fn committed(&self, high_watermark: Offset) {
        {
            let mut committed = self.committed.lock();
            *committed = high_watermark.max(*committed);
        }
        self.release();
    }

    /// Lets replies leave whose records are committed. Never waits for the shard: who holds it looks here afterwards,
    /// and the lock of `committed` orders the two looks, so that one of them sees the other.
    fn release(&self) {
        loop {
            let high_watermark = *self.committed.lock();
            let mut finished = Finished::default();
            {
                let Some(mut phase) = self.phase.try_lock() else { return };
                if let Phase::Active(active) = &mut *phase {
                    active.take_committed(high_watermark, &mut finished);
                }
            }
            finished.run();
            if *self.committed.lock() == high_watermark {
                return;
            }
        }
    }

    pub(super) fn write_failed(self: &Arc<Self>) {
        let mut finished = Finished::default();
        self.restart(&mut self.phase.lock(), Unavailable::NotCoordinator, &mut finished);
        finished.run();
    }

    pub(super) fn unload(&self) {
        let mut finished = Finished::default();
        if let Phase::Active(active) = std::mem::replace(&mut *self.phase.lock(), Phase::Gone) {
            active.end(Unavailable::NotCoordinator, &mut finished);
        }
        finished.run();
    }

    pub(super) fn is_gone(&self) -> bool {
        matches!(*self.phase.lock(), Phase::Gone)
    }

    /// The log is read to its end.
    pub(super) fn loaded(self: &Arc<Self>, loading: Loading<M>) {
        let mut finished = Finished::default();
        {
            let mut phase = self.phase.lock();
            if !matches!(*phase, Phase::Loading) {
                return;
            }
            let now = self.now();
            let (hard, mut soft) = loading.into_parts();
            let decision = hard.loaded(&mut soft, now.machine::<M>());
            let mut active = Box::new(Active::new(
                hard,
                soft,
                &self.settings.lock(),
                self.partition,
                MembersTaken::new(Arc::clone(&self.members)),
                Arc::clone(&self.on_effect),
            ));
            active.say_bounds(&*self.log);
            let result = active.carry_out(&*self.log, now, decision, |_| {});
            active.count_members();
            *phase = Phase::Active(active);
            self.settle(&mut phase, result, &mut finished);
        }
        finished.run();
        self.release();
    }

    pub(super) fn load_failed(&self) {
        let mut phase = self.phase.lock();
        if matches!(*phase, Phase::Loading) {
            let again = self.clock.now().plus(LOAD_RETRY_PAUSE);
            *phase = Phase::Failed(again);
            self.alarm.set(Some(again));
        }
    }

    /// Carries out what is due, and says when to look again.
    pub(super) fn carry_out_deadlines(self: &Arc<Self>) -> Option<Instant> {
        loop {
            let mut finished = Finished::default();
            let mut next = None;
            let mut more = false;
            {
                let mut phase = self.phase.lock();
                let now = self.now();
                if let Phase::Failed(again) | Phase::Resting(again) = *phase {
                    if again > now.instant {
                        return Some(again);
                    }
                    *phase = Phase::Loading;
                    self.begin_load();
                }
                if let Phase::Active(active) = &mut *phase {
                    active.take_late(now.instant, &mut finished);
                    active.say_bounds(&*self.log);
                    let mut result = Ok(());
                    for _ in 0..DEADLINES_PER_LOCK {
                        let next = active.hard.next_timeout(&active.soft);
                        more = next.is_some_and(|at| at <= now.instant);
                        if !more || result.is_err() {
                            break;
                        }
                        let time = now.machine::<M>();
                        let decision = active.hard.time_passed(&mut active.soft, time);
                        result = active.carry_out(&*self.log, now, decision, |_| {});
                    }
                    active.count_members();
                    more &= result.is_ok();
                    next = active.next_deadline();
                    if result.is_err() {
                        self.settle(&mut phase, result, &mut finished);
                        next = match *phase {
                            Phase::Resting(until) => Some(until),
                            _ => None,
                        };
                    }
                }
            }
            finished.run();
            self.release();
            if !more {
                return next;
            }
        }
    }
}
