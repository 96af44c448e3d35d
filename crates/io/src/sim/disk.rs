use std::collections::{BTreeMap, BTreeSet};
use std::io::{Error, ErrorKind, Result};
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use model::SeededRandom;
use parking_lot::Mutex;
use rustix::io::Errno;

use super::file::SimFile;
use super::file_system::SimFileSystem;
use super::inode::{Change, DirInode, FileInode, Inode, InodeNumber};
use super::rot::RecentWrites;
use super::trouble::{Fault, Orders, SlowSyncs, Troubles};
use crate::disk::{Disk, Entry, File, FileSystem, Lock, Open};

/// A simulated disk; clones share it.
#[derive(Clone)]
pub struct SimDisk {
    pub(super) state: Arc<Mutex<State>>,
}

#[derive(Clone)]
pub(super) struct State {
    pub(super) random: SeededRandom,
    pub(super) inodes: BTreeMap<InodeNumber, Inode>,
    next_inode: InodeNumber,
    /// Handles of an earlier life of the machine or process are dead.
    pub(super) life: u64,
    pub(super) operations: u64,
    crash_at: Option<u64>,
    off: bool,
    capacity: Option<u64>,
    direct_allowed: bool,
    orders: Orders,
    slow_syncs: SlowSyncs,
    troubles: Troubles,
    pub(super) recent: RecentWrites,
    pub(super) last_write: Option<(u64, PathBuf, Range<u64>)>,
    locks: BTreeSet<PathBuf>,
    /// Writes that failed after they were taken, and that no sync of a file told of.
    pub(super) lost_writebacks: u64,
}

pub(super) const ROOT: InodeNumber = 0;

impl SimDisk {
    pub fn new(seed: u64) -> Self {
        let state = State {
            random: SeededRandom::new(seed),
            inodes: BTreeMap::from([(ROOT, Inode::Dir(DirInode::default()))]),
            next_inode: 1,
            life: 0,
            operations: 0,
            crash_at: None,
            off: false,
            capacity: None,
            direct_allowed: true,
            orders: Orders::default(),
            slow_syncs: SlowSyncs::default(),
            troubles: Troubles::default(),
            recent: RecentWrites::default(),
            last_write: None,
            locks: BTreeSet::new(),
            lost_writebacks: 0,
        };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    /// Operations so far that changed something or synced.
    pub fn operations(&self) -> u64 {
        self.state.lock().operations
    }

    /// Cuts the power at the `count`-th such operation from now (1 = the next).
    pub fn crash_after(&self, count: u64) {
        let mut state = self.state.lock();
        state.crash_at = Some(state.operations + count);
    }

    /// Whether the power is off: everything fails.
    pub fn is_off(&self) -> bool {
        self.state.lock().off
    }

    /// Cuts the power (if it is still on) and puts it on again: what was not synced is kept or lost by chance.
    pub fn power_on(&self) {
        let mut state = self.state.lock();
        let State { random, inodes, troubles, .. } = &mut *state;
        for inode in inodes.values_mut() {
            match inode {
                Inode::File(file) => file.power_cut(random, troubles),
                Inode::Dir(dir) => dir.power_cut(random),
            }
        }
        state.new_life();
    }

    /// The process dies and starts again, the machine stays up: nothing is lost.
    pub fn restart(&self) {
        self.state.lock().new_life();
    }

    /// All writes that make files longer than this in sum fail with ENOSPC.
    pub fn set_capacity(&self, bytes: Option<u64>) {
        self.state.lock().capacity = bytes;
    }

    /// Bytes of all files.
    pub fn used(&self) -> u64 {
        self.state.lock().used()
    }

    /// Whether direct files can be opened; some file systems have none.
    pub fn allow_direct(&self, allowed: bool) {
        self.state.lock().direct_allowed = allowed;
    }

    /// From now on, until [`Self::clear_faults`].
    pub fn set_fault(&self, path: &Path, fault: Fault) {
        self.state.lock().orders.add(path, fault, 0, false);
    }

    /// One call goes wrong, after `count` that go well.
    pub fn fail_once(&self, path: &Path, fault: Fault, count: u64) {
        self.state.lock().orders.add(path, fault, count, true);
    }

    pub fn clear_faults(&self) {
        self.state.lock().orders.clear();
    }

    /// One sync in so many takes up to `delay_max`; 0 for none.
    pub fn slow_syncs(&self, one_in: u64, delay_max: Duration) {
        let mut state = self.state.lock();
        state.slow_syncs.one_in = one_in;
        state.slow_syncs.delay_max = delay_max;
    }

    /// How long the syncs since the last call took.
    pub fn take_delay(&self) -> Duration {
        self.state.lock().slow_syncs.take_delay()
    }

    /// The kernel fails to write something back that it had taken. Whoever has the file system open by now learns of it with his
    /// next sync, and nobody else.
    pub fn lose_writeback(&self) {
        self.state.lock().lost_writebacks += 1;
    }

    pub fn troubles(&self) -> Troubles {
        self.state.lock().troubles
    }

    /// Where the newest write went, if it came after so many operations.
    pub fn last_write_after(&self, operations: u64) -> Option<(PathBuf, Range<u64>)> {
        let (at, path, range) = self.state.lock().last_write.clone()?;
        (at > operations).then_some((path, range))
    }

    /// A file's content, past all faults; `None` when it is not there. For whoever judges.
    pub fn peek(&self, path: &Path) -> Option<Vec<u8>> {
        self.state.lock().file_mut(path).ok().map(|file| file.data.clone())
    }

    /// What a directory holds, in order, past all faults.
    pub fn peek_paths(&self, dir: &Path) -> Vec<PathBuf> {
        let state = self.state.lock();
        let found = state.look_up(dir).and_then(|inode| state.dir(inode));
        found.map_or_else(
            |_| Vec::new(),
            |dir_inode| dir_inode.entries.keys().map(|name| dir.join(name)).collect(),
        )
    }

    /// Another disk with the same content, whose fate is its own. No handle of this one is good there.
    pub fn fork(&self) -> Self {
        let mut state = self.state.lock().clone();
        state.new_life();
        Self { state: Arc::new(Mutex::new(state)) }
    }

    /// Turns one bit of a file over, durably. `false` when there is no such place.
    pub fn flip_bit(&self, path: &Path, position: u64, bit: u8) -> bool {
        let mut state = self.state.lock();
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        state.file_mut(path).is_ok_and(|file| file.flip_bit(position, bit))
    }
}

impl std::fmt::Debug for SimDisk {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SimDisk")
    }
}

pub(super) fn error(errno: Errno) -> Error {
    Error::from(errno)
}

impl State {
    pub(super) fn new_life(&mut self) {
        self.life += 1;
        self.off = false;
        self.crash_at = None;
        self.locks.clear();
        for inode in self.inodes.values_mut() {
            match inode {
                Inode::File(file) => file.sync_failed = false,
                Inode::Dir(dir) => dir.sync_failed = false,
            }
        }
    }

    /// Of all files that have a name.
    fn used(&self) -> u64 {
        let (mut used, mut open) = (0, vec![ROOT]);
        while let Some(inode) = open.pop() {
            match self.inodes.get(&inode) {
                Some(Inode::File(file)) => used += file.data.len() as u64,
                Some(Inode::Dir(dir)) => open.extend(dir.entries.values()),
                None => {}
            }
        }
        used
    }

    pub(super) fn check_room(&mut self, growth: u64) -> Result<()> {
        match self.capacity {
            Some(capacity) if growth > 0 && self.used() + growth > capacity => {
                self.troubles.full += 1;
                Err(error(Errno::NOSPC))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn check_on(&self) -> Result<()> {
        if self.off { Err(error(Errno::IO)) } else { Ok(()) }
    }

    /// Counts an operation. `true`: the power goes at this one; let it take part of its effect, then fail.
    pub(super) fn count(&mut self) -> Result<bool> {
        self.check_on()?;
        self.operations += 1;
        self.off = self.crash_at == Some(self.operations);
        Ok(self.off)
    }

    pub(super) fn check_fault(&mut self, path: &Path, fault: Fault) -> Result<()> {
        self.orders.check(path, fault, &mut self.troubles)
    }

    /// A sync of what failed to be synced before, and how long it takes.
    pub(super) fn note_sync(&mut self, failed_before: bool) {
        self.troubles.syncs_again += u64::from(failed_before);
        self.slow_syncs.sync(&mut self.random, &mut self.troubles);
    }

    fn dir(&self, inode: InodeNumber) -> Result<&DirInode> {
        match self.inodes.get(&inode) {
            Some(Inode::Dir(dir)) => Ok(dir),
            _ => Err(error(Errno::NOTDIR)),
        }
    }

    fn dir_mut(&mut self, inode: InodeNumber) -> Result<&mut DirInode> {
        match self.inodes.get_mut(&inode) {
            Some(Inode::Dir(dir)) => Ok(dir),
            _ => Err(error(Errno::NOTDIR)),
        }
    }

    pub(super) fn look_up(&self, path: &Path) -> Result<InodeNumber> {
        let mut inode = ROOT;
        for name in names(path) {
            inode = *self.dir(inode)?.entries.get(name?).ok_or_else(|| error(Errno::NOENT))?;
        }
        Ok(inode)
    }

    fn parent(&self, path: &Path) -> Result<(InodeNumber, String)> {
        let name = names(path).next_back().ok_or_else(|| error(Errno::INVAL))??;
        let parent = path.parent().ok_or_else(|| error(Errno::INVAL))?;
        Ok((self.look_up(parent)?, name.to_owned()))
    }

    fn file_mut(&mut self, path: &Path) -> Result<&mut FileInode> {
        let inode = self.look_up(path)?;
        self.file_by_number(inode)
    }

    pub(super) fn file_by_number(&mut self, inode: InodeNumber) -> Result<&mut FileInode> {
        match self.inodes.get_mut(&inode) {
            Some(Inode::File(file)) => Ok(file),
            _ => Err(error(Errno::ISDIR)),
        }
    }

    fn add(&mut self, inode: Inode) -> InodeNumber {
        let number = self.next_inode;
        self.next_inode += 1;
        self.inodes.insert(number, inode);
        number
    }
}

fn names(path: &Path) -> impl DoubleEndedIterator<Item = Result<&str>> {
    path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(name.to_str().ok_or_else(|| error(Errno::INVAL))),
        _ => None,
    })
}

/// What a mutating call returns when the power went at it.
pub(super) fn unless(crashed: bool) -> Result<()> {
    if crashed { Err(error(Errno::IO)) } else { Ok(()) }
}

impl Disk for SimDisk {
    fn open(&self, path: &Path, how: Open) -> Result<Arc<dyn File>> {
        let mut state = self.state.lock();
        state.check_on()?;
        if how.direct && !state.direct_allowed {
            return Err(error(Errno::INVAL));
        }
        let inode = match state.look_up(path) {
            Err(missing) if missing.kind() == ErrorKind::NotFound && how.create => {
                state.check_fault(path, Fault::Write)?;
                let (parent, name) = state.parent(path)?;
                let crashed = state.count()?;
                let inode = state.add(Inode::File(FileInode::default()));
                state.dir_mut(parent)?.change(Change::Put(name, inode));
                unless(crashed)?;
                inode
            }
            found => found?,
        };
        state.file_by_number(inode)?;
        if how.truncate && !state.file_by_number(inode)?.data.is_empty() {
            let crashed = state.count()?;
            state.file_by_number(inode)?.set_len(0);
            unless(crashed)?;
        }
        let life = state.life;
        drop(state);
        let file = SimFile { disk: self.clone(), path: path.to_path_buf(), inode, life, open: how };
        Ok(Arc::new(file))
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        let mut state = self.state.lock();
        state.check_fault(from, Fault::Write)?;
        state.check_on()?;
        let inode = state.look_up(from)?;
        let (from_dir, from_name) = state.parent(from)?;
        let (to_dir, to_name) = state.parent(to)?;
        if let Ok(replaced) = state.look_up(to)
            && state.dir(replaced).is_ok_and(|dir| !dir.entries.is_empty())
        {
            return Err(error(Errno::NOTEMPTY));
        }
        let crashed = state.count()?;
        if from_dir == to_dir {
            state.dir_mut(from_dir)?.change(Change::Rename(from_name, to_name, inode));
        } else {
            state.dir_mut(to_dir)?.change(Change::Put(to_name, inode));
            state.dir_mut(from_dir)?.change(Change::Remove(from_name));
        }
        unless(crashed)
    }

    fn remove_file(&self, path: &Path) -> Result<()> {
        let mut state = self.state.lock();
        state.check_fault(path, Fault::Write)?;
        state.check_on()?;
        let inode = state.look_up(path)?;
        state.file_by_number(inode)?;
        let (parent, name) = state.parent(path)?;
        let crashed = state.count()?;
        state.dir_mut(parent)?.change(Change::Remove(name));
        unless(crashed)
    }

    fn remove_dir_all(&self, path: &Path) -> Result<()> {
        let mut state = self.state.lock();
        state.check_fault(path, Fault::Write)?;
        state.check_on()?;
        let inode = state.look_up(path)?;
        let children: Vec<String> = state.dir(inode)?.entries.keys().cloned().collect();
        drop(state);
        for name in children {
            let child = path.join(name);
            if self.is_dir(&child)? {
                self.remove_dir_all(&child)?
            } else {
                self.remove_file(&child)?
            }
        }
        let mut state = self.state.lock();
        let (parent, name) = state.parent(path)?;
        let crashed = state.count()?;
        state.dir_mut(parent)?.change(Change::Remove(name));
        unless(crashed)
    }

    fn create_dir_all(&self, path: &Path) -> Result<()> {
        let mut state = self.state.lock();
        state.check_on()?;
        let mut inode = ROOT;
        for name in names(path) {
            let name = name?;
            if let Some(found) = state.dir(inode)?.entries.get(name) {
                inode = *found;
                continue;
            }
            state.check_fault(path, Fault::Write)?;
            let crashed = state.count()?;
            let made = state.add(Inode::Dir(DirInode::default()));
            state.dir_mut(inode)?.change(Change::Put(name.to_owned(), made));
            unless(crashed)?;
            inode = made;
        }
        state.dir(inode).map(|_| ())
    }

    fn list(&self, path: &Path) -> Result<Vec<Entry>> {
        let mut state = self.state.lock();
        state.check_on()?;
        state.check_fault(path, Fault::Read)?;
        let dir = state.dir(state.look_up(path)?)?;
        let entry = |(name, inode): (&String, &InodeNumber)| {
            let (is_dir, size) = match state.inodes.get(inode) {
                Some(Inode::File(file)) => (false, file.data.len() as u64),
                _ => (true, 0),
            };
            Entry { name: name.clone(), is_dir, size }
        };
        Ok(dir.entries.iter().map(entry).collect())
    }

    fn file_size(&self, path: &Path) -> Result<Option<u64>> {
        let mut state = self.state.lock();
        state.check_on()?;
        match state.look_up(path) {
            Ok(inode) => Ok(state.file_by_number(inode).ok().map(|file| file.data.len() as u64)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn is_dir(&self, path: &Path) -> Result<bool> {
        let state = self.state.lock();
        state.check_on()?;
        Ok(state.look_up(path).is_ok_and(|inode| state.dir(inode).is_ok()))
    }

    fn sync_dir(&self, path: &Path) -> Result<()> {
        let mut state = self.state.lock();
        state.check_on()?;
        let inode = state.look_up(path)?;
        let failed_before = state.dir(inode)?.sync_failed;
        state.note_sync(failed_before);
        if let Err(failed) = state.check_fault(path, Fault::Sync) {
            state.dir_mut(inode)?.sync_failed = true;
            return Err(failed);
        }
        let crashed = state.count()?;
        let done = !crashed || state.random.one_in(2);
        if done {
            state.dir_mut(inode)?.sync();
        }
        unless(crashed)
    }

    fn file_system(&self, path: &Path) -> Result<Box<dyn FileSystem>> {
        SimFileSystem::open(self, path)
    }

    fn lock(&self, path: &Path) -> Result<Box<dyn Lock>> {
        self.open(path, Open::CREATE)?;
        let mut state = self.state.lock();
        if !state.locks.insert(path.to_path_buf()) {
            return Err(ErrorKind::WouldBlock.into());
        }
        let life = state.life;
        Ok(Box::new(SimLock { disk: self.clone(), path: path.to_path_buf(), life }))
    }
}

#[derive(Debug)]
struct SimLock {
    disk: SimDisk,
    path: PathBuf,
    life: u64,
}

impl Lock for SimLock {}

impl Drop for SimLock {
    fn drop(&mut self) {
        let mut state = self.disk.state.lock();
        if state.life == self.life {
            state.locks.remove(&self.path);
        }
    }
}
