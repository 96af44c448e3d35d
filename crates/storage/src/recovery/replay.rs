//! Frames of the write-ahead log, done again.

use model::Offset;
use record::BatchView;
use replica::{Outcome, ProducerStates};

use super::partition::{RecoveringPartition, placed};
use super::plan::Fate;
use super::run::Run;
use crate::apply::Applied;
use crate::error::{Damage, Result, StorageError};
use crate::index::AbortedTransaction;
use crate::lane::codec::{FrameHeader, FrameType, FrameView};
use crate::notice::Notice;
use crate::place::Kind;
use crate::scan::{HeaderScan, ScanError};
use crate::segment::{IndexEntries, Segment};

impl RecoveringPartition {
    /// Does the partition's frames of the write-ahead log again, oldest first. Blocks.
    pub(crate) fn replay<'a>(
        &mut self,
        frames: impl Iterator<Item = FrameView<'a>>,
        applied: &mut Applied,
        notices: &mut Vec<Notice>,
    ) -> Result<()> {
        let mut run = Run::default();
        for frame in frames {
            let Some(header) = self.not_covered(&frame.header) else { continue };
            self.changed = true;
            self.replayed = true;
            let fate = self.plan.fate(&header);
            if (header.frame_type, fate) == (FrameType::Batch, Fate::Stays) {
                self.gather(&header, frame.payload, &mut run, applied, notices)?;
            } else {
                run.write(&self.files, applied)?;
                self.replay_one(&header, frame.payload, fate, applied, notices)?;
            }
        }
        run.write(&self.files, applied)
    }

    /// Whether a frame will bring a batch to the files.
    pub(crate) fn will_write(&self, frame: &FrameHeader) -> bool {
        frame.frame_type == FrameType::Batch
            && self.plan.fate(frame) == Fate::Stays
            && self.not_covered(frame).is_some()
    }

    /// Takes a batch in and has it written with those that follow it.
    fn gather<'a>(
        &mut self,
        frame: &FrameHeader,
        payload: &'a [u8],
        run: &mut Run<'a>,
        applied: &mut Applied,
        notices: &mut Vec<Notice>,
    ) -> Result<()> {
        let (segment, position) = (frame.segment, frame.position);
        let here = self.segments.last().map(|active| (active.base, active.size));
        if here != Some((segment, position)) {
            run.write(&self.files, applied)?;
            self.go_to(segment, position, frame.offset, applied, notices)?;
        }
        let batch = BatchView::parse(payload)
            .map_err(|_| self.corrupt(segment, position, Damage::Batch))?;
        if batch.header().attributes().is_control() {
            // What its producer had open may have to be read from the files.
            run.write(&self.files, applied)?;
        }
        let entries = self.take_in(&batch, applied)?;
        run.push(segment, position, payload, &entries);
        if run.is_full() { run.write(&self.files, applied) } else { Ok(()) }
    }

    /// Does any other frame again.
    fn replay_one(
        &mut self,
        frame: &FrameHeader,
        payload: &[u8],
        fate: Fate,
        applied: &mut Applied,
        notices: &mut Vec<Notice>,
    ) -> Result<()> {
        match (frame.frame_type, fate) {
            (_, Fate::Undone) => Ok(()),
            (FrameType::Batch, Fate::Retires) => self.observe(payload),
            (FrameType::Bulk, Fate::Stays) => self.replay_bulk(frame, applied, notices),
            (FrameType::Truncate, _) => {
                // The log was begun below the cut, and holds nothing that it undoes.
                self.log_end = frame.offset;
                self.epochs.truncate_to(frame.offset);
                self.cut_producers(frame.offset);
                self.log_start = self.log_start.min(self.log_end);
                if self.segments.is_empty() && frame.position == 0 {
                    self.begin_segment(frame.segment, applied)?;
                }
                applied.remove_snapshots(&self.files, |offset| offset > frame.offset)
            }
            (FrameType::LogStart, _) => {
                self.learn_producers(payload);
                self.raise_start(frame.offset, frame.segment, applied)
            }
            (FrameType::Reset, _) => self.reset(frame.offset, applied),
            (FrameType::Bulk, Fate::Retires) => self.observe_bulk(frame),
            // Batches that stay are gathered.
            (FrameType::Delete | FrameType::Name, _) | (FrameType::Batch, Fate::Stays) => Ok(()),
        }
    }

    /// What of a frame comes after the checkpoint: it may have been taken in the middle of a bulk commit, which has the
    /// sequence of its first batch.
    fn not_covered(&self, frame: &FrameHeader) -> Option<FrameHeader> {
        if frame.sequence > self.sequence {
            return Some(*frame);
        }
        if frame.frame_type == FrameType::Bulk && self.plan.fate(frame) == Fate::Retires {
            return Some(*frame);
        }
        let active = self.segments.last().filter(|active| active.base == frame.segment)?;
        let covered = active.size.checked_sub(frame.position)?;
        if frame.frame_type != FrameType::Bulk || covered >= frame.length {
            return None;
        }
        let (position, offset) = (active.size, self.log_end);
        Some(FrameHeader { position, offset, length: frame.length - covered, ..*frame })
    }

    /// A batch whose segment will be deleted: it still counts for what readers of later ones know.
    pub(super) fn observe(&mut self, payload: &[u8]) -> Result<()> {
        let Ok(batch) = BatchView::parse(payload) else { return Ok(()) };
        let header = batch.header();
        if let Some(epoch) = header.leader_epoch() {
            self.epochs.assign(epoch, header.base_offset());
        }
        self.replay_producers(&batch);
        self.log_end = header.next_offset();
        Ok(())
    }

    /// As [`Self::observe`], of a bulk commit: as long as its segment is there. Once it is not, the snapshot of producers
    /// is that was written at the roll behind it.
    fn observe_bulk(&mut self, frame: &FrameHeader) -> Result<()> {
        let file = match self.files.open(frame.segment, Kind::Log) {
            Err(StorageError::Gone) => {
                self.missed.get_or_insert(frame.offset);
                return Ok(());
            }
            file => file?,
        };
        let limit = frame.position.saturating_add(frame.length);
        let mut scan = HeaderScan::new(&*file, frame.segment, frame.position, limit);
        loop {
            let at = match scan.next_header() {
                Ok(Some(at)) => at,
                Ok(None) => return Ok(()),
                // Half gone.
                Err(ScanError::Damaged(_)) => break,
                Err(error) => {
                    return Err(error.at(&self.files.path(frame.segment, Kind::Log)));
                }
            };
            let Ok(bytes) = scan.checked_batch(&at) else { break };
            if at.header.base_offset() >= self.log_end {
                self.observe(bytes)?;
            }
        }
        self.missed.get_or_insert(frame.offset);
        Ok(())
    }

    /// Batches that were synced in the segment itself.
    pub(super) fn replay_bulk(
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
        let mut scan = HeaderScan::new(&*file, frame.segment, frame.position, limit);
        while let Some(at) = scan.next_header().map_err(|_| lost(self))? {
            let bytes = scan.checked_batch(&at).map_err(|_| lost(self))?;
            let batch = BatchView::parse(bytes).map_err(|_| lost(self))?;
            if batch.header().base_offset() < self.log_end {
                return Err(lost(self));
            }
            let entries = self.take_in(&batch, applied)?;
            applied.write_entries(&self.files, frame.segment, &entries)?;
        }
        Ok(())
    }

    /// Brings the log to the place where a frame's batch begins: rolls, or forgets what lies behind it, or takes in what
    /// was written before without being in this log.
    pub(super) fn go_to(
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
        let scans = here.is_some_and(|(base, _)| base < segment) && self.log_end < offset
            || here.is_some_and(|(base, size)| base == segment && size < position);
        // Of segments that retention deletes later on, any may be gone, or half gone.
        let scans = scans && here.is_some_and(|(base, _)| base >= self.plan.first_kept());
        if scans {
            self.scan_tail(Some((segment, position)), applied, notices)?;
        }
        let here = self.segments.last().map(|active| (active.base, active.size));
        match here {
            Some((base, size)) if (base, size) == (segment, position) => Ok(()),
            Some((base, _)) if base >= segment => Err(self.corrupt(segment, position, Damage::Gap)),
            _ if position > 0 => Err(self.corrupt(segment, position, Damage::Gap)),
            Some((base, size)) if scans && self.log_end < segment => {
                Err(self.corrupt(base, size, Damage::Gap))
            }
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
    pub(super) fn begin_segment(&mut self, base: Offset, applied: &mut Applied) -> Result<()> {
        if let Some(active) = self.segments.last_mut() {
            let time = active.time_entry();
            let entries = IndexEntries { offset: None, time };
            let (sealed, size) = (active.base, u64::from(active.size));
            // Behind its end there may be what a truncation undoes.
            self.files.cut(sealed, Kind::Log, size, &mut applied.dirty)?;
            applied.write_entries(&self.files, sealed, &entries)?;
            for kind in [Kind::Index, Kind::TimeIndex] {
                self.files.open_for_write(sealed, kind, &mut applied.dirty)?;
            }
        }
        let segment = Segment::new(base, self.wall);
        self.cut_indexes(&segment, None, applied)?;
        self.segments.push(segment);
        Ok(())
    }

    /// Epochs and producers of a batch that is in the segment, or about to be; gives its index entries, which are to be
    /// written.
    pub(super) fn take_in(
        &mut self,
        batch: &BatchView<'_>,
        applied: &mut Applied,
    ) -> Result<IndexEntries> {
        let header = batch.header();
        if header.attributes().is_control() {
            // It may end a transaction, and where that began is asked below.
            self.know_producers()?;
        }
        let Some(active) = self.segments.last_mut() else { return Ok(IndexEntries::default()) };
        let segment = active.base;
        let (_, entries) = active.append(&placed(header), &self.config);
        if let Some(epoch) = header.leader_epoch() {
            self.epochs.assign(epoch, header.base_offset());
        }
        let ended = self.replay_producers(batch);
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
        Ok(entries)
    }

    pub(super) fn cut_to(
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
        self.load_active(segment, (position, end), None, applied, notices)?;
        applied.truncate_aborted(&self.files, segment, end)?;
        self.log_end = end;
        self.epochs.truncate_to(end);
        self.cut_producers(end);
        Ok(())
    }

    pub(super) fn raise_start(
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
        // The log's end stays where the batches end that are known here: others may follow in the files.
        if self.segments.is_empty() && first_kept >= self.plan.first_kept() {
            // What is to be kept was rolled and has no batch yet.
            self.begin_segment(first_kept, applied)?;
            self.log_end = self.log_end.max(first_kept);
        }
        Ok(())
    }

    pub(super) fn reset(&mut self, start: Offset, applied: &mut Applied) -> Result<()> {
        self.segments.clear();
        self.log_start = start;
        self.log_end = start;
        self.high_watermark = start;
        self.epochs.clear();
        self.producers = Some(ProducerStates::new(start));
        applied.remove_snapshots(&self.files, |_| true)
    }
}
