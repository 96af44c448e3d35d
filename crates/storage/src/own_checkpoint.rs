//! `ottla.checkpoint`: what Kafka's own files do not say while the program runs. One entry for each partition that was
//! written to since the start: up to where it is synced, and what a reader of the log before that point would know. A
//! clean stop writes Kafka's files instead and removes it.

use std::collections::{BTreeMap, BTreeSet};

use model::{LeaderEpoch, Offset, PartitionId, PartitionIndex, TopicId, TopicName, Uuid};
use record::crc32c;
use replica::{EpochStart, LeaderEpochs, ProducerStates};

use crate::bytes::{Take, put, set, to_u32};
use crate::checkpoint::BadForm;
use crate::partition_log::Captured;
use crate::producer_windows::{decode_producers, encode_producers};

const MAGIC: [u8; 8] = *b"OttlaCP1";
const CRC_END: usize = 12;

/// The whole file, entries still encoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OwnCheckpoint {
    /// Groups of the write-ahead log before this one are not needed.
    pub(crate) oldest_needed: u64,
    /// Sequences before this one are covered.
    pub(crate) covered: u64,
    pub(crate) entries: BTreeMap<PartitionId, Vec<u8>>,
}

/// What is known of one partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnEntry {
    pub(crate) topic: TopicName,
    /// Frames up to this one are covered.
    pub(crate) sequence: u64,
    pub(crate) log_start: Offset,
    pub(crate) log_end: Offset,
    pub(crate) high_watermark: Offset,
    /// Base offset of the active segment, and where the synced part of it ends.
    pub(crate) segment: Offset,
    pub(crate) position: u32,
    pub(crate) has_segments: bool,
    pub(crate) epochs: LeaderEpochs,
    pub(crate) producers: ProducerStates,
}

impl OwnCheckpoint {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        put(&mut out, [0; 4]);
        put(&mut out, self.oldest_needed.to_be_bytes());
        put(&mut out, self.covered.to_be_bytes());
        put(&mut out, to_u32(self.entries.len()).to_be_bytes());
        for (id, entry) in &self.entries {
            put(&mut out, *id.topic.uuid().as_bytes());
            put(&mut out, id.partition.to_wire().to_be_bytes());
            put(&mut out, to_u32(entry.len()).to_be_bytes());
            out.extend_from_slice(entry);
        }
        let crc = crc32c(out.get(CRC_END..).unwrap_or(&[]));
        set(&mut out, 8, crc.to_be_bytes());
        out
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, BadForm> {
        Self::try_decode(bytes).ok_or(BadForm)
    }

    fn try_decode(bytes: &[u8]) -> Option<Self> {
        let mut take = Take::new(bytes);
        let magic: [u8; 8] = take.array()?;
        let crc = u32::from_be_bytes(take.array()?);
        if magic != MAGIC || crc != crc32c(take.rest()) {
            return None;
        }
        let oldest_needed = u64::from_be_bytes(take.array()?);
        let covered = u64::from_be_bytes(take.array()?);
        let count = u32::from_be_bytes(take.array()?);
        let mut entries = BTreeMap::new();
        for _ in 0..count {
            let topic = TopicId::new(Uuid::from_bytes(take.array()?))?;
            let partition = PartitionIndex::from_wire(i32::from_be_bytes(take.array()?))?;
            let size = u32::from_be_bytes(take.array()?) as usize;
            entries.insert(PartitionId { topic, partition }, take.slice(size)?.to_vec());
        }
        take.rest().is_empty().then_some(Self { oldest_needed, covered, entries })
    }
}

const PRESENT_MAGIC: [u8; 8] = *b"OttlaPR1";

/// The partitions that there are as a life begins. Of others, Kafka's checkpoints speak of an earlier topic of the same
/// name.
pub(crate) fn encode_present<'a>(ids: impl Iterator<Item = &'a PartitionId>) -> Vec<u8> {
    let mut out = PRESENT_MAGIC.to_vec();
    for id in ids {
        put(&mut out, *id.topic.uuid().as_bytes());
        put(&mut out, id.partition.to_wire().to_be_bytes());
    }
    let crc = crc32c(&out);
    put(&mut out, crc.to_be_bytes());
    out
}

pub(crate) fn decode_present(bytes: &[u8]) -> Result<BTreeSet<PartitionId>, BadForm> {
    let (content, crc) = bytes.split_last_chunk().ok_or(BadForm)?;
    if crc32c(content) != u32::from_be_bytes(*crc) {
        return Err(BadForm);
    }
    let mut take = Take::new(content.strip_prefix(&PRESENT_MAGIC).ok_or(BadForm)?);
    let mut ids = BTreeSet::new();
    while let Some(topic) = take.array() {
        let topic = TopicId::new(Uuid::from_bytes(topic)).ok_or(BadForm)?;
        let partition =
            take.array().and_then(|raw| PartitionIndex::from_wire(i32::from_be_bytes(raw)));
        ids.insert(PartitionId { topic, partition: partition.ok_or(BadForm)? });
    }
    Ok(ids)
}

impl OwnEntry {
    pub(crate) fn of(captured: &Captured) -> Self {
        let log = &captured.replica;
        Self {
            topic: captured.files.name.topic.clone(),
            sequence: captured.sequence.get(),
            log_start: log.log_start(),
            log_end: log.log_end(),
            high_watermark: log.high_watermark(),
            segment: captured.segment,
            position: captured.position,
            has_segments: captured.has_segments,
            epochs: log.epochs().clone(),
            producers: log.producers().clone(),
        }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let topic = self.topic.as_str().as_bytes();
        put(&mut out, to_u32(topic.len()).to_be_bytes());
        out.extend_from_slice(topic);
        put(&mut out, self.sequence.to_be_bytes());
        for offset in [self.log_start, self.log_end, self.high_watermark, self.segment] {
            put(&mut out, offset.to_wire().to_be_bytes());
        }
        put(&mut out, self.position.to_be_bytes());
        put(&mut out, [u8::from(self.has_segments)]);
        let epochs = self.epochs.entries();
        put(&mut out, to_u32(epochs.len()).to_be_bytes());
        for entry in epochs {
            put(&mut out, entry.epoch.to_wire().to_be_bytes());
            put(&mut out, entry.start.to_wire().to_be_bytes());
        }
        encode_producers(&mut out, &self.producers);
        out
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, BadForm> {
        let mut take = Take::new(bytes);
        Self::try_decode(&mut take).filter(|_| take.rest().is_empty()).ok_or(BadForm)
    }

    fn try_decode(take: &mut Take<'_>) -> Option<Self> {
        let size = u32::from_be_bytes(take.array()?) as usize;
        let topic = TopicName::new(std::str::from_utf8(take.slice(size)?).ok()?).ok()?;
        let sequence = u64::from_be_bytes(take.array()?);
        let mut offset = || Offset::from_wire(i64::from_be_bytes(take.array()?));
        let (log_start, log_end, high_watermark, segment) =
            (offset()?, offset()?, offset()?, offset()?);
        let position = u32::from_be_bytes(take.array()?);
        let has_segments = take.array::<1>()? != [0];
        let count = u32::from_be_bytes(take.array()?);
        let mut epochs = Vec::new();
        for _ in 0..count {
            let epoch = LeaderEpoch::from_wire(i32::from_be_bytes(take.array()?))?;
            epochs.push(EpochStart {
                epoch,
                start: Offset::from_wire(i64::from_be_bytes(take.array()?))?,
            });
        }
        let producers = decode_producers(take, log_end)?;
        (log_start <= log_end).then_some(())?;
        Some(Self {
            topic,
            sequence,
            log_start,
            log_end,
            high_watermark,
            segment,
            position,
            has_segments,
            epochs: LeaderEpochs::from_checkpoint(epochs),
            producers,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_is_read_back_and_any_damage_is_noticed() {
        let entry = OwnEntry {
            topic: TopicName::new("orders").unwrap(),
            sequence: 9,
            log_start: Offset::ZERO,
            log_end: Offset::from_wire(7).unwrap(),
            high_watermark: Offset::from_wire(5).unwrap(),
            segment: Offset::ZERO,
            position: 700,
            has_segments: true,
            epochs: LeaderEpochs::from_checkpoint([EpochStart {
                epoch: LeaderEpoch::ZERO,
                start: Offset::ZERO,
            }]),
            producers: ProducerStates::new(Offset::from_wire(7).unwrap()),
        };
        assert_eq!(OwnEntry::decode(&entry.encode()), Ok(entry.clone()));
        let id = PartitionId { topic: TopicId::METADATA, partition: PartitionIndex::ZERO };
        let checkpoint = OwnCheckpoint {
            oldest_needed: 3,
            covered: 10,
            entries: BTreeMap::from([(id, entry.encode())]),
        };
        let bytes = checkpoint.encode();
        assert_eq!(OwnCheckpoint::decode(&bytes), Ok(checkpoint));
        for position in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[position] ^= 4;
            assert_eq!(OwnCheckpoint::decode(&bad), Err(BadForm));
            assert_eq!(OwnCheckpoint::decode(&bytes[..position]), Err(BadForm));
        }
    }
}
