//! The disk as traits, so that the log runs on the machine's files and on a simulated disk alike.

mod page_buffer;
pub mod posix;
mod real;

#[cfg(target_os = "linux")]
pub mod linux;

use std::fmt;
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::os::fd::BorrowedFd;
use std::path::Path;
use std::sync::Arc;

pub use self::page_buffer::PageBuffer;
pub use self::real::RealDisk;
pub use os::send_file;

#[cfg(target_os = "linux")]
pub(crate) use linux as os;
#[cfg(not(target_os = "linux"))]
pub(crate) use posix as os;

/// How a file is opened. All files can be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Open {
    pub write: bool,
    /// Made when it is missing.
    pub create: bool,
    /// Emptied when it is there.
    pub truncate: bool,
    /// Past the page cache (`O_DIRECT`). Buffers, positions and lengths must then be multiples of [`crate::PAGE_SIZE`].
    /// Refused where the file system cannot.
    pub direct: bool,
    /// A write is durable when it returns (`O_DSYNC`). Only together with `direct`.
    pub durable: bool,
}

impl Open {
    pub const READ: Self =
        Self { write: false, create: false, truncate: false, direct: false, durable: false };
    /// An existing file.
    pub const WRITE: Self = Self { write: true, ..Self::READ };
    /// An existing or new file.
    pub const CREATE: Self = Self { create: true, ..Self::WRITE };
    /// A new, empty file, whatever was there.
    pub const REPLACE: Self = Self { truncate: true, ..Self::CREATE };
    /// An existing file, written past the page cache; a sync makes it durable.
    pub const DIRECT: Self = Self { direct: true, ..Self::WRITE };
    /// An existing file, written past the page cache and durable when the write returns.
    pub const DIRECT_DURABLE: Self = Self { durable: true, ..Self::DIRECT };
}

/// What a directory holds under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub is_dir: bool,
    /// Bytes, for a file.
    pub size: u64,
}

/// A hint about how a range of a file will be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    WillNeed,
    DontNeed,
    Sequential,
    Random,
}

/// Files and directories by path. All calls may block. What a call changed in a directory is durable once
/// [`Disk::sync_dir`] of that directory has returned.
pub trait Disk: Send + Sync + fmt::Debug {
    fn open(&self, path: &Path, how: Open) -> Result<Arc<dyn File>>;

    /// Replaces what lies under `to`, atomically.
    fn rename(&self, from: &Path, to: &Path) -> Result<()>;

    fn remove_file(&self, path: &Path) -> Result<()>;

    /// A directory and all in it.
    fn remove_dir_all(&self, path: &Path) -> Result<()>;

    /// Makes the directory and the missing ones above it. No error when it is there.
    fn create_dir_all(&self, path: &Path) -> Result<()>;

    /// What the directory holds, in no order. Names that are not UTF-8 are left out: no file of ours has one.
    fn list(&self, path: &Path) -> Result<Vec<Entry>>;

    /// As [`Disk::list`], where only files whose name `sized` takes need their size: to ask for it is most of the work.
    fn list_sizing(&self, path: &Path, sized: &dyn Fn(&str) -> bool) -> Result<Vec<Entry>> {
        let _ = sized;
        self.list(path)
    }

    /// Size in bytes of the file; `None` when nothing, or a directory, is there.
    fn file_size(&self, path: &Path) -> Result<Option<u64>>;

    fn is_dir(&self, path: &Path) -> Result<bool>;

    /// Makes the names in a directory durable.
    fn sync_dir(&self, path: &Path) -> Result<()>;

    /// The file system of `path`, which is there.
    fn file_system(&self, path: &Path) -> Result<Box<dyn FileSystem>>;

    /// Takes the lock file as Java's `FileChannel.tryLock` does, so that Apache Kafka and Ottla refuse each other's
    /// live directory. `WouldBlock` when another process, or this one, has it. Held until dropped.
    fn lock(&self, path: &Path) -> Result<Box<dyn Lock>>;

    /// The whole file.
    fn read(&self, path: &Path) -> Result<Vec<u8>> {
        let file = self.open(path, Open::READ)?;
        let size = usize::try_from(file.size()?).map_err(|_| ErrorKind::FileTooLarge)?;
        let mut bytes = vec![0; size];
        file.read_exact_at(&mut bytes, 0)?;
        Ok(bytes)
    }

    /// Writes a small file so that after a crash either the old or the new content is there, whole: temporary file,
    /// sync, rename, sync of the directory.
    fn replace(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        let mut temporary = path.as_os_str().to_owned();
        temporary.push(".tmp");
        let temporary = Path::new(&temporary);
        let file = self.open(temporary, Open::REPLACE)?;
        file.write_at(bytes, 0)?;
        file.sync_data()?;
        drop(file);
        self.rename(temporary, path)?;
        self.sync_dir(path.parent().ok_or(ErrorKind::InvalidInput)?)
    }
}

/// A file system, to be synced as a whole. It tells of writes that failed since it was opened, or since the last sync of it, whoever
/// wrote: so whoever relies on it opens it before he writes, and keeps it.
pub trait FileSystem: Send + Sync + fmt::Debug {
    /// Makes all that was written to it durable, where that is one call (`syncfs`). `false`, and nothing done, where it is not:
    /// sync each file.
    fn sync(&self) -> Result<bool>;
}

/// An open file. Calls take `&self`: positions are explicit, so threads may share it.
pub trait File: Send + Sync + fmt::Debug {
    /// Bytes read; fewer than asked for only at the end of the file.
    fn read_at(&self, buffer: &mut [u8], position: u64) -> Result<usize>;

    /// Writes all of `bytes`.
    fn write_at(&self, bytes: &[u8], position: u64) -> Result<()>;

    /// Writes all of `buffers`, one behind the other. Any number of them.
    fn write_vectored_at(&self, buffers: &[IoSlice<'_>], position: u64) -> Result<()>;

    /// Makes content and size durable. After an error nothing is known about what was written since the last success:
    /// a second try that succeeds proves nothing, so do not try.
    fn sync_data(&self) -> Result<()>;

    fn set_len(&self, size: u64) -> Result<()>;

    /// Size in bytes.
    fn size(&self) -> Result<u64>;

    /// Reserves space, without changing the size. A hint where the system has no such call.
    fn allocate(&self, position: u64, size: u64) -> Result<()>;

    /// Asks the kernel to begin writing the range to the device, without waiting. A hint; makes nothing durable.
    fn start_writeback(&self, position: u64, size: u64);

    fn advise(&self, advice: Advice, position: u64, size: u64);

    /// Whether the byte at `position` can be read without waiting for the device; true where nobody can tell.
    fn is_cached(&self, position: u64) -> bool {
        let _ = position;
        true
    }

    /// For `sendfile`; `None` where there is no kernel file behind it.
    fn as_fd(&self) -> Option<BorrowedFd<'_>>;

    /// Fills `buffer`, or `UnexpectedEof`.
    fn read_exact_at(&self, buffer: &mut [u8], position: u64) -> Result<()> {
        if self.read_at(buffer, position)? == buffer.len() {
            Ok(())
        } else {
            Err(Error::from(ErrorKind::UnexpectedEof))
        }
    }
}

/// A held lock file; dropping it unlocks.
pub trait Lock: Send + Sync + fmt::Debug {}
