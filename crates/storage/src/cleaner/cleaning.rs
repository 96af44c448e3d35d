use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use model::{Offset, SeededRandom, Timestamp};
use record::{BatchFilter, BatchView, Compressor, Decompressor};

use super::Cleanable;
use super::batch_reader::{BatchReader, Walk};
use super::key_digest::DigestSecret;
use super::key_map::KeyMap;
use super::last_records::LastRecords;
use super::output::{Output, Replacement, remove_cleaned};
use super::retention::{Retention, Unreadable};
use super::transactions::TransactionWalk;
use crate::bytes::to_u64;
use crate::error::{Damage, Result, StorageError};
use crate::limits::CLEANER_BUFFER_SIZE_MIN;
use crate::place::Kind;

/// What one cleaning may take.
#[derive(Clone, Copy, Debug)]
pub struct CleaningSettings {
    /// Bytes for the table of keys: `log.cleaner.dedupe.buffer.size` by the count of cleaners.
    pub map_bytes: u64,
    /// `log.cleaner.io.buffer.load.factor`.
    pub load: f64,
    /// Bytes for reading and writing: `log.cleaner.io.buffer.size` by the count of cleaners. A larger batch takes more.
    pub buffer_bytes: usize,
    /// Random, and known to nobody who writes keys.
    pub secret: u64,
}

/// What a cleaning has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CleanStats {
    pub bytes_read: u64,
    pub bytes_written: u64,
    /// Records that were looked at, in both walks.
    pub records_read: u64,
    pub records_kept: u64,
    /// Different keys in the dirty part.
    pub keys: u64,
    /// Bytes that the table of keys takes.
    pub map_bytes: u64,
    /// Keys that it could have, were its places all taken.
    pub keys_max: u64,
    pub segments_before: u64,
    pub segments_after: u64,
    /// Bytes of the segments that were replaced, and of those that took their place.
    pub size_before: u64,
    pub size_after: u64,
}

/// What a step came to.
#[derive(Debug)]
#[must_use]
pub enum CleanStep {
    /// So many bytes were read and written.
    Worked(u64),
    /// A new segment is whole: give it to [`crate::PartitionLog::replace`] and the answer to [`Cleaning::replaced`].
    Replace(Box<Replacement>),
    /// The log is clean up to this offset.
    Done(Offset),
}

/// One cleaning of one log.
pub struct Cleaning {
    of: Cleanable,
    write_size: usize,
    reader: BatchReader,
    retention: Retention,
    walk: TransactionWalk,
    phase: Phase,
    stats: CleanStats,
}

enum Phase {
    /// Through the dirty segments, this one next.
    Map {
        segment: usize,
        at: Option<Walk>,
    },
    /// Through all, group by group.
    Copy {
        groups: Vec<Range<usize>>,
        segment: usize,
        at: Option<Walk>,
        output: Option<Box<Output>>,
    },
    /// Of the groups, the first is on its way.
    Replacing {
        groups: Vec<Range<usize>>,
    },
    Done,
}

impl Cleaning {
    /// `producers` are those of the log at this moment, or later.
    pub fn new(
        of: Cleanable,
        producers: LastRecords,
        settings: &CleaningSettings,
        wall: Timestamp,
    ) -> Self {
        let mut random = SeededRandom::new(settings.secret);
        let secret = DigestSecret::new(settings.secret ^ random.next_u64(), random.next_u64());
        let map = KeyMap::new(of.first_dirty, settings.map_bytes, settings.load, secret);
        let piece = (settings.buffer_bytes / 2).max(CLEANER_BUFFER_SIZE_MIN);
        let retention = Retention {
            map,
            end: of.upper,
            upper: of.upper,
            wall,
            delete_retention_ms: of.config.delete_retention_ms,
            producers,
            filter: BatchFilter::new(),
            compressor: Compressor::new(),
            decompressor: Decompressor::new(),
            records_read: 0,
            records_kept: 0,
        };
        let first = (0..of.segments.len()).find(|at| of.end_of(*at) > of.first_dirty);
        Self {
            write_size: piece,
            reader: BatchReader::new(piece),
            retention,
            walk: TransactionWalk::default(),
            phase: Phase::Map { segment: first.unwrap_or(of.segments.len()), at: None },
            stats: CleanStats::default(),
            of,
        }
    }

    pub fn stats(&self) -> CleanStats {
        CleanStats {
            records_read: self.retention.records_read,
            records_kept: self.retention.records_kept,
            keys: to_u64(self.retention.map.len()),
            map_bytes: to_u64(self.retention.map.size()),
            keys_max: to_u64(self.retention.map.capacity_max()),
            ..self.stats
        }
    }

    pub fn name(&self) -> &model::TopicPartition {
        self.of.name()
    }

    /// Reads and writes a piece, or makes a new segment durable. Blocks. After an error, and whenever the cleaning is given
    /// up, [`Self::abandon`] it.
    pub fn step(&mut self) -> Result<CleanStep> {
        match std::mem::replace(&mut self.phase, Phase::Done) {
            Phase::Map { segment, at } => self.map(segment, at),
            Phase::Copy { groups, segment, at, output } => self.copy(groups, segment, at, output),
            Phase::Replacing { groups } => {
                self.begin_group(groups);
                Ok(CleanStep::Worked(0))
            }
            Phase::Done => Ok(CleanStep::Done(self.retention.end)),
        }
    }

    /// What [`crate::PartitionLog::replace`] said: whether the log took the new segment, whose files get their names now. If
    /// not, the cleaning is over. Blocks.
    pub fn replaced(&mut self, taken: bool) -> Result<bool> {
        let Phase::Replacing { groups } = &mut self.phase else { return Ok(false) };
        let group = groups.remove(0);
        if taken {
            self.of.files.finish_replacing()?;
            return Ok(true);
        }
        let base = self.of.segments.get(group.start).map(|segment| segment.base);
        self.phase = Phase::Done;
        base.map_or(Ok(()), |base| remove_cleaned(&self.of.files, base))?;
        Ok(false)
    }

    /// Removes what is unfinished. Blocks.
    pub fn abandon(self) -> Result<()> {
        let files = Arc::clone(&self.of.files);
        let base = match &self.phase {
            Phase::Copy { groups, .. } | Phase::Replacing { groups } => {
                groups.first().and_then(|group| self.of.segments.get(group.start))
            }
            Phase::Map { .. } | Phase::Done => None,
        };
        let base = base.map(|segment| segment.base);
        drop(self);
        base.map_or(Ok(()), |base| remove_cleaned(&files, base))
    }

    /// From the start of a segment, with its base and generation.
    fn walk_of(&self, index: usize) -> Option<(Walk, (Offset, u64))> {
        let segment = self.of.segments.get(index)?;
        let walk = Walk {
            path: self.of.files.path(segment.base, Kind::Log),
            position: 0,
            limit: segment.size,
            next: segment.base,
            end: self.of.end_of(index),
        };
        Some((walk, (segment.base, segment.generation)))
    }

    fn map(&mut self, segment: usize, at: Option<Walk>) -> Result<CleanStep> {
        let Some((start, (base, generation))) = self.walk_of(segment) else {
            return self.mapped(self.of.upper);
        };
        if at.is_none() && self.stats.bytes_read == 0 {
            self.of.files.finish_replacing()?;
            let aborted = self.of.aborted.within(self.of.first_dirty, self.of.upper);
            self.walk.add(aborted.run()?);
        }
        let mut walk = at.unwrap_or(start);
        if walk.is_over() {
            self.phase = Phase::Map { segment: segment + 1, at: None };
            return Ok(CleanStep::Worked(0));
        }
        let file = self.of.files.open_of(base, generation, Kind::Log)?;
        let mut bytes = self.reader.read(&*file, &walk)?;
        let read = to_u64(bytes.len());
        while let Some(batch) = walk.next_batch(&mut bytes)? {
            let header = batch.header();
            if header.last_offset() < self.of.first_dirty {
                continue;
            }
            if header.attributes().is_control() {
                let _ = self.walk.control(&batch);
            } else if !self.walk.is_aborted(header) {
                let noted = self.retention.note_keys(&batch, self.of.first_dirty);
                if !noted.map_err(|unreadable| unreadable_at(&walk, &batch, &unreadable))? {
                    self.stats.bytes_read += read;
                    let end = header.base_offset();
                    return self.mapped(end);
                }
            }
        }
        self.stats.bytes_read += read;
        self.phase = Phase::Map { segment, at: Some(walk) };
        Ok(CleanStep::Worked(read))
    }

    /// The map is made, of all keys before `end`.
    fn mapped(&mut self, end: Offset) -> Result<CleanStep> {
        self.retention.end = end;
        self.walk = TransactionWalk::default();
        let groups = self.of.groups(end);
        self.begin_group(groups);
        Ok(CleanStep::Worked(0))
    }

    fn begin_group(&mut self, groups: Vec<Range<usize>>) {
        self.phase = match groups.first() {
            Some(group) => {
                let segment = group.start;
                Phase::Copy { groups, segment, at: None, output: None }
            }
            None => Phase::Done,
        };
    }

    fn copy(
        &mut self,
        groups: Vec<Range<usize>>,
        segment: usize,
        at: Option<Walk>,
        output: Option<Box<Output>>,
    ) -> Result<CleanStep> {
        let copied = self.copy_piece(&groups, segment, at, output);
        if copied.is_err() {
            // For whoever abandons it.
            self.phase = Phase::Replacing { groups };
            return copied.map(|_| CleanStep::Worked(0));
        }
        match copied? {
            Copied::Piece { segment, at, output, bytes } => {
                self.phase = Phase::Copy { groups, segment, at, output: Some(output) };
                Ok(CleanStep::Worked(bytes))
            }
            Copied::Group(replacement) => {
                self.phase = Phase::Replacing { groups };
                Ok(CleanStep::Replace(replacement))
            }
        }
    }

    fn copy_piece(
        &mut self,
        groups: &[Range<usize>],
        segment: usize,
        at: Option<Walk>,
        output: Option<Box<Output>>,
    ) -> Result<Copied> {
        let group = groups.first().cloned().unwrap_or_default();
        let mut output = match output {
            Some(output) => output,
            None => Box::new(self.begin_output(&group)?),
        };
        if segment >= group.end {
            return self.finish_output(group, *output);
        }
        let Some((start, (base, generation))) = self.walk_of(segment) else {
            return self.finish_output(group, *output);
        };
        let mut walk = at.unwrap_or(start);
        if walk.is_over() {
            return Ok(Copied::Piece { segment: segment + 1, at: None, output, bytes: 0 });
        }
        let file = self.of.files.open_of(base, generation, Kind::Log)?;
        let mut bytes = self.reader.read(&*file, &walk)?;
        let read = to_u64(bytes.len());
        let mut written = 0;
        while let Some(batch) = walk.next_batch(&mut bytes)? {
            let copied = self.retention.copy(&batch, &mut self.walk, &mut output)?;
            copied.map_err(|unreadable| unreadable_at(&walk, &batch, &unreadable))?;
            written += output.flush(self.write_size)?;
        }
        self.stats.bytes_read += read;
        self.stats.bytes_written += written;
        self.reader.trim();
        self.retention.decompressor.trim();
        Ok(Copied::Piece { segment, at: Some(walk), output, bytes: read + written })
    }

    fn begin_output(&mut self, group: &Range<usize>) -> Result<Output> {
        let segments = self.of.segments.get(group.clone()).unwrap_or_default();
        let (Some(first), Some(last)) = (segments.first(), segments.last()) else {
            return Err(StorageError::Gone);
        };
        let aborted = self.of.aborted.within(first.base, self.of.end_of(group.end - 1));
        self.walk.add(aborted.run()?);
        let created = last.latest.map_or(last.created, |(latest, _)| latest);
        Output::create(&self.of.files, &self.of.config, first.base, created)
    }

    fn finish_output(&mut self, group: Range<usize>, output: Output) -> Result<Copied> {
        let segments = self.of.segments.get(group).unwrap_or_default();
        let mut had_aborted = false;
        for segment in segments {
            match self.of.files.open_of(segment.base, segment.generation, Kind::TransactionIndex) {
                Err(StorageError::Gone) => {}
                file => {
                    file?;
                    had_aborted = true;
                }
            }
        }
        let rest = to_u64(output.buffer.len());
        let replaced: Vec<(Offset, u64, u32)> = segments
            .iter()
            .map(|segment| (segment.base, segment.generation, segment.size))
            .collect();
        let size_before: u64 = replaced.iter().map(|(_, _, size)| u64::from(*size)).sum();
        let count = to_u64(replaced.len());
        let replacement = output.finish(replaced, had_aborted)?;
        self.stats.bytes_written += rest;
        self.stats.segments_before += count;
        self.stats.segments_after += 1;
        self.stats.size_before += size_before;
        self.stats.size_after += u64::from(replacement.segment.size);
        Ok(Copied::Group(Box::new(replacement)))
    }
}

enum Copied {
    Piece { segment: usize, at: Option<Walk>, output: Box<Output>, bytes: u64 },
    Group(Box<Replacement>),
}

/// The walk has gone on behind the batch.
fn unreadable_at(walk: &Walk, batch: &BatchView<'_>, _: &Unreadable) -> StorageError {
    let position = to_u64(walk.position as usize) - to_u64(batch.header().size());
    StorageError::corrupt(&walk.path, position, Damage::Batch)
}

impl fmt::Debug for Cleaning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Cleaning({})", self.of.name())
    }
}
