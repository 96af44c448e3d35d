use std::collections::BTreeMap;

use model::{Instant, Offset, SeededRandom};

use super::Key;
use super::broker::Request;
use super::copier::PATIENCE;
use super::key::{INPUT_COUNT, OUTPUT_COUNT};

/// Reads what the copiers wrote, and asks how far the group is. One request at a time, so that answers are in the order of the logs.
#[derive(Debug, Default)]
pub(super) struct Observer {
    pub(super) number: u64,
    pub(super) sent_at: Option<Instant>,
    asked: u64,
    /// Where it reads on, by output partition.
    pub(super) next: BTreeMap<u8, Offset>,
    pub(super) group: BTreeMap<Key, Offset>,
}

impl Observer {
    /// Which partition the present request reads.
    pub(super) fn output(&self) -> u8 {
        u8::try_from(self.number % u64::from(OUTPUT_COUNT)).unwrap_or(0)
    }

    pub(super) fn next_request(
        &mut self,
        now: Instant,
        random: &mut SeededRandom,
    ) -> Option<(u64, Request)> {
        if self.sent_at.is_some_and(|at| now.since(at) <= PATIENCE) {
            return None;
        }
        // Never the same request twice: answers of two could be told apart by nothing.
        self.number += 1;
        self.sent_at = Some(now);
        self.asked += 1;
        if self.asked.is_multiple_of(3) {
            let keys = (0..INPUT_COUNT).map(Key::Input).collect();
            return Some((self.number, Request::FetchOffsets { keys, stable: false, named: None }));
        }
        let output = self.output();
        let from = match random.one_in(20) {
            // From the beginning again.
            true => Offset::ZERO,
            false => self.next.get(&output).copied().unwrap_or(Offset::ZERO),
        };
        Some((self.number, Request::Read { key: Key::Output(output), from }))
    }
}
