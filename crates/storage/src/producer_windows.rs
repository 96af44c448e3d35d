//! The last batches of each producer, where Kafka's snapshot keeps one. Five may be under way: what of them was answered
//! to a connection that was gone would be refused, or taken twice, when it comes again.
//!
//! A clean stop leaves them in `ottla.producers`, which Apache Kafka passes over. It is a help and no more: of what it
//! says, that counts which comes before what Kafka's own files say, so an old one does no harm. And the frame that moves a
//! log's start has them, since the segments that go may hold what no checkpoint has seen.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use model::{Offset, PartitionId, PartitionIndex, ProducerId, Sequence, Timestamp, TopicId, Uuid};
use record::crc32c;
use replica::{ProducerState, ProducerStates, WrittenBatch};

use crate::bytes::{Take, put, to_u32};
use crate::checkpoint::{BadForm, decode_entry, encode_entry};
use crate::limits::{PRODUCER_WINDOWS_SIZE_MAX, RETIRED_PRODUCER_COUNT_MAX};
use crate::partition_log::snapshot_entry;

const MAGIC: [u8; 8] = *b"OttlaPW1";

/// Partitions with what is known of their producers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ProducerWindows {
    pub(crate) partitions: BTreeMap<PartitionId, ProducerStates>,
}

impl ProducerWindows {
    /// `None` when there is nothing to say that Kafka's snapshots do not. Beyond the bound partitions are left out.
    pub(crate) fn encode(&self) -> Option<Vec<u8>> {
        let mut out = MAGIC.to_vec();
        for (id, states) in self.partitions.iter().filter(|(_, states)| says_more(states)) {
            let start = out.len();
            put(&mut out, *id.topic.uuid().as_bytes());
            put(&mut out, id.partition.to_wire().to_be_bytes());
            put(&mut out, states.end().to_wire().to_be_bytes());
            encode_producers(&mut out, states);
            if out.len() > PRODUCER_WINDOWS_SIZE_MAX {
                out.truncate(start);
            }
        }
        let says = out.len() > MAGIC.len();
        let crc = crc32c(&out);
        put(&mut out, crc.to_be_bytes());
        says.then_some(out)
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, BadForm> {
        let (content, crc) = bytes.split_last_chunk().ok_or(BadForm)?;
        if crc32c(content) != u32::from_be_bytes(*crc) {
            return Err(BadForm);
        }
        let mut take = Take::new(content.strip_prefix(&MAGIC).ok_or(BadForm)?);
        let mut windows = Self::default();
        while !take.rest().is_empty() {
            let (id, states) = decode_partition(&mut take).ok_or(BadForm)?;
            windows.partitions.insert(id, states);
        }
        Ok(windows)
    }
}

fn says_more(states: &ProducerStates) -> bool {
    states.iter().any(|(_, state)| state.window().nth(1).is_some())
}

fn decode_partition(take: &mut Take<'_>) -> Option<(PartitionId, ProducerStates)> {
    let topic = TopicId::new(Uuid::from_bytes(take.array()?))?;
    let partition = PartitionIndex::from_wire(i32::from_be_bytes(take.array()?))?;
    let end = Offset::from_wire(i64::from_be_bytes(take.array()?))?;
    Some((PartitionId { topic, partition }, decode_producers(take, end)?))
}

/// For the frame that moves a log's start: of too many producers those that were heard of last, and all that have a
/// transaction open.
pub(crate) fn encode_retired(states: &ProducerStates) -> Vec<u8> {
    let mut newest: Vec<_> = states.iter().collect();
    if newest.len() > RETIRED_PRODUCER_COUNT_MAX {
        newest.sort_by_key(|(_, state)| {
            Reverse((state.transaction_first().is_some(), state.last_timestamp()))
        });
        let open = newest.partition_point(|(_, state)| state.transaction_first().is_some());
        newest.truncate(open.max(RETIRED_PRODUCER_COUNT_MAX));
    }
    let mut out = states.end().to_wire().to_be_bytes().to_vec();
    encode_each(&mut out, newest.into_iter());
    out
}

pub(crate) fn decode_retired(bytes: &[u8]) -> Option<ProducerStates> {
    let mut take = Take::new(bytes);
    let end = Offset::from_wire(i64::from_be_bytes(take.array()?))?;
    decode_producers(&mut take, end)
}

pub(crate) fn encode_producers(out: &mut Vec<u8>, states: &ProducerStates) {
    let all: Vec<_> = states.iter().collect();
    encode_each(out, all.into_iter());
}

fn encode_each<'a>(
    out: &mut Vec<u8>,
    states: impl ExactSizeIterator<Item = (ProducerId, &'a ProducerState)>,
) {
    put(out, to_u32(states.len()).to_be_bytes());
    for (id, state) in states {
        encode_entry(out, &snapshot_entry(id, state));
        put(out, to_u32(state.window().count()).to_be_bytes());
        for batch in state.window() {
            put(out, batch.last_sequence.map_or(-1, Sequence::to_wire).to_be_bytes());
            put(out, batch.last_offset.to_wire().to_be_bytes());
            put(out, batch.offset_delta.to_be_bytes());
            put(out, batch.max_timestamp.map_or(-1, Timestamp::as_millis).to_be_bytes());
        }
    }
}

/// Of a log that ended at `end`.
pub(crate) fn decode_producers(take: &mut Take<'_>, end: Offset) -> Option<ProducerStates> {
    let count = u32::from_be_bytes(take.array()?);
    let mut producers = Vec::new();
    for _ in 0..count {
        let entry = decode_entry(take)?;
        let batches = u32::from_be_bytes(take.array()?);
        let window: Option<Vec<WrittenBatch>> = (0..batches).map(|_| decode_batch(take)).collect();
        producers.push((entry, window?));
    }
    Some(ProducerStates::from_windows(end, producers))
}

fn decode_batch(take: &mut Take<'_>) -> Option<WrittenBatch> {
    Some(WrittenBatch {
        last_sequence: Sequence::from_wire(i32::from_be_bytes(take.array()?)),
        last_offset: Offset::from_wire(i64::from_be_bytes(take.array()?))?,
        offset_delta: u32::from_be_bytes(take.array()?),
        max_timestamp: Timestamp::from_millis(i64::from_be_bytes(take.array()?)),
    })
}

#[cfg(test)]
mod tests {
    use model::{ProducerEpoch, ProducerId};
    use replica::ProducerSnapshotEntry;

    use super::*;

    fn states(batches: i64) -> ProducerStates {
        let offset = |raw| Offset::from_wire(raw).unwrap();
        let window = (1..=batches).map(|number| WrittenBatch {
            last_sequence: Sequence::from_wire(i32::try_from(number).unwrap()),
            last_offset: offset(number),
            offset_delta: 0,
            max_timestamp: Timestamp::from_millis(number),
        });
        let entry = ProducerSnapshotEntry {
            id: ProducerId::from_wire(3).unwrap(),
            epoch: ProducerEpoch::ZERO,
            last_sequence: Sequence::from_wire(i32::try_from(batches).unwrap()),
            last_offset: Some(offset(batches)),
            offset_delta: 0,
            last_timestamp: Timestamp::from_millis(batches),
            coordinator_epoch: None,
            transaction_first: None,
        };
        ProducerStates::from_windows(offset(batches + 1), [(entry, window.collect::<Vec<_>>())])
    }

    fn windows(batches: i64) -> ProducerWindows {
        let id = PartitionId { topic: TopicId::METADATA, partition: PartitionIndex::ZERO };
        ProducerWindows { partitions: BTreeMap::from([(id, states(batches))]) }
    }

    #[test]
    fn windows_are_read_back_and_any_damage_is_noticed() {
        let bytes = windows(3).encode().unwrap();
        assert_eq!(ProducerWindows::decode(&bytes), Ok(windows(3)));
        for position in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[position] ^= 4;
            assert_eq!(ProducerWindows::decode(&bad), Err(BadForm));
            assert_eq!(ProducerWindows::decode(&bytes[..position]), Err(BadForm));
        }
    }

    #[test]
    fn what_kafkas_snapshot_says_is_not_said_again() {
        assert_eq!(windows(1).encode(), None);
        assert_eq!(ProducerWindows::default().encode(), None);
    }
}
