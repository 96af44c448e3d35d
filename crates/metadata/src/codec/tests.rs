use model::{LeaderEpoch, PartitionEpoch, PartitionIndex};
use proptest::prelude::*;

use super::*;
use crate::broker::{BrokerRegistration, Endpoint, FeatureRange, SecurityProtocol};
use crate::partition::{Partition, PartitionChange, RecoveryState};
use crate::record::BrokerChange;

fn bytes(record: &MetadataRecord, metadata_version: i16) -> Vec<u8> {
    let mut out = Vec::new();
    encode(record, metadata_version, &mut out).unwrap();
    out
}

fn id(raw: i32) -> BrokerId {
    BrokerId::from_wire(raw).unwrap()
}

fn epoch(raw: i64) -> BrokerEpoch {
    BrokerEpoch::from_wire(raw).unwrap()
}

fn topic() -> TopicId {
    TopicId::new(Uuid::from_bytes([5; 16])).unwrap()
}

fn partition() -> Partition {
    Partition {
        replicas: vec![id(1), id(2)],
        directories: vec![Uuid::from_bytes([7; 16]), Uuid::ZERO],
        isr: vec![id(2)],
        removing: vec![id(1)],
        adding: vec![id(2)],
        elr: vec![id(1)],
        last_known_elr: vec![id(2)],
        leader: None,
        recovery: RecoveryState::Recovering,
        leader_epoch: LeaderEpoch::from_wire(3).unwrap(),
        partition_epoch: PartitionEpoch::from_wire(4).unwrap(),
    }
}

fn broker() -> BrokerRegistration {
    BrokerRegistration {
        id: id(1),
        epoch: epoch(16),
        incarnation: Uuid::from_bytes([8; 16]),
        endpoints: vec![Endpoint {
            name: "PLAINTEXT".to_owned(),
            host: "127.0.0.1".to_owned(),
            port: 39392,
            security: SecurityProtocol::SaslSsl,
        }],
        features: [("group.version".to_owned(), FeatureRange { min: 0, max: 1 })].into(),
        rack: Some("r".to_owned()),
        fenced: true,
        in_controlled_shutdown: true,
        log_dirs: vec![Uuid::from_bytes([9; 16])],
        cordoned_log_dirs: Some(vec![]),
    }
}

/// One record of each kind.
fn samples() -> Vec<MetadataRecord> {
    use MetadataRecord as R;
    let text = |text: &str| text.to_owned();
    let change = BrokerChange {
        id: id(1),
        epoch: epoch(2),
        fenced: Some(false),
        enters_controlled_shutdown: true,
        log_dirs: Some(vec![Uuid::ONE]),
        cordoned_log_dirs: None,
    };
    let partition_change = PartitionChange {
        isr: Some(vec![]),
        leader: Some(None),
        replicas: Some(vec![id(1)]),
        removing: Some(vec![]),
        adding: Some(vec![id(1)]),
        recovery: Some(RecoveryState::Recovered),
        directories: Some(vec![Uuid::ONE]),
        elr: Some(vec![id(1)]),
        last_known_elr: Some(vec![id(1)]),
    };
    let user = ScramUser { name: text("u"), mechanism: 2 };
    let index = PartitionIndex::ZERO;
    vec![
        R::RegisterBroker(broker()),
        R::UnregisterBroker { id: id(1), epoch: epoch(2) },
        R::BrokerRegistrationChange(change),
        R::FenceBroker { id: id(1), epoch: epoch(2) },
        R::UnfenceBroker { id: id(1), epoch: epoch(2) },
        R::RegisterController(crate::ControllerRegistration {
            id: id(1),
            incarnation: Uuid::ONE,
            zk_migration_ready: false,
            endpoints: broker().endpoints,
            features: broker().features,
        }),
        R::UnregisterController { id: id(3) },
        R::Topic { name: TopicName::new("a.b").unwrap(), id: topic() },
        R::RemoveTopic { id: topic() },
        R::Partition { topic: topic(), index, partition: partition() },
        R::PartitionChange { topic: topic(), index, change: partition_change },
        R::PartitionChange { topic: topic(), index, change: PartitionChange::default() },
        R::ClearElr { topic: None },
        R::ClearElr { topic: Some(TopicName::new("a").unwrap()) },
        R::Config {
            resource: ConfigResource { kind: ConfigKind::Group, name: text("g") },
            name: text("k"),
            value: None,
        },
        R::FeatureLevel { name: text("metadata.version"), level: 33 },
        R::ProducerIds { broker: None, epoch: None, next: ProducerId::from_wire(9).unwrap() },
        R::ClientQuota { entity: [(text("user"), None)].into(), key: text("k"), value: Some(0.5) },
        R::ClientQuota { entity: [].into(), key: text("k"), value: None },
        R::RemoveAccessControlEntry { id: Uuid::ONE },
        R::UserScramCredential {
            user: user.clone(),
            credential: ScramCredential {
                salt: vec![1],
                stored_key: vec![],
                server_key: vec![3, 4],
                iterations: 4096,
            },
        },
        R::RemoveUserScramCredential { user },
        R::DelegationToken(DelegationToken {
            token_id: text("t"),
            owner: text("o"),
            requester: text("r"),
            renewers: vec![text("n")],
            issued_at: Timestamp::from_millis(1),
            max_at: Timestamp::from_millis(2),
            expires_at: None,
        }),
        R::RemoveDelegationToken { token_id: text("t") },
        R::BeginTransaction { name: Some(text("Bootstrap records")) },
        R::EndTransaction,
        R::AbortTransaction { reason: None },
        R::NoOp,
        R::ZkMigrationState(3),
    ]
}

#[test]
fn every_record_comes_back_equal() {
    for record in samples() {
        assert_eq!(decode(&bytes(&record, 33)), Ok(record));
    }
}

#[test]
fn known_bytes_are_kafkas() {
    let level = MetadataRecord::FeatureLevel { name: "metadata.version".to_owned(), level: 33 };
    let mut expected = vec![1, 12, 0, 17];
    expected.extend_from_slice(b"metadata.version");
    expected.extend_from_slice(&[0, 33, 0]);
    assert_eq!(bytes(&level, 33), expected);
    assert_eq!(bytes(&MetadataRecord::EndTransaction, 33), [1, 24, 0, 0]);
}

#[test]
fn an_older_metadata_version_leaves_out_what_it_cannot_say() {
    let record = MetadataRecord::RegisterBroker(broker());
    let MetadataRecord::RegisterBroker(old) = decode(&bytes(&record, 16)).unwrap() else {
        panic!("another record");
    };
    assert_eq!((old.log_dirs.len(), old.cordoned_log_dirs), (0, None));
    let index = PartitionIndex::ZERO;
    let record = MetadataRecord::Partition { topic: topic(), index, partition: partition() };
    let MetadataRecord::Partition { partition: old, .. } = decode(&bytes(&record, 7)).unwrap()
    else {
        panic!("another record");
    };
    assert!(old.elr.is_empty());
    assert_eq!(old.directories.len(), 2);
    assert_eq!(old.isr, partition().isr);
}

#[test]
fn what_is_not_known_is_an_error_and_not_left_out() {
    assert_eq!(decode(&[2, 12, 0]), Err(CodecError::FrameVersion(2)));
    let unknown = CodecError::UnknownRecord { key: 99, version: 0 };
    assert_eq!(decode(&[1, 99, 0]), Err(unknown));
    assert!(matches!(decode(&[1, 12, 9]), Err(CodecError::Decode(_))));
    let mut longer = bytes(&MetadataRecord::NoOp, 33);
    longer.push(0);
    assert!(matches!(decode(&longer), Err(CodecError::Decode(_))));
}

proptest! {
    #[test]
    fn cut_and_changed_bytes_never_panic(place in 0_usize..400, with in any::<u8>(), cut: bool) {
        for record in samples() {
            let mut bytes = bytes(&record, 33);
            let place = place % bytes.len();
            if cut {
                bytes.truncate(place);
            } else {
                bytes[place] = with;
            }
            let _ = decode(&bytes);
        }
    }
}
