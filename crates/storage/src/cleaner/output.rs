use std::path::PathBuf;
use std::sync::Arc;

use io::{File, Open};
use model::{Offset, Timestamp};
use record::BatchHeader;

use crate::bytes::{to_u32, to_u64};
use crate::config::LogConfig;
use crate::error::{Damage, Result, StorageError};
use crate::file_name::{CLEANED, with_suffix};
use crate::index::AbortedTransaction;
use crate::partition_files::PartitionFiles;
use crate::place::Kind;
use crate::segment::{IndexEntries, Placed, Segment};

/// A new segment in the making: its files end in `.cleaned`, which a start removes.
#[derive(Debug)]
pub(super) struct Output {
    files: Arc<PartitionFiles>,
    config: Arc<LogConfig>,
    segment: Segment,
    log: Arc<dyn File>,
    /// What is not written yet.
    pub(super) buffer: Vec<u8>,
    written: u64,
    index: Vec<u8>,
    time_index: Vec<u8>,
    aborted: Vec<AbortedTransaction>,
}

/// One new segment for a run of old ones, whole and durable under its `.cleaned` names.
#[derive(Debug)]
pub struct Replacement {
    pub(crate) segment: Segment,
    /// Base, generation and size of each that it stands for.
    pub(crate) replaced: Vec<(Offset, u64, u32)>,
    pub(crate) files: NewFiles,
}

/// The files of a new segment, open for who reads it before they have their names.
#[derive(Clone, Debug)]
pub(crate) struct NewFiles {
    pub(crate) log: Arc<dyn File>,
    pub(crate) index: Arc<dyn File>,
    pub(crate) time_index: Arc<dyn File>,
    pub(crate) transaction_index: Option<Arc<dyn File>>,
}

impl NewFiles {
    pub(crate) const fn get(&self, kind: Kind) -> Option<&Arc<dyn File>> {
        match kind {
            Kind::Log | Kind::DirectLog => Some(&self.log),
            Kind::Index => Some(&self.index),
            Kind::TimeIndex => Some(&self.time_index),
            Kind::TransactionIndex => self.transaction_index.as_ref(),
        }
    }

    /// What there is of it.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = Kind> + '_ {
        Kind::ALL.into_iter().filter(|kind| self.get(*kind).is_some())
    }
}

impl Output {
    /// For the segments from `base` on. `created` counts as its age while it has no record. Blocks.
    pub(super) fn create(
        files: &Arc<PartitionFiles>,
        config: &Arc<LogConfig>,
        base: Offset,
        created: Timestamp,
    ) -> Result<Self> {
        let log = create(files, base, Kind::Log)?;
        Ok(Self {
            files: Arc::clone(files),
            config: Arc::clone(config),
            segment: Segment::new(base, created),
            log,
            buffer: Vec::new(),
            written: 0,
            index: Vec::new(),
            time_index: Vec::new(),
            aborted: Vec::new(),
        })
    }

    /// The batch with this header has been put at the end of the buffer.
    pub(super) fn pushed(&mut self, header: &BatchHeader) -> Result<()> {
        let placed = Placed {
            last_offset: header.last_offset(),
            size: to_u32(header.size()),
            max_timestamp: header.max_timestamp(),
        };
        if u64::from(self.segment.size) + u64::from(placed.size) > i32::MAX as u64 {
            // What is compressed again may have grown.
            let path = cleaned_path(&self.files, self.segment.base, Kind::Log);
            return Err(StorageError::corrupt(&path, self.written, Damage::Form));
        }
        let (_, entries) = self.segment.append(&placed, &self.config);
        self.note(&entries);
        Ok(())
    }

    fn note(&mut self, entries: &IndexEntries) {
        if let Some((_, entry)) = entries.offset {
            self.index.extend_from_slice(&entry.encode());
        }
        if let Some((_, entry)) = entries.time {
            self.time_index.extend_from_slice(&entry.encode());
        }
    }

    /// An aborted transaction of which batches are left.
    pub(super) fn push_aborted(&mut self, transaction: AbortedTransaction) {
        self.aborted.push(transaction);
    }

    /// Writes what has gathered, if it is more than `size`; gives how much. Blocks.
    pub(super) fn flush(&mut self, size: usize) -> Result<u64> {
        if self.buffer.len() <= size {
            return Ok(0);
        }
        let path = || cleaned_path(&self.files, self.segment.base, Kind::Log);
        let written = to_u64(self.buffer.len());
        self.log
            .write_at(&self.buffer, self.written)
            .map_err(|source| StorageError::io("write", &path())(source))?;
        // So that the sync at the end has little to wait for.
        self.log.start_writeback(self.written, written);
        self.written += written;
        self.buffer.clear();
        Ok(written)
    }

    /// Writes the rest and the indexes and makes all of it durable, names included. Blocks.
    pub(super) fn finish(
        mut self,
        replaced: Vec<(Offset, u64, u32)>,
        had_aborted: bool,
    ) -> Result<Replacement> {
        self.flush(0)?;
        let entries = IndexEntries { offset: None, time: self.segment.time_entry() };
        self.note(&entries);
        let base = self.segment.base;
        let index = self.write(Kind::Index, &self.index)?;
        let time_index = self.write(Kind::TimeIndex, &self.time_index)?;
        // Even an empty one: it takes the place of one that is not.
        let transaction_index = if had_aborted || !self.aborted.is_empty() {
            let bytes: Vec<u8> = self.aborted.iter().flat_map(|entry| entry.encode()).collect();
            Some(self.write(Kind::TransactionIndex, &bytes)?)
        } else {
            None
        };
        let path = cleaned_path(&self.files, base, Kind::Log);
        self.log.sync_data().map_err(StorageError::io("sync", &path))?;
        let dir = self.files.dir();
        let disk = &self.files.place.disk;
        disk.sync_dir(&dir).map_err(StorageError::io("sync directory", &dir))?;
        let files = NewFiles { log: self.log, index, time_index, transaction_index };
        Ok(Replacement { segment: self.segment, replaced, files })
    }

    fn write(&self, kind: Kind, bytes: &[u8]) -> Result<Arc<dyn File>> {
        let file = create(&self.files, self.segment.base, kind)?;
        let path = cleaned_path(&self.files, self.segment.base, kind);
        file.write_at(bytes, 0).map_err(StorageError::io("write", &path))?;
        file.sync_data().map_err(StorageError::io("sync", &path))?;
        Ok(file)
    }
}

fn create(files: &PartitionFiles, base: Offset, kind: Kind) -> Result<Arc<dyn File>> {
    if files.is_gone() {
        // Under its name there may be another topic by now.
        return Err(StorageError::Gone);
    }
    let path = cleaned_path(files, base, kind);
    files.place.disk.open(&path, Open::REPLACE).map_err(StorageError::io("create", &path))
}

pub(super) fn cleaned_path(files: &PartitionFiles, base: Offset, kind: Kind) -> PathBuf {
    with_suffix(&files.path(base, kind), CLEANED)
}

/// Removes what an unfinished cleaning left of a segment. Blocks.
pub(super) fn remove_cleaned(files: &PartitionFiles, base: Offset) -> Result<()> {
    if files.is_gone() {
        return Ok(());
    }
    Kind::ALL.into_iter().try_for_each(|kind| files.remove(cleaned_path(files, base, kind)))
}
