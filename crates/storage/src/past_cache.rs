use std::io::{ErrorKind, IoSlice};
use std::ops::Range;
use std::sync::Arc;

use io::{File, PAGE_SIZE, PageBuffer};
use model::Offset;

use crate::bytes::to_u64;
use crate::dirty::Dirty;
use crate::error::{Result, StorageError};
use crate::limits::{IN_PLACE_SIZE_MIN, PAST_CACHE_STAGE_SIZE};
use crate::partition_files::PartitionFiles;
use crate::place::Kind;

/// Writes of long runs past the page cache. What nobody is about to read from the file is neither copied into the cache nor
/// written back from it later; that makes them cheaper and keeps bursts of writeback away from the commits.
///
/// Bytes that lie in memory as in the file, page for page, are written from there; others are copied to a stage first. A run
/// begins and ends anywhere, so its first and last partial page go through the cache; who writes runs one after another leaves
/// the last one for the next run, which makes it whole.
#[derive(Debug)]
pub(crate) struct PastCache {
    /// Bytes of a run from which it pays.
    size_min: usize,
    /// What is copied. Where a byte lies in a page is the same here as in the file.
    stage: PageBuffer,
}

/// A run under way.
struct Run<'a> {
    files: &'a PartitionFiles,
    base: Offset,
    cached: Arc<dyn File>,
    direct: Arc<dyn File>,
    /// Bytes of the first page that are not this run's.
    skip: usize,
    /// Where in the file the pieces begin: at a page.
    at: u64,
    /// What is to be written, back to back; each piece begins at a page.
    pieces: Vec<Piece<'a>>,
    /// Bytes of all pieces.
    len: usize,
}

enum Piece<'a> {
    /// Whole pages.
    Memory(&'a [u8]),
    /// A range of the stage.
    Staged(Range<usize>),
}

/// What to do with the end of a run that does not fill its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LastPage {
    Write,
    /// Only when all before it goes past the cache; the caller keeps these bytes for the next run.
    Leave,
}

/// Writes batches that lie back to back: past the page cache where that is wanted, pays and can be, and nobody is about to
/// read them from there. Gives whether they went past it: only then was a last page left.
pub(crate) fn write_batches(
    past_cache: Option<&mut PastCache>,
    files: &PartitionFiles,
    (base, position): (Offset, u32),
    batches: &[IoSlice<'_>],
    last_page: LastPage,
    dirty: &mut Dirty,
) -> Result<bool> {
    if let Some(past_cache) = past_cache
        && !files.take_run_for_readers()
        && past_cache.write(files, (base, position), batches, last_page, dirty)?
    {
        return Ok(true);
    }
    files.write_batches(base, position, batches, dirty)?;
    Ok(false)
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
        (base, position): (Offset, u32),
        batches: &[IoSlice<'_>],
        last_page: LastPage,
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
        let pieces = Vec::with_capacity(2 * batches.len());
        let mut run = Run { files, base, cached, direct, skip, at, pieces, len: 0 };
        self.stage.clear();
        run.stage([0; PAGE_SIZE].get(..skip).unwrap_or_default(), &mut self.stage);
        for batch in batches {
            run.add(batch, &mut self.stage)?;
        }
        run.flush(&mut self.stage)?;
        if last_page == LastPage::Write {
            run.write_rest(&self.stage)?;
        }
        Ok(true)
    }
}

impl<'a> Run<'a> {
    fn add(&mut self, mut bytes: &'a [u8], stage: &mut PageBuffer) -> Result<()> {
        while !bytes.is_empty() {
            if self.len >= PAST_CACHE_STAGE_SIZE {
                self.flush(stage)?;
            }
            let room = PAST_CACHE_STAGE_SIZE - self.len;
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.add_piece(now, stage);
            bytes = later;
        }
        Ok(())
    }

    fn add_piece(&mut self, bytes: &'a [u8], stage: &mut PageBuffer) {
        let place_in_page = self.len % PAGE_SIZE;
        let to_page = (PAGE_SIZE - place_in_page) % PAGE_SIZE;
        let in_place = bytes.as_ptr().addr() % PAGE_SIZE == place_in_page;
        if !in_place || bytes.len() < to_page + IN_PLACE_SIZE_MIN {
            return self.stage(bytes, stage);
        }
        let (head, rest) = bytes.split_at(to_page);
        let (pages, tail) = rest.split_at(rest.len() - rest.len() % PAGE_SIZE);
        self.stage(head, stage);
        self.pieces.push(Piece::Memory(pages));
        self.len += pages.len();
        self.stage(tail, stage);
    }

    /// Copies bytes behind those that are staged.
    fn stage(&mut self, bytes: &[u8], stage: &mut PageBuffer) {
        if bytes.is_empty() {
            return;
        }
        let (start, end) = (stage.len(), stage.len() + bytes.len());
        stage.extend_from_slice(bytes);
        self.len += bytes.len();
        match self.pieces.last_mut() {
            Some(Piece::Staged(range)) => range.end = end,
            _ => self.pieces.push(Piece::Staged(start..end)),
        }
    }

    /// Writes all whole pages past the cache, but a first one that is not wholly this run's through it. What is left, less
    /// than a page, is then all that is staged.
    fn flush(&mut self, stage: &mut PageBuffer) -> Result<()> {
        let rest = self.len % PAGE_SIZE;
        let whole = self.len - rest;
        if whole == 0 {
            return Ok(());
        }
        let first = if self.skip == 0 { 0 } else { PAGE_SIZE };
        self.write_cached(stage.get(self.skip..first).unwrap_or_default(), self.skip)?;
        let mut pages: Vec<IoSlice<'_>> = Vec::with_capacity(self.pieces.len());
        // Where the piece begins among all bytes.
        let mut start = 0;
        for piece in &self.pieces {
            let bytes = match piece {
                Piece::Memory(bytes) => bytes,
                Piece::Staged(range) => stage.get(range.clone()).unwrap_or_default(),
            };
            let wanted = first.saturating_sub(start)..bytes.len().min(whole.saturating_sub(start));
            start += bytes.len();
            pages.extend(bytes.get(wanted).filter(|some| !some.is_empty()).map(IoSlice::new));
        }
        self.write_direct(&pages, first)?;
        let mut kept = [0; PAGE_SIZE];
        let kept = kept.get_mut(..rest).unwrap_or_default();
        kept.copy_from_slice(stage.get(stage.len() - rest..).unwrap_or_default());
        self.at += to_u64(whole);
        self.skip = 0;
        self.len = 0;
        self.pieces.clear();
        stage.clear();
        self.stage(kept, stage);
        Ok(())
    }

    /// Writes the last partial page, which a flush has left.
    fn write_rest(&self, stage: &PageBuffer) -> Result<()> {
        self.write_cached(stage.get(self.skip..).unwrap_or_default(), self.skip)
    }

    fn write_cached(&self, bytes: &[u8], from: usize) -> Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.cached.write_at(bytes, self.at + to_u64(from)).map_err(|source| self.failed(source))
    }

    fn write_direct(&self, pages: &[IoSlice<'_>], from: usize) -> Result<()> {
        if pages.is_empty() {
            return Ok(());
        }
        let position = self.at + to_u64(from);
        let written = match self.direct.write_vectored_at(pages, position) {
            // Some file systems open such files and then refuse to write them.
            Err(error) if error.kind() == ErrorKind::InvalidInput => {
                self.files.place.refuse_direct();
                self.cached.write_vectored_at(pages, position)
            }
            written => written,
        };
        written.map_err(|source| self.failed(source))
    }

    fn failed(&self, source: std::io::Error) -> StorageError {
        StorageError::io("write", &self.files.path(self.base, Kind::Log))(source)
    }
}

#[cfg(test)]
mod tests;
