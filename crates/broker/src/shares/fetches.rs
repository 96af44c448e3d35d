use std::collections::{BTreeMap, BTreeSet};

use parking_lot::Mutex;

use super::ShareFetch;

/// The share fetches that are open: they wait, or somebody works on them.
#[derive(Default)]
pub(super) struct Fetches {
    state: Mutex<State>,
}

/// One fetch for each connection at most, since a client's next request waits for the answer.
#[derive(Default)]
struct State {
    slots: BTreeMap<u64, Slot>,
    by_connection: BTreeMap<u64, BTreeSet<u64>>,
    next_id: u64,
}

struct Slot {
    connection: u64,
    phase: Phase,
    /// Its time is over: it is answered with what there is.
    is_due: bool,
    /// Its connection is gone.
    is_gone: bool,
}

enum Phase {
    Waiting(Box<ShareFetch>),
    Working {
        /// Something happened meanwhile that it waits for.
        again: bool,
    },
}

/// Why a fetch cannot wait.
pub(super) enum Busy {
    Again(Box<ShareFetch>),
    Gone(Box<ShareFetch>),
}

impl Fetches {
    /// Makes room for a fetch that is worked on.
    pub(super) fn begin(&self, connection: u64) -> u64 {
        let state = &mut *self.state.lock();
        let id = state.next_id;
        state.next_id += 1;
        let phase = Phase::Working { again: false };
        state.slots.insert(id, Slot { connection, phase, is_due: false, is_gone: false });
        state.by_connection.entry(connection).or_default().insert(id);
        id
    }

    /// Takes a fetch to work on it. One that is being worked on is looked at once more after that.
    pub(super) fn take(&self, id: u64, is_due: bool) -> Option<Box<ShareFetch>> {
        let state = &mut *self.state.lock();
        let slot = state.slots.get_mut(&id)?;
        slot.is_due |= is_due;
        match &mut slot.phase {
            Phase::Working { again } => {
                *again = true;
                None
            }
            Phase::Waiting(_) => {
                let working = Phase::Working { again: false };
                match std::mem::replace(&mut slot.phase, working) {
                    Phase::Waiting(fetch) => Some(fetch),
                    Phase::Working { .. } => None,
                }
            }
        }
    }

    /// Whether somebody has to look at the fetch: it waits, and something has happened.
    pub(super) fn wake(&self, id: u64) -> bool {
        let state = &mut *self.state.lock();
        match state.slots.get_mut(&id).map(|slot| &mut slot.phase) {
            Some(Phase::Working { again }) => {
                *again = true;
                false
            }
            Some(Phase::Waiting(_)) => true,
            None => false,
        }
    }

    /// Whether the fetch is due; `None` when nobody is there to hear of it.
    pub(super) fn is_due(&self, id: u64) -> Option<bool> {
        let state = self.state.lock();
        state.slots.get(&id).filter(|slot| !slot.is_gone).map(|slot| slot.is_due)
    }

    pub(super) fn wait(&self, id: u64, fetch: Box<ShareFetch>) -> Result<(), Busy> {
        let state = &mut *self.state.lock();
        let Some(slot) = state.slots.get_mut(&id).filter(|slot| !slot.is_gone) else {
            return Err(Busy::Gone(fetch));
        };
        match &mut slot.phase {
            Phase::Working { again: true } => {
                slot.phase = Phase::Working { again: false };
                Err(Busy::Again(fetch))
            }
            phase => {
                *phase = Phase::Waiting(fetch);
                Ok(())
            }
        }
    }

    /// The fetch is to be answered. False when nobody is there to hear it.
    pub(super) fn finish(&self, id: u64) -> bool {
        let state = &mut *self.state.lock();
        let Some(slot) = state.slots.remove(&id) else { return false };
        if let Some(ids) = state.by_connection.get_mut(&slot.connection) {
            ids.remove(&id);
            if ids.is_empty() {
                state.by_connection.remove(&slot.connection);
            }
        }
        !slot.is_gone
    }

    /// Those that wait are looked at once more by who finds them gone.
    pub(super) fn connection_closed(&self, connection: u64) -> Vec<u64> {
        let state = &mut *self.state.lock();
        let ids = state.by_connection.get(&connection).cloned().unwrap_or_default();
        for id in &ids {
            if let Some(slot) = state.slots.get_mut(id) {
                slot.is_gone = true;
            }
        }
        ids.into_iter().collect()
    }

    /// Nobody is served any more.
    pub(super) fn abandon_all(&self) {
        let slots = {
            let state = &mut *self.state.lock();
            state.by_connection.clear();
            std::mem::take(&mut state.slots)
        };
        for slot in slots.into_values() {
            if let Phase::Waiting(fetch) = slot.phase {
                fetch.abandon();
            }
        }
    }
}
