use std::collections::BTreeSet;
use std::fs;
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use super::{Advice, Disk, Entry, File, FileSystem, Lock, Open, os, posix};
use crate::limits::IO_SLICES_MAX;

/// The machine's own file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

#[derive(Debug)]
struct RealFile(fs::File);

/// fcntl locks belong to the process: a second lock by the same process would succeed, and closing either file would
/// release both. So this process's own are kept here, as Java keeps them.
static LOCKED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

#[derive(Debug)]
struct RealLock {
    path: PathBuf,
    /// Closing it unlocks.
    file: Option<fs::File>,
}

impl Lock for RealLock {}

impl Drop for RealLock {
    fn drop(&mut self) {
        self.file = None;
        LOCKED.lock().remove(&self.path);
    }
}

impl Disk for RealDisk {
    fn open(&self, path: &Path, how: Open) -> Result<Arc<dyn File>> {
        Ok(Arc::new(RealFile(os::open(path, how)?)))
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        fs::rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> Result<()> {
        fs::remove_file(path)
    }

    fn remove_dir_all(&self, path: &Path) -> Result<()> {
        fs::remove_dir_all(path)
    }

    fn create_dir_all(&self, path: &Path) -> Result<()> {
        fs::create_dir_all(path)
    }

    fn list(&self, path: &Path) -> Result<Vec<Entry>> {
        self.list_sizing(path, &|_| true)
    }

    fn list_sizing(&self, path: &Path, sized: &dyn Fn(&str) -> bool) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            // Of a directory all is known: a log directory may have thousands.
            let is_dir = entry.file_type()?.is_dir();
            if is_dir || !sized(&name) {
                entries.push(Entry { name, is_dir, size: 0 });
                continue;
            }
            match entry.metadata() {
                Ok(metadata) => entries.push(Entry { name, is_dir: false, size: metadata.len() }),
                // Gone between the listing and now: another thread unlinked it.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(entries)
    }

    fn file_size(&self, path: &Path) -> Result<Option<u64>> {
        match fs::metadata(path) {
            Ok(metadata) => Ok((!metadata.is_dir()).then_some(metadata.len())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn is_dir(&self, path: &Path) -> Result<bool> {
        match fs::metadata(path) {
            Ok(metadata) => Ok(metadata.is_dir()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn sync_dir(&self, path: &Path) -> Result<()> {
        fs::File::open(path)?.sync_all()
    }

    fn file_system(&self, path: &Path) -> Result<Box<dyn FileSystem>> {
        Ok(Box::new(RealFileSystem(fs::File::open(path)?)))
    }

    fn lock(&self, path: &Path) -> Result<Box<dyn Lock>> {
        let file = os::open(path, Open::CREATE)?;
        let path = fs::canonicalize(path)?;
        let mut locked = LOCKED.lock();
        if locked.contains(&path) {
            // Closing `file` here would release the lock that this process holds: fcntl locks go with any close.
            std::mem::forget(file);
            return Err(ErrorKind::WouldBlock.into());
        }
        posix::lock_whole_file(&file)?;
        locked.insert(path.clone());
        Ok(Box::new(RealLock { path, file: Some(file) }))
    }
}

/// By a file or directory in it. The kernel notes in the descriptor which failed writes it has told of.
#[derive(Debug)]
struct RealFileSystem(fs::File);

impl FileSystem for RealFileSystem {
    fn sync(&self) -> Result<bool> {
        os::sync_file_system(&self.0)
    }
}

impl File for RealFile {
    fn read_at(&self, buffer: &mut [u8], position: u64) -> Result<usize> {
        let mut done = 0;
        while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
            match self.0.read_at(rest, position + done as u64) {
                Ok(0) => break,
                Ok(count) => done += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    fn write_at(&self, bytes: &[u8], position: u64) -> Result<()> {
        self.0.write_all_at(bytes, position)
    }

    fn write_vectored_at(&self, buffers: &[IoSlice<'_>], mut position: u64) -> Result<()> {
        for group in buffers.chunks(IO_SLICES_MAX) {
            position = write_group(&self.0, group, position)?;
        }
        Ok(())
    }

    fn sync_data(&self) -> Result<()> {
        self.0.sync_data()
    }

    fn set_len(&self, size: u64) -> Result<()> {
        self.0.set_len(size)
    }

    fn size(&self) -> Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn allocate(&self, position: u64, size: u64) -> Result<()> {
        os::allocate(&self.0, position, size)
    }

    fn start_writeback(&self, position: u64, size: u64) {
        os::start_writeback(&self.0, position, size);
    }

    fn advise(&self, advice: Advice, position: u64, size: u64) {
        os::advise(&self.0, advice, position, size);
    }

    fn is_cached(&self, position: u64) -> bool {
        os::is_cached(&self.0, position)
    }

    fn as_fd(&self) -> Option<BorrowedFd<'_>> {
        Some(self.0.as_fd())
    }
}

/// One vectored write, and what it left piece by piece; where it ends.
fn write_group(file: &fs::File, buffers: &[IoSlice<'_>], position: u64) -> Result<u64> {
    let written = loop {
        match pwritev(file, buffers, position) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            other => break other?,
        }
    };
    if written == 0 && buffers.iter().any(|buffer| !buffer.is_empty()) {
        return Err(Error::from(ErrorKind::WriteZero));
    }
    let mut skip = written;
    let mut place = position;
    for buffer in buffers {
        // A short write is rare (full disk, signal): the rest goes one by one.
        if skip < buffer.len() {
            file.write_all_at(buffer.get(skip..).unwrap_or(&[]), place + skip as u64)?;
        }
        skip = skip.saturating_sub(buffer.len());
        place += buffer.len() as u64;
    }
    Ok(place)
}

#[cfg(not(target_vendor = "apple"))]
fn pwritev(file: &fs::File, buffers: &[IoSlice<'_>], position: u64) -> Result<usize> {
    Ok(rustix::io::pwritev(file, buffers, position)?)
}

/// Apple's systems have no `pwritev` in every version: write the first buffer, the caller goes on.
#[cfg(target_vendor = "apple")]
fn pwritev(file: &fs::File, buffers: &[IoSlice<'_>], position: u64) -> Result<usize> {
    match buffers.iter().find(|buffer| !buffer.is_empty()) {
        Some(first) => file.write_at(first, position),
        None => Ok(0),
    }
}
