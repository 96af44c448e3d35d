//! Batches that no checkpoint and no frame vouches for.

use model::Offset;
use record::BatchView;

use super::base::Base;
use super::partition::RecoveringPartition;
use crate::apply::Applied;
use crate::error::{Damage, Result, StorageError};
use crate::notice::Notice;
use crate::place::Kind;
use crate::scan::{HeaderScan, ScanError};

impl RecoveringPartition {
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
                // A segment that begins later follows one of which not even the name has survived.
                *base > after
                    && *base == self.log_end
                    && limit.is_none_or(|(segment, position)| (*base, 0) < (segment, position))
            };
            let Some(next) = base.sizes.keys().copied().find(follows) else { break };
            self.changed = true;
            self.begin_segment(next, applied)?;
        }
        Ok(())
    }

    /// One segment; `true` when all of it was whole.
    pub(super) fn scan_segment(
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
        let mut scan = HeaderScan::new(&*file, base, from, size);
        let whole = loop {
            let at = match scan.next_header() {
                Ok(Some(at)) if at.header.base_offset() >= self.log_end => at,
                Ok(None) => break true,
                Ok(Some(_)) | Err(ScanError::Damaged(_)) => break false,
                Err(error) => return Err(error.at(&path)),
            };
            let Ok(bytes) = scan.checked_batch(&at) else { break false };
            // It counts as good from here on, so it must be durable. If a process died of a failed sync, the page cache
            // may have it and call it clean, and would not write it by itself any more.
            let written = self.files.open_for_write(base, Kind::Log, &mut applied.dirty)?;
            let again = written.write_at(bytes, u64::from(at.position));
            again.map_err(StorageError::io("write", &path))?;
            let Ok(batch) = BatchView::parse(bytes) else { break false };
            self.changed = true;
            let entries = self.take_in(&batch, applied)?;
            applied.write_entries(&self.files, base, &entries)?;
        };
        let end = self.segments.last().map_or(0, |active| active.size);
        if !whole && limit.is_some() {
            // A later frame of the write-ahead log says that all before its place was durable.
            return Err(self.corrupt(base, end, Damage::Batch));
        }
        if !whole {
            let cut = u64::from(size.saturating_sub(end));
            notices.push(Notice::TailCut { path, position: u64::from(end), size: cut });
        }
        Ok(whole && here.is_none())
    }
}
