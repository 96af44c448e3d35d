//! What the file system is at a moment, and what its disk is told to do wrong.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::time::{Duration, SystemTime};

use rustix::io::Errno;

use super::content::PAGE_SIZE;
use super::cut::{Cut, CutCounts};
use super::file::LossyFile;
use super::names::{Entries, InodeNumber, NameRule, Names, ROOT};

/// Pages of a disk that nobody has made smaller: 64 GB.
const ROOM: u64 = 16 << 20;

#[derive(Debug)]
pub(super) struct Node {
    /// `None` for a directory.
    pub(super) file: Option<LossyFile>,
    pub(super) changed: SystemTime,
}

/// How the disk behaves from now on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Faults {
    /// There is no power: everything fails, and nobody is left to see it.
    pub(super) off: bool,
    /// Writes and syncs wait.
    pub(super) paused: bool,
    pub(super) sync_delay: Duration,
    pub(super) syncs_fail: bool,
    pub(super) writes_fail: bool,
    /// Pages that are left; `None` for plenty.
    pub(super) room: Option<u64>,
}

#[derive(Debug)]
pub(super) struct State {
    nodes: BTreeMap<InodeNumber, Node>,
    pub(super) names: Names,
    next: InodeNumber,
    pub(super) faults: Faults,
    /// Writes and syncs since the file system was made.
    pub(super) counts: Counts,
}

/// What programs did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub writes: u64,
    /// Of these, durable when they returned.
    pub durable_writes: u64,
    pub file_syncs: u64,
    pub directory_syncs: u64,
}

pub(super) type Answer<T> = Result<T, Errno>;

impl State {
    pub(super) fn new(rule: NameRule) -> Self {
        let mut state = Self {
            nodes: BTreeMap::new(),
            names: Names::new(rule),
            next: ROOT,
            faults: Faults::default(),
            counts: Counts::default(),
        };
        state.add(None);
        state
    }

    fn add(&mut self, file: Option<LossyFile>) -> InodeNumber {
        let inode = self.next;
        self.next += 1;
        self.nodes.insert(inode, Node { file, changed: SystemTime::now() });
        inode
    }

    const fn check_on(&self) -> Answer<()> {
        if self.faults.off { Err(Errno::IO) } else { Ok(()) }
    }

    pub(super) fn node(&self, inode: InodeNumber) -> Answer<&Node> {
        self.check_on()?;
        self.nodes.get(&inode).ok_or(Errno::NOENT)
    }

    fn file(&mut self, inode: InodeNumber) -> Answer<&mut LossyFile> {
        self.check_on()?;
        let node = self.nodes.get_mut(&inode).ok_or(Errno::NOENT)?;
        node.changed = SystemTime::now();
        node.file.as_mut().ok_or(Errno::ISDIR)
    }

    pub(super) fn entries(&self, directory: InodeNumber) -> Answer<&Entries> {
        self.check_on()?;
        self.names.entries(directory).ok_or(Errno::NOTDIR)
    }

    pub(super) fn find(&self, directory: InodeNumber, name: &OsStr) -> Answer<InodeNumber> {
        self.check_on()?;
        self.names.find(directory, name).ok_or(Errno::NOENT)
    }

    pub(super) fn create(
        &mut self,
        directory: InodeNumber,
        name: &OsStr,
        is_dir: bool,
    ) -> Answer<InodeNumber> {
        self.entries(directory)?;
        if self.find(directory, name).is_ok() {
            return Err(Errno::EXIST);
        }
        if self.faults.room == Some(0) {
            return Err(Errno::NOSPC);
        }
        let inode = self.add((!is_dir).then(LossyFile::default));
        if is_dir {
            self.names.add_directory(inode);
        }
        self.names.put(directory, name, inode);
        Ok(inode)
    }

    pub(super) fn remove(
        &mut self,
        directory: InodeNumber,
        name: &OsStr,
        is_dir: bool,
    ) -> Answer<()> {
        let inode = self.find(directory, name)?;
        match (is_dir, self.names.entries(inode)) {
            (true, None) => return Err(Errno::NOTDIR),
            (false, Some(_)) => return Err(Errno::ISDIR),
            (true, Some(entries)) if !entries.is_empty() => return Err(Errno::NOTEMPTY),
            (true, Some(_)) | (false, None) => {}
        }
        self.names.remove(directory, name);
        self.give_back(inode);
        Ok(())
    }

    /// Replaces what lies under the new name, if anything does.
    pub(super) fn rename(
        &mut self,
        from: (InodeNumber, &OsStr),
        to: (InodeNumber, &OsStr),
    ) -> Answer<()> {
        let inode = self.find(from.0, from.1)?;
        self.entries(to.0)?;
        if let Some(replaced) = self.names.find(to.0, to.1).filter(|replaced| *replaced != inode) {
            if self.names.entries(replaced).is_some_and(|entries| !entries.is_empty()) {
                return Err(Errno::NOTEMPTY);
            }
            self.give_back(replaced);
        }
        self.names.rename(from, to, inode);
        Ok(())
    }

    /// The room of a file that has lost its name. (Its content is kept for those who have it open, until the next cut.)
    fn give_back(&mut self, inode: InodeNumber) {
        let file = self.nodes.get(&inode).and_then(|node| node.file.as_ref());
        let pages = file.map_or(0, LossyFile::page_count);
        self.faults.room = self.faults.room.map(|room| room + pages);
    }

    pub(super) fn read(&self, inode: InodeNumber, position: u64, size: usize) -> Answer<Vec<u8>> {
        let file = self.node(inode)?.file.as_ref().ok_or(Errno::ISDIR)?;
        Ok(file.read(position, size))
    }

    fn take_room(&mut self, pages: u64) -> Answer<()> {
        if let Some(room) = &mut self.faults.room {
            *room = room.checked_sub(pages).ok_or(Errno::NOSPC)?;
        }
        Ok(())
    }

    pub(super) fn write(
        &mut self,
        inode: InodeNumber,
        position: u64,
        bytes: Vec<u8>,
        durable: bool,
    ) -> Answer<()> {
        let wanted = self.file(inode)?.wanted_pages(position, bytes.len());
        if self.faults.writes_fail || (durable && self.faults.syncs_fail) {
            return Err(Errno::IO);
        }
        self.take_room(wanted)?;
        self.counts.writes += 1;
        self.counts.durable_writes += u64::from(durable);
        let file = self.file(inode)?;
        if durable {
            file.write_durable(position, &bytes);
            self.names.file_synced();
        } else {
            file.write(position, bytes);
        }
        Ok(())
    }

    pub(super) fn set_size(&mut self, inode: InodeNumber, size: u64) -> Answer<()> {
        let file = self.file(inode)?;
        let before = file.page_count();
        file.set_size(size);
        let freed = before - file.page_count();
        self.faults.room = self.faults.room.map(|room| room + freed);
        Ok(())
    }

    /// Takes room without changing the size, unless `grow`.
    pub(super) fn reserve(&mut self, inode: InodeNumber, end: u64, grow: bool) -> Answer<()> {
        let size = usize::try_from(end).map_err(|_| Errno::FBIG)?;
        let file = self.file(inode)?;
        let wanted = file.wanted_pages(0, size);
        self.take_room(wanted)?;
        let file = self.file(inode)?;
        file.reserve(end);
        if grow && end > file.size() {
            file.set_size(end);
        }
        Ok(())
    }

    pub(super) fn sync_file(&mut self, inode: InodeNumber) -> Answer<()> {
        self.counts.file_syncs += 1;
        let fails = self.faults.syncs_fail;
        let file = self.file(inode)?;
        if fails {
            file.forget_unsynced();
            return Err(Errno::IO);
        }
        file.sync();
        self.names.file_synced();
        Ok(())
    }

    pub(super) fn sync_directory(&mut self, inode: InodeNumber) -> Answer<()> {
        self.counts.directory_syncs += 1;
        self.entries(inode)?;
        if self.faults.syncs_fail {
            return Err(Errno::IO);
        }
        self.names.sync_directory(inode);
        Ok(())
    }

    /// Pages in all, and those that are free.
    pub(super) fn space(&self) -> (u64, u64) {
        (ROOM, self.faults.room.unwrap_or(ROOM / 2))
    }

    pub(super) const fn page_size() -> usize {
        PAGE_SIZE
    }

    /// The power was cut and is back: what was not synced has met its fate, and the disk has no more faults.
    pub(super) fn power_cut(&mut self, seed: u64) -> CutCounts {
        let mut cut = Cut::new(seed);
        let kept = self.names.power_cut(&mut cut);
        self.nodes.retain(|inode, _| kept.contains(inode));
        for node in self.nodes.values_mut() {
            if let Some(file) = &mut node.file {
                file.power_cut(&mut cut);
            }
        }
        self.faults = Faults::default();
        cut.counts
    }
}
