use std::io::{ErrorKind, IoSlice};
use std::sync::Arc;

use io::{File, PAGE_SIZE, PageBuffer};
use model::Offset;

use crate::bytes::to_u64;
use crate::dirty::Dirty;
use crate::error::{Result, StorageError};
use crate::limits::PAST_CACHE_STAGE_SIZE;
use crate::partition_files::PartitionFiles;
use crate::place::Kind;

/// Writes of long runs past the page cache. What nobody is about to read from the file is neither copied into the cache nor
/// written back from it later; that makes them cheaper and keeps bursts of writeback away from the commits.
///
/// A run begins and ends anywhere, so its first and last partial page go through the cache.
#[derive(Debug)]
pub(crate) struct PastCache {
    /// Bytes of a run from which it pays.
    size_min: usize,
    /// Its first byte belongs at a page's boundary of the file.
    stage: PageBuffer,
}

/// A run under way.
struct Run<'a> {
    files: &'a PartitionFiles,
    base: Offset,
    cached: Arc<dyn File>,
    direct: Arc<dyn File>,
    /// Bytes of the stage's first page that are not this run's.
    skip: usize,
    /// Where in the file the stage begins.
    at: u64,
}

/// Writes batches that lie back to back: past the page cache where that is wanted, pays and can be, and nobody is about to
/// read them from there.
pub(crate) fn write_batches(
    past_cache: Option<&mut PastCache>,
    files: &PartitionFiles,
    base: Offset,
    position: u32,
    batches: &[IoSlice<'_>],
    dirty: &mut Dirty,
) -> Result<()> {
    if let Some(past_cache) = past_cache
        && !files.take_run_for_readers()
        && past_cache.write(files, base, position, batches, dirty)?
    {
        return Ok(());
    }
    files.write_batches(base, position, batches, dirty)
}

impl PastCache {
    pub(crate) const fn new(size_min: usize) -> Self {
        Self { size_min, stage: PageBuffer::new() }
    }

    /// Writes batches that lie back to back. `false` when they were not written: too few bytes for whole pages to pay, or
    /// the file system has no such writes.
    pub(crate) fn write(
        &mut self,
        files: &PartitionFiles,
        base: Offset,
        position: u32,
        batches: &[IoSlice<'_>],
        dirty: &mut Dirty,
    ) -> Result<bool> {
        let size: usize = batches.iter().map(|batch| batch.len()).sum();
        if size < self.size_min {
            return Ok(false);
        }
        // Also notes the file as one to be synced.
        let cached = files.open_for_write(base, Kind::Log, dirty)?;
        let Some(direct) = files.open_direct(base)? else { return Ok(false) };
        let skip = position as usize % PAGE_SIZE;
        let at = u64::from(position) - to_u64(skip);
        let mut run = Run { files, base, cached, direct, skip, at };
        self.stage.clear();
        self.stage.extend_from_slice([0; PAGE_SIZE].get(..skip).unwrap_or_default());
        for batch in batches {
            let mut rest: &[u8] = batch;
            while !rest.is_empty() {
                let room = PAST_CACHE_STAGE_SIZE - self.stage.len();
                let (now, later) = rest.split_at(room.min(rest.len()));
                self.stage.extend_from_slice(now);
                rest = later;
                if self.stage.len() == PAST_CACHE_STAGE_SIZE {
                    run.flush(&mut self.stage)?;
                }
            }
        }
        run.flush(&mut self.stage)?;
        Ok(true)
    }
}

impl Run<'_> {
    /// Writes what is staged and empties it: whole pages past the cache, the rest through it.
    fn flush(&mut self, stage: &mut PageBuffer) -> Result<()> {
        let whole = if self.skip == 0 { 0 } else { PAGE_SIZE.min(stage.len()) };
        let end = (stage.len() - stage.len() % PAGE_SIZE).max(whole);
        let part = |from: usize, to: usize| stage.get(from..to).unwrap_or_default();
        self.write_cached(part(self.skip, whole), self.skip)?;
        self.write_direct(part(whole, end), whole)?;
        self.write_cached(part(end, stage.len()), end)?;
        self.at += to_u64(stage.len());
        self.skip = 0;
        stage.clear();
        Ok(())
    }

    fn write_cached(&self, bytes: &[u8], from: usize) -> Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.cached.write_at(bytes, self.at + to_u64(from)).map_err(|source| self.failed(source))
    }

    fn write_direct(&self, pages: &[u8], from: usize) -> Result<()> {
        if pages.is_empty() {
            return Ok(());
        }
        match self.direct.write_at(pages, self.at + to_u64(from)) {
            // Some file systems open such files and then refuse to write them.
            Err(error) if error.kind() == ErrorKind::InvalidInput => {
                self.files.place.refuse_direct();
                self.write_cached(pages, from)
            }
            written => written.map_err(|source| self.failed(source)),
        }
    }

    fn failed(&self, source: std::io::Error) -> StorageError {
        StorageError::io("write", &self.files.path(self.base, Kind::Log))(source)
    }
}

#[cfg(test)]
mod tests;
