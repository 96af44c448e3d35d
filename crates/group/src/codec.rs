//! Records as they lie in `__consumer_offsets`, in the versions that Apache Kafka 4.4 writes; all that it reads are read.

mod consumer;
mod share;
mod streams;
mod streams_topology;

use std::time::Duration;

use bytes::Bytes;
use model::{LeaderEpoch, Offset, PartitionIndex, ProducerId, Timestamp, TopicId, TopicName};
use wire::frame::{
    decode_coordinator_key, decode_coordinator_value, encode_coordinator_key,
    encode_coordinator_value,
};
use wire::records::group::group_metadata_value::MemberMetadata;
use wire::records::group::{
    GroupKey, GroupMetadataKey, GroupMetadataValue, GroupValue, OffsetCommitKey, OffsetCommitValue,
};
use wire::{AnyRecord, DecodeError, EncodeError};

use crate::{
    CommittedOffset, Generation, GroupId, GroupRecord, InstanceId, MemberId, PartitionKey,
    StoredGroup, StoredMember,
};

/// Kafka stays at 3, although version 4 exists, so that older brokers can read a group.
const GROUP_VALUE_VERSION: i16 = 3;
/// With the topic id as a tagged field.
const OFFSET_VALUE_VERSION: i16 = 4;
/// The only version that can say when the offset expires.
const EXPIRING_OFFSET_VALUE_VERSION: i16 = 1;

/// Key and value of a record; no value deletes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyValue {
    pub key: Vec<u8>,
    pub value: Option<Vec<u8>>,
}

/// What a key and value mean.
#[derive(Clone, Debug, PartialEq)]
pub enum Decoded {
    Record(GroupRecord),
    /// A record of a type that is not known, with its number: it stays in the log, nothing reads it.
    OtherGroupType(i16),
}

/// Why a record cannot be read, or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    #[error(transparent)]
    Decode(#[from] DecodeError),
    #[error(transparent)]
    Encode(#[from] EncodeError),
    #[error("'{0}' cannot be a topic's name")]
    TopicName(String),
    #[error("{0} cannot be a partition's number")]
    Partition(i32),
    #[error("the group id has {0} bytes")]
    GroupId(usize),
    /// Ends of transactions are control batches, not records with a key.
    #[error("the end of a transaction is not a record of its own")]
    TransactionEnd,
    #[error("only Apache Kafka writes records of groups of this type")]
    OtherType,
}

pub fn encode(record: &GroupRecord) -> Result<KeyValue, CodecError> {
    match record {
        GroupRecord::Group { group, state } => {
            key_value(&group_key(group), Some((&group_value(state), GROUP_VALUE_VERSION)))
        }
        GroupRecord::GroupRemoved { group } => key_value(&group_key(group), None),
        GroupRecord::Offset { group, partition, offset, producer: _ } => {
            let version = match offset.expires_at {
                Some(_) => EXPIRING_OFFSET_VALUE_VERSION,
                None => OFFSET_VALUE_VERSION,
            };
            key_value(&offset_key(group, partition), Some((&offset_value(offset), version)))
        }
        GroupRecord::OffsetRemoved { group, partition } => {
            key_value(&offset_key(group, partition), None)
        }
        GroupRecord::Consumer { group, change } => consumer::encode(group, change),
        GroupRecord::Share { group, change } => share::encode(group, change),
        GroupRecord::Streams { group, change } => streams::encode(group, change),
        GroupRecord::TransactionEnded { .. } => Err(CodecError::TransactionEnd),
    }
}

/// `producer` is that of the record's batch if the batch is transactional.
pub fn decode(
    key: &Bytes,
    value: Option<&Bytes>,
    producer: Option<ProducerId>,
) -> Result<Decoded, CodecError> {
    if let Some(number) = other_group_type(key) {
        return Ok(Decoded::OtherGroupType(number));
    }
    let key: GroupKey = decode_coordinator_key(key)?;
    let value =
        value.map(|value| decode_coordinator_value::<GroupValue>(key.key(), value)).transpose()?;
    let value = value.map(|(value, _)| value);
    Ok(match (key, value) {
        (GroupKey::GroupMetadata(key), Some(GroupValue::GroupMetadata(value))) => {
            Decoded::Record(GroupRecord::Group {
                group: group_id(&key.group)?,
                state: stored_group(value),
            })
        }
        (GroupKey::GroupMetadata(key), None) => {
            Decoded::Record(GroupRecord::GroupRemoved { group: group_id(&key.group)? })
        }
        (GroupKey::OffsetCommit(key), value) => {
            let value = match value {
                Some(GroupValue::OffsetCommit(value)) => Some(committed_offset(value)),
                _ => None,
            };
            Decoded::Record(offset_record(&key.group, &key.topic, key.partition, value, producer)?)
        }
        (GroupKey::LegacyOffsetCommit(key), value) => {
            let value = match value {
                Some(GroupValue::LegacyOffsetCommit(value)) => {
                    Some(committed_offset(OffsetCommitValue {
                        offset: value.offset,
                        metadata: value.metadata,
                        commit_timestamp: value.commit_timestamp,
                        ..OffsetCommitValue::default()
                    }))
                }
                _ => None,
            };
            Decoded::Record(offset_record(&key.group, &key.topic, key.partition, value, producer)?)
        }
        (key, value) => {
            let number = key.key();
            let record = match number {
                number if share::NUMBERS.contains(&number) => share::decode(&key, value)?,
                number if streams::NUMBERS.contains(&number) => streams::decode(&key, value)?,
                _ => consumer::decode(&key, value)?,
            };
            record.map_or(Decoded::OtherGroupType(number), Decoded::Record)
        }
    })
}

/// The number of a key that is neither of an offset (0, 1) nor of a classic group (2), a consumer group, a share group or a
/// streams group: newer brokers may know more types than this one, so its body is not even looked at.
fn other_group_type(key: &[u8]) -> Option<i16> {
    let number = i16::from_be_bytes(*key.first_chunk()?);
    let is_known = consumer::NUMBERS.contains(&number)
        || share::NUMBERS.contains(&number)
        || streams::NUMBERS.contains(&number);
    (number > 2 && !is_known).then_some(number)
}

fn key_value(key: &GroupKey, value: Option<(&GroupValue, i16)>) -> Result<KeyValue, CodecError> {
    let mut encoded = KeyValue { key: Vec::new(), value: None };
    encode_coordinator_key(key, &mut encoded.key)?;
    if let Some((value, version)) = value {
        let mut bytes = Vec::new();
        encode_coordinator_value(value, version, &mut bytes)?;
        encoded.value = Some(bytes);
    }
    Ok(encoded)
}

fn group_key(group: &GroupId) -> GroupKey {
    GroupKey::from(GroupMetadataKey { group: group.as_str().to_owned() })
}

fn offset_key(group: &GroupId, partition: &PartitionKey) -> GroupKey {
    GroupKey::from(OffsetCommitKey {
        group: group.as_str().to_owned(),
        topic: partition.topic.as_str().to_owned(),
        partition: partition.partition.to_wire(),
    })
}

fn group_value(state: &StoredGroup) -> GroupValue {
    let member = |member: &StoredMember| MemberMetadata {
        member_id: member.id.as_str().to_owned(),
        group_instance_id: member.instance.as_ref().map(|id| id.as_str().to_owned()),
        client_id: member.client_id.to_string(),
        client_host: member.client_host.to_string(),
        rebalance_timeout: to_millis(member.rebalance_timeout),
        session_timeout: to_millis(member.session_timeout),
        subscription: member.subscription.clone(),
        assignment: member.assignment.clone(),
    };
    GroupValue::from(GroupMetadataValue {
        protocol_type: state.protocol_type.as_deref().unwrap_or_default().to_owned(),
        generation: state.generation.to_wire(),
        protocol: state.protocol.as_deref().map(str::to_owned),
        leader: state.leader.as_ref().map(|id| id.as_str().to_owned()),
        current_state_timestamp: state.state_since.map_or(-1, Timestamp::as_millis),
        members: state.members.iter().map(member).collect(),
    })
}

fn stored_group(value: GroupMetadataValue) -> StoredGroup {
    let member = |member: MemberMetadata| {
        let session_timeout = from_millis(member.session_timeout);
        let rebalance_timeout = match member.rebalance_timeout {
            -1 => session_timeout,
            millis => from_millis(millis),
        };
        Some(StoredMember {
            id: MemberId::new(&member.member_id)?,
            instance: member.group_instance_id.as_deref().map(InstanceId::new),
            client_id: member.client_id.into(),
            client_host: member.client_host.into(),
            rebalance_timeout,
            session_timeout,
            subscription: member.subscription,
            assignment: member.assignment,
        })
    };
    StoredGroup {
        protocol_type: (!value.protocol_type.is_empty()).then(|| value.protocol_type.into()),
        generation: Generation::from_wire(value.generation).unwrap_or_default(),
        protocol: value.protocol.map(Into::into),
        leader: value.leader.as_deref().and_then(MemberId::new),
        state_since: Timestamp::from_millis(value.current_state_timestamp),
        members: value.members.into_iter().filter_map(member).collect(),
    }
}

fn offset_value(offset: &CommittedOffset) -> GroupValue {
    GroupValue::from(OffsetCommitValue {
        offset: offset.offset.map_or(-1, Offset::to_wire),
        leader_epoch: offset.leader_epoch.map_or(-1, LeaderEpoch::to_wire),
        metadata: offset.metadata.to_string(),
        commit_timestamp: offset.committed_at.as_millis(),
        expire_timestamp: offset.expires_at.map_or(-1, Timestamp::as_millis),
        topic_id: offset.topic_id.map_or(model::Uuid::ZERO, TopicId::uuid),
    })
}

fn committed_offset(value: OffsetCommitValue) -> CommittedOffset {
    CommittedOffset {
        offset: Offset::from_wire(value.offset),
        leader_epoch: LeaderEpoch::from_wire(value.leader_epoch),
        metadata: value.metadata.into(),
        // A time before 1970 is as old as 1970 for what it is good for: when to expire.
        committed_at: Timestamp::from_millis(value.commit_timestamp.max(0)).unwrap_or(EPOCH),
        expires_at: Timestamp::from_millis(value.expire_timestamp),
        topic_id: TopicId::new(value.topic_id),
        record_offset: None,
    }
}

const EPOCH: Timestamp = match Timestamp::from_millis(0) {
    Some(epoch) => epoch,
    None => unreachable!(),
};

fn offset_record(
    group: &str,
    topic: &str,
    partition: i32,
    offset: Option<CommittedOffset>,
    producer: Option<ProducerId>,
) -> Result<GroupRecord, CodecError> {
    let topic = TopicName::new(topic).map_err(|_| CodecError::TopicName(topic.to_owned()))?;
    let partition = PartitionIndex::from_wire(partition).ok_or(CodecError::Partition(partition))?;
    let (group, partition) = (group_id(group)?, PartitionKey { topic, partition });
    Ok(match offset {
        Some(offset) => GroupRecord::Offset { group, partition, offset, producer },
        None => GroupRecord::OffsetRemoved { group, partition },
    })
}

fn group_id(text: &str) -> Result<GroupId, CodecError> {
    GroupId::new(text).ok_or(CodecError::GroupId(text.len()))
}

fn to_millis(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis()).unwrap_or(i32::MAX)
}

fn from_millis(millis: i32) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_world::{World, group_id, key, offset};

    fn decoded(encoded: &KeyValue, producer: Option<ProducerId>) -> GroupRecord {
        let key = Bytes::from(encoded.key.clone());
        let value = encoded.value.clone().map(Bytes::from);
        match decode(&key, value.as_ref(), producer).unwrap() {
            Decoded::Record(record) => record,
            other => panic!("{other:?}"),
        }
    }

    fn committed() -> CommittedOffset {
        CommittedOffset {
            offset: Some(offset(42)),
            leader_epoch: LeaderEpoch::from_wire(7),
            metadata: "note".into(),
            committed_at: Timestamp::from_millis(1_700_000_000_000).unwrap(),
            expires_at: None,
            topic_id: TopicId::new(model::Uuid::ONE),
            record_offset: None,
        }
    }

    #[test]
    fn all_that_a_group_writes_reads_back_equal() {
        let mut world = World::new();
        let (ids, generation) = world.stable(2);
        world.commit(Some((&ids[0], generation)), &[(key("orders", 3), 5)]).unwrap();
        world.leave_of(&ids[0]).unwrap();
        world.pass(60_000);
        assert!(world.log.len() >= 3);
        for record in &world.log {
            assert_eq!(&decoded(&encode(record).unwrap(), None), record);
        }
    }

    #[test]
    fn an_offset_is_written_in_version_4_with_its_topic_id_as_a_tagged_field() {
        let record = GroupRecord::Offset {
            group: group_id(),
            partition: key("t", 1),
            offset: committed(),
            producer: None,
        };
        let encoded = encode(&record).unwrap();
        assert_eq!(encoded.key, b"\0\x01\0\x07readers\0\x01t\0\0\0\x01");
        let mut expected = vec![0, 4, 0, 0, 0, 0, 0, 0, 0, 42, 0, 0, 0, 7, 5];
        expected.extend(b"note");
        expected.extend(1_700_000_000_000_i64.to_be_bytes());
        expected.extend([1, 0, 16]);
        expected.extend(model::Uuid::ONE.as_bytes());
        assert_eq!(encoded.value, Some(expected));
        assert_eq!(decoded(&encoded, None), record);
    }

    #[test]
    fn an_offset_with_an_expiry_is_written_in_version_1_which_has_no_epoch_and_no_topic_id() {
        let expires_at = Timestamp::from_millis(1_800_000_000_000);
        let offset = CommittedOffset { expires_at, ..committed() };
        let record = GroupRecord::Offset {
            group: group_id(),
            partition: key("t", 1),
            offset,
            producer: None,
        };
        let encoded = encode(&record).unwrap();
        assert_eq!(encoded.value.as_ref().unwrap()[..2], [0, 1]);
        let GroupRecord::Offset { offset, .. } = decoded(&encoded, None) else { panic!() };
        assert_eq!(
            offset,
            CommittedOffset { leader_epoch: None, topic_id: None, expires_at, ..committed() }
        );
    }

    #[test]
    fn a_group_is_written_in_version_3() {
        let record = GroupRecord::Group { group: group_id(), state: StoredGroup::default() };
        let encoded = encode(&record).unwrap();
        assert_eq!(encoded.key, b"\0\x02\0\x07readers");
        assert_eq!(encoded.value.as_ref().unwrap()[..2], [0, 3]);
        assert_eq!(decoded(&encoded, None), record);
    }

    #[test]
    fn removals_are_keys_without_value() {
        for record in [
            GroupRecord::GroupRemoved { group: group_id() },
            GroupRecord::OffsetRemoved { group: group_id(), partition: key("t", 1) },
        ] {
            let encoded = encode(&record).unwrap();
            assert_eq!(encoded.value, None);
            assert_eq!(decoded(&encoded, None), record);
        }
    }

    #[test]
    fn an_offset_of_a_transaction_knows_its_producer() {
        let producer = ProducerId::from_wire(9);
        let record = GroupRecord::Offset {
            group: group_id(),
            partition: key("t", 1),
            offset: committed(),
            producer,
        };
        assert_eq!(decoded(&encode(&record).unwrap(), producer), record);
    }

    #[test]
    fn records_of_other_group_types_are_told_apart_even_unknown_ones() {
        let unknown = Bytes::from_static(b"\0\x78\0\x01g");
        assert_eq!(decode(&unknown, None, None), Ok(Decoded::OtherGroupType(120)));
    }

    #[test]
    fn damaged_records_are_refused() {
        let bad_topic = Bytes::from_static(b"\0\x01\0\x01g\0\x01/\0\0\0\x01");
        assert_eq!(decode(&bad_topic, None, None), Err(CodecError::TopicName("/".into())));
        let negative = Bytes::from_static(b"\0\x01\0\x01g\0\x01t\xff\xff\xff\xff");
        assert_eq!(decode(&negative, None, None), Err(CodecError::Partition(-1)));
        let cut = Bytes::from_static(b"\0\x02\0\x09g");
        assert!(matches!(decode(&cut, None, None), Err(CodecError::Decode(_))));
    }
}
