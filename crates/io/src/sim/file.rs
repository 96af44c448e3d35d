use std::io::{ErrorKind, IoSlice, Result};
use std::os::fd::BorrowedFd;
use std::path::PathBuf;

use rustix::io::Errno;

use super::disk::{SimDisk, State, error, unless};
use super::inode::{Inode, InodeNumber};
use super::trouble::Fault;
use crate::disk::{Advice, File, Open};
use crate::limits::{PAGE_SIZE, SECTOR_SIZE};

/// An open file of a simulated disk.
#[derive(Debug)]
pub(super) struct SimFile {
    pub(super) disk: SimDisk,
    pub(super) path: PathBuf,
    pub(super) inode: InodeNumber,
    pub(super) life: u64,
    pub(super) open: Open,
}

impl SimFile {
    fn check(&self, state: &State) -> Result<()> {
        state.check_on()?;
        if state.life == self.life { Ok(()) } else { Err(error(Errno::BADF)) }
    }

    fn check_write(&self, state: &mut State) -> Result<()> {
        self.check(state)?;
        if !self.open.write {
            return Err(error(Errno::BADF));
        }
        state.check_fault(&self.path, Fault::Write)
    }

    fn put(&self, state: &mut State, buffers: &[IoSlice<'_>], position: usize) -> Result<()> {
        let State { inodes, recent, .. } = state;
        let Some(Inode::File(file)) = inodes.get_mut(&self.inode) else {
            return Err(error(Errno::ISDIR));
        };
        let mut place = position;
        for buffer in buffers {
            let end = file.data.len().min(place + buffer.len());
            recent.note(self.inode, place, file.data.get(place..end).unwrap_or(&[]), buffer);
            file.write(buffer, place);
            place += buffer.len();
        }
        Ok(())
    }
}

impl File for SimFile {
    fn read_at(&self, buffer: &mut [u8], position: u64) -> Result<usize> {
        let mut state = self.disk.state.lock();
        self.check(&state)?;
        state.check_fault(&self.path, Fault::Read)?;
        let data = &state.file_by_number(self.inode)?.data;
        let start = usize::try_from(position).unwrap_or(usize::MAX).min(data.len());
        let count = buffer.len().min(data.len() - start);
        buffer[..count].copy_from_slice(&data[start..start + count]);
        Ok(count)
    }

    fn write_at(&self, bytes: &[u8], position: u64) -> Result<()> {
        self.write_vectored_at(&[IoSlice::new(bytes)], position)
    }

    fn write_vectored_at(&self, buffers: &[IoSlice<'_>], position: u64) -> Result<()> {
        let mut state = self.disk.state.lock();
        let start = usize::try_from(position).map_err(|_| ErrorKind::FileTooLarge)?;
        let size: usize = buffers.iter().map(|buffer| buffer.len()).sum();
        if self.open.direct {
            let aligned = |buffer: &IoSlice<'_>| {
                buffer.as_ptr().align_offset(SECTOR_SIZE) == 0
                    && buffer.len().is_multiple_of(SECTOR_SIZE)
            };
            if !start.is_multiple_of(PAGE_SIZE)
                || !size.is_multiple_of(PAGE_SIZE)
                || !buffers.iter().all(aligned)
            {
                return Err(error(Errno::INVAL));
            }
        }
        if let Err(failed) = self.check_write(&mut state) {
            // What could not be written may be there all the same.
            if state.life == self.life && self.open.write && state.random.one_in(2) {
                self.put(&mut state, buffers, start)?;
            }
            return Err(failed);
        }
        let old = state.file_by_number(self.inode)?.data.len();
        let growth = (start + size).saturating_sub(old) as u64;
        state.check_room(growth)?;
        let crashed = state.count()?;
        self.put(&mut state, buffers, start)?;
        if self.open.direct && self.open.durable && !crashed {
            state.note_sync(false);
            state.file_by_number(self.inode)?.sync_range(start, size);
        }
        let range = position..position + size as u64;
        state.last_write = Some((state.operations, self.path.clone(), range));
        unless(crashed)
    }

    fn sync_data(&self) -> Result<()> {
        let mut state = self.disk.state.lock();
        self.check(&state)?;
        let failed_before = state.file_by_number(self.inode)?.sync_failed;
        state.note_sync(failed_before);
        if let Err(failed) = state.check_fault(&self.path, Fault::Sync) {
            state.file_by_number(self.inode)?.forget_dirty();
            return Err(failed);
        }
        let crashed = state.count()?;
        let done = !crashed || state.random.one_in(2);
        if done {
            state.file_by_number(self.inode)?.sync();
        }
        unless(crashed)
    }

    fn set_len(&self, size: u64) -> Result<()> {
        let mut state = self.disk.state.lock();
        self.check_write(&mut state)?;
        let size = usize::try_from(size).map_err(|_| ErrorKind::FileTooLarge)?;
        let crashed = state.count()?;
        state.file_by_number(self.inode)?.set_len(size);
        unless(crashed)
    }

    fn size(&self) -> Result<u64> {
        let mut state = self.disk.state.lock();
        self.check(&state)?;
        Ok(state.file_by_number(self.inode)?.data.len() as u64)
    }

    /// Whether there is room now; it is not kept.
    fn allocate(&self, position: u64, size: u64) -> Result<()> {
        let mut state = self.disk.state.lock();
        self.check_write(&mut state)?;
        let old = state.file_by_number(self.inode)?.data.len() as u64;
        state.check_room((position + size).saturating_sub(old))
    }

    fn start_writeback(&self, _position: u64, _size: u64) {}

    fn advise(&self, _advice: Advice, _position: u64, _size: u64) {}

    fn as_fd(&self) -> Option<BorrowedFd<'_>> {
        None
    }
}
