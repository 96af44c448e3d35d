//! Kafka's small files.

use model::{
    BrokerEpoch, BrokerId, CoordinatorEpoch, DirectoryId, LeaderEpoch, Offset, PartitionIndex,
    ProducerEpoch, ProducerId, SeededRandom, Sequence, Timestamp, TopicId, TopicName,
    TopicPartition, Uuid,
};
use record::crc32c;
use replica::{EpochStart, ProducerSnapshotEntry};
use storage::checkpoint as c;

use crate::target::Verdict;

fn below(random: &mut SeededRandom, bound: u64) -> i64 {
    i64::try_from(random.below(bound)).unwrap_or(0)
}

fn uuid(random: &mut SeededRandom) -> Uuid {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    Uuid::from_bytes(bytes)
}

pub(super) fn offsets_seed(random: &mut SeededRandom) -> Vec<u8> {
    let entry = |_| {
        let topic = TopicName::new(&format!("topic.{}", random.below(9))).ok()?;
        let partition = PartitionIndex::from_wire(i32::try_from(random.below(50)).ok()?)?;
        Some((TopicPartition { topic, partition }, Offset::from_wire(below(random, 1 << 40))?))
    };
    let entries: Vec<_> = (0..6).filter_map(entry).collect();
    c::encode_offsets(entries.iter().map(|(name, offset)| (name, *offset)))
}

pub(super) fn offsets(input: &[u8]) -> Verdict {
    let decoded = c::decode_offsets(input);
    if let Ok(entries) = &decoded {
        let bytes = c::encode_offsets(entries.iter().map(|(name, offset)| (name, *offset)));
        assert_eq!(c::decode_offsets(&bytes), decoded, "its own encoding decodes as another");
    }
    Verdict::of(&decoded)
}

pub(super) fn epochs_seed(random: &mut SeededRandom) -> Vec<u8> {
    let entry = |number: u64| {
        let epoch = LeaderEpoch::from_wire(i32::try_from(number).ok()?)?;
        Some(EpochStart { epoch, start: Offset::from_wire(below(random, 1 << 40))? })
    };
    c::encode_leader_epochs(&(0..5).filter_map(entry).collect::<Vec<_>>())
}

pub(super) fn epochs(input: &[u8]) -> Verdict {
    let decoded = c::decode_leader_epochs(input);
    if let Ok(entries) = &decoded {
        let again = c::decode_leader_epochs(&c::encode_leader_epochs(entries));
        assert_eq!(again, decoded, "its own encoding decodes as another");
        let epochs = replica::LeaderEpochs::from_checkpoint(entries.clone());
        let ascends = epochs.entries().is_sorted_by(|a, b| a.epoch < b.epoch && a.start <= b.start);
        assert!(ascends, "epochs do not ascend: {:?}", epochs.entries());
    }
    Verdict::of(&decoded)
}

pub(super) fn partition_metadata_seed(random: &mut SeededRandom) -> Vec<u8> {
    TopicId::new(uuid(random)).map_or_else(Vec::new, c::encode_partition_metadata)
}

pub(super) fn partition_metadata(input: &[u8]) -> Verdict {
    let decoded = c::decode_partition_metadata(input);
    if let Ok(topic) = decoded {
        let again = c::decode_partition_metadata(&c::encode_partition_metadata(topic));
        assert_eq!(again, decoded, "its own encoding decodes as another");
    }
    Verdict::of(&decoded)
}

pub(super) fn meta_properties_seed(random: &mut SeededRandom) -> Vec<u8> {
    let Some(node_id) = BrokerId::from_wire(i32::try_from(random.below(9)).unwrap_or(0)) else {
        return Vec::new();
    };
    let directory_id = DirectoryId::new(uuid(random)).filter(|_| !random.one_in(4));
    let cluster_id = "a:b=c\\d #!".chars().cycle().take(12).collect();
    c::MetaProperties { cluster_id, node_id, directory_id }.encode()
}

pub(super) fn meta_properties(input: &[u8]) -> Verdict {
    let decoded = c::MetaProperties::decode(input);
    if let Ok(properties) = &decoded {
        let again = c::MetaProperties::decode(&properties.encode());
        assert_eq!(again, decoded, "its own encoding decodes as another");
    }
    Verdict::of(&decoded)
}

pub(super) fn clean_shutdown_seed(random: &mut SeededRandom) -> Vec<u8> {
    let broker_epoch = BrokerEpoch::from_wire(below(random, 1 << 40));
    c::CleanShutdown { broker_epoch }.encode().unwrap_or_default()
}

pub(super) fn clean_shutdown(input: &[u8]) -> Verdict {
    let decoded = c::CleanShutdown::decode(input);
    let again = decoded.encode().map(|bytes| c::CleanShutdown::decode(&bytes));
    assert_eq!(again, Ok(decoded), "its own encoding decodes as another");
    if decoded.broker_epoch.is_some() { Verdict::Taken } else { Verdict::Refused }
}

pub(super) fn producer_snapshot_seed(random: &mut SeededRandom) -> Vec<u8> {
    let entry = |number: i64| {
        Some(ProducerSnapshotEntry {
            id: ProducerId::from_wire(number)?,
            epoch: ProducerEpoch::from_wire(2)?,
            last_sequence: Sequence::from_wire(i32::try_from(random.below(99)).ok()?),
            last_offset: Offset::from_wire(below(random, 1 << 30)),
            offset_delta: 3,
            last_timestamp: Timestamp::from_millis(below(random, 1 << 40)),
            coordinator_epoch: CoordinatorEpoch::from_wire(1),
            transaction_first: Offset::from_wire(below(random, 1 << 30)),
        })
    };
    let entries: Vec<_> = (0..4).filter_map(entry).collect();
    c::encode_producer_snapshot(entries.into_iter())
}

/// The checksum follows the version and covers the rest.
pub(super) fn mend_producer_snapshot(bytes: &mut [u8]) {
    if let Some((head, rest)) = bytes.split_at_mut_checked(6) {
        head[2..].copy_from_slice(&crc32c(rest).to_be_bytes());
    }
}

pub(super) fn producer_snapshot(input: &[u8]) -> Verdict {
    let decoded = c::decode_producer_snapshot(input);
    if let Ok(entries) = &decoded {
        let bytes = c::encode_producer_snapshot(entries.iter().copied());
        assert_eq!(c::decode_producer_snapshot(&bytes), decoded, "decodes as another");
    }
    Verdict::of(&decoded)
}
