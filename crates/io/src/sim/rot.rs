//! Damage to what is stored, done while nobody runs.

use std::collections::VecDeque;
use std::ops::Range;
use std::path::{Path, PathBuf};

use model::SeededRandom;

use super::disk::{ROOT, SimDisk, State};
use super::inode::{Inode, InodeNumber};
use crate::limits::SECTOR_SIZE;

/// How something that was stored was damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotKind {
    /// One bit is turned over.
    Flip,
    /// A write that was synced is where it should not be, and not where it should.
    Misdirected,
}

/// Damage, and the places that differ from what was stored there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rot {
    pub kind: RotKind,
    pub places: Vec<(PathBuf, Range<u64>)>,
}

/// Writes that may turn out to be misdirected.
#[derive(Clone, Debug, Default)]
pub(super) struct RecentWrites(VecDeque<RecentWrite>);

#[derive(Clone, Debug)]
struct RecentWrite {
    inode: InodeNumber,
    position: usize,
    /// What was there before; shorter where the file was.
    old: Vec<u8>,
    new: Vec<u8>,
}

/// Writes that are remembered, and bytes of the longest.
const RECENT_COUNT: usize = 24;
const RECENT_SIZE_MAX: usize = 32 << 10;

impl RecentWrites {
    pub(super) fn note(&mut self, inode: InodeNumber, position: usize, old: &[u8], new: &[u8]) {
        if new.len() > RECENT_SIZE_MAX || new.iter().all(|byte| *byte == 0) {
            return;
        }
        if self.0.len() == RECENT_COUNT {
            self.0.pop_front();
        }
        self.0.push_back(RecentWrite { inode, position, old: old.to_vec(), new: new.to_vec() });
    }
}

impl SimDisk {
    /// Turns one bit of one file over, durably: of the files that `wanted` takes, any, and in it any place that does not
    /// hold zeros. `None` when there is none.
    pub fn flip_any_bit(
        &self,
        random: &mut SeededRandom,
        wanted: impl Fn(&Path) -> bool,
    ) -> Option<Rot> {
        const TRIES: usize = 32;
        let mut state = self.state.lock();
        let files = state.files(&wanted);
        for _ in 0..TRIES {
            let (path, number) = choose(random, &files)?;
            let file = state.file_by_number(*number).ok()?;
            let position = random.below(file.data.len() as u64);
            let at = usize::try_from(position).ok()?;
            if file.data.get(at).is_none_or(|byte| *byte == 0) {
                continue;
            }
            let bit = u8::try_from(random.below(8)).unwrap_or(0);
            file.flip_bit(at, bit);
            let places = vec![(path.clone(), position..position + 1)];
            return Some(Rot { kind: RotKind::Flip, places });
        }
        None
    }

    /// Moves one of the last writes, if it is still where it was written and durable, to another place of its file or to
    /// another file. `None` when there is none.
    pub fn misdirect_a_write(
        &self,
        random: &mut SeededRandom,
        wanted: impl Fn(&Path) -> bool,
    ) -> Option<Rot> {
        let mut state = self.state.lock();
        let files = state.files(&wanted);
        let writes: Vec<RecentWrite> = state.recent.0.iter().cloned().collect();
        let good: Vec<(&(PathBuf, InodeNumber), &RecentWrite)> = writes
            .iter()
            .filter_map(|write| {
                let named = files.iter().find(|(_, number)| *number == write.inode)?;
                let Some(Inode::File(file)) = state.inodes.get(&write.inode) else { return None };
                file.holds_durably(write.position, &write.new).then_some((named, write))
            })
            .collect();
        let ((path, number), write) = choose(random, &good)?;
        let (target_path, target) = if random.one_in(2) {
            (path, number)
        } else {
            choose(random, &files).map(|(path, number)| (path, number))?
        };
        let size = state.file_by_number(*target).ok()?.data.len();
        let sectors = (size / SECTOR_SIZE) as u64;
        let sector = usize::try_from(random.below(sectors + 1)).ok()?;
        let to = sector * SECTOR_SIZE + write.position % SECTOR_SIZE;
        let end = size.min(to + write.new.len());
        if to >= end || (target == number && to == write.position) {
            return None;
        }
        let mut before = write.old.clone();
        before.resize(write.new.len(), 0);
        state.file_by_number(*number).ok()?.overwrite_durably(write.position, &before);
        let moved = write.new.get(..end - to)?;
        state.file_by_number(*target).ok()?.overwrite_durably(to, moved);
        let range = |from: usize, size: usize| from as u64..(from + size) as u64;
        let places = vec![
            (path.clone(), range(write.position, write.new.len())),
            (target_path.clone(), range(to, end - to)),
        ];
        Some(Rot { kind: RotKind::Misdirected, places })
    }
}

fn choose<'a, T>(random: &mut SeededRandom, from: &'a [T]) -> Option<&'a T> {
    from.get(usize::try_from(random.below(from.len() as u64)).ok()?)
}

impl State {
    /// Files that have a name and are not empty, by their paths.
    fn files(&self, wanted: &impl Fn(&Path) -> bool) -> Vec<(PathBuf, InodeNumber)> {
        let mut files = Vec::new();
        let mut open = vec![(PathBuf::from("/"), ROOT)];
        while let Some((path, number)) = open.pop() {
            match self.inodes.get(&number) {
                Some(Inode::File(file)) if !file.data.is_empty() && wanted(&path) => {
                    files.push((path, number));
                }
                Some(Inode::Dir(dir)) => {
                    open.extend(dir.entries.iter().map(|(name, child)| (path.join(name), *child)));
                }
                _ => {}
            }
        }
        files.sort_unstable();
        files
    }
}
