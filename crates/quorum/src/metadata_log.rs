use std::path::{Path, PathBuf};
use std::sync::Arc;

use io::{Disk, File, Open};
use model::{LeaderEpoch, Offset};
use raft::Batch;

use crate::error::{Doing, Result, damaged_log};
use crate::limits::{BATCH_SIZE_MAX, GROUP_SIZE_MAX};
use crate::segments::{self, Opened, Segment, path_of};
use crate::synced_mark::{self, MarkFile, Synced};
use crate::torn_end::{self, Evidence};

/// The segments of `__cluster_metadata-0`: plain files, written at the end and synced.
#[derive(Debug)]
pub(crate) struct MetadataLog {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    /// Oldest first; the last is written to.
    segments: Vec<Segment>,
    file: Arc<dyn File>,
    mark: MarkFile,
    waiting: Waiting,
    segment_size_max: u64,
}

/// Batches that wait for the next write.
#[derive(Debug, Default)]
struct Waiting {
    bytes: Vec<u8>,
    batch_count: usize,
    /// Of the last of them.
    epoch: LeaderEpoch,
    end: Offset,
}

/// How a log is opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenSettings {
    pub(crate) segment_size_max: u64,
    /// See [`Evidence`].
    pub(crate) closed_in_order: bool,
}

impl MetadataLog {
    /// Opens the log, cuts a torn end, and reads the batches that end after `after`, the end of the newest snapshot.
    pub(crate) fn open(
        disk: Arc<dyn Disk>,
        dir: &Path,
        after: Offset,
        settings: OpenSettings,
    ) -> Result<(Self, Opened)> {
        let OpenSettings { segment_size_max, closed_in_order } = settings;
        let mark = synced_mark::read(disk.as_ref(), dir)?;
        let evidence = Evidence { mark, snapshot_end: after, closed_in_order };
        let mut segments = segments::list(disk.as_ref(), dir)?;
        let opened = read_all(disk.as_ref(), dir, &mut segments, after, &evidence)?;
        if segments.is_empty() {
            segments.push(Segment { base: opened.end, size: 0 });
        }
        let last = segments.last().map_or(opened.end, |last| last.base);
        let path = path_of(dir, last);
        let file = disk.open(&path, Open::CREATE).doing("open", &path)?;
        if mark.is_none_or(|mark| mark.synced < opened.end) {
            write_again(file.as_ref(), segments.last().map_or(0, |last| last.size))
                .doing("write", &path)?;
        }
        // The cut, and what a process wrote that was killed before it could sync.
        file.sync_data().doing("sync", &path)?;
        disk.sync_dir(dir).doing("sync", dir)?;
        let epoch = opened.epochs.last().map_or(LeaderEpoch::ZERO, |(epoch, _)| *epoch);
        let synced = Synced { epoch, synced: opened.end, writing: opened.end };
        let mark = MarkFile::create(disk.as_ref(), dir, synced)?;
        let (dir, waiting) = (dir.to_owned(), Waiting::default());
        Ok((Self { disk, dir, segments, file, mark, waiting, segment_size_max }, opened))
    }

    /// Takes a batch in, to be written with the next [`MetadataLog::flush`]. Flushes before it when enough waits, and
    /// rolls before it when the segment is full.
    pub(crate) fn append(&mut self, batch: &Batch) -> Result<()> {
        if self.waiting.bytes.len() > GROUP_SIZE_MAX {
            self.flush()?;
        }
        let waiting = (self.waiting.bytes.len() + batch.bytes.len()) as u64;
        let is_full =
            |segment: &Segment| segment.size > 0 && segment.size + waiting > self.segment_size_max;
        if self.segments.last().is_some_and(is_full) {
            self.roll(batch.base)?;
        }
        self.waiting.bytes.extend_from_slice(&batch.bytes);
        self.waiting.batch_count += 1;
        (self.waiting.epoch, self.waiting.end) = (batch.epoch, batch.end);
        Ok(())
    }

    /// Begins a new segment at `base`, the end of the log.
    pub(crate) fn roll(&mut self, base: Offset) -> Result<()> {
        self.flush()?;
        if self.segments.last().is_some_and(|last| last.size == 0) {
            return Ok(());
        }
        let path = path_of(&self.dir, base);
        self.file = self.disk.open(&path, Open::REPLACE).doing("create", &path)?;
        self.disk.sync_dir(&self.dir).doing("sync", &self.dir)?;
        self.segments.push(Segment { base, size: 0 });
        Ok(())
    }

    /// Bytes that wait to be written.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.bytes.len()
    }

    /// Writes and syncs what waits. After an error the log must not be written any more.
    pub(crate) fn flush(&mut self) -> Result<()> {
        if self.waiting.bytes.is_empty() {
            return Ok(());
        }
        let Some(segment) = self.segments.last_mut() else { return Ok(()) };
        let path = path_of(&self.dir, segment.base);
        let (epoch, end) = (self.waiting.epoch, self.waiting.end);
        let before = self.mark.newest();
        // Of one batch no later start can find a whole one behind a torn one: only more need a word in advance.
        if self.waiting.batch_count > 1 || epoch != before.epoch {
            self.mark.note(Synced { epoch, synced: before.synced, writing: end })?;
            self.mark.sync()?;
        }
        self.file.write_at(&self.waiting.bytes, segment.size).doing("write", &path)?;
        self.file.sync_data().doing("sync", &path)?;
        segment.size += self.waiting.bytes.len() as u64;
        self.waiting.bytes.clear();
        self.waiting.batch_count = 0;
        self.mark.note(Synced { epoch, synced: end, writing: end })
    }

    /// Leaves behind that everything is on disk. Nothing may wait.
    pub(crate) fn close(&self) -> Result<()> {
        self.mark.sync()
    }

    /// Bytes of all segments.
    pub(crate) fn size(&self) -> u64 {
        self.segments.iter().map(|segment| segment.size).sum()
    }

    /// Removes segments that lie wholly below `offset`. Answers where the log begins now.
    pub(crate) fn remove_below(&mut self, offset: Offset) -> Result<Offset> {
        while let [first, second, ..] = &self.segments[..]
            && second.base <= offset
        {
            let path = path_of(&self.dir, first.base);
            self.disk.remove_file(&path).doing("remove", &path)?;
            for suffix in ["index", "timeindex"] {
                let path = path.with_extension(suffix);
                if self.disk.file_size(&path).doing("look for", &path)?.is_some() {
                    self.disk.remove_file(&path).doing("remove", &path)?;
                }
            }
            // Oldest first also after a crash: a gap would look like damage.
            self.disk.sync_dir(&self.dir).doing("sync", &self.dir)?;
            self.segments.remove(0);
        }
        Ok(self.segments.first().map_or(Offset::ZERO, |first| first.base))
    }
}

/// Writes what may be in the last write again, as it is. A sync that failed under the process before leaves pages that
/// the system takes for clean: it would show them to this process, never write them, and lose them with a power cut.
fn write_again(file: &dyn File, size: u64) -> std::io::Result<()> {
    let start = size.saturating_sub((GROUP_SIZE_MAX + BATCH_SIZE_MAX) as u64);
    let mut bytes = vec![0; usize::try_from(size - start).unwrap_or(0)];
    file.read_exact_at(&mut bytes, start)?;
    file.write_at(&bytes, start)
}

/// Reads all segments. Cuts a torn end of the last.
fn read_all(
    disk: &dyn Disk,
    dir: &Path,
    segments: &mut [Segment],
    after: Offset,
    evidence: &Evidence,
) -> Result<Opened> {
    let mut opened = Opened { start: after, end: after, ..Opened::default() };
    if let Some(first) = segments.first() {
        (opened.start, opened.end) = (first.base, first.base);
    }
    let count = segments.len();
    // For what the log as a whole lacks.
    let mut last = (path_of(dir, after), 0);
    for (index, segment) in segments.iter_mut().enumerate() {
        let path = path_of(dir, segment.base);
        if segment.base != opened.end {
            let reason = format!("the segment before ends at offset {}", opened.end);
            return Err(damaged_log(&path, 0, reason));
        }
        if index == 0 && segment.base > after {
            let reason = format!("it is the first, and the newest snapshot ends at offset {after}");
            return Err(damaged_log(&path, 0, reason));
        }
        let whole = segments::read(disk, &path, segment.size, after, &mut opened)?;
        if whole < segment.size {
            if index + 1 < count {
                let reason = "a batch is not whole, and later segments follow".to_owned();
                return Err(damaged_log(&path, whole, reason));
            }
            opened.torn_bytes = torn_end::cut(disk, &path, segment.size, whole, &opened, evidence)?;
            segment.size = whole;
        }
        last = (path, whole);
    }
    let (path, position) = last;
    evidence.check_end(&opened).map_err(|reason| damaged_log(&path, position, reason))?;
    Ok(opened)
}
