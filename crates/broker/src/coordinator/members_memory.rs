use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use group::MembersRoom;

/// So many times the arena (`ottla.memory.bytes`) the members of one group may take: a generation of a classic group goes into one record,
/// 1 MB by default, and into one answer.
const GROUP_SHARE: usize = 1;

/// The same for the members of all groups: 192 MB by default, and some 300,000 members of the usual kind.
const ALL_GROUPS_SHARE: usize = 4;

/// Memory that the members of all groups of a broker take, over all shards.
pub(super) struct MembersMemory {
    taken: AtomicUsize,
    group_size_max: AtomicUsize,
    size_max: AtomicUsize,
}

impl Default for MembersMemory {
    /// Without a bound.
    fn default() -> Self {
        Self {
            taken: AtomicUsize::new(0),
            group_size_max: AtomicUsize::new(usize::MAX),
            size_max: AtomicUsize::new(usize::MAX),
        }
    }
}

impl MembersMemory {
    /// For a broker whose arena has so many bytes.
    pub(super) fn bound_by(&self, arena_size: usize) {
        let group_size_max = arena_size.saturating_mul(GROUP_SHARE);
        self.group_size_max.store(group_size_max, Ordering::Relaxed);
        self.size_max.store(arena_size.saturating_mul(ALL_GROUPS_SHARE), Ordering::Relaxed);
    }

    /// What the next step may take. Shards that ask at the same time may each get the last of it: as many requests too much as there are
    /// loops, which is of no account.
    pub(super) fn room(&self) -> MembersRoom {
        let taken = self.taken.load(Ordering::Relaxed);
        MembersRoom {
            group_size_max: self.group_size_max.load(Ordering::Relaxed),
            left: self.size_max.load(Ordering::Relaxed).saturating_sub(taken),
        }
    }
}

/// One shard's part of it, given back when the shard goes.
pub(super) struct MembersTaken {
    of: Arc<MembersMemory>,
    size: usize,
}

impl MembersTaken {
    pub(super) fn new(of: Arc<MembersMemory>) -> Self {
        Self { of, size: 0 }
    }

    pub(super) fn room(&self) -> MembersRoom {
        self.of.room()
    }

    pub(super) fn set(&mut self, size: usize) {
        if size != self.size {
            self.of.taken.fetch_add(size, Ordering::Relaxed);
            self.of.taken.fetch_sub(self.size, Ordering::Relaxed);
            self.size = size;
        }
    }
}

impl Drop for MembersTaken {
    fn drop(&mut self) {
        self.of.taken.fetch_sub(self.size, Ordering::Relaxed);
    }
}
