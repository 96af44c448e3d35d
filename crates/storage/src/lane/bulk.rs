use std::io::IoSlice;
use std::panic::resume_unwind;
use std::thread::{Builder, scope};

use super::codec::FrameHeader;
use crate::apply::joined;
use crate::config::LaneConfig;
use crate::dirty::Dirty;
use crate::error::Result;
use crate::frame::{Action, BatchFrame, Frame};
use crate::past_cache::{LastPage, PastCache, write_batches};
use crate::place::Place;
use crate::planted::PlantedBug;

/// Batches that go straight to their segment: frames of the group by their index.
#[derive(Debug)]
pub(super) struct BulkRun {
    pub(super) frames: Vec<usize>,
    pub(super) end_position: u32,
    /// Where the frame's header lies in the buffer.
    pub(super) header: FrameHeader,
    pub(super) at: usize,
}

/// Writes a group's runs and syncs their files: those of several partitions on a few threads, since each of these calls mostly
/// waits for a device that could do more at a time.
#[derive(Clone, Copy)]
pub(super) struct BulkWriter<'a> {
    pub(super) place: &'a Place,
    pub(super) config: &'a LaneConfig,
    pub(super) frames: &'a [Frame],
    pub(super) runs: &'a [BulkRun],
}

impl<'a> BulkWriter<'a> {
    /// With memory for as many threads as there may be, which grows to that. Blocks.
    pub(super) fn write(self, past_caches: &mut Vec<PastCache>) -> Result<()> {
        let (parts, count) = self.parts();
        let new = || PastCache::new(self.config.past_cache_size_min);
        past_caches.resize_with(past_caches.len().max(count), new);
        let mut past_caches = past_caches.iter_mut().take(count);
        let Some(first) = past_caches.next() else { return Ok(()) };
        let parts = &parts;
        scope(|scope| {
            let mut written = Ok(());
            let mut threads = Vec::new();
            for (part, past_cache) in (1..).zip(past_caches) {
                let work = move || self.write_part(parts, part, past_cache);
                match Builder::new().name(format!("bulk-{part}")).spawn_scoped(scope, work) {
                    Ok(thread) => threads.push(thread),
                    // The system has no more threads: it only takes longer.
                    Err(_) => {
                        let here = self.write_part(parts, part, &mut new());
                        written = written.and(here);
                    }
                }
            }
            written = self.write_part(parts, 0, first).and(written);
            for thread in threads {
                let there = thread.join().unwrap_or_else(|panic| resume_unwind(panic));
                written = written.and(there);
            }
            written
        })
    }

    /// Which part each run belongs to, all runs of a partition to the same; and how many parts there are.
    fn parts(self) -> (Vec<usize>, usize) {
        let mut partitions: Vec<u64> = Vec::new();
        let count_max = self.config.bulk_threads_max.max(1);
        let mut part_of = |serial: u64| {
            let known = partitions.iter().position(|known| *known == serial);
            let number = known.unwrap_or(partitions.len());
            if known.is_none() {
                partitions.push(serial);
            }
            number % count_max
        };
        let serials = self.runs.iter().map(|run| self.first_of(run).map_or(0, |f| f.files.serial));
        let parts = serials.map(&mut part_of).collect();
        (parts, partitions.len().min(count_max))
    }

    fn first_of(self, run: &BulkRun) -> Option<&'a Frame> {
        self.frames.get(*run.frames.first()?)
    }

    fn write_part(self, parts: &[usize], part: usize, past_cache: &mut PastCache) -> Result<()> {
        let mut dirty = Dirty::default();
        let runs = self.runs.iter().zip(parts).filter(|(_, of)| **of == part);
        for (run, _) in runs {
            self.write_run(run, past_cache, &mut dirty)?;
        }
        if self.config.planted.has(PlantedBug::SkipOneSync) {
            return Ok(());
        }
        dirty.sync(self.place)
    }

    fn write_run(self, run: &BulkRun, past_cache: &mut PastCache, dirty: &mut Dirty) -> Result<()> {
        let Some(first) = self.first_of(run) else { return Ok(()) };
        let joined = joined(run.frames.iter().filter_map(|index| batch_at(self.frames, *index)));
        let slices: Vec<IoSlice<'_>> = joined.iter().map(|slice| IoSlice::new(slice)).collect();
        let past_cache = self.config.direct.then_some(past_cache);
        let at = (run.header.segment, run.header.position);
        write_batches(past_cache, &first.files, at, &slices, LastPage::Write, dirty)?;
        first.files.sync_names_too(dirty);
        Ok(())
    }
}

fn batch_at(frames: &[Frame], index: usize) -> Option<&BatchFrame> {
    match &frames.get(index)?.action {
        Action::Batch(batch) => Some(batch),
        _ => None,
    }
}
