//! The kernel's requests, each answered out of the [`State`].

use std::ffi::OsStr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use fuser::{
    BsdFileFlags, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation,
    INodeNo, LockOwner, OpenFlags, RenameFlags, ReplyAttr, ReplyCreate, ReplyData, ReplyDirectory,
    ReplyEmpty, ReplyEntry, ReplyOpen, ReplyStatfs, ReplyWrite, Request, TimeOrNow, WriteFlags,
};
use parking_lot::{Condvar, Mutex};
use rustix::fs::{FallocateFlags, OFlags};

use super::names::InodeNumber;
use super::state::{Answer, State};

/// All changes come through the kernel, so what it remembers stays true.
const REMEMBERED: Duration = Duration::from_secs(3600);

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) state: Mutex<State>,
    /// The disk goes on, or is off.
    pub(super) changed: Condvar,
}

/// One mount of the file system.
#[derive(Debug)]
pub(super) struct Door(pub(super) Arc<Shared>);

/// What a disk that is slow or stuck makes wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    Write,
    Sync,
}

impl Door {
    /// Does `work` and answers: here, or on a thread of its own if the disk lets it wait, so that reads go on.
    fn work(&self, work: Work, act: impl FnOnce(&mut State) + Send + 'static) {
        let mut state = self.0.state.lock();
        let delay = match work {
            Work::Write => Duration::ZERO,
            Work::Sync => state.faults.sync_delay,
        };
        if delay.is_zero() && !state.faults.paused {
            return act(&mut state);
        }
        let shared = Arc::clone(&self.0);
        std::thread::spawn(move || {
            std::thread::sleep(delay);
            let mut state = shared.state.lock();
            while state.faults.paused && !state.faults.off {
                shared.changed.wait(&mut state);
            }
            act(&mut state);
        });
    }
}

fn is_durable(flags: i32) -> bool {
    // O_SYNC contains O_DSYNC.
    flags & OFlags::DSYNC.bits().cast_signed() != 0
}

fn errno(error: rustix::io::Errno) -> Errno {
    Errno::from_i32(error.raw_os_error())
}

fn attributes(state: &State, inode: InodeNumber) -> Answer<FileAttr> {
    let node = state.node(inode)?;
    let (kind, perm, size, pages) = match &node.file {
        Some(file) => (FileType::RegularFile, 0o644, file.size(), file.page_count()),
        None => (FileType::Directory, 0o755, 0, 0),
    };
    Ok(FileAttr {
        ino: INodeNo(inode),
        size,
        blocks: pages * (State::page_size() / 512) as u64,
        atime: node.changed,
        mtime: node.changed,
        ctime: node.changed,
        crtime: node.changed,
        kind,
        perm,
        nlink: 1,
        uid: rustix::process::geteuid().as_raw(),
        gid: rustix::process::getegid().as_raw(),
        rdev: 0,
        blksize: 4096,
        flags: 0,
    })
}

fn answer_entry(reply: ReplyEntry, found: Answer<FileAttr>) {
    match found {
        Ok(attributes) => reply.entry(&REMEMBERED, &attributes, Generation(0)),
        Err(error) => reply.error(errno(error)),
    }
}

fn answer_empty(reply: ReplyEmpty, done: Answer<()>) {
    match done {
        Ok(()) => reply.ok(),
        Err(error) => reply.error(errno(error)),
    }
}

impl Filesystem for Door {
    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        let state = self.0.state.lock();
        let found = state.find(parent.0, name).and_then(|inode| attributes(&state, inode));
        answer_entry(reply, found);
    }

    fn getattr(&self, _: &Request, inode: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        match attributes(&self.0.state.lock(), inode.0) {
            Ok(attributes) => reply.attr(&REMEMBERED, &attributes),
            Err(error) => reply.error(errno(error)),
        }
    }

    fn setattr(
        &self,
        _: &Request,
        inode: INodeNo,
        _mode: Option<u32>,
        _uid: Option<u32>,
        _gid: Option<u32>,
        size: Option<u64>,
        _atime: Option<TimeOrNow>,
        _mtime: Option<TimeOrNow>,
        _ctime: Option<SystemTime>,
        _: Option<FileHandle>,
        _crtime: Option<SystemTime>,
        _chgtime: Option<SystemTime>,
        _bkuptime: Option<SystemTime>,
        _: Option<BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        self.work(Work::Write, move |state| {
            let done = size.map_or(Ok(()), |size| state.set_size(inode.0, size));
            match done.and_then(|()| attributes(state, inode.0)) {
                Ok(attributes) => reply.attr(&REMEMBERED, &attributes),
                Err(error) => reply.error(errno(error)),
            }
        });
    }

    fn mkdir(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        _mode: u32,
        _umask: u32,
        reply: ReplyEntry,
    ) {
        let mut state = self.0.state.lock();
        let made = state.create(parent.0, name, true);
        answer_entry(reply, made.and_then(|inode| attributes(&state, inode)));
    }

    fn create(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        _mode: u32,
        _umask: u32,
        _flags: i32,
        reply: ReplyCreate,
    ) {
        let mut state = self.0.state.lock();
        let made = state.create(parent.0, name, false);
        match made.and_then(|inode| attributes(&state, inode)) {
            Ok(attributes) => reply.created(
                &REMEMBERED,
                &attributes,
                Generation(0),
                FileHandle(0),
                FopenFlags::FOPEN_KEEP_CACHE,
            ),
            Err(error) => reply.error(errno(error)),
        }
    }

    fn unlink(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        answer_empty(reply, self.0.state.lock().remove(parent.0, name, false));
    }

    fn rmdir(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        answer_empty(reply, self.0.state.lock().remove(parent.0, name, true));
    }

    fn rename(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        new_parent: INodeNo,
        new_name: &OsStr,
        flags: RenameFlags,
        reply: ReplyEmpty,
    ) {
        if !flags.is_empty() {
            return reply.error(Errno::EINVAL);
        }
        let mut state = self.0.state.lock();
        answer_empty(reply, state.rename((parent.0, name), (new_parent.0, new_name)));
    }

    fn open(&self, _: &Request, _: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        reply.opened(FileHandle(0), FopenFlags::FOPEN_KEEP_CACHE);
    }

    fn read(
        &self,
        _: &Request,
        inode: INodeNo,
        _: FileHandle,
        position: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        match self.0.state.lock().read(inode.0, position, size) {
            Ok(bytes) => reply.data(&bytes),
            Err(error) => reply.error(errno(error)),
        }
    }

    fn write(
        &self,
        _: &Request,
        inode: INodeNo,
        _: FileHandle,
        position: u64,
        bytes: &[u8],
        write_flags: WriteFlags,
        flags: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        // What the kernel writes back from a mapped file is nobody's durable write.
        let durable = is_durable(flags.0) && !write_flags.contains(WriteFlags::FUSE_WRITE_CACHE);
        let bytes = bytes.to_vec();
        let work = if durable { Work::Sync } else { Work::Write };
        self.work(work, move |state| {
            let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            match state.write(inode.0, position, bytes, durable) {
                Ok(()) => reply.written(size),
                Err(error) => reply.error(errno(error)),
            }
        });
    }

    fn fsync(&self, _: &Request, inode: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        self.work(Work::Sync, move |state| answer_empty(reply, state.sync_file(inode.0)));
    }

    fn fsyncdir(&self, _: &Request, inode: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        self.work(Work::Sync, move |state| answer_empty(reply, state.sync_directory(inode.0)));
    }

    fn readdir(
        &self,
        _: &Request,
        inode: INodeNo,
        _: FileHandle,
        offset: u64,
        mut reply: ReplyDirectory,
    ) {
        let state = self.0.state.lock();
        let entries = match state.entries(inode.0) {
            Ok(entries) => entries,
            Err(error) => return reply.error(errno(error)),
        };
        // The place of an entry is its inode number, so that names which come and go meanwhile move no other.
        let mut list: Vec<(InodeNumber, &OsStr)> =
            entries.iter().map(|(name, entry)| (*entry, name.as_os_str())).collect();
        list.sort_unstable();
        for (entry, name) in list.into_iter().filter(|(entry, _)| *entry > offset) {
            let is_file = state.node(entry).is_ok_and(|node| node.file.is_some());
            let kind = if is_file { FileType::RegularFile } else { FileType::Directory };
            if reply.add(INodeNo(entry), entry, kind, name) {
                break;
            }
        }
        reply.ok();
    }

    fn statfs(&self, _: &Request, _: INodeNo, reply: ReplyStatfs) {
        let (total, free) = self.0.state.lock().space();
        reply.statfs(total, free, free, 1 << 20, 1 << 20, 4096, 255, 4096);
    }

    fn flush(&self, _: &Request, _: INodeNo, _: FileHandle, _: LockOwner, reply: ReplyEmpty) {
        // Once told so, the kernel asks no more.
        reply.error(Errno::ENOSYS);
    }

    fn fallocate(
        &self,
        _: &Request,
        inode: INodeNo,
        _: FileHandle,
        position: u64,
        size: u64,
        mode: i32,
        reply: ReplyEmpty,
    ) {
        let keep = FallocateFlags::KEEP_SIZE.bits().cast_signed();
        if mode & !keep != 0 {
            return reply.error(Errno::EOPNOTSUPP);
        }
        self.work(Work::Write, move |state| {
            answer_empty(reply, state.reserve(inode.0, position + size, mode & keep == 0));
        });
    }
}
