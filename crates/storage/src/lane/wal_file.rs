use std::collections::VecDeque;
use std::io::{ErrorKind, IoSlice};
use std::path::PathBuf;
use std::sync::Arc;

use io::{File, Open, PAGE_SIZE, PageBuffer};

use crate::config::LaneConfig;
use crate::error::{Result, StorageError};
use crate::file_name;
use crate::limits::WAL_RESERVE_COUNT;
use crate::place::Place;

/// One file of the write-ahead log.
#[derive(Debug)]
pub(super) struct WalFile {
    path: PathBuf,
    file: Arc<dyn File>,
    size: u64,
    /// Where the next group goes.
    used: u64,
    /// All its blocks exist, so a write into it changes no metadata and may be direct.
    pre_written: bool,
    direct: bool,
    /// Of the newest group in it.
    pub(super) last_group: u64,
}

impl WalFile {
    /// A new, empty file, whose room exists where the file system gives room in advance. Blocks.
    fn create(place: &Place, number: u64, size: u64) -> Result<Self> {
        let path = place.path.join(file_name::wal_file(number));
        let file = place.disk.open(&path, Open::REPLACE);
        let file = file.map_err(StorageError::io("create", &path))?;
        let new =
            Self { path, file, size, used: 0, pre_written: false, direct: false, last_group: 0 };
        // Where space can be had in advance, a full disk shows here and not in the middle of a group.
        if let Err(error) = new.file.allocate(0, size) {
            let error = StorageError::io("allocate", &new.path)(error);
            new.remove(place)?;
            return Err(error);
        }
        place
            .disk
            .sync_dir(&place.path)
            .map_err(StorageError::io("sync directory", &place.path))?;
        Ok(new)
    }

    /// A new file for groups that have none to go to. Until it has been written through, each write also has the file
    /// system note what of the file is written. Blocks.
    fn create_in_haste(place: &Place, number: u64, size: u64, direct: bool) -> Result<Self> {
        let mut file = Self::create(place, number, size)?;
        file.open_direct(place, direct)?;
        Ok(file)
    }

    /// A new file that is written through, and whether writes into it are direct. Blocks.
    pub(super) fn prepare(place: &Place, number: u64, config: &LaneConfig) -> Result<(Self, bool)> {
        let mut file = Self::create(place, number, config.wal_file_size)?;
        let written = file.write_through(0).and_then(|()| file.open_direct(place, config.direct));
        match written {
            Ok(direct) => Ok((file, direct)),
            // Half a file is of no use, and takes the room that is missing.
            Err(error) if error.is_full() => file.remove(place).and(Err(error)),
            Err(error) => Err(error),
        }
    }

    /// Writes zeros from `position` to the file's end and syncs it.
    fn write_through(&mut self, mut position: u64) -> Result<()> {
        let mut zeros = PageBuffer::new();
        zeros.extend_from_slice(&[0; PAGE_SIZE]);
        let count = usize::try_from(self.size.min(1 << 20)).unwrap_or(PAGE_SIZE) / PAGE_SIZE;
        (1..count).for_each(|_| zeros.extend_from_slice(&[0; PAGE_SIZE]));
        while position < self.size {
            let left = usize::try_from(self.size - position).unwrap_or(usize::MAX);
            let piece = zeros.get(..left.min(zeros.len())).unwrap_or(&zeros);
            self.file.write_at(piece, position).map_err(StorageError::io("write", &self.path))?;
            position += piece.len() as u64;
        }
        self.file.sync_data().map_err(StorageError::io("sync", &self.path))?;
        self.pre_written = true;
        Ok(())
    }

    /// Opens it for direct writes if that is wanted and possible; gives whether it is.
    fn open_direct(&mut self, place: &Place, direct: bool) -> Result<bool> {
        if !direct || self.direct {
            return Ok(self.direct);
        }
        match place.disk.open(&self.path, Open::DIRECT_DURABLE) {
            Ok(file) => {
                self.file = file;
                self.direct = true;
                Ok(true)
            }
            Err(error)
                if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) =>
            {
                Ok(false)
            }
            Err(error) => Err(StorageError::io("open", &self.path)(error)),
        }
    }

    pub(super) const fn has_room(&self, size: u64) -> bool {
        self.used + size <= self.size
    }

    /// Writes a group and makes it durable. Where it goes does not advance before [`Self::advance`], so a group that
    /// failed is written again over the pieces of its first try.
    ///
    /// `wants_pages` becomes true where direct writes take no pieces of whole sectors, only whole pages.
    pub(super) fn write(&self, group: &[IoSlice<'_>], wants_pages: &mut bool) -> Result<()> {
        self.write_pieces(group, wants_pages).map_err(StorageError::io("write", &self.path))?;
        if !self.direct {
            self.file.sync_data().map_err(StorageError::io("sync", &self.path))?;
        }
        Ok(())
    }

    fn write_pieces(&self, group: &[IoSlice<'_>], wants_pages: &mut bool) -> std::io::Result<()> {
        if !self.direct || group.len() == 1 || !*wants_pages {
            match self.file.write_vectored_at(group, self.used) {
                Err(error) if error.kind() == ErrorKind::InvalidInput && group.len() > 1 => {
                    *wants_pages = true;
                }
                written => return written,
            }
        }
        let mut whole = PageBuffer::new();
        group.iter().for_each(|piece| whole.extend_from_slice(piece));
        self.file.write_at(&whole, self.used)
    }

    pub(super) const fn advance(&mut self, size: u64, group: u64) {
        self.used += size;
        self.last_group = group;
    }
}

/// The files, in the order of their groups.
#[derive(Debug, Default)]
pub(super) struct WalFiles {
    active: Option<WalFile>,
    full: VecDeque<WalFile>,
    spare: Vec<WalFile>,
    next_number: u64,
}

impl WalFiles {
    pub(super) const fn new(next_number: u64) -> Self {
        Self { active: None, full: VecDeque::new(), spare: Vec::new(), next_number }
    }

    /// The file that takes a group of `size` bytes: the active one, a spare one, or a new one; the last spare ones are
    /// for a disk that has no room for a new one. Blocks.
    pub(super) fn file_for(
        &mut self,
        place: &Place,
        size: u64,
        config: &LaneConfig,
    ) -> Result<&mut WalFile> {
        let fits = self.active.as_ref().is_some_and(|file| file.has_room(size));
        if !fits {
            let next = self.next_file(place, size, config)?;
            if let Some(full) = self.active.replace(next) {
                self.full.push_back(full);
            }
        }
        self.active.as_mut().ok_or(StorageError::Offline)
    }

    fn next_file(&mut self, place: &Place, size: u64, config: &LaneConfig) -> Result<WalFile> {
        if self.spare.len() > WAL_RESERVE_COUNT
            && let Some(file) = self.take_spare(size)
        {
            return Ok(file);
        }
        let number = self.reserve_number();
        let file_size = size.max(config.wal_file_size);
        match WalFile::create_in_haste(place, number, file_size, config.direct) {
            Err(error) if error.is_full() => self.take_spare(size).ok_or(error),
            created => created,
        }
    }

    fn take_spare(&mut self, size: u64) -> Option<WalFile> {
        let index = self.spare.iter().rposition(|file| file.has_room(size))?;
        Some(self.spare.remove(index))
    }

    /// Takes out the spare files beyond `count`.
    pub(super) fn take_surplus(&mut self, count: usize) -> Vec<WalFile> {
        self.spare.split_off(count.min(self.spare.len()))
    }

    pub(super) fn active(&mut self) -> Option<&mut WalFile> {
        self.active.as_mut()
    }

    pub(super) const fn spare_count(&self) -> usize {
        self.spare.len()
    }

    pub(super) fn add_spare(&mut self, file: WalFile) {
        self.spare.push(file);
    }

    /// A number for a file that is made outside of the lock.
    pub(super) const fn reserve_number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number - 1
    }

    /// Takes out the files that are full.
    pub(super) fn take_full(&mut self) -> impl Iterator<Item = WalFile> {
        self.full.drain(..)
    }
}

/// The files that are full, in the order of their groups. They are with the lane, not with who writes a group, who is away nearly
/// all the time under load.
#[derive(Debug, Default)]
pub(super) struct FullFiles(VecDeque<WalFile>);

impl FullFiles {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn extend(&mut self, files: impl Iterator<Item = WalFile>) {
        self.0.extend(files);
    }

    /// Takes out the files whose groups are all older than `oldest_needed`: up to `keep_max` that are worth keeping, and
    /// the others.
    pub(super) fn take_trimmed(
        &mut self,
        oldest_needed: u64,
        file_size: u64,
        keep_max: usize,
    ) -> Trimmed {
        let count = self.0.iter().take_while(|file| file.last_group < oldest_needed).count();
        let mut trimmed = Trimmed::default();
        for file in self.0.drain(..count) {
            let list = if file.size == file_size && trimmed.keep.len() < keep_max {
                &mut trimmed.keep
            } else {
                &mut trimmed.remove
            };
            list.push(file);
        }
        trimmed
    }
}

/// Files that hold nothing that is needed.
#[derive(Debug, Default)]
pub(super) struct Trimmed {
    pub(super) keep: Vec<WalFile>,
    pub(super) remove: Vec<WalFile>,
}

impl WalFile {
    /// Makes a trimmed file ready to be written again from its start. What it holds stays: its groups have numbers
    /// that nobody asks for any more. Blocks.
    pub(super) fn recycle(&mut self, place: &Place, direct: bool) -> Result<()> {
        if !self.pre_written {
            self.write_through(self.used)?;
        }
        self.used = 0;
        self.open_direct(place, direct)?;
        Ok(())
    }

    pub(super) fn remove(self, place: &Place) -> Result<()> {
        place.disk.remove_file(&self.path).map_err(StorageError::io("remove", &self.path))
    }
}
