use std::time::Duration;

use model::{PartitionId, PartitionIndex};

use super::*;
use crate::assign_directories::AssignDirectories;
use crate::create_topics::{CreateTopics, Layout, NewTopic};
use crate::fixture::{CLUSTER, SESSION, World, broker, id};

fn registration(raw: i32, incarnation: u8) -> RegisterBroker {
    let broker = broker(raw, 0);
    RegisterBroker {
        cluster_id: CLUSTER.to_owned(),
        id: broker.id,
        incarnation: Uuid::from_bytes([incarnation; 16]),
        endpoints: broker.endpoints,
        features: broker.features,
        rack: None,
        log_dirs: broker.log_dirs,
        cordoned_log_dirs: None,
        previous_epoch: None,
    }
}

fn beat(world: &mut World, raw: i32, epoch: BrokerEpoch) -> Result<HeartbeatReply, Refusal> {
    let metadata_end = Some(world.controller.image().end());
    world.reply(&heartbeat(raw, epoch, metadata_end))
}

fn heartbeat(raw: i32, epoch: BrokerEpoch, metadata_end: Option<Offset>) -> BrokerHeartbeat {
    BrokerHeartbeat {
        id: id(raw),
        epoch,
        metadata_end,
        want_fence: false,
        want_shut_down: false,
        offline_log_dirs: vec![],
    }
}

fn with_topic(world: &mut World, replicas: i16) {
    let topics = vec![NewTopic {
        name: "a".to_owned(),
        layout: Layout::Counts { partitions: 1, replicas },
        configs: vec![],
    }];
    assert!(world.reply(&CreateTopics { topics, validate_only: false })[0].1.is_ok());
}

fn leader(world: &World) -> Option<BrokerId> {
    let topic = world.controller.image().topic("a").unwrap();
    topic.partitions.get(&PartitionIndex::ZERO).unwrap().leader
}

#[test]
fn the_epoch_is_the_offset_of_the_registration() {
    let mut world = World::new(0);
    let end = world.controller.image().end().to_wire();
    let epoch = world.reply(&registration(1, 1)).unwrap();
    assert_eq!(epoch.to_wire(), end);
    let registered = world.controller.image().broker(id(1)).unwrap();
    assert!(registered.fenced);
    assert_eq!(registered.epoch, epoch);
}

#[test]
fn a_broker_is_unfenced_once_it_has_read_its_registration() {
    let mut world = World::new(0);
    let epoch = world.reply(&registration(1, 1)).unwrap();
    let behind = Offset::from_wire(epoch.to_wire());
    let reply = world.reply(&heartbeat(1, epoch, behind)).unwrap();
    assert_eq!((reply.caught_up, reply.fenced), (false, true));
    let reply = beat(&mut world, 1, epoch).unwrap();
    assert_eq!((reply.caught_up, reply.fenced), (true, false));
    assert!(world.controller.image().is_active(id(1)));
}

#[test]
fn a_restart_takes_leadership_away_until_the_broker_is_back() {
    let mut world = World::new(0);
    let epoch = world.reply(&registration(1, 1)).unwrap();
    beat(&mut world, 1, epoch).unwrap();
    with_topic(&mut world, 1);
    assert_eq!(leader(&world), Some(id(1)));

    assert_eq!(world.reply(&registration(1, 2)), Err(Refusal::DuplicateBroker(id(1))));
    world.now = world.now.plus(SESSION);
    let second = world.reply(&registration(1, 2)).unwrap();
    assert!(second > epoch);
    assert_eq!(leader(&world), None);
    assert!(matches!(beat(&mut world, 1, epoch), Err(Refusal::StaleBrokerEpoch { .. })));
    beat(&mut world, 1, second).unwrap();
    assert_eq!(leader(&world), Some(id(1)));
}

#[test]
fn the_same_process_keeps_its_epoch_when_it_registers_again() {
    let mut world = World::new(0);
    let epoch = world.reply(&registration(1, 1)).unwrap();
    beat(&mut world, 1, epoch).unwrap();
    assert_eq!(world.reply(&registration(1, 1)), Ok(epoch));
    assert!(world.controller.image().is_active(id(1)));
}

#[test]
fn a_silent_broker_is_fenced_and_another_leads() {
    let mut world = World::new(2);
    with_topic(&mut world, 2);
    let first = leader(&world).unwrap();
    let other = if first == id(1) { 2 } else { 1 };
    let epoch = |raw: i32| BrokerEpoch::from_wire(i64::from(raw)).unwrap();
    world.now = world.now.plus(SESSION - Duration::from_secs(1));
    beat(&mut world, other, epoch(other)).unwrap();
    assert_eq!(world.reply(&FenceSilentBrokers), vec![]);
    world.now = world.now.plus(Duration::from_secs(1));
    assert_eq!(world.reply(&FenceSilentBrokers), vec![first]);
    assert_eq!(leader(&world), Some(id(other)));
    assert_eq!(world.reply(&FenceSilentBrokers), vec![]);
}

#[test]
fn a_stopping_broker_gives_leadership_away_before_it_may_stop() {
    let mut world = World::new(1);
    with_topic(&mut world, 1);
    let epoch = BrokerEpoch::from_wire(1).unwrap();
    let stop = BrokerHeartbeat { want_shut_down: true, ..heartbeat(1, epoch, None) };
    let reply = world.reply(&stop).unwrap();
    assert!(!reply.should_shut_down);
    assert_eq!(leader(&world), None);
    let reply = world.reply(&stop).unwrap();
    assert!(reply.should_shut_down);
    assert!(world.controller.image().broker(id(1)).unwrap().fenced);
}

#[test]
fn a_registration_that_does_not_fit_is_refused() {
    let mut world = World::new(1);
    let mut refusal = |change: &dyn Fn(&mut RegisterBroker)| {
        let mut wanted = registration(2, 2);
        change(&mut wanted);
        world.reply(&wanted).unwrap_err()
    };
    let other = refusal(&|wanted| wanted.cluster_id = "other".to_owned());
    assert!(matches!(other, Refusal::InconsistentClusterId { .. }));
    let old = refusal(&|wanted| {
        wanted.features.insert("metadata.version".to_owned(), FeatureRange { min: 7, max: 32 });
    });
    assert!(matches!(old, Refusal::UnsupportedVersion(_)));
    let invalid = |refusal| assert!(matches!(refusal, Refusal::InvalidRequest(_)));
    invalid(refusal(&|wanted| wanted.endpoints.clear()));
    invalid(refusal(&|wanted| wanted.log_dirs.clear()));
    invalid(refusal(&|wanted| wanted.log_dirs = vec![Uuid::ONE]));
    invalid(refusal(&|wanted| wanted.log_dirs = broker(1, 0).log_dirs));
}

#[test]
fn an_unregistered_broker_is_gone() {
    let mut world = World::new(2);
    with_topic(&mut world, 2);
    assert_eq!(world.reply(&UnregisterBroker { id: id(1) }), Ok(()));
    assert!(world.controller.image().broker(id(1)).is_none());
    assert_eq!(leader(&world), Some(id(2)));
    let again = world.reply(&UnregisterBroker { id: id(1) });
    assert_eq!(again, Err(Refusal::BrokerNotRegistered(id(1))));
}

#[test]
fn a_lost_directory_takes_leadership_of_what_lies_in_it_until_it_is_back() {
    let mut world = World::new(0);
    let two = |incarnation| {
        let mut registration = registration(1, incarnation);
        registration.log_dirs.push(Uuid::from_bytes([200; 16]));
        registration
    };
    let epoch = world.reply(&two(1)).unwrap();
    beat(&mut world, 1, epoch).unwrap();
    with_topic(&mut world, 1);
    let topic = world.controller.image().topic("a").unwrap().id;
    let partition = PartitionId { topic, partition: PartitionIndex::from_wire(0).unwrap() };
    let directory = Uuid::from_bytes([200; 16]);
    let replicas = [(partition, directory)].into();
    world.reply(&AssignDirectories { broker: id(1), epoch, replicas }).unwrap();
    assert_eq!(leader(&world), Some(id(1)));

    let metadata_end = Some(world.controller.image().end());
    let mut lost = heartbeat(1, epoch, metadata_end);
    lost.offline_log_dirs.push(directory);
    world.reply(&lost).unwrap();
    assert_eq!(leader(&world), None);
    assert!(!world.controller.image().broker(id(1)).unwrap().log_dirs.contains(&directory));
    world.reply(&lost).unwrap();

    // Back without it, then with it.
    let mut leave = heartbeat(1, epoch, metadata_end);
    leave.want_shut_down = true;
    for _ in 0..2 {
        world.reply(&leave).unwrap();
    }
    let epoch = world.reply(&registration(1, 2)).unwrap();
    beat(&mut world, 1, epoch).unwrap();
    assert_eq!(leader(&world), None);
    let mut leave = heartbeat(1, epoch, Some(world.controller.image().end()));
    leave.want_shut_down = true;
    for _ in 0..2 {
        world.reply(&leave).unwrap();
    }
    let epoch = world.reply(&two(3)).unwrap();
    beat(&mut world, 1, epoch).unwrap();
    assert_eq!(leader(&world), Some(id(1)));
}
