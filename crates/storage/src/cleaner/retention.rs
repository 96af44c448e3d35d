//! What is kept of each batch.

use model::{Offset, Timestamp};
use record::limits::DECOMPRESSED_SIZE_MAX;
use record::{
    BatchFilter, BatchHeader, BatchView, Codec, Compressor, Decompressor, RecordView,
    write_empty_batch,
};

use super::key_map::KeyMap;
use super::last_records::LastRecords;
use super::output::Output;
use super::transactions::{MarkerFate, TransactionWalk};
use crate::error::Result;

/// The rules of one cleaning, and memory for carrying them out.
pub(super) struct Retention {
    pub(super) map: KeyMap,
    /// Up to here the map knows the keys.
    pub(super) end: Offset,
    /// Where the cleaning ends: the last batch before it stays, so that the log goes on without a gap there.
    pub(super) upper: Offset,
    pub(super) wall: Timestamp,
    pub(super) delete_retention_ms: u64,
    pub(super) producers: LastRecords,
    pub(super) filter: BatchFilter,
    pub(super) compressor: Compressor,
    pub(super) decompressor: Decompressor,
    pub(super) records_read: u64,
    pub(super) records_kept: u64,
}

/// The batch cannot be read: it is damaged, though its checksum is right.
#[derive(Debug)]
pub(super) struct Unreadable;

/// What of a batch stays.
enum Verdict {
    All,
    /// With a delete horizon from now on.
    Dated,
    /// What the filter has chosen.
    Some {
        dated: bool,
    },
    Empty,
    Nothing,
}

impl Retention {
    /// Notes where the keys of a dirty batch are. `false`: the map is full, and the batch is to be left to the next
    /// cleaning.
    pub(super) fn note_keys(
        &mut self,
        batch: &BatchView<'_>,
        first_dirty: Offset,
    ) -> std::result::Result<bool, Unreadable> {
        let header = batch.header();
        let count = header.record_count() as usize;
        if !self.map.has_room_for(count, header.last_offset()) {
            self.map.grow_for(count, header.base_offset());
            if !self.map.has_room_for(count, header.last_offset()) {
                return Ok(false);
            }
        }
        let records = batch.records(&mut self.decompressor, DECOMPRESSED_SIZE_MAX);
        for record in records.map_err(|_| Unreadable)? {
            let record = record.map_err(|_| Unreadable)?;
            self.records_read += 1;
            let Some(key) = record.key.filter(|_| record.offset >= first_dirty) else { continue };
            let digest = self.map.digest(key);
            if self.map.put(&digest, record.offset).is_err() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Copies what stays of a batch. Outside of the rules is only what cannot be read.
    pub(super) fn copy(
        &mut self,
        batch: &BatchView<'_>,
        walk: &mut TransactionWalk,
        out: &mut Output,
    ) -> Result<std::result::Result<(), Unreadable>> {
        let header = batch.header();
        let needed = self.producers.needs(header) || header.next_offset() == self.upper;
        let verdict = if header.attributes().is_control() {
            let fate = walk.control(batch);
            if let MarkerFate::Needed(Some(transaction)) = fate {
                out.push_aborted(transaction);
            }
            self.of_control(header, fate)
        } else if walk.is_aborted(header) {
            Verdict::Nothing
        } else if header.base_offset() >= self.end {
            Verdict::All
        } else {
            match self.of_data(batch) {
                Ok(verdict) => verdict,
                Err(unreadable) => return Ok(Err(unreadable)),
            }
        };
        let verdict = match verdict {
            Verdict::Nothing if needed => Verdict::Empty,
            Verdict::All if header.record_count() == 0 && !needed => Verdict::Nothing,
            verdict => verdict,
        };
        let written = match verdict {
            Verdict::Nothing => return Ok(Ok(())),
            Verdict::All => {
                self.records_kept += u64::from(header.record_count());
                out.buffer.extend_from_slice(batch.bytes());
                return out.pushed(header).map(Ok);
            }
            Verdict::Empty => {
                let start = out.buffer.len();
                write_empty_batch(header, &mut out.buffer);
                Ok(start)
            }
            Verdict::Dated => self.rewrite(batch, true, true, &mut out.buffer),
            Verdict::Some { dated } => self.rewrite(batch, false, dated, &mut out.buffer),
        };
        let Ok(start) = written else { return Ok(Err(Unreadable)) };
        let new =
            BatchView::parse(out.buffer.get(start..).unwrap_or_default()).map(|new| *new.header());
        match new {
            Ok(new) => {
                self.records_kept += u64::from(new.record_count());
                out.pushed(&new).map(Ok)
            }
            Err(_) => Ok(Err(Unreadable)),
        }
    }

    fn of_control(&self, header: &BatchHeader, fate: MarkerFate) -> Verdict {
        match (fate, header.delete_horizon()) {
            (MarkerFate::Needed(_), _) => Verdict::All,
            (MarkerFate::Done, Some(horizon)) if horizon <= self.wall => Verdict::Nothing,
            (MarkerFate::Done, Some(_)) => Verdict::All,
            (MarkerFate::Done, None) if header.record_count() == 0 => Verdict::All,
            // Readers that are within the transaction still have to hear of its end.
            (MarkerFate::Done, None) if header.base_offset() < self.end => Verdict::Dated,
            (MarkerFate::Done, None) => Verdict::All,
        }
    }

    fn of_data(&mut self, batch: &BatchView<'_>) -> std::result::Result<Verdict, Unreadable> {
        let header = batch.header();
        let keeps_tombstones = header.delete_horizon().is_none_or(|horizon| self.wall < horizon);
        let map = &self.map;
        let keep = |record: &RecordView<'_>| {
            // A record without key has no place in a compacted log: nothing could ever take its place.
            let Some(key) = record.key else { return false };
            if record.value.is_none() && !keeps_tombstones {
                return false;
            }
            map.get(&map.digest(key)).is_none_or(|last| record.offset >= last)
        };
        self.records_read += u64::from(header.record_count());
        let records = decompressed(&mut self.decompressor, batch)?;
        self.filter.scan(header, records, keep).map_err(|_| Unreadable)?;
        let dated = self.filter.has_tombstones() && header.delete_horizon().is_none();
        Ok(match self.filter.kept_count() {
            0 if header.record_count() == 0 => Verdict::All,
            0 => Verdict::Nothing,
            _ if self.filter.keeps_all() && !dated => Verdict::All,
            _ => Verdict::Some { dated },
        })
    }

    /// Puts the batch with what the filter has chosen, or `all`, at the end of `out`; gives where it begins.
    fn rewrite(
        &mut self,
        batch: &BatchView<'_>,
        all: bool,
        dated: bool,
        out: &mut Vec<u8>,
    ) -> std::result::Result<usize, Unreadable> {
        let header = batch.header();
        let start = out.len();
        let lag_ms = i64::try_from(self.delete_retention_ms).unwrap_or(i64::MAX);
        let horizon = Timestamp::from_millis(self.wall.as_millis().saturating_add(lag_ms));
        let horizon = horizon.filter(|_| dated);
        let records = decompressed(&mut self.decompressor, batch)?;
        if all {
            self.filter.scan(header, records, |_| true).map_err(|_| Unreadable)?;
        }
        self.filter
            .write(header, records, horizon, &mut self.compressor, out)
            .map_err(|_| Unreadable)?;
        Ok(start)
    }
}

fn decompressed<'a>(
    decompressor: &'a mut Decompressor,
    batch: &BatchView<'a>,
) -> std::result::Result<&'a [u8], Unreadable> {
    match batch.header().attributes().codec() {
        Some(Codec::None) => Ok(batch.record_bytes()),
        Some(codec) => decompressor
            .decompress(codec, batch.record_bytes(), DECOMPRESSED_SIZE_MAX)
            .map_err(|_| Unreadable),
        None => Err(Unreadable),
    }
}
