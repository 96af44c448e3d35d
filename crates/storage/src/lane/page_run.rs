use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use io::PAGE_SIZE;
use io::arena::{Arena, ArenaSlice, Region};
use model::Offset;

use super::Lane;
use crate::bytes::to_u32;
use crate::config::LaneConfig;
use crate::partition_files::PartitionFiles;

/// Memory in which a partition's newest batches lie as they will lie in its segment: back to back, and each page of the file
/// in a page of memory. So the drain writes whole pages from where they are.
///
/// A batch is copied here by who received it, while it is in that processor's cache, and the memory it was received in
/// serves the next one. Only busy partitions have a run: it is made for a batch that is not small, and closed when
/// the drain leaves nothing behind.
///
/// It lies in the partition itself, so that to open and to close it allocates nothing.
#[derive(Debug, Default)]
pub(crate) struct PageRun {
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    region: Region,
    segment: Offset,
    /// Where in the segment the next batch goes, if it is to come here.
    position: u32,
    _permit: Permit,
}

/// One of the runs that may be open at a time.
#[derive(Debug)]
struct Permit(Arc<AtomicUsize>);

impl Permit {
    fn take(open: &Arc<AtomicUsize>, count_max: usize) -> Option<Self> {
        let one_more = |count| (count < count_max).then_some(count + 1);
        open.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more).ok()?;
        Some(Self(Arc::clone(open)))
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Open {
    /// A copy of the batch that is to go to `position`, if it belongs here and there is room.
    fn push(&mut self, segment: Offset, position: u32, batch: &[u8]) -> Option<ArenaSlice> {
        if segment != self.segment || position != self.position {
            return None;
        }
        let at = self.region.len();
        if !self.region.extend_streaming(batch) {
            return None;
        }
        self.position += to_u32(batch.len());
        Some(self.region.share(at..at + batch.len()))
    }
}

/// A copy of a batch that is too long for a run, in pages of its own; `None` when it lies as it should already.
fn alone(arena: &Arena, skip: usize, batch: &[u8]) -> Option<ArenaSlice> {
    let size = (skip + batch.len()).checked_next_multiple_of(PAGE_SIZE)?;
    if batch.as_ptr().addr() % PAGE_SIZE == skip || size > arena.region_size_max() {
        return None;
    }
    let mut region = arena.pages(size, skip).ok()?;
    region.extend_streaming(batch).then(|| region.share(0..batch.len()))
}

impl Lane {
    /// A copy of a batch that is about to be appended at `position` of a segment, in the partition's run; `None` when it
    /// should stay where it was received.
    pub(crate) fn gather(
        &self,
        files: &PartitionFiles,
        arena: &Arena,
        (segment, position): (Offset, u32),
        batch: &[u8],
    ) -> Option<ArenaSlice> {
        let LaneConfig { run_size, run_count_max, run_batch_size_min, .. } = self.config;
        if batch.len() < run_batch_size_min || run_count_max == 0 {
            return None;
        }
        if batch.len() > run_size / 4 {
            return alone(arena, position as usize % PAGE_SIZE, batch);
        }
        let mut run = files.run.lock();
        let copy = run.open.as_mut().and_then(|open| open.push(segment, position, batch));
        if copy.is_some() {
            return copy;
        }
        // Full, or the log goes on elsewhere.
        run.open = None;
        let permit = Permit::take(&self.open_runs, run_count_max)?;
        let region = arena.pages(run_size, position as usize % PAGE_SIZE).ok()?;
        let open = Open { region, segment, position, _permit: permit };
        run.open.insert(open).push(segment, position, batch)
    }

    /// Lets go of a partition's run when all that was pushed for it is drained.
    pub(super) fn close_run(files: &PartitionFiles, drained: u64) {
        if files.marks.last_sequence.load(Ordering::Acquire) == drained {
            files.run.lock().open = None;
        }
    }
}
