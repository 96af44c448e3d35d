use super::*;
use crate::fixture::World;

fn counts(name: &str, partitions: i32, replicas: i16) -> NewTopic {
    NewTopic {
        name: name.to_owned(),
        layout: Layout::Counts { partitions, replicas },
        configs: vec![],
    }
}

fn manual(assignments: &[(i32, &[i32])]) -> NewTopic {
    let assignments = assignments.iter().map(|(index, ids)| (*index, ids.to_vec())).collect();
    NewTopic {
        name: "m".to_owned(),
        layout: Layout::Manual { assignments, partitions: -1, replicas: -1 },
        configs: vec![],
    }
}

fn create(world: &mut World, topics: Vec<NewTopic>) -> CreateTopicsReply {
    world.reply(&CreateTopics { topics, validate_only: false })
}

fn create_one(world: &mut World, topic: NewTopic) -> Result<CreatedTopic, Refusal> {
    create(world, vec![topic]).pop().unwrap().1
}

#[test]
fn a_new_topic_is_led_by_its_first_replica_in_epoch_zero() {
    let mut world = World::new(3);
    let created = create_one(&mut world, counts("a", 4, 2)).unwrap();
    assert_eq!((created.partition_count, created.replication_factor), (4, 2));
    let topic = world.controller.image().topic("a").unwrap();
    assert_eq!(topic.id, created.id);
    for partition in topic.partitions.values() {
        assert_eq!(partition.leader, Some(partition.replicas[0]));
        assert_eq!(partition.isr, partition.replicas);
        assert_eq!(partition.leader_epoch, LeaderEpoch::ZERO);
        let directory = world.controller.image().broker(partition.replicas[0]).unwrap().log_dirs[0];
        assert_eq!(partition.directories[0], directory);
    }
}

#[test]
fn minus_one_asks_for_the_defaults() {
    let mut world = World::new(1);
    let created = create_one(&mut world, counts("a", -1, -1)).unwrap();
    assert_eq!((created.partition_count, created.replication_factor), (3, 1));
}

#[test]
fn an_internal_topic_has_no_more_replicas_than_there_are_live_brokers() {
    let mut world = World::new(2);
    let layout = Layout::AtMost { partitions: 50, replicas: 3 };
    let topic = NewTopic { name: "__consumer_offsets".to_owned(), layout, configs: vec![] };
    assert_eq!(create_one(&mut world, topic).unwrap().replication_factor, 2);
}

#[test]
fn each_refusal_has_its_own_kind() {
    let mut world = World::new(1);
    assert!(create_one(&mut world, counts("a.b", 1, 1)).is_ok());
    let mut refusal = |topic| create_one(&mut world, topic).unwrap_err();
    assert!(matches!(refusal(counts("a b", 1, 1)), Refusal::InvalidTopicName(_)));
    assert!(matches!(refusal(counts("a_b", 1, 1)), Refusal::TopicNameCollides { .. }));
    assert!(matches!(refusal(counts("a.b", 1, 1)), Refusal::TopicExists(_)));
    assert!(matches!(refusal(counts("c", 0, 1)), Refusal::InvalidPartitions(_)));
    assert!(matches!(refusal(counts("c", -2, 1)), Refusal::InvalidPartitions(_)));
    assert!(matches!(refusal(counts("c", 1, 0)), Refusal::InvalidReplicationFactor(_)));
    assert!(matches!(refusal(counts("c", 1, 2)), Refusal::InvalidReplicationFactor(_)));
    assert!(matches!(refusal(counts("c", 10_001, 1)), Refusal::PolicyViolation(_)));
    let mut topic = counts("c", 1, 1);
    topic.configs = vec![("retention.ms".to_owned(), None)];
    assert!(matches!(refusal(topic.clone()), Refusal::InvalidConfig(_)));
    topic.configs = vec![("bad".to_owned(), Some("1".to_owned()))];
    assert!(matches!(refusal(topic.clone()), Refusal::InvalidConfig(_)));
    topic.configs = vec![("x".to_owned(), Some("1".repeat(32_768)))];
    assert!(matches!(refusal(topic), Refusal::InvalidConfig(_)));
    assert_eq!(world.controller.image().topic_count(), 1);
}

#[test]
fn manual_assignments_are_checked() {
    let mut world = World::new(2);
    let created = create_one(&mut world, manual(&[(1, &[2]), (0, &[1])])).unwrap();
    assert_eq!((created.partition_count, created.replication_factor), (2, 1));
    let mut world = World::new(2);
    let mut refused = |topic| {
        let refusal = create_one(&mut world, topic).unwrap_err();
        assert!(matches!(refusal, Refusal::InvalidReplicaAssignment(_)), "{refusal:?}");
    };
    refused(manual(&[(0, &[])]));
    refused(manual(&[(0, &[3])]));
    refused(manual(&[(0, &[1, 1])]));
    refused(manual(&[(0, &[1]), (0, &[2])]));
    refused(manual(&[(0, &[1]), (1, &[1, 2])]));
    refused(manual(&[(0, &[1]), (2, &[2])]));
    let layout = Layout::Manual { assignments: vec![(0, vec![1])], partitions: 1, replicas: -1 };
    let topic = NewTopic { name: "c".to_owned(), layout, configs: vec![] };
    assert!(matches!(create_one(&mut world, topic), Err(Refusal::InvalidRequest(_))));
}

#[test]
fn a_name_that_comes_twice_is_refused_once_and_others_are_made() {
    let mut world = World::new(1);
    let reply = create(&mut world, vec![counts("a", 1, 1), counts("b", 1, 1), counts("a", 2, 1)]);
    assert_eq!(reply.len(), 2);
    assert!(matches!(&reply[0], (name, Err(Refusal::InvalidRequest(_))) if name == "a"));
    assert!(matches!(&reply[1], (name, Ok(_)) if name == "b"));
    assert_eq!(world.controller.image().topic_count(), 1);
}

#[test]
fn two_new_names_in_one_request_may_not_collide() {
    let mut world = World::new(1);
    let reply = create(&mut world, vec![counts("a.b", 1, 1), counts("a_b", 1, 1)]);
    assert!(reply[0].1.is_ok());
    assert!(matches!(reply[1].1, Err(Refusal::TopicNameCollides { .. })));
}

#[test]
fn validation_alone_writes_nothing() {
    let mut world = World::new(1);
    let request = CreateTopics { topics: vec![counts("a", 1, 1)], validate_only: true };
    let (reply, records) = world.run(&request);
    assert!(reply[0].1.is_ok());
    assert!(records.is_empty());
}

#[test]
fn an_id_that_a_topic_has_is_not_given_again() {
    let mut world = World::new(1);
    let topics = ["a", "b"].map(|name| {
        world.random = SeededRandom::new(5);
        create(&mut world, vec![counts(name, 1, 1)]).remove(0).1.unwrap().id
    });
    assert_ne!(topics[0], topics[1]);
}

#[test]
fn topic_ids_differ_and_never_begin_with_a_dash() {
    let mut random = SeededRandom::new(5);
    let ids: BTreeSet<TopicId> = (0..2_000).map(|_| random_topic_id(&mut random)).collect();
    assert_eq!(ids.len(), 2_000);
    assert!(ids.iter().all(|id| !id.to_string().starts_with('-')));
}
