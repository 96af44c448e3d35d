//! Records as they lie in `__share_group_state`.

use bytes::Bytes;
use group::GroupId;
use model::{LeaderEpoch, Offset, PartitionIndex, Timestamp, TopicId, Uuid};
use wire::frame::{
    decode_coordinator_key, decode_coordinator_value, encode_coordinator_key,
    encode_coordinator_value,
};
use wire::records::share::{
    ShareKey, ShareSnapshotKey, ShareSnapshotValue, ShareUpdateKey, ShareUpdateValue, ShareValue,
    share_snapshot_value, share_update_value,
};
use wire::{DecodeError, EncodeError};

use crate::coordinator::{ShareUpdate, StateBatches};
use crate::{
    DeliveryState, OffsetRange, STATE_BATCH_COUNT_MAX, SharePartitionKey, ShareRecord, ShareState,
    SnapshotEpoch, StateBatch, StateEpoch,
};

/// The only version there is of each value.
const VALUE_VERSION: i16 = 0;
/// Snapshots, and what they are deleted by.
const SNAPSHOT_KEY: i16 = 0;
const UPDATE_KEY: i16 = 1;

/// Key and value of a record; no value deletes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyValue {
    pub key: Vec<u8>,
    pub value: Option<Vec<u8>>,
}

/// What a key and value mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decoded {
    Record(ShareRecord),
    /// A record of a type that is not known, with its number, or the removal of an update, which means nothing: it
    /// stays in the log, nothing reads it.
    Other(i16),
}

/// Why a record cannot be read, or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    #[error(transparent)]
    Decode(#[from] DecodeError),
    #[error(transparent)]
    Encode(#[from] EncodeError),
    #[error("the group id has {0} bytes")]
    GroupId(usize),
    #[error("a share-partition has no topic id")]
    NoTopicId,
    #[error("{0} cannot be a partition's number")]
    Partition(i32),
    #[error("{0} cannot be a {1}")]
    Number(i64, &'static str),
    #[error("offsets from {first} to {last} are not a range")]
    Range { first: i64, last: i64 },
    #[error("{0} cannot be the state of a record")]
    DeliveryState(i8),
    #[error("the record has {0} state batches")]
    TooManyBatches(usize),
}

pub fn encode(record: &ShareRecord) -> Result<KeyValue, CodecError> {
    match record {
        ShareRecord::Snapshot { key, state } => {
            key_value(snapshot_key(key), Some(snapshot_value(state)))
        }
        ShareRecord::Update { key, update } => {
            let value = update_value(update);
            let SharePartitionKey { group, topic, partition } = key;
            let key = ShareKey::from(ShareUpdateKey {
                group_id: group.as_str().to_owned(),
                topic_id: topic.uuid(),
                partition: partition.to_wire(),
            });
            key_value(key, Some(value))
        }
        ShareRecord::Removed { key } => key_value(snapshot_key(key), None),
    }
}

pub fn decode(key: &Bytes, value: Option<&Bytes>) -> Result<Decoded, CodecError> {
    let number = key.first_chunk().map(|number| i16::from_be_bytes(*number));
    if let Some(number) = number.filter(|number| ![SNAPSHOT_KEY, UPDATE_KEY].contains(number)) {
        return Ok(Decoded::Other(number));
    }
    let key: ShareKey = decode_coordinator_key(key)?;
    let (number, key) = match key {
        ShareKey::ShareSnapshot(key) => {
            (SNAPSHOT_KEY, partition_key(&key.group_id, key.topic_id, key.partition)?)
        }
        ShareKey::ShareUpdate(key) => {
            (UPDATE_KEY, partition_key(&key.group_id, key.topic_id, key.partition)?)
        }
    };
    let Some(value) = value else {
        return Ok(match number {
            SNAPSHOT_KEY => Decoded::Record(ShareRecord::Removed { key }),
            _ => Decoded::Other(number),
        });
    };
    let (value, _) = decode_coordinator_value::<ShareValue>(number, value)?;
    Ok(Decoded::Record(match value {
        ShareValue::ShareSnapshot(value) => {
            ShareRecord::Snapshot { key, state: share_state(value)? }
        }
        ShareValue::ShareUpdate(value) => ShareRecord::Update { key, update: share_update(value)? },
    }))
}

fn key_value(key: ShareKey, value: Option<ShareValue>) -> Result<KeyValue, CodecError> {
    let mut encoded = KeyValue { key: Vec::new(), value: None };
    encode_coordinator_key(&key, &mut encoded.key)?;
    if let Some(value) = value {
        let mut bytes = Vec::new();
        encode_coordinator_value(&value, VALUE_VERSION, &mut bytes)?;
        encoded.value = Some(bytes);
    }
    Ok(encoded)
}

fn snapshot_key(key: &SharePartitionKey) -> ShareKey {
    ShareKey::from(ShareSnapshotKey {
        group_id: key.group.as_str().to_owned(),
        topic_id: key.topic.uuid(),
        partition: key.partition.to_wire(),
    })
}

fn partition_key(
    group: &str,
    topic: Uuid,
    partition: i32,
) -> Result<SharePartitionKey, CodecError> {
    Ok(SharePartitionKey {
        group: GroupId::new(group).ok_or(CodecError::GroupId(group.len()))?,
        topic: TopicId::new(topic).ok_or(CodecError::NoTopicId)?,
        partition: PartitionIndex::from_wire(partition).ok_or(CodecError::Partition(partition))?,
    })
}

fn snapshot_value(state: &ShareState) -> ShareValue {
    let batch = |batch: StateBatch| share_snapshot_value::StateBatch {
        first_offset: batch.range.first().to_wire(),
        last_offset: batch.range.last().to_wire(),
        delivery_state: batch.state.to_wire(),
        delivery_count: count_to_wire(batch.delivery_count),
    };
    ShareValue::from(ShareSnapshotValue {
        snapshot_epoch: state.snapshot_epoch.to_wire(),
        state_epoch: state.state_epoch.to_wire(),
        leader_epoch: state.leader_epoch.to_wire(),
        start_offset: state.start_offset.map_or(-1, Offset::to_wire),
        delivery_complete_count: complete_to_wire(state.delivery_complete_count),
        create_timestamp: state.created_at.as_millis(),
        write_timestamp: state.written_at.as_millis(),
        state_batches: state.batches.iter().map(batch).collect(),
    })
}

fn update_value(update: &ShareUpdate) -> ShareValue {
    let batch = |batch: &StateBatch| share_update_value::StateBatch {
        first_offset: batch.range.first().to_wire(),
        last_offset: batch.range.last().to_wire(),
        delivery_state: batch.state.to_wire(),
        delivery_count: count_to_wire(batch.delivery_count),
    };
    ShareValue::from(ShareUpdateValue {
        snapshot_epoch: update.snapshot_epoch.to_wire(),
        leader_epoch: update.leader_epoch.map_or(-1, LeaderEpoch::to_wire),
        start_offset: update.start_offset.map_or(-1, Offset::to_wire),
        delivery_complete_count: complete_to_wire(update.delivery_complete_count),
        state_batches: update.batches.iter().map(batch).collect(),
    })
}

fn share_state(value: ShareSnapshotValue) -> Result<ShareState, CodecError> {
    check_count(value.state_batches.len())?;
    let mut batches = Vec::with_capacity(value.state_batches.len());
    for batch in value.state_batches {
        let share_snapshot_value::StateBatch { first_offset, last_offset, .. } = batch;
        let range = offset_range(first_offset, last_offset)?;
        batches.push(state_batch(range, batch.delivery_state, batch.delivery_count)?);
    }
    Ok(ShareState {
        snapshot_epoch: snapshot_epoch(value.snapshot_epoch)?,
        state_epoch: StateEpoch::from_wire(value.state_epoch)
            .ok_or_else(|| CodecError::Number(value.state_epoch.into(), "state epoch"))?,
        leader_epoch: LeaderEpoch::from_wire(value.leader_epoch).unwrap_or_default(),
        start_offset: start_offset(value.start_offset)?,
        delivery_complete_count: u32::try_from(value.delivery_complete_count).ok(),
        created_at: timestamp(value.create_timestamp),
        written_at: timestamp(value.write_timestamp),
        batches: StateBatches::of(&batches),
    })
}

fn share_update(value: ShareUpdateValue) -> Result<ShareUpdate, CodecError> {
    check_count(value.state_batches.len())?;
    let mut batches = Vec::with_capacity(value.state_batches.len());
    for batch in value.state_batches {
        let share_update_value::StateBatch { first_offset, last_offset, .. } = batch;
        let range = offset_range(first_offset, last_offset)?;
        batches.push(state_batch(range, batch.delivery_state, batch.delivery_count)?);
    }
    Ok(ShareUpdate {
        snapshot_epoch: snapshot_epoch(value.snapshot_epoch)?,
        leader_epoch: LeaderEpoch::from_wire(value.leader_epoch),
        start_offset: start_offset(value.start_offset)?,
        delivery_complete_count: u32::try_from(value.delivery_complete_count).ok(),
        batches,
    })
}

fn check_count(count: usize) -> Result<(), CodecError> {
    if count > STATE_BATCH_COUNT_MAX { Err(CodecError::TooManyBatches(count)) } else { Ok(()) }
}

fn offset_range(first: i64, last: i64) -> Result<OffsetRange, CodecError> {
    let range = Offset::from_wire(first).zip(Offset::from_wire(last));
    let range = range.and_then(|(first, last)| OffsetRange::new(first, last));
    range.ok_or(CodecError::Range { first, last })
}

fn state_batch(range: OffsetRange, state: i8, count: i16) -> Result<StateBatch, CodecError> {
    Ok(StateBatch {
        range,
        state: DeliveryState::from_wire(state).ok_or(CodecError::DeliveryState(state))?,
        delivery_count: u16::try_from(count)
            .map_err(|_| CodecError::Number(count.into(), "delivery count"))?,
    })
}

fn snapshot_epoch(raw: i32) -> Result<SnapshotEpoch, CodecError> {
    SnapshotEpoch::from_wire(raw).ok_or_else(|| CodecError::Number(raw.into(), "snapshot epoch"))
}

/// -1 is none; less is nothing that anybody writes.
fn start_offset(raw: i64) -> Result<Option<Offset>, CodecError> {
    match raw {
        -1 => Ok(None),
        _ => Offset::from_wire(raw).map(Some).ok_or(CodecError::Number(raw, "start offset")),
    }
}

/// A time before 1970 is as old as 1970 for what it is good for: how old a snapshot is.
fn timestamp(raw: i64) -> Timestamp {
    Timestamp::from_millis(raw).unwrap_or(crate::coordinator::EPOCH)
}

fn count_to_wire(count: u16) -> i16 {
    i16::try_from(count).unwrap_or(i16::MAX)
}

fn complete_to_wire(count: Option<u32>) -> i32 {
    count.map_or(-1, |count| i32::try_from(count).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use model::SeededRandom;

    use super::*;
    use crate::ShareShard;
    use crate::samples::{group, offset, range};

    fn key() -> SharePartitionKey {
        SharePartitionKey {
            group: group("g"),
            topic: TopicId::new(Uuid::from_bytes([0x11; 16])).unwrap(),
            partition: PartitionIndex::from_wire(2).unwrap(),
        }
    }

    fn update() -> ShareUpdate {
        ShareUpdate {
            snapshot_epoch: SnapshotEpoch::from_wire(1).unwrap(),
            leader_epoch: LeaderEpoch::from_wire(5),
            start_offset: Some(offset(7)),
            delivery_complete_count: Some(3),
            batches: vec![StateBatch {
                range: range(8, 9),
                state: DeliveryState::Acknowledged,
                delivery_count: 2,
            }],
        }
    }

    fn decoded(encoded: &KeyValue) -> Result<Decoded, CodecError> {
        let value = encoded.value.clone().map(Bytes::from);
        decode(&Bytes::from(encoded.key.clone()), value.as_ref())
    }

    #[test]
    fn an_update_is_the_bytes_that_kafka_writes() {
        let encoded = encode(&ShareRecord::Update { key: key(), update: update() }).unwrap();
        let mut expected = vec![0, 1, 0, 1, b'g'];
        expected.extend([0x11; 16]);
        expected.extend([0, 0, 0, 2]);
        assert_eq!(encoded.key, expected);
        let mut expected = vec![0, 0, 0, 0, 0, 1, 0, 0, 0, 5];
        expected.extend(7_i64.to_be_bytes());
        expected.push(2); // one batch, compact
        expected.extend(8_i64.to_be_bytes());
        expected.extend(9_i64.to_be_bytes());
        expected.extend([2, 0, 2, 0]); // state, count, no tags
        expected.extend([1, 0, 4, 0, 0, 0, 3]); // one tag: the complete count
        assert_eq!(encoded.value, Some(expected));
    }

    #[test]
    fn what_is_not_known_is_minus_one() {
        let unknown = ShareUpdate {
            leader_epoch: None,
            start_offset: None,
            delivery_complete_count: None,
            ..update()
        };
        let record = ShareRecord::Update { key: key(), update: unknown };
        assert_eq!(decoded(&encode(&record).unwrap()), Ok(Decoded::Record(record)));
    }

    #[test]
    fn a_removal_is_a_snapshot_key_without_a_value() {
        let record = ShareRecord::Removed { key: key() };
        let encoded = encode(&record).unwrap();
        assert_eq!((encoded.key[..2].to_vec(), &encoded.value), (vec![0, 0], &None));
        assert_eq!(decoded(&encoded), Ok(Decoded::Record(record)));
    }

    #[test]
    fn records_of_other_types_are_stepped_over() {
        let other = KeyValue { key: vec![0, 9, 1, 2, 3], value: None };
        assert_eq!(decoded(&other), Ok(Decoded::Other(9)));
        let mut encoded = encode(&ShareRecord::Update { key: key(), update: update() }).unwrap();
        encoded.value = None;
        assert_eq!(decoded(&encoded), Ok(Decoded::Other(1)));
    }

    #[test]
    fn damaged_records_are_refused_by_name() {
        let encoded = encode(&ShareRecord::Update { key: key(), update: update() }).unwrap();
        let value = encoded.value.clone().unwrap();
        let damaged = |at: usize, byte: u8| {
            let mut value = value.clone();
            value[at] = byte;
            decoded(&KeyValue { key: encoded.key.clone(), value: Some(value) })
        };
        assert_eq!(damaged(35, 1), Err(CodecError::DeliveryState(1)));
        assert_eq!(damaged(10, 0x80), Err(CodecError::Number(i64::MIN + 7, "start offset")));
        assert_eq!(damaged(34, 3), Err(CodecError::Range { first: 8, last: 3 }));
        assert!(matches!(damaged(36, 0xff), Err(CodecError::Number(_, "delivery count"))));
        let cut = KeyValue { key: encoded.key[..4].to_vec(), value: None };
        assert!(matches!(decoded(&cut), Err(CodecError::Decode(_))));
        assert!(matches!(
            decoded(&KeyValue { key: vec![0], value: None }),
            Err(CodecError::Decode(_))
        ));
    }

    fn damage(bytes: &mut Vec<u8>, random: &mut SeededRandom) {
        for _ in 0..random.below(4) {
            let at = usize::try_from(random.below(bytes.len() as u64 + 1)).unwrap();
            let byte = u8::try_from(random.below(256)).unwrap();
            match random.below(3) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, byte),
                _ => bytes.iter_mut().skip(at).take(1).for_each(|place| *place = byte),
            }
        }
    }

    fn random_update(random: &mut SeededRandom) -> ShareUpdate {
        let batch = |random: &mut SeededRandom| {
            let first = i64::try_from(random.below(50)).unwrap();
            let last = first + i64::try_from(random.below(5)).unwrap();
            let state = DeliveryState::from_wire(i8::try_from(random.below(5)).unwrap());
            StateBatch {
                range: range(first, last),
                state: state.unwrap_or(DeliveryState::Available),
                delivery_count: u16::try_from(random.below(4)).unwrap(),
            }
        };
        let batches = (0..random.below(6)).map(|_| batch(random)).collect();
        ShareUpdate { batches, ..update() }
    }

    /// Whatever lies in the log: it is read or refused, what is read can be written, and the shard takes it.
    #[test]
    fn damaged_records_never_break_the_coordinator() {
        let (mut taken, mut refused) = (0, 0);
        for seed in 0..20_000 {
            let mut random = SeededRandom::new(seed);
            let mut shard = ShareShard::new();
            for at in 0..3 {
                let update = random_update(&mut random);
                let key = key();
                let record = match random.below(3) {
                    0 => ShareRecord::Removed { key },
                    1 => ShareRecord::Update { key, update },
                    _ => ShareRecord::Snapshot {
                        key,
                        state: ShareState {
                            snapshot_epoch: update.snapshot_epoch,
                            state_epoch: StateEpoch::ZERO,
                            leader_epoch: LeaderEpoch::ZERO,
                            start_offset: update.start_offset,
                            delivery_complete_count: update.delivery_complete_count,
                            created_at: timestamp(5),
                            written_at: timestamp(6),
                            batches: StateBatches::of(&update.batches),
                        },
                    },
                };
                let mut encoded = encode(&record).unwrap();
                damage(&mut encoded.key, &mut random);
                encoded.value.iter_mut().for_each(|value| damage(value, &mut random));
                let Ok(Decoded::Record(record)) = decoded(&encoded) else {
                    refused += 1;
                    continue;
                };
                let again = decoded(&encode(&record).unwrap());
                assert_eq!(again, Ok(Decoded::Record(record.clone())), "seed {seed}");
                shard.replay(offset(at), &record);
                taken += 1;
            }
        }
        assert!(taken > 10_000 && refused > 10_000, "{taken} taken, {refused} refused");
    }
}
