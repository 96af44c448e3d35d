use std::collections::{BTreeMap, BTreeSet};

use model::SeededRandom;

use super::trouble::Troubles;
use crate::limits::SECTOR_SIZE;

pub(super) type InodeNumber = u64;

/// A file: what programs see, what survives, and the sectors in which the two differ.
#[derive(Clone, Debug, Default)]
pub(super) struct FileInode {
    pub(super) data: Vec<u8>,
    durable: Vec<u8>,
    dirty: BTreeSet<usize>,
    /// The sizes differ although no sector need be dirty.
    size_dirty: bool,
    /// The last sync failed.
    pub(super) sync_failed: bool,
}

impl FileInode {
    pub(super) fn write(&mut self, bytes: &[u8], position: usize) {
        if bytes.is_empty() {
            return;
        }
        let end = position + bytes.len();
        if end > self.data.len() {
            self.size_dirty = true;
            self.data.resize(end, 0);
        }
        self.data[position..end].copy_from_slice(bytes);
        self.dirty.extend(position / SECTOR_SIZE..=(end - 1) / SECTOR_SIZE);
    }

    pub(super) fn set_len(&mut self, size: usize) {
        self.size_dirty |= size != self.data.len();
        if size < self.data.len() {
            // What grows back over the cut reads as zeros, and must survive as zeros once synced.
            self.dirty.extend(size / SECTOR_SIZE..=self.data.len() / SECTOR_SIZE);
        }
        self.data.resize(size, 0);
    }

    pub(super) fn sync(&mut self) {
        self.durable.resize(self.data.len(), 0);
        for sector in std::mem::take(&mut self.dirty) {
            let start = (sector * SECTOR_SIZE).min(self.data.len());
            let end = (start + SECTOR_SIZE).min(self.data.len());
            self.durable[start..end].copy_from_slice(&self.data[start..end]);
        }
        self.size_dirty = false;
    }

    /// Makes one range durable and leaves the rest as it is: a write with `O_DSYNC`.
    pub(super) fn sync_range(&mut self, position: usize, size: usize) {
        if size == 0 {
            return;
        }
        if self.durable.len() < position + size {
            self.durable.resize(position + size, 0);
        }
        for sector in position / SECTOR_SIZE..=(position + size - 1) / SECTOR_SIZE {
            self.dirty.remove(&sector);
            let start = sector * SECTOR_SIZE;
            let end = (start + SECTOR_SIZE).min(self.data.len()).min(self.durable.len());
            self.durable[start..end].copy_from_slice(&self.data[start..end]);
        }
        self.size_dirty = self.durable.len() != self.data.len();
    }

    /// A sync that failed: the kernel marks the pages clean all the same, so a later sync will not write them.
    pub(super) fn forget_dirty(&mut self) {
        self.dirty.clear();
        self.size_dirty = false;
        self.sync_failed = true;
    }

    /// What is left after the power was cut.
    pub(super) fn power_cut(&mut self, random: &mut SeededRandom, troubles: &mut Troubles) {
        let (mut kept, mut lost) = (false, false);
        let keep_size = self.size_dirty && random.one_in(2);
        let mut survived = self.durable.clone();
        if keep_size {
            survived.resize(self.data.len(), 0);
        }
        for sector in std::mem::take(&mut self.dirty) {
            let start = sector * SECTOR_SIZE;
            let end = (start + SECTOR_SIZE).min(self.data.len()).min(survived.len());
            if start < end && random.one_in(2) {
                survived[start..end].copy_from_slice(&self.data[start..end]);
                kept = true;
            } else {
                lost = true;
            }
        }
        troubles.lost += u64::from(lost);
        troubles.torn += u64::from(lost && kept);
        self.size_dirty = false;
        self.durable.clone_from(&survived);
        self.data = survived;
    }

    /// Whether these bytes are there and would survive a power cut.
    pub(super) fn holds_durably(&self, position: usize, bytes: &[u8]) -> bool {
        let range = position..position + bytes.len();
        let durable = self.durable.get(range.clone()) == Some(bytes);
        durable && self.data.get(range) == Some(bytes)
    }

    /// Past all that programs do: within the file's size.
    pub(super) fn overwrite_durably(&mut self, position: usize, bytes: &[u8]) {
        for file in [&mut self.data, &mut self.durable] {
            if let Some(place) = file.get_mut(position..position + bytes.len()) {
                place.copy_from_slice(bytes);
            }
        }
    }

    pub(super) fn flip_bit(&mut self, position: usize, bit: u8) -> bool {
        let Some(byte) = self.data.get_mut(position) else { return false };
        *byte ^= 1 << (bit & 7);
        let flipped = *byte;
        if let Some(durable) = self.durable.get_mut(position) {
            *durable = flipped;
        }
        true
    }
}

/// A change of a directory that is not durable yet.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Put(String, InodeNumber),
    Remove(String),
    /// Within one directory a rename is one change: never both names, never none.
    Rename(String, String, InodeNumber),
}

#[derive(Clone, Debug, Default)]
pub(super) struct DirInode {
    pub(super) entries: BTreeMap<String, InodeNumber>,
    durable: BTreeMap<String, InodeNumber>,
    pending: Vec<Change>,
    /// The last sync failed.
    pub(super) sync_failed: bool,
}

impl DirInode {
    pub(super) fn change(&mut self, change: Change) {
        apply(&mut self.entries, &change);
        self.pending.push(change);
    }

    pub(super) fn sync(&mut self) {
        for change in self.pending.drain(..) {
            apply(&mut self.durable, &change);
        }
    }

    pub(super) fn power_cut(&mut self, random: &mut SeededRandom) {
        for change in self.pending.drain(..) {
            if random.one_in(2) {
                apply(&mut self.durable, &change);
            }
        }
        self.entries.clone_from(&self.durable);
    }
}

fn apply(entries: &mut BTreeMap<String, InodeNumber>, change: &Change) {
    match change {
        Change::Put(name, inode) => {
            entries.insert(name.clone(), *inode);
        }
        Change::Remove(name) => {
            entries.remove(name);
        }
        Change::Rename(from, to, inode) => {
            entries.remove(from);
            entries.insert(to.clone(), *inode);
        }
    }
}

#[derive(Clone, Debug)]
pub(super) enum Inode {
    File(FileInode),
    Dir(DirInode),
}
