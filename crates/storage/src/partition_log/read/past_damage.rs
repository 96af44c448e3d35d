use io::File;
use model::Offset;

use super::FileRead;
use crate::error::{Result, StorageError};
use crate::place::Kind;
use crate::scan::{HeaderAt, HeaderScan, ScanError};

/// What is whole of a segment with damage in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastDamage {
    /// Batches one after the other, in the order of their offsets; what lies between them in the segment is left out.
    pub bytes: Vec<u8>,
    /// Where to read on: behind these batches, or, when there are no more of them, behind the segment.
    pub next: Offset,
}

/// For who would rather lose what is damaged than all that comes after it.
impl FileRead {
    /// Whole batches that hold the offset of this read or come after it, where [`Self::resolve`] comes to damage; `None` where
    /// it does not. Reads the segment from its start on, byte by byte behind a batch that does not say where it ends. Blocks.
    pub fn past_damage(&self) -> Result<Option<PastDamage>> {
        match self.find() {
            Err(StorageError::Corrupt { .. }) => {}
            Ok(_) | Err(StorageError::Replaced) => return Ok(None),
            Err(error) => return Err(error),
        }
        let file = self.files.open_of(self.segment, self.generation, Kind::Log)?;
        let walked = self.whole_batches(&*file);
        walked.map(Some).map_err(|error| error.at(&self.files.path(self.segment, Kind::Log)))
    }

    fn whole_batches(&self, file: &dyn File) -> std::result::Result<PastDamage, ScanError> {
        let mut scan = HeaderScan::new(file, self.segment, 0, self.limit);
        let (mut bytes, mut position, mut next) = (Vec::new(), 0, self.segment);
        while position < self.limit {
            let Some(found) = self.whole_batch(&mut scan, position, next)? else {
                position = self.behind(&mut scan, position, next)?;
                continue;
            };
            let at = found.header;
            if at.last_offset() >= self.offset && at.base_offset() < self.end {
                let batch = scan.checked_batch(&found)?;
                if !bytes.is_empty() && bytes.len() + batch.len() > self.size_max as usize {
                    return Ok(PastDamage { bytes, next });
                }
                bytes.extend_from_slice(batch);
            }
            (position, next) = (found.end(), at.next_offset());
        }
        let end = self.next.unwrap_or(self.written_end).min(self.end);
        Ok(PastDamage { bytes, next: end.max(next) })
    }

    /// The batch at this position, if it is whole and may stand behind those that end at `after`.
    fn whole_batch(
        &self,
        scan: &mut HeaderScan<'_>,
        position: u32,
        after: Offset,
    ) -> std::result::Result<Option<HeaderAt>, ScanError> {
        let Some(at) = header_at(scan, position)? else { return Ok(None) };
        let bound = self.next.unwrap_or(self.written_end);
        if at.header.base_offset() < after || at.header.next_offset() > bound {
            return Ok(None);
        }
        match scan.checked_batch(&at) {
            Ok(_) => {}
            Err(ScanError::Damaged(_)) => return Ok(None),
            Err(error) => return Err(error),
        }
        // No checksum covers base offsets: behind a gap, what follows must go on from where this one ends.
        let goes_on = match header_at(scan, at.end())? {
            _ if at.header.base_offset() == after => true,
            Some(follower) => follower.header.base_offset() == at.header.next_offset(),
            None => at.end() >= self.limit && at.header.next_offset() == bound,
        };
        Ok(goes_on.then_some(at))
    }

    /// Where to look for the next batch behind one that is not whole: where it says that it ends, if that is true.
    fn behind(
        &self,
        scan: &mut HeaderScan<'_>,
        position: u32,
        after: Offset,
    ) -> std::result::Result<u32, ScanError> {
        if let Some(at) = header_at(scan, position)? {
            let end = at.end();
            if end >= self.limit || self.whole_batch(scan, end, after)?.is_some() {
                return Ok(end);
            }
        }
        Ok(position.saturating_add(1))
    }
}

/// `None` where no header stands.
fn header_at(
    scan: &mut HeaderScan<'_>,
    position: u32,
) -> std::result::Result<Option<HeaderAt>, ScanError> {
    scan.seek(position);
    match scan.next_header() {
        Err(ScanError::Damaged(_)) => Ok(None),
        found => found,
    }
}
