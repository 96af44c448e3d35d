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

/// Bytes of the smallest record: one for its length and each of its fields.
const RECORD_SIZE_MIN: usize = 7;

/// The batch cannot be read: it is damaged, though its checksum is right.
#[derive(Debug)]
pub(super) struct Unreadable;

/// What of a batch stays.
enum Verdict {
    All,
    /// With a delete horizon from now on.
    Dated,
    /// What was put at the end of the output.
    Rewritten,
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
        let count = Self::record_count_max(batch);
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

    /// How many records a batch can have at most, whatever its header says: they have to fit in its bytes.
    fn record_count_max(batch: &BatchView<'_>) -> usize {
        let size_max = match batch.header().attributes().codec() {
            Some(Codec::None) => batch.record_bytes().len(),
            _ => DECOMPRESSED_SIZE_MAX,
        };
        (batch.header().record_count() as usize).min(size_max / RECORD_SIZE_MIN)
    }

    /// Copies what stays of a batch. Outside of the rules is only what cannot be read.
    pub(super) fn copy(
        &mut self,
        batch: &BatchView<'_>,
        walk: &mut TransactionWalk,
        out: &mut Output,
    ) -> Result<std::result::Result<(), Unreadable>> {
        let header = batch.header();
        let start = out.buffer.len();
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
            match self.of_data(batch, &mut out.buffer) {
                Ok(verdict) => verdict,
                Err(unreadable) => return Ok(Err(unreadable)),
            }
        };
        let verdict = match verdict {
            Verdict::Nothing if needed => Verdict::Empty,
            Verdict::All if header.record_count() == 0 && !needed => Verdict::Nothing,
            verdict => verdict,
        };
        match verdict {
            Verdict::Nothing => return Ok(Ok(())),
            Verdict::All => out.buffer.extend_from_slice(batch.bytes()),
            Verdict::Empty => write_empty_batch(header, &mut out.buffer),
            Verdict::Dated => {
                if let Err(unreadable) = self.date(batch, &mut out.buffer) {
                    return Ok(Err(unreadable));
                }
            }
            Verdict::Rewritten => {}
        }
        let new = BatchView::parse(out.buffer.get(start..).unwrap_or_default());
        let Ok(new) = new.map(|new| *new.header()) else { return Ok(Err(Unreadable)) };
        self.records_kept += u64::from(new.record_count());
        out.pushed(&new).map(Ok)
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

    /// What is left of it is put at the end of `out`, unless that is all or nothing.
    fn of_data(
        &mut self,
        batch: &BatchView<'_>,
        out: &mut Vec<u8>,
    ) -> std::result::Result<Verdict, Unreadable> {
        let header = batch.header();
        let keeps_tombstones = header.delete_horizon().is_none_or(|horizon| self.wall < horizon);
        let horizon = self.horizon();
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
        let is_dated = self.filter.has_tombstones() && header.delete_horizon().is_none();
        match self.filter.kept_count() {
            0 if header.record_count() == 0 => return Ok(Verdict::All),
            0 => return Ok(Verdict::Nothing),
            _ if self.filter.keeps_all() && !is_dated => return Ok(Verdict::All),
            _ => {}
        }
        let horizon = horizon.filter(|_| is_dated);
        let written = self.filter.write(header, records, horizon, &mut self.compressor, out);
        written.map(|()| Verdict::Rewritten).map_err(|_| Unreadable)
    }

    /// Puts the batch with a delete horizon at the end of `out`.
    fn date(
        &mut self,
        batch: &BatchView<'_>,
        out: &mut Vec<u8>,
    ) -> std::result::Result<(), Unreadable> {
        let header = batch.header();
        let horizon = self.horizon();
        let records = decompressed(&mut self.decompressor, batch)?;
        self.filter.scan(header, records, |_| true).map_err(|_| Unreadable)?;
        let written = self.filter.write(header, records, horizon, &mut self.compressor, out);
        written.map_err(|_| Unreadable)
    }

    /// Up to then readers have time to see what is dated now.
    fn horizon(&self) -> Option<Timestamp> {
        let lag_ms = i64::try_from(self.delete_retention_ms).unwrap_or(i64::MAX);
        Timestamp::from_millis(self.wall.as_millis().saturating_add(lag_ms))
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
