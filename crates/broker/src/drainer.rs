use std::sync::Arc;

use parking_lot::{Condvar, Mutex};
use storage::{DrainGoal, LaneState, LogDir};

use crate::Broker;

/// The drain of one log directory, on a thread of its own: it goes on beside a checkpoint, whose syncs may take longer
/// than the memory for produced bytes lasts.
pub(crate) struct Drainer {
    dir: Arc<LogDir>,
    state: Mutex<State>,
    called: Condvar,
}

#[derive(Default)]
struct State {
    called: bool,
    stopping: bool,
}

impl Drainer {
    pub(crate) fn new(dir: Arc<LogDir>) -> Self {
        Self { dir, state: Mutex::default(), called: Condvar::new() }
    }

    /// There is something to drain.
    pub(crate) fn call(&self) {
        self.state.lock().called = true;
        self.called.notify_one();
    }

    pub(crate) fn stop(&self) {
        self.state.lock().stopping = true;
        self.called.notify_one();
    }

    /// The thread: drains whenever it is called, until it is told to stop. A directory that is full or has failed is the
    /// upkeep's.
    pub(crate) fn run(&self, broker: &Broker) {
        loop {
            {
                let mut state = self.state.lock();
                self.called.wait_while(&mut state, |state| !state.called && !state.stopping);
                if state.stopping {
                    return;
                }
                state.called = false;
            }
            let lane = self.dir.lane();
            while lane.state() == LaneState::Running && lane.wants_drain() {
                if let Err(error) = lane.drain_step(DrainGoal::Runs) {
                    broker.log_dir_error(&self.dir, &error);
                }
            }
            if lane.wants_checkpoint() || lane.state() != LaneState::Running {
                broker.call_upkeep(&self.dir);
            }
        }
    }
}
