//! What lies in `__cluster_metadata` and its snapshots.

use metadata::{
    BrokerRegistration, ConfigKind, ConfigResource, Endpoint, Image, MetadataRecord, Partition,
    PartitionChange, RecoveryState, SecurityProtocol, codec,
};
use model::{
    BrokerEpoch, BrokerId, LeaderEpoch, PartitionEpoch, PartitionIndex, SeededRandom, TopicId,
    TopicName, Uuid,
};
use raft::codec::{decode_kraft_version, decode_voters};
use raft::{ControlRecord, ReplicaKey, Voter, VoterEndpoint, VoterSet};
use wire::records::metadata as w;
use wire::schema::{find, random_bytes};
use wire::{Message, Record, Writer};

use crate::mutate::size;
use crate::seeds::{choice, prefix};
use crate::target::Verdict;

/// The newest `metadata.version`.
const METADATA_VERSION: i16 = 33;

const fn kind<R: Record + Message>() -> (i16, &'static str) {
    (R::KEY, R::NAME)
}

const KINDS: [(i16, &str); 27] = [
    kind::<w::RegisterBrokerRecord>(),
    kind::<w::UnregisterBrokerRecord>(),
    kind::<w::BrokerRegistrationChangeRecord>(),
    kind::<w::FenceBrokerRecord>(),
    kind::<w::UnfenceBrokerRecord>(),
    kind::<w::RegisterControllerRecord>(),
    kind::<w::UnregisterControllerRecord>(),
    kind::<w::TopicRecord>(),
    kind::<w::RemoveTopicRecord>(),
    kind::<w::PartitionRecord>(),
    kind::<w::PartitionChangeRecord>(),
    kind::<w::ClearElrRecord>(),
    kind::<w::ConfigRecord>(),
    kind::<w::FeatureLevelRecord>(),
    kind::<w::ProducerIdsRecord>(),
    kind::<w::ClientQuotaRecord>(),
    kind::<w::AccessControlEntryRecord>(),
    kind::<w::RemoveAccessControlEntryRecord>(),
    kind::<w::UserScramCredentialRecord>(),
    kind::<w::RemoveUserScramCredentialRecord>(),
    kind::<w::DelegationTokenRecord>(),
    kind::<w::RemoveDelegationTokenRecord>(),
    kind::<w::BeginTransactionRecord>(),
    kind::<w::EndTransactionRecord>(),
    kind::<w::AbortTransactionRecord>(),
    kind::<w::NoOpRecord>(),
    kind::<w::ZkMigrationStateRecord>(),
];

/// A record of random content, or of content that goes with others. Not all random content means something: names have
/// their letters, numbers their bounds. So several are tried.
pub(super) fn record_seed(random: &mut SeededRandom) -> Vec<u8> {
    let mut bytes = Vec::new();
    if random.one_in(3) {
        if let Some(record) = sensible(random) {
            // Every record has bytes in the newest version.
            let _ = codec::encode(&record, METADATA_VERSION, &mut bytes);
        }
        return bytes;
    }
    for _ in 0..60 {
        let Some((key, name)) = KINDS.get(size(random.below(27))) else { continue };
        let Some(schema) = find(name) else { continue };
        let step = size(random.below(schema.versions.iter().count() as u64));
        let version = schema.versions.iter().nth(step).unwrap_or(schema.versions.max);
        bytes = vec![1];
        let mut out = Writer::new(&mut bytes, true);
        out.unsigned_varint(u32::from(key.unsigned_abs()));
        out.unsigned_varint(u32::from(version.unsigned_abs()));
        bytes.extend(random_bytes(schema, version, random));
        if codec::decode(&bytes).is_ok() {
            return bytes;
        }
    }
    let _ = codec::encode(&MetadataRecord::NoOp, METADATA_VERSION, &mut bytes);
    bytes
}

/// A record about one of few brokers and topics.
fn sensible(random: &mut SeededRandom) -> Option<MetadataRecord> {
    use MetadataRecord as R;
    let number = u8::try_from(random.below(3)).ok()?;
    let topic = TopicId::new(Uuid::from_bytes([number + 1; 16]))?;
    let index = PartitionIndex::from_wire(i32::from(number))?;
    let id = BrokerId::from_wire(i32::from(number))?;
    let epoch = BrokerEpoch::from_wire(7)?;
    Some(match random.below(12) {
        0 | 1 => R::Topic { name: TopicName::new(&format!("topic-{number}")).ok()?, id: topic },
        2 | 3 => R::Partition {
            topic,
            index,
            partition: Partition {
                replicas: vec![id],
                directories: vec![Uuid::ONE],
                isr: vec![id],
                removing: vec![],
                adding: vec![],
                elr: vec![],
                last_known_elr: vec![],
                leader: Some(id),
                recovery: RecoveryState::Recovered,
                leader_epoch: LeaderEpoch::ZERO,
                partition_epoch: PartitionEpoch::from_wire(0)?,
            },
        },
        4 => {
            let change = PartitionChange {
                isr: Some(vec![]),
                leader: Some(None),
                ..PartitionChange::default()
            };
            R::PartitionChange { topic, index, change }
        }
        5 => R::RemoveTopic { id: topic },
        6 => R::RegisterBroker(BrokerRegistration {
            id,
            epoch,
            incarnation: Uuid::ONE,
            endpoints: vec![Endpoint {
                name: "PLAINTEXT".to_owned(),
                host: "localhost".to_owned(),
                port: 9092,
                security: SecurityProtocol::Plaintext,
            }],
            features: [].into(),
            rack: None,
            fenced: true,
            in_controlled_shutdown: false,
            log_dirs: vec![Uuid::ONE],
            cordoned_log_dirs: None,
        }),
        7 => R::UnfenceBroker { id, epoch },
        8 => {
            let resource =
                ConfigResource { kind: ConfigKind::Topic, name: format!("topic-{number}") };
            let value = (!random.one_in(4)).then(|| "1".to_owned());
            R::Config { resource, name: "retention.ms".to_owned(), value }
        }
        9 => R::BeginTransaction { name: None },
        10 => R::EndTransaction,
        _ => R::AbortTransaction { reason: None },
    })
}

pub(super) fn record(input: &[u8]) -> Verdict {
    let decoded = codec::decode(input);
    if let Ok(record) = &decoded {
        let mut bytes = Vec::new();
        let encoded = codec::encode(record, METADATA_VERSION, &mut bytes);
        assert!(encoded.is_ok(), "{record:?} was decoded and cannot be encoded: {encoded:?}");
        let again = codec::decode(&bytes);
        // A float of no number differs from itself.
        let (again, first) = (format!("{again:?}"), format!("{decoded:?}"));
        assert_eq!(again, first, "its own encoding decodes as something else");
    }
    Verdict::of(&decoded)
}

/// Records one behind the other, each with its length.
pub(super) fn records_seed(random: &mut SeededRandom) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..=random.below(30) {
        let record = record_seed(random);
        bytes.extend(prefix(record.len()));
        bytes.extend(record);
    }
    bytes
}

pub(super) fn image(input: &[u8]) -> Verdict {
    let mut image = Image::default();
    let mut good = true;
    let mut rest = input;
    while let Some((length, after)) = choice(rest, usize::from(u16::MAX)) {
        let (record, after) = after.split_at(length.min(after.len()));
        rest = after;
        let Ok(record) = codec::decode(record) else {
            good = false;
            continue;
        };
        let before = format!("{image:?}");
        if image.replay(&record).is_err() {
            assert_eq!(before, format!("{image:?}"), "a refused record left something behind");
        }
    }
    let records: Vec<MetadataRecord> = image.to_records().collect();
    let mut again = Image::default();
    for record in &records {
        let mut bytes = Vec::new();
        let encoded = codec::encode(record, METADATA_VERSION, &mut bytes);
        assert!(encoded.is_ok(), "{record:?} of an image cannot be encoded: {encoded:?}");
        let read = codec::decode(&bytes);
        assert!(read.is_ok(), "{record:?} of an image cannot be read: {read:?}");
        let replayed = read.map(|record| again.replay(&record));
        assert!(matches!(replayed, Ok(Ok(()))), "{record:?} of an image cannot be replayed");
    }
    let copied: Vec<MetadataRecord> = again.to_records().collect();
    assert_eq!(format!("{copied:?}"), format!("{records:?}"), "a snapshot becomes another image");
    if good { Verdict::Taken } else { Verdict::Refused }
}

/// Which of the two values, and its bytes.
pub(super) fn voters_seed(random: &mut SeededRandom) -> Vec<u8> {
    if random.one_in(5) {
        return [&prefix(1)[..], &[0, 0, 0, 1, 0]].concat();
    }
    let voters = (0..random.below(4)).filter_map(|number| {
        let number = u8::try_from(number).ok()?;
        let id = BrokerId::from_wire(i32::from(number))?;
        Some(Voter {
            key: ReplicaKey { id, directory: Uuid::from_bytes([number; 16]) },
            endpoints: vec![VoterEndpoint {
                listener: "CONTROLLER".to_owned(),
                host: "localhost".to_owned(),
                port: 9093,
            }],
            kraft_version_min: 0,
            kraft_version_max: 1,
        })
    });
    let record = ControlRecord::Voters(VoterSet::new(voters));
    let value = raft::codec::encode(&record).unwrap_or_default();
    [&prefix(0)[..], &value].concat()
}

pub(super) fn voters(input: &[u8]) -> Verdict {
    let Some((which, value)) = choice(input, 2) else { return Verdict::Refused };
    if which == 1 {
        return Verdict::of(&decode_kraft_version(value));
    }
    let decoded = decode_voters(value);
    if let Ok(voters) = &decoded {
        let bytes = raft::codec::encode(&ControlRecord::Voters(voters.clone()));
        assert!(bytes.is_ok(), "voters were decoded and cannot be encoded: {bytes:?}");
        let again = decode_voters(&bytes.unwrap_or_default());
        assert_eq!(again.as_ref(), Ok(voters), "its own encoding decodes as something else");
    }
    Verdict::of(&decoded)
}
