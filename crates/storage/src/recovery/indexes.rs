//! The active segment and the indexes of a log in recovery.

use model::Offset;

use super::base::FileSizes;
use super::partition::{RecoveringPartition, placed};
use crate::apply::Applied;
use crate::bytes::to_u32;
use crate::error::{Result, StorageError};
use crate::index::{self, OFFSET_ENTRY_SIZE, TIME_ENTRY_SIZE};
use crate::notice::Notice;
use crate::place::Kind;
use crate::scan::HeaderScan;
use crate::segment::{IndexEntries, Segment};

impl RecoveringPartition {
    /// Makes both indexes of a segment again from the headers of its batches.
    pub(super) fn rebuild(
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
        let mut scan = HeaderScan::new(&*file, base, 0, limit);
        let path = self.files.path(base, Kind::Log);
        while let Some(at) = scan.next_header().map_err(|error| error.at(&path))? {
            let (_, entries) = segment.append(&placed(&at.header), &self.config);
            applied.write_entries(&self.files, base, &entries)?;
        }
        let entries = IndexEntries { offset: None, time: segment.time_entry() };
        applied.write_entries(&self.files, base, &entries)?;
        Ok(segment)
    }

    /// Empties both indexes, making them if they are missing.
    pub(super) fn empty_indexes(&self, base: Offset, applied: &mut Applied) -> Result<()> {
        for kind in [Kind::Index, Kind::TimeIndex] {
            self.files.open_for_write(base, kind, &mut applied.dirty)?;
            self.files.cut(base, kind, 0, &mut applied.dirty)?;
        }
        Ok(())
    }

    fn has_indexes(&self, base: Offset, sizes: Option<&FileSizes>) -> Result<bool> {
        if let Some(sizes) = sizes {
            return Ok(sizes.index.is_some() && sizes.time_index.is_some());
        }
        for kind in [Kind::Index, Kind::TimeIndex] {
            match self.files.open(base, kind) {
                Err(StorageError::Gone) => return Ok(false),
                file => file?,
            };
        }
        Ok(true)
    }

    pub(super) fn read_offset_entries(
        &self,
        base: Offset,
        size: u32,
        sizes: Option<&FileSizes>,
    ) -> Result<Vec<index::OffsetEntry>> {
        let bytes = self.read_index(base, Kind::Index, sizes)?;
        Ok(index::valid_offset_entries(&bytes, u64::from(size)))
    }

    /// `sizes`: as they were listed, if nothing has been changed since.
    fn read_index(&self, base: Offset, kind: Kind, sizes: Option<&FileSizes>) -> Result<Vec<u8>> {
        let known = sizes.map(|sizes| sizes.of_index(kind).unwrap_or(0));
        if known == Some(0) {
            return Ok(Vec::new());
        }
        let file = match self.files.open_once(base, kind) {
            Err(StorageError::Gone) => return Ok(Vec::new()),
            file => file?,
        };
        let path = self.files.path(base, kind);
        let size = known.map_or_else(|| file.size(), Ok);
        let size = size.map_err(StorageError::io("read", &path))?;
        let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
        file.read_exact_at(&mut bytes, 0).map_err(StorageError::io("read", &path))?;
        Ok(bytes)
    }

    /// The active segment up to `position`, where the log ends at `end`: keeps the index entries that lie before it,
    /// and looks at what comes after the last one. Index entries beyond are left by a drain that no checkpoint saw.
    /// `sizes`: as they were listed, if nothing has been changed since.
    pub(super) fn load_active(
        &mut self,
        base: Offset,
        (position, end): (u32, Offset),
        sizes: Option<&FileSizes>,
        applied: &mut Applied,
        notices: &mut Vec<Notice>,
    ) -> Result<()> {
        let mut sizes = sizes;
        let mut segment = Segment::new(base, self.wall);
        let relative_end = u32::try_from(end.records_since(base)).unwrap_or(u32::MAX);
        let mut offsets = self.read_offset_entries(base, position, sizes)?;
        offsets.retain(|entry| entry.relative < relative_end);
        let mut times =
            index::valid_time_entries(&self.read_index(base, Kind::TimeIndex, sizes)?);
        times.retain(|entry| entry.relative < relative_end);
        let expected = position / self.config.index_interval_bytes.saturating_mul(4).max(1);
        let lost = offsets.is_empty() && expected > 1;
        if position > 0 && (lost || !self.has_indexes(base, sizes)?) {
            sizes = None;
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
        self.cut_indexes(&segment, sizes, applied)?;
        self.segments.push(segment);
        Ok(())
    }

    pub(super) fn cut_indexes(
        &self,
        segment: &Segment,
        sizes: Option<&FileSizes>,
        applied: &mut Applied,
    ) -> Result<()> {
        let wanted = [
            (Kind::Index, u64::from(segment.offset_entries) * OFFSET_ENTRY_SIZE),
            (Kind::TimeIndex, u64::from(segment.time_entries) * TIME_ENTRY_SIZE),
        ];
        for (kind, size) in wanted {
            match sizes.map(|sizes| sizes.of_index(kind)) {
                Some(None) => {}
                // Cut already, and not durably, if that was done by a process that died.
                Some(Some(found)) if found <= size => {
                    self.files.mark(segment.base, kind, &mut applied.dirty);
                }
                _ => self.files.cut(segment.base, kind, size, &mut applied.dirty)?,
            }
        }
        Ok(())
    }

    pub(super) fn walk_unindexed(
        &self,
        segment: &mut Segment,
        from: u32,
        limit: u32,
    ) -> Result<()> {
        if limit == 0 {
            return Ok(());
        }
        let file = self.files.open(segment.base, Kind::Log)?;
        let path = self.files.path(segment.base, Kind::Log);
        let mut scan = HeaderScan::new(&*file, segment.base, 0, limit);
        let first = scan.next_header().map_err(|error| error.at(&path))?;
        segment.first_timestamp = first.and_then(|at| at.header.max_timestamp());
        let mut next = first;
        if from > 0 {
            scan = HeaderScan::new(&*file, segment.base, from, limit);
            next = scan.next_header().map_err(|error| error.at(&path))?;
        }
        while let Some(at) = next {
            next = scan.next_header().map_err(|error| error.at(&path))?;
            let latest = segment.latest.map(|(timestamp, _)| timestamp);
            if at.header.max_timestamp() > latest {
                let latest = at.header.max_timestamp();
                segment.latest = latest.map(|timestamp| (timestamp, at.header.last_offset()));
            }
        }
        segment.bytes_since_index = limit.saturating_sub(from);
        Ok(())
    }
}
