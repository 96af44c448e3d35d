//! The three indexes of a segment, as Kafka lays them out. Only entries and searches; who writes which entry when is
//! decided in [`crate::segment`].

use std::io::Result;

use io::File;
use model::{Offset, ProducerId, Timestamp};

use crate::bytes::{Take, set};

pub(crate) const OFFSET_ENTRY_SIZE: u64 = 8;
pub(crate) const TIME_ENTRY_SIZE: u64 = 12;
pub(crate) const TRANSACTION_ENTRY_SIZE: u64 = 34;

/// Entry of an `.index`: the batch whose last offset is `base + relative` begins at `position`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct OffsetEntry {
    pub(crate) relative: u32,
    pub(crate) position: u32,
}

impl OffsetEntry {
    pub(crate) fn encode(self) -> [u8; 8] {
        let mut out = [0; 8];
        set(&mut out, 0, self.relative.to_be_bytes());
        set(&mut out, 4, self.position.to_be_bytes());
        out
    }

    fn decode(bytes: [u8; 8]) -> Self {
        let [a, b, c, d, e, f, g, h] = bytes;
        Self {
            relative: u32::from_be_bytes([a, b, c, d]),
            position: u32::from_be_bytes([e, f, g, h]),
        }
    }
}

/// Entry of a `.timeindex`: no batch up to the one that ends at `base + relative` has a later timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeEntry {
    pub(crate) timestamp: Timestamp,
    pub(crate) relative: u32,
}

impl TimeEntry {
    pub(crate) fn encode(self) -> [u8; 12] {
        let mut out = [0; 12];
        set(&mut out, 0, self.timestamp.as_millis().to_be_bytes());
        set(&mut out, 8, self.relative.to_be_bytes());
        out
    }

    fn decode(bytes: [u8; 12]) -> Option<Self> {
        let mut take = Take::new(&bytes);
        let timestamp = Timestamp::from_millis(i64::from_be_bytes(take.array()?))?;
        Some(Self { timestamp, relative: u32::from_be_bytes(take.array()?) })
    }
}

/// An aborted transaction, as consumers of committed records need it (KIP-98).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AbortedTransaction {
    pub producer: ProducerId,
    pub first: Offset,
    /// Its marker.
    pub last: Offset,
    pub last_stable: Offset,
}

impl AbortedTransaction {
    pub(crate) fn encode(self) -> [u8; 34] {
        let mut out = [0; 34];
        set(&mut out, 2, self.producer.to_wire().to_be_bytes());
        set(&mut out, 10, self.first.to_wire().to_be_bytes());
        set(&mut out, 18, self.last.to_wire().to_be_bytes());
        set(&mut out, 26, self.last_stable.to_wire().to_be_bytes());
        out
    }

    pub(crate) fn decode_all(bytes: &[u8]) -> Vec<Self> {
        // An entry that is cut or of a version that nobody knows ends the list: what follows was not written.
        let mut take = Take::new(bytes);
        let next = || {
            (i16::from_be_bytes(take.array()?) == 0).then_some(())?;
            let mut field = || Some(i64::from_be_bytes(take.array()?));
            Some(Self {
                producer: ProducerId::from_wire(field()?)?,
                first: Offset::from_wire(field()?)?,
                last: Offset::from_wire(field()?)?,
                last_stable: Offset::from_wire(field()?)?,
            })
        };
        std::iter::from_fn(next).collect()
    }
}

/// Position of the last batch that the index knows to begin at or before the one that holds `relative`; `None` when
/// it knows none. `count` entries are valid. Reads the file: blocks.
pub(crate) fn position_at(file: &dyn File, count: u32, relative: u32) -> Result<Option<u32>> {
    let entry = last_where(file, count, |entry| entry.relative <= relative)?;
    Ok(entry.map(|entry| entry.position))
}

/// Position of the last indexed batch that begins at or before `position`. Blocks.
pub(crate) fn position_before(file: &dyn File, count: u32, position: u32) -> Result<Option<u32>> {
    let entry = last_where(file, count, |entry| entry.position <= position)?;
    Ok(entry.map(|entry| entry.position))
}

fn read_offset_entry(file: &dyn File, at: u32) -> Result<OffsetEntry> {
    let mut bytes = [0; 8];
    file.read_exact_at(&mut bytes, u64::from(at) * OFFSET_ENTRY_SIZE)?;
    Ok(OffsetEntry::decode(bytes))
}

fn last_where(
    file: &dyn File,
    count: u32,
    holds: impl Fn(OffsetEntry) -> bool,
) -> Result<Option<OffsetEntry>> {
    let (mut low, mut high) = (0, count);
    let mut found = None;
    while low < high {
        let middle = low + (high - low) / 2;
        let entry = read_offset_entry(file, middle)?;
        if holds(entry) {
            found = Some(entry);
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(found)
}

/// Relative offset up to which no batch is as late as `target`: where a search by time may begin. 0 when the index
/// does not know. Blocks.
pub(crate) fn offset_before_time(file: &dyn File, count: u32, target: Timestamp) -> Result<u32> {
    let (mut low, mut high) = (0, count);
    let mut found = 0;
    while low < high {
        let middle = low + (high - low) / 2;
        let mut bytes = [0; 12];
        file.read_exact_at(&mut bytes, u64::from(middle) * TIME_ENTRY_SIZE)?;
        match TimeEntry::decode(bytes) {
            Some(entry) if entry.timestamp < target => {
                found = entry.relative;
                low = middle + 1;
            }
            _ => high = middle,
        }
    }
    Ok(found)
}

/// The leading entries of an `.index` that are in order and lie within `size` bytes of log.
pub(crate) fn valid_offset_entries(bytes: &[u8], size: u64) -> Vec<OffsetEntry> {
    let mut entries: Vec<OffsetEntry> = Vec::new();
    for entry in bytes.chunks_exact(8).filter_map(|chunk| chunk.first_chunk()) {
        let entry = OffsetEntry::decode(*entry);
        let ordered = entries
            .last()
            .is_none_or(|last| entry.relative > last.relative && entry.position > last.position);
        if !ordered || u64::from(entry.position) >= size || entry == OffsetEntry::default() {
            break;
        }
        entries.push(entry);
    }
    entries
}

/// The leading entries of a `.timeindex` that are in order.
pub(crate) fn valid_time_entries(bytes: &[u8]) -> Vec<TimeEntry> {
    let mut entries: Vec<TimeEntry> = Vec::new();
    for entry in bytes.chunks_exact(12).filter_map(|chunk| chunk.first_chunk()) {
        let Some(entry) = TimeEntry::decode(*entry) else { break };
        let ordered = entries
            .last()
            .is_none_or(|last| entry.timestamp > last.timestamp && entry.relative >= last.relative);
        // Zeros are what an unsynced extension leaves.
        if !ordered || (entry.timestamp.as_millis() == 0 && entry.relative == 0) {
            break;
        }
        entries.push(entry);
    }
    entries
}
