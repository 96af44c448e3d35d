//! The portable twin of [`super::linux`]: what any Unix can do.

use std::fs::File;
use std::io::{ErrorKind, Result};
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;

use rustix::fs::{self, FlockOperation, Mode, OFlags};

use super::{Advice, Open};

/// Bytes that one call of [`send_file`] moves at most.
const SEND_SIZE_MAX: usize = 64 << 10;

/// Bytes of a file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    pub total: u64,
    /// Free for a process without special rights.
    pub usable: u64,
}

/// How much room the file system of `path` has.
pub fn space(path: &Path) -> Result<Space> {
    let found = fs::statvfs(path)?;
    let bytes = |blocks: u64| blocks.saturating_mul(found.f_frsize);
    Ok(Space { total: bytes(found.f_blocks), usable: bytes(found.f_bavail) })
}

pub(crate) fn flags(how: Open) -> OFlags {
    let mut flags = OFlags::CLOEXEC;
    flags |= if how.write { OFlags::RDWR } else { OFlags::RDONLY };
    flags.set(OFlags::CREATE, how.create);
    flags.set(OFlags::TRUNC, how.truncate);
    flags
}

/// Refuses direct files: there is no portable way past the page cache.
pub fn open(path: &Path, how: Open) -> Result<File> {
    if how.direct {
        return Err(ErrorKind::Unsupported.into());
    }
    Ok(File::from(fs::open(path, flags(how), Mode::from_raw_mode(0o644))?))
}

/// No portable call keeps the size; writing into holes works everywhere.
pub fn allocate(_file: impl AsFd, _position: u64, _size: u64) -> Result<()> {
    Ok(())
}

/// No portable call; the sync that follows writes all.
pub fn start_writeback(_file: impl AsFd, _position: u64, _size: u64) {}

/// Not one portable call: `false`, sync each file.
pub fn sync_file_system(_any: impl AsFd) -> Result<bool> {
    Ok(false)
}

/// Nobody can tell.
pub fn is_cached(_file: impl AsFd, _position: u64) -> bool {
    true
}

/// Tells the kernel how a range will be read. Nothing on Apple's systems, which lack the call.
pub fn advise(file: impl AsFd, advice: Advice, position: u64, size: u64) {
    #[cfg(not(target_vendor = "apple"))]
    {
        let advice = match advice {
            Advice::WillNeed => fs::Advice::WillNeed,
            Advice::DontNeed => fs::Advice::DontNeed,
            Advice::Sequential => fs::Advice::Sequential,
            Advice::Random => fs::Advice::Random,
        };
        // A hint: its failure means nothing.
        let _ = fs::fadvise(file, position, std::num::NonZeroU64::new(size), advice);
    }
    #[cfg(target_vendor = "apple")]
    let _ = (file, advice, position, size);
}

/// Bytes of `file` from `position` on, at most `count`, into a socket or pipe. Moves `position` by what was taken.
/// `WouldBlock` when the socket is full.
pub fn send_file(
    to: BorrowedFd<'_>,
    file: BorrowedFd<'_>,
    position: &mut u64,
    count: usize,
) -> Result<usize> {
    let mut buffer = vec![0; count.min(SEND_SIZE_MAX)];
    let read = rustix::io::pread(file, &mut buffer, *position)?;
    let sent = rustix::io::write(to, buffer.get(..read).unwrap_or(&[]))?;
    *position += sent as u64;
    Ok(sent)
}

/// An fcntl lock on the whole file, as Java takes; `WouldBlock` when another process has one.
pub(crate) fn lock_whole_file(file: impl AsFd) -> Result<()> {
    match fs::fcntl_lock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(()),
        Err(rustix::io::Errno::ACCESS | rustix::io::Errno::AGAIN) => {
            Err(ErrorKind::WouldBlock.into())
        }
        Err(error) => Err(error.into()),
    }
}
