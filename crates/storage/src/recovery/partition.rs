use std::sync::Arc;

use model::{Offset, Timestamp};
use record::BatchHeader;
use replica::{LeaderEpochs, ProducerStates, ReplicaLog};

use super::base::{Base, FileSizes, load_sealed, scan_epochs};
use super::plan::PartitionPlan;
use crate::apply::Applied;
use crate::bytes::to_u32;
use crate::config::LogConfig;
use crate::error::{Damage, Result, StorageError};
use crate::file_name;
use crate::lane::LaneSequence;
use crate::notice::Notice;
use crate::own_checkpoint::OwnEntry;
use crate::partition_files::PartitionFiles;
use crate::partition_log::{LogState, finish_at};
use crate::place::Kind;
use crate::planted::{Planted, PlantedBug};
use crate::scan::{HeaderScan, ScanError};
use crate::segment::{Placed, Segment};

/// One log on its way from files to memory.
pub(crate) struct RecoveringPartition {
    pub(crate) files: Arc<PartitionFiles>,
    pub(crate) config: Arc<LogConfig>,
    pub(crate) log_start: Offset,
    pub(crate) log_end: Offset,
    pub(crate) high_watermark: Offset,
    pub(super) segments: Vec<Segment>,
    pub(super) epochs: LeaderEpochs,
    /// `None`: to be made again when the log's end is known.
    pub(super) producers: Option<ProducerStates>,
    /// While they are not known: what is left of them, for what snapshots and the log do not say any more.
    pub(super) remembered: ProducerStates,
    /// From here on batches were not seen that are gone by now: a snapshot knows their producers.
    pub(super) missed: Option<Offset>,
    /// Frames up to this sequence are in the files.
    pub(crate) sequence: u64,
    pub(crate) replayed: bool,
    /// The files differ from what a clean stop left, so the own checkpoint keeps the partition.
    pub(crate) changed: bool,
    pub(super) wall: Timestamp,
    /// What the write-ahead log is going to do.
    pub(super) plan: PartitionPlan,
}

/// What is known of a log before its files are looked at.
pub(crate) struct Known<'a> {
    pub(crate) files: Arc<PartitionFiles>,
    pub(crate) config: Arc<LogConfig>,
    pub(crate) verified: Verified,
    pub(crate) log_start: Option<Offset>,
    pub(crate) plan: PartitionPlan,
    /// What the last clean stop knew of its producers beyond Kafka's snapshot.
    pub(crate) windows: Option<&'a ProducerStates>,
    pub(crate) wall: Timestamp,
}

/// Where a log is known to be good up to.
pub(crate) enum Verified {
    /// The own checkpoint has all of it.
    Own(Box<OwnEntry>),
    /// Kafka's marker says that the log was closed: all of it, up to its recovery point if that is known.
    All(Option<Offset>),
    /// Up to this offset, by Kafka's recovery point. One that a life of ours began with is no more than there must be;
    /// Kafka's own may be left from before a truncation.
    UpTo { point: Offset, is_ours: bool },
}

impl RecoveringPartition {
    /// Loads what is known to be good. Blocks.
    pub(crate) fn load(
        known: Known<'_>,
        applied: &mut Applied,
        notices: &mut Vec<Notice>,
    ) -> Result<Self> {
        let Known { files, config, verified, log_start, plan, windows, wall } = known;
        let base = Base::read(&files, notices)?;
        let log_start = log_start.unwrap_or(Offset::ZERO);
        let mut partition = Self {
            files,
            config,
            log_start,
            log_end: log_start,
            high_watermark: log_start,
            segments: Vec::new(),
            epochs: LeaderEpochs::default(),
            producers: Some(ProducerStates::new(log_start)),
            remembered: ProducerStates::new(log_start),
            missed: None,
            sequence: 0,
            replayed: false,
            changed: false,
            wall,
            plan,
        };
        if let Verified::Own(entry) = &verified {
            partition.sequence = entry.sequence;
        }
        partition.plan = partition.plan.after(partition.sequence);
        if let Some(start) = partition.plan.reset_start() {
            // What lies in the files may be what was written since; the rest goes when all is known.
            partition.reset(start, applied)?;
            return Ok(partition);
        }
        match verified {
            Verified::Own(entry) => partition.load_own(*entry, &base, applied, notices)?,
            Verified::All(end) => {
                partition.load_files(&base, None, None, applied, notices)?;
                partition.load_producers(None, windows)?;
                partition.check_end(end)?;
            }
            Verified::UpTo { point, is_ours } => {
                let reached = is_ours.then_some(point);
                partition.load_files(&base, Some(point), reached, applied, notices)?;
                partition.load_producers(Some(point), windows)?;
                let active = partition.segments.last().map(|active| active.base);
                let is_kept = active.is_some_and(|base| base >= partition.plan.first_kept());
                if partition.plan.has_frames() && is_kept {
                    // The checkpoint that vouched for what comes before the first frame is lost.
                    let limit = partition.plan.first_place();
                    partition.scan_tail(limit, applied, notices)?;
                }
            }
        }
        Ok(partition)
    }

    fn load_own(
        &mut self,
        mut entry: OwnEntry,
        base: &Base,
        applied: &mut Applied,
        notices: &mut Vec<Notice>,
    ) -> Result<()> {
        self.lower_to_cut(&mut entry);
        let active = entry.has_segments.then_some(entry.segment);
        let active = active.filter(|active| *active >= self.plan.first_kept());
        self.load_segments_before(active.unwrap_or(entry.log_end), base, applied, notices)?;
        if let Some(active) = active {
            let sizes = base.sizes.get(&active);
            let size = sizes.map_or(0, |sizes| sizes.log);
            if size < u64::from(entry.position) {
                return Err(self.corrupt(active, u32::try_from(size).unwrap_or(0), Damage::Gap));
            }
            let end = (entry.position, entry.log_end);
            self.load_active(active, end, sizes, applied, notices)?;
        }
        self.log_start = entry.log_start;
        self.log_end = entry.log_end;
        self.high_watermark = entry.high_watermark;
        self.epochs = entry.epochs;
        self.producers = Some(entry.producers);
        self.cut_producers(self.log_end);
        self.changed = true;
        Ok(())
    }

    /// A truncation that is still to be done again may have cut the files below what the checkpoint saw.
    fn lower_to_cut(&self, entry: &mut OwnEntry) {
        let Some(cut) = self.plan.lowest_cut() else { return };
        if (cut.segment, cut.position) >= (entry.segment, entry.position) {
            return;
        }
        entry.segment = cut.segment;
        entry.position = cut.position;
        entry.log_end = cut.end;
        entry.log_start = entry.log_start.min(cut.end);
        entry.high_watermark = entry.high_watermark.min(cut.end);
        entry.epochs.truncate_to(cut.end);
    }

    /// `recovery_point`: only what lies before it is good; `None`: all of it. `reached`: how far that must go at least.
    fn load_files(
        &mut self,
        base: &Base,
        recovery_point: Option<Offset>,
        reached: Option<Offset>,
        applied: &mut Applied,
        notices: &mut Vec<Notice>,
    ) -> Result<()> {
        // What retention deletes later on is not looked at, if there is anything else.
        let kept = base.sizes.range(self.plan.first_kept()..).next().map(|(base, _)| base);
        let Some(first) = kept.or_else(|| base.sizes.keys().next()) else { return Ok(()) };
        if self.plan.has_batches_from(*first) && recovery_point.is_some_and(|point| point < *first)
        {
            // No file is known to be good, and the names of earlier ones may be lost: all of it is written again.
            return Ok(());
        }
        self.log_start = self.log_start.max(*first);
        // A recovery that did not come to its end may have come further than the log that is done again begins.
        let cut = self.plan.lowest_cut().map(|cut| cut.end);
        let cut = cut.into_iter().chain(self.plan.first_offset()).min();
        let recovery_point = match (recovery_point, cut) {
            (Some(point), Some(cut)) => Some(point.min(cut)),
            (point, cut) => point.or(cut),
        };
        let active = match recovery_point {
            Some(point) => {
                let before = base.sizes.range(..=point).next_back();
                before.map_or(*first, |(base, _)| *base.max(first))
            }
            None => base.sizes.keys().next_back().copied().unwrap_or(*first),
        };
        let is_kept = active >= self.plan.first_kept();
        let reached = reached.map(|reached| cut.map_or(reached, |cut| cut.min(reached)));
        let reached = reached.filter(|_| is_kept);
        match self.load_up_to(active, base, recovery_point, reached, applied, notices) {
            // Of segments that retention deletes later on, any may be gone, or half gone: then it is as if all were.
            Err(StorageError::Corrupt { .. }) if !is_kept => {
                self.segments.clear();
                Ok(())
            }
            done => done,
        }
    }

    /// All segments up to the active one, and of that what is known to be good.
    fn load_up_to(
        &mut self,
        active: Offset,
        base: &Base,
        recovery_point: Option<Offset>,
        reached: Option<Offset>,
        applied: &mut Applied,
        notices: &mut Vec<Notice>,
    ) -> Result<()> {
        self.load_segments_before(active, base, applied, notices)?;
        let mut sizes = base.sizes.get(&active);
        let (position, end) = self.find_end(active, &mut sizes, recovery_point, notices)?;
        if reached.is_some_and(|reached| end < reached) {
            return Err(self.corrupt(active, position, Damage::Gap));
        }
        self.load_active(active, (position, end), sizes, applied, notices)?;
        let epochs = match &base.epochs {
            Some(epochs) => epochs.clone(),
            None => scan_epochs(&self.files, &self.segments)?,
        };
        // What is behind the recovery point is still to be looked at, from where it begins.
        self.log_end = if recovery_point.is_some() { end } else { end.max(self.log_start) };
        self.epochs = epochs;
        self.epochs.end_at(self.log_start, self.log_end);
        Ok(())
    }

    /// What a clean stop left is what it vouches for: a log that ends earlier has lost a segment, or the end of one; in one
    /// that ends later, the base offset of the last batch is not what it was, which no CRC covers.
    fn check_end(&self, synced: Option<Offset>) -> Result<()> {
        let end = self.log_end;
        let (base, size) =
            self.segments.last().map_or((end, 0), |active| (active.base, active.size));
        match synced {
            Some(synced) if end < synced || end > synced && size > 0 => {
                Err(self.corrupt(base, size, Damage::Short { end, synced }))
            }
            _ => Ok(()),
        }
    }

    /// Where the good part of the active segment ends: position and offset. Walks from the last index entry on. `sizes` are
    /// taken away if they are not right any more.
    fn find_end(
        &mut self,
        active: Offset,
        sizes: &mut Option<&FileSizes>,
        recovery_point: Option<Offset>,
        notices: &mut Vec<Notice>,
    ) -> Result<(u32, Offset)> {
        let size = sizes.map_or(0, |sizes| sizes.log);
        let size = u32::try_from(size).unwrap_or(u32::MAX);
        if size == 0 {
            return Ok((0, active));
        }
        let point = recovery_point.unwrap_or(Offset::MAX);
        let relative = u32::try_from(point.records_since(active)).unwrap_or(u32::MAX);
        let entries = self.read_offset_entries(active, size, *sizes)?;
        // The last entry before the point; its batch begins there, so the walk sees it.
        let kept = entries.partition_point(|entry| entry.relative < relative);
        let hint =
            kept.checked_sub(1).and_then(|last| entries.get(last)).map(|entry| entry.position);
        match self.walk_to(active, size, hint.unwrap_or(0), point) {
            Ok(found) => Ok(found),
            // The index points between batches, or the segment is damaged: walk all of it.
            Err(_) if hint.is_some() => {
                notices.push(Notice::IndexRebuilt { path: self.files.path(active, Kind::Index) });
                *sizes = None;
                self.files.remove(self.files.path(active, Kind::Index))?;
                self.files.place.close_partition(self.files.serial);
                self.walk_to(active, size, 0, point)
            }
            Err(error) => Err(error),
        }
    }

    fn walk_to(
        &self,
        active: Offset,
        size: u32,
        from: u32,
        point: Offset,
    ) -> Result<(u32, Offset)> {
        let file = self.files.open(active, Kind::Log)?;
        let mut scan = HeaderScan::new(&*file, active, from, size);
        let (mut position, mut end) = (from, active);
        loop {
            match scan.next_header() {
                // What lies behind the point is not vouched for: it may be left of a log that came to nothing.
                Ok(Some(at)) if end < point && at.header.next_offset() <= point => {
                    if at.header.base_offset() < end && position > from {
                        return Err(self.corrupt(active, at.position, Damage::Batch));
                    }
                    position = at.end();
                    end = at.header.next_offset();
                }
                // One that reaches over the point is not what was there when the point was noted.
                Ok(Some(at)) if end < point && at.header.base_offset() < point => {
                    return Err(self.corrupt(active, at.position, Damage::Batch));
                }
                Ok(_) => return Ok((position, end)),
                // Before the point everything was synced; behind it a torn tail is what a crash leaves.
                Err(ScanError::Damaged(_)) if point < Offset::MAX && end >= point => {
                    return Ok((position, end));
                }
                Err(error) => return Err(error.at(&self.files.path(active, Kind::Log))),
            }
        }
    }

    fn load_segments_before(
        &mut self,
        active: Offset,
        base: &Base,
        applied: &mut Applied,
        notices: &mut Vec<Notice>,
    ) -> Result<()> {
        // Segments that retention deletes later on are not looked at: they may be gone, or half gone.
        let first_kept = self.plan.first_kept().min(active);
        for (offset, sizes) in base.sizes.range(first_kept..active) {
            let segment = match load_sealed(&self.files, *offset, sizes, self.wall)? {
                Some(segment) => segment,
                None => self.rebuild(*offset, sizes.log, applied, notices)?,
            };
            self.segments.push(segment);
        }
        Ok(())
    }

    /// Cuts off what is not part of the log, and makes producers again if a truncation left them behind.
    pub(crate) fn finish(&mut self, applied: &mut Applied) -> Result<()> {
        let dir = self.files.dir();
        if self.log_end < self.log_start {
            // As Kafka does: all that is left was deleted on request, so the log begins anew there.
            let start = self.log_start;
            self.know_producers()?;
            let known = self.producers.take();
            self.reset(start, applied)?;
            self.producers = known.map(|known| finish_at(known, start));
        }
        if self.changed && self.files.is_made() {
            // Names that the last life gave may not be durable, if only the process died.
            applied.dirty.dir(&dir);
            applied.dirty.dir(&self.files.place.path);
        }
        for entry in self.files.list_names()? {
            match file_name::parse_segment_file(&entry.name) {
                Some((base, file_name::SNAPSHOT)) if base > self.log_end => {
                    self.files.remove(dir.join(&entry.name))?;
                    applied.dirty.dir(&dir);
                }
                Some((base, file_name::LOG)) if !self.has_segment(base) => {
                    self.files.remove_segment(base, &mut applied.dirty)?;
                }
                _ => {}
            }
        }
        if let Some(active) = self.segments.last().cloned() {
            let size = u64::from(active.size);
            self.files.cut(active.base, Kind::Log, size, &mut applied.dirty)?;
            self.cut_indexes(&active, None, applied)?;
            applied.truncate_aborted(&self.files, active.base, self.log_end)?;
        }
        self.know_producers()?;
        self.know_missed_producers()
    }

    /// The log was never cut below it, as far as is known.
    pub(crate) fn uncut_end(&self) -> Offset {
        let cut = self.plan.lowest_cut().map(|cut| cut.end).into_iter();
        cut.chain(self.plan.reset_start()).chain([self.log_end]).min().unwrap_or(self.log_end)
    }

    fn has_segment(&self, base: Offset) -> bool {
        self.segments.iter().any(|segment| segment.base == base)
    }

    pub(super) fn corrupt(&self, segment: Offset, position: u32, damage: Damage) -> StorageError {
        StorageError::corrupt(&self.files.path(segment, Kind::Log), u64::from(position), damage)
    }

    /// What the checkpoint of the new life keeps.
    pub(crate) fn to_own(&self, sequence: LaneSequence) -> OwnEntry {
        let active = self.segments.last();
        let producers = self.producers.clone();
        OwnEntry {
            topic: self.files.name.topic.clone(),
            sequence: sequence.get(),
            log_start: self.log_start,
            log_end: self.log_end,
            high_watermark: self.high_watermark.clamp(self.log_start, self.log_end),
            segment: active.map_or(self.log_end, |active| active.base),
            position: active.map_or(0, |active| active.size),
            has_segments: active.is_some(),
            epochs: self.epochs.clone(),
            producers: producers.unwrap_or_else(|| ProducerStates::new(self.log_end)),
        }
    }

    pub(crate) fn into_log(
        self,
        planted: Planted,
    ) -> (LogState, ReplicaLog, Arc<PartitionFiles>, Arc<LogConfig>) {
        let known = self.producers.filter(|_| !planted.has(PlantedBug::ForgetProducers));
        let producers = known.unwrap_or_else(|| ProducerStates::new(self.log_end));
        let state =
            LogState { log_start: self.log_start, log_end: self.log_end, segments: self.segments };
        let replica = ReplicaLog::recovered(
            self.log_start,
            self.log_end,
            self.high_watermark,
            self.epochs,
            finish_at(producers, self.log_end),
        );
        (state, replica, self.files, self.config)
    }
}

pub(super) fn placed(header: &BatchHeader) -> Placed {
    Placed {
        last_offset: header.last_offset(),
        size: to_u32(header.size()),
        max_timestamp: header.max_timestamp(),
    }
}
