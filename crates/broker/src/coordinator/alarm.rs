use std::collections::VecDeque;
use std::sync::Arc;

use io::Clock;
use model::Instant;
use parking_lot::{Condvar, Mutex};

use super::machine::Machine;
use super::shard::Shard;

/// What the coordinator's thread has to do, and when. A lock below all others.
pub(super) struct Alarm<M: Machine> {
    state: Mutex<State<M>>,
    changed: Condvar,
}

struct State<M: Machine> {
    /// When the thread means to look at the shards again.
    wake_at: Option<Instant>,
    to_load: VecDeque<Arc<Shard<M>>>,
    stopped: bool,
}

pub(super) enum Call<M: Machine> {
    /// Load these shards, then ask again.
    Load(Vec<Arc<Shard<M>>>),
    /// Look at the deadlines.
    Deadlines,
    Stop,
}

impl<M: Machine> Default for Alarm<M> {
    fn default() -> Self {
        let state = State { wake_at: None, to_load: VecDeque::new(), stopped: false };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }
}

impl<M: Machine> Alarm<M> {
    /// A shard has a deadline at `at`.
    pub(super) fn set(&self, at: Option<Instant>) {
        let Some(at) = at else { return };
        let mut state = self.state.lock();
        if state.wake_at.is_none_or(|wake_at| at < wake_at) {
            state.wake_at = Some(at);
            self.changed.notify_one();
        }
    }

    pub(super) fn load(&self, shard: Arc<Shard<M>>) {
        self.state.lock().to_load.push_back(shard);
        self.changed.notify_one();
    }

    pub(super) fn stop(&self) {
        self.state.lock().stopped = true;
        self.changed.notify_one();
    }

    /// Waits for the next thing to do. With something `busy` it only looks.
    pub(super) fn wait(&self, clock: &dyn Clock, busy: bool) -> Call<M> {
        let mut state = self.state.lock();
        loop {
            if state.stopped {
                return Call::Stop;
            }
            if !state.to_load.is_empty() {
                return Call::Load(state.to_load.drain(..).collect());
            }
            let now = clock.now();
            match state.wake_at {
                Some(at) if at <= now => {
                    state.wake_at = None;
                    return Call::Deadlines;
                }
                _ if busy => return Call::Load(Vec::new()),
                Some(at) => {
                    self.changed.wait_for(&mut state, clock.bounded(at.since(now)));
                }
                None => self.changed.wait(&mut state),
            }
        }
    }
}
