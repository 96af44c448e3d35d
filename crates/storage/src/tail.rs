use std::collections::VecDeque;

use io::arena::{Arena, ArenaPlace, ArenaSlice};
use model::{Offset, Timestamp};

/// The newest batches of a log, by their place in the arena. An entry whose chunk was recycled is in the segment for
/// certain: until a batch is drained, its frame holds the chunk.
#[derive(Debug, Default)]
pub(crate) struct Tail {
    entries: VecDeque<TailEntry>,
    /// Chunk of the newest entry; when it changes, entries whose chunk is gone are looked for.
    newest_chunk: u64,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct TailEntry {
    pub(crate) base: Offset,
    pub(crate) end: Offset,
    pub(crate) position: u32,
    pub(crate) place: ArenaPlace,
    pub(crate) max_timestamp: Option<Timestamp>,
    /// The batch caused an entry of the offset index.
    pub(crate) indexed: bool,
    /// The batch caused an entry of the time index, with this timestamp and last offset.
    pub(crate) timed: Option<(Timestamp, Offset)>,
}

impl Tail {
    pub(crate) fn push(&mut self, entry: TailEntry, arena: &Arena) {
        if entry.place.chunk() != self.newest_chunk {
            self.newest_chunk = entry.place.chunk();
            self.forget_gone(arena);
        }
        self.entries.push_back(entry);
    }

    /// Drops the oldest entries whose memory has been recycled.
    pub(crate) fn forget_gone(&mut self, arena: &Arena) {
        let view = arena.view();
        let gone = self.entries.iter().take_while(|entry| !view.has(&entry.place)).count();
        drop(view);
        self.entries.drain(..gone);
        if self.entries.is_empty() {
            // An idle partition keeps no memory for a tail.
            self.entries = VecDeque::new();
        }
    }

    pub(crate) fn truncate_to(&mut self, end: Offset) {
        while self.entries.back().is_some_and(|entry| entry.end > end) {
            self.entries.pop_back();
        }
    }

    /// Drops what begins before `offset`: it is in files for certain.
    pub(crate) fn forget_before(&mut self, offset: Offset) {
        let count = self.entries.partition_point(|entry| entry.base < offset);
        self.entries.drain(..count);
        if self.entries.is_empty() {
            self.clear();
        }
    }

    pub(crate) fn clear(&mut self) {
        self.entries = VecDeque::new();
    }

    /// Index of the entry that holds `offset`, or of the first one after it.
    pub(crate) fn index_of(&self, offset: Offset) -> usize {
        self.entries.partition_point(|entry| entry.end <= offset)
    }

    pub(crate) fn from(&self, index: usize) -> impl Iterator<Item = &TailEntry> {
        self.entries.range(index.min(self.entries.len())..)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &TailEntry> {
        self.entries.iter()
    }

    pub(crate) fn first(&self) -> Option<&TailEntry> {
        self.entries.front()
    }

    /// Index of the first batch at or after `index` that is in memory.
    pub(crate) fn first_live(&self, index: usize, arena: &Arena) -> usize {
        let view = arena.view();
        index + self.from(index).take_while(|entry| !view.has(&entry.place)).count()
    }

    /// Index from which on all batches are in memory. Drains go in order, so what comes before it is in the files.
    pub(crate) fn live_from(&self, arena: &Arena) -> usize {
        let view = arena.view();
        let live = self.entries.iter().rev().take_while(|entry| view.has(&entry.place)).count();
        self.entries.len() - live
    }

    /// The bytes from `index` on that are in memory.
    pub(crate) fn slices(&self, index: usize, arena: &Arena) -> Vec<ArenaSlice> {
        let view = arena.view();
        self.from(index).filter_map(|entry| view.get(&entry.place)).collect()
    }
}
