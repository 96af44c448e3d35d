//! What only Linux has. [`super::posix`] is the portable twin: same names, same contract.

use std::fs::File;
use std::io::{IoSliceMut, Result};
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;

use rustix::fs::{self, FallocateFlags, Mode, OFlags};
use rustix::io::{Errno, ReadWriteFlags, preadv2};

use super::Open;
pub use super::posix::advise;

pub(crate) fn open(path: &Path, how: Open) -> Result<File> {
    let mut flags = super::posix::flags(how);
    flags.set(OFlags::DIRECT, how.direct);
    flags.set(OFlags::DSYNC, how.direct && how.durable);
    Ok(File::from(fs::open(path, flags, Mode::from_raw_mode(0o644))?))
}

/// Reserves space without changing the size; nothing where the file system cannot.
pub fn allocate(file: impl AsFd, position: u64, size: u64) -> Result<()> {
    match fs::fallocate(file, FallocateFlags::KEEP_SIZE, position, size) {
        Ok(()) | Err(Errno::OPNOTSUPP) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Begins writing the range to the device without waiting.
///
/// rustix has no `sync_file_range`; `POSIX_FADV_DONTNEED` on a range begins its writeback in the same way, and drops
/// only pages that are already clean, so the data is not lost from the cache.
pub fn start_writeback(file: impl AsFd, position: u64, size: u64) {
    // A hint: its failure means nothing, the sync that follows reports what is wrong.
    let size = std::num::NonZeroU64::new(size);
    let _ = fs::fadvise(file, position, size, fs::Advice::DontNeed);
}

/// Whether the byte at `position` lies in the page cache; true too where the file system cannot tell.
pub fn is_cached(file: impl AsFd, position: u64) -> bool {
    let mut byte = [0];
    let into = &mut [IoSliceMut::new(&mut byte)];
    let read = preadv2(file, into, position, ReadWriteFlags::NOWAIT);
    read != Err(Errno::AGAIN)
}

/// `FUSE_SUPER_MAGIC` of Linux.
const FUSE: fs::FsWord = 0x6573_5546;

/// Syncs the whole file system of the open file or directory. Not one in user space: Linux says that it did and does not
/// ask it to.
pub fn sync_file_system(any: impl AsFd) -> Result<bool> {
    if fs::fstatfs(&any)?.f_type == FUSE {
        return Ok(false);
    }
    fs::syncfs(any)?;
    Ok(true)
}

/// Bytes of `file` from `position` on, at most `count`, into a socket or pipe, without copying them through the
/// program. Moves `position`. `WouldBlock` when the socket is full.
pub fn send_file(
    to: BorrowedFd<'_>,
    file: BorrowedFd<'_>,
    position: &mut u64,
    count: usize,
) -> Result<usize> {
    Ok(fs::sendfile(to, file, Some(position), count)?)
}
