//! Ranges of files that are not in memory: a helper fetches them, so that no loop waits for the device.

use std::sync::Arc;

use storage::{LogRange, ReadAhead};

use super::params::Asking;
use super::ticket;
use crate::hot::Hot;

impl Hot {
    /// Has what the fetch found in files, but not in memory, brought there; false when there is no such thing. The fetch is
    /// woken when it is there, and is then answered whatever has become of it.
    pub(super) fn read_ahead(&mut self, asking: &Asking) -> bool {
        let files = self.fetches.ranges.iter().filter_map(|range| match range {
            LogRange::File(range) => ReadAhead::needed(range),
            LogRange::Memory(_) => None,
        });
        let cold: Vec<ReadAhead> = files.collect();
        if cold.is_empty() {
            return false;
        }
        // No partition is behind it: it only has the fetch looked at again.
        let (broker, ticket) =
            (Arc::clone(&self.broker), ticket(self.home, asking.key, usize::MAX));
        self.broker.blocking().run(move || {
            cold.iter().for_each(ReadAhead::run);
            broker.wake(ticket);
        });
        true
    }
}
