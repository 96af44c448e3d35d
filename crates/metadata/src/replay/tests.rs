use std::collections::BTreeMap;

use model::{LeaderEpoch, PartitionEpoch, ProducerId};

use super::*;
use crate::config::ConfigKind;
use crate::partition::RecoveryState;
use crate::security::{
    AccessControlEntry, DelegationToken, IdentifiedEntry, ScramCredential, ScramUser,
};

fn broker(id: i32) -> BrokerId {
    BrokerId::from_wire(id).unwrap()
}

fn epoch(raw: i64) -> BrokerEpoch {
    BrokerEpoch::from_wire(raw).unwrap()
}

fn topic_id(byte: u8) -> TopicId {
    TopicId::new(Uuid::from_bytes([byte; 16])).unwrap()
}

fn topic(name: &str, byte: u8) -> MetadataRecord {
    MetadataRecord::Topic { name: TopicName::new(name).unwrap(), id: topic_id(byte) }
}

fn partition(byte: u8) -> MetadataRecord {
    MetadataRecord::Partition {
        topic: topic_id(byte),
        index: PartitionIndex::ZERO,
        partition: Partition {
            replicas: vec![broker(1)],
            directories: vec![Uuid::ONE],
            isr: vec![broker(1)],
            removing: vec![],
            adding: vec![],
            elr: vec![broker(2)],
            last_known_elr: vec![],
            leader: Some(broker(1)),
            recovery: RecoveryState::Recovered,
            leader_epoch: LeaderEpoch::ZERO,
            partition_epoch: PartitionEpoch::ZERO,
        },
    }
}

fn registration(id: i32, at: i64) -> MetadataRecord {
    MetadataRecord::RegisterBroker(BrokerRegistration {
        id: broker(id),
        epoch: epoch(at),
        incarnation: Uuid::ONE,
        endpoints: vec![],
        features: BTreeMap::new(),
        rack: None,
        fenced: true,
        in_controlled_shutdown: false,
        log_dirs: vec![Uuid::from_bytes([9; 16])],
        cordoned_log_dirs: None,
    })
}

fn config(name: &str, value: Option<&str>) -> MetadataRecord {
    MetadataRecord::Config {
        resource: ConfigResource::topic("a"),
        name: name.to_owned(),
        value: value.map(str::to_owned),
    }
}

fn image(records: &[MetadataRecord]) -> Image {
    let mut image = Image::default();
    for record in records {
        image.replay(record).unwrap();
    }
    image
}

/// One of everything that an image keeps.
fn everything() -> Vec<MetadataRecord> {
    vec![
        MetadataRecord::FeatureLevel { name: "metadata.version".to_owned(), level: 33 },
        MetadataRecord::FeatureLevel { name: "group.version".to_owned(), level: 1 },
        registration(1, 5),
        topic("a", 1),
        partition(1),
        topic("b.c", 2),
        partition(2),
        config("retention.ms", Some("7")),
        MetadataRecord::Config {
            resource: ConfigResource { kind: ConfigKind::Broker, name: String::new() },
            name: "log.retention.ms".to_owned(),
            value: Some("8".to_owned()),
        },
        MetadataRecord::ProducerIds {
            broker: Some(broker(1)),
            epoch: Some(epoch(5)),
            next: ProducerId::from_wire(1000).unwrap(),
        },
        MetadataRecord::ClientQuota {
            entity: [("user".to_owned(), None)].into(),
            key: "producer_byte_rate".to_owned(),
            value: Some(1.5),
        },
        MetadataRecord::AccessControlEntry(IdentifiedEntry {
            id: Uuid::from_bytes([3; 16]),
            entry: AccessControlEntry {
                resource_type: 2,
                resource_name: "a".to_owned(),
                pattern_type: 3,
                principal: "User:x".to_owned(),
                host: "*".to_owned(),
                operation: 3,
                permission_type: 3,
            },
        }),
        MetadataRecord::UserScramCredential {
            user: ScramUser { name: "x".to_owned(), mechanism: 1 },
            credential: ScramCredential {
                salt: vec![1],
                stored_key: vec![2],
                server_key: vec![3],
                iterations: 4096,
            },
        },
        MetadataRecord::DelegationToken(DelegationToken {
            token_id: "t".to_owned(),
            owner: "User:x".to_owned(),
            requester: "User:x".to_owned(),
            renewers: vec![],
            issued_at: None,
            max_at: None,
            expires_at: None,
        }),
    ]
}

#[test]
fn an_image_comes_back_equal_from_its_own_records() {
    let image = image(&everything());
    let records: Vec<_> = image.to_records().collect();
    assert_eq!(records.len(), everything().len());
    let metadata_version = everything().swap_remove(0);
    assert_eq!(records.first(), Some(&metadata_version));
    assert_eq!(self::image(&records), image);
    assert_ne!(self::image(&records[1..]), image);
}

#[test]
fn a_removed_topic_takes_its_settings_along_and_frees_its_name() {
    let mut image = image(&everything());
    assert_eq!(image.config_value(&ConfigResource::topic("a"), "retention.ms"), Some("7"));
    image.replay(&MetadataRecord::RemoveTopic { id: topic_id(1) }).unwrap();
    assert!(image.topic("a").is_none());
    assert!(image.topic_by_id(topic_id(1)).is_none());
    assert!(image.config(&ConfigResource::topic("a")).is_none());
    image.replay(&topic("a", 4)).unwrap();
    assert_eq!(image.topic("a").map(|topic| topic.id), Some(topic_id(4)));
}

#[test]
fn an_older_image_does_not_see_what_came_later() {
    let mut newer = image(&everything());
    let older = newer.clone();
    let change = PartitionChange { leader: Some(None), ..PartitionChange::default() };
    let index = PartitionIndex::ZERO;
    newer.replay(&MetadataRecord::PartitionChange { topic: topic_id(1), index, change }).unwrap();
    newer.replay(&config("retention.ms", None)).unwrap();
    let leader = |image: &Image| image.partition(topic_id(1), index).unwrap().leader;
    assert_eq!((leader(&older), leader(&newer)), (Some(broker(1)), None));
    assert!(older.config(&ConfigResource::topic("a")).is_some());
    assert!(newer.config(&ConfigResource::topic("a")).is_none());
}

#[test]
fn an_aborted_transaction_leaves_nothing_but_the_offset() {
    let mut image = image(&everything());
    let before = image.clone();
    image.replay(&MetadataRecord::BeginTransaction { name: None }).unwrap();
    image.replay(&topic("c", 7)).unwrap();
    assert!(image.is_in_transaction());
    assert!(image.to_records().eq(before.to_records()));
    image.advance_to(Offset::from_wire(9).unwrap());
    image.replay(&MetadataRecord::AbortTransaction { reason: None }).unwrap();
    assert!(image.topic("c").is_none());
    assert_eq!(image.end().to_wire(), 9);
    assert!(!image.is_in_transaction());
}

#[test]
fn an_ended_transaction_keeps_its_records() {
    let mut image = image(&everything());
    image.replay(&MetadataRecord::BeginTransaction { name: None }).unwrap();
    let nested = image.replay(&MetadataRecord::BeginTransaction { name: None });
    assert_eq!(nested, Err(ReplayError::NestedTransaction));
    image.replay(&topic("c", 7)).unwrap();
    image.replay(&MetadataRecord::EndTransaction).unwrap();
    assert!(image.topic("c").is_some());
    assert_eq!(image.replay(&MetadataRecord::EndTransaction), Err(ReplayError::NoTransaction));
}

#[test]
fn records_about_what_does_not_exist_are_refused() {
    let mut image = Image::default();
    let stale = MetadataRecord::UnregisterBroker { id: broker(1), epoch: epoch(4) };
    assert!(image.replay(&stale).is_err());
    image.replay(&registration(1, 5)).unwrap();
    let wrong_epoch = ReplayError::UnknownBroker { id: broker(1), epoch: epoch(4) };
    assert_eq!(image.replay(&stale), Err(wrong_epoch));
    assert_eq!(image.replay(&partition(1)), Err(ReplayError::UnknownTopic(topic_id(1))));
    image.replay(&topic("a", 1)).unwrap();
    assert!(matches!(image.replay(&topic("a", 2)), Err(ReplayError::TopicExists(_))));
    assert!(matches!(image.replay(&topic("b", 1)), Err(ReplayError::TopicIdTaken { .. })));
    let change = PartitionChange::default();
    let index = PartitionIndex::ZERO;
    let unknown = MetadataRecord::PartitionChange { topic: topic_id(1), index, change };
    assert!(matches!(image.replay(&unknown), Err(ReplayError::UnknownPartition { .. })));
}

#[test]
fn a_broker_is_unfenced_and_then_stops() {
    let mut image = image(&[registration(1, 5)]);
    assert!(!image.is_active(broker(1)));
    let mut change = BrokerChange::new(broker(1), epoch(5));
    change.fenced = Some(false);
    image.replay(&MetadataRecord::BrokerRegistrationChange(change.clone())).unwrap();
    assert!(image.is_active(broker(1)));
    change.fenced = None;
    change.enters_controlled_shutdown = true;
    image.replay(&MetadataRecord::BrokerRegistrationChange(change)).unwrap();
    assert!(!image.is_active(broker(1)));
}

#[test]
fn eligible_leader_replicas_are_forgotten_for_one_topic_or_all() {
    let mut image = image(&everything());
    let elr_count = |image: &Image| {
        let partitions = image.topics().flat_map(|topic| topic.partitions.values());
        partitions.filter(|partition| !partition.elr.is_empty()).count()
    };
    assert_eq!(elr_count(&image), 2);
    let name = TopicName::new("a").unwrap();
    image.replay(&MetadataRecord::ClearElr { topic: Some(name) }).unwrap();
    assert_eq!(elr_count(&image), 1);
    image.replay(&MetadataRecord::ClearElr { topic: None }).unwrap();
    assert_eq!(elr_count(&image), 0);
}
