use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering, fence};

use model::Offset;
use parking_lot::{Condvar, Mutex};
use storage::{DurableEnd, LaneSequence, LaneState, LogDir};

use crate::coordinator::Urgency;
use crate::partition::{Now, Partition, StepOutput};
use crate::slow_device::SlowDevice;
use crate::{Broker, limits};

/// Group commit of one log directory: a thread that writes what queued while the last group was written, and the way for
/// an idle loop to do it itself.
///
/// Whoever ends a commit looks whether more has queued, so a push never waits without somebody to commit it: the pusher
/// commits or kicks, and if a group was under way then, its committer sees the push.
pub(crate) struct Committer {
    dir: Arc<LogDir>,
    /// For each loop, the oldest sequence that it waits for; `u64::MAX` for none.
    loops: Vec<AtomicU64>,
    /// Appends by threads without a loop, in the lane's order.
    others: Mutex<VecDeque<(LaneSequence, Arc<Partition>, Offset)>>,
    /// Who waits for something other than an append, in the lane's order. A connection has one request of that kind open,
    /// which bounds it.
    waiting: Mutex<VecDeque<(LaneSequence, OnDurable)>>,
    state: Mutex<State>,
    kicked: Condvar,
    device: SlowDevice,
}

/// Told once whether it is durable; must not wait for anything.
pub(crate) type OnDurable = Box<dyn FnOnce(bool) + Send>;

#[derive(Default)]
struct State {
    kicked: bool,
    stopping: bool,
    /// The thread is at it and will look again before it sleeps.
    running: bool,
}

impl Committer {
    pub(crate) fn new(dir: Arc<LogDir>, loop_count: usize) -> Self {
        Self {
            dir,
            loops: (0..loop_count).map(|_| AtomicU64::new(u64::MAX)).collect(),
            others: Mutex::default(),
            waiting: Mutex::default(),
            state: Mutex::default(),
            kicked: Condvar::new(),
            device: SlowDevice::default(),
        }
    }

    pub(crate) fn dir(&self) -> &Arc<LogDir> {
        &self.dir
    }

    /// Everything up to it is durable.
    pub(crate) fn durable(&self) -> LaneSequence {
        self.dir.lane().durable()
    }

    /// Notes the oldest sequence that a loop waits for. Then it must look at [`Self::durable`] once more: what became
    /// durable before the note wakes nobody.
    pub(crate) fn waits_for(&self, home: u16, oldest: Option<LaneSequence>) {
        if let Some(place) = self.loops.get(usize::from(home)) {
            place.store(oldest.map_or(u64::MAX, LaneSequence::get), Ordering::SeqCst);
        }
        fence(Ordering::SeqCst);
    }

    /// Wakes the committer's thread, if it is not at work already.
    pub(crate) fn kick(&self) {
        let mut state = self.state.lock();
        state.kicked = true;
        if !state.running {
            self.kicked.notify_one();
        }
    }

    /// Notes an append by a thread that is no loop, or not for itself, and has it committed.
    pub(crate) fn append_by_other(
        &self,
        sequence: LaneSequence,
        partition: Arc<Partition>,
        end: Offset,
        urgency: Urgency,
    ) {
        let mut others = self.others.lock();
        // Pushed outside of the partition's lock, so neighbours may have changed places.
        let later = others.iter().rev().take_while(|(other, ..)| *other > sequence).count();
        let place = others.len() - later;
        others.insert(place, (sequence, partition, end));
        drop(others);
        if urgency == Urgency::Now {
            self.kick();
        }
    }

    /// Has all that is queued by now committed, then calls `done`; with false when the disk is full or has failed.
    pub(crate) fn when_durable(&self, done: OnDurable) {
        let mut waiting = self.waiting.lock();
        waiting.push_back((self.dir.lane().newest_sequence(), done));
        drop(waiting);
        self.kick();
    }

    /// Commits one group on the calling loop's thread. False when there was none, or another thread is at it, as it is
    /// when the device is slow.
    pub(crate) fn commit_inline(
        &self,
        broker: &Broker,
        home: u16,
        ends: &mut Vec<DurableEnd>,
    ) -> bool {
        if self.has_stuck_group() {
            // The thread tries again when it is time.
            return false;
        }
        if self.device.is_slow(broker.clock().now()) {
            self.kick();
            return false;
        }
        let committed = self.commit_group(broker, Some(home), ends);
        if self.dir.lane().has_queued() {
            // More came while it was written, perhaps from a loop that left it to this one.
            self.kick();
        }
        committed
    }

    /// The thread: commits until it is told to stop and nothing is queued.
    pub(crate) fn run(&self, broker: &Broker) {
        let mut ends = Vec::new();
        loop {
            let stopping = {
                let mut state = self.state.lock();
                state.running = false;
                while !state.kicked && !state.stopping && !self.has_stuck_group() {
                    self.kicked.wait(&mut state);
                }
                if self.has_stuck_group() {
                    // It is tried again at leisure, whoever kicks.
                    let goes_on = |state: &mut State| !state.stopping;
                    self.kicked.wait_while_for(&mut state, goes_on, limits::FULL_RETRY_INTERVAL);
                }
                state.kicked = false;
                state.running = true;
                state.stopping
            };
            while self.commit_group(broker, None, &mut ends) {}
            // What another thread committed before it was noted here.
            self.take_others(broker, self.durable());
            if stopping {
                return;
            }
        }
    }

    pub(crate) fn stop(&self) {
        self.state.lock().stopping = true;
        self.kicked.notify_one();
    }

    /// One group: written, synced, told. False when none was to be written.
    fn commit_group(&self, broker: &Broker, home: Option<u16>, ends: &mut Vec<DurableEnd>) -> bool {
        ends.clear();
        let began = broker.clock().now();
        let committed = self.dir.lane().commit(ends);
        let now = broker.clock().now();
        self.device.note(now, now.since(began));
        match committed {
            Ok(None) => false,
            Ok(Some(durable)) => {
                self.wake_loops(broker, home, durable);
                self.take_others(broker, durable);
                if self.dir.lane().wants_drain() {
                    // Beside the next commits, rather than when produce has to wait for it.
                    broker.call_drainer(&self.dir);
                }
                true
            }
            Err(error) => {
                self.refuse_waiting();
                broker.log_dir_error(&self.dir, &error);
                if error.is_full() {
                    broker.refuse_waiting(&self.dir);
                }
                false
            }
        }
    }

    /// Whether what is queued cannot be written for want of room.
    fn has_stuck_group(&self) -> bool {
        self.dir.lane().is_stuck()
    }

    fn wake_loops(&self, broker: &Broker, home: Option<u16>, durable: LaneSequence) {
        // The durable sequence was published before: a loop notes first and looks then, this looks second.
        fence(Ordering::SeqCst);
        for (oldest, handle) in self.loops.iter().zip(broker.loops()) {
            let own = home.is_some_and(|home| usize::from(home) == handle.number());
            if !own && oldest.load(Ordering::SeqCst) <= durable.get() {
                handle.notify();
            }
        }
    }

    fn take_others(&self, broker: &Broker, durable: LaneSequence) {
        let mut out = StepOutput::default();
        let clock = broker.clock();
        loop {
            let first = self.others.lock().pop_front_if(|(sequence, ..)| *sequence <= durable);
            let Some((_, partition, end)) = first else { break };
            let now = Now { instant: clock.now(), wall: clock.wall() };
            partition.durable(now, end, &mut out);
            broker.deliver(&mut out);
        }
        while let Some((_, done)) = self.next_waiting(durable) {
            done(true);
        }
        if self.dir.lane().state() == LaneState::Failed {
            self.refuse_waiting();
        }
    }

    fn next_waiting(&self, durable: LaneSequence) -> Option<(LaneSequence, OnDurable)> {
        self.waiting.lock().pop_front_if(|(sequence, _)| *sequence <= durable)
    }

    /// What they wait for may become durable later, as a produce that is refused may.
    fn refuse_waiting(&self) {
        let waiting = std::mem::take(&mut *self.waiting.lock());
        waiting.into_iter().for_each(|(_, done)| done(false));
    }
}
