use std::sync::Arc;

use model::{Offset, Timestamp};
use record::{BatchHeader, BatchView};
use replica::{LeaderEpochs, Outcome, ProducerStates, ReplicaLog};

use super::base::{Base, load_sealed, scan_epochs};
use super::plan::{Fate, PartitionPlan};
use crate::apply::Applied;
use crate::bytes::to_u32;
use crate::config::LogConfig;
use crate::error::{Damage, Result, StorageError};
use crate::facts::batch_facts;
use crate::file_name;
use crate::index::{self, AbortedTransaction, OFFSET_ENTRY_SIZE, TIME_ENTRY_SIZE};
use crate::lane::LaneSequence;
use crate::lane::codec::{FrameHeader, FrameType};
use crate::notice::Notice;
use crate::own_checkpoint::OwnEntry;
use crate::partition_files::PartitionFiles;
use crate::partition_log::{LogState, finish_at, newest_snapshot};
use crate::place::Kind;
use crate::scan::{HeaderScan, ScanError};
use crate::segment::{Placed, Segment};

/// One log on its way from files to memory.
pub(crate) struct RecoveringPartition {
    pub(crate) files: Arc<PartitionFiles>,
    pub(crate) config: Arc<LogConfig>,
    pub(crate) log_start: Offset,
    pub(crate) log_end: Offset,
    pub(crate) high_watermark: Offset,
    segments: Vec<Segment>,
    epochs: LeaderEpochs,
    /// `None`: to be made again when the log's end is known.
    producers: Option<ProducerStates>,
    /// Frames up to this sequence are in the files.
    pub(crate) sequence: u64,
    pub(crate) replayed: bool,
    /// The files differ from what a clean stop left, so the own checkpoint keeps the partition.
    pub(crate) changed: bool,
    wall: Timestamp,
    /// What the write-ahead log is going to do.
    plan: PartitionPlan,
}

/// Where a log is known to be good up to.
pub(crate) enum Verified {
    /// The own checkpoint has all of it.
    Own(Box<OwnEntry>),
    /// Kafka's marker says that the log was closed: all of it.
    All,
    /// Up to this offset, by Kafka's recovery point.
    UpTo(Offset),
}

impl RecoveringPartition {
    /// Loads what is known to be good. Blocks.
    pub(crate) fn load(
        files: Arc<PartitionFiles>,
        config: Arc<LogConfig>,
        verified: Verified,
        log_start: Option<Offset>,
        plan: PartitionPlan,
        wall: Timestamp,
        applied: &mut Applied,
        notices: &mut Vec<Notice>,
    ) -> Result<Self> {
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
            Verified::All => partition.load_files(&base, None, applied, notices)?,
            Verified::UpTo(end) => partition.load_files(&base, Some(end), applied, notices)?,
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
            let size = base.sizes.get(&active).map_or(0, |sizes| sizes.log);
            if size < u64::from(entry.position) {
                return Err(self.corrupt(active, u32::try_from(size).unwrap_or(0), Damage::Gap));
            }
            self.load_active(active, entry.position, entry.log_end, applied, notices)?;
        }
        self.log_start = entry.log_start;
        self.log_end = entry.log_end;
        self.high_watermark = entry.high_watermark;
        self.epochs = entry.epochs;
        self.producers = Some(entry.producers).filter(|known| known.end() <= self.log_end);
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

    /// `recovery_point`: only what lies before it is good; `None`: all of it.
    fn load_files(
        &mut self,
        base: &Base,
        recovery_point: Option<Offset>,
        applied: &mut Applied,
        notices: &mut Vec<Notice>,
    ) -> Result<()> {
        let Some(first) = base.sizes.keys().next() else { return Ok(()) };
        if self.plan.has_batches() && recovery_point.is_some_and(|point| point < *first) {
            // No file is known to be good, and the names of earlier ones may be lost: all of it is written again.
            return Ok(());
        }
        self.log_start = self.log_start.max(*first);
        let cut = self.plan.lowest_cut().map(|cut| cut.end);
        let recovery_point = match (recovery_point, cut) {
            (Some(point), Some(cut)) => Some(point.min(cut)),
            (point, cut) => point.or(cut),
        };
        let active = match recovery_point {
            Some(point) => base.sizes.range(..=point).next_back().map_or(*first, |(base, _)| *base),
            None => base.sizes.keys().next_back().copied().unwrap_or(*first),
        };
        self.load_segments_before(active, base, applied, notices)?;
        let size = base.sizes.get(&active).map_or(0, |sizes| sizes.log);
        let size = u32::try_from(size).unwrap_or(u32::MAX);
        let (position, end) = self.find_end(active, size, recovery_point, notices)?;
        self.load_active(active, position, end, applied, notices)?;
        self.log_end = end.max(self.log_start);
        self.epochs = match &base.epochs {
            Some(epochs) => epochs.clone(),
            None => scan_epochs(&self.files, &self.segments)?,
        };
        self.epochs.truncate_to(self.log_end);
        self.producers = Some(self.scan_producers()?);
        Ok(())
    }

    /// Where the good part of the active segment ends: position and offset. Walks from the last index entry on.
    fn find_end(
        &mut self,
        active: Offset,
        size: u32,
        recovery_point: Option<Offset>,
        notices: &mut Vec<Notice>,
    ) -> Result<(u32, Offset)> {
        if size == 0 {
            return Ok((0, active));
        }
        let point = recovery_point.unwrap_or(Offset::MAX);
        let relative = u32::try_from(point.records_since(active)).unwrap_or(u32::MAX);
        let entries = self.read_offset_entries(active, size)?;
        // The last entry before the point; its batch begins there, so the walk sees it.
        let kept = entries.partition_point(|entry| entry.relative < relative);
        let hint =
            kept.checked_sub(1).and_then(|last| entries.get(last)).map(|entry| entry.position);
        match self.walk_to(active, size, hint.unwrap_or(0), point) {
            Ok(found) => Ok(found),
            // The index points between batches, or the segment is damaged: walk all of it.
            Err(_) if hint.is_some() => {
                notices.push(Notice::IndexRebuilt { path: self.files.path(active, Kind::Index) });
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
        let mut scan = HeaderScan::new(&*file, from, size);
        let (mut position, mut end) = (from, active);
        loop {
            match scan.next_header() {
                Ok(Some(at)) if at.header.next_offset() <= point => {
                    position = at.end();
                    end = at.header.next_offset();
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

    /// Makes both indexes of a segment again from the headers of its batches.
    fn rebuild(
        &mut self,
        base: Offset,
        size: u64,
        applied: &mut Applied,
        notices: &mut Vec<Notice>,
    ) -> Result<Segment> {
        notices.push(Notice::IndexRebuilt { path: self.files.path(base, Kind::Index) });
        self.changed = true;
        self.empty_indexes(base, applied)?;
        let mut segment = Segment::new(base, self.wall);
        let file = self.files.open(base, Kind::Log)?;
        let limit = u32::try_from(size).unwrap_or(u32::MAX);
        let mut scan = HeaderScan::new(&*file, 0, limit);
        let path = self.files.path(base, Kind::Log);
        while let Some(at) = scan.next_header().map_err(|error| error.at(&path))? {
            let (_, entries) = segment.append(&placed(&at.header), &self.config);
            applied.write_entries(&self.files, base, &entries)?;
        }
        let entries = crate::segment::IndexEntries { offset: None, time: segment.time_entry() };
        applied.write_entries(&self.files, base, &entries)?;
        Ok(segment)
    }

    /// Empties both indexes, making them if they are missing.
    fn empty_indexes(&self, base: Offset, applied: &mut Applied) -> Result<()> {
        for kind in [Kind::Index, Kind::TimeIndex] {
            self.files.open_for_write(base, kind, &mut applied.dirty)?;
            self.files.cut(base, kind, 0, &mut applied.dirty)?;
        }
        Ok(())
    }

    fn has_indexes(&self, base: Offset) -> Result<bool> {
        for kind in [Kind::Index, Kind::TimeIndex] {
            match self.files.open(base, kind) {
                Err(StorageError::Gone) => return Ok(false),
                file => file?,
            };
        }
        Ok(true)
    }

    fn read_offset_entries(&self, base: Offset, size: u32) -> Result<Vec<index::OffsetEntry>> {
        Ok(index::valid_offset_entries(&self.read_file(base, Kind::Index)?, u64::from(size)))
    }

    fn read_file(&self, base: Offset, kind: Kind) -> Result<Vec<u8>> {
        let file = match self.files.open(base, kind) {
            Err(StorageError::Gone) => return Ok(Vec::new()),
            file => file?,
        };
        let path = self.files.path(base, kind);
        let size = file.size().map_err(StorageError::io("read", &path))?;
        let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
        file.read_exact_at(&mut bytes, 0).map_err(StorageError::io("read", &path))?;
        Ok(bytes)
    }

    /// The active segment up to `position`, where the log ends at `end`: keeps the index entries that lie before it,
    /// and looks at what comes after the last one. Index entries beyond are left by a drain that no checkpoint saw.
    fn load_active(
        &mut self,
        base: Offset,
        position: u32,
        end: Offset,
        applied: &mut Applied,
        notices: &mut Vec<Notice>,
    ) -> Result<()> {
        let mut segment = Segment::new(base, self.wall);
        let relative_end = u32::try_from(end.records_since(base)).unwrap_or(u32::MAX);
        let mut offsets = self.read_offset_entries(base, position)?;
        offsets.retain(|entry| entry.relative < relative_end);
        let mut times = index::valid_time_entries(&self.read_file(base, Kind::TimeIndex)?);
        times.retain(|entry| entry.relative < relative_end);
        let expected = position / self.config.index_interval_bytes.saturating_mul(4).max(1);
        let lost = offsets.is_empty() && expected > 1;
        if position > 0 && (lost || !self.has_indexes(base)?) {
            segment = self.rebuild(base, u64::from(position), applied, notices)?;
        } else {
            segment.offset_entries = to_u32(offsets.len());
            segment.time_entries = to_u32(times.len());
            if let Some(entry) = times.last() {
                segment.last_time_entry = Some(entry.timestamp);
                segment.latest = base.plus(entry.relative).map(|offset| (entry.timestamp, offset));
            }
            let from = offsets.last().map_or(0, |entry| entry.position);
            self.walk_unindexed(&mut segment, from, position)?;
        }
        segment.size = position;
        self.cut_indexes(&segment, applied)?;
        self.segments.push(segment);
        Ok(())
    }

    fn cut_indexes(&self, segment: &Segment, applied: &mut Applied) -> Result<()> {
        let sizes = [
            (Kind::Index, u64::from(segment.offset_entries) * OFFSET_ENTRY_SIZE),
            (Kind::TimeIndex, u64::from(segment.time_entries) * TIME_ENTRY_SIZE),
        ];
        sizes.into_iter().try_for_each(|(kind, size)| {
            self.files.cut(segment.base, kind, size, &mut applied.dirty)
        })
    }

    fn walk_unindexed(&self, segment: &mut Segment, from: u32, limit: u32) -> Result<()> {
        if limit == 0 {
            return Ok(());
        }
        let file = self.files.open(segment.base, Kind::Log)?;
        let path = self.files.path(segment.base, Kind::Log);
        let mut first = HeaderScan::new(&*file, 0, limit);
        let at = first.next_header().map_err(|error| error.at(&path))?;
        segment.first_timestamp = at.and_then(|at| at.header.max_timestamp());
        let mut scan = HeaderScan::new(&*file, from, limit);
        while let Some(at) = scan.next_header().map_err(|error| error.at(&path))? {
            let latest = segment.latest.map(|(timestamp, _)| timestamp);
            if at.header.max_timestamp() > latest {
                let latest = at.header.max_timestamp();
                segment.latest = latest.map(|timestamp| (timestamp, at.header.last_offset()));
            }
        }
        segment.bytes_since_index = limit.saturating_sub(from);
        Ok(())
    }

    /// Does one frame of the write-ahead log again.
    pub(crate) fn replay(
        &mut self,
        frame: &FrameHeader,
        payload: &[u8],
        applied: &mut Applied,
        notices: &mut Vec<Notice>,
    ) -> Result<()> {
        self.changed = true;
        self.replayed = true;
        let fate = self.plan.fate(frame);
        match (frame.frame_type, fate) {
            (_, Fate::Undone) => Ok(()),
            (FrameType::Batch, Fate::Retires) => self.observe(payload),
            (FrameType::Batch, Fate::Stays) => {
                self.go_to(frame.segment, frame.position, frame.offset, applied, notices)?;
                let batch = BatchView::parse(payload)
                    .map_err(|_| self.corrupt(frame.segment, frame.position, Damage::Batch))?;
                let slices = [std::io::IoSlice::new(payload)];
                let (segment, position) = (frame.segment, frame.position);
                self.files.write_batches(segment, position, &slices, &mut applied.dirty)?;
                self.take_in(&batch, applied)
            }
            (FrameType::Bulk, Fate::Stays) => self.replay_bulk(frame, applied, notices),
            (FrameType::Truncate, _) => {
                // The log was begun below the cut, and holds nothing that it undoes.
                self.log_end = frame.offset;
                self.epochs.truncate_to(frame.offset);
                self.producers = self.producers.take().filter(|known| known.end() <= frame.offset);
                self.log_start = self.log_start.min(self.log_end);
                applied.remove_snapshots(&self.files, |offset| offset > frame.offset)
            }
            (FrameType::LogStart, _) => self.raise_start(frame.offset, frame.segment, applied),
            (FrameType::Reset, _) => self.reset(frame.offset, applied),
            (FrameType::Bulk, Fate::Retires) | (FrameType::Delete | FrameType::Name, _) => Ok(()),
        }
    }

    /// A batch whose segment will be deleted: it still counts for what readers of later ones know.
    fn observe(&mut self, payload: &[u8]) -> Result<()> {
        let Ok(batch) = BatchView::parse(payload) else { return Ok(()) };
        let header = batch.header();
        if let Some(epoch) = header.leader_epoch() {
            self.epochs.assign(epoch, header.base_offset());
        }
        if let Some(producers) = &mut self.producers
            && header.last_offset() >= producers.end()
        {
            producers.replay(header.base_offset(), &batch_facts(&batch), None);
        }
        self.log_end = header.next_offset();
        Ok(())
    }

    /// Batches that were synced in the segment itself.
    fn replay_bulk(
        &mut self,
        frame: &FrameHeader,
        applied: &mut Applied,
        notices: &mut Vec<Notice>,
    ) -> Result<()> {
        self.go_to(frame.segment, frame.position, frame.offset, applied, notices)?;
        let lost =
            |partition: &Self| partition.corrupt(frame.segment, frame.position, Damage::BulkLost);
        if let Err(StorageError::Gone) = self.files.open(frame.segment, Kind::Log) {
            return Err(lost(self));
        }
        // Read from memory it may be, and not synced: the process can have died between the write and the sync.
        let file = self.files.open_for_write(frame.segment, Kind::Log, &mut applied.dirty)?;
        let limit = self.plan.end_of_bulk(frame);
        let mut scan = HeaderScan::new(&*file, frame.position, limit);
        while let Some(at) = scan.next_header().map_err(|_| lost(self))? {
            let bytes = scan.checked_batch(&at).map_err(|_| lost(self))?;
            let batch = BatchView::parse(bytes).map_err(|_| lost(self))?;
            if batch.header().base_offset() < self.log_end {
                return Err(lost(self));
            }
            self.take_in(&batch, applied)?;
        }
        Ok(())
    }

    /// Brings the log to the place where a frame's batch begins: rolls, or forgets what lies behind it, or takes in what
    /// was written before without being in this log.
    fn go_to(
        &mut self,
        segment: Offset,
        position: u32,
        offset: Offset,
        applied: &mut Applied,
        notices: &mut Vec<Notice>,
    ) -> Result<()> {
        let here = self.segments.last().map(|active| (active.base, active.size));
        if here.is_some_and(|here| here > (segment, position)) {
            return self.cut_to(segment, position, offset, applied, notices);
        }
        if here.is_some_and(|(base, _)| base < segment) && self.log_end < offset
            || here.is_some_and(|(base, size)| base == segment && size < position)
        {
            self.scan_tail(Some((segment, position)), applied, notices)?;
        }
        let here = self.segments.last().map(|active| (active.base, active.size));
        match here {
            Some((base, size)) if (base, size) == (segment, position) => Ok(()),
            Some((base, _)) if base >= segment => Err(self.corrupt(segment, position, Damage::Gap)),
            _ if position > 0 => Err(self.corrupt(segment, position, Damage::Gap)),
            _ => {
                self.begin_segment(segment, applied)?;
                if self.segments.len() == 1 {
                    self.log_start = self.log_start.max(segment);
                }
                Ok(())
            }
        }
    }

    /// Rolls. Files of that base are left by a drain that no checkpoint saw, and are filled again.
    fn begin_segment(&mut self, base: Offset, applied: &mut Applied) -> Result<()> {
        if let Some(active) = self.segments.last_mut() {
            let time = active.time_entry();
            let entries = crate::segment::IndexEntries { offset: None, time };
            let (sealed, size) = (active.base, u64::from(active.size));
            // Behind its end there may be what a truncation undoes.
            self.files.cut(sealed, Kind::Log, size, &mut applied.dirty)?;
            applied.write_entries(&self.files, sealed, &entries)?;
            for kind in [Kind::Index, Kind::TimeIndex] {
                self.files.open_for_write(sealed, kind, &mut applied.dirty)?;
            }
        }
        let segment = Segment::new(base, self.wall);
        self.cut_indexes(&segment, applied)?;
        self.segments.push(segment);
        Ok(())
    }

    /// Index entries, epochs, producers of a batch that is in the segment.
    fn take_in(&mut self, batch: &BatchView<'_>, applied: &mut Applied) -> Result<()> {
        let header = batch.header();
        let Some(active) = self.segments.last_mut() else { return Ok(()) };
        let segment = active.base;
        let (_, entries) = active.append(&placed(header), &self.config);
        applied.write_entries(&self.files, segment, &entries)?;
        if let Some(epoch) = header.leader_epoch() {
            self.epochs.assign(epoch, header.base_offset());
        }
        let ended = match &mut self.producers {
            Some(producers) if header.last_offset() >= producers.end() => {
                producers.replay(header.base_offset(), &batch_facts(batch), None)
            }
            _ => None,
        };
        if let Some(ended) = ended.filter(|ended| ended.outcome == Outcome::Abort) {
            let entry = AbortedTransaction {
                producer: ended.producer,
                first: ended.first,
                last: ended.last,
                last_stable: ended.last_stable,
            };
            applied.write_aborted(&self.files, segment, &entry.encode())?;
        }
        self.log_end = header.next_offset();
        Ok(())
    }

    fn cut_to(
        &mut self,
        segment: Offset,
        position: u32,
        end: Offset,
        applied: &mut Applied,
        notices: &mut Vec<Notice>,
    ) -> Result<()> {
        // Only what memory knows: the files may hold, beyond this place, what a later frame counts on.
        self.segments.retain(|known| known.base <= segment);
        let size = self.segments.last().filter(|active| active.base == segment).map(|a| a.size);
        if size.is_none_or(|size| size < position) {
            return Err(self.corrupt(segment, size.unwrap_or(0), Damage::Gap));
        }
        self.segments.pop();
        self.load_active(segment, position, end, applied, notices)?;
        applied.truncate_aborted(&self.files, segment, end)?;
        self.log_end = end;
        self.epochs.truncate_to(end);
        if self.producers.as_ref().is_some_and(|producers| producers.end() > end) {
            self.producers = None;
        }
        Ok(())
    }

    fn raise_start(
        &mut self,
        start: Offset,
        first_kept: Offset,
        applied: &mut Applied,
    ) -> Result<()> {
        self.log_start = self.log_start.max(start);
        self.high_watermark = self.high_watermark.max(start);
        while let Some(first) = self.segments.first()
            && first.base < first_kept
        {
            self.files.remove_segment(first.base, &mut applied.dirty)?;
            self.segments.remove(0);
        }
        self.log_end = self.log_end.max(start);
        if self.segments.is_empty() {
            // What is to be kept was rolled and has no batch yet.
            self.begin_segment(first_kept, applied)?;
        }
        Ok(())
    }

    fn reset(&mut self, start: Offset, applied: &mut Applied) -> Result<()> {
        self.segments.clear();
        self.log_start = start;
        self.log_end = start;
        self.high_watermark = start;
        self.epochs.clear();
        self.producers = Some(ProducerStates::new(start));
        applied.remove_snapshots(&self.files, |_| true)
    }

    /// Takes in whole batches that lie behind the good part, up to `limit` (a segment and a position in it) or as far as
    /// they go. Stops at the first that is not whole.
    pub(crate) fn scan_tail(
        &mut self,
        limit: Option<(Offset, u32)>,
        applied: &mut Applied,
        notices: &mut Vec<Notice>,
    ) -> Result<()> {
        while self.scan_segment(limit, applied, notices)? {
            let base = Base::read(&self.files, notices)?;
            let after = self.segments.last().map_or(Offset::ZERO, |active| active.base);
            let follows = |base: &Offset| {
                *base > after
                    && *base >= self.log_end
                    && limit.is_none_or(|(segment, position)| (*base, 0) < (segment, position))
            };
            let Some(next) = base.sizes.keys().copied().find(follows) else { break };
            self.changed = true;
            self.begin_segment(next, applied)?;
        }
        Ok(())
    }

    /// One segment; `true` when all of it was whole.
    fn scan_segment(
        &mut self,
        limit: Option<(Offset, u32)>,
        applied: &mut Applied,
        notices: &mut Vec<Notice>,
    ) -> Result<bool> {
        let Some(active) = self.segments.last() else { return Ok(false) };
        let (base, from) = (active.base, active.size);
        let file = match self.files.open(base, Kind::Log) {
            Err(StorageError::Gone) => return Ok(true),
            file => file?,
        };
        let path = self.files.path(base, Kind::Log);
        let size = file.size().map_err(StorageError::io("read", &path))?;
        let here = limit.filter(|(segment, _)| *segment == base).map(|(_, position)| position);
        let size = u32::try_from(size).unwrap_or(u32::MAX).min(here.unwrap_or(u32::MAX));
        let mut scan = HeaderScan::new(&*file, from, size);
        let whole = loop {
            let at = match scan.next_header() {
                Ok(Some(at)) if at.header.base_offset() >= self.log_end => at,
                Ok(None) => break true,
                Ok(Some(_)) | Err(ScanError::Damaged(_)) => break false,
                Err(error) => return Err(error.at(&path)),
            };
            let Ok(bytes) = scan.checked_batch(&at) else { break false };
            // It counts as good from here on, so it must be durable.
            self.files.open_for_write(base, Kind::Log, &mut applied.dirty)?;
            let Ok(batch) = BatchView::parse(bytes) else { break false };
            self.changed = true;
            self.take_in(&batch, applied)?;
        };
        let end = self.segments.last().map_or(0, |active| active.size);
        if !whole && limit.is_none() {
            let cut = u64::from(size.saturating_sub(end));
            notices.push(Notice::TailCut { path, position: u64::from(end), size: cut });
        }
        Ok(whole && here.is_none())
    }

    /// Cuts off what is not part of the log, and makes producers again if a truncation left them behind.
    pub(crate) fn finish(&mut self, applied: &mut Applied) -> Result<()> {
        let dir = self.files.dir();
        if self.changed && self.files.is_made() {
            // Names that the last life gave may not be durable, if only the process died.
            applied.dirty.dir(&dir);
            applied.dirty.dir(&self.files.place.path);
        }
        for entry in self.files.list()? {
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
            self.cut_indexes(&active, applied)?;
            applied.truncate_aborted(&self.files, active.base, self.log_end)?;
        }
        if self.producers.is_none() {
            self.producers = Some(self.scan_producers()?);
        }
        Ok(())
    }

    fn has_segment(&self, base: Offset) -> bool {
        self.segments.iter().any(|segment| segment.base == base)
    }

    fn scan_producers(&self) -> Result<ProducerStates> {
        let mut states = newest_snapshot(&self.files, self.log_start, self.log_end)?;
        let first = self.segments.partition_point(|segment| segment.base <= states.end());
        for segment in self.segments.iter().skip(first.saturating_sub(1)) {
            if segment.size == 0 || states.end() >= self.log_end {
                continue;
            }
            let file = self.files.open(segment.base, Kind::Log)?;
            let path = self.files.path(segment.base, Kind::Log);
            let mut scan = HeaderScan::new(&*file, 0, segment.size);
            while let Some(at) = scan.next_header().map_err(|error| error.at(&path))? {
                if at.header.last_offset() >= states.end() && at.header.producer().is_some() {
                    let bytes = scan.checked_batch(&at).map_err(|error| error.at(&path))?;
                    if let Ok(batch) = BatchView::parse(bytes) {
                        states.replay(at.header.base_offset(), &batch_facts(&batch), None);
                    }
                }
            }
        }
        Ok(finish_at(states, self.log_end))
    }

    fn corrupt(&self, segment: Offset, position: u32, damage: Damage) -> StorageError {
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

    pub(crate) fn into_log(self) -> (LogState, ReplicaLog, Arc<PartitionFiles>, Arc<LogConfig>) {
        let producers = self.producers.unwrap_or_else(|| ProducerStates::new(self.log_end));
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

fn placed(header: &BatchHeader) -> Placed {
    Placed {
        last_offset: header.last_offset(),
        size: to_u32(header.size()),
        max_timestamp: header.max_timestamp(),
    }
}
