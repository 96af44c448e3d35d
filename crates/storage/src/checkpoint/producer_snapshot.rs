use model::{CoordinatorEpoch, Offset, ProducerEpoch, ProducerId, Sequence, Timestamp};
use record::crc32c;
use replica::ProducerSnapshotEntry;

use super::BadForm;
use crate::bytes::{Take, put};

const VERSION: i16 = 1;
const ENTRY_SIZE: usize = 46;
const CRC_END: usize = 6;

/// A `.snapshot` file: version, CRC-32C of the rest, count, entries of 46 bytes.
pub fn encode_producer_snapshot(
    entries: impl ExactSizeIterator<Item = ProducerSnapshotEntry>,
) -> Vec<u8> {
    let mut out = Vec::with_capacity(CRC_END + 4 + entries.len() * ENTRY_SIZE);
    put(&mut out, VERSION.to_be_bytes());
    put(&mut out, [0; 4]);
    put(&mut out, u32::try_from(entries.len()).unwrap_or(u32::MAX).to_be_bytes());
    for entry in entries {
        encode_entry(&mut out, &entry);
    }
    let crc = crc32c(out.get(CRC_END..).unwrap_or(&[]));
    if let Some(place) = out.get_mut(2..CRC_END) {
        place.copy_from_slice(&crc.to_be_bytes());
    }
    out
}

pub(crate) fn encode_entry(out: &mut Vec<u8>, entry: &ProducerSnapshotEntry) {
    put(out, entry.id.to_wire().to_be_bytes());
    put(out, entry.epoch.to_wire().to_be_bytes());
    put(out, entry.last_sequence.map_or(-1, Sequence::to_wire).to_be_bytes());
    put(out, entry.last_offset.map_or(-1, Offset::to_wire).to_be_bytes());
    put(out, entry.offset_delta.to_be_bytes());
    put(out, entry.last_timestamp.map_or(-1, Timestamp::as_millis).to_be_bytes());
    put(out, entry.coordinator_epoch.map_or(-1, CoordinatorEpoch::to_wire).to_be_bytes());
    put(out, entry.transaction_first.map_or(-1, Offset::to_wire).to_be_bytes());
}

pub(crate) fn decode_entry(take: &mut Take<'_>) -> Option<ProducerSnapshotEntry> {
    Some(ProducerSnapshotEntry {
        id: ProducerId::from_wire(i64::from_be_bytes(take.array()?))?,
        epoch: ProducerEpoch::from_wire(i16::from_be_bytes(take.array()?))?,
        last_sequence: Sequence::from_wire(i32::from_be_bytes(take.array()?)),
        last_offset: Offset::from_wire(i64::from_be_bytes(take.array()?)),
        offset_delta: u32::from_be_bytes(take.array()?),
        last_timestamp: Timestamp::from_millis(i64::from_be_bytes(take.array()?)),
        coordinator_epoch: CoordinatorEpoch::from_wire(i32::from_be_bytes(take.array()?)),
        transaction_first: Offset::from_wire(i64::from_be_bytes(take.array()?)),
    })
}

pub fn decode_producer_snapshot(bytes: &[u8]) -> Result<Vec<ProducerSnapshotEntry>, BadForm> {
    let mut take = Take::new(bytes);
    let version = i16::from_be_bytes(take.array().ok_or(BadForm)?);
    let crc = u32::from_be_bytes(take.array().ok_or(BadForm)?);
    if version != VERSION || crc != crc32c(take.rest()) {
        return Err(BadForm);
    }
    let count = u32::from_be_bytes(take.array().ok_or(BadForm)?) as usize;
    if take.rest().len() != count.saturating_mul(ENTRY_SIZE) {
        return Err(BadForm);
    }
    (0..count).map(|_| decode_entry(&mut take).ok_or(BadForm)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: i64) -> ProducerSnapshotEntry {
        ProducerSnapshotEntry {
            id: ProducerId::from_wire(id).unwrap(),
            epoch: ProducerEpoch::from_wire(3).unwrap(),
            last_sequence: Sequence::from_wire(17),
            last_offset: Offset::from_wire(41),
            offset_delta: 4,
            last_timestamp: Timestamp::from_millis(1000),
            coordinator_epoch: None,
            transaction_first: None,
        }
    }

    #[test]
    fn a_snapshot_is_read_back_and_has_kafkas_sizes() {
        let entries = [entry(1), ProducerSnapshotEntry { last_offset: None, ..entry(2) }];
        let bytes = encode_producer_snapshot(entries.iter().copied());
        assert_eq!(bytes.len(), 10 + 2 * 46);
        assert_eq!(decode_producer_snapshot(&bytes).unwrap(), entries);
    }

    #[test]
    fn any_flipped_bit_and_any_cut_is_noticed() {
        let bytes = encode_producer_snapshot([entry(1)].into_iter());
        for position in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[position] ^= 1;
            assert_eq!(decode_producer_snapshot(&bad), Err(BadForm), "byte {position}");
            assert_eq!(decode_producer_snapshot(&bytes[..position]), Err(BadForm));
        }
    }
}
